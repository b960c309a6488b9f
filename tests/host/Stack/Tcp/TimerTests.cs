// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Frames;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>Retransmission and its timer (RFC 6298), and how long a silent peer is borne with (RFC 9293 section 3.8.3).</summary>
public sealed class TimerTests : StackTest
{
    [Theory, BothOrders]
    public void F16_F18_text_is_repeated_after_1_2_4_seconds_and_is_the_same_each_time(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        net.Write(socket, Wire.PatternBytes(1, 777));
        int start = peer.Expect("PA", seq: 1).Time;
        net.Advance(60000);
        List<SeenFrame> again = peer.TakeAll();
        Assert.Equal([1000, 3000, 7000, 15000, 31000], again.Select(s => s.Time - start));
        Assert.All(again, s => Assert.Equal(Wire.PatternBytes(1, 777), s.Text));
        Assert.All(again, s => Assert.Equal(peer.StackIss + 1, s.Seq));
        peer.Send("A");
        net.Advance(120000);
        peer.ExpectNothing();
        Assert.Equal(5u, net.Stack.Tcp.Counters.Retransmissions);
    }

    [Fact]
    public void F19_a_peer_that_does_not_acknowledge_is_given_up_after_2_minutes()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, "anybody?");
        net.Advance(119000);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        Assert.True(peer.TakeAll().Count >= 4, "R1 is at least 3 retransmissions");
        net.Advance(10000);
        Assert.Equal(SocketError.TimedOut, net.Sockets.GetError(socket));
        Assert.Equal((int)SocketError.TimedOut, net.ReadResult(socket));
        Assert.Equal(1u, net.Stack.Tcp.Counters.TimedOut);
        net.Advance(100000);
        peer.ExpectNothing();
    }

    [Fact]
    public void F19_the_clock_of_the_user_timeout_starts_anew_with_each_progress()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, Wire.PatternBytes(1, 3000));
        for (int ack = 501; ack <= 2501; ack += 500)
        {
            net.Advance(90000);
            peer.Send("A", ack: ack);
        }

        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(700)]
    [InlineData(2000)]
    public void F16_the_timeout_follows_the_measured_round_trip(int trip)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        double srtt = 0;
        double variance = 0;

        // the handshake took no time: its sample is 0 ms
        for (int i = 0; i < 12; i++)
        {
            long start = peer.RcvNxt;
            net.Write(socket, Wire.PatternBytes(start, 100));
            peer.Expect("PA", seq: start);
            net.Advance(Math.Min(trip, 900));
            if (trip > 900)
            {
                // the first few may be repeated by then: only what was sent once counts
                net.Advance(trip - 900);
            }

            bool repeated = peer.TakeAll().Count > 0;
            peer.Send("A", ack: start + 100);
            if (!repeated)
            {
                variance = (0.75 * variance) + (0.25 * Math.Abs(srtt - trip));
                srtt = (0.875 * srtt) + (0.125 * trip);
            }
        }

        net.Write(socket, Wire.PatternBytes(peer.RcvNxt, 100));
        int sent = peer.Expect("PA").Time;
        net.Advance(30000);
        int rto = peer.TakeAll()[0].Time - sent;
        Assert.True(rto >= 1000, "RFC 6298 (2.4)");
        if (trip <= 900)
        {
            double expected = Math.Max(1000, srtt + Math.Max(1, 4 * variance));
            Assert.InRange(rto, expected - 20, expected + 20);
        }
        else
        {
            Assert.InRange(rto, trip, 60000);
        }
    }

    [Theory]
    [InlineData(200, 1000)]
    [InlineData(400, 1200)]
    [InlineData(900, 2700)]
    public void F16_the_first_sample_gives_three_times_itself(int trip, int expected)
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer(stackPort: 0, port: 7);
        int socket = net.Sockets.Socket();
        net.Sockets.Connect(socket, net.Client.Ip, 7);
        peer.Expect("S");
        net.Advance(trip);
        peer.Send("SA", mss: 1460);
        peer.Expect("A");
        net.Write(socket, "x");
        int sent = peer.Expect("PA").Time;
        net.Advance(5000);
        Assert.Equal(expected, peer.TakeAll()[0].Time - sent);
    }

    [Fact]
    public void F17_Karn_what_was_repeated_is_not_measured_and_the_backed_off_timeout_stays_until_a_sample()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, Wire.PatternBytes(1, 100));
        peer.Expect("PA");
        net.Advance(3000);
        Assert.Equal(2, peer.TakeAll().Count);
        peer.Send("A", ack: 101);
        net.Write(socket, Wire.PatternBytes(101, 100));
        int start = peer.Expect("PA", seq: 101).Time;
        net.Advance(3999);
        peer.ExpectNothing();
        net.Advance(1);
        Assert.Equal(4000, peer.Expect("PA", seq: 101).Time - start);
        peer.Send("A", ack: 201);
        net.Write(socket, Wire.PatternBytes(201, 100));
        peer.Expect("PA", seq: 201);
        net.Advance(50);
        peer.Send("A", ack: 301);
        net.Write(socket, Wire.PatternBytes(301, 100));
        start = peer.Expect("PA", seq: 301).Time;
        net.Advance(2000);
        Assert.Equal(1000, peer.Expect("PA", seq: 301).Time - start);
    }

    [Fact]
    public void F18_an_acknowledgment_of_a_part_restarts_the_timer()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, Wire.PatternBytes(1, 2920));
        int start = peer.TakeAll()[0].Time;
        net.Advance(800);
        peer.Send("A", ack: 1461);
        net.Advance(999);
        peer.ExpectNothing();
        net.Advance(500);
        SeenFrame again = peer.Expect("PA", seq: 1461);
        Assert.True(again.Time - start >= 1800);
    }

    [Fact]
    public void F20_after_a_timeout_one_segment_leaves_and_then_more()
    {
        TestNetwork net = Begin(configure: c =>
        {
            c.TcpSendFrames = 6;
            c.FrameCounts[^1] = 9;
        });
        TcpPeer peer = net.Peer(port: 7);
        peer.Window = 60000;
        int socket = peer.OpenFrom(mss: 1000);
        net.Write(socket, Wire.PatternBytes(1, 6000));
        Assert.Equal(4, peer.TakeAll().Count);
        net.Advance(1000);
        peer.Expect("A", seq: 1, len: 1000);
        peer.ExpectNothing();
        peer.RcvNxt = 1001;
        peer.Send("A");
        peer.Expect("A", seq: 1001, len: 1000);
        peer.Expect("A", seq: 2001, len: 1000);
        peer.ExpectNothing();
    }

    [Fact]
    public void A_partly_acknowledged_segment_is_completed()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, Wire.PatternBytes(1, 1000));
        peer.Expect("PA", len: 1000);
        peer.Send("A", ack: 301);
        net.Advance(1000);
        SeenFrame again = peer.TakeAll()[0];
        long seq = (int)(again.Seq - peer.StackIss);
        Assert.Equal(301, seq);
        Assert.Equal(1001, seq + again.Text.Length);
        Assert.Equal(Wire.PatternBytes(seq, again.Text.Length), again.Text);
    }

    [Fact]
    public void Poll_names_the_next_ARP_deadline_even_when_TCP_has_just_made_it()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Client.AnswersArp = false;
        net.Write(socket, "silence");
        net.Advance(63000);
        net.Arps.Clear();

        // the neighbour has aged out by now; the next repetition must ask for it again each second
        net.Advance(60500);
        List<int> times = [.. net.Arps.Where(a => a.Destination == TestHost.BroadcastMac).Select(a => a.Time)];
        Assert.True(times.Count >= 2, "asked " + times.Count + " times");
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1000, 9000));
    }

    [Fact]
    public void The_millisecond_count_may_wrap_at_any_time()
    {
        foreach (int start in new[] { int.MaxValue - 100, int.MinValue, -50, 0, -1 })
        {
            TestNetwork net = Begin(start: start);
            TcpPeer peer = net.Peer();
            int socket = peer.OpenTo(net.Listen());
            net.Write(socket, "x");
            int sent = peer.Expect("PA").Time;
            net.Advance(7000);
            Assert.Equal([1000, 3000, 7000], peer.TakeAll().Select(s => s.Time - sent));
            peer.Send("A");
        }
    }

    [Fact]
    public void A_link_that_was_down_costs_only_time()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, "before");
        peer.Expect("PA");
        net.Interface.IsLinkUp = false;
        net.Advance(20000);
        peer.ExpectNothing();
        net.Interface.IsLinkUp = true;
        net.Advance(20000);
        Assert.All(peer.TakeAll(), s => Assert.Equal("before"u8.ToArray(), s.Text));
        peer.Send("A");
        net.Write(socket, "after");
        peer.Expect("PA", text: "after");
    }

    [Fact]
    public void With_no_frame_free_an_acknowledgment_is_only_late()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("PA", text: "data");
        List<Frame> taken = [];
        while (net.Stack.Pool.Rent(60) is Frame frame)
        {
            taken.Add(frame);
        }

        net.Advance(200);
        peer.ExpectNothing();
        Assert.True(net.Stack.Tcp.Counters.NoFrame > 0);
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.Write(socket, new byte[1], 0, 1));
        taken.ForEach(net.Stack.Pool.Return);
        net.Advance(50);
        peer.Expect("A", ack: 5);
    }

    private (TestNetwork Net, TcpPeer Peer, int Socket) Open(WordOrder order = WordOrder.LowByteFirst)
    {
        TestNetwork net = Begin(order);
        TcpPeer peer = net.Peer();
        return (net, peer, peer.OpenTo(net.Listen()));
    }

    [Fact]
    public void F23_after_29_days_the_window_is_the_initial_one_again_too()
    {
        TestNetwork net = Begin(configure: c =>
        {
            c.TcpSendFrames = 12;
            c.FrameCounts = [12, 6, 4, 20, 4, 6];
        });
        TcpPeer peer = net.Peer(port: 7);
        peer.Window = 30000;
        int socket = peer.OpenFrom(mss: 500);
        net.Write(socket, Wire.PatternBytes(1, 2000));
        Assert.Equal(4, peer.TakeAll().Count);
        peer.Send("A", ack: 1001);
        peer.Send("A", ack: 2001);
        net.Advance(1_500_000_000);
        net.Advance(1_000_000_000);
        net.Write(socket, Wire.PatternBytes(2001, 4000));
        net.Poll();
        Assert.Equal(4 * 500, net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port).CongestionWindow);
        peer.TakeAll();
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void A_mere_acknowledgment_that_found_no_frame_is_tried_again_in_its_time_only()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, Wire.PatternBytes(1, 10));
        net.Poll();
        net.Write(socket, Wire.PatternBytes(11, 1));
        net.Poll();
        peer.Send("PA", ack: 1, text: "data");
        List<Frame> taken = [];
        while (net.Stack.Pool.Rent(60) is Frame frame)
        {
            taken.Add(frame);
        }

        net.Advance(101);
        Assert.Equal(1u, net.Stack.Tcp.Counters.NoFrame);
        for (int i = 0; i < 5; i++)
        {
            // what is written meanwhile waits behind the segment before it; that is no reason to look for a frame
            net.Write(socket, Wire.PatternBytes(12 + i, 1));
            net.Poll();
        }

        Assert.Equal(1u, net.Stack.Tcp.Counters.NoFrame);
        taken.ForEach(net.Stack.Pool.Return);
        net.Advance(10);
        Assert.Contains(peer.TakeAll(), seen => seen.Text.Length == 0 && seen.AckNumber == peer.Iss + 5);
        net.Sockets.Abort(socket);
    }
}
