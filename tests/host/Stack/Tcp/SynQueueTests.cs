// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Connections that peers have begun: each is told from the others, knows what its SYN said, and ends with what it belongs to.</summary>
public sealed class SynQueueTests : StackTest
{
    private static readonly byte[] s_sackPermitted = [2, 4, 5, 180, 1, 1, 4, 2];

    [Fact]
    public void Two_that_differ_in_one_thing_alone_are_two()
    {
        TestNetwork net = Begin();
        int[] listeners = [net.Listen(80), net.Listen(81)];
        TcpPeer[] peers = [net.Peer(80, 40001), net.Peer(80, 40002), net.Peer(80, 40001, net.Far), net.Peer(81, 40001)];
        foreach (TcpPeer peer in peers)
        {
            peer.Send("S");
            peer.Expect("SA", seq: 0, ack: 1);
        }

        Assert.Equal((4, 4), (net.Stack.Tcp.HalfOpen, net.Stack.Tcp.HalfOpenHighWater));
        Assert.Equal(4, peers.Select(peer => peer.StackIss).Distinct().Count());
        foreach (TcpPeer peer in peers)
        {
            peer.Send("S", seq: 0);
            peer.Expect("SA", seq: 0, ack: 1);
            peer.Send("A", ack: 1);
            peer.ExpectNothing();
            net.Accept(listeners[peer.StackPort - 80]);
        }

        Assert.Equal((0, 4), (net.Stack.Tcp.HalfOpen, net.Stack.Tcp.HalfOpenHighWater));
        Assert.Equal(4u, net.Stack.Tcp.Counters.PassiveOpens);
        Assert.Equal(4u, net.Stack.Tcp.Counters.Established);
    }

    [Fact]
    public void One_is_listed_with_what_its_SYN_said()
    {
        TestNetwork net = Begin();
        net.Listen();
        TcpPeer peer = net.Peer();
        peer.Send("S", win: 1234, mss: 1460);
        uint iss = peer.Expect("SA").Seq;
        SocketStatus status = new();
        Assert.Contains(Enumerable.Range(0, net.Sockets.RowCount), r => net.Sockets.GetStatus(r, status) && status.State == TcpState.SynReceived);
        Assert.Equal((80, net.Client.Ip, 40000), (status.LocalPort, status.RemoteAddress, status.RemotePort));
        Assert.Equal((iss, iss + 1, peer.Iss + 1), (status.SendUnacknowledged, status.SendNext, status.ReceiveNext));
        Assert.Equal((2920, 1234), (status.ReceiveWindow, status.SendWindow));
    }

