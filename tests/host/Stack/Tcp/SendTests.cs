// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Frames;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>Text that leaves: segments, Nagle, the peer's window, probes (RFC 9293 sections 3.7 and 3.8.6).</summary>
public sealed class SendTests : StackTest
{
    [Theory, BothOrders]
    public void Text_of_any_length_leaves_as_it_was_written(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        foreach (int length in new[] { 1, 2, 3, 5, 6, 7, 57, 58, 59, 201, 202, 536, 1459, 1460 })
        {
            long start = peer.RcvNxt;
            net.Write(socket, Wire.PatternBytes(start, length));
            Assert.Equal(Wire.PatternBytes(start, length), peer.Expect("PA", seq: start, ack: 1, len: length).Text);
            peer.Send("A");
        }
    }

    [Theory, BothOrders]
    public void Text_written_in_odd_pieces_leaves_whole(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        List<byte> seen = [];
        int written = 0;
        for (int i = 0; i < 60; i++)
        {
            int length = 1 + (i * 5 % 23);
            written += Math.Max(0, net.Sockets.Write(socket, Wire.PatternBytes(1 + written, length), 0, length));
            if (i % 4 == 3)
            {
                seen.AddRange(peer.TakeAll().SelectMany(s => s.Text));
                peer.RcvNxt = 1 + seen.Count;
                peer.Send("A");
            }
        }

        seen.AddRange(peer.TakeAll().SelectMany(s => s.Text));
        Assert.True(seen.Count > 300);
        Assert.Equal(Wire.PatternBytes(1, seen.Count), seen.ToArray());
    }

