// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Losses found by time (RFC 8985 section 6.2), step by step.</summary>
public sealed class RackTests
{
    /// <summary>The clock wraps between what was sent and what arrives.</summary>
    private static int Now => int.MinValue + 50;

    private readonly Flight _flight = new();
    private readonly TcpLossDetection _detection;

    public RackTests()
    {
        _detection = new TcpLossDetection(_flight.Counters);
    }

    private TcpControlBlock Block => _flight.Block;

    [Fact]
    public void Step_1_the_least_round_trip_is_kept()
    {
        _flight.SendMany(4, Now - 100);
        foreach ((int rtt, int least) in new[] { (100, 100), (101, 100), (60, 60), (0, 0) })
        {
            Frame frame = _flight.Send(at: Now - rtt);
            Deliver(frame, Now);
            Assert.Equal(least, Block.MinimumRtt);
        }
    }

    [Fact]
    public void Step_1_a_clock_that_steps_back_measures_no_round_trip()
    {
        Assert.True(Deliver(_flight.Send(at: Now + 1), Now) < 0);
        Assert.Equal(int.MaxValue, Block.MinimumRtt);
        Assert.Equal(0, Deliver(_flight.Send(at: Now), Now));
        Assert.Equal(0, Block.MinimumRtt);
    }

    [Fact]
    public void Step_2_what_was_sent_last_of_those_that_have_arrived_is_remembered()
    {
        _flight.Send(at: Now - 90);
        _flight.Send(at: Now - 80);
        _flight.Send(at: Now - 80);
        Deliver(_flight.Segments[1], Now);
        Assert.Equal(Now - 80, Block.RackSentAt);
        Assert.Equal(_flight.Segments[2].Sequence, Block.RackEnd);
        Assert.Equal(80, Block.RackRtt);

        // one that was sent before it changes nothing
        Deliver(_flight.Segments[0], Now);
        Assert.Equal(_flight.Segments[2].Sequence, Block.RackEnd);
        Assert.Equal(80, Block.RackRtt);

        // of those of one moment the numbers tell
        Deliver(_flight.Segments[2], Now + 5);
        Assert.Equal(Block.SndMax, Block.RackEnd);
        Assert.Equal(85, Block.RackRtt);
        Deliver(_flight.Segments[1], Now + 6);
        Assert.Equal(Block.SndMax, Block.RackEnd);
        Assert.Equal(85, Block.RackRtt);
    }

    [Fact]
    public void Step_2_a_round_trip_of_no_time_at_all_is_one()
    {
        _flight.Send(at: Now - 1);
        _flight.Send(at: Now);
        Deliver(_flight.Segments[1], Now);
        Assert.Equal((0, Now), (Block.RackRtt, Block.RackSentAt));
        Deliver(_flight.Segments[0], Now);
        Assert.Equal((0, Now), (Block.RackRtt, Block.RackSentAt));
        Assert.Equal((Block.SndMax, Block.SndMax), (Block.RackEnd, Block.RackFack));
    }

