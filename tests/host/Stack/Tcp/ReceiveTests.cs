// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Frames;
using TcpIp.Sockets;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>Text that arrives: acceptance, trimming, acknowledgments, the receive window (RFC 9293 section 3.10.7.4, 3.8.6).</summary>
public sealed class ReceiveTests : StackTest
{
    [Theory, BothOrders]
    public void Text_in_order_is_read_as_it_was_sent_whatever_its_length(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        foreach (int length in new[] { 1, 2, 3, 59, 60, 61, 535, 536, 1459, 1460 })
        {
            long start = peer.SndNxt;
            peer.Send("PA", length: length);
            Assert.Equal(Wire.PatternBytes(start, length), net.Read(socket, chunk: 7));
            net.Advance(200);
            peer.TakeAll();
        }
    }

    [Fact]
    public void F1_the_four_cases_of_acceptability()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        const int Window = 2920;

        // length 0, window open: RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND, and the edge itself
        Judge(1, 0, true);
        Judge(Window, 0, true);
        Judge(Window + 1, 0, true);
        Judge(Window + 2, 0, false);
        Judge(0, 0, false);

        // length over 0, window open: first or last byte in the window. What lies in front of RCV.NXT+1 is dropped after that
        Judge(Window, 10, true);
        Judge(Window + 1, 10, false);
        Judge(-9, 10, false);
        Judge(-8, 10, true, 2);

        // length 0 and over, window closed
        Fill(net, peer, socket);
        long next = peer.SndNxt;
        peer.TakeAll();
        Judge(next, 0, true);
        Judge(next - 1, 0, false);
        Judge(next + 1, 0, false);
        Judge(next, 1, false);
        net.Read(socket);

