// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>What we receive on an open connection: F1 to F7, F10 to F15, F26, F29, F31 and F35.</summary>
public sealed class ReceivingLadders : LadderTest
{
    /// <summary>Two segments that fill the window, and their acknowledgment.</summary>
    private const string Full = """
        given ESTABLISHED
        < . 1:1461(1460) ack 1
        < . 1461:2921(1460) ack 1
        +1 > . 1 ack 2921 win 0

        """;

    [Theory, Ladder]
    public void F1_without_text_the_number_must_lie_in_the_window_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1 ack 1
        < . 2 ack 1
        < . 2920 ack 1
        write 10
        > P. 1:11(10) ack 1
        < . 2921 ack 11                         # the edge itself: of who has filled the window, and lost all of it
        +2000 > nothing                         # what it acknowledges has arrived
        counter tcp.Unacceptable 0
        < . 2922 ack 11
        > . 11 ack 1
        +600 < . 0 ack 11
        > . 11 ack 1
        +600 < . -2147483647 ack 11
        > . 11 ack 1
        counter tcp.Unacceptable 3
        """);

    [Theory, Ladder]
    public void F1_of_text_the_first_or_the_last_byte_must_lie_in_the_window_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . -9:1(10) ack 1
        > . 1 ack 1
        counter tcp.Unacceptable 1
        < . 2921:2931(10) ack 1
        > . 1 ack 1
        counter tcp.Unacceptable 2
        < . 2920:2930(10) ack 1
        > . 1 ack 1
        counter tcp.Unacceptable 2
        < . -8:2(10) ack 1
        > . 1 ack 2
        counter tcp.Unacceptable 2
        read 10 -> 1
        """);

    [Theory, Ladder]
    public void F1_text_from_the_other_side_of_the_circle_is_answered_and_acknowledges_nothing_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        < P. -2147483646:-2147483645(1) ack 11  # it ends closer to the window's edge than to its beginning, the long way round
        > . 11 ack 1
        < P. -2147480727:-2147480726(1) ack 11
        > . 11 ack 1
        < P. -2147483647:-2147483646(1) ack 11
        > . 11 ack 1
        counter tcp.Unacceptable 3
        < . 1 ack -2147483637
        > . 11 ack 1
        counter tcp.BadAcknowledgment 1
        +1000 > P. 1:11(10) ack 1               # none of them counted
        """);

    [Theory, Ladder]
    public void F32_only_what_lies_within_a_window_before_is_told_to_have_come_twice_RFC2883_4(Variant variant) => Play(variant, """
        given ESTABLISHED with win 8192 <mss 1460,nop,nop,sackOK>
        < P. -65535:-65534(1) ack 1
        > . 1 ack 1 <nop,nop,sack -65535:-65534>
        < P. -65536:-65535(1) ack 1
        > . 1 ack 1 <>
        """);

    [Theory, Ladder]
    public void F1_with_the_window_closed_a_RST_counts_whatever_text_explains_it_3_10_7_4(Variant variant) => Play(variant, Full + """
        < R. 2921:2931(10) ack 1
        error ConnectionReset
        """);

    [Theory, Ladder]
    public void F1_with_the_window_closed_only_the_next_number_without_text_is_acceptable_3_10_7_4(Variant variant) => Play(variant, Full + """
        < . 2921 ack 1
        > nothing
        counter tcp.Unacceptable 0
        < . 2922 ack 1
        > . 1 ack 2921 win 0
        +600 < . 2920 ack 1
        > . 1 ack 2921 win 0
        < . 2921:2922(1) ack 1
        > . 1 ack 2921 win 0
        counter tcp.Unacceptable 3
        read 3000 -> 2920
        > . 1 ack 2921 win 2920
        """);

    [Theory, Ladder]
    public void F2_an_unacceptable_segment_is_acknowledged_and_changes_nothing_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        < PF. -19:-9(10) ack 11 win 0
        > . 11 ack 1
        < PF. 3000:3010(10) ack 11 win 0
        > . 11 ack 1
        state ESTABLISHED
        +1000 > P. 1:11(10) ack 1               # its acknowledgment did not count
        < . 1 ack 11 win 8192
        write 10
        > P. 11:21(10) ack 1                    # and neither did the FIN
        """);

    [Theory, Ladder(LadderAttribute.Synchronized)]
    public void F2_an_unacceptable_segment_is_acknowledged_in_every_synchronized_state_3_10_7_4(Variant variant, string state) => Play(variant, $"""
        given {state}
        < . nxt-11:nxt-1(10) ack nxt
        > . nxt ack nxt
        +600 < . nxt+100000 ack nxt
        > . nxt ack nxt
        """);

    [Theory, Ladder]
    public void F3_with_the_window_closed_acknowledgments_count_MUST_66(Variant variant) => Play(variant, Full + """
        write 10
        > P. 1:11(10) ack 2921 win 0
        < . 2921 ack 11
        +5000 > nothing
        write 10
        > P. 11:21(10) ack 2921 win 0
        < U. 2921 ack 21 urg 5
        +5000 > nothing
        """);

    [Theory, Ladder]
    public void F3_with_the_window_closed_the_acknowledgment_of_a_segment_with_text_counts_too_MUST_66(Variant variant) => Play(variant, Full + """
        write 10
        > P. 1:11(10) ack 2921 win 0
        < P. 2921:2931(10) ack 11
        > . 11 ack 2921 win 0
        +5000 > nothing
        write 10
        > P. 11:21(10) ack 2921 win 0
        < P. 2921:2931(10) ack 22               # but not of what was never sent
        > . 21 ack 2921 win 0
        < SP. 2921:2931(10) ack 21              # nor that of a SYN
        > . 21 ack 2921 win 0
        < P. 2923:2933(10) ack 21               # nor that of what lies beyond the next byte
        > . 21 ack 2921 win 0
        +1000 > P. 11:21(10) ack 2921 win 0
        """);

    [Theory, Ladder]
    public void F3_with_the_window_closed_a_reset_counts_MUST_66(Variant variant) => Play(variant, Full + """
        < R 2922
        < R 2920
        > nothing
        state ESTABLISHED
        < R 2921
        state CLOSED
        error ConnectionReset
        """);

    [Theory, Ladder]
    public void F4_what_lies_left_of_the_window_is_cut_off_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        < P. 6:16(10) ack 1
        > . 1 ack 16
        < P. -4:26(30) ack 1
        +100 > . 1 ack 26
        read 25
        """);

    [Theory, Ladder]
    public void F4_what_lies_right_of_the_window_is_cut_off_and_a_FIN_behind_it_too_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1:1001(1000) ack 1
        < . 1001:2001(1000) ack 1
        +1 > . 1 ack 2001 win 920
        < PF. 2001:3001(1000) ack 1
        +100 > . 1 ack 2921 win 0
        state ESTABLISHED
        read 3000 -> 2920
        > . 1 ack 2921 win 2920
        < PF. 2001:3001(1000) ack 1
        > . 1 ack 3002
        state CLOSE-WAIT
        read 80
        read 1 -> end
        """);

    [Theory, Ladder]
    public void F4_a_FIN_right_behind_text_that_fills_the_window_is_taken(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1:1461(1460) ack 1
        < PF. 1461:2921(1460) ack 1             # a FIN needs no place, and spares the peer a probe
        > . 1 ack 2922 win 0
        state CLOSE-WAIT
        read 3000 -> 2920
        read 1 -> end
        """);

    [Theory, Ladder]
    public void F4_a_segment_older_than_its_text_whose_FIN_is_new_closes_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        read 10
        +100 > . 1 ack 11
        < PF. 1:11(10) ack 1
        > . 1 ack 12
        state CLOSE-WAIT
        read 1 -> end
        < PF. 1:11(10) ack 1                    # and once more, which is all old
        > . 1 ack 12
        """);

    [Theory, Ladder]
    public void F5_an_ACK_of_what_was_never_sent_is_answered_and_its_text_dropped_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 2
        > . 1 ack 1
        read 10 -> WouldBlock
        +600 < PF. 1:11(10) ack 2147483640
        > . 1 ack 1
        state ESTABLISHED
        counter tcp.BadAcknowledgment 2
        """);

    [Theory, Ladder]
    public void F6_an_ACK_older_than_the_largest_window_is_challenged_and_its_text_dropped_RFC5961_5_2(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack -8192                 # SND.UNA - MAX.SND.WND - 1
        > . 1 ack 1
        read 10 -> WouldBlock
        counter tcp.ChallengeAcks 1
        < P. 1:11(10) ack -8191
        +100 > . 1 ack 11
        read 10
        """);

    [Theory, Ladder(LadderAttribute.Synchronized)]
    public void F7_without_ACK_a_segment_is_dropped_in_every_synchronized_state_3_10_7_4(Variant variant, string state) => Play(variant, $"""
        given {state}
        < P nxt:nxt+10(10)
        < - nxt:nxt+10(10)
        < F nxt
        < UP nxt:nxt+10(10) urg 3
        > nothing
        state {state}
        """);

    [Theory, Ladder]
    public void F10_the_right_edge_never_moves_left_SHLD_14(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1:2(1) ack 1
        < . 2:3(1) ack 1
        > . 1 ack 3 win 2918
        < . 3:4(1) ack 1
        < . 4:5(1) ack 1
        > . 1 ack 5 win 2916
        < . 5:6(1) ack 1                        # the queue has no place for a fifth frame, and still promises what it did
        < . 6:7(1) ack 1
        > . 1 ack 7 win 2914
        read 6
        < . 7:8(1) ack 1
        +100 > . 1 ack 8 win 2913
        """);

    [Theory, Ladder]
    public void F10_not_even_when_there_is_no_place_for_what_was_promised_SHLD_14(Variant variant) => Play(variant, """
        config FrameCounts 12 6 4 4 4 12
        config TcpReceiveWindow 8760
        config TcpReceiveFrames 2
        given ESTABLISHED
        < . 1:1461(1460) ack 1
        < . 1461:2921(1460) ack 1
        > . 1 ack 2921 win 5840
        < . 2921:4381(1460) ack 1               # two frames are all that a connection may hold
        > . 1 ack 2921 win 5840
        counter tcp.ReceiveQueueFull 1
        read 2920
        > . 1 ack 2921 win 8760
        < . 2921:4381(1460) ack 1
        +100 > . 1 ack 4381 win 7300
        """);

    [Theory, Ladder]
    public void F11_F13_text_out_of_order_is_kept_and_each_such_segment_acknowledged_at_once_RFC5681_4_2(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 101:201(100) ack 1
        > . 1 ack 1
        < P. 301:401(100) ack 1
        > . 1 ack 1
        read 1 -> WouldBlock
        < P. 1:101(100) ack 1
        > . 1 ack 201                           # part of the gap closes
        read 200
        < P. 201:301(100) ack 1
        > . 1 ack 401
        read 200
        """);

    [Theory, Ladder]
    public void F12_bytes_that_come_twice_are_delivered_once_and_the_first_copy_stays_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        < P. 1:11(10) ack 1 garbage
        > . 1 ack 11
        < P. 21:31(10) ack 1                    # behind a gap
        > . 1 ack 11
        < P. 21:31(10) ack 1 garbage
        > . 1 ack 11
        < P. 11:21(10) ack 1
        > . 1 ack 31
        read 100 -> 30
        """);

    [Theory, Ladder]
    public void F14_every_second_full_segment_is_acknowledged_and_a_single_one_in_time_MUST_40(Variant variant) => Play(variant, """
        config FrameCounts 12 6 4 4 4 12
        config TcpReceiveWindow 8760
        config TcpReceiveFrames 8
        given ESTABLISHED
        < . 1:1461(1460) ack 1
        > nothing
        < . 1461:2921(1460) ack 1
        > . 1 ack 2921
        < . 2921:4381(1460) ack 1
        > nothing
        < . 4381:5841(1460) ack 1
        > . 1 ack 5841
        < . 5841:7301(1460) ack 1
        < . 7301:8001(700) ack 1
        < . 8001:8701(700) ack 1
        +1 > . 1 ack 8701 win 60                # no room for a segment: it is the reader's turn
        read 8700
        > . 1 ack 8701
        < P. 8701:8702(1) ack 1
        +99 > nothing
        +1 > . 1 ack 8702
        """);

    [Theory, Ladder]
    public void F14_an_acknowledgment_rides_with_the_answer_MUST_40(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        read 10
        write 10
        > P. 1:11(10) ack 11
        +500 > nothing
        """);

    [Theory, Ladder]
    public void No_more_is_offered_than_the_frames_that_are_free_can_take(Variant variant) => Play(variant, """
        config TcpReceiveWindow 20000
        config TcpReceiveFrames 20
        listen 80 backlog 2
        < S 0:0(0) win 8192 <mss 1460>
        > S. 0:0(0) ack 1 win 5840              # of six a third is not for one alone
        < R 1
        """);

    [Theory, Ladder]
    public void F15_old_text_is_acknowledged_each_time_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        +100 > . 1 ack 11
        < P. 1:11(10) ack 1
        > . 1 ack 11
        < P. 1:11(10) ack 1
        > . 1 ack 11
        < P. 1:11(10) ack 1
        > . 1 ack 11
        < P. 10:11(1) ack 1
        > . 1 ack 11
        read 10
        read 1 -> WouldBlock
        """);

    [Theory, Ladder]
    public void F26_F29_the_window_opens_in_steps_that_are_worth_a_segment_3_8_6_2_2(Variant variant) => Play(variant, Full + """
        20x read 50
        > nothing
        read 459
        > nothing
        read 1
        > . 1 ack 2921 win 1460
        read 1459
        > nothing
        read 1
        > . 1 ack 2921 win 2920
        +10000 > nothing
        """);

    [Theory, Ladder]
    public void F31_a_keepalive_or_probe_of_the_peer_is_answered_and_its_byte_not_delivered_3_8_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 0 ack 1
        > . 1 ack 1
        +600 < . 0:1(1) ack 1 garbage
        > . 1 ack 1
        read 1 -> WouldBlock
        < P. 1:11(10) ack 1
        +100 > . 1 ack 11
        +600 < . 10 ack 1
        > . 1 ack 11
        +600 < . 10:11(1) ack 1 garbage
        > . 1 ack 11
        read 10
        """);

    [Theory, Ladder]
    public void F35_with_no_place_for_more_text_out_of_order_it_is_dropped_and_acknowledged(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 11:21(10) ack 1
        > . 1 ack 1
        < P. 31:41(10) ack 1
        > . 1 ack 1
        < P. 51:61(10) ack 1                    # there is place for two
        > . 1 ack 1
        < P. 71:81(10) ack 1
        > . 1 ack 1
        counter tcp.OutOfOrderDropped 2
        < P. 1:11(10) ack 1
        > . 1 ack 21
        < P. 21:31(10) ack 1
        > . 1 ack 41
        read 40
        < P. 41:81(40) ack 1
        +100 > . 1 ack 81
        read 40
        """);

    [Theory, Ladder]
    public void F4_a_segment_that_begins_before_the_window_and_ends_behind_it_is_taken_3_10_7_4(Variant variant) => Play(variant, """
        config TcpReceiveWindow 700
        given ESTABLISHED
        < P. 1:101(100) ack 1
        < PF. 91:711(620) ack 1
        +0..100 > . 1 ack 701 win 0
        read 1000 -> 700
        > . 1 ack 701 win 700
        read 1 -> WouldBlock
        < PF. 701:711(10) ack 1
        > . 1 ack 712
        read 10
        read 1 -> end
        """);
}
