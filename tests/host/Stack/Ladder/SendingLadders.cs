// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>What we send, and when: windows, Nagle, probes and keep-alives: F8, F9, F24, F25, F27, F28, F30 and F34.</summary>
public sealed class SendingLadders : LadderTest
{
    [Theory, Ladder]
    public void F8_the_window_is_taken_from_newer_segments_only_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 100
        > P. 1:101(100) ack 1
        < . 1 ack 101 win 3000                  # WL1 = 1, WL2 = 101
        < . 1 ack 1 win 9000                    # an older acknowledgment
        < P. 1:11(10) ack 101 win 2000          # the same numbers again: taken
        +100 > . 101 ack 11
        < P. 11:21(10) ack 101 win 3000         # WL1 = 11
        +100 > . 101 ack 21
        < P. 1:11(10) ack 101 win 9000          # an older number, and not acceptable
        > . 101 ack 21
        < P. 9:31(22) ack 101 win 3000          # begins before, but what is new begins at 21
        +100 > . 101 ack 31
        write 4380
        > . 101:3021(2*1460) ack 31
        > nothing                               # 80 bytes are left of 3000, and not worth a segment
        read 30
        """);

    [Theory, Ladder]
    public void F8_what_fills_a_hole_is_older_than_what_came_before_it_and_its_window_does_not_count_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 11:21(10) ack 1 win 3000           # WL1 = 11
        > . 1 ack 1
        < P. 1:11(10) ack 1 win 9000
        > . 1 ack 21
        write 4380
        > . 1:2921(2*1460) ack 21
        > nothing
        read 20
        """);

    [Theory, Ladder]
    public void F9_when_the_window_shrinks_nothing_new_is_sent_and_what_is_under_way_is_repeated_MUST_34(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 2920
        > P. 1:2921(2*1460) ack 1
        < . 1 ack 1 win 1460                    # less than is under way
        write 1460
        > nothing
        +1000 > . 1:1461(1460) ack 1
        < . 1 ack 2921 win 1460
        > P. 2921:4381(1460) ack 1
        """);

    [Theory, Ladder]
    public void F9_a_window_that_shrinks_to_nothing_below_what_is_under_way_is_probed_MUST_34(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 1460
        > P. 1:1461(1460) ack 1
        < . 1 ack 1 win 0
        write 100
        > nothing
        +1000..3500 > P. 1:2(1) ack 1           # an old byte
        < . 1 ack 1461 win 0
        +1000..4000 > P. 1461:1462(1) ack 1
        < . 1 ack 1461 win 2000
        > P. 1461:1561(100) ack 1
        """);

    [Theory, Ladder]
    public void F24_F25_a_closed_window_is_probed_with_backoff_while_answered_and_resumed_at_once_MUST_36(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1 ack 1 win 0
        write 100
        +1000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +2000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +4000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +8000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +16000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +32000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +60000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +60000 > P. 1:2(1) ack 1                # for longer than the user timeout by now: it is answered
        < . 1 ack 1 win 0
        state ESTABLISHED
        < . 1 ack 1 win 8192
        > P. 1:101(100) ack 1
        """);

    [Theory, Ladder]
    public void F25_a_FIN_that_finds_the_window_closed_is_repeated_for_as_long_as_it_is_answered_MUST_37(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1 ack 1 win 100
        write 100
        > P. 1:101(100) ack 1
        shutdown
        > F. 101:101(0) ack 1
        < . 1 ack 101 win 0
        +1000 > F. 101:101(0) ack 1
        < . 1 ack 101 win 0
        +2000 > F. 101:101(0) ack 1
        < . 1 ack 101 win 0
        +4000 > F. 101:101(0) ack 1
        < . 1 ack 101 win 0
        +8000 > F. 101:101(0) ack 1
        < . 1 ack 101 win 0
        +16000 > F. 101:101(0) ack 1
        < . 1 ack 101 win 0
        +32000 > F. 101:101(0) ack 1
        < . 1 ack 101 win 0
        +60000 > F. 101:101(0) ack 1
        < . 1 ack 101 win 0
        +60000 > F. 101:101(0) ack 1            # for longer than the user timeout by now: it is answered
        state FIN-WAIT-1
        < . 1 ack 101 win 0
        +10000 < . 1 ack 101 win 8192           # it was refused for want of room, and need not be any more
        > F. 101:101(0) ack 1
        < . 1 ack 102 win 8192
        > nothing
        state FIN-WAIT-2
        """);

    [Theory, Ladder]
    public void F25_a_FIN_that_finds_the_window_closed_and_is_not_answered_ends_with_the_user_timeout_MUST_37(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1 ack 1 win 0
        shutdown
        > F. 1:1(0) ack 1
        < . 1 ack 1 win 0
        +119000 > any
        state FIN-WAIT-1
        +5000
        error TimedOut
        """);

    [Theory, Ladder]
    public void F24_probes_back_off_to_the_longest_interval_from_the_shortest_timeout_too_3_8_6_1(Variant variant) => Play(variant, """
        config TcpMinimumRto 1
        given ESTABLISHED
        rto 1
        < . 1 ack 1 win 0
        write 100
        +1 > P. 1:2(1) ack 1
        +2 > P. 1:2(1) ack 1
        +4 > P. 1:2(1) ack 1
        +8 > P. 1:2(1) ack 1
        +16 > P. 1:2(1) ack 1
        +32 > P. 1:2(1) ack 1
        +64 > P. 1:2(1) ack 1
        +128 > P. 1:2(1) ack 1
        +256 > P. 1:2(1) ack 1
        +512 > P. 1:2(1) ack 1
        +1024 > P. 1:2(1) ack 1
        +2048 > P. 1:2(1) ack 1
        +4096 > P. 1:2(1) ack 1
        +8192 > P. 1:2(1) ack 1
        +16384 > P. 1:2(1) ack 1
        +32768 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +60000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +60000 > P. 1:2(1) ack 1
        """);

    [Theory, Ladder]
    public void F24_probes_begin_anew_when_the_peer_has_taken_a_byte_3_8_6_1(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1 ack 1 win 0
        write 100
        +1000 > P. 1:2(1) ack 1
        +2000 > P. 1:2(1) ack 1
        < . 1 ack 2 win 0
        +4000 > P. 2:3(1) ack 1
        +2000 > P. 2:3(1) ack 1
        < . 1 ack 3 win 8192
        > P. 3:101(98) ack 1
        """);

    [Theory, Ladder]
    public void F18_a_segment_that_is_acknowledged_in_part_is_repeated_from_SND_UNA_on_3_10_8(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 1000
        > P. 1:1001(1000) ack 1
        < . 1 ack 302
        +1000 > P. 302:1001(699) ack 1          # its bytes change places in their words
        < . 1 ack 501
        +2000 > P. 501:1001(500) ack 1
        < . 1 ack 701
        +4000 > P. 701:1001(300) ack 1
        < . 1 ack 1000
        +8000 > P. 1000:1001(1) ack 1
        < . 1 ack 1001
        """);

    [Theory, Ladder]
    public void F27_what_was_sent_of_a_segment_and_acknowledged_in_part_is_not_sent_again_3_8_6_2_1(Variant variant) => Play(variant, """
        given ESTABLISHED with win 1000 <mss 1460>
        write 1000
        > P. 1:1001(1000) ack 1
        < . 1 ack 1001 win 500
        write 1600
        > . 1001:1501(500) ack 1
        < . 1 ack 1252 win 1000
        > . 1252:2001(749) ack 1
        > nothing                               # 251 more are allowed, and not worth a segment
        < . 1 ack 2001
        > P. 2001:2601(600) ack 1
        """);

    [Theory, Ladder]
    public void F18_of_a_segment_that_counts_as_lost_what_was_not_sent_yet_is_all_that_is_left_when_the_rest_arrives_3_10_8(Variant variant) => Play(variant, """
        given ESTABLISHED with win 1200 <mss 1460>
        nodelay on
        write 300
        > P. 1:301(300) ack 1
        write 1200
        > . 301:1201(900) ack 1                 # as far as the window goes
        < . 1 ack 1 win 300                     # it shrinks
        +1000 > . 1:301(300) ack 1              # both count as lost, and the second has to wait
        < . 1 ack 1201 win 1200                 # they were only late
        > P. 1201:1501(300) ack 1
        > nothing
        < . 1 ack 1501
        """);

    [Theory, Ladder("2", "10", "1460")]
    public void F25_a_peer_that_takes_the_byte_of_the_probe_gets_what_follows_3_8_6_1(Variant variant, string length) => Play(variant, $"""
        given ESTABLISHED
        < . 1 ack 1 win 0
        write {length}
        +1000 > P. 1:2(1) ack 1
        < . 1 ack 2 win 8192
        > P. 2:{int.Parse(length) + 1}({int.Parse(length) - 1}) ack 1
        """);

    [Theory, Ladder("1", "10", "1460")]
    public void F25_a_peer_that_opens_its_window_gets_all_of_it_at_once_3_8_6_1(Variant variant, string length) => Play(variant, $"""
        given ESTABLISHED
        < . 1 ack 1 win 0
        write {length}
        +1000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 8192
        > P. 1:{int.Parse(length) + 1}({length}) ack 1
        < . 1 ack nxt
        +10000 > nothing
        """);

    [Theory, Ladder]
    public void What_the_send_queue_holds_is_sent_as_far_as_the_window_goes_in_equal_parts(Variant variant) => Play(variant, """
        given ESTABLISHED with win 2000 <mss 1460>
        write 10000 -> 3000
        write 1 -> WouldBlock
        > . 1:2001(2*1000) ack 1
        > nothing
        < . 1 ack 1001
        > P. 2001:3001(1000) ack 1
        write 10000 -> 1000
        > nothing
        """);

    [Theory, Ladder]
    public void A_window_of_many_segments_is_used_whole_3_8_6_2_1(Variant variant) => Play(variant, """
        config TcpSendFrames 30
        given ESTABLISHED
        < . 1 ack 1 win 32768
        write 3000
        > . 1:1425(1424) ack 1                  # 23 of them, instead of 22 of 1460 bytes and 648 that no segment would use
        > . 1425:2849(1424) ack 1
        < . 1 ack 2849
        > P. 2849:3001(152) ack 1
        """);

    [Theory, Ladder]
    public void F24_a_closed_window_whose_probes_nobody_answers_ends_with_the_user_timeout_3_8_6_1(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1 ack 1 win 0
        write 100
        +110000 > any
        state ESTABLISHED
        +130000 > any
        state CLOSED
        error TimedOut
        """);

    [Theory, Ladder]
    public void F27_a_part_is_sent_if_it_is_half_of_the_largest_window_else_the_timer_overrides_3_8_6_2_1(Variant variant) => Play(variant, """
        given ESTABLISHED with win 1000 <mss 1460>
        write 1000
        > P. 1:1001(1000) ack 1
        < . 1 ack 1001 win 499
        write 1000
        > nothing
        < . 1 ack 1001 win 500
        > . 1001:1501(500) ack 1
        < . 1 ack 1501 win 499
        +1000 > . 1501:2000(499) ack 1
        < . 1 ack 2000 win 1000
        > P. 2000:2001(1) ack 1
        """);

    [Theory, Ladder]
    public void F27_half_of_the_largest_window_may_be_a_byte_3_8_6_2_1(Variant variant) => Play(variant, """
        given ESTABLISHED with win 2 <mss 1460>
        write 10
        > . 1:3(2) ack 1
        < . 1 ack 3 win 1
        > . 3:4(1) ack 1
        < . 1 ack 4 win 0
        > nothing
        < . 1 ack 4 win 10
        > P. 4:11(7) ack 1
        """);

    [Theory, Ladder]
    public void F28_Nagle_a_short_segment_waits_while_another_is_under_way_and_a_full_one_does_not_SHLD_7(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        write 10
        > nothing
        write 10
        > nothing
        < . 1 ack 11
        > P. 11:31(20) ack 1
        write 1460                              # full: it does not wait
        > P. 31:1491(1460) ack 1
        200x write 1                            # small ones share frames
        > nothing
        < . 1 ack 1491
        > P. 1491:1691(200) ack 1
        """);

    [Theory, Ladder]
    public void F28_without_Nagle_every_write_leaves_at_once_MUST_17(Variant variant) => Play(variant, """
        given ESTABLISHED
        nodelay on
        write 10
        > P. 1:11(10) ack 1
        write 10
        > P. 11:21(10) ack 1
        < . 1 ack 21
        nodelay off
        write 10
        > P. 21:31(10) ack 1
        write 10
        > nothing
        nodelay on
        write 10
        > P. 31:51(20) ack 1
        """);

    [Theory, Ladder]
    public void F28_a_FIN_and_the_text_before_it_do_not_wait_MUST_17(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        write 10
        > nothing
        close
        > PF. 11:21(10) ack 1
        """);

    [Theory, Ladder]
    public void F30_a_keepalive_is_off_unless_set_and_carries_an_old_number_and_no_text_3_8_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        +86400000 > nothing                     # a day
        keepalive 7200000
        +7200000 > . 0:0(0) ack 1
        < . 1 ack 1
        +3600000 < P. 1:11(10) ack 1            # what the peer says puts it off
        read 10
        +100 > . 1 ack 11
        +7199900 > . 0:0(0) ack 11
        < . 11 ack 1
        +600000 < . 11 ack 1
        +7200000 > . 0:0(0) ack 11
        """);

    [Theory, Ladder]
    public void F30_a_single_keepalive_without_answer_ends_nothing_and_nine_do_MUST_25(Variant variant) => Play(variant, """
        given ESTABLISHED
        keepalive 60000
        +60000 > . 0 ack 1
        5x +75000 > . 0 ack 1
        < . 1 ack 1                             # an answer forgives all of them
        +60000 > . 0 ack 1
        8x +75000 > . 0 ack 1
        +74999
        state ESTABLISHED
        +1
        state CLOSED
        error TimedOut
        counter tcp.KeepAliveProbes 15
        """);

    [Theory, Ladder]
    public void F30_a_keepalive_that_makes_no_sense_is_refused(Variant variant) => Play(variant, """
        given ESTABLISHED
        keepalive 999 -> InvalidArgument
        keepalive -1 -> InvalidArgument
        keepalive 0
        abort
        > R. 1 ack 1
        keepalive 1000 -> BadDescriptor
        """);

    [Theory, Ladder]
    public void F30_nothing_is_probed_while_something_is_under_way_MUST_24(Variant variant) => Play(variant, """
        given ESTABLISHED
        keepalive 2000
        write 10
        > P. 1:11(10) ack 1
        +1000 > P. 1:11(10) ack 1
        +2000 > P. 1:11(10) ack 1
        +4000 > P. 1:11(10) ack 1
        counter tcp.KeepAliveProbes 0
        < . 1 ack 11
        +2000 > . 10 ack 1
        counter tcp.KeepAliveProbes 1
        """);

    [Theory, Ladder]
    public void F34_while_something_is_repeated_a_mere_ACK_carries_the_highest_number_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 2920
        > P. 1:2921(2*1460) ack 1
        +1000 > . 1:1461(1460) ack 1
        < P. 1:11(10) ack 1
        < P. 11:21(10) ack 1
        > . 2921 ack 21
        read 20
        """);
}