        void Judge(long seq, int length, bool acceptable, long moves = 0)
        {
            net.Advance(600);
            peer.TakeAll();
            uint before = net.Stack.Tcp.Counters.Unacceptable;
            long expected = peer.SndNxt;
            peer.Send("A", seq: seq, length: length);
            peer.SndNxt = expected;
            Assert.True((net.Stack.Tcp.Counters.Unacceptable == before) == acceptable, $"seq {seq} length {length}");
            if (!acceptable)
            {
                // F2
                peer.Expect("A", ack: expected, len: 0);
            }

            if (moves > 0)
            {
                peer.SndNxt = moves;
            }
        }
    }

    [Theory, BothOrders]
    public void F4_what_lies_left_and_right_of_the_window_is_cut_off(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        peer.Send("PA", length: 5);
        peer.Send("PA", seq: 3, length: 7);
        Assert.Equal(Wire.PatternBytes(1, 9), net.Read(socket));
        peer.SndNxt = 10;
        peer.Send("A", length: 1460);
        net.Advance(200);
        int window = peer.TakeAll()[^1].Window;
        Assert.InRange(window, 1, 1460);
        peer.Send("FPA", length: 1460);
        net.Advance(200);
        peer.Expect("A", ack: 1470 + window, win: 0);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        Assert.Equal(Wire.PatternBytes(10, 1460 + window), net.Read(socket));
    }

    [Fact]
    public void F5_ACK_of_what_was_never_sent_is_answered_and_its_text_dropped()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("PA", seq: 1, ack: 2, text: "evil");
        peer.Expect("A", seq: 1, ack: 1, len: 0);
        Assert.Equal((int)SocketError.WouldBlock, net.ReadResult(socket));
    }

    [Fact]
    public void F6_ACK_older_than_any_window_is_challenged_and_its_text_dropped()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("PA", seq: 1, ack: 1 - 8193, text: "evil");
        peer.Expect("A", seq: 1, ack: 1, len: 0);
        Assert.Equal((int)SocketError.WouldBlock, net.ReadResult(socket));
        peer.Send("PA", seq: 1, ack: 1 - 8192, text: "good");
        Assert.Equal("good"u8.ToArray(), net.Read(socket));
    }

    [Theory]
    [InlineData("-")]
    [InlineData("P")]
    [InlineData("F")]
    [InlineData("U")]
    public void F7_D12_without_ACK_bit_a_segment_is_dropped(string flags)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send(flags, seq: 1, text: "evil");
        peer.ExpectNothing();
        Assert.Equal((int)SocketError.WouldBlock, net.ReadResult(socket));
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
    }

    [Theory]
    [InlineData(0, 80)]
    [InlineData(40000, 0)]
    public void D12_port_0_is_dropped_in_silence(int from, int to)
    {
        TestNetwork net = Begin();
        net.Listen();
        TcpPeer peer = net.Peer(stackPort: to, port: from);
        peer.Send("S");
        peer.ExpectNothing();
        peer.Send("A", seq: 1);
        peer.ExpectNothing();
        Assert.Empty(net.Packets);
    }

    [Fact]
    public void F11_F13_a_gap_is_acknowledged_at_once_and_filled_by_what_is_sent_again()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("PA", seq: 11, length: 10);
        peer.Expect("A", ack: 1);
        peer.Send("PA", seq: 21, length: 10);
        peer.Expect("A", ack: 1);
        peer.Send("PA", seq: 1, length: 10);
        peer.Send("PA", seq: 11, length: 10);
        peer.Send("PA", seq: 21, length: 10);
        Assert.Equal(Wire.PatternBytes(1, 30), net.Read(socket));
    }

    [Theory, BothOrders]
    public void F12_X60_overlaps_are_delivered_once_and_the_first_copy_stays(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        peer.Send("PA", seq: 1, text: "abcdef");
        peer.Send("PA", seq: 1, text: "XXXXXX");
        peer.Send("PA", seq: 3, text: "YYYYghi");
        peer.Send("PA", seq: 2, text: "ZZ");
        Assert.Equal("abcdefghi"u8.ToArray(), net.Read(socket));
    }

    [Fact]
    public void F14_the_acknowledgment_waits_at_most_100_ms_and_for_at_most_one_more_segment()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        int start = net.Now;
        peer.Send("PA", length: 10);
        peer.ExpectNothing();
        net.Advance(99);
        peer.ExpectNothing();
        net.Advance(1);
        Assert.Equal(100, peer.Expect("A", ack: 11, len: 0).Time - start);
        peer.Send("PA", length: 10);
        peer.ExpectNothing();
        peer.Send("PA", length: 10);
        peer.Expect("A", ack: 31);
        net.Read(socket);
        net.Advance(1000);
        peer.ExpectNothing();
    }

    [Fact]
    public void F14_the_acknowledgment_rides_with_the_answer()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("PA", text: "question");
        net.Read(socket);
        net.Write(socket, "answer");
        peer.Expect("PA", seq: 1, ack: 9, text: "answer");
        net.Advance(500);
        peer.ExpectNothing();
    }

    [Fact]
    public void F15_X58_old_text_is_acknowledged_each_time()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("PA", length: 10);
        net.Read(socket);
        net.Advance(200);
        peer.TakeAll();
        for (int i = 0; i < 100; i++)
        {
            peer.Send("PA", seq: 1, length: 10);
            peer.Expect("A", ack: 11, len: 0);
        }
    }

    [Fact]
    public void F31_keepalives_of_the_peer_are_answered_and_their_byte_is_not_delivered()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("A", seq: 0);
        peer.Expect("A", seq: 1, ack: 1);
        peer.Send("A", seq: 0, text: "!");
        peer.Expect("A", seq: 1, ack: 1);
        Assert.Equal((int)SocketError.WouldBlock, net.ReadResult(socket));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(65535)]
    public void D11_X48_an_urgent_pointer_moves_nothing(int pointer)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("UPA", text: "urgent", urgent: pointer);
        Assert.Equal("urgent"u8.ToArray(), net.Read(socket));
        peer.Send("UFA", urgent: pointer);
        Assert.Equal(0, net.ReadResult(socket));
    }

    [Theory, BothOrders]
    public void The_window_closes_as_text_waits_and_opens_as_the_application_reads(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        peer.Send("A", length: 1460);
        peer.Send("A", length: 1460);
        peer.ExpectNothing();
        net.Advance(1);
        peer.Expect("A", ack: 2921, win: 0);
        byte[] buffer = new byte[2920];

        // F26, F29: one update, when it is worth a segment
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(50, net.Sockets.Read(socket, buffer, 0, 50));
            peer.ExpectNothing();
        }

        Assert.Equal(460, net.Sockets.Read(socket, buffer, 0, 460));
        peer.Expect("A", ack: 2921, win: 1460, len: 0);
        Assert.Equal(1460, net.Sockets.Read(socket, buffer, 0, 1500));
        peer.Expect("A", ack: 2921, win: 2920, len: 0);
        peer.ExpectNothing();
    }

    [Fact]
    public void One_acknowledgment_is_enough_when_the_application_reads_what_filled_the_window()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        for (int i = 0; i < 10; i++)
        {
            long start = peer.SndNxt;
            peer.Send("A", length: 1460);
            peer.Send("A", length: 1460);
            Assert.Equal(Wire.PatternBytes(start, 2920), net.Read(socket));
            peer.Expect("A", ack: peer.SndNxt, win: 2920, len: 0);
            net.Advance(200);
            peer.ExpectNothing();
        }
    }

    [Fact]
    public void While_the_window_has_room_every_second_segment_is_acknowledged_at_once()
    {
        (TestNetwork net, TcpPeer peer, int _) = Open(configure: c =>
        {
            c.TcpReceiveWindow = 6 * 1460;
            c.TcpReceiveFrames = 8;
            c.FrameCounts[^1] = 12;
        });
        for (int i = 1; i <= 2; i++)
        {
            peer.Send("A", length: 1460);
            peer.ExpectNothing();
            peer.Send("A", length: 1460);
            peer.Expect("A", ack: 1 + (i * 2920), len: 0);
        }

        // that the reader never comes delays the last one by a millisecond, whatever else arrives
        peer.Send("A", length: 1460);
        peer.Send("A", length: 700);
        peer.Send("A", length: 700);
        peer.ExpectNothing();
        net.Advance(1);
        peer.Expect("A", ack: 1 + (5 * 1460) + 1400, win: 60, len: 0);
    }

    [Fact]
    public void F10_the_right_edge_of_the_window_never_moves_left()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        TestRandom random = new(5);
        long edge = 1 + 2920;
        for (int i = 0; i < 400; i++)
        {
            int room = (int)(edge - peer.SndNxt);
            if (room > 0)
            {
                peer.Send("A", length: 1 + random.Below(Math.Min(room, 700)));
            }

            if (random.Below(3) == 0)
            {
                net.Sockets.Read(socket, new byte[900], 0, 1 + random.Below(900));
            }

            net.Advance(random.Below(150));
            foreach (SeenFrame seen in peer.TakeAll())
            {
                long told = (int)(seen.AckNumber - peer.Iss) + seen.Window;
                Assert.True(told >= edge, $"the edge went from {edge} to {told}");
                edge = told;
                peer.SndNxt = Math.Min(peer.SndNxt, (int)(seen.AckNumber - peer.Iss));
            }

            if (net.Stack.Tcp.Counters.ReceiveQueueFull > 0 && i % 10 == 0)
            {
                net.Read(socket);
            }
        }

        Assert.True(peer.SndNxt > 10000);
    }

    [Fact]
    public void F3_with_the_window_closed_acknowledgments_and_resets_still_count()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        Fill(net, peer, socket);
        peer.TakeAll();
        net.Write(socket, "abc");
        peer.Expect("PA", seq: 1, text: "abc");
        peer.Send("A", ack: 4);
        net.Advance(5000);
        peer.ExpectNothing();
        peer.Send("R");
        Assert.Equal(SocketError.ConnectionReset, net.Sockets.GetError(socket));
    }

    [Fact]
    public void F3_G13_with_the_window_closed_a_reset_with_text_counts_too()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        Fill(net, peer, socket);
        peer.Send("RA", text: "why");
        Assert.Equal(SocketError.ConnectionReset, net.Sockets.GetError(socket));
    }

    [Fact]
    public void The_window_is_never_more_than_the_frames_that_are_free()
    {
        TestNetwork net = Begin(configure: c =>
        {
            c.TcpReceiveWindow = 20000;
            c.TcpReceiveFrames = 20;
        });
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        peer.Send("S", mss: 1460);
        peer.Expect("SA", win: (net.Configuration.FrameCounts[^1] - ((net.Configuration.FrameCounts[^1] + 1) / 3)) * 1460);
    }

    [Fact]
    public void Tiny_segments_that_fill_the_receive_queue_lose_nothing()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        List<byte> read = [];
        for (int i = 0; i < 200; i++)
        {
            // a peer without Nagle that repeats what is not acknowledged
            peer.Send("PA", length: 1);
            if (i % 9 == 8)
            {
                read.AddRange(net.Read(socket));
            }

            net.Advance(120);
            List<SeenFrame> seen = peer.TakeAll();
            if (seen.Count > 0)
            {
                peer.SndNxt = (int)(seen[^1].AckNumber - peer.Iss);
            }
        }

        read.AddRange(net.Read(socket));
        Assert.True(read.Count > 50);
        Assert.Equal(Wire.PatternBytes(1, read.Count), read.ToArray());
    }

    [Theory, BothOrders]
    public void Peek_shows_the_bytes_where_they_lie_and_Consume_gives_them_up(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        ReceivedView view = new();
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Peek(socket, view));
        peer.Send("PA", length: 101);
        peer.Send("PA", length: 50);
        List<byte> all = [];
        for (int step = 1; net.Sockets.Peek(socket, view) is int length && length > 0; step += 2)
        {
            Assert.Equal(length, view.Length);
            int count = Math.Min(step, length);
            for (int i = 0; i < count; i++)
            {
                int offset = view.Offset + i;
                int word = view.Words[offset >> 1];
                all.Add((byte)(((offset & 1) == 0) == view.LowByteFirst ? word : word >> 8));
            }

            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, length + 1));
            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, -1));
            Assert.Equal(0, net.Sockets.Consume(socket, count));
        }

        Assert.Equal(Wire.PatternBytes(1, 151), all.ToArray());
    }

    private static void Fill(TestNetwork net, TcpPeer peer, int socket)
    {
        net.Advance(200);
        net.Read(socket);
        net.Advance(200);
        peer.TakeAll();
        peer.Send("A", length: 1460);
        net.Advance(200);
        int window = peer.TakeAll()[^1].Window;
        peer.Send("A", length: window);
        net.Advance(200);
        Assert.Equal(0, peer.TakeAll()[^1].Window);
    }

    private (TestNetwork Net, TcpPeer Peer, int Socket) Open(
        WordOrder order = WordOrder.LowByteFirst, Action<StackConfiguration>? configure = null)
    {
        TestNetwork net = Begin(order, configure);
        TcpPeer peer = net.Peer();
        return (net, peer, peer.OpenTo(net.Listen()));
    }
}
