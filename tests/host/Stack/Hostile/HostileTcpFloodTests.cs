// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Hostile;

/// <summary>Inputs 51 to 53, 56 to 59, 61 and 64 of HOSTILE.md: more of everything than there is room for.</summary>
public sealed class HostileTcpFloodTests : HostileTest
{
    private TcpCounters Counters => Net.Stack.Tcp.Counters;

    [Fact]
    public void X51_10000_SYNs_from_distinct_addresses()
    {
        (TcpPeer friend, int socket) = Connected();
        TestRandom random = new(4);
        for (int i = 0; i < 10_000; i++)
        {
            uint source = (random.Next() & 0x3FFFFFFF) + 0x10000000;
            byte[] syn = FrameBuilder.Tcp(source, TestNetwork.StackIp, 1024 + (i % 60000), 80, random.Next(), 0, SeenFrame.Syn, 1000);
            Strike(FrameBuilder.Ethernet(
                TestNetwork.StackMac, Net.Far.Mac, 0x0800, FrameBuilder.Ip(source, TestNetwork.StackIp, 6, syn)));
            if (i % 100 == 0)
            {
                Wait(1);
                Strike(friend, "PA", length: 10);
                Assert.Equal(10, Net.Read(socket).Length);
                friend.TakeAll();
                Net.AssertAlive();
            }

            Net.Packets.Clear();
        }

        // nothing is kept but what there are places for
        Assert.True(Counters.SynCookiesSent > 0);
        Assert.InRange(Net.Stack.Tcp.HalfOpen, 1, Net.Configuration.TcpSynQueue);
        Assert.InRange(Net.Stack.Tcp.BlocksInUse, 2, Net.Configuration.TcpSockets);
        AssertEchoed();
        Wait(30_000);
        AssertServed();
        AssertServed();
    }

    [Fact]
    public void X52_SYN_and_reset_more_often_than_the_backlog_is_long()
    {
        for (int i = 0; i < 50; i++)
        {
            TcpPeer peer = Net.Peer(80, NextPort());
            Strike(peer, "S");
            peer.Expect("SA", seq: 0, ack: 1);
            Strike(peer, "R");
            peer.ExpectNothing();
        }

        Assert.Equal(0u, Counters.SynDropped);
        AssertServed();
    }

    [Fact]
    public void X53_8_clients_that_connect_and_never_send()
    {
        TestBrowser[] silent = [.. Enumerable.Range(0, 8).Select(_ => new TestBrowser(Net, NextPort(), open: false))];
        foreach (TestBrowser browser in silent)
        {
            Strike(browser.Peer, "S");
            List<SeenFrame> answers = browser.Peer.TakeAll();
            if (answers.Count > 0)
            {
                browser.Peer.StackIss = answers[^1].Seq;
                browser.Peer.RcvNxt = 1;
                Strike(browser.Peer, "A");
            }
        }

        // first the three that are served are given up, then those that waited behind them
        int wait = 0;
        while (wait < 60 && (Server.Clients > 0 || Net.Stack.Tcp.HalfOpen > 0 || Net.Stack.Tcp.Blocks.Any(b => b.InUse && b.Listener != null)))
        {
            Wait(1000);
            wait++;
        }

        Assert.InRange(wait, 10, 45);
        Assert.True(Server.Counters.TimedOut >= 3);
        AssertServed();
    }

    [Fact]
    public void X56_acknowledgments_of_what_was_never_sent_1000_a_second()
    {
        (TcpPeer peer, int socket) = Connected();
        uint sent = Counters.SegmentsSent;
        for (int i = 0; i < 3000; i++)
        {
            Strike(peer, "A", ack: 1000 + (i * 11));
            Wait(1);
        }

        Assert.Equal(3000u, Counters.BadAcknowledgment);
        Assert.InRange(Counters.SegmentsSent - sent, 1u, 10u);
        peer.TakeAll();
        Strike(peer, "PA", ack: 1, text: "honest");
        Assert.Equal("honest"u8.ToArray(), Net.Read(socket));
        AssertServed();
    }

