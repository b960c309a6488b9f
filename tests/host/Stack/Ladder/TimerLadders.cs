// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>Retransmission and congestion: F16 to F23.</summary>
public sealed class TimerLadders : LadderTest
{
    /// <summary>Enough frames for a window of small segments, and a peer that takes 500 bytes at a time.</summary>
    private const string Small = """
        config TcpSendFrames 12
        config FrameCounts 12 6 4 20 4 6
        given ESTABLISHED with win 30000 <mss 500>

        """;

    [Theory, Ladder]
    public void F16_the_timeout_is_computed_from_the_round_trips_RFC6298_2(Variant variant) => Play(variant, """
        connect
        rto 1000
        > S 0:0(0)
        +500 < S. 0:0(0) ack 1 win 8192 <mss 1460>
        > . 1 ack 1
        rto 1500                                # R = 500: SRTT = 500, RTTVAR = 250
        write 10
        > P. 1:11(10) ack 1
        +700 < . 1 ack 11
        rto 1475                                # R = 700: RTTVAR = 3/4 250 + 1/4 200, SRTT = 7/8 500 + 1/8 700
        write 10
        > P. 11:21(10) ack 1
        +100 < . 1 ack 21
        rto 1609                                # R = 100: it varies as much when it is shorter
        write 10
        > P. 21:31(10) ack 1
        +1609 > P. 21:31(10) ack 1
        +3218 > P. 21:31(10) ack 1
        """);

    [Theory, Ladder]
    public void F16_the_timeout_is_never_less_than_a_second_and_begins_with_one_RFC6298_2(Variant variant) => Play(variant, """
        connect
        rto 1000
        > S 0:0(0)
        +10 < S. 0:0(0) ack 1 win 8192 <mss 1460>
        > . 1 ack 1
        rto 1000
        write 10
        > P. 1:11(10) ack 1
        +1000 > P. 1:11(10) ack 1
        """);

    [Theory, Ladder]
    public void F17_what_was_repeated_is_not_measured_and_the_backed_off_timeout_stays_RFC6298_3(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        +1000 > P. 1:11(10) ack 1
        +2000 > P. 1:11(10) ack 1
        rto 4000
        +10 < . 1 ack 11
        rto 4000
        write 10
        > P. 11:21(10) ack 1
        +4000 > P. 11:21(10) ack 1
        +10 < . 1 ack 21
        rto 8000
        write 10
        > P. 21:31(10) ack 1
        +100 < . 1 ack 31                       # sent once: this one is measured
        rto 1000
        """);

    [Theory, Ladder]
    public void F18_a_new_ACK_restarts_the_timer_and_the_last_one_stops_it_RFC6298_5(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 2920
        > P. 1:2921(2*1460) ack 1
        +600 < . 1 ack 1461
        +1000 > P. 1461:2921(1460) ack 1
        +500 < . 1 ack 2921
        +300000 > nothing
        state ESTABLISHED
        """);

    [Theory, Ladder]
    public void F18_the_timer_runs_from_the_first_segment_and_doubles_at_each_expiry_RFC6298_5(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 1460
        > P. 1:1461(1460) ack 1
        +400 write 1460
        > P. 1461:2921(1460) ack 1
        +600 > . 1:1461(1460) ack 1
        +2000 > . 1:1461(1460) ack 1
        +4000 > . 1:1461(1460) ack 1
        < . 1 ack 1461
        > P. 1461:2921(1460) ack 1
        +8000 > P. 1461:2921(1460) ack 1
        """);

    [Theory, Ladder]
    public void F19_a_peer_that_acknowledges_nothing_is_given_up_after_2_minutes_MUST_21(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        +1000 > P. 1:11(10) ack 1
        +2000 > P. 1:11(10) ack 1
        +4000 > P. 1:11(10) ack 1
        +8000 > P. 1:11(10) ack 1
        +16000 > P. 1:11(10) ack 1
        +32000 > P. 1:11(10) ack 1
        +59999
        state ESTABLISHED                       # at 123 s; R2 must be 100 s at least
        +1
        state CLOSED
        error TimedOut
        read 1 -> TimedOut
        counter tcp.Timeouts 6
        counter tcp.Retransmissions 6
        counter tcp.TimedOut 1
        counter tcp.FailedOpens 0
        +100000 > nothing
        """);