    [Fact]
    public void Who_writes_all_the_time_leaves_a_frame_of_the_largest_size_to_receive_in()
    {
        TestNetwork net = Begin(configure: c => c.TcpSendFrames = 10);
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        int largest = net.Stack.Pool.Total(net.Stack.Pool.Classes - 1);
        int left = (largest + 1) / 3;
        Assert.Equal((largest - left) * 1460, net.Sockets.Write(socket, new byte[20000], 0, 20000));
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.Write(socket, new byte[1460], 0, 1460));
        Assert.Equal(left, net.Stack.Pool.FreeLargest());
        peer.Send("PA", length: 1460);
        Assert.Equal(1460, net.Read(socket).Length);
    }

    [Fact]
    public void F28_Nagle_many_small_writes_wait_together_for_the_acknowledgment()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, "a");
        peer.Expect("PA", seq: 1, text: "a");
        int taken = 0;
        while (taken < 200 && net.Sockets.Write(socket, Wire.PatternBytes(2 + taken, 1), 0, 1) == 1)
        {
            taken++;
            peer.ExpectNothing();
        }

        // a send queue of three frames should not be full of 13 bytes
        Assert.Equal(200, taken);
        peer.Send("A");
        Assert.Equal(Wire.PatternBytes(2, 200), peer.Expect("PA", seq: 2).Text);
    }

    [Theory, BothOrders]
    public void Prepared_words_leave_as_they_are_with_odd_and_even_lengths(WordOrder order)
    {
        foreach (int length in new[] { 1, 2, 77, 1000, 1460, 1461, 2919, 2921, 4001 })
        {
            TestNetwork net = Begin(order);
            TcpPeer peer = net.Peer();
            peer.Window = 20000;
            int socket = peer.OpenTo(net.Listen());
            byte[] bytes = Wire.PatternBytes(1, length);
            WordBuffer content = new(System.Text.Encoding.Latin1.GetString(bytes), order);
            int sent = 0;
            List<byte> seen = [];
            while (sent < length)
            {
                int taken = net.Sockets.Write(socket, content, sent);
                Assert.True(taken > 0);
                sent += taken;
                seen.AddRange(peer.TakeAll().SelectMany(s => s.Text));
                peer.RcvNxt = 1 + seen.Count;
                peer.Send("A");
            }

            seen.AddRange(peer.TakeAll().SelectMany(s => s.Text));
            Assert.Equal(bytes, seen.ToArray());
            peer.RcvNxt = 1 + seen.Count;

            // a word buffer may be followed by plain bytes, in the same frame
            peer.Send("A");
            net.Write(socket, "tail");
            peer.Expect("PA", text: "tail");
        }
    }

    [Theory, BothOrders]
    public void Prepared_words_that_are_retransmitted_and_joined_have_right_sums(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        WordBuffer content = new("An odd length, 21 b.!", order);
        Assert.Equal(21, net.Sockets.Write(socket, content, 0));
        peer.Expect("PA", seq: 1, text: "An odd length, 21 b.!");
        Assert.Equal(21, net.Sockets.Write(socket, content, 0));
        net.Write(socket, "xy");
        content.SetByte(0, 'a');
        Assert.Equal(21, net.Sockets.Write(socket, content, 0));
        peer.TakeAll();
        net.Advance(1000);
        peer.Expect("A", seq: 1, text: "An odd length, 21 b.!");
        peer.RcvNxt = 22;
        peer.Send("A");
        List<SeenFrame> all = peer.TakeAll();
        peer.RcvNxt = 45;
        peer.Send("A");
        all.AddRange(peer.TakeAll());
        char[] rest = new char[44];
        foreach (SeenFrame seen in all)
        {
            System.Text.Encoding.Latin1.GetString(seen.Text).CopyTo(0, rest, (int)(seen.Seq - peer.StackIss) - 22, seen.Text.Length);
        }

        Assert.Equal("An odd length, 21 b.!xyan odd length, 21 b.!", new string(rest));
    }

    [Fact]
    public void D13_PSH_is_on_the_last_segment_of_a_send()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer(port: 7);
        peer.Window = 30000;
        int socket = peer.OpenFrom(mss: 1000);
        net.Write(socket, Wire.PatternBytes(1, 2500));
        Assert.Equal("A", peer.Expect("A", seq: 1, len: 1000).FlagText);
        Assert.Equal("A", peer.Expect("A", seq: 1001, len: 1000).FlagText);
        Assert.Equal("PA", Collect(peer, 2001).FlagText);

        SeenFrame Collect(TcpPeer p, long seq)
        {
            // Nagle: a short last piece waits for an acknowledgment
            p.Send("A", ack: 2001);
            return p.Expect("A", seq: seq, len: 500);
        }
    }

    [Fact]
    public void F28_Nagle_holds_a_short_segment_while_another_is_under_way()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, "a");
        peer.Expect("PA", seq: 1, text: "a");
        net.Write(socket, "b");
        net.Write(socket, "c");
        peer.ExpectNothing();
        peer.Send("A");
        peer.Expect("PA", seq: 2, text: "bc");
    }

    [Fact]
    public void F28_without_Nagle_each_write_leaves_at_once()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        Assert.Equal(0, net.Sockets.SetNoDelay(socket, true));
        net.Write(socket, "a");
        peer.Expect("PA", seq: 1, text: "a");
        net.Write(socket, "b");
        peer.Expect("PA", seq: 2, text: "b");
    }

    [Fact]
    public void F28_the_FIN_and_the_text_before_it_do_not_wait()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, "a");
        peer.Expect("PA", seq: 1, text: "a");
        net.Write(socket, "b");
        net.Sockets.Shutdown(socket);
        peer.Expect("FPA", seq: 2, text: "b");
    }

    [Fact]
    public void D9_a_window_above_32767_is_large_not_negative()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        peer.Window = 65535;
        int socket = peer.OpenTo(net.Listen());
        net.Write(socket, Wire.PatternBytes(1, 1400));
        peer.Expect("PA", len: 1400);
    }

    [Fact]
    public void A_window_of_many_segments_is_used_whole()
    {
        TestNetwork net = Begin(configure: c => c.TcpSendFrames = 30);
        TcpPeer peer = net.Peer();
        peer.Window = 32768;
        int socket = peer.OpenTo(net.Listen());
        net.Write(socket, Wire.PatternBytes(1, 3000));

        // 23 segments of 1424 bytes, instead of 22 of 1460 and 648 bytes that no segment would use
        peer.Expect("A", len: 1424);
        peer.Expect("A", len: 1424);
    }

    [Fact]
    public void Never_more_than_the_window_is_under_way()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        peer.Window = 2000;
        int socket = peer.OpenTo(net.Listen());
        Assert.Equal(3000, net.Sockets.Write(socket, Wire.PatternBytes(1, 4000), 0, 4000));

        // the window is used up, in equal parts
        Assert.Equal([1000, 1000], peer.TakeAll().Select(s => s.Text.Length));
    }

    [Fact]
    public void The_send_queue_has_an_end_and_goes_on_when_acknowledged()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        int taken = net.Sockets.Write(socket, new byte[10000], 0, 10000);
        Assert.Equal(3 * 1460, taken);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Write(socket, new byte[1], 0, 1));
        peer.TakeAll();
        peer.Send("A", ack: 1461);
        Assert.Equal(1460, net.Sockets.Write(socket, new byte[10000], 0, 10000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1460)]
    public void F24_F25_a_closed_window_is_probed_and_an_open_one_resumes_at_once(int length)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("A", win: 0);
        net.Write(socket, Wire.PatternBytes(1, length));
        peer.ExpectNothing();
        int start = net.Now;
        net.Advance(1000);
        SeenFrame probe = peer.Expect("A", seq: 1);
        Assert.Equal(1000, probe.Time - start);
        Assert.Equal(Wire.PatternBytes(1, 1), probe.Text);
        peer.RcvNxt = 1;
        peer.Send("A", ack: 1, win: 0);
        net.Advance(1999);
        peer.ExpectNothing();
        net.Advance(1);
        peer.Expect("A", seq: 1, len: 1);
        peer.RcvNxt = 1;
        peer.Send("A", ack: 1, win: 8000);
        peer.Expect("PA", seq: 1, len: length);
        peer.Send("A");
        net.Advance(10000);
        peer.ExpectNothing();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1460)]
    public void F25_a_peer_that_takes_the_probes_byte_gets_the_rest(int length)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("A", win: 0);
        net.Write(socket, Wire.PatternBytes(1, length));
        net.Advance(1000);
        peer.Expect("A", seq: 1, len: 1);
        peer.Send("A", ack: 2, win: 0);
        net.Advance(3000);
        SeenFrame probe = peer.TakeAll()[^1];
        Assert.Equal(3L, (int)(probe.Seq - peer.StackIss) + probe.Text.Length);
        peer.Send("A", ack: 2, win: 5000);
        SeenFrame rest = peer.TakeAll()[^1];
        Assert.Equal(1L + length, (int)(rest.Seq - peer.StackIss) + rest.Text.Length);
    }

    [Fact]
    public void F24_probes_go_on_for_hours_while_they_are_answered()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("A", win: 0);
        net.Write(socket, "x");
        int probes = 0;
        List<int> gaps = [];
        int last = net.Now;
        while (net.Now - TestNetwork.DefaultStart < 4 * 3600 * 1000)
        {
            net.Advance(500);
            foreach (SeenFrame probe in peer.TakeAll())
            {
                gaps.Add(probe.Time - last);
                last = probe.Time;
                probes++;
                peer.Send("A", ack: 1, win: 0);
            }
        }

        Assert.Equal([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000], gaps.Take(8));
        Assert.InRange(probes, 235, 250);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        peer.Send("A", ack: 1, win: 100);
        peer.Expect("PA", seq: 1, text: "x");
    }

    [Fact]
    public void F24_X61_a_closed_window_whose_probes_are_not_answered_times_out()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("A", win: 0);
        net.Write(socket, "x");
        net.Advance(100000);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        net.Advance(90000);
        Assert.Equal(SocketError.TimedOut, net.Sockets.GetError(socket));
    }

    [Fact]
    public void F25_two_stacks_with_both_windows_closed_come_free_when_one_reads()
    {
        LossyLink link = new(9) { Delay = 3 };
        (int a, int b) = LossyLinkTests.Connect(link);
        byte[] buffer = new byte[5000];
        int written = 0;
        link.Run(20000, () => written += Fill(link.A, a) + Fill(link.B, b), () => false);
        Assert.True(written > 5000);

        // A reads and goes on, B's application waits until it can write. Both must not wait for ever
        int more = 0;
        link.Run(
            60000,
            () =>
            {
                link.A.Stack.Sockets.Read(a, buffer, 0, buffer.Length);
                more += Fill(link.B, b);
            },
            () => more >= 6000);
        Assert.True(more >= 6000, "B could write only " + more);

        int Fill(LinkStation station, int socket) => Math.Max(0, station.Stack.Sockets.Write(socket, buffer, 0, 1000));
    }

    [Fact]
    public void F9_X63_a_window_that_shrinks_below_what_is_under_way_breaks_nothing()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, Wire.PatternBytes(1, 3 * 1460));
        Assert.Equal(3, peer.TakeAll().Count);
        foreach (int window in new[] { 1500, 100, 1, 0 })
        {
            peer.Send("A", ack: 1, win: window);
            Assert.DoesNotContain(peer.TakeAll(), s => s.Text.Length > 0);
            net.Advance(3000);
            foreach (SeenFrame seen in peer.TakeAll())
            {
                int end = (int)(seen.Seq - peer.StackIss) + seen.Text.Length;
                Assert.InRange(end, 2, 1 + Math.Max(1, Math.Max(window, 1)));
            }
        }

        peer.Send("A", ack: 1, win: 8000);
        Drain(net, peer, 1 + (3 * 1460));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void X62_a_peer_that_acknowledges_byte_by_byte_gets_no_tiny_segments(int step)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, Wire.PatternBytes(1, 3 * 1460));
        peer.TakeAll();
        int more = 0;
        for (int ack = 1; ack < 2000; ack += step)
        {
            peer.Send("A", ack: ack);
            if (net.Sockets.Write(socket, new byte[1460], 0, 1460) > 0)
            {
                more++;
            }

            Assert.All(peer.TakeAll(), s => Assert.True(s.Text.Length >= 1460, "a tiny segment: " + s));
        }

        Assert.Equal(1, more);
    }

    [Fact]
    public void F27_a_part_of_a_segment_is_sent_only_when_it_is_half_of_the_largest_window_or_the_timer_overrides()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        peer.Window = 1000;
        int socket = peer.OpenTo(net.Listen());
        net.Write(socket, Wire.PatternBytes(1, 1000));
        peer.Expect("PA", len: 1000);
        peer.Send("A", win: 400);
        net.Write(socket, Wire.PatternBytes(1001, 1000));
        peer.ExpectNothing();
        net.Advance(1000);
        peer.Expect("A", seq: 1001, len: 400);
        peer.Send("A", win: 1000);
        Drain(net, peer, 2001);
    }

    [Fact]
    public void F8_the_window_is_taken_only_from_newer_segments()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("PA", length: 10);
        peer.Send("A", win: 0);

        // an old segment that was overtaken says 8000
        peer.Send("PA", seq: 6, length: 5, win: 8000);
        net.Write(socket, "x");
        Assert.DoesNotContain(peer.TakeAll(), s => s.Text.Length > 0);
        peer.Send("A", win: 8000);
        peer.Expect("PA", text: "x");
    }

    [Fact]
    public void F34_after_a_timeout_a_mere_acknowledgment_carries_the_highest_number()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, Wire.PatternBytes(1, 3 * 1460));
        peer.TakeAll();
        net.Advance(1000);
        peer.Expect("A", seq: 1, len: 1460);
        peer.Send("PA", length: 1, ack: 1);
        peer.Send("PA", length: 1, ack: 1);
        peer.Expect("A", seq: 1 + (3 * 1460), ack: 3, len: 0);
    }

    [Fact]
    public void While_the_controller_is_busy_nothing_is_lost_that_the_queue_holds()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Interface.Busy = true;
        net.Write(socket, Wire.PatternBytes(1, 3 * 1460));
        peer.ExpectNothing();
        net.Interface.Busy = false;
        List<SeenFrame> seen = peer.TakeAll();
        Assert.Equal([1u, 1461u, 2921u], seen.Select(s => s.Seq - peer.StackIss));
    }

    private static void Drain(TestNetwork net, TcpPeer peer, long end)
    {
        for (int i = 0; i < 50 && peer.RcvNxt < end; i++)
        {
            foreach (SeenFrame seen in peer.TakeAll())
            {
                long seq = (int)(seen.Seq - peer.StackIss);
                Assert.Equal(Wire.PatternBytes(seq, seen.Text.Length), seen.Text);
                if (seq <= peer.RcvNxt)
                {
                    peer.RcvNxt = Math.Max(peer.RcvNxt, seq + seen.Text.Length);
                }
            }

            peer.Send("A");
            net.Advance(1000);
        }

        Assert.Equal(end, peer.RcvNxt);
    }

    private (TestNetwork Net, TcpPeer Peer, int Socket) Open(WordOrder order = WordOrder.LowByteFirst)
    {
        TestNetwork net = Begin(order);
        TcpPeer peer = net.Peer();
        return (net, peer, peer.OpenTo(net.Listen()));
    }
}
