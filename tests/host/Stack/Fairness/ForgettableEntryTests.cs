// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Fairness;

/// <summary>
/// Entries of half-open connections whose number is a cookie: they may be forgotten, and make room for who has come back with his and waits for a
/// control block.
/// </summary>
public sealed class ForgettableEntryTests : StackTest
{
    [Theory]
    [InlineData("first")]
    [InlineData("second")]
    [InlineData("both")]
    public void The_oldest_gives_way_and_his_cookie_is_as_good_as_before(string oldest)
    {
        TestNetwork net = BeginWithCookies(out int listener, out TcpPeer[] comers, entries: 2);
        TcpPeer gone = net.Peer(port: 3000);
        TcpPeer second = net.Peer(port: 3002);
        TcpPeer first = net.Peer(port: 3001);
        Answer(gone);
        if (oldest == "second")
        {
            Answer(second);
            gone.Send("R", seq: 1);
            net.Advance(5);
            Answer(first);
        }
        else
        {
            gone.Send("R", seq: 1);
            Answer(first);
            net.Advance(oldest == "both" ? 0 : 5);
            Answer(second);
        }

        Assert.Equal(["3001", "3002"], Ports(net));
        comers[0].Send("A");
        comers[1].Send("A");
        Assert.Equal(1u, net.Stack.Tcp.Counters.HalfOpenRecycled);
        Assert.Equal(1u, net.Stack.Tcp.Counters.AcceptQueueFull);
        Assert.Equal(2, net.Stack.Tcp.HalfOpen);
        Assert.Equal(oldest == "second" ? ["3001", "2001"] : ["2001", "3002"], Ports(net));

        // the one that was forgotten comes back, and takes the other's place
        TcpPeer forgotten = oldest == "second" ? second : first;
        forgotten.Send("PA", text: "question");
        Assert.Equal(2u, net.Stack.Tcp.Counters.HalfOpenRecycled);
        net.Accept(listener);
        net.Poll();
        Assert.Equal("question"u8.ToArray(), net.Read(net.Accept(listener)));
    }

    [Fact]
    public void Who_was_answered_before_the_cookies_never_gives_way()
    {
        TestNetwork net = Begin(configure: c => c.TcpSynQueue = 2);
        int listener = net.Listen(backlog: 1);
        TcpPeer slow = net.Peer(port: 3001);
        TcpPeer gone = net.Peer(port: 3000);
        TcpPeer[] comers = [net.Peer(port: 2000), net.Peer(port: 2001), net.Peer(port: 2002)];
        Array.ForEach([slow, gone, .. comers], Answer);
        gone.Send("R", seq: 1);
        net.Advance(5);
        Answer(net.Peer(port: 3002));
        comers[0].Send("A");
        comers[1].Send("A");
        Assert.Equal(["3001", "2001"], Ports(net));

        // now both have to stay: the next one is not remembered, and not refused
        comers[2].Send("A");
        comers[2].ExpectNothing();
        Assert.Equal(["3001", "2001"], Ports(net));
        Assert.Equal((1u, 2u), (net.Stack.Tcp.Counters.HalfOpenRecycled, net.Stack.Tcp.Counters.AcceptQueueFull));
        net.Accept(listener);
        net.Poll();
        net.Accept(listener);
        net.Poll();
        comers[2].Send("PA", text: "again");
        Assert.Equal("again"u8.ToArray(), net.Read(net.Accept(listener)));
    }

    [Fact]
    public void Who_has_an_entry_with_a_cookie_and_has_done_his_part_does_not_give_way_any_more()
    {
        TestNetwork net = BeginWithCookies(out _, out TcpPeer[] comers, entries: 1);
        TcpPeer peer = net.Peer(port: 3001);
        Answer(peer);
        comers[0].Send("A");
        peer.Send("A");
        comers[1].Send("A");
        comers[1].ExpectNothing();
        Assert.Equal(["3001"], Ports(net));
        Assert.Equal((0u, 2u), (net.Stack.Tcp.Counters.HalfOpenRecycled, net.Stack.Tcp.Counters.AcceptQueueFull));
    }

