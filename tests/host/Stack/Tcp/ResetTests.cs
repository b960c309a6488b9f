// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>The end of a connection by force, and what only looks like it (RFC 9293 sections 3.5.2 and 3.5.3, RFC 5961).</summary>
public sealed class ResetTests : StackTest
{
    public static TheoryData<TcpState> SynchronizedStates() =>
        [TcpState.Established, TcpState.FinWait1, TcpState.FinWait2, TcpState.CloseWait, TcpState.Closing, TcpState.LastAck];

    [Theory]
    [MemberData(nameof(SynchronizedStates))]
    public void G10_X54_only_the_exact_number_resets(TcpState state)
    {
        (TestNetwork net, TcpPeer peer, int socket) = In(state);
        long next = peer.SndNxt;
        foreach (long offset in new long[] { -100000, -2920, -1, 2920, 2921, 100000, 0x7FFFFFFF })
        {
            peer.Send("R", seq: next + offset);
            peer.ExpectNothing();
            Assert.Equal(state, net.Sockets.GetState(socket));
        }

        foreach (long offset in new long[] { 1, 2, 100 })
        {
            net.Advance(600);
            peer.TakeAll();
            peer.Send("R", seq: next + offset);
            peer.Expect("A", ack: next, len: 0);
            Assert.Equal(state, net.Sockets.GetState(socket));
        }

        peer.Send("R", seq: next);
        peer.ExpectNothing();
        Assert.Equal(TcpState.Closed, net.Sockets.GetState(socket));
        Assert.Equal(SocketError.ConnectionReset, net.Sockets.GetError(socket));
    }

    [Theory]
    [MemberData(nameof(SynchronizedStates))]
    public void G11_X55_a_SYN_is_challenged_wherever_it_lies(TcpState state)
    {
        (TestNetwork net, TcpPeer peer, int socket) = In(state);
        long next = peer.SndNxt;
        foreach (string flags in new[] { "S", "SA" })
        {
            foreach (long offset in new long[] { -100000, -5, -1, 0, 1, 1000, 2919, 2920, 100000, 0x7FFFFFFF })
            {
                net.Advance(600);
                peer.TakeAll();
                peer.Send(flags, seq: next + offset);
                Assert.Contains(peer.TakeAll(), s => s.FlagText == "A" && s.AckNumber == peer.Iss + next);
                Assert.Equal(state, net.Sockets.GetState(socket));
            }
        }
    }

    [Fact]
    public void G11_a_SYN_with_text_is_challenged_and_its_text_not_taken()
    {
        (TestNetwork net, TcpPeer peer, int socket) = In(TcpState.Established);
        peer.Send("SA", seq: 0, text: "evil");
        peer.Expect("A", ack: 1);
        Assert.Equal((int)SocketError.WouldBlock, net.ReadResult(socket));
    }

    [Fact]
    public void G12_X56_challenges_are_limited_and_text_is_still_acknowledged()
    {
        (TestNetwork net, TcpPeer peer, int socket) = In(TcpState.Established);
        for (int i = 0; i < 1000; i++)
        {
            peer.Send("A", seq: 1, ack: 5000);
            net.Advance(1);
        }

        Assert.InRange(peer.TakeAll().Count, 1, 3);
        peer.Send("PA", seq: 1, text: "x");
        peer.Send("PA", seq: 1, text: "x");
        peer.Expect("A", ack: 2);
    }

    [Fact]
    public void G14_close_with_unread_text_resets()
    {
        (TestNetwork net, TcpPeer peer, int socket) = In(TcpState.Established);
        peer.Send("PA", text: "unread");
        net.Sockets.Close(socket);
        peer.Expect("RA", seq: 1, ack: 7);
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
    }

    [Fact]
    public void G14_close_with_unread_text_resets_in_CLOSE_WAIT_too()
    {
        (TestNetwork net, TcpPeer peer, int socket) = In(TcpState.Established);
        peer.Send("FPA", text: "unread");
        peer.Expect("A");
        net.Sockets.Close(socket);
        peer.Expect("RA", seq: 1, ack: 8);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void G15_text_after_close_is_reset(bool acknowledged)
    {
        (TestNetwork net, TcpPeer peer, int socket) = In(TcpState.Established);
        net.Sockets.Close(socket);
        peer.Expect("FA", seq: 1);
        peer.Send("PA", ack: acknowledged ? 2 : 1, text: "anybody there?");
        peer.Expect("RA", seq: 2);
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
    }

    [Theory]
    [InlineData(TcpState.Established, true)]
    [InlineData(TcpState.FinWait1, true)]
    [InlineData(TcpState.FinWait2, true)]
    [InlineData(TcpState.CloseWait, true)]
    [InlineData(TcpState.Closing, false)]
    [InlineData(TcpState.LastAck, false)]
    [InlineData(TcpState.TimeWait, false)]
    public void G16_abort_sends_a_reset_where_the_peer_must_be_told(TcpState state, bool told)
    {
        (TestNetwork net, TcpPeer peer, int socket) = In(state);
        Assert.Equal(0, net.Sockets.Abort(socket));
        if (told)
        {
            peer.Expect("RA", seq: state is TcpState.FinWait1 or TcpState.FinWait2 ? 2 : 1);
        }

        peer.ExpectNothing();
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Abort(socket));
    }