    [Fact]
    public void Step_2_a_repetition_is_later_than_what_has_higher_numbers()
    {
        _flight.Send(at: Now - 10, marks: TcpLossDetection.Repeated);
        _flight.Send(at: Now - 90);
        Block.MinimumRtt = 10;
        Deliver(_flight.Segments[1], Now - 20);
        Deliver(_flight.Segments[0], Now);
        Assert.Equal(Now - 10, Block.RackSentAt);
        Assert.Equal(_flight.Segments[1].Sequence, Block.RackEnd);
        Assert.Equal(10, Block.RackRtt);

        // and the furthest that has arrived is still the other
        Assert.Equal(Block.SndMax, Block.RackFack);
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    [InlineData(61, true)]
    public void Step_2_a_repetition_answered_sooner_than_a_round_trip_can_be_is_not_what_was_answered(int rtt, bool counts)
    {
        _flight.Send(at: Now - rtt, marks: TcpLossDetection.Repeated);
        Block.MinimumRtt = 60;
        Deliver(_flight.Segments[0], Now);
        Assert.Equal(counts ? rtt : -1, Block.RackRtt);
        Assert.Equal(60, Block.MinimumRtt);
    }

    [Theory]
    [InlineData(60, 0, false)]
    [InlineData(0, 0, false)]
    [InlineData(60, TcpLossDetection.Repeated, true)]
    [InlineData(0, TcpLossDetection.Repeated, true)]
    public void Step_3_what_arrives_behind_the_furthest_that_has_tells_of_reordering_unless_it_was_repeated(int rtt, int marks, bool isRepeated)
    {
        _flight.SendMany(3, Now - rtt);
        Deliver(_flight.Segments[1], Now);
        Assert.False(Block.ReorderingSeen);
        Deliver(_flight.Segments[2], Now);
        Assert.False(Block.ReorderingSeen);
        _flight.Segments[0].Marks = marks;
        Deliver(_flight.Segments[0], Now);
        Assert.NotEqual(isRepeated, Block.ReorderingSeen);
        Assert.Equal(Block.SndMax, Block.RackFack);
    }

    [Fact]
    public void Step_3_the_first_to_arrive_was_not_reordered_whatever_an_earlier_flight_has_left()
    {
        Block.RackFack = Flight.Start + 5000;
        _flight.SendMany(1, Now - 60);
        Deliver(_flight.Segments[0], Now);
        Assert.False(Block.ReorderingSeen);
        Assert.Equal(Flight.Start + 1000, Block.RackFack);
    }

    [Fact]
    public void The_round_trip_of_an_acknowledgment_is_that_of_the_first_segment_it_covers()
    {
        _flight.Send(at: Now - 70);
        _flight.Send(at: Now - 50);
        int roundTrip = Deliver(_flight.Segments[0], Now);
        Assert.Equal(70, roundTrip);
        Assert.Equal(70, _detection.NoteDelivery(Block, _flight.Segments[1], roundTrip, Now));
        Assert.Equal(50, Deliver(_flight.Segments[1], Now));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_acknowledgment_that_covers_something_repeated_is_no_round_trip_RFC6298_3(int repeated)
    {
        _flight.SendMany(2, Now - 70);
        _flight.Segments[repeated].Marks = TcpLossDetection.Repeated;
        int roundTrip = Deliver(_flight.Segments[0], Now);
        Assert.Equal(TcpLossDetection.Distrusted, _detection.NoteDelivery(Block, _flight.Segments[1], roundTrip, Now));
        Assert.Equal(
            TcpLossDetection.Distrusted,
            _detection.NoteDelivery(Block, _flight.Segments[1 - repeated], TcpLossDetection.Distrusted, Now));
    }

    [Theory]
    [InlineData(40, 400, 10)] // min_RTT / 4
    [InlineData(43, 400, 10)]
    [InlineData(44, 400, 11)]
    [InlineData(400, 72, 9)] // never more than SRTT, here 9 ms
    [InlineData(3, 400, 1)] // never less than the clock can tell
    [InlineData(0, 0, 1)]
    public void Step_4_what_is_late_gets_the_reordering_window(int minimumRtt, int srtt8, int window)
    {
        Gap(1);
        Block.MinimumRtt = minimumRtt;
        Block.Srtt8 = srtt8;
        Block.RackRtt = 100;
        int sent = _flight.Segments[0].SentAt;
        Assert.False(_detection.Detect(Block, sent + 100));
        Assert.Equal(SendTimerKind.Reordering, Block.SendTimer);
        Assert.Equal(sent + 100 + window, Block.SendTimerAt);
        Assert.False(_detection.Detect(Block, sent + 100 + window - 1));
        Assert.Equal(0, Block.LostSegments);
        Assert.True(_detection.Detect(Block, sent + 100 + window));
        Assert.Equal(1, Block.LostSegments);
        Assert.Equal(1u, _flight.Counters.SegmentsLost);
        Assert.Equal(SendTimerKind.Retransmission, Block.SendTimer);
        Assert.False(_detection.Detect(Block, sent + 1000));
        Assert.Equal(1u, _flight.Counters.SegmentsLost);
    }

    [Theory]
    [InlineData(2, false, false, false)]
    [InlineData(3, false, false, true)] // DupThresh
    [InlineData(4, false, false, true)]
    [InlineData(1, false, true, true)] // RACK in recovery
    [InlineData(3, true, false, false)] // reordering was seen
    [InlineData(1, true, true, false)]
    public void Step_4_nothing_is_waited_for_where_a_loss_is_sure(int arrived, bool reordering, bool recovery, bool atOnce)
    {
        Gap(arrived);
        Block.MinimumRtt = 100;
        Block.Srtt8 = 800;
        Block.RackRtt = 100;
        Block.ReorderingSeen = reordering;
        Block.InRecovery = recovery;
        Assert.Equal(atOnce, _detection.Detect(Block, _flight.Segments[0].SentAt + 100));
        Assert.True(atOnce || _detection.Detect(Block, _flight.Segments[0].SentAt + 125));
    }

    [Fact]
    public void Step_5_only_what_was_sent_before_what_has_arrived_can_be_lost()
    {
        // the second has arrived; the fourth was sent with it, and the third was repeated since
        _flight.Send(at: Now - 90);
        _flight.Send(at: Now - 80);
        _flight.Send(at: Now - 20, marks: TcpLossDetection.Repeated);
        _flight.Send(at: Now - 80);
        _flight.Arrived(1, 5);
        Block.MinimumRtt = 20;
        Block.Srtt8 = 160;
        Assert.True(_detection.Detect(Block, Now));
        Assert.Equal([true, false, false, false], _flight.Segments.Select(s => (s.Marks & TcpLossDetection.Lost) != 0));
        Assert.Equal(SendTimerKind.Retransmission, Block.SendTimer);
    }

    [Fact]
    public void Step_5_what_was_not_sent_cannot_be_lost()
    {
        _flight.Send(at: Now - 90);
        _flight.Send(at: Now - 80);
        _flight.Write().SentAt = Now - 1000;
        _flight.Arrived(1, 5);
        Block.SndMax++;
        Assert.True(_detection.Detect(Block, Now));
        Assert.Equal(1, Block.LostSegments);
    }

    [Fact]
    public void Step_5_the_timer_waits_for_the_last_of_those_that_may_be_late()
    {
        _flight.Send(at: Now - 95);
        _flight.Send(at: Now - 90);
        _flight.Send(at: Now - 92);
        _flight.Send(at: Now - 80);
        _flight.Arrived(3, 80);
        Block.MinimumRtt = 80;
        Block.Srtt8 = 1600;
        Assert.False(_detection.Detect(Block, Now));
        Assert.Equal(SendTimerKind.Reordering, Block.SendTimer);
        Assert.Equal(Now - 90 + 100, Block.SendTimerAt);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(TcpLossDetection.Repeated, false)]
    public void Step_5_what_was_repeated_gets_a_millisecond_more(int marks, bool lost)
    {
        _flight.Send(at: Now - 81, marks: marks);
        _flight.Send(at: Now - 80);
        _flight.Arrived(1, 80);
        Block.InRecovery = true;
        Assert.Equal(lost, _detection.Detect(Block, Now - 1));
        Assert.True(lost || _detection.Detect(Block, Now));
    }

    [Fact]
    public void Nothing_is_lost_before_anything_has_arrived()
    {
        _flight.SendMany(3, Now - 1000);
        Block.SendTimer = SendTimerKind.Reordering;
        Assert.False(_detection.Detect(Block, Now));
        Assert.Equal(SendTimerKind.Retransmission, Block.SendTimer);

        // a round trip of no time at all is one
        _flight.Segments[0].SentAt = Now - 2;
        _flight.Segments[1].SentAt = Now;
        _flight.Arrived(1, 0);
        Assert.True(_detection.Detect(Block, Now));
    }

    [Fact]
    public void To_look_for_losses_does_not_put_off_the_probe_of_the_end()
    {
        _flight.SendMany(2, Now - 10);
        Block.SendTimer = SendTimerKind.TailProbe;
        Block.SendTimerAt = Now + 7;
        Assert.False(_detection.Detect(Block, Now));
        Assert.Equal(SendTimerKind.TailProbe, Block.SendTimer);
        Assert.Equal(Now + 7, Block.SendTimerAt);
    }

    [Fact]
    public void A_loss_is_counted_once_and_what_has_arrived_is_not_lost()
    {
        _flight.SendMany(3);
        _flight.Segments[2].Marks = TcpLossDetection.Sacked;
        _detection.MarkLost(Block, _flight.Segments[0]);
        _detection.MarkLost(Block, _flight.Segments[0]);
        _detection.MarkLost(Block, _flight.Segments[2]);
        Assert.Equal(1, Block.LostSegments);
        Assert.Equal(TcpLossDetection.Sacked, _flight.Segments[2].Marks);
        _detection.ClearLost(Block, _flight.Segments[1]);
        Assert.Equal(1, Block.LostSegments);
        _flight.Segments[0].Marks |= TcpLossDetection.Repeated;
        _detection.ClearLost(Block, _flight.Segments[0]);
        Assert.Equal(0, Block.LostSegments);
        Assert.Equal(TcpLossDetection.Repeated, _flight.Segments[0].Marks);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_a_timeout_all_that_was_sent_is_lost_and_what_had_arrived_may_have_been_thrown_away_RFC2018_8(bool forget)
    {
        _flight.SendMany(3);
        _flight.Write();
        _flight.Segments[1].Marks = TcpLossDetection.Sacked;
        _detection.MarkAllLost(Block, forget);
        Assert.Equal(forget ? 3 : 2, Block.LostSegments);
        int middle = forget ? TcpLossDetection.Lost | TcpLossDetection.Repeated : TcpLossDetection.Sacked;
        Assert.Equal([TcpLossDetection.Lost, middle, TcpLossDetection.Lost, 0], _flight.Segments.Select(s => s.Marks));
        Assert.False(Block.FinLost);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Where_no_text_is_under_way_a_FIN_that_was_sent_is_lost(bool all, bool sent)
    {
        if (sent)
        {
            _flight.SendFin();
        }

        if (all)
        {
            _detection.MarkAllLost(Block, true);
        }
        else
        {
            _detection.MarkFirstLost(Block);
        }

        Assert.Equal(sent, Block.FinLost);
        Assert.Equal(0, Block.LostSegments);
    }

    [Fact]
    public void The_first_segment_is_lost_before_the_FIN_behind_it()
    {
        _flight.SendMany(2);
        _flight.SendFin();
        _detection.MarkFirstLost(Block);
        Assert.False(Block.FinLost);
        Assert.Equal([TcpLossDetection.Lost, 0], _flight.Segments.Select(s => s.Marks));
    }

    /// <summary>A segment has arrived, the first one that an acknowledgment covers.</summary>
    private int Deliver(Frame frame, int now) => _detection.NoteDelivery(Block, frame, TcpLossDetection.Untimed, now);

    /// <summary>A segment is missing, and some that were sent a millisecond later have arrived.</summary>
    private void Gap(int arrived)
    {
        _flight.Send(at: Now - 1);
        for (int i = 1; i <= arrived; i++)
        {
            _flight.Send(at: Now);
            _flight.Arrived(i, 0);
        }
    }
}
