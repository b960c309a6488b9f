// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>RFC 9293 section 3.10.7.4 once more: what its steps leave alone.</summary>
public sealed class InputLadders : LadderTest
{
    [Theory, Ladder("0", "-1", "2", "5000")]
    public void SYN_RECEIVED_by_our_own_open_a_wrong_ACK_is_reset_and_its_text_dropped(Variant variant, string ack) => Play(variant, $"""
        given SYN-RECEIVED by connect
        < P. 1:11(10) ack {ack}
        > R {ack}
        counter tcp.BadAcknowledgment 1
        < F. 1:1(0) ack {ack}
        > R {ack}
        > nothing
        state SYN-RECEIVED
        < P. 1:6(5) ack 1
        state ESTABLISHED
        +100 > . 1 ack 6
        read 5
        """);

    [Theory, Ladder]
    public void SYN_RECEIVED_by_our_own_open_a_RST_is_counted_as_an_opening_that_failed(Variant variant) => Play(variant, """
        given SYN-RECEIVED by connect
        < R 1
        counter tcp.ResetsReceived 1
        counter tcp.FailedOpens 1
        """);

    [Theory, Ladder]
    public void ESTABLISHED_a_RST_is_counted_and_no_opening_has_failed(Variant variant) => Play(variant, """
        given ESTABLISHED
        < R 1
        counter tcp.ResetsReceived 1
        counter tcp.FailedOpens 0
        error ConnectionReset
        """);

    [Theory, Ladder(LadderAttribute.Synchronized)]
    public void What_has_no_ACK_is_counted_as_malformed(Variant variant, string state) => Play(variant, $"""
        given {state}
        < - nxt
        < P nxt:nxt+10(10)
        < F nxt
        > nothing
        counter tcp.Malformed 3
        """);

    [Theory, Ladder]
    public void TIME_WAIT_hears_the_RST_that_answers_a_challenge_of_a_SYN_for_three_seconds(Variant variant) => Play(variant, """
        given TIME-WAIT
        < S 0:0(0) win 8192
        > . 2 ack 2
        +3000 < R 2
        state TIME-WAIT
        < S 0:0(0) win 8192
        > . 2 ack 2
        +2999 < R 2
        state CLOSED
        counter tcp.ResetsReceived 1
        error Success
        """);

    [Theory, Ladder]
    public void TIME_WAIT_begins_anew_with_a_repeated_FIN_alone_MUST_13(Variant variant) => Play(variant, """
        given TIME-WAIT
        close
        +40000 < F. 100000 ack 2                # far outside
        > . 2 ack 2
        +10000 < P. 1:2(1) ack 2                # where the FIN was: not it
        > . 2 ack 2
        +9999 < P. 0:1(1) ack 2
        > . 2 ack 2
        blocks 2
        +1
        blocks 1
        """);

    [Theory, Ladder("FIN-WAIT-1", "FIN-WAIT-2", "CLOSING", "LAST-ACK")]
    public void A_SYN_with_a_later_number_opens_nothing_while_the_old_connection_is_not_in_TIME_WAIT_MAY_2(Variant variant, string state) => Play(variant, $"""
        given {state}
        close
        < S 9000:9000(0) win 8192
        > . nxt ack nxt
        state {state}
        blocks 2
        """);

    [Theory, Ladder]
    public void An_old_acknowledgment_tells_nothing_of_the_window(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 1000
        > P. 1:1001(1000) ack 1
        < . 1 ack 1001
        < P. 1:501(500) ack 1001
        < P. 501:1001(500) ack 1 win 0          # late: its acknowledgment is older than what we know
        > . 1001 ack 1001
        write 10
        > P. 1001:1011(10) ack 1001
        < . 1001 ack 1011
        read 1000
        """);

    [Theory, Ladder]
    public void Acknowledgments_that_are_older_are_no_duplicates_RFC5681_2(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 2920
        > P. 1:2921(2*1460) ack 1
        < . 1 ack 1461
        write 1460
        > P. 2921:4381(1460) ack 1
        3x < . 1 ack 1
        > nothing
        counter tcp.FastRetransmissions 0
        """);

