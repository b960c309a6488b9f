// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>What follows from an acknowledgment, field by field (RFC 9293 section 3.10.7.4, RFC 6298 section 5, RFC 8985).</summary>
public sealed class AcknowledgmentTests
{
    private const int At = 54;

    private readonly Flight _flight = new();
    private readonly TcpCongestion _congestion = new(true);
    private readonly TcpAcknowledgment _acknowledgment;

    public AcknowledgmentTests()
    {
        FramePool pool = new([64], [1], WordOrder.LowByteFirst, 0, guard: false);
        StackConfiguration configuration = new() { TcpMinimumRto = 20 };
        _acknowledgment = new TcpAcknowledgment(null!, new TcpLossDetection(_flight.Counters), _congestion, pool, configuration);
        _congestion.Begin(Block);
        Block.Srtt8 = 100 << 3;
        Block.RttVar4 = 200;
        Block.Rto = 1200;
    }

    private static int Now => int.MinValue + 30;

    private TcpControlBlock Block => _flight.Block;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(999, 0)]
    [InlineData(1000, 1)]
    [InlineData(1001, 1)]
    [InlineData(3000, 3)]
    public void What_is_wholly_acknowledged_goes_back_to_the_pool(int bytes, int frames)
    {
        _flight.SendMany(3, Now - 60);
        Advance(bytes);
        Assert.Equal(3 - frames, Block.SendQueue.Count);
        Assert.Equal(Enumerable.Range(0, 3).Select(i => i < frames ? 0 : 1), _flight.Segments.Select(s => s.References));
        Assert.Equal(Flight.Start + (uint)bytes, Block.SndUna);
        Assert.Equal(Flight.Start + 3000, Block.SndNxt);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(2000, true)]
    [InlineData(3000, false)]
    public void The_timer_begins_anew_while_something_is_under_way_RFC6298_5(int bytes, bool runs)
    {
        _flight.SendMany(3, Now - 100);
        Block.Retransmits = 2;
        Block.Probes = 3;
        Block.UserTimeoutFrom = Now - 500;
        Block.RetransmitAt = Now + 5;
        Block.SendTimer = SendTimerKind.Reordering;
        Block.SendTimerAt = Now + 3;
        Block.FinLost = true;
        Advance(bytes);
        Assert.Equal((runs, 0, 0, Now), (SendTimer.AwaitsAcknowledgment(Block), Block.Retransmits, Block.Probes, Block.UserTimeoutFrom));

        // R = 100: RTTVAR = 3/4 50
        Assert.Equal(250, Block.Rto);
        Assert.Equal(runs ? Now + 250 : Now + 5, Block.RetransmitAt);
        Assert.Equal(runs ? SendTimerKind.Reordering : SendTimerKind.None, Block.SendTimer);
        Assert.Equal(runs, Block.FinLost);
        Assert.Equal(runs ? 100 : -1, Block.RackRtt);
    }

    [Fact]
    public void A_round_trip_of_no_time_at_all_is_one()
    {
        _flight.SendMany(2, Now);
        Advance(1000);
        Assert.Equal((700, 337), (Block.Srtt8, Block.Rto));
    }

    [Fact]
    public void What_was_repeated_leaves_the_timeout_backed_off_RFC6298_3()
    {
        _flight.SendMany(3, Now - 100);
        _flight.Segments[0].Marks = TcpLossDetection.Repeated;
        Advance(1000);
        Assert.Equal((1200, Now + 1200), (Block.Rto, Block.RetransmitAt));
    }

    [Theory]
    [InlineData(TcpLossDetection.Repeated, 1200)]
    [InlineData(0, 250)]
    public void A_part_of_what_was_repeated_times_nothing_RFC6298_3(int marks, int rto)
    {
        _flight.SendMany(3, Now - 100);
        _flight.Segments[1].Marks = marks;
        Advance(1500);
        Assert.Equal(rto, Block.Rto);
    }

    [Fact]
    public void The_segment_behind_an_acknowledgment_may_have_been_repeated()
    {
        _flight.SendMany(3, Now - 100);
        _flight.Segments[1].Marks = TcpLossDetection.Repeated;
        Advance(1000);
        Assert.Equal(250, Block.Rto);
    }

    [Fact]
    public void What_was_known_to_have_arrived_is_not_timed_once_more()
    {
        _flight.SendMany(2, Now - 100);
        _flight.Segments[0].Marks = TcpLossDetection.Sacked;
        Advance(1000);
        Assert.Equal((1200, -1), (Block.Rto, Block.RackRtt));
    }

    [Fact]
    public void What_is_acknowledged_is_lost_no_more()
    {
        _flight.Send(marks: TcpLossDetection.Lost);
        _flight.Send(marks: TcpLossDetection.Lost);
        Advance(1000);
        Assert.Equal(1, Block.LostSegments);
        Advance(1);
        Assert.Equal(1, Block.LostSegments);
        Assert.Equal(TcpLossDetection.Lost, _flight.Segments[1].Marks);
    }

    [Fact]
    public void Of_a_segment_that_was_sent_in_part_all_of_that_part_has_arrived()
    {
        _flight.Send(marks: TcpLossDetection.Lost);
        Block.SndNxt = Block.SndMax = Flight.Start + 600;
        Advance(599);
        Assert.Equal(1, Block.LostSegments);
        Advance(1);
        Assert.Equal((0, 0), (Block.LostSegments, _flight.Segments[0].Marks));
    }

    [Fact]
    public void The_byte_of_a_probe_that_was_taken_counts_as_sent()
    {
        _flight.Write();
        Block.SndMax++;
        Advance(1);
        Assert.Equal((Flight.Start + 1, Flight.Start + 1, Flight.Start + 1), (Block.SndUna, Block.SndNxt, Block.SndMax));
        Assert.False(SendTimer.AwaitsAcknowledgment(Block));
    }

    [Fact]
    public void A_peer_that_has_thrown_away_what_it_had_is_repaired_after_a_timeout_that_is_not_backed_off_RFC2018_8()
    {
        _flight.SendMany(3, Now - 100);
        _flight.Segments[0].Marks = TcpLossDetection.Repeated;
        _flight.Segments[1].Marks = TcpLossDetection.Sacked;
        Advance(1000);
        Assert.Equal((1200, Now + 300), (Block.Rto, Block.RetransmitAt));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_round_trip_allows_the_next_probe_and_a_repetition_does_not_RFC8985_7_3(bool repeated)
    {
        _flight.SendMany(2, Now - 100);
        _flight.Segments[0].Marks = repeated ? TcpLossDetection.Repeated : 0;
        Block.TailProbe = TailLossProbe.Untimed | TailLossProbe.Open | TailLossProbe.Repeats;
        Advance(1000);
        Assert.Equal(
            TailLossProbe.Open | TailLossProbe.Repeats | (repeated ? TailLossProbe.Untimed : 0),
            Block.TailProbe);
    }

    [Theory]
    [InlineData(1999, 0, null, 0, 8192, true, false)] // before the end of the probe
    [InlineData(2000, 0, null, 0, 8192, true, false)] // the probe, or what it repeats: what comes next tells
    [InlineData(2000, 2000, null, 0, 8192, false, false)] // twice the same: one of them is for the second copy
    [InlineData(2000, 2000, null, 1, 8192, true, false)] // but not if it says something else
    [InlineData(2000, 2000, null, 0, 8191, true, false)]
    [InlineData(2000, 2000, 1999, 0, 8192, true, false)]
    [InlineData(2000, 2000, 2000, 0, 8192, false, false)] // a word of the second copy
    [InlineData(2000, 0, 2000, 0, 8192, false, false)]
    [InlineData(2001, 0, 2000, 0, 8192, false, false)]
    [InlineData(2001, 0, null, 0, 8192, false, true)] // more than the probe, and no such word: it has repaired a loss
    [InlineData(3000, 2000, null, 0, 8192, false, true)]
    [InlineData(3000, 2000, 3000, 0, 8192, false, true)]
    public void What_the_answer_to_a_probe_says_RFC8985_7_4_2(int ack, int una, int? duplicate, int text, int window, bool open, bool repaired)
    {
        _flight.SendMany(3, Now);
        Block.SndUna += (uint)una;
        Block.SndWnd = 8192;
        Block.TailProbe = TailLossProbe.Open | TailLossProbe.Repeats | TailLossProbe.Untimed;
        Block.TailProbeEnd = Flight.Start + 2000;
        TcpSegment segment = Segment(duplicate == null ? [] : [1000, duplicate.Value]);
        segment.Acknowledgment = Flight.Start + (uint)ack;
        segment.TextLength = text;
        segment.Window = window;
        _acknowledgment.EndTailProbe(Block, segment);
        Assert.Equal(open, (Block.TailProbe & TailLossProbe.Open) != 0);
        Assert.NotEqual(0, Block.TailProbe & TailLossProbe.Untimed);
        Assert.Equal(open, (Block.TailProbe & TailLossProbe.Repeats) != 0);
        Assert.Equal(repaired, Block.InRecovery);
        Assert.True(!repaired || Block.RecoveryPoint == Block.TailProbeEnd);
    }

    [Theory]
    [InlineData(1999, true)]
    [InlineData(2000, false)]
    [InlineData(3000, false)]
    public void A_probe_with_new_text_repairs_nothing(int ack, bool open)
    {
        _flight.SendMany(3, Now);
        Block.TailProbe = TailLossProbe.Open | TailLossProbe.Untimed;
        Block.TailProbeEnd = Flight.Start + 2000;
        TcpSegment segment = Segment();
        segment.Acknowledgment = Flight.Start + (uint)ack;
        _acknowledgment.EndTailProbe(Block, segment);
        Assert.Equal(open, (Block.TailProbe & TailLossProbe.Open) != 0);
        Assert.False(Block.InRecovery);
    }

    [Theory]
    [InlineData(1200, 250)] // what was backed off while nothing came through is right again
    [InlineData(251, 250)]
    [InlineData(250, 250)]
    [InlineData(40, 40)] // nothing is put off
    public void A_round_trip_told_by_SACK_ends_the_backoff(int left, int after)
    {
        _flight.SendMany(3, Now - 100);
        Block.RetransmitAt = Now + left;
        Select([1000, 2000], false);
        Assert.Equal((250, Now + after), (Block.Rto, Block.RetransmitAt));
        Assert.True(Block.OutputPending);

        // the same again is no news
        Block.OutputPending = false;
        Block.RetransmitAt = Now + 900;
        Select([1000, 2000], false);
        Assert.Equal((250, Now + 900), (Block.Rto, Block.RetransmitAt));
        Assert.False(Block.OutputPending);
    }

    [Fact]
    public void A_timer_that_does_not_run_is_not_set()
    {
        _flight.SendMany(3, Now - 100);
        Block.SendTimer = SendTimerKind.None;
        Block.RetransmitAt = Now + 900;
        Select([1000, 2000], false);
        Assert.Equal(Now + 900, Block.RetransmitAt);
    }

    [Fact]
    public void News_of_what_was_repeated_times_nothing()
    {
        _flight.SendMany(3, Now - 100);
        _flight.Segments[1].Marks = TcpLossDetection.Repeated;
        Block.RetransmitAt = Now + 5000;
        Select([1000, 2000], false);
        Assert.Equal((1200, Now + 5000), (Block.Rto, Block.RetransmitAt));
        Assert.True(Block.OutputPending);
    }

    [Fact]
    public void One_acknowledgment_is_one_round_trip_RFC6298_3()
    {
        _flight.Send(at: Now - 100);
        _flight.Send(at: Now - 40);
        _flight.Send(at: Now - 40);
        Advance(1000);
        Select([1000, 2000], true);
        Assert.Equal(100 << 3, Block.Srtt8);
        Select([2000, 3000], false);
        Assert.NotEqual(100 << 3, Block.Srtt8);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(3000, false)]
    public void Losses_are_looked_for_after_an_acknowledgment_that_moves_if_something_is_under_way(int bytes, bool looks)
    {
        _flight.SendMany(3, Now - 100);
        Advance(bytes);
        Select([], true);
        Assert.Equal(looks, Block.OutputPending);
    }

    [Fact]
    public void Who_says_nothing_new_brings_no_look_for_losses()
    {
        _flight.SendMany(3, Now - 100);
        Select([], false);
        Assert.False(Block.OutputPending);
    }

    [Fact]
    public void A_loss_more_of_those_that_are_being_repaired_is_not_held_against_a_probe()
    {
        _flight.SendMany(3, Now - 100);
        _flight.Segments[0].SentAt = Now - 200;
        _congestion.EnterRecovery(Block);
        Block.TailProbe = TailLossProbe.Open;
        Select([1000, 2000], false);
        Assert.Equal((1, TailLossProbe.Open), (Block.LostSegments, Block.TailProbe));
        Assert.True(Block.OutputPending);
    }

    [Theory]
    [InlineData(10, 3000, 10, 8192)]
    [InlineData(-1, 9000, 0, 9000)] // older, but it has acknowledged more: the number stays
    [InlineData(0, 8192, 0, 8192)]
    public void The_window_is_taken_with_the_numbers_that_it_came_with(int at, int window, int wl1, int largest)
    {
        Block.SndWl1 = uint.MaxValue - 5;
        Block.MaxSndWnd = 8192;
        TcpSegment segment = new() { Sequence = uint.MaxValue - 5 + (uint)at, Acknowledgment = 77, Window = window };
        SendWindow.Take(Block, segment);
        Assert.Equal((window, uint.MaxValue - 5 + (uint)wl1, 77u, largest), (Block.SndWnd, Block.SndWl1, Block.SndWl2, Block.MaxSndWnd));
    }

    private static TcpSegment Segment(params int[] edges)
    {
        Frame frame = new(128, WordOrder.LowByteFirst);
        for (int i = 0; i < edges.Length; i++)
        {
            frame.SetUInt32(At + (4 * i), Flight.Start + (uint)edges[i]);
        }

        return new TcpSegment { Frame = frame, SackOffset = At, SackBlocks = edges.Length / 2 };
    }

    private void Advance(int bytes) => _acknowledgment.Advance(Block, Block.SndUna + (uint)bytes, Now);

    private void Select(int[] edges, bool moved) => _acknowledgment.ProcessSelective(Block, Segment(edges), moved, Now);
}
