// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>SYN-SENT and SYN-RECEIVED: E9 to E22.</summary>
public sealed class OpeningLadders : LadderTest
{
    [Theory, Ladder]
    public void E9_SYN_SENT_a_wrong_ACK_is_reset_and_the_SYN_repeated_3_10_7_3(Variant variant) => Play(variant, """
        given SYN-SENT
        < S. 0:0(0) ack 0 win 8192
        > R 0
        < S. 0:0(0) ack 2 win 8192
        > R 2
        < . 0:0(0) ack 5000
        > R 5000
        < F. 0:0(0) ack -1
        > R -1
        < R. 0:0(0) ack 0                       # unless it is a reset itself
        < R. 0:0(0) ack 2
        > nothing
        state SYN-SENT
        +1000 > S 0:0(0)
        < S. 0:0(0) ack 1 win 8192
        > . 1 ack 1
        state ESTABLISHED
        """);

    [Theory, Ladder]
    public void E10_SYN_SENT_a_RST_counts_only_with_the_right_ACK_RFC5961_3_2(Variant variant) => Play(variant, """
        given SYN-SENT
        < R 0:0(0)
        < R 5:5(0)
        < R. 0:0(0) ack 0
        < R. 0:0(0) ack 2
        > nothing
        state SYN-SENT
        < R. 0:0(0) ack 1
        > nothing
        state CLOSED
        error ConnectionRefused
        write 1 -> ConnectionRefused
        read 1 -> ConnectionRefused
        """);

    [Theory, Ladder]
    public void E10_SYN_SENT_a_RST_with_SYN_and_text_and_the_right_ACK_refuses_3_10_7_3(Variant variant) => Play(variant, """
        given SYN-SENT
        < SR. 0:20(20) ack 1
        > nothing
        error ConnectionRefused
        """);

    [Theory, Ladder]
    public void E11_SYN_SENT_a_SYNACK_establishes_with_its_window_and_options_3_10_7_3(Variant variant) => Play(variant, """
        connect
        > S 0:0(0) win 2920 <mss 1460,*>
        write 1 -> InProgress
        read 1 -> InProgress
        < S. 0:0(0) ack 1 win 1000 <mss 500>
        > . 1 ack 1 win 2920
        state ESTABLISHED
        write 1500
        > . 1:1001(2*500) ack 1
        > nothing
        < . 1 ack 1001
        > P. 1001:1501(500) ack 1
        """);

    [Theory, Ladder]
    public void E12_SYN_SENT_a_SYN_alone_is_answered_with_the_same_ISS_MUST_10(Variant variant) => Play(variant, """
        given SYN-RECEIVED by connect
        state SYN-RECEIVED
        < S. 0:0(0) ack 1 win 8192
        state ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        """);

    [Theory, Ladder]
    public void E12_simultaneous_open_whose_last_step_is_a_mere_ACK_MUST_10(Variant variant) => Play(variant, """
        given SYN-RECEIVED by connect
        +1000 > S. 0:0(0) ack 1
        < . 1 ack 1
        state ESTABLISHED
        < P. 1:11(10) ack 1
        read 10
        +100 > . 1 ack 11
        """);

    [Theory, Ladder]
    public void E13_SYN_SENT_what_is_neither_SYN_nor_RST_is_dropped_3_10_7_3(Variant variant) => Play(variant, """
        given SYN-SENT
        < . 0:0(0) ack 1
        < P. 0:10(10) ack 1
        < F. 0:0(0) ack 1
        < F 0:0(0)
        < - 0:10(10)
        > nothing
        state SYN-SENT
        < S. 0:0(0) ack 1 win 8192
        > . 1 ack 1
        """);

    [Theory, Ladder("0", "-1", "2", "5000", "-100000")]
    public void E14_SYN_RECEIVED_a_wrong_ACK_is_reset_with_its_number_3_10_7_4(Variant variant, string ack) => Play(variant, $"""
        given SYN-RECEIVED
        < . 1 ack {ack}
        > R {ack}
        accept -> WouldBlock
        < . 1 ack 1
        accept
        """);

    [Theory, Ladder]
    public void E15_SYN_RECEIVED_a_RST_frees_the_place_and_the_application_hears_nothing_3_10_7_4(Variant variant) => Play(variant, """
        listen 80 backlog 1
        < S 0:0(0) win 8192
        > S. 0:0(0) ack 1
        < R 1
        > nothing
        accept -> WouldBlock
        counter tcp.FailedOpens 1
        < . 1 ack 1
        > R 1
        < S 5000:5000(0) win 8192
        > S. iss:iss(0) ack 5001
        < . 5001 ack 1
        accept
        """);

    [Theory, Ladder]
    public void E15_SYN_RECEIVED_by_our_own_open_a_RST_refuses_3_10_7_4(Variant variant) => Play(variant, """
        given SYN-RECEIVED by connect
        < R 1
        > nothing
        state CLOSED
        error ConnectionRefused
        """);

