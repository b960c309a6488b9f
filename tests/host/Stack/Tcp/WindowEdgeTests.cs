// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>Segments that stand at the edges of the window, or reach over them.</summary>
public sealed class WindowEdgeTests : StackTest
{
    [Fact]
    public void F5_an_acknowledgment_behind_lost_text_that_filled_the_window_is_heard()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        net.Write(socket, new byte[500]);
        net.Poll();
        peer.TakeAll();
        peer.Send("A", seq: 1 + net.Configuration.TcpReceiveWindow, ack: 501);
        Assert.Equal(0u, net.Stack.Tcp.Counters.Unacceptable);
        Assert.Equal(0, net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port).SendQueue.Count);

        // a byte further it is none of ours
        peer.Send("A", seq: 2 + net.Configuration.TcpReceiveWindow, ack: 501);
        Assert.Equal(1u, net.Stack.Tcp.Counters.Unacceptable);
    }

    [Fact]
    public void F4_a_segment_that_begins_before_the_window_and_ends_behind_it_is_taken()
    {
        TestNetwork net = Begin(configure: c => c.TcpReceiveWindow = 700);
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        peer.Send("PA", length: 100);
        peer.Send("PAF", seq: 91, length: 620);
        Assert.Equal(Wire.PatternBytes(1, 700), net.Read(socket));
        Assert.Equal((int)SocketError.WouldBlock, net.ReadResult(socket));
        net.Poll();
        peer.SndNxt = 701;
        peer.Send("PAF", length: 10);
        Assert.Equal(Wire.PatternBytes(701, 10), net.Read(socket));
        Assert.Equal(0, net.ReadResult(socket));
    }

    [Fact]
    public void A_FIN_in_the_middle_of_text_that_came_early_is_no_FIN()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        peer.Send("PA", seq: 2, length: 3);
        peer.Send("FPA", seq: 1, length: 1);
        Invariants.Check(net.Stack, net.Configuration);
        Assert.Equal(Wire.PatternBytes(1, 4), net.Read(socket));
        Assert.Equal((int)SocketError.WouldBlock, net.ReadResult(socket));
        peer.SndNxt = 5;
        peer.Send("FPA", length: 2);
        Assert.Equal(Wire.PatternBytes(5, 2), net.Read(socket));
        Assert.Equal(0, net.ReadResult(socket));
    }

    [Fact]
    public void A_FIN_that_text_has_passed_is_forgotten_for_its_number_comes_again()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port);
        peer.Send("FPA", seq: 3, length: 2);
        Assert.True(block.EarlyFin);
        peer.Send("PA", seq: 1, length: 3);
        Assert.False(block.EarlyFin);
        Assert.Equal(TcpState.CloseWait, block.State);

        peer = net.Peer(81, 40001);
        int second = peer.OpenTo(net.Listen(81));
        block = net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port);
        peer.Send("FPA", seq: 3, length: 2);
        peer.Send("PA", seq: 1, length: 10);
        Assert.False(block.EarlyFin);
        Assert.Equal(TcpState.Established, block.State);
        Assert.Equal(4, net.Read(socket).Length);
        Assert.Equal(10, net.Read(second).Length);
    }
}
