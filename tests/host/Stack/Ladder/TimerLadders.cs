// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;
using Xunit;

namespace HostTests.Stack.Ladder;

/// <summary>Retransmission and congestion: F16 to F23.</summary>
public sealed class TimerLadders : LadderTest
{
    /// <summary>Enough frames for a window of small segments, and a peer that takes 500 bytes at a time.</summary>
    private const string Small = """
        config TcpSendFrames 12
        config FrameCounts 12 6 4 20 4 6
        listen 80 backlog 2
        < S 0:0(0) win 30000 <mss 500>
        > S. 0:0(0) ack 1
        < . 1 ack 1
        accept

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
        +1475 > P. 11:21(10) ack 1
        +2950 > P. 11:21(10) ack 1
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
        > . 1:1461(1460) ack 1
        > P. 1461:2921(1460) ack 1
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
        +36999
        state ESTABLISHED                       # at 100 s, which R2 must be at least
        +30000
        state CLOSED
        error TimedOut
        counter tcp.TimedOut 1
        """);

    [Theory, Ladder]
    public void F20_slow_start_doubles_and_a_timeout_begins_again_with_one_segment_RFC5681_3_1(Variant variant) => Play(variant, Small + """
        write 6000
        > . 1:501(500) ack 1
        > . 501:1001(500) ack 1
        > . 1001:1501(500) ack 1
        > . 1501:2001(500) ack 1
        > nothing                               # four segments are the initial window
        < . 1 ack 501
        > . 2001:2501(500) ack 1
        > . 2501:3001(500) ack 1
        < . 1 ack 1001
        > . 3001:3501(500) ack 1
        > . 3501:4001(500) ack 1
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
        > . 1:501(500) ack 1
        > . 501:1001(500) ack 1
        > . 1001:1501(500) ack 1
        > . 1501:2001(500) ack 1
        +1000 > . 1:501(500) ack 1              # ssthresh = 1000
        < . 1 ack 2001                          # cwnd = 1000
        > . 2001:2501(500) ack 1
        > . 2501:3001(500) ack 1
        > nothing
        < . 1 ack 2501                          # 1250: no room for a third yet
        > . 3001:3501(500) ack 1
        > nothing
        < . 1 ack 3001                          # 1450
        > . 3501:4001(500) ack 1
        > nothing
        < . 1 ack 3501                          # 1622
        > . 4001:4501(500) ack 1
        > . 4501:5001(500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F21_three_duplicates_bring_the_lost_segment_and_a_partial_ACK_the_next_RFC6582_3_2(Variant variant) => Play(variant, Small + """
        write 3000
        > . 1:501(500) ack 1
        > . 501:1001(500) ack 1
        > . 1001:1501(500) ack 1
        > . 1501:2001(500) ack 1
        < . 1 ack 501
        > . 2001:2501(500) ack 1
        > P. 2501:3001(500) ack 1
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
        > . 1:501(500) ack 1
        > . 501:1001(500) ack 1
        > . 1001:1501(500) ack 1
        > P. 1501:2001(500) ack 1
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
        > . 1:501(500) ack 1
        > . 501:1001(500) ack 1
        > . 1001:1501(500) ack 1
        > . 1501:2001(500) ack 1
        < . 1 ack 1001
        > . 2001:2501(500) ack 1
        > . 2501:3001(500) ack 1
        > . 3001:3501(500) ack 1
        < . 1 ack 2001
        > P. 3501:4001(500) ack 1
        < . 1 ack 3001
        < . 1 ack 4001                          # cwnd = 4000
        +1001 write 6000
        > . 4001:4501(500) ack 1
        > . 4501:5001(500) ack 1
        > . 5001:5501(500) ack 1
        > . 5501:6001(500) ack 1
        > nothing
        """);
}
