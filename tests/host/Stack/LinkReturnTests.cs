// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack;

/// <summary>A cable is pulled and put back: what waits goes on at once, not when a timer that was backed off in vain expires.</summary>
public sealed class LinkReturnTests : StackTest
{
    [Theory]
    [InlineData(100)]
    [InlineData(3000)]
    [InlineData(20_000)]
    [InlineData(90_000)]
    public void A_transfer_goes_on_at_once(int milliseconds)
    {
        TestNetwork net = Begin();
        (TcpPeer peer, int socket) = Transfer(net);
        Down(net, milliseconds, peer);
        Assert.InRange(Until(net, () => peer.TakeAll().Any(s => s.Text.Length > 0)), 0, 10);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void The_next_repetition_after_the_first_comes_as_if_no_other_had_been()
    {
        TestNetwork net = Begin();
        (TcpPeer peer, int socket) = Transfer(net);
        Down(net, 60_000, peer);
        Until(net, () => peer.TakeAll().Any(s => s.Text.Length > 0));

        // what came of the timeouts without a link is forgotten; that of this one is not (RFC 6298 section 5.5)
        Assert.InRange(Until(net, () => peer.TakeAll().Any(s => s.Text.Length > 0)), 1500, 2100);
        Assert.InRange(Until(net, () => peer.TakeAll().Any(s => s.Text.Length > 0)), 3500, 4100);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void A_SYN_of_ours_goes_out_again_at_once()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer(stackPort: 0, port: 7);
        int socket = net.Sockets.Socket();
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, net.Client.Ip, 7));
        net.Poll();
        Down(net, 40_000, peer);
        Assert.InRange(Until(net, () => peer.TakeAll().Any(s => s.Flags == SeenFrame.Syn)), 0, 10);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void The_answer_to_a_SYN_goes_out_again_at_once()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        peer.Send("S", mss: 1460);
        peer.Expect("SA");
        Down(net, 25_000, peer);
        Assert.InRange(Until(net, () => peer.TakeAll().Any(s => s.Flags == (SeenFrame.Syn | SeenFrame.Ack))), 0, 10);
        Assert.InRange(Until(net, () => peer.TakeAll().Any(s => s.Flags == (SeenFrame.Syn | SeenFrame.Ack))), 1500, 2100);
        net.Sockets.Close(listener);
    }

    [Fact]
    public void A_closed_window_is_probed_at_once()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(listener);
        peer.Send("A", win: 0);
        net.Write(socket, new byte[100]);
        net.Advance(20_000);
        Down(net, 20_000, peer);
        Assert.InRange(Until(net, () => peer.TakeAll().Count > 0), 0, 10);
        Assert.InRange(Until(net, () => peer.TakeAll().Count > 0), 1000, 2600);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void A_FIN_goes_out_again_at_once()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(listener);
        net.Sockets.Close(socket);
        net.Poll();
        Down(net, 20_000, peer);
        Assert.InRange(Until(net, () => peer.TakeAll().Any(s => (s.Flags & SeenFrame.Fin) != 0)), 0, 10);
        peer.Send("RA");
    }

    [Fact]
    public void An_address_that_is_asked_for_anew_is_waited_for_and_then_it_goes_on_at_once()
    {
        TestNetwork net = Begin(configure: c => c.ProbeAddress = true);
        net.Advance(20_000);
        (TcpPeer peer, int socket) = Transfer(net);
        Down(net, 40_000, peer);
        Until(net, () => net.Stack.IPv4.Address != 0);
        Assert.True(net.Stack.NeedsPoll);
        Assert.InRange(Until(net, () => peer.TakeAll().Any(s => s.Text.Length > 0)), 0, 10);

        // nothing was tried while there was none
        Assert.Equal(0u, net.Stack.IPv4.Counters.NoRoute);
        net.Sockets.Abort(socket);
    }

    private static (TcpPeer Peer, int Socket) Transfer(TestNetwork net)
    {
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(listener);
        net.Write(socket, new byte[100]);
        net.Poll();
        SeenFrame first = Assert.Single(peer.TakeAll());
        peer.RcvNxt += first.Text.Length;
        peer.Send("A");
        net.Write(socket, new byte[1000]);
        net.Poll();
        peer.TakeAll();
        return (peer, socket);
    }

    private static void Down(TestNetwork net, int milliseconds, TcpPeer peer)
    {
        net.Interface.IsLinkUp = false;
        net.Advance(milliseconds);
        peer.TakeAll();
        net.Interface.IsLinkUp = true;
        net.Poll();
    }

    private static int Until(TestNetwork net, Func<bool> seen)
    {
        int start = net.Now;
        while (!seen())
        {
            Assert.True(net.Now - start < 150_000, "never");
            net.Advance(5);
        }

        return net.Now - start;
    }
}