    [Theory, Ladder]
    public void F20_slow_start_doubles_and_a_timeout_begins_again_with_one_segment_RFC5681_3_1(Variant variant) => Play(variant, Small + """
        write 6000
        > . 1:2001(4*500) ack 1
        > nothing                               # four segments are the initial window
        < . 1 ack 501
        > . 2001:3001(2*500) ack 1
        < . 1 ack 1001
        > . 3001:4001(2*500) ack 1
        > nothing
        +1000 > . 1001:1501(500) ack 1          # cwnd = 1
        > nothing
        < . 1 ack 1501
        > . 1501:2001(500) ack 1                # cwnd = 2
        > . 2001:2501(500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F20_above_half_of_what_was_under_way_the_window_grows_by_a_segment_a_round_trip_RFC5681_3_1(Variant variant) => Play(variant, Small + """
        write 6000
        > . 1:2001(4*500) ack 1
        +1000 > . 1:501(500) ack 1              # ssthresh = 1000
        < . 1 ack 2001                          # cwnd = 1000
        > . 2001:3001(2*500) ack 1
        > nothing
        < . 1 ack 2501                          # half a window is acknowledged
        > . 3001:3501(500) ack 1
        > nothing
        < . 1 ack 3001                          # all of it: cwnd = 1500
        > . 3501:4501(2*500) ack 1
        > nothing
        < . 1 ack 4001                          # an acknowledgment for two segments counts for two
        > . 4501:5501(2*500) ack 1
        > nothing
        < . 1 ack 4501                          # cwnd = 2000
        > . 5501:6001(500) ack 1
        """);

    [Theory, Ladder]
    public void F20_slow_start_grows_by_what_is_acknowledged_two_segments_at_a_time_at_most_RFC3465_2_2(Variant variant) => Play(variant, Small + """
        write 6000
        > . 1:2001(4*500) ack 1
        < . 1 ack 2                             # a byte is a byte: 2001
        < . 1 ack 3
        < . 1 ack 4
        > nothing
        < . 1 ack 501                           # 2500
        > . 2001:3001(2*500) ack 1
        > nothing
        < . 1 ack 2001                          # three at once: 3500
        > . 3001:5501(5*500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F20_after_a_timeout_slow_start_grows_by_one_segment_until_what_was_under_way_is_acknowledged_RFC3465_2_3(Variant variant) => Play(variant, Small + """
        write 6000
        > . 1:2001(4*500) ack 1
        < . 1 ack 2001                          # 3000
        > . 2001:5001(6*500) ack 1
        +1000 > . 2001:2501(500) ack 1          # ssthresh = 1500
        < . 1 ack 5001                          # only that one was lost: 1000
        > . 5001:6001(2*500) ack 1
        < . 1 ack 6001                          # 2000
        write 6000
        > . 6001:8001(4*500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F21_each_of_the_first_two_duplicates_lets_a_segment_go_RFC3042_2(Variant variant) => Play(variant, Small + """
        write 6000
        > . 1:2001(4*500) ack 1
        < . 1 ack 1
        > . 2001:2501(500) ack 1
        < . 1 ack 1
        > . 2501:3001(500) ack 1
        < . 1 ack 1                             # ssthresh = 1000: what has just been sent does not count (RFC 5681 section 3.2)
        > . 1:501(500) ack 1                    # cwnd = 2500
        < . 1 ack 1
        > nothing
        < . 1 ack 1
        > . 3001:3501(500) ack 1
        < . 1 ack 3001
        > . 3501:4001(500) ack 1
        > nothing                               # with these two under way and more to send, one duplicate tells of no loss yet
        < . 1 ack 3001
        > . 4001:4501(500) ack 1
        < . 1 ack 3001
        > . 4501:5001(500) ack 1
        < . 1 ack 3001
        > . 3001:3501(500) ack 1
        > . 5001:5501(500) ack 1                # cwnd = 1000 and three segments, of which two were sent on trust
        > nothing
        """);

    [Theory, Ladder]
    public void F21_after_a_timeout_duplicates_let_nothing_go_RFC6582_3_2(Variant variant) => Play(variant, Small + """
        write 6000
        > . 1:2001(4*500) ack 1
        +1000 > . 1:501(500) ack 1
        < . 1 ack 501
        > . 501:1501(2*500) ack 1
        < . 1 ack 501
        < . 1 ack 501
        < . 1 ack 501
        > nothing
        """);

    [Theory, Ladder("write 1100", "win 1000")]
    public void F21_with_two_under_way_and_nothing_that_may_follow_one_duplicate_is_enough_RFC5827_2(Variant variant, string why) => Play(variant, $"""
        given ESTABLISHED with {(why[0] == 'w' && why[1] == 'i' ? why : "win 8192")} <mss 500>
        {(why[1] == 'r' ? why : "write 1500")}
        > . 1:1001(2*500) ack 1
        > nothing                               # the rest waits to be filled up, or for the window
        < . 1 ack 1
        > . 1:501(500) ack 1
        """);

    [Theory, Ladder]
    public void F21_a_partial_acknowledgment_takes_off_the_window_what_it_covers_RFC6582_3_2(Variant variant) => Play(variant, Small + """
        write 6000
        > . 1:2001(4*500) ack 1
        < . 1 ack 1
        > . 2001:2501(500) ack 1
        < . 1 ack 1
        > . 2501:3001(500) ack 1
        < . 1 ack 1
        > . 1:501(500) ack 1                    # cwnd = 2500
        < . 1 ack 1001                          # 2500 - 1000 + 500
        > . 1001:1501(500) ack 1
        > nothing
        < . 1 ack 1001                          # 2500: one more than is under way
        > . 3001:3501(500) ack 1
        < . 1 ack 1251                          # 2500 - 250: less than a segment makes no room
        > . 1251:1501(250) ack 1
        > nothing
        < . 1 ack 1251                          # 2750
        > . 3501:4001(500) ack 1
        < . 1 ack 1251
        > . 4001:4501(500) ack 1
        """);

    [Theory, Ladder]
    public void F17_what_arrived_while_a_loss_was_repaired_is_not_timed_RFC6298_3(Variant variant) => Play(variant, """
        config TcpMinimumRto 20
        config TcpSendFrames 12
        config FrameCounts 12 6 4 20 4 6
        listen 80 backlog 2
        < S 0:0(0) win 30000 <mss 500>
        > S. 0:0(0) ack 1
        +100 < . 1 ack 1
        accept
        rto 300
        write 2000
        > P. 1:2001(4*500) ack 1
        +100 < . 1 ack 1
        < . 1 ack 1
        < . 1 ack 1
        > . 1:501(500) ack 1
        +100 < . 1 ack 2001
        rto 300
        """);

    [Theory, Ladder]
    public void F17_a_SYN_and_acknowledgment_that_was_repeated_for_a_repeated_SYN_is_not_timed_and_counts_as_lost_RFC6298_3(Variant variant) => Play(variant, """
        config TcpMinimumRto 20
        config TcpSendFrames 12
        listen 80 backlog 2
        < S 0:0(0) win 30000 <mss 500>
        > S. 0:0(0) ack 1
        +500 < S 0:0(0) win 30000 <mss 500>
        > S. 0:0(0) ack 1
        +10 < . 1 ack 1
        accept
        rto 1000
        write 2000
        > . 1:501(500) ack 1                    # and the initial window is one segment (RFC 5681 section 3.1)
        > nothing
        """);

    [Theory, Ladder]
    public void F17_with_both_opening_at_once_nobody_knows_which_SYN_was_acknowledged_RFC6298_3(Variant variant) => Play(variant, """
        config TcpMinimumRto 20
        config TcpSendFrames 12
        connect
        > S 0:0(0)
        +500 < S 0:0(0) win 30000 <mss 500>
        > S. 0:0(0) ack 1
        +10 < . 1 ack 1
        rto 1000
        write 2000
        > P. 1:2001(4*500) ack 1
        """);

    [Theory, Ladder]
    public void F20_with_both_opening_at_once_an_answer_that_was_lost_counts_too_RFC5681_3_1(Variant variant) => Play(variant, """
        config TcpSendFrames 12
        connect
        > S 0:0(0)
        < S 0:0(0) win 30000 <mss 500>
        > S. 0:0(0) ack 1
        +500 < S 0:0(0) win 30000 <mss 500>
        > S. 0:0(0) ack 1
        < . 1 ack 1
        write 2000
        > . 1:501(500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F21_three_duplicates_bring_the_lost_segment_and_a_partial_ACK_the_next_RFC6582_3_2(Variant variant) => Play(variant, Small + """
        write 3000
        > . 1:2001(4*500) ack 1
        < . 1 ack 501
        > P. 2001:3001(2*500) ack 1
        < . 1 ack 501
        < . 1 ack 501
        > nothing
        < . 1 ack 501
        > . 501:1001(500) ack 1
        < . 1 ack 501
        > nothing
        < . 1 ack 1501                          # partial: the one behind it was lost too
        > . 1501:2001(500) ack 1
        < . 1 ack 3001
        > nothing
        counter tcp.FastRetransmissions 2
        """);

    [Theory, Ladder]
    public void F22_what_carries_text_or_another_window_is_no_duplicate_RFC5681_2(Variant variant) => Play(variant, Small + """
        write 2000
        > P. 1:2001(4*500) ack 1
        < . 1 ack 1 win 30001
        < . 1 ack 1 win 30002
        < . 1 ack 1 win 30003
        < . 1 ack 1 win 30004
        < P. 1:2(1) ack 1
        < P. 2:3(1) ack 1
        > . 2001 ack 3
        < P. 3:4(1) ack 1
        < P. 4:5(1) ack 1
        > . 2001 ack 5
        read 4
        counter tcp.FastRetransmissions 0
        < . 5 ack 1
        < . 5 ack 1
        > nothing
        < . 5 ack 1
        > . 1:501(500) ack 5
        """);

    [Theory, Ladder]
    public void F23_after_an_idle_time_the_window_is_the_initial_one_again_RFC5681_4_1(Variant variant) => Play(variant, Small + """
        write 4000
        > . 1:2001(4*500) ack 1
        < . 1 ack 1001
        > P. 2001:4001(4*500) ack 1
        < . 1 ack 2001
        < . 1 ack 3001
        < . 1 ack 4001                          # cwnd = 6000
        +1000 write 2500                        # not longer than a timeout
        > P. 4001:6501(5*500) ack 1
        < . 1 ack 6501
        +1001 write 6000
        > . 6501:8501(4*500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F23_after_29_days_the_window_is_the_initial_one_again_too_RFC5681_4_1(Variant variant) => Play(variant, Small + """
        write 2000
        > P. 1:2001(4*500) ack 1
        < . 1 ack 1001
        < . 1 ack 2001
        +1500000000 > nothing
        +1000000000 > nothing
        write 4000
        > . 2001:4001(4*500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F19_each_progress_starts_the_clock_anew_MUST_21(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 3000
        +90000 > any
        < . 1 ack 501
        +90000 > any
        < . 1 ack 1001
        +90000 > any
        state ESTABLISHED
        """);

    [Theory, Ladder]
    public void The_applications_patience_ends_a_connection_whose_text_is_not_acknowledged_MUST_22(Variant variant) => Play(variant, """
        given ESTABLISHED
        usertimeout -1 -> InvalidArgument
        usertimeout 5000
        write 10
        > P. 1:11(10) ack 1
        +1000 > any
        +3999 > any
        state ESTABLISHED
        +1
        error TimedOut
        counter tcp.TimedOut 1
        """);

    [Theory, Ladder]
    public void The_applications_patience_ends_an_attempt_to_connect_MUST_22(Variant variant) => Play(variant, """
        connect
        usertimeout 2000
        > S 0:0(0)
        +1000 > S 0:0(0)
        +999
        error Success
        +1
        error TimedOut
        """);

    [Theory, Ladder]
    public void The_applications_patience_ends_a_closed_window_whose_probes_are_not_answered_MUST_22(Variant variant) => Play(variant, """
        given ESTABLISHED
        usertimeout 10000
        < . 1 ack 1 win 0
        write 10
        +9999 > any
        state ESTABLISHED
        +1
        error TimedOut
        """);

    [Theory, Ladder]
    public void A_patience_of_0_is_the_one_that_is_configured_MUST_22(Variant variant) => Play(variant, """
        given ESTABLISHED
        usertimeout 5000
        usertimeout 0
        write 10
        +100000 > any
        state ESTABLISHED
        +60000 > any
        error TimedOut
        usertimeout 1000
        """);
}
