// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>How much is sent at once, byte by byte: as far as the peer's window and the network's allow (RFC 5681, RFC 9293 section 3.8.6).</summary>
public sealed class TrustTests : StackTest
{
    private const int Mss = 1000;

    private TestNetwork _net = null!;
    private TcpPeer _peer = null!;
    private TcpControlBlock _block = null!;
    private int _socket;

    [Theory]
    [InlineData(1, 1)] // with nothing under way one is always trusted
    [InlineData(1000, 1)]
    [InlineData(1999, 1)]
    [InlineData(2000, 2)]
    [InlineData(2999, 2)]
    [InlineData(3000, 3)]
    [InlineData(4000, 4)]
    public void New_text_goes_as_far_as_the_network_is_trusted(int trusted, int segments)
    {
        Open();
        _block.CongestionWindow = trusted;
        _net.Write(_socket, new byte[5 * Mss]);
        Assert.Equal(Enumerable.Repeat(Mss, segments), _peer.TakeAll().Select(s => s.Text.Length));
        Assert.False(_block.OutputPending || (_block.SendTimer == SendTimerKind.Persist));
        Assert.True(SendTimer.AwaitsAcknowledgment(_block));
    }

    [Theory]
    [InlineData(1999, 1)]
    [InlineData(2000, 2)]
    [InlineData(2999, 2)]
    [InlineData(3000, 3)]
    public void Nor_does_it_go_farther_than_the_peers_window(int window, int segments)
    {
        Open();
        _peer.Send("A", win: window);
        _block.CongestionWindow = 60000;
        _net.Write(_socket, new byte[5 * Mss]);
        Assert.Equal(Enumerable.Repeat(Mss, segments), _peer.TakeAll().Select(s => s.Text.Length));
        Assert.NotEqual(SendTimerKind.Persist, _block.SendTimer);
    }

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(false, 1, true)]
    [InlineData(true, 1, false)]
    public void What_was_learnt_is_forgotten_after_a_rest_of_more_than_a_timeout_RFC5681_4_1(bool underWay, int more, bool forgotten)
    {
        Open();
        _net.Write(_socket, new byte[10]);
        _peer.TakeAll();
        if (!underWay)
        {
            _peer.Send("A", ack: 11);
        }

        _block.NoDelay = true;
        _block.CongestionWindow = 60000;
        if (underWay)
        {
            SendTimer.StopLossTimer(_block);
            SendTimer.RestartRetransmission(_block, _net.Now + 100_000);
        }

        _net.Advance(_block.Rto + more);
        _net.Write(_socket, new byte[10]);
        _peer.TakeAll();
        Assert.Equal(forgotten ? 4 * Mss : 60000, _block.CongestionWindow);
    }

    [Fact]
    public void The_peer_owes_an_acknowledgment_since_the_first_text_that_it_has_not_acknowledged()
    {
        Open();
        _net.Advance(77);
        int first = _net.Now;
        _net.Write(_socket, new byte[Mss]);
        _net.Poll();
        Assert.Equal((first, first), (_block.UserTimeoutFrom, _block.LastSentAt));
        _net.Advance(33);
        _net.Write(_socket, new byte[Mss]);
        _net.Poll();
        Assert.Equal((first, first + 33), (_block.UserTimeoutFrom, _block.LastSentAt));
        Assert.Equal(first + _block.Rto, _block.RetransmitAt);
        _peer.TakeAll();
    }

    [Theory]
    [InlineData(2999, 0)]
    [InlineData(3000, 1)]
    [InlineData(3999, 1)]
    [InlineData(4000, 2)]
    public void What_was_lost_goes_first_and_as_far_as_the_network_is_trusted(int trusted, int segments)
    {
        // the first two of four are lost, and the others are on their way
        Open();
        _net.Write(_socket, new byte[4 * Mss]);
        Assert.Equal(4, _peer.TakeAll().Count);
        _block.SendQueue.Head.Marks = TcpLossDetection.Lost;
        _block.SendQueue.Head.Next.Marks = TcpLossDetection.Lost;
        _block.LostSegments = 2;
        _block.CongestionWindow = trusted;
        _net.Advance(10);
        _net.Write(_socket, new byte[Mss]);
        List<SeenFrame> again = _peer.TakeAll();
        Assert.Equal(Enumerable.Range(0, segments).Select(i => 1 + (i * Mss)), again.Select(s => (int)(s.Seq - _peer.StackIss)));
        Assert.All(again, s => Assert.Equal(SeenFrame.Ack, s.Flags));
        Assert.Equal((uint)segments, _net.Stack.Tcp.Counters.Retransmissions);
        Assert.Equal(segments > 0 ? _net.Now : _net.Now - 10, _block.LastSentAt);
        Assert.Equal(2 - segments, _block.LostSegments);
    }

    [Fact]
    public void With_all_of_it_lost_one_is_sent_whatever_the_network_is_trusted_with()
    {
        Open();
        _net.Write(_socket, new byte[2 * Mss]);
        _peer.TakeAll();
        _block.SendQueue.Head.Marks = TcpLossDetection.Lost;
        _block.SendQueue.Head.Next.Marks = TcpLossDetection.Lost;
        _block.LostSegments = 2;
        _block.CongestionWindow = 1;
        _net.Stack.Tcp.RequestOutput(_block);
        Assert.Equal([1], _peer.TakeAll().Select(s => (int)(s.Seq - _peer.StackIss)));
    }

    [Fact]
    public void What_is_new_does_not_go_before_what_is_lost()
    {
        Open();
        _net.Write(_socket, new byte[3 * Mss]);
        _peer.TakeAll();
        _block.SendQueue.Head.Marks = TcpLossDetection.Lost;
        _block.LostSegments = 1;
        _block.CongestionWindow = 2500;
        _block.NoDelay = true;
        _net.Write(_socket, new byte[100]);
        _peer.ExpectNothing();
        _block.CongestionWindow = 3100;
        _net.Stack.Tcp.RequestOutput(_block);
        Assert.Equal([1, 3001], _peer.TakeAll().Select(s => (int)(s.Seq - _peer.StackIss)));
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(1999, 1)]
    [InlineData(2000, 2)]
    [InlineData(999, 0)]
    public void What_is_lost_behind_the_edge_of_a_window_that_has_shrunk_waits_SHLD15(int window, int segments)
    {
        Open();
        _net.Write(_socket, new byte[3 * Mss]);
        _peer.TakeAll();
        for (int i = 0; i < 2; i++)
        {
            (i == 0 ? _block.SendQueue.Head : _block.SendQueue.Head.Next).Marks = TcpLossDetection.Lost;
        }

        _block.LostSegments = 2;
        _block.CongestionWindow = 60000;
        _block.SndWnd = window;
        _block.NoDelay = true;
        _net.Write(_socket, new byte[10]);
        Assert.Equal(Enumerable.Range(0, segments).Select(i => 1 + (i * Mss)), _peer.TakeAll().Select(s => (int)(s.Seq - _peer.StackIss)));

        // the third is under way, and its timer runs
        Assert.True(SendTimer.AwaitsAcknowledgment(_block));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_nothing_under_way_a_window_that_is_too_small_is_asked_for(bool lost)
    {
        Open();
        _net.Write(_socket, new byte[Mss]);
        _net.Advance(70);
        _peer.TakeAll();
        if (lost)
        {
            _block.SendQueue.Head.Marks = TcpLossDetection.Lost;
            _block.LostSegments = 1;
            _block.SndWnd = 999;
        }
        else
        {
            _peer.Send("A", ack: 1 + Mss, win: 0);
        }

        int since = _block.UserTimeoutFrom;
        _net.Advance(30);
        _block.SendTimer = SendTimerKind.TailProbe;
        _block.SendTimerAt = _net.Now + 1000;
        _block.Probes = 5;
        _net.Write(_socket, new byte[Mss]);
        _peer.ExpectNothing();
        Assert.Equal((SendTimerKind.Persist, 0), (_block.SendTimer, _block.Probes));
        Assert.Equal(_net.Now + _block.Rto, _block.SendTimerAt);

        // what is owed is owed for longer: the peer has taken back what it had offered
        Assert.Equal(lost ? since : _net.Now, _block.UserTimeoutFrom);
        int due = _block.SendTimerAt;
        _net.Stack.Tcp.RequestOutput(_block);
        _block.Probes = 3;
        _net.Advance(20);
        Assert.Equal((due, 3), (_block.SendTimerAt, _block.Probes));
    }

    [Theory]
    [InlineData(3000, 2001, 5, 3001)] // what is new fits the window
    [InlineData(2999, 1001, 7, 2001)] // it does not: the last one again
    public void The_end_is_probed_with_what_is_new_or_else_with_the_last_segment_RFC8985_7_3(int window, int sequence, int flags, int end)
    {
        Open();
        _block.CongestionWindow = 2000;
        _net.Write(_socket, new byte[3 * Mss]);
        Assert.Equal(2, _peer.TakeAll().Count);
        _net.Advance(40);
        _block.SndWnd = window;
        Expire();
        Assert.Equal([sequence], _peer.TakeAll().Select(s => (int)(s.Seq - _peer.StackIss)));
        Assert.Equal((flags, _block.Iss + (uint)end, SendTimerKind.Retransmission), (_block.TailProbe, _block.TailProbeEnd, _block.SendTimer));
        Assert.Equal((1u, _net.Now + _block.Rto), (_net.Stack.Tcp.Counters.TailProbes, _block.RetransmitAt));
        Assert.Equal(flags == 7 ? 1u : 0u, _net.Stack.Tcp.Counters.Retransmissions);
    }

    [Fact]
    public void A_segment_of_which_a_part_was_sent_is_not_new()
    {
        Open();
        _block.CongestionWindow = 2000;
        _net.Write(_socket, new byte[3 * Mss]);
        Assert.Equal(2, _peer.TakeAll().Count);
        _block.SndNxt--;
        _block.SndMax--;
        Expire();
        SeenFrame probe = _peer.Expect("A", seq: 1001);
        Assert.Equal(Mss - 1, probe.Text.Length);
        Assert.Equal(7, _block.TailProbe);
        _block.SndNxt++;
        _block.SndMax++;
    }

    [Fact]
    public void Where_nothing_is_under_way_there_is_no_end_to_probe()
    {
        Open();
        Expire();
        _peer.ExpectNothing();
        Assert.Equal((0, 0u, false), (_block.TailProbe, _net.Stack.Tcp.Counters.TailProbes, SendTimer.AwaitsAcknowledgment(_block)));
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(1, 1, false)]
    [InlineData(600, 600, false)]
    [InlineData(1000, 1000, false)]
    [InlineData(5000, 1000, false)] // it has opened meanwhile
    public void What_has_waited_for_the_window_long_enough_is_sent_as_far_as_it_fits_3_8_6_2_1(int window, int length, bool probe)
    {
        Open();
        _peer.Send("A", win: 0);
        _net.Write(_socket, new byte[Mss]);
        _net.Advance(100);
        _peer.ExpectNothing();
        _block.SndWnd = window;
        _block.SendTimerAt = _net.Now;
        _net.Stack.Tcp.Touch(_block);
        SeenFrame sent = Assert.Single(_peer.TakeAll());
        Assert.Equal((length, SeenFrame.Ack | SeenFrame.Psh), (sent.Text.Length, sent.Flags));
        Assert.Equal(1u, sent.Seq - _peer.StackIss);
        Assert.Equal((uint)length, _block.SndMax - _block.SndUna);
        Assert.Equal(probe ? 0u : (uint)length, _block.SndNxt - _block.SndUna);
        Assert.Equal(probe ? SendTimerKind.Persist : SendTimerKind.Retransmission, _block.SendTimer);
        Assert.True(probe || _block.SendQueue.Head.SentAt == _net.Now);
        Assert.Equal(probe ? 1u : 0u, _net.Stack.Tcp.Counters.WindowProbes);
    }

    [Theory]
    [InlineData(999, 0)]
    [InlineData(1000, 1)]
    [InlineData(1999, 1)]
    [InlineData(2000, 2)]
    public void What_was_cut_by_the_window_goes_whole_once_there_is_room_and_waits_for_nothing(int trusted, int segments)
    {
        Open();
        Cut();
        SeenFrame part = Assert.Single(_peer.TakeAll());
        Assert.Equal((600, SeenFrame.Ack), (part.Text.Length, part.Flags));
        _block.MaxSndWnd = 30000;
        _block.CongestionWindow = trusted;
        if (segments == 2)
        {
            _net.Write(_socket, new byte[Mss]);
        }

        _peer.Send("A", ack: 1, win: 30000);
        Assert.Equal(Enumerable.Range(0, segments).Select(i => 1 + (i * Mss)), _peer.TakeAll().Select(s => (int)(s.Seq - _peer.StackIss)));
        Assert.Equal(segments == 0 ? 600u : (uint)segments * Mss, _block.SndNxt - _block.SndUna);

        // of the first nobody knows what its acknowledgment will answer
        Assert.Equal(segments == 0 ? 0 : TcpLossDetection.Repeated, _block.SendQueue.Head.Marks);
        Assert.Equal(0, _block.SendQueue.Tail.Marks & (segments < 2 ? 0 : TcpLossDetection.Repeated));
    }

    [Fact]
    public void What_was_cut_is_repeated_as_far_as_it_was_sent()
    {
        Open();
        Cut();
        Assert.Single(_peer.TakeAll());
        _net.Advance(_block.Rto);
        SeenFrame again = Assert.Single(_peer.TakeAll());
        Assert.Equal((600, SeenFrame.Ack), (again.Text.Length, again.Flags));
    }

    [Fact]
    public void A_FIN_goes_again_with_the_last_segment_and_with_no_other()
    {
        Open();
        _net.Write(_socket, new byte[2 * Mss]);
        Assert.Equal(0, _net.Sockets.Shutdown(_socket));
        int last = SeenFrame.Ack | SeenFrame.Psh | SeenFrame.Fin;
        Assert.Equal([SeenFrame.Ack, last], _peer.TakeAll().Select(s => s.Flags));
        _net.Advance(_block.Rto);
        Assert.Equal(SeenFrame.Ack, Assert.Single(_peer.TakeAll()).Flags);
        _peer.Send("A", ack: 1 + Mss);
        Assert.Equal(last, Assert.Single(_peer.TakeAll()).Flags);
    }

    [Fact]
    public void A_FIN_without_text_that_goes_again_is_a_retransmission_like_any_other()
    {
        Open();
        Assert.Equal(0, _net.Sockets.Shutdown(_socket));
        _peer.Expect("FA", seq: 1);
        _net.Advance(_block.Rto);
        _peer.Expect("FA", seq: 1);
        Assert.Equal((1u, _net.Now, false), (_net.Stack.Tcp.Counters.Retransmissions, _block.LastSentAt, _block.FinLost));
    }

    [Fact]
    public void A_byte_under_way_counts_as_one()
    {
        Open();
        _block.NoDelay = true;
        _net.Write(_socket, new byte[1]);
        Assert.Single(_peer.TakeAll());
        _block.CongestionWindow = Mss;
        _net.Write(_socket, new byte[Mss]);
        _peer.ExpectNothing();

        // nor is a window asked for as long as an acknowledgment will come
        Assert.True(SendTimer.AwaitsAcknowledgment(_block));
        _block.CongestionWindow = Mss + 1;
        _net.Stack.Tcp.RequestOutput(_block);
        Assert.Single(_peer.TakeAll());
    }

    [Fact]
    public void A_byte_under_way_counts_for_what_is_lost_too()
    {
        Open();
        _block.NoDelay = true;
        _net.Write(_socket, new byte[Mss]);
        _peer.TakeAll();
        _net.Write(_socket, new byte[1]);
        _peer.TakeAll();
        _block.SendQueue.Head.Marks = TcpLossDetection.Lost;
        _block.LostSegments = 1;
        _block.CongestionWindow = Mss;
        _net.Stack.Tcp.RequestOutput(_block);
        _peer.ExpectNothing();
        _block.CongestionWindow = Mss + 1;
        _net.Stack.Tcp.RequestOutput(_block);
        _peer.Expect("A", seq: 1, len: Mss);
    }

    [Fact]
    public void Short_frames_that_make_a_full_segment_together_do_not_wait()
    {
        Open();
        _net.Write(_socket, new byte[10]);
        Assert.Single(_peer.TakeAll());
        _net.Write(_socket, new byte[500]);
        _net.Write(_socket, new byte[Mss - 501]);
        _peer.ExpectNothing();
        _net.Write(_socket, new byte[1]);
        Assert.NotEmpty(_peer.TakeAll());
    }

    [Fact]
    public void What_a_probe_has_carried_a_byte_of_is_not_timed_RFC6298_3()
    {
        Open();
        _peer.Send("A", win: 0);
        _net.Write(_socket, new byte[Mss]);
        _net.Advance(_block.Rto);
        Assert.Single(Assert.Single(_peer.TakeAll()).Text);
        _block.SndWnd = 600;
        _block.SendTimerAt = _net.Now;
        _net.Stack.Tcp.Touch(_block);
        Assert.Equal(600, Assert.Single(_peer.TakeAll()).Text.Length);
        Assert.Equal(TcpLossDetection.Repeated, _block.SendQueue.Head.Marks);
    }

    [Fact]
    public void With_nothing_to_send_no_window_is_asked_for()
    {
        Open();
        _block.SendTimer = SendTimerKind.Persist;
        _block.SendTimerAt = _net.Now;
        _net.Stack.Tcp.Touch(_block);
        _peer.ExpectNothing();
        Assert.Equal((false, 0u), (_block.SendTimer == SendTimerKind.Persist, _net.Stack.Tcp.Counters.WindowProbes));
    }

    [Theory]
    [InlineData(1, 14, 32768)]
    [InlineData(60000, 0, 60000)]
    [InlineData(60000, 14, 60000)]
    [InlineData(60000, 15, 60000)] // doubled once more it would be no number
    [InlineData(60000, 16, 60000)]
    public void Between_two_probes_of_a_window_is_a_minute_at_most(int rto, int probes, int interval)
    {
        Open();
        _peer.Send("A", win: 0);
        _net.Write(_socket, new byte[Mss]);
        _peer.ExpectNothing();
        _block.Rto = rto;
        _block.Probes = probes;
        _block.SendTimerAt = _net.Now;
        _net.Stack.Tcp.Touch(_block);
        Assert.Single(Assert.Single(_peer.TakeAll()).Text);
        Assert.Equal(_net.Now + interval, _block.SendTimerAt);
    }

    /// <summary>A segment is sent as far as a window of half the largest allows.</summary>
    private void Cut()
    {
        _peer.Send("A", win: 0);
        _net.Write(_socket, new byte[Mss]);
        _peer.ExpectNothing();
        _block.MaxSndWnd = 1200;
        _peer.Send("A", win: 600);
    }

    /// <summary>It is time to probe the end.</summary>
    private void Expire()
    {
        _block.SendTimer = SendTimerKind.TailProbe;
        _block.SendTimerAt = _net.Now;
        _net.Stack.Tcp.Touch(_block);
        _net.Poll();
    }

    private void Open()
    {
        _net = Begin(configure: c =>
        {
            c.TcpSendFrames = 10;
            c.FrameCounts = [12, 6, 4, 4, 4, 20];
        });
        _peer = _net.Peer();
        _peer.Window = 30000;
        _socket = _peer.OpenTo(_net.Listen(), Mss);
        _block = _net.Stack.Tcp.Blocks.Single(b => b.RemotePort == _peer.Port);
    }
}