    [Fact]
    public void X57_two_of_our_stacks_that_agree_on_no_number()
    {
        LossyLink link = new(6);
        (int a, int b) = Tcp.LossyLinkTests.Connect(link);
        TcpControlBlock left = link.A.Stack.Tcp.Blocks.Single(x => x.InUse && x.State == TcpState.Established);
        TcpControlBlock right = link.B.Stack.Tcp.Blocks.Single(x => x.InUse && x.State == TcpState.Established);

        // as after a bit of memory has turned in each: what one sends is outside whatever window the other has
        foreach (TcpControlBlock block in new[] { left, right })
        {
            block.SndUna += 0x20000000;
            block.SndNxt += 0x20000000;
            block.SndMax += 0x20000000;
            block.SndEnd += 0x20000000;
        }

        int before = link.FramesOnWire;
        link.A.Stack.Sockets.Write(a, "one"u8.ToArray(), 0, 3);
        link.B.Stack.Sockets.Write(b, "two"u8.ToArray(), 0, 3);
        link.Run(10_000, () => { }, () => false);

        // a few retransmissions, and a challenge for each at most; not one for each challenge
        Assert.InRange(link.FramesOnWire - before, 2, 100);
        before = link.FramesOnWire;
        link.Run(300_000, () => { }, () => false);
        Assert.InRange(link.FramesOnWire - before, 0, 400);
        Assert.Equal(SocketError.TimedOut, link.A.Stack.Sockets.GetError(a));
        link.A.Stack.Sockets.Close(a);
        link.B.Stack.Sockets.Close(b);
        (a, b) = Tcp.LossyLinkTests.Connect(link);
        Assert.Equal(6, link.A.Stack.Sockets.Write(a, "honest"u8.ToArray(), 0, 6));
        byte[] buffer = new byte[10];
        Assert.True(link.Run(5000, () => { }, () => link.B.Stack.Sockets.Read(b, buffer, 0, 10) == 6));
    }

    [Fact]
    public void X57_an_end_that_has_forgotten_all_and_opens_the_same_ports_again()
    {
        LossyLink link = new(6);
        (int a, _) = Tcp.LossyLinkTests.Connect(link);
        SocketLayer sockets = link.A.Stack.Sockets;
        int port = link.A.Stack.Tcp.Blocks.Single(x => x.InUse).LocalPort;
        link.Loss = 1;
        sockets.Abort(a);
        link.Run(50, () => { }, () => false);
        link.Loss = 0;
        int again = sockets.Socket();
        Assert.Equal(0, sockets.Bind(again, port));
        int before = link.FramesOnWire;
        sockets.Connect(again, link.B.Ip, 80);
        link.Run(5000, () => { }, () => false);
        Assert.InRange(link.FramesOnWire - before, 1, 30);
        sockets.Close(again);
    }

    [Fact]
    public void X58_text_far_outside_the_window_a_byte_at_a_time()
    {
        (TcpPeer peer, int socket) = Connected();
        int held = Held();
        for (int i = 0; i < 1000; i++)
        {
            Strike(peer, "PA", seq: 100_000 + (i * 7), length: 1);
            peer.Expect("A", seq: 1, ack: 1, len: 0);
            Wait(1);
        }

        Assert.Equal(1000u, Counters.Unacceptable);
        Assert.Equal(held, Held());
        Strike(peer, "PA", text: "honest");
        Assert.Equal("honest"u8.ToArray(), Net.Read(socket));
        AssertServed();
    }

    [Fact]
    public void X59_every_second_byte_of_the_window()
    {
        (TcpPeer peer, int socket) = Connected();
        for (int seq = 2; seq < 2900; seq += 2)
        {
            Strike(peer, "PA", seq: seq, length: 1);
        }

        Assert.True(Counters.OutOfOrderDropped > 1000);
        Assert.True(Net.Stack.Pool.MayKeep(0));
        AssertServed();
        peer.TakeAll();
        List<byte> read = [];
        for (int i = 0; i < 20 && read.Count < 2900; i++)
        {
            peer.SndNxt = 1 + read.Count;
            Strike(peer, "PA", length: Math.Min(1460, 2900 - read.Count));
            read.AddRange(Net.Read(socket));
            Wait(200);
        }

        Assert.Equal(Wire.PatternBytes(1, 2900), read.ToArray());
        AssertServed();
    }

