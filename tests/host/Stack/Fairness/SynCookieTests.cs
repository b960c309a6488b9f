// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Fairness;

/// <summary>
/// What is promised of the numbers that stand for a connection which is remembered nowhere else: RFC 4987 section 3.6. The queue has
/// one entry, and somebody who never answers has it.
/// </summary>
public sealed class SynCookieTests : StackTest
{
    private const int Longest = 1_000_000;

    private static readonly byte[] s_segmentSize = [2, 4, 5, 180];

    private static readonly byte[] s_sackPermitted = [2, 4, 5, 180, 1, 1, 4, 2];

    [Theory]
    [InlineData(null, 536)]
    [InlineData(9000, 1460)]
    [InlineData(1460, 1460)]
    [InlineData(1459, 1440)]
    [InlineData(1452, 1440)]
    [InlineData(1400, 1360)]
    [InlineData(1300, 1220)]
    [InlineData(1000, 900)]
    [InlineData(536, 536)]
    [InlineData(535, 256)]
    [InlineData(256, 256)]
    [InlineData(100, 64)]
    [InlineData(64, 64)]
    [InlineData(40, 64)]
    public void The_peers_segment_size_is_kept_or_rounded_down(int? mss, int expected)
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full();
        peer.Send("S", mss: mss);
        peer.Expect("SA", seq: 0, ack: 1);
        peer.Send("A");
        int socket = net.Accept(listener);
        SocketStatus status = new();
        Assert.Contains(Enumerable.Range(0, net.Sockets.RowCount), r => net.Sockets.GetStatus(r, status) && status.Descriptor == socket);
        Assert.Equal(expected, status.MaximumSegmentSize);
        Assert.True(net.Sockets.Write(socket, new byte[1460], 0, 1460) > 0);
        net.Poll();
        Assert.All(peer.TakeAll(), f => Assert.InRange(f.Text.Length, 1, expected));
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void The_answer_offers_one_segment_and_no_selective_acknowledgment_and_the_window_never_moves_back()
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full();
        peer.Send("S", options: s_sackPermitted);
        SeenFrame answer = peer.Expect("SA", win: 1460, mss: 1460);
        Assert.Equal(4, answer.Options.Length);
        peer.Send("PA", length: 1460);
        int socket = net.Accept(listener);
        Assert.Equal(Wire.PatternBytes(1, 1460), net.Read(socket));
        net.Advance(200);
        Assert.True(peer.Expect("A", ack: 1461).Window >= 1460);
        net.Sockets.Abort(socket);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    [InlineData(32_700)]
    public void A_cookie_is_good_for_half_a_minute_whenever_it_was_made(int phase)
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full(start: -50_000);
        net.Advance(phase);
        peer.Send("S", mss: 1460);
        peer.Expect("SA");
        net.Advance(32_700);
        peer.Send("A");
        Assert.Equal(TcpState.Established, net.Sockets.GetState(net.Accept(listener)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    [InlineData(32_700)]
    public void A_stale_cookie_is_refused_though_others_are_fresh(int phase)
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full();
        net.Advance(phase);
        peer.Send("S", mss: 1460);
        peer.Expect("SA");
        for (int i = 0; i < 8; i++)
        {
            net.Advance(8300);
            TcpPeer other = net.Peer(port: 50_000 + i);
            other.Send("S", mss: 1460);
            other.Expect("SA");
        }

        peer.Send("A");
        peer.Expect("R", seq: 1);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener));
    }

    [Theory]
    [InlineData(65_535, true)]
    [InlineData(65_536, false)]
    [InlineData(int.MaxValue, false)]
    public void Until_two_steps_of_time_after_the_last_cookie_text_may_belong_to_one(int milliseconds, bool maybe)
    {
        (TestNetwork net, _, TcpPeer peer) = Full(timeout: int.MaxValue);
        peer.Send("S", mss: 1460);
        peer.Expect("SA");
        net.Advance(milliseconds);

        // after that text which belongs to nothing is reset again, not only passed over
        peer.Send("PA", seq: 5, length: 1);
        if (maybe)
        {
            peer.ExpectNothing();
        }
        else
        {
            peer.Expect("R", seq: 1);
        }

        peer.Send("A", seq: 5);
        peer.Expect("R", seq: 1);
    }

    [Theory]
    [InlineData("SA")]
    [InlineData("RA")]
    [InlineData("SRA")]
    [InlineData("-")]
    [InlineData("F")]
    public void Only_an_acknowledgment_that_neither_opens_nor_resets_is_looked_at(string flags)
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full();
        peer.Send("S", mss: 1460);
        peer.Expect("SA");
        peer.Send(flags, seq: 1);
        peer.TakeAll();
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener));
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
    }

    [Fact]
    public void A_peer_that_finds_an_entry_after_all_is_not_offered_selective_acknowledgments_unless_it_has_offered_them()
    {
        // a cookie is out, and then the entry becomes free
        TestNetwork net = Begin(configure: c => c.TcpSynQueue = 1);
        int listener = net.Listen();
        TcpPeer silent = net.Peer(port: 1001);
        silent.Send("S", mss: 1460);
        silent.Expect("SA");
        TcpPeer other = net.Peer(port: 1002);
        other.Send("S", mss: 1460);
        other.Expect("SA");
        silent.Send("R", seq: 1);
        foreach ((byte[] offer, byte[] answer) in new[] { (s_segmentSize, s_segmentSize), (s_sackPermitted, s_sackPermitted) })
        {
            TcpPeer peer = net.Peer(port: 1003 + offer.Length);
            peer.Send("S", options: offer);
            Assert.Equal(answer, peer.Expect("SA", win: 1460).Options);
            Assert.Equal(1, net.Stack.Tcp.HalfOpen);
            peer.Send("A");
            int socket = net.Accept(listener);
            peer.Send("PA", seq: 11, length: 10);
            Assert.Equal(offer == s_sackPermitted, peer.Expect("A", ack: 1).Options.Length > 0);
            net.Sockets.Abort(socket);
        }
    }

    [Fact]
    public void Not_one_bit_of_it_may_be_wrong()
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full();
        peer.Send("S", mss: 1460);
        peer.Expect("SA");
        for (int bit = 0; bit < 32; bit++)
        {
            uint wrong = peer.StackIss + 1;
            wrong = ((wrong - 1) ^ (1u << bit)) + 1;
            peer.Send("A", ack: (int)(wrong - peer.StackIss));
            peer.Expect("R");
        }

        for (int bit = 0; bit < 32; bit++)
        {
            peer.Send("A", seq: (int)(1u ^ (1u << bit)), ack: 1);
            peer.Expect("R", seq: 1);
        }

        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener));
        peer.SndNxt = 1;
        peer.Send("A");
        net.Accept(listener);
    }

    [Fact]
    public void It_is_good_for_one_peer_and_one_port_alone()
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full();
        net.Listen(81);
        net.Listen(80 + 32768);
        peer.Send("S", mss: 1460);
        peer.Expect("SA");
        foreach (TcpPeer other in new[]
        {
            net.Peer(port: 40_002), net.Peer(port: peer.Port, host: net.Far), net.Peer(stackPort: 81, port: peer.Port),
            net.Peer(stackPort: 80 + 32768, port: peer.Port),
        })
        {
            other.StackIss = peer.StackIss;
            other.SndNxt = 1;
            other.RcvNxt = 1;
            other.Send("A");
            other.Expect("R");
        }

        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener));
    }

    [Fact]
    public void Two_stacks_make_different_cookies_of_the_same_SYN()
    {
        HashSet<uint> seen = [];
        for (uint seed = 1; seed <= 8; seed++)
        {
            (_, _, TcpPeer peer) = Full(seed: seed);
            peer.Send("S", mss: 1460);
            seen.Add(peer.Expect("SA").Seq >> 4);
        }

        Assert.Equal(8, seen.Count);
    }

    [Fact]
    public void Whoever_cannot_see_it_must_guess_28_bits()
    {
        // each of them is as often set as not, for peers that differ in one bit of their port alone
        int[] set = new int[32];
        const int Peers = 400;
        (TestNetwork net, _, _) = Full();
        for (int i = 0; i < Peers; i++)
        {
            TcpPeer peer = net.Peer(port: 20_000 + i);
            peer.Send("S", mss: 1460);
            uint cookie = peer.Expect("SA").Seq;
            for (int bit = 0; bit < 32; bit++)
            {
                set[bit] += (int)(cookie >> bit) & 1;
            }
        }

        Assert.All(set[4..], count => Assert.InRange(count, Peers * 2 / 5, Peers * 3 / 5));
    }

    [Fact]
    public void If_the_last_acknowledgment_is_lost_text_opens_the_connection()
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full();
        peer.Send("S", mss: 1460);
        peer.Expect("SA");
        peer.Send("PA", text: "request");
        Assert.Equal("request"u8.ToArray(), net.Read(net.Accept(listener)));
    }

    [Fact]
    public void If_the_first_text_is_lost_too_what_follows_is_not_reset()
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full();
        peer.Send("S", mss: 1460);
        peer.Expect("SA");
        peer.Send("PA", seq: 8, text: "second");
        peer.Send("FA", seq: 14);
        peer.ExpectNothing();
        Assert.Equal(2u, net.Stack.Tcp.Counters.NoSocket);
        peer.Send("PA", seq: 1, text: "request");
        int socket = net.Accept(listener);
        Assert.Equal("request"u8.ToArray(), net.Read(socket));
        peer.Send("FPA", seq: 8, text: "second");
        Assert.Equal("second"u8.ToArray(), net.Read(socket));
    }

    [Fact]
    public void A_peer_that_repeats_its_SYN_gets_the_same_cookie_and_one_connection()
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full();
        peer.Send("S", mss: 1460);
        uint first = peer.Expect("SA").Seq;
        net.Advance(1000);
        peer.SndNxt = 0;
        peer.Send("S", mss: 1460);
        Assert.Equal(first, peer.Expect("SA").Seq);
        peer.Send("A");
        peer.Send("A");
        net.Accept(listener);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener));
    }

    [Fact]
    public void Who_can_open_nothing_yet_waits_in_the_queue_of_half_open_connections_if_there_is_an_entry_that_may_be_forgotten()
    {
        // the silent one was answered with a cookie as well, for there was another before him
        TestNetwork net = Begin(configure: c => (c.TcpSynQueue, c.TcpSockets) = (1, 3));
        int listener = net.Listen(backlog: 1);
        TcpPeer first = net.Peer(port: 1001);
        first.Send("S", mss: 1460);
        TcpPeer second = net.Peer(port: 1002);
        second.Send("S", mss: 1460);
        first.Expect("SA");
        second.Expect("SA");
        first.Send("A");
        TcpPeer silent = net.Peer(port: 1003);
        silent.Send("S", mss: 1460);

        // the place behind the listener is taken: the silent one's SYN is noted, and waits
        silent.ExpectNothing();
        Assert.Equal(1, net.Stack.Tcp.HalfOpen);
        second.Send("A");
        Assert.Equal(1u, net.Stack.Tcp.Counters.HalfOpenRecycled);
        second.Send("PA", text: "request");
        int a = net.Accept(listener);
        net.Advance(20);
        int b = net.Accept(listener);
        Assert.Equal("request"u8.ToArray(), net.Read(b));
        Assert.Equal(TcpState.Established, net.Sockets.GetState(a));
    }

    [Fact]
    public void Out_of_the_flood_numbers_grow_with_the_clock_again()
    {
        (TestNetwork net, int listener, TcpPeer peer) = Full(timeout: 30_000);
        peer.Send("S", mss: 1460);
        peer.Expect("SA");
        net.Advance(100_000);
        uint[] numbers = new uint[2];
        for (int i = 0; i < 2; i++)
        {
            TcpPeer later = net.Peer(port: 33_000, iss: 77);
            later.Send("S", mss: 1460);
            numbers[i] = later.Expect("SA").Seq;
            later.Send("R");
            net.Advance(100);
        }

        // 250 a millisecond, and a step for the opening (RFC 6528)
        Assert.Equal(25_000u + 1024, numbers[1] - numbers[0]);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener));
    }

    private (TestNetwork Net, int Listener, TcpPeer Peer) Full(int start = TestNetwork.DefaultStart, uint seed = 1, int timeout = Longest)
    {
        TestNetwork net = Begin(WordOrder.LowByteFirst, c => (c.TcpSynQueue, c.TcpHalfOpenTimeout) = (1, timeout), seed, start);
        int listener = net.Listen(backlog: 4);
        TcpPeer silent = net.Peer(port: 1001);
        silent.Send("S", mss: 1460);
        silent.Expect("SA");
        return (net, listener, net.Peer(port: 40_001));
    }
}