    [Theory, Ladder]
    public void FINs_that_come_before_their_turn_are_no_duplicate_acknowledgments_RFC5681_2(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 2920
        > P. 1:2921(2*1460) ack 1
        < F. 11:11(0) ack 1
        > . 2921 ack 1
        < F. 11:11(0) ack 1
        > . 2921 ack 1
        < F. 11:11(0) ack 1
        > . 2921 ack 1
        > nothing
        counter tcp.FastRetransmissions 0
        """);

    [Theory, Ladder]
    public void A_FIN_before_its_turn_is_acknowledged_at_once_and_kept_without_text_too(Variant variant) => Play(variant, """
        given ESTABLISHED
        < F. 11:11(0) ack 1
        > . 1 ack 1
        state ESTABLISHED
        < P. 1:11(10) ack 1
        > . 1 ack 12
        state CLOSE-WAIT
        read 10
        read 1 -> end
        """);

    [Theory, Ladder("CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT")]
    public void A_second_FIN_behind_the_first_is_acknowledged_and_changes_nothing(Variant variant, string state) => Play(variant, $"""
        given {state}
        < F. 2 ack nxt-1
        > . nxt ack 2
        state {state}
        """);

    [Theory, Ladder]
    public void With_a_user_timeout_running_acknowledgments_of_nothing_new_win_no_time_3_8_3(Variant variant) => Play(variant, """
        config TcpUserTimeout 10000
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        +2500 > any
        < . 1 ack 1
        +2500 > any
        < . 1 ack 1
        +2500 > any
        < . 1 ack 1
        +2499 > any
        state ESTABLISHED
        +6000 > any
        state CLOSED
        error TimedOut
        """);

    [Theory, Ladder]
    public void A_window_that_is_used_up_is_the_readers_turn_and_acknowledged_a_millisecond_later_if_he_does_not_read(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1:1461(1460) ack 1
        +50 < . 1461:2921(1460) ack 1
        +1 > . 1 ack 2921 win 0
        read 2920
        > . 1 ack 2921
        < . 2921:4381(1460) ack 1
        +98 < . 4381:5841(1460) ack 1
        +1 > . 1 ack 5841 win 0
        read 2920
        > . 1 ack 5841
        < . 5841:7301(1460) ack 1
        +99 < . 7301:8761(1460) ack 1
        +1 > . 1 ack 8761 win 0
        read 2920
        > . 1 ack 8761
        """);

    [Theory, Ladder]
    public void Without_delay_each_segment_is_acknowledged_at_once(Variant variant) => Play(variant, """
        config TcpDelayedAck 0
        given ESTABLISHED
        < P. 1:11(10) ack 1
        > . 1 ack 11
        < P. 11:21(10) ack 1
        > . 1 ack 21
        read 20
        """);

    [Theory, Ladder]
    public void A_repetition_that_cannot_be_acknowledged_for_want_of_room_is_when_there_is_some(Variant variant) => Play(variant, """
        config TransmitQueue 1
        given ESTABLISHED with win 8192 <mss 1460,sackOK>
        < P. 1:11(10) ack 1
        read 10
        +100 > . 1 ack 11
        peer bob port 40001
        busy on
        bob < P. 5:15(10) ack =77
        < P. 1:11(10) ack 1
        +10 > nothing
        busy off
        bob > R =77
        > . 1 ack 11
        """);