    [Fact]
    public void Unless_he_is_silent_and_another_speaks_and_then_his_cookie_is_as_good_as_before()
    {
        TestNetwork net = BeginWithCookies(out int listener, out TcpPeer[] comers, entries: 1);
        TcpPeer silent = net.Peer(port: 3001);
        Answer(silent);
        comers[0].Send("A");
        silent.Send("A");
        Assert.Equal(2, net.Sockets.GetWaiting(listener));
        comers[1].Send("PA", text: "question");
        Assert.Equal(["2001"], Ports(net));
        Assert.Equal(1u, net.Stack.Tcp.Counters.HalfOpenRecycled);

        // who speaks stays, whoever speaks too; and who has lost his entry is not refused
        silent.Send("PA", seq: 1, text: "later");
        silent.ExpectNothing();
        Assert.Equal(["2001"], Ports(net));
        net.Accept(listener);
        net.Poll();
        Assert.Equal("question"u8.ToArray(), net.Read(net.Accept(listener)));
        Assert.Equal(0, net.Sockets.GetWaiting(listener));
        silent.Send("PA", seq: 1, text: "later");
        Assert.Equal("later"u8.ToArray(), net.Read(net.Accept(listener)));
    }

    [Fact]
    public void Of_the_silent_who_has_a_cookie_goes_first_and_who_has_none_is_told()
    {
        TestNetwork net = Begin(configure: c => c.TcpSynQueue = 2);
        int listener = net.Listen(backlog: 1);
        TcpPeer early = net.Peer(port: 3001);
        TcpPeer gone = net.Peer(port: 3000);
        TcpPeer[] comers = [.. Enumerable.Range(0, 3).Select(i => net.Peer(port: 2000 + i))];
        Array.ForEach([early, gone, .. comers], Answer);
        gone.Send("R", seq: 1);
        net.Advance(5);
        TcpPeer later = net.Peer(port: 3002);
        Answer(later);
        comers[0].Send("A");
        early.Send("A");
        net.Advance(5);
        later.Send("A");
        Assert.Equal(3, net.Sockets.GetWaiting(listener));
        comers[1].Send("PA", text: "one");
        later.ExpectNothing();
        net.Advance(5);
        Assert.Equal(["3001", "2001"], Ports(net));
        comers[2].Send("PA", text: "two");
        early.Expect("RA");
        Assert.Equal(["2002", "2001"], Ports(net));
        Assert.Equal(2u, net.Stack.Tcp.Counters.HalfOpenRecycled);
        foreach (string text in (string[])["", "one", "two"])
        {
            int socket = net.Accept(listener);
            Assert.Equal(text, System.Text.Encoding.Latin1.GetString(net.Read(socket)));
            net.Sockets.Abort(socket);
            net.Poll();
        }
    }

    [Fact]
    public void Who_comes_back_with_a_cookie_waits_behind_who_waits_already()
    {
        TestNetwork net = BeginWithCookies(out int listener, out TcpPeer[] comers, entries: 2);
        TcpPeer peer = net.Peer(port: 3001);
        Answer(peer);
        comers[0].Send("A");
        peer.Send("PA", text: "question");
        net.Accept(listener);

        // not polled in between
        comers[1].Send("PA", text: "later");
        Assert.Equal("question"u8.ToArray(), net.Read(net.Accept(listener)));
        net.Poll();
        Assert.Equal("later"u8.ToArray(), net.Read(net.Accept(listener)));
    }