    [Theory]
    [InlineData("at once")]
    [InlineData("after waiting")]
    [InlineData("with a cookie")]
    public void The_variables_of_a_connection_come_from_the_handshake_3_10_7_4(string way)
    {
        TestNetwork net = Begin(configure: c => c.TcpSynQueue = way == "with a cookie" ? 1 : 2);
        int listener = net.Listen(backlog: 1);
        TcpPeer other = net.Peer(port: 1001);
        other.Send("S", mss: 1460);
        other.Expect("SA");
        TcpPeer peer = net.Peer(port: 1002);
        peer.Send("S", win: 3000, mss: 900);
        int told = peer.Expect("SA").Window;
        if (way == "after waiting")
        {
            other.Send("A");
            peer.Send("A", win: 5000);
            net.Accept(listener);
            net.Poll();
        }
        else
        {
            peer.Send("A", win: 5000);
        }

        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.InUse && b.RemotePort == 1002);
        uint iss = peer.StackIss;
        Assert.Equal((TcpState.Established, 80, net.Client.Ip), (block.State, block.LocalPort, block.RemoteAddress));
        Assert.Equal((iss, iss + 1, iss + 1, iss + 1), (block.Iss, block.SndUna, block.SndNxt, block.SndMax));
        Assert.Equal((peer.Iss, peer.Iss + 1, peer.Iss + 1 + (uint)told), (block.Irs, block.RcvNxt, block.RcvEdge));
        Assert.Equal((5000, 5000, peer.Iss + 1, iss + 1), (block.SndWnd, block.MaxSndWnd, block.SndWl1, block.SndWl2));
        Assert.Equal((900, 0, 1000, false), (block.SndMss, block.Retransmits, block.Rto, SendTimer.AwaitsAcknowledgment(block)));
    }

    [Fact]
    public void Selective_acknowledgments_that_are_not_offered_are_not_granted()
    {
        TestNetwork net = Begin(configure: c => c.TcpOutOfOrderFrames = 0);
        net.Listen();
        TcpPeer peer = net.Peer();
        peer.Send("S", options: s_sackPermitted);
        Assert.Equal(4, peer.Expect("SA").Options.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Selective_acknowledgments_are_sent_to_who_has_waited_if_his_SYN_offered_them(bool offered)
    {
        TestNetwork net = Begin();
        (int listener, TcpPeer[] peers) = AnswerAndFill(net, 1, offered ? s_sackPermitted : [2, 4, 5, 180]);
        peers[0].Send("PA", text: "first");
        net.Sockets.Abort(net.Accept(listener));
        net.Poll();
        peers[0].TakeAll();
        peers[0].Send("PA", seq: 20, text: "later");
        Assert.Equal(offered, peers[0].Expect("A", ack: 6).Options.Length > 0);
        net.Accept(listener);
    }

    [Fact]
    public void A_connection_has_the_time_to_live_of_its_listener()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        net.TimesToLive.Clear();
        net.TimesToLive.Add(7);
        Assert.Equal(0, net.Sockets.SetTimeToLive(listener, 7));
        TcpPeer peer = net.Peer();
        peer.Send("S");
        peer.Expect("SA");
        peer.Send("A");
        int socket = net.Accept(listener);
        net.Write(socket, "text");
        net.Poll();
        peer.Expect("PA", text: "text");
        peer.Send("A");
        net.TimesToLive.Add(64);
    }

    [Fact]
    public void A_number_that_was_never_sent_cannot_be_acknowledged()
    {
        TestNetwork net = Begin();
        int listener = net.Listen(backlog: 1);
        net.Peer(port: 1001).Handshake();
        TcpPeer peer = net.Peer(port: 1002);
        peer.Send("S", mss: 1460);
        peer.ExpectNothing();
        peer.StackIss = Entry(net, 1002).Iss;
        peer.Send("A", ack: 1);
        peer.Expect("R", seq: 1);
        Assert.Equal(1u, net.Stack.Tcp.Counters.BadAcknowledgment);
        net.Accept(listener);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener));
    }

    [Theory]
    [InlineData("two")]
    [InlineData("")]
    public void Who_waits_and_sends_again_just_when_a_place_becomes_free_loses_nothing(string text)
    {
        TestNetwork net = Begin();
        (int listener, TcpPeer[] peers) = AnswerAndFill(net, 1);
        peers[0].Send("PA", text: "one");
        net.Accept(listener);

        // not polled in between: the segment is there before anybody is served
        peers[0].Send(text.Length > 0 ? "PA" : "A", text: text);
        int socket = net.Accept(listener);
        Assert.Equal("one"u8.ToArray(), net.Read(socket));
        peers[0].Send("PA", seq: 4, text: "two");
        Assert.Equal("two"u8.ToArray(), net.Read(socket));
    }

    [Fact]
    public void Who_waits_and_sends_again_does_not_get_before_who_waits_for_longer()
    {
        TestNetwork net = Begin();
        (int listener, TcpPeer[] peers) = AnswerAndFill(net, 2);
        peers[0].Send("PA", text: "one");
        peers[1].Send("PA", text: "two");
        net.Accept(listener);
        peers[1].Send("PA", seq: 1, text: "two");
        Assert.Equal("one"u8.ToArray(), net.Read(net.Accept(listener)));
        net.Poll();
        Assert.Equal("two"u8.ToArray(), net.Read(net.Accept(listener)));
    }

    [Fact]
    public void Who_waits_for_one_listener_does_not_keep_up_who_connects_to_another()
    {
        TestNetwork net = Begin();
        (_, TcpPeer[] peers) = AnswerAndFill(net, 1);
        peers[0].Send("A");
        int second = net.Listen(81);
        TcpPeer other = net.Peer(81, 2000);
        other.Handshake();
        net.Accept(second);
        Assert.Equal(1, net.Stack.Tcp.HalfOpen);
    }

    [Fact]
    public void The_last_entry_is_used_before_cookies_are()
    {
        TestNetwork net = Begin(configure: c => c.TcpSynQueue = 3);
        net.Listen();
        for (int i = 1; i <= 5; i++)
        {
            TcpPeer peer = net.Peer(port: 1000 + i);
            peer.Send("S");
            peer.Expect("SA");
            Assert.Equal(Math.Min(i, 3), net.Stack.Tcp.HalfOpen);
            Assert.Equal(Math.Max(i - 3, 0), (int)net.Stack.Tcp.Counters.SynCookiesSent);
        }
    }

    [Fact]
    public void All_are_forgotten_without_a_word_when_the_address_goes()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        TcpPeer[] peers = [net.Peer(port: 1001), net.Peer(port: 1002)];
        foreach (TcpPeer peer in peers)
        {
            peer.Send("S");
            peer.Expect("SA");
        }

        Assert.Equal(0, net.Stack.Configure(0, 0, 0));
        net.Poll();
        Assert.Equal(0, net.Stack.Tcp.HalfOpen);
        Assert.Equal(2u, net.Stack.Tcp.Counters.FailedOpens);
        Assert.Equal(0, net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp));
        net.Advance(5000);
        Assert.All(peers, peer => peer.ExpectNothing());
        peers[0].Send("A");
        peers[0].Expect("R", seq: 1);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener));
    }

    [Fact]
    public void A_listener_that_is_closed_resets_its_own_and_no_others()
    {
        TestNetwork net = Begin();
        int first = net.Listen(80);
        int second = net.Listen(81);
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, net.Client.Mac, 1, net.Client.Mac, net.Client.Ip, 0, TestNetwork.StackIp));
        TcpPeer[] peers = [net.Peer(80, 1001), net.Peer(81, 1002), net.Peer(80, 1003)];
        foreach (TcpPeer peer in peers)
        {
            peer.Send("S");
            peer.Expect("SA");
        }

        Assert.Equal(0, net.Sockets.Close(first));
        peers[0].Expect("RA", seq: 1, ack: 1);
        peers[1].ExpectNothing();
        peers[2].Expect("RA", seq: 1, ack: 1);
        Assert.Equal(2u, net.Stack.Tcp.Counters.FailedOpens);
        peers[1].Send("A");
        net.Accept(second);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void With_no_entry_and_the_controller_busy_a_SYN_is_dropped_and_answered_when_it_comes_again(int queue)
    {
        TestNetwork net = Begin(configure: c => (c.TcpSynQueue, c.TransmitQueue) = (1, queue));
        net.Listen();
        TcpPeer silent = net.Peer(port: 1001);
        silent.Send("S");
        silent.Expect("SA");
        net.Interface.Busy = true;
        net.Deliver(net.EchoRequest());
        TcpPeer peer = net.Peer(port: 1002);
        peer.Send("S");
        Assert.Equal((1u, 1u, 0u), (net.Stack.Tcp.Counters.SynDropped, net.Stack.Tcp.Counters.PassiveOpens, net.Stack.Tcp.Counters.SynCookiesSent));
        net.Interface.Busy = false;
        peer.ExpectNothing();
        peer.Send("S", seq: 0);
        peer.Expect("SA");
        Assert.Equal((1u, 2u, 1u), (net.Stack.Tcp.Counters.SynDropped, net.Stack.Tcp.Counters.PassiveOpens, net.Stack.Tcp.Counters.SynCookiesSent));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_has_waited_is_answered_at_the_station_where_he_is(bool speaks)
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 1);
        (int listener, TcpPeer[] peers) = AnswerAndFill(net, 1);
        peers[0].Send(speaks ? "PA" : "A", text: speaks ? "text" : null);
        TestHost other = net.AddHost(0x020000000077, Wire.Address("192.168.1.77"));
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, other.Mac, 1, other.Mac, other.Ip, 0, TestNetwork.StackIp));
        net.Arps.Clear();
        net.Accept(listener);
        net.Poll();
        net.Write(net.Accept(listener), "answer");
        peers[0].Expect("PA", text: "answer");
        Assert.Empty(net.Arps);
    }

    [Theory]
    [InlineData(80, 100, 81, 100)]
    [InlineData(80, 100, 80 + 32768, 100)]
    [InlineData(80, 100, 80, 100 + 32768)]
    [InlineData(80, 100 + 32768, 81, 100)]
    [InlineData(80, 100, 81, 100 + 32768)]
    public void Every_bit_of_both_ports_counts_for_the_initial_sequence_number_RFC6528_3(int ours, int theirs, int oursAfter, int theirsAfter)
    {
        TestNetwork net = Begin();
        foreach (int port in new[] { ours, oursAfter }.Distinct())
        {
            net.Listen(port);
        }

        TcpPeer first = net.Peer(ours, theirs);
        TcpPeer second = net.Peer(oursAfter, theirsAfter);
        first.Send("S");
        second.Send("S");

        // were the hash the same, they would be one opening apart
        Assert.NotEqual(1024u, second.Expect("SA").Seq - first.Expect("SA").Seq);
    }

    [Fact]
    public void Connections_are_numbered_in_the_order_in_which_they_are_complete_and_run_ahead_of_the_clock_by_a_second_at_most()
    {
        TcpBacklog backlog = new(null!, [new TcpControlBlock(1)]);
        TcpControlBlock block = new(0);
        List<uint> numbers = [];
        for (int i = 0; i < 8002; i++)
        {
            backlog.NoteOrder(block, 1_000_000);
            numbers.Add(block.OpenOrder - 8_000_000);
        }

        Assert.Equal(Enumerable.Range(0, 8001).Select(i => (uint)i).Append(0u), numbers);
    }

    [Fact]
    public void Who_waits_in_vain_is_reset_just_when_his_time_is_over()
    {
        TestNetwork net = Begin(configure: c => c.TcpHalfOpenTimeout = 5005);
        (_, TcpPeer[] peers) = AnswerAndFill(net, 1);
        peers[0].Send("A");
        int start = net.Now;
        net.Advance(6000);
        Assert.Equal(5005, peers[0].Expect("RA", seq: 1, ack: 1).Time - start);
    }

    /// <summary>A listener with one place, peers that were answered, and somebody who takes the place after that.</summary>
    private static (int Listener, TcpPeer[] Peers) AnswerAndFill(TestNetwork net, int count, byte[]? options = null)
    {
        int listener = net.Listen(backlog: 1);
        TcpPeer[] peers = [.. Enumerable.Range(0, count).Select(i => net.Peer(port: 1001 + i))];
        foreach (TcpPeer peer in peers)
        {
            peer.Send("S", options: options ?? [2, 4, 5, 180]);
            peer.Expect("SA");
        }

        net.Peer(port: 1000, host: net.Far).Handshake();
        return (listener, peers);
    }

    private static TcpHalfOpen Entry(TestNetwork net, int port) =>
        net.Stack.Tcp.SynQueue.Entries.Single(entry => entry.Listener != null && entry.RemotePort == port);
}
