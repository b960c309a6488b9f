// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>What a segment does that arrives between two calls, and what it does to a connection that nobody has accepted.</summary>
public sealed class InputTests : StackTest
{
    [Theory]
    [InlineData(TailLossProbe.Open | TailLossProbe.Untimed)]
    [InlineData(TailLossProbe.Untimed)]
    public void With_our_window_closed_the_answer_to_a_probe_still_ends_it_MUST66(int probe)
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.InUse && b.RemotePort == peer.Port);
        net.Write(socket, "text");
        peer.Expect("PA");
        block.TailProbe = probe;
        block.TailProbeEnd = block.SndMax;
        block.RcvEdge = block.RcvNxt;
        uint told = block.SndUna;
        net.Interface.Deliver(peer.Build("PA", ack: 5, length: 10));
        net.Stack.Poll(net.Now);
        Assert.Equal((told + 4, 0), (block.SndUna, block.TailProbe & TailLossProbe.Open));
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void Text_and_acknowledgments_move_a_connection_on_that_nobody_has_accepted()
    {
        TestNetwork net = Begin();
        net.Listen();
        TcpPeer peer = net.Peer();
        peer.Handshake();
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.InUse && b.RemotePort == peer.Port);
        net.Advance(1000);
        peer.Send("PA", text: "text");
        Assert.Equal((net.Now, net.Now - 1000), (block.ProgressAt, block.AloneSince));
        net.Advance(1000);
        peer.Send("A");
        Assert.Equal((net.Now - 1000, net.Now - 2000), (block.ProgressAt, block.AloneSince));
    }

    [Fact]
    public void An_acknowledgment_of_what_is_left_moves_a_connection_on_that_nobody_holds_any_more()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.InUse && b.RemotePort == peer.Port);
        net.Write(socket, "text");
        net.Sockets.Close(socket);
        net.Poll();
        net.Advance(500);
        peer.TakeAll();
        peer.Send("A", ack: 3);
        Assert.Equal((net.Now, net.Now - 500), (block.ProgressAt, block.AloneSince));
        net.Advance(100);
        peer.Send("A", ack: 3);
        Assert.Equal((net.Now - 100, net.Now - 600), (block.ProgressAt, block.AloneSince));
    }
}
