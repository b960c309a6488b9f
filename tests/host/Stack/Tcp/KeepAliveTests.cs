// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Sockets;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>Keep-alive: RFC 9293 section 3.8.4.</summary>
public sealed class KeepAliveTests : StackTest
{
    private const int Hour = 3_600_000;

    [Fact]
    public void F30_off_by_default_a_silent_connection_stays_for_days()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Advance(24 * Hour);
        peer.ExpectNothing();
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void F30_after_two_hours_of_silence_a_probe_of_the_last_number_and_nothing_else()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        Assert.Equal(0, net.Sockets.SetKeepAlive(socket, SocketLayer.DefaultKeepAlive));
        net.Advance((2 * Hour) - 1);
        peer.ExpectNothing();
        net.Advance(1);
        peer.Expect("A", seq: 0, ack: 1, len: 0);

        // the answer puts it off for as long again
        peer.Send("A");
        net.Advance((2 * Hour) - 1);
        peer.ExpectNothing();
        net.Advance(1);
        peer.Expect("A", seq: 0, ack: 1, len: 0);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void F30_a_peer_that_answers_none_of_nine_probes_is_gone()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Sockets.SetKeepAlive(socket, 10_000);
        net.Advance(10_000);
        peer.Expect("A", seq: 0, ack: 1, len: 0);
        for (int probe = 2; probe <= 9; probe++)
        {
            net.Advance(74_999);
            peer.ExpectNothing();
            net.Advance(1);
            peer.Expect("A", seq: 0, ack: 1, len: 0);
        }

        net.Advance(74_999);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        net.Advance(1);
        Assert.Equal(SocketError.TimedOut, net.Sockets.GetError(socket));
        Assert.Equal(9u, net.Stack.Tcp.Counters.KeepAliveProbes);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void F30_nothing_is_probed_while_something_is_under_way()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Sockets.SetKeepAlive(socket, 1_000);
        net.Write(socket, "x");
        peer.Expect("PA", seq: 1, text: "x");
        net.Advance(1_500);

        // the repetition of what is under way, not a probe
        peer.Expect("PA", seq: 1, text: "x");
        peer.ExpectNothing();
        Assert.Equal(0u, net.Stack.Tcp.Counters.KeepAliveProbes);
        peer.Send("A");
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void F31_a_probe_from_the_peer_is_answered_and_its_byte_not_delivered()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("A", seq: 0);
        peer.Expect("A", seq: 1, ack: 1);
        net.Advance(1000);
        peer.Send("A", seq: 0, length: 1);
        peer.Expect("A", seq: 1, ack: 1);
        Assert.Equal((int)SocketError.WouldBlock, net.ReadResult(socket));
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void SetKeepAlive_says_what_is_wrong()
    {
        (TestNetwork net, TcpPeer _, int socket) = Open();
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SetKeepAlive(socket, 999));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SetKeepAlive(socket, -1));
        Assert.Equal(0, net.Sockets.SetKeepAlive(socket, 0));
        net.Sockets.Abort(socket);
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.SetKeepAlive(socket, 1000));
    }

    private (TestNetwork Net, TcpPeer Peer, int Socket) Open()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        return (net, peer, peer.OpenTo(net.Listen()));
    }

    [Fact]
    public void F30_an_answer_forgives_all_probes_before_it()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Sockets.SetKeepAlive(socket, 10_000);
        for (int round = 0; round < 2; round++)
        {
            net.Advance(10_000 + (5 * 75_000));
            Assert.Equal(6, peer.TakeAll().Count);
            peer.Send("A");
        }

        net.Advance(10_000 + (9 * 75_000) - 1);
        Assert.Equal(9, peer.TakeAll().Count);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        net.Advance(1);
        Assert.Equal(SocketError.TimedOut, net.Sockets.GetError(socket));
        net.Sockets.Close(socket);
    }
}
