// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Frames;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>The end of a connection, orderly: FIN both ways, half-close, TIME-WAIT (RFC 9293 sections 3.6 and 3.10.4).</summary>
public sealed class ClosingTests : StackTest
{
    [Theory, BothOrders]
    public void G1_G3_G4_we_close_first_and_the_block_waits(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        net.Write(socket, "bye");
        Assert.Equal(0, net.Sockets.Shutdown(socket));
        peer.Expect("FPA", seq: 1, ack: 1, text: "bye");
        Assert.Equal(TcpState.FinWait1, net.Sockets.GetState(socket));
        peer.Send("A");
        Assert.Equal(TcpState.FinWait2, net.Sockets.GetState(socket));
        peer.Send("PA", text: "me too");
        Assert.Equal("me too"u8.ToArray(), net.Read(socket));
        peer.Send("FA");
        peer.Expect("A", seq: 5, ack: 1 + 6 + 1);
        Assert.Equal(TcpState.TimeWait, net.Sockets.GetState(socket));
        Assert.Equal(0, net.ReadResult(socket));
        Assert.Equal(SocketError.Success, net.Sockets.GetError(socket));
        net.Sockets.Close(socket);
        net.Advance(59000);
        Assert.Equal(2, net.Stack.Tcp.BlocksInUse);
        net.Advance(1000);
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
    }

    [Theory, BothOrders]
    public void G2_G5_the_peer_closes_first_and_all_is_read_before_the_end(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        peer.Send("FPA", text: "last words");
        peer.Expect("A", ack: 1 + 10 + 1);
        Assert.Equal(TcpState.CloseWait, net.Sockets.GetState(socket));
        Assert.Equal("last words"u8.ToArray(), net.Read(socket));
        Assert.Equal(0, net.ReadResult(socket));

        // G17: our direction is still open
        net.Write(socket, "still here");
        peer.Expect("PA", seq: 1, text: "still here");
        peer.Send("A");
        net.Sockets.Close(socket);
        peer.Expect("FA", seq: 11, ack: 12);
        peer.Send("A");
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
        peer.ExpectNothing();
    }