    [Theory, Ladder]
    public void Once_our_FIN_is_acknowledged_a_closed_window_is_not_probed_any_more(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1 ack 1 win 0
        write 1
        shutdown
        +1000 > any
        < . 1 ack 2 win 0
        +5000 > any
        < . 1 ack 3 win 0
        state FIN-WAIT-2
        +50000 > nothing
        < F. 1 ack 3
        > . 3 ack 2
        +50000 > nothing
        """);

    [Theory, Ladder]
    public void An_abort_is_counted_as_a_reset_that_was_sent(Variant variant) => Play(variant, """
        given ESTABLISHED
        abort
        > R. 1 ack 1
        counter tcp.ResetsSent 1
        """);

    [Theory, Ladder]
    public void What_finds_no_connection_is_counted(Variant variant) => Play(variant, """
        < . 5 ack =77
        > R =77
        < R 5
        counter tcp.NoSocket 2
        counter tcp.SegmentsReceived 2
        listen 80 backlog 1
        < F 0
        < - 0:10(10)
        < SF 0
        counter tcp.Malformed 3
        counter tcp.NoSocket 2
        """);

    [Theory, Ladder]
    public void SYN_SENT_what_does_not_open_is_counted_by_its_reason(Variant variant) => Play(variant, """
        given SYN-SENT
        < . 0 ack 0
        > R 0
        < R. 0 ack 2
        counter tcp.BadAcknowledgment 2
        < . 0 ack 1
        < F 0
        > nothing
        counter tcp.Malformed 2
        < R 0
        counter tcp.ResetsReceived 0
        < R. 0 ack 1
        counter tcp.ResetsReceived 1
        counter tcp.FailedOpens 1
        """);

    [Theory, Ladder]
    public void Selective_acknowledgments_that_were_not_offered_are_not_sent_though_the_peer_grants_them_RFC2018_2(Variant variant) => Play(variant, """
        config TcpOutOfOrderFrames 0
        connect
        > S 0:0(0) <mss 1460>
        < S. 0:0(0) ack 1 win 8192 <mss 1460,nop,nop,sackOK>
        > . 1 ack 1
        < P. 11:21(10) ack 1
        > . 1 ack 1 <>
        < P. 1:11(10) ack 1
        read 10
        +100 > . 1 ack 11 <>
        < P. 1:11(10) ack 1
        > . 1 ack 11 <>
        """);

    [Theory, Ladder]
    public void SYN_RECEIVED_by_our_own_open_a_SYN_again_is_answered_again_unless_it_acknowledges_ours(Variant variant) => Play(variant, """
        given SYN-RECEIVED by connect
        < S 0:0(0) ack 1 win 8192 <mss 1460>    # the number stands there, but the flag does not
        > S. 0:0(0) ack 1
        < S. 0:0(0) ack 5 win 8192 <mss 1460>
        > S. 0:0(0) ack 1
        state SYN-RECEIVED
        < S. 0:0(0) ack 1 win 8192 <mss 1460>
        state ESTABLISHED
        """);

    [Theory, Ladder]
    public void What_a_router_said_of_our_SYN_is_no_reason_why_a_connection_failed_later_MUST_56(Variant variant) => Play(variant, """
        config TcpUserTimeout 3000
        given SYN-SENT
        < icmp unreachable host quoting 0
        < S. 0:0(0) ack 1 win 8192 <mss 1460>
        > . 1 ack 1
        write 10
        > P. 1:11(10) ack 1
        +10000 > any
        error TimedOut
        """);

    [Theory, Ladder]
    public void With_the_window_closed_the_number_behind_a_probe_of_the_peer_counts_too_MUST_66(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1:1461(1460) ack 1
        < . 1461:2921(1460) ack 1
        +1 > . 1 ack 2921 win 0
        write 10
        > P. 1:11(10) ack 2921 win 0
        < . 2922 ack 11
        > . 11 ack 2921
        +3000 > nothing
        < . 2923 ack 11
        > . 11 ack 2921
        read 2920
        > . 11 ack 2921
        """);

    [Theory, Ladder]
    public void A_SYN_is_challenged_at_a_limited_rate_with_text_too_RFC5961_7(Variant variant) => Play(variant, """
        given ESTABLISHED
        < S -100:-90(10)
        > . 1 ack 1
        < S -100:-90(10)
        > nothing
        counter tcp.ChallengeAcks 1
        counter tcp.ChallengeAcksLimited 1
        """);

    [Theory, Ladder]
    public void Text_before_its_turn_is_counted(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 11:21(10) ack 1
        > . 1 ack 1
        counter tcp.OutOfOrder 1
        < P. 1:11(10) ack 1
        > . 1 ack 21
        counter tcp.OutOfOrder 1
        read 20
        """);

    [Theory, Ladder]
    public void A_repetition_is_acknowledged_by_text_that_goes_anyway(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        read 10
        +100 > . 1 ack 11
        < P. 1:11(10) ack 1 later
        write 10
        > P. 1:11(10) ack 11
        > nothing
        """);
}
