// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>How the congestion window grows and shrinks, number by number (RFC 5681, 3042, 3465, 5827, 6582).</summary>
public sealed class CongestionTests
{
    private const int Mss = Flight.Mss;

    private readonly TcpCongestion _congestion = new(true);
    private readonly Flight _flight = new(sack: false);

    public CongestionTests() => _congestion.Begin(Block);

    private TcpControlBlock Block => _flight.Block;

    [Theory]
    [InlineData(536, 4)]
    [InlineData(1095, 4)]
    [InlineData(1096, 3)]
    [InlineData(2190, 3)]
    [InlineData(2191, 2)]
    [InlineData(9000, 2)]
    public void The_initial_window_depends_on_the_size_of_segments_RFC5681_3_1(int mss, int segments)
    {
        Block.SndMss = mss;
        Block.DuplicateAcks = 5;
        Block.AcknowledgedBytes = 7;
        Block.InRecovery = true;
        _congestion.Begin(Block);
        Assert.Equal(segments * mss, Block.CongestionWindow);
        Assert.Equal(int.MaxValue, Block.SlowStartThreshold);
        Assert.Equal((0, 0, false), (Block.DuplicateAcks, Block.AcknowledgedBytes, Block.InRecovery));
    }

    [Fact]
    public void Who_trusts_the_network_with_everything_never_changes_its_mind()
    {
        TcpCongestion congestion = new(false);
        _flight.SendMany(20);
        congestion.Begin(Block);
        congestion.NoteLostSyn(Block);
        congestion.NoteIdle(Block);
        Assert.True(congestion.EnterRecovery(Block));
        congestion.NoteTimeout(Block);
        Assert.Equal(65535, Block.CongestionWindow);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1000, 1000)]
    [InlineData(1999, 1999)]
    [InlineData(2000, 2000)]
    [InlineData(2001, 2000)]
    [InlineData(9000, 2000)]
    public void Slow_start_grows_by_what_is_acknowledged_two_segments_at_most_RFC3465_2_2(int bytes, int growth)
    {
        Block.CongestionWindow = 4000;
        Block.SlowStartThreshold = 4001;
        Acknowledge(bytes);
        Assert.Equal(4000 + growth, Block.CongestionWindow);
        Assert.Equal(0, Block.AcknowledgedBytes);
    }

    [Fact]
    public void After_a_timeout_one_segment_at_most_until_all_that_was_sent_before_is_acknowledged_RFC3465_2_3()
    {
        _flight.SendMany(8);
        _congestion.NoteTimeout(Block);
        Block.SlowStartThreshold = 9000;
        Acknowledge(3000);
        Assert.Equal(2000, Block.CongestionWindow);
        Acknowledge(5000);
        Assert.Equal(3000, Block.CongestionWindow);
        Acknowledge(3000);
        Assert.Equal(5000, Block.CongestionWindow);
    }

    [Fact]
    public void Congestion_avoidance_grows_by_a_segment_for_each_window_that_is_acknowledged_RFC5681_3_1()
    {
        Block.CongestionWindow = 4000;
        Block.SlowStartThreshold = 4000;
        Acknowledge(3999);
        Assert.Equal((4000, 3999), (Block.CongestionWindow, Block.AcknowledgedBytes));
        Acknowledge(1);
        Assert.Equal((5000, 0), (Block.CongestionWindow, Block.AcknowledgedBytes));
        Acknowledge(4000);
        Acknowledge(1500);
        Assert.Equal((6000, 500), (Block.CongestionWindow, Block.AcknowledgedBytes));
    }

    [Theory]
    [InlineData(65534, 66534)]
    [InlineData(65535, 65535)]
    [InlineData(66000, 66000)]
    public void No_window_can_be_used_that_is_larger_than_the_largest(int window, int after)
    {
        Block.CongestionWindow = window;
        Acknowledge(1000);
        Assert.Equal(after, Block.CongestionWindow);
        Block.InRecovery = true;
        Block.CongestionWindow = window;
        Assert.False(_congestion.NoteDuplicate(Block, true));
        Assert.Equal(after, Block.CongestionWindow);
    }

    [Fact]
    public void Something_new_ends_a_row_of_duplicates()
    {
        _flight.SendMany(5);
        _congestion.NoteDuplicate(Block, true);
        _congestion.NoteDuplicate(Block, true);
        Assert.Equal(2, Block.DuplicateAcks);
        Acknowledge(1000);
        Assert.Equal(0, Block.DuplicateAcks);
        Assert.False(_congestion.NoteDuplicate(Block, true));
    }

    [Fact]
    public void The_third_duplicate_tells_of_a_loss_RFC5681_3_2()
    {
        _flight.SendMany(10);
        Block.CongestionWindow = 10000;
        Assert.False(_congestion.NoteDuplicate(Block, true));
        Assert.False(_congestion.NoteDuplicate(Block, true));
        Assert.Equal((10000, false), (Block.CongestionWindow, Block.InRecovery));
        Assert.True(_congestion.NoteDuplicate(Block, true));
        Assert.Equal((5000, 8000), (Block.SlowStartThreshold, Block.CongestionWindow));
        Assert.True(Block.InRecovery && Block.Recovered);
        Assert.Equal(Block.SndMax, Block.RecoveryPoint);

        // each further one says that a segment has left the network
        Assert.False(_congestion.NoteDuplicate(Block, true));
        Assert.Equal((5000, 9000), (Block.SlowStartThreshold, Block.CongestionWindow));
    }

    [Theory]
    [InlineData(1, false, 3)] // a lone segment brings no duplicates
    [InlineData(2, false, 1)]
    [InlineData(3, false, 2)]
    [InlineData(4, false, 3)]
    [InlineData(5, false, 3)]
    [InlineData(2, true, 3)] // more can be sent, and keeps duplicates coming
    public void With_few_segments_under_way_one_less_than_there_are_must_do_RFC5827_2(int segments, bool hasMore, int threshold)
    {
        _flight.SendMany(segments);
        _flight.Write();
        for (int i = 1; i < threshold; i++)
        {
            Assert.False(_congestion.NoteDuplicate(Block, hasMore));
        }

        Assert.True(_congestion.NoteDuplicate(Block, hasMore));
        Assert.Equal(Block.SlowStartThreshold + (threshold * Mss), Block.CongestionWindow);
    }

    [Fact]
    public void A_segment_of_which_a_part_was_sent_is_under_way()
    {
        _flight.SendMany(2);
        Block.SndNxt = Block.SndMax = Block.SndMax - 999;
        Assert.True(_congestion.NoteDuplicate(Block, false));
    }

    [Theory]
    [InlineData(1000, 8000)] // a segment has left the network, and one may follow it
    [InlineData(999, 7001)]
    [InlineData(2500, 6500)]
    [InlineData(8500, 1000)] // never less than a segment
    public void A_partial_acknowledgment_takes_back_what_has_left_and_names_the_next_hole_RFC6582_3_2(int bytes, int window)
    {
        _flight.SendMany(12);
        Assert.True(_congestion.EnterRecovery(Block));
        Block.CongestionWindow = 8000;
        Block.SndUna += (uint)bytes;
        Assert.True(_congestion.NoteAcknowledgment(Block, bytes));
        Assert.Equal(window, Block.CongestionWindow);
        Assert.True(Block.InRecovery && Block.Recovered);
    }

    [Fact]
    public void Who_acknowledges_selectively_names_the_holes_itself_and_the_window_stays()
    {
        _flight.SendMany(12);
        Block.SackPermitted = true;
        Assert.True(_congestion.EnterRecovery(Block));
        Block.CongestionWindow = 8000;
        Block.SndUna += 2500;
        Assert.True(_congestion.NoteAcknowledgment(Block, 2500));
        Assert.Equal(8000, Block.CongestionWindow);
        Assert.Equal(0, Block.AcknowledgedBytes);
    }

    [Theory]
    [InlineData(9999, true)]
    [InlineData(10000, false)]
    [InlineData(10001, false)]
    public void A_full_acknowledgment_leaves_recovery_with_ssthresh_RFC6582_3_2(int bytes, bool stays)
    {
        _flight.SendMany(10);
        Assert.True(_congestion.EnterRecovery(Block));
        _flight.SendMany(2);
        Block.CongestionWindow = 9000;
        Block.SndUna += (uint)bytes;
        Assert.Equal(stays, _congestion.NoteAcknowledgment(Block, bytes));
        Assert.Equal(stays, Block.InRecovery);
        Assert.Equal(stays, Block.Recovered);
        Assert.True(stays || Block.CongestionWindow == Block.SlowStartThreshold);
    }

    [Fact]
    public void Duplicates_of_what_was_sent_before_the_last_loss_tell_nothing_new_RFC6582_3_2()
    {
        _flight.SendMany(10);
        _congestion.NoteTimeout(Block);
        Block.SndUna += 9999;
        for (int i = 0; i < 5; i++)
        {
            Assert.False(_congestion.NoteDuplicate(Block, true));
        }

        Assert.Equal((false, Mss), (Block.InRecovery, Block.CongestionWindow));
        Block.SndUna++;
        Assert.True(_congestion.NoteDuplicate(Block, true));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1000)]
    [InlineData(2, 2000)]
    [InlineData(3, 2000)]
    public void The_first_two_duplicates_each_let_a_segment_go_RFC3042_2(int duplicates, int beyond)
    {
        _flight.SendMany(4);
        Block.DuplicateAcks = duplicates;
        Assert.Equal(beyond, TcpCongestion.AllowanceBeyond(Block));

        // not those that may tell of an old loss
        Block.Recovered = true;
        Block.RecoveryPoint = Block.SndUna + 1;
        Assert.Equal(0, TcpCongestion.AllowanceBeyond(Block));
        Block.RecoveryPoint = Block.SndUna;
        Assert.Equal(beyond, TcpCongestion.AllowanceBeyond(Block));
        Block.InRecovery = true;
        Assert.Equal(0, TcpCongestion.AllowanceBeyond(Block));
    }

    [Theory]
    [InlineData(10, 10000, 5000)]
    [InlineData(10, 12000, 5000)]
    [InlineData(10, 9999, 4999)]
    [InlineData(10, 9000, 4500)] // what limited transmit has sent beyond the window does not count
    [InlineData(10, 8000, 4000)]
    [InlineData(10, 7000, 4000)] // that is two segments at most
    [InlineData(4, 4000, 2000)] // and never less than two are left
    [InlineData(3, 4000, 2000)]
    [InlineData(5, 5000, 2500)]
    public void A_loss_leaves_half_of_what_was_under_way_RFC5681_3_2(int segments, int window, int half)
    {
        _flight.SendMany(segments);
        Block.CongestionWindow = window;
        Assert.True(_congestion.EnterRecovery(Block));
        Assert.Equal((half, half), (Block.SlowStartThreshold, Block.CongestionWindow));
        Block.InRecovery = false;
        Assert.False(_congestion.EnterRecovery(Block));
        Block.SndUna = Block.SndMax;
        Assert.True(_congestion.EnterRecovery(Block));
    }

    [Fact]
    public void A_loss_that_was_repaired_before_it_was_noticed_costs_the_same_and_ends_where_the_probe_did_RFC8985_7_4_2()
    {
        _flight.SendMany(10);
        Block.CongestionWindow = 10000;
        _congestion.NoteRepair(Block, Block.SndUna + 6000);
        Assert.Equal(5000, Block.CongestionWindow);
        Assert.Equal(Block.SndUna + 6000, Block.RecoveryPoint);
        Acknowledge(6000);
        Assert.False(Block.InRecovery);

        // one that belongs to a loss that is being repaired changes nothing
        Assert.True(_congestion.EnterRecovery(Block));
        uint recover = Block.RecoveryPoint;
        _congestion.NoteRepair(Block, Block.SndUna + 1);
        Assert.Equal(recover, Block.RecoveryPoint);
    }

    [Fact]
    public void A_timeout_starts_again_with_one_segment_and_ends_what_was_being_repaired_RFC5681_3_1()
    {
        _flight.SendMany(10);
        _congestion.EnterRecovery(Block);
        _flight.SendMany(2);
        Block.SndUna += 2000;
        Block.DuplicateAcks = 3;
        Block.Retransmits = 1;
        _congestion.NoteTimeout(Block);
        Assert.Equal((Mss, 5000), (Block.CongestionWindow, Block.SlowStartThreshold));
        Assert.Equal((false, true, 0), (Block.InRecovery, Block.Recovered, Block.DuplicateAcks));
        Assert.Equal(Block.SndMax, Block.RecoveryPoint);
    }

    [Theory]
    [InlineData(3999, 3999)]
    [InlineData(4000, 4000)]
    [InlineData(4001, 4000)]
    [InlineData(60000, 4000)]
    public void After_a_rest_it_begins_with_the_initial_window_or_less_RFC5681_4_1(int window, int after)
    {
        Block.CongestionWindow = window;
        _congestion.NoteIdle(Block);
        Assert.Equal(after, Block.CongestionWindow);
    }

    [Fact]
    public void If_the_SYN_was_lost_it_begins_with_one_segment_RFC5681_3_1()
    {
        _congestion.NoteLostSyn(Block);
        Assert.Equal(Mss, Block.CongestionWindow);
    }

    private void Acknowledge(int bytes)
    {
        Block.SndUna += (uint)bytes;
        Assert.False(_congestion.NoteAcknowledgment(Block, bytes));
    }
}
