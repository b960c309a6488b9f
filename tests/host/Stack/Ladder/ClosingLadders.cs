// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>The orderly end of a connection: G1 to G9, G17 to G23.</summary>
public sealed class ClosingLadders : LadderTest
{
    [Theory, Ladder]
    public void G1_close_sends_what_is_queued_and_then_a_FIN_with_a_number_of_its_own_3_10_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 3000
        close
        > . 1:2921(2*1460) ack 1
        > PF. 2921:3001(80) ack 1
        state FIN-WAIT-1
        < . 1 ack 3001                          # all but the FIN
        state FIN-WAIT-1
        +1000 > F. 3001 ack 1
        +2000 > F. 3001 ack 1
        < . 1 ack 3002
        state FIN-WAIT-2
        """);

    [Theory, Ladder]
    public void G2_a_FIN_in_order_ends_reading_after_the_last_byte_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        < F. 11 ack 1
        > . 1 ack 12
        state CLOSE-WAIT
        read 5
        read 10 -> 5
        read 1 -> end
        read 1 -> end
        """);

    [Theory, Ladder]
    public void G2_a_FIN_out_of_order_waits_for_what_is_missing_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < PF. 11:21(10) ack 1
        > . 1 ack 1
        state ESTABLISHED
        read 1 -> WouldBlock
        < P. 1:11(10) ack 1
        > . 1 ack 22
        state CLOSE-WAIT
        read 100 -> 20
        read 1 -> end
        """);

    [Theory, Ladder]
    public void G3_FIN_WAIT_1_goes_to_FIN_WAIT_2_CLOSING_or_TIME_WAIT_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        peer bob port 40001
        peer carol port 40002
        bob opens
        accept as second
        carol opens
        accept as third
        second: shutdown
        bob > F. 1 ack 1
        third: shutdown
        carol > F. 1 ack 1
        bob < . 1 ack 2
        bob: state FIN-WAIT-2
        carol < F. 1 ack 1
        carol > . 2 ack 2
        carol: state CLOSING
        third: close
        second: close
        bob < F. 1 ack 2
        bob > . 2 ack 2
        bob: state TIME-WAIT
        """);

    [Theory, Ladder]
    public void G3_a_FIN_that_acknowledges_ours_goes_straight_to_TIME_WAIT_3_10_7_4(Variant variant) => Play(variant, """
        given FIN-WAIT-1
        < F. 1 ack 2
        > . 2 ack 2
        state TIME-WAIT
        """);

    [Theory, Ladder]
    public void G4_FIN_WAIT_2_still_receives_and_acknowledges_3_10_7_4(Variant variant) => Play(variant, """
        given FIN-WAIT-2
        < P. 1:11(10) ack 2
        +100 > . 2 ack 11
        read 10
        +1000000 < P. 11:21(10) ack 2           # for as long as the application holds it
        +100 > . 2 ack 21
        < F. 21 ack 2
        > . 2 ack 22
        state TIME-WAIT
        read 10
        read 1 -> end
        """);

    [Theory, Ladder]
    public void G5_CLOSING_ends_in_TIME_WAIT_with_the_ACK_of_our_FIN_3_10_7_4(Variant variant) => Play(variant, """
        given CLOSING
        < . 2 ack 1                             # not of our FIN
        state CLOSING
        < . 2 ack 2
        state TIME-WAIT
        +1000 > nothing
        """);

    [Theory, Ladder]
    public void G5_LAST_ACK_ends_in_CLOSED_with_the_ACK_of_our_FIN_3_10_7_4(Variant variant) => Play(variant, """
        given LAST-ACK
        < . 2 ack 1
        state LAST-ACK
        +1000 > F. 1 ack 2
        < . 2 ack 2
        state CLOSED
        error Success
        read 1 -> end
        """);

    [Theory, Ladder]
    public void G6_TIME_WAIT_lasts_2_MSL_and_begins_anew_with_a_repeated_FIN_MUST_13(Variant variant) => Play(variant, """
        given TIME-WAIT
        close
        +40000 < F. 1 ack 2
        > . 2 ack 2
        +59999
        state TIME-WAIT
        +1
        state CLOSED
        blocks 1
        < F. 1 ack 2
        > R 2
        """);

    [Theory, Ladder]
    public void G7_TIME_WAIT_does_not_hear_a_RST_RFC1337_3(Variant variant) => Play(variant, """
        given TIME-WAIT
        < R 2
        < R. 2 ack 2
        > nothing
        state TIME-WAIT
        """);

    [Theory, Ladder]
    public void G8_TIME_WAIT_a_SYN_with_a_higher_number_opens_anew_MAY_2(Variant variant) => Play(variant, """
        given TIME-WAIT
        close
        blocks 2
        < S 3:3(0) win 8192 <mss 1460>
        > S. iss:iss(0) ack 4
        < . 4 ack 1
        accept
        state ESTABLISHED
        blocks 2
        """);

    [Theory, Ladder("2", "1", "0", "-100000")]
    public void G8_TIME_WAIT_a_SYN_with_an_old_number_is_answered_with_an_ACK_MAY_2(Variant variant, string number) => Play(variant, $"""
        given TIME-WAIT
        close
        < S {number} win 8192 <mss 1460>
        > . 2 ack 2
        state TIME-WAIT
        """);

    [Theory, Ladder("2", "1", "0", "-100000")]
    public void G8_TIME_WAIT_ends_with_the_exact_RST_that_answers_our_challenge_of_a_SYN_3_10_7_4(Variant variant, string number) => Play(variant, $"""
        given TIME-WAIT
        close
        < S {number} win 8192 <mss 1460>
        > . 2 ack 2
        +300 < R 2
        > nothing
        blocks 1
        +700 < S {number} win 8192 <mss 1460>
        > S. iss:iss(0) ack *
        """);

    [Theory, Ladder]
    public void G8_TIME_WAIT_of_an_application_that_has_not_closed_yet_ends_so_too_and_what_arrived_can_be_read(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        +100 > . 1 ack 11
        shutdown
        > F. 1 ack 11
        < F. 11 ack 2
        > . 2 ack 12
        state TIME-WAIT
        < S -50000 win 8192
        > . 2 ack 12
        < R 12
        state CLOSED
        error Success
        read 20 -> 10
        read 1 -> end
        """);

    [Theory, Ladder("< R 3", "< R 1", "< R 1000", "< R. 3 ack 2")]
    public void G7_TIME_WAIT_does_not_hear_a_RST_that_is_not_exact_after_a_challenge_RFC5961_3_2(Variant variant, string reset) => Play(variant, $"""
        given TIME-WAIT
        < S -100000 win 8192
        > . 2 ack 2
        {reset}
        > any
        state TIME-WAIT
        """);

    [Theory, Ladder]
    public void G7_TIME_WAIT_does_not_hear_a_RST_long_after_the_challenge_or_after_one_of_something_else_RFC1337_3(Variant variant) => Play(variant, """
        given TIME-WAIT
        < S -100000 win 8192
        > . 2 ack 2
        +3000 < R 2
        > nothing
        state TIME-WAIT
        < . 1000000 ack 2
        > . 2 ack 2
        < R 2
        > nothing
        state TIME-WAIT
        """);

    [Theory, Ladder]
    public void G9_TIME_WAIT_makes_room_when_the_table_is_full(Variant variant) => Play(variant, """
        config TcpSockets 2
        given TIME-WAIT
        close
        blocks 2
        peer bob port 40001
        bob opens
        accept
        state CLOSED
        bob: state ESTABLISHED
        counter tcp.TimeWaitRecycled 1
        """);

    [Theory, Ladder]
    public void G17_after_our_FIN_we_receive_and_after_the_peers_FIN_we_send_3_6(Variant variant) => Play(variant, """
        given ESTABLISHED
        peer bob port 40001
        bob opens
        accept as second
        second: shutdown
        bob > F. 1 ack 1
        bob < P. 1:11(10) ack 2
        second: read 10
        second: write 1 -> Shutdown
        second: shutdown
        +100 bob > . 2 ack 11
        bob < F. 11 ack 2
        bob > . 2 ack 12
        second: read 1 -> end
        """);

    [Theory, Ladder]
    public void G17_in_CLOSE_WAIT_we_still_send_and_repeat_3_6(Variant variant) => Play(variant, """
        given CLOSE-WAIT
        write 10
        > P. 1:11(10) ack 2
        +1000 > P. 1:11(10) ack 2
        < . 2 ack 11
        write 10
        close
        > PF. 11:21(10) ack 2
        state LAST-ACK
        """);

    [Theory, Ladder]
    public void G9_the_one_that_is_in_TIME_WAIT_for_longest_makes_room(Variant variant) => Play(variant, """
        config TcpSockets 3
        listen 80 backlog 4
        peer bob port 40001
        peer carol port 40002
        bob opens
        accept as second
        opens
        accept as first
        first: close
        > F. 1 ack 1
        < F. 1 ack 2
        > . 2 ack 2
        +1000 second: close
        bob > F. 1 ack 1
        bob < F. 1 ack 2
        bob > . 2 ack 2
        carol < S 0:0(0) win 8192
        carol > S. 0:0(0) ack 1
        counter tcp.TimeWaitRecycled 0          # half-open he needs no place
        carol < . 1 ack 1
        counter tcp.TimeWaitRecycled 1
        < F. 1 ack 2
        > R 2
        bob < F. 1 ack 2
        bob > . 2 ack 2
        """);

    [Theory, Ladder]
    public void G18_FIN_WAIT_2_with_nobody_attached_ends_after_a_minute_and_the_rest_is_reset(Variant variant) => Play(variant, """
        given FIN-WAIT-1
        close
        < . 1 ack 2
        state FIN-WAIT-2
        +59999
        state FIN-WAIT-2
        +1
        state CLOSED
        < F. 1 ack 2
        > R 2
        """);

    [Theory, Ladder]
    public void G18_an_orphan_in_FIN_WAIT_2_makes_room_when_the_table_is_full(Variant variant) => Play(variant, """
        config TcpSockets 3
        given FIN-WAIT-2
        close
        peer bob port 40001
        bob opens
        accept as second
        +1500 second: close
        bob > F. 1 ack 1
        bob < . 1 ack 2
        bob: state FIN-WAIT-2
        socket
        > R. 2 ack 1                            # the older one, which hears of it
        state CLOSED
        bob: state FIN-WAIT-2
        counter tcp.OrphansRecycled 1
        socket -> TooManyOpenSockets            # a fair time is left to him too
        +1500 socket
        bob > R. 2 ack 1
        socket -> TooManyOpenSockets
        """);

    [Theory, Ladder]
    public void G18_an_orphan_is_recycled_only_when_nobody_is_in_TIME_WAIT(Variant variant) => Play(variant, """
        config TcpSockets 3
        given FIN-WAIT-2
        close
        peer bob port 40001
        bob opens
        accept as second
        +10 second: close
        bob > F. 1 ack 1
        bob < F. 1 ack 2
        bob > . 2 ack 2
        socket
        > nothing
        bob: state CLOSED
        state FIN-WAIT-2
        counter tcp.TimeWaitRecycled 1
        """);

    [Theory, Ladder]
    public void G20_a_listener_that_is_closed_resets_what_was_never_accepted(Variant variant) => Play(variant, """
        listen 80 backlog 2
        peer bob port 40001
        peer carol port 40002
        opens
        < P. 1:11(10) ack 1
        +100 > . 1 ack 11
        carol < S 0:0(0) win 8192               # half-open
        carol > S. 0:0(0) ack 1
        close listener
        carol > R. 1 ack 1
        > R. 1 ack 11
        bob < S 0:0(0) win 8192
        bob > R. =0 ack 1
        blocks 0
        held 0
        """);

    [Theory, Ladder]
    public void G21_CLOSE_WAIT_nothing_follows_the_peers_FIN_3_10_7_4(Variant variant) => Play(variant, """
        given CLOSE-WAIT
        < P. 2:12(10) ack 1
        < F. 2 ack 1
        > any
        read 1 -> end
        state CLOSE-WAIT
        +600 < F. 1 ack 1
        > . 1 ack 2
        +600 < S 2
        > . 1 ack 2
        < R 2
        state CLOSED
        error ConnectionReset
        """);

    [Theory, Ladder]
    public void G22_simultaneous_close_with_text_in_both_FINs_delivers_both_3_10_7_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        shutdown
        > PF. 1:11(10) ack 1
        < PF. 1:21(20) ack 1
        > . 12 ack 22
        state CLOSING
        < . 22 ack 12
        state TIME-WAIT
        read 20
        read 1 -> end
        """);

    [Theory, Ladder]
    public void G23_with_the_link_down_for_too_long_what_is_under_way_times_out(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        link down
        +130000
        state CLOSED
        error TimedOut
        """);

    [Theory, Ladder]
    public void G23_with_the_link_down_for_too_long_a_silent_connection_that_is_kept_alive_times_out(Variant variant) => Play(variant, """
        given ESTABLISHED
        keepalive 10000
        link down
        +700000
        state CLOSED
        error TimedOut
        """);

    [Theory, Ladder]
    public void G23_a_link_that_comes_back_in_time_costs_only_time(Variant variant) => Play(variant, """
        given ESTABLISHED
        link down
        write 10
        +20000
        link up
        > P. 1:11(10) ack 1
        """);

    [Theory, Ladder("close", "shutdown")]
    public void A_close_in_SYN_RECEIVED_waits_for_the_handshake_3_10_4(Variant variant, string call) => Play(variant, $"""
        given SYN-RECEIVED by connect
        {call}
        > nothing
        < . 1 ack 1
        > F. 1 ack 1
        state FIN-WAIT-1
        < F. 1 ack 2
        > . 2 ack 2
        state TIME-WAIT
        """);

    [Theory, Ladder("close", "abort")]
    public void A_close_or_abort_in_SYN_SENT_says_nothing_and_a_late_answer_is_reset_3_10_4(Variant variant, string call) => Play(variant, $"""
        given SYN-SENT
        shutdown -> NotConnected
        {call}
        +10000 > nothing
        blocks 0
        < S. 0:0(0) ack 1 win 8192
        > R 1
        """);

    [Theory, Ladder]
    public void G1_what_was_written_before_the_close_is_sent_before_the_FIN_however_long_the_window_is_closed_3_10_4(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1 ack 1 win 0
        write 3000
        close
        +1000 > . 1:2(1) ack 1
        < . 1 ack 1 win 8192
        > . 1:2921(2*1460) ack 1
        > PF. 2921:3001(80) ack 1
        < F. 1 ack 3002
        > . 3002 ack 2
        """);

    [Theory, Ladder]
    public void G2_text_that_came_early_and_lies_behind_the_FIN_is_not_kept(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 50:70(20) ack 1
        > . 1 ack 1
        < F. 1 ack 1
        > . 1 ack 2
        state CLOSE-WAIT
        held 0
        read 1 -> end
        """);

    [Theory, Ladder]
    public void G2_a_FIN_in_the_middle_of_text_that_came_early_is_no_FIN(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 2:5(3) ack 1
        > . 1 ack 1
        < PF. 1:2(1) ack 1
        > . 1 ack 5
        state ESTABLISHED
        read 10 -> 4
        < PF. 5:7(2) ack 1
        > . 1 ack 8
        read 2
        read 1 -> end
        """);

    [Theory, Ladder("4", "11")]
    public void G2_a_FIN_that_came_early_counts_unless_text_has_passed_it(Variant variant, string end) => Play(variant, $"""
        given ESTABLISHED
        < PF. 3:5(2) ack 1
        > . 1 ack 1
        < P. 1:{end}({int.Parse(end) - 1}) ack 1
        > any
        state {(end == "4" ? "CLOSE-WAIT" : "ESTABLISHED")}
        read {(end == "4" ? 4 : 10)}
        """);

    [Theory, Ladder]
    public void G5_in_LAST_ACK_a_FIN_that_nobody_acknowledges_is_given_up(Variant variant) => Play(variant, """
        given LAST-ACK
        close
        +1000 > F. 1 ack 2
        +2000 > F. 1 ack 2
        +4000 > F. 1 ack 2
        +8000 > F. 1 ack 2
        +16000 > F. 1 ack 2
        +32000 > F. 1 ack 2
        blocks 2
        +100000
        blocks 1
        """);
}
