// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Whether and when the end of a flight is probed (RFC 8985 section 7.2).</summary>
public sealed class TailProbeTests
{
    /// <summary>The clock wraps while the probe is waited for.</summary>
    private static int Now => int.MaxValue - 30;

    private readonly Flight _flight = new();
    private readonly TcpLossDetection _detection;

    public TailProbeTests()
    {
        _detection = new TcpLossDetection(_flight.Counters);
        Block.Srtt8 = 50 << 3;
        Block.RetransmitAt = Now + 1000;
        Block.LastSentAt = Now;
        Block.AcknowledgedAt = Now - 5;
    }

    private TcpControlBlock Block => _flight.Block;

    [Theory]
    [InlineData(50, 2, 100)]
    [InlineData(51, 3, 102)]
    [InlineData(50, 1, 300)] // the peer may keep the acknowledgment of a lone segment
    [InlineData(10, 2, 20)]
    [InlineData(9, 2, 20)] // no sooner than a board's clock and its sleep allow
    [InlineData(11, 2, 22)]
    [InlineData(1, 1, 202)]
    public void The_probe_is_due_after_two_round_trips(int srtt, int segments, int wait)
    {
        Block.Srtt8 = srtt << 3;
        _flight.SendMany(segments);
        Expect(Now + wait);
    }

    [Fact]
    public void A_segment_is_alone_if_what_follows_it_was_not_sent()
    {
        _flight.SendMany(1);
        _flight.Write();
        Expect(Now + 300);
        Block.SndNxt++;
        Expect(Now + 100);
    }

    [Theory]
    [InlineData(-10, -20, -10)]
    [InlineData(-20, -10, -10)]
    [InlineData(-10, -10, -10)]
    [InlineData(0, -20, 0)]
    [InlineData(-20, 0, 0)]
    [InlineData(int.MinValue, -20, -20)] // nothing was sent for more than half of the clock
    public void Time_counts_from_when_something_was_last_sent_or_acknowledged(int sent, int acknowledged, int since)
    {
        _flight.SendMany(2);
        Block.LastSentAt = Now + sent;
        Block.AcknowledgedAt = Now + acknowledged;
        Expect(Now + since + 100);
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void The_timer_that_expires_first_makes_a_probe_needless(int timeout, bool probed)
    {
        _flight.SendMany(2);
        Block.RetransmitAt = Now + timeout;
        Expect(probed ? Now + 100 : null);
    }

    [Fact]
    public void Who_does_not_acknowledge_selectively_is_not_probed()
    {
        Block.SackPermitted = false;
        ExpectNone();
    }

    [Theory]
    [InlineData(TailLossProbe.Open)]
    [InlineData(TailLossProbe.Untimed)]
    public void There_is_one_probe_until_it_is_answered_and_a_round_trip_was_timed(int probe)
    {
        Block.TailProbe = probe;
        ExpectNone();
    }

    [Fact]
    public void A_loss_that_is_known_is_repaired_rather_than_probed_for()
    {
        Block.InRecovery = true;
        ExpectNone();
        Block.InRecovery = false;
        Block.LostSegments = 1;
        ExpectNone();
        Block.LostSegments = 0;
        Block.Retransmits = 1;
        ExpectNone();
        Block.Retransmits = 0;
        Expect(Now + 100);
    }

    [Fact]
    public void Where_something_has_arrived_behind_a_gap_time_tells_of_the_loss()
    {
        _flight.SendMany(3);
        _flight.Segments[2].Marks = TcpLossDetection.Sacked;
        Expect(null);
        _flight.Segments[2].Marks = TcpLossDetection.Repeated;
        Expect(Now + 100);

        // what was not sent has not arrived
        _flight.Write().Marks = TcpLossDetection.Sacked;
        Expect(Now + 100);
    }

    [Fact]
    public void No_probe_without_a_round_trip_that_was_timed()
    {
        Block.Srtt8 = 0;
        ExpectNone();
        Block.Srtt8 = 1;
        Expect(Now + 20);
    }

    [Fact]
    public void No_probe_where_nothing_is_under_way()
    {
        Expect(null);
        Block.SendTimer = SendTimerKind.Retransmission;
        Expect(null);
        _flight.SendMany(2);
        Block.SendTimer = SendTimerKind.None;
        Expect(null);
    }

    [Fact]
    public void What_may_only_be_late_is_waited_for_first()
    {
        _flight.SendMany(2);
        Block.SendTimer = SendTimerKind.Reordering;
        Block.SendTimerAt = Now + 3;
        _detection.ScheduleTailProbe(Block, Now);
        Assert.Equal(SendTimerKind.Reordering, Block.SendTimer);
        Assert.Equal(Now + 3, Block.SendTimerAt);
    }

    private void ExpectNone()
    {
        if (_flight.Segments.Count == 0)
        {
            _flight.SendMany(2);
        }

        Expect(null);
    }

    /// <summary>A probe is due then, or none at all, whatever was decided before.</summary>
    private void Expect(int? due)
    {
        if (SendTimer.AwaitsAcknowledgment(Block))
        {
            Block.SendTimer = SendTimerKind.TailProbe;
            Block.SendTimerAt = Now - 1;
        }

        _detection.ScheduleTailProbe(Block, Now);
        Assert.Equal(due != null, Block.SendTimer == SendTimerKind.TailProbe);
        if (due != null)
        {
            Assert.Equal(due, Block.SendTimerAt);
        }
    }
}