    [Fact]
    public void G16_abort_in_SYN_SENT_is_silent_and_the_late_SYNACK_is_reset()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        TcpPeer peer = net.Peer(stackPort: 0, port: 7);
        net.Sockets.Connect(socket, net.Client.Ip, 7);
        peer.Expect("S");
        net.Sockets.Abort(socket);
        peer.ExpectNothing();
        peer.Send("SA");
        peer.Expect("R", seq: 1);
    }

    [Fact]
    public void G19_a_reset_behind_a_FIN_is_not_taken_for_the_end_of_what_it_took_away()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        peer.Send("FPA", text: "never read");
        peer.Send("R");
        Assert.Equal((int)SocketError.ConnectionReset, net.ReadResult(socket));
        Assert.Equal((int)SocketError.ConnectionReset, net.ReadResult(socket));
    }

    [Fact]
    public void G19_the_application_learns_whether_the_end_was_orderly()
    {
        (TestNetwork net, TcpPeer peer, int socket) = In(TcpState.Established);
        peer.Send("PA", text: "lost");
        peer.Send("R");
        Assert.Equal((int)SocketError.ConnectionReset, net.ReadResult(socket));
        Assert.Equal((int)SocketError.ConnectionReset, net.Sockets.Write(socket, new byte[1], 0, 1));
        Assert.Equal((int)SocketError.ConnectionReset, net.Sockets.Shutdown(socket));

        (net, peer, socket) = In(TcpState.LastAck);
        peer.Send("A", ack: 2);
        Assert.Equal(TcpState.Closed, net.Sockets.GetState(socket));
        Assert.Equal(SocketError.Success, net.Sockets.GetError(socket));
        Assert.Equal(0, net.ReadResult(socket));
    }

    [Fact]
    public void X52_SYN_SYNACK_RST_does_not_use_up_the_backlog()
    {
        TestNetwork net = Begin();
        int listener = net.Listen(backlog: 2);
        for (int i = 0; i < 50; i++)
        {
            TcpPeer peer = net.Peer(port: 41000 + i);
            peer.Send("S");
            peer.Expect("SA");
            peer.Send(i % 2 == 0 ? "R" : "RA", seq: 1);
        }

        net.Peer(port: 40000).OpenTo(listener);
    }

    [Fact]
    public void A_peer_that_has_restarted_gets_rid_of_the_old_connection_by_way_of_the_challenge()
    {
        (TestNetwork net, TcpPeer peer, int socket) = In(TcpState.Established);
        TcpPeer reborn = net.Peer(iss: 900000000);
        reborn.Send("S", mss: 1460);
        SeenFrame challenge = reborn.Expect("A");
        Assert.Equal(peer.Iss + 1, challenge.AckNumber);

        // it answers what it does not know with RST seq=SEG.ACK (section 3.5.1, figure 9)
        peer.Send("R", seq: 1);
        Assert.Equal(SocketError.ConnectionReset, net.Sockets.GetError(socket));
        reborn.Send("S", seq: 0, mss: 1460);
        reborn.Expect("SA", ack: 1);
    }

    private (TestNetwork Net, TcpPeer Peer, int Socket) In(TcpState state)
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        if (state is TcpState.CloseWait or TcpState.LastAck)
        {
            peer.Send("FA");
            peer.Expect("A", ack: 2);
        }

        if (state is not TcpState.Established and not TcpState.CloseWait)
        {
            net.Sockets.Shutdown(socket);
            peer.Expect("FA", seq: 1);
        }

        switch (state)
        {
            case TcpState.FinWait2:
                peer.Send("A", ack: 2);
                break;
            case TcpState.Closing:
                peer.Send("FA", ack: 1);
                peer.Expect("A");
                break;
            case TcpState.TimeWait:
                peer.Send("FA", ack: 2);
                peer.Expect("A");
                break;
        }

        if (state is TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck)
        {
            peer.RcvNxt = 1;
        }

        Assert.Equal(state, net.Sockets.GetState(socket));
        return (net, peer, socket);
    }
}