    [Fact]
    public void X61_8_peers_that_keep_their_windows_closed_for_ever()
    {
        Site(c =>
        {
            c.TcpSockets = 20;
            c.FrameCounts[^1] = 40;
        });
        List<int> sockets = [];
        for (int i = 0; i < 8; i++)
        {
            (TcpPeer peer, int socket) = Connected();
            Strike(peer, "A", win: 0);
            Assert.Equal(3 * 1460, Net.Sockets.Write(socket, new byte[10000], 0, 10000));
            sockets.Add(socket);
        }

        AssertServed();
        Wait(200_000);
        Assert.All(sockets, s => Assert.Equal(SocketError.TimedOut, Net.Sockets.GetError(s)));
        Assert.Equal(40, Net.Stack.Pool.FreeLargest());
        AssertServed();
    }

    [Fact]
    public void X61_peers_that_fill_all_queues_do_not_keep_out_what_empties_them()
    {
        // the usual sizes: three frames to send, four unread and two out of order for each are more than there are
        (TcpPeer Peer, int Socket)[] greedy = [.. Enumerable.Range(0, 6).Select(_ => Connected())];
        foreach ((TcpPeer peer, int socket) in greedy)
        {
            Strike(peer, "A", win: 0);
            Net.Sockets.Write(socket, new byte[10000], 0, 10000);
            for (int n = 0; n < 4; n++)
            {
                Strike(peer, "PA", length: 5);
            }

            if (peer != greedy[0].Peer)
            {
                Strike(peer, "PA", seq: peer.SndNxt + 100, length: 5);
                Strike(peer, "PA", seq: peer.SndNxt + 200, length: 5);
            }
        }

        FramePool pool = Net.Stack.Pool;
        Assert.All(Enumerable.Range(0, pool.Classes), i => Assert.NotEqual(pool.Total(i), pool.InUse(i)));
        Assert.True(Counters.ReceiveQueueFull + Counters.OutOfOrderDropped > 0, "there was room for all of it");
        Net.AssertAlive();

        // one of them repents: its acknowledgment is heard, its frames are free, and honest clients are served
        (TcpPeer repentant, int own) = greedy[0];
        Net.Read(own);
        repentant.TakeAll();
        Strike(repentant, "A", win: 5000);
        List<SeenFrame> text = repentant.TakeAll();
        Assert.NotEmpty(text);
        Strike(repentant, "A", ack: 1 + text.Sum(t => t.Text.Length), win: 5000);
        AssertServed();
        foreach ((TcpPeer peer, int socket) in greedy)
        {
            Net.Sockets.Abort(socket);
            peer.TakeAll();
        }

        AssertServed();
    }

    [Fact]
    public void X64_a_FIN_a_thousand_times_in_TIME_WAIT()
    {
        (TcpPeer peer, int socket) = Connected();
        Net.Sockets.Close(socket);
        Net.Poll();
        peer.Expect("FA");
        Strike(peer, "A");
        Strike(peer, "FA");
        peer.TakeAll();
        TcpControlBlock block = Net.Stack.Tcp.Blocks.Single(b => b.InUse && b.RemotePort == peer.Port);
        Assert.Equal(TcpState.TimeWait, block.State);
        uint sent = Counters.SegmentsSent;
        for (int i = 0; i < 1000; i++)
        {
            Strike(peer, "FA", seq: peer.SndNxt - 1);
            Wait(1);
        }

        Assert.InRange(Counters.SegmentsSent - sent, 1u, 4u);
        Assert.Equal(TcpState.TimeWait, block.State);
        AssertServed();
        Wait(Net.Configuration.TcpTimeWait);
        Assert.DoesNotContain(Net.Stack.Tcp.Blocks, b => b.InUse && b.RemotePort == peer.Port);
        peer.TakeAll();
        AssertServed();
    }
}