    [Theory, Ladder]
    public void E16_SYN_RECEIVED_a_RST_in_the_window_is_challenged_and_outside_ignored_RFC5961_3_2(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        < R 0
        < R 2921
        < R 100000
        < R -2147483647
        > nothing
        < R 2
        > . 1 ack 1
        +600 < R 2920
        > . 1 ack 1
        < . 1 ack 1
        accept
        state ESTABLISHED
        """);

    [Theory, Ladder]
    public void E16_SYN_RECEIVED_by_our_own_open_a_RST_in_the_window_is_challenged_RFC5961_3_2(Variant variant) => Play(variant, """
        given SYN-RECEIVED by connect
        < R 0
        < R 2921
        > nothing
        < R 2
        > . 1 ack 1
        state SYN-RECEIVED
        """);

    [Theory, Ladder]
    public void E17_SYN_RECEIVED_the_same_SYN_again_gets_the_same_answer_3_10_7_4(Variant variant) => Play(variant, """
        listen 80 backlog 4
        < S 0:0(0) win 8192 <mss 1460>
        > S. 0:0(0) ack 1 win 2920 <mss 1460>
        < S 0:0(0) win 8192 <mss 1460>
        > S. 0:0(0) ack 1 win 2920 <mss 1460>
        halfopen 1
        blocks 1
        +500 < S 0:0(0) win 8192 <mss 1460>
        > S. 0:0(0) ack 1
        counter tcp.PassiveOpens 1
        < . 1 ack 1
        accept
        accept -> WouldBlock
        """);

    [Theory, Ladder]
    public void E18_SYN_RECEIVED_text_and_FIN_with_the_last_ACK_are_taken_3_10_7_4(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        < PF. 1:11(10) ack 1
        > . 1 ack 12
        accept
        state CLOSE-WAIT
        read 10
        read 1 -> end
        """);

    [Theory, Ladder]
    public void E19_E20_the_SYN_is_repeated_with_its_options_and_doubling_for_3_minutes_MUST_23(Variant variant) => Play(variant, """
        connect
        > S 0:0(0) <mss 1460,*>
        +1000 > S 0:0(0) <mss 1460,*>
        +2000 > S 0:0(0) <mss 1460,*>
        +4000 > S 0:0(0) <mss 1460,*>
        +8000 > S 0:0(0) <mss 1460,*>
        +16000 > S 0:0(0) <mss 1460,*>
        +32000 > S 0:0(0) <mss 1460,*>
        +60000 > S 0:0(0) <mss 1460,*>
        +56999                                  # 179.999 s
        state SYN-SENT
        +3001                                   # 183 s
        state CLOSED
        error TimedOut
        """);

    [Theory, Ladder]
    public void E21_with_SYNACK_and_last_ACK_lost_text_completes_the_handshake_3_10_7_4(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        +1000 > S. 0:0(0) ack 1
        +2000 > S. 0:0(0) ack 1
        < P. 1:11(10) ack 1
        accept
        state ESTABLISHED
        read 10
        +100 > . 1 ack 11
        """);

    [Theory, Ladder("+1000 > S 0:0(0)", "+1000 > S 0:0(0)\n+2000 > S 0:0(0)", "+1000 > S 0:0(0)\n+2000 > S 0:0(0)\n+4000 > S 0:0(0)")]
    public void E22_after_a_lost_SYN_the_timeout_begins_at_3_seconds_and_the_window_with_a_segment_RFC6298_5_7(Variant variant, string again) => Play(variant, $"""
        connect
        > S 0:0(0)
        {again}
        < S. 0:0(0) ack 1 win 8192 <mss 1000>
        > . 1 ack 1
        write 3000
        > . 1:1001(1000) ack 1
        +3000 > . 1:1001(1000) ack 1
        +6000 > . 1:1001(1000) ack 1
        """);

    [Theory, Ladder]
    public void E22_after_a_lost_SYNACK_the_timeout_for_data_begins_at_3_seconds_RFC6298_5_7(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        +1000 > S. 0:0(0) ack 1
        +200 < . 1 ack 1                        # to either of the two: it measures nothing
        accept
        write 10
        > P. 1:11(10) ack 1
        +3000 > P. 1:11(10) ack 1
        """);

    [Theory, Ladder]
    public void A_segment_with_text_in_SYN_RECEIVED_that_lies_outside_the_window_is_acknowledged_3_10_7_4(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        < P. 2921:2931(10) ack 1
        > . 1 ack 1
        < . 1 ack 1
        accept
        """);

    [Theory, Ladder]
    public void A16_an_address_that_nobody_has_is_reported_after_3_requests_and_sooner_the_next_time(Variant variant) => Play(variant, """
        arp off
        connect
        +2999 > nothing
        state SYN-SENT
        +1
        error HostUnreachable
        counter tcp.FailedOpens 1
        counter arp.RequestsSent 3
        connect
        +4000
        error HostUnreachable
        """);

    [Theory, Ladder]
    public void With_the_way_gone_an_attempt_fails_when_its_SYN_is_to_be_repeated(Variant variant) => Play(variant, """
        peer far port 7 ip far
        connect far
        far > S 0:0(0)
        forget gateway
        +999
        far: state SYN-SENT
        +1001
        far: state CLOSED
        error NetworkUnreachable
        counter tcp.FailedOpens 1
        """);

    [Theory, Ladder]
    public void With_the_way_gone_an_attempt_goes_on_once_the_peer_has_shown_itself(Variant variant) => Play(variant, """
        peer far port 7 ip far
        connect far
        far > S 0:0(0)
        far < S 0:0(0) win 8192
        far > S. 0:0(0) ack 1
        forget gateway
        +2000
        far: state SYN-RECEIVED
        error Success
        counter tcp.FailedOpens 0
        """);

    [Theory, Ladder]
    public void An_attempt_that_is_given_up_is_counted_with_all_its_repetitions(Variant variant) => Play(variant, """
        config TcpConnectTimeout 7000
        connect
        > S 0:0(0)
        +1000 > S 0:0(0)
        +2000 > S 0:0(0)
        +3999
        counter tcp.FailedOpens 0
        +1
        counter tcp.Timeouts 2
        counter tcp.Retransmissions 2
        counter tcp.FailedOpens 1
        counter tcp.TimedOut 1
        """);
}