    [Fact]
    public void Text_that_came_early_and_lies_behind_the_FIN_is_not_kept()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        peer.Send("PA", seq: 50, length: 20);
        peer.Send("FA", seq: 1);
        Assert.Equal(TcpState.CloseWait, net.Sockets.GetState(socket));
        Invariants.Check(net.Stack, net.Configuration);
        Assert.Equal(0, net.ReadResult(socket));
    }

    [Fact]
    public void G2_a_FIN_out_of_order_waits_for_the_hole()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("FPA", seq: 4, text: "def");
        peer.Expect("A", ack: 1);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        peer.Send("PA", seq: 1, text: "abc");
        peer.Send("FPA", seq: 4, text: "def");
        Assert.Equal("abcdef"u8.ToArray(), net.Read(socket));
        Assert.Equal(0, net.ReadResult(socket));
        Assert.Equal(TcpState.CloseWait, net.Sockets.GetState(socket));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void G3_G5_simultaneous_close_goes_through_CLOSING(bool text)
    {
        // G22: with text in both FINs both arrive
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        if (text)
        {
            net.Write(socket, "ours");
        }

        net.Sockets.Shutdown(socket);
        int length = text ? 4 : 0;
        peer.Expect("FA", seq: 1, len: length);
        peer.Send("FPA", ack: 1, text: text ? "yours" : string.Empty);
        Assert.Equal(TcpState.Closing, net.Sockets.GetState(socket));
        peer.Expect("A", seq: 2 + length, ack: text ? 7 : 2);
        peer.Send("A", ack: 2 + length);
        Assert.Equal(TcpState.TimeWait, net.Sockets.GetState(socket));
        Assert.Equal(text ? "yours" : string.Empty, System.Text.Encoding.Latin1.GetString(net.Read(socket)));
        Assert.Equal(0, net.ReadResult(socket));
    }

    [Fact]
    public void G3_FIN_that_also_acknowledges_our_FIN_goes_straight_to_TIME_WAIT()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Sockets.Shutdown(socket);
        peer.Expect("FA", seq: 1);
        peer.Send("FA", ack: 2);
        peer.Expect("A", seq: 2, ack: 2);
        Assert.Equal(TcpState.TimeWait, net.Sockets.GetState(socket));
    }

    [Fact]
    public void G1_the_FIN_is_repeated_with_its_own_number()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Sockets.Close(socket);
        int start = peer.Expect("FA", seq: 1).Time;
        net.Advance(7000);
        List<SeenFrame> again = peer.TakeAll();
        Assert.Equal([1000, 3000, 7000], again.Select(f => f.Time - start));
        Assert.All(again, f => Assert.True(f.FlagText == "FA" && f.Seq == peer.StackIss + 1));
        peer.Send("A", ack: 2);
        peer.Send("FA", ack: 2);
        peer.Expect("A", seq: 2, ack: 2);
    }

    [Fact]
    public void G5_in_LAST_ACK_a_FIN_nobody_acknowledges_times_out()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("FA");
        peer.Expect("A");
        net.Sockets.Close(socket);
        net.Advance(200000);
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
        Assert.InRange(peer.TakeAll().Count, 5, 10);
    }

    [Fact]
    public void G6_a_repeated_FIN_in_TIME_WAIT_is_acknowledged_and_the_wait_begins_anew()
    {
        (TestNetwork net, TcpPeer peer) = InTimeWait();
        net.Advance(40000);
        peer.Send("FA", seq: 1, ack: 2);
        peer.Expect("A", seq: 2, ack: 2);
        net.Advance(40000);
        Assert.Equal(2, net.Stack.Tcp.BlocksInUse);
        net.Advance(20000);
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
    }

    [Fact]
    public void X64_1000_repeated_FINs_in_TIME_WAIT_get_few_answers()
    {
        (TestNetwork net, TcpPeer peer) = InTimeWait();
        for (int i = 0; i < 1000; i++)
        {
            peer.Send("FA", seq: 1, ack: 2);
            net.Advance(1);
        }

        Assert.InRange(peer.TakeAll().Count, 1, 10);
    }

    [Fact]
    public void X64_a_FIN_far_outside_does_not_prolong_TIME_WAIT()
    {
        (TestNetwork net, TcpPeer peer) = InTimeWait();
        net.Advance(40000);
        peer.Send("FA", seq: 100000, ack: 2);
        net.Advance(20000);
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
    }

    [Fact]
    public void G7_a_reset_does_not_end_TIME_WAIT()
    {
        (TestNetwork net, TcpPeer peer) = InTimeWait();
        peer.Send("R", seq: 2);
        peer.ExpectNothing();
        Assert.Equal(2, net.Stack.Tcp.BlocksInUse);
    }

    [Fact]
    public void G8_a_new_SYN_in_TIME_WAIT_opens_a_new_connection_an_old_one_is_answered()
    {
        (TestNetwork net, TcpPeer peer) = InTimeWait();
        peer.Send("S", seq: 1, mss: 1460);
        peer.Expect("A", seq: 2, ack: 2);
        net.Advance(1000);
        uint old = peer.StackIss;
        TcpPeer again = net.Peer(iss: peer.Iss + 70000);
        again.Send("S", mss: 1460);
        SeenFrame answer = again.Expect("SA", ack: 1);
        Assert.True((int)(answer.Seq - old) > 0, "the new ISS lies behind the old numbers");
        again.Send("A");
        again.Send("PA", text: "new");
        Assert.Equal(2, net.Stack.Tcp.BlocksInUse);
    }

    [Fact]
    public void G9_with_the_table_full_the_oldest_TIME_WAIT_makes_room()
    {
        TestNetwork net = Begin(configure: c => c.TcpSockets = 4);
        int listener = net.Listen();
        TcpPeer[] peers = [net.Peer(port: 40001), net.Peer(port: 40002), net.Peer(port: 40003)];
        int[] order = [1, 0, 2];
        foreach (int i in order)
        {
            int socket = peers[i].OpenTo(listener);
            net.Sockets.Close(socket);
            peers[i].Expect("FA");
            peers[i].Send("FA");
            peers[i].Expect("A");
            net.Advance(1000);
        }

        Assert.Equal(4, net.Stack.Tcp.BlocksInUse);
        TcpPeer late = net.Peer(port: 40004);
        late.Send("S");
        late.Expect("SA");
        Assert.Equal(0u, net.Stack.Tcp.Counters.TimeWaitRecycled);
        late.Send("A");
        Assert.Equal(1u, net.Stack.Tcp.Counters.TimeWaitRecycled);

        // the recycled one is the first that closed: it is not known any more, the others are
        peers[1].Send("FA", seq: 1, ack: 2);
        peers[1].Expect("R");
        peers[0].Send("FA", seq: 1, ack: 2);
        peers[0].Expect("A");
    }

    [Fact]
    public void G17_after_shutdown_we_still_receive_for_long_and_write_is_refused()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Sockets.Shutdown(socket);
        peer.Expect("FA", seq: 1);
        peer.Send("A");
        Assert.Equal((int)SocketError.Shutdown, net.Sockets.Write(socket, new byte[1], 0, 1));
        Assert.Equal(0, net.Sockets.Shutdown(socket));
        List<byte> all = [];
        for (int i = 0; i < 30; i++)
        {
            net.Advance(10000);
            peer.Send("PA", length: 500);
            all.AddRange(net.Read(socket));
        }

        Assert.Equal(Wire.PatternBytes(1, 15000), all.ToArray());
        Assert.Equal(TcpState.FinWait2, net.Sockets.GetState(socket));
    }

    [Fact]
    public void G18_FIN_WAIT_2_without_an_owner_ends_after_a_minute_and_later_segments_are_reset()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Sockets.Close(socket);
        peer.Expect("FA");
        peer.Send("A");
        net.Advance(59000);
        Assert.Equal(2, net.Stack.Tcp.BlocksInUse);
        net.Advance(1500);
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
        peer.Send("FA");
        peer.Expect("R", seq: 2);
    }

    [Theory]
    [InlineData("FA")]
    [InlineData("PA")]
    [InlineData("SA")]
    [InlineData("A")]
    public void G21_in_CLOSE_WAIT_nothing_follows_the_peers_FIN(string flags)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("FPA", text: "end");
        peer.TakeAll();
        peer.Send(flags, seq: 5, text: "ghost");
        Assert.Equal("end"u8.ToArray(), net.Read(socket));
        Assert.Equal(0, net.ReadResult(socket));
        Assert.Equal(TcpState.CloseWait, net.Sockets.GetState(socket));
        peer.TakeAll();
        peer.Send("R", seq: 5);
        Assert.Equal(SocketError.ConnectionReset, net.Sockets.GetError(socket));
    }

    [Fact]
    public void Text_queued_before_the_close_is_sent_and_repeated_before_the_FIN()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("A", win: 0);
        net.Write(socket, Wire.PatternBytes(1, 3000));
        net.Sockets.Close(socket);
        net.Advance(1500);
        peer.TakeAll();
        peer.Send("A", ack: 1, win: 8000);
        byte[] all = new byte[3000];
        bool fin = false;
        for (int i = 0; i < 8 && !fin; i++)
        {
            foreach (SeenFrame seen in peer.TakeAll())
            {
                long seq = (int)(seen.Seq - peer.StackIss);
                seen.Text.CopyTo(all, seq - 1);
                peer.RcvNxt = seq + seen.Text.Length;
                fin |= (seen.Flags & SeenFrame.Fin) != 0;
            }

            peer.Send("A");
        }

        Assert.True(fin);
        Assert.Equal(3001, peer.RcvNxt);
        Assert.Equal(Wire.PatternBytes(1, 3000), all);
        peer.RcvNxt = 3002;
        peer.Send("FA");
        peer.Expect("A");
    }

    private (TestNetwork Net, TcpPeer Peer) InTimeWait()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Sockets.Close(socket);
        peer.Expect("FA", seq: 1);
        peer.Send("FA");
        peer.Expect("A", seq: 2, ack: 2);
        net.Advance(1000);
        return (net, peer);
    }

    private (TestNetwork Net, TcpPeer Peer, int Socket) Open(WordOrder order = WordOrder.LowByteFirst)
    {
        TestNetwork net = Begin(order);
        TcpPeer peer = net.Peer();
        return (net, peer, peer.OpenTo(net.Listen()));
    }
}