    [Fact]
    public void His_entry_knows_what_the_cookie_says_and_nothing_of_who_had_it_before()
    {
        TestNetwork net = BeginWithCookies(out int listener, out TcpPeer[] comers, entries: 1, mss: 1000);
        TcpPeer before = net.Peer(port: 3001);
        before.Send("S", options: [2, 4, 2, 24, 1, 1, 4, 2]);
        before.Expect("SA", win: 1460);
        net.Advance(1000);
        before.Expect("SA", win: 1460);
        before.Send("S", seq: 0, options: [2, 4, 2, 24, 1, 1, 4, 2]);
        before.Expect("SA", win: 1460);
        comers[0].Send("A");
        comers[1].Send("A", win: 4000);
        Assert.Equal(["2001"], Ports(net));
        net.Accept(listener);
        net.Poll();
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.InUse && b.RemotePort == 2001);
        Assert.Equal((900, 4000, 1460, false), (block.SndMss, block.SndWnd, (int)(block.RcvEdge - block.RcvNxt), block.SackPermitted));
        Assert.Equal((comers[1].Iss, comers[1].StackIss, 1000), (block.Irs, block.Iss, block.Rto));
        int socket = net.Accept(listener);
        net.Write(socket, new byte[1800]);
        net.Poll();

        // nothing is known of a loss: two segments may go
        Assert.Equal([900, 900], comers[1].TakeAll().Select(segment => segment.Text.Length));
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void In_a_free_entry_he_keeps_the_window_that_he_was_told()
    {
        TestNetwork net = BeginWithCookies(out _, out TcpPeer[] comers, entries: 1);
        comers[0].Send("A");
        comers[1].Send("A");
        Assert.Equal(["2001"], Ports(net));
        Assert.Equal(1460, net.Stack.Tcp.SynQueue.Entries[0].ReceiveWindow);
    }

    [Fact]
    public void Who_comes_back_with_a_cookie_is_answered_at_the_station_where_he_is()
    {
        TestNetwork net = Begin(configure: c => (c.TcpSynQueue, c.ArpEntries) = (1, 1));
        int listener = net.Listen();
        Answer(net.Peer(port: 1001));
        TcpPeer peer = net.Peer(port: 1002);
        Answer(peer);
        TestHost other = net.AddHost(0x020000000077, Wire.Address("192.168.1.77"));
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, other.Mac, 1, other.Mac, other.Ip, 0, TestNetwork.StackIp));
        net.Arps.Clear();
        peer.Send("A");
        int socket = net.Accept(listener);
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, other.Mac, 1, other.Mac, other.Ip, 0, TestNetwork.StackIp));
        net.Arps.Clear();
        net.Write(socket, "answer");
        peer.Expect("PA", text: "answer");
        Assert.Empty(net.Arps);
        net.Sockets.Abort(socket);
    }

    /// <summary>Some peers have got a cookie while there was no entry. Now all entries are free, and the listener has one place.</summary>
    private TestNetwork BeginWithCookies(out int listener, out TcpPeer[] comers, int entries, int mss = 1460)
    {
        TestNetwork net = Begin(configure: c => c.TcpSynQueue = entries);
        listener = net.Listen(backlog: 1);
        TcpPeer[] silent = [.. Enumerable.Range(0, entries).Select(i => net.Peer(port: 1000 + i))];
        Array.ForEach(silent, Answer);
        comers = [.. Enumerable.Range(0, 2).Select(i => net.Peer(port: 2000 + i))];
        foreach (TcpPeer comer in comers)
        {
            comer.Send("S", mss: mss);
            comer.Expect("SA", win: 1460);
        }

        Array.ForEach(silent, peer => peer.Send("R", seq: 1));
        Assert.Equal(0, net.Stack.Tcp.HalfOpen);
        return net;
    }

    private static void Answer(TcpPeer peer)
    {
        peer.Send("S", mss: 1460);
        peer.Expect("SA", seq: 0, ack: 1);
    }

    private static string[] Ports(TestNetwork net) =>
        [.. net.Stack.Tcp.SynQueue.Entries.Where(entry => entry.Listener != null).Select(entry => $"{entry.RemotePort}")];
}
