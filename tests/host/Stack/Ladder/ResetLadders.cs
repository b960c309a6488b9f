// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>RST and SYN where they do not belong, challenges, and the end by force: G10 to G16 and G19.</summary>
public sealed class ResetLadders : LadderTest
{
    [Theory, Ladder("ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK")]
    public void G10_a_RST_with_exactly_the_next_number_ends_it_RFC5961_3_2(Variant variant, string state) => Play(variant, $"""
        given {state}
        < R nxt
        > nothing
        state CLOSED
        error ConnectionReset
        write 1 -> ConnectionReset
        counter tcp.ResetsReceived 1
        < . nxt ack =5
        > R =5
        """);

    [Theory, Ladder(LadderAttribute.Synchronized)]
    public void G10_a_RST_elsewhere_in_the_window_is_challenged_RFC5961_3_2(Variant variant, string state) => Play(variant, $"""
        given {state}
        +600 > any
        < R nxt+1
        > . nxt ack nxt
        +600 > any
        < R. nxt+2918 ack nxt                   # the last number of the narrowest of these windows
        > . nxt ack nxt
        state {state}
        counter tcp.ChallengeAcks 2
        """);

    [Theory, Ladder(LadderAttribute.Synchronized)]
    public void G10_a_RST_outside_the_window_is_ignored_RFC5961_3_2(Variant variant, string state) => Play(variant, $"""
        given {state}
        < R nxt-1
        < R nxt+2920
        < R nxt+100000
        < R nxt-100000
        < R nxt+2147483647
        < R. nxt-1 ack nxt
        > nothing
        state {state}
        """);

    [Theory, Ladder(LadderAttribute.Synchronized)]
    public void G11_a_SYN_is_challenged_wherever_it_lies_and_changes_nothing_RFC5961_4_2(Variant variant, string state) => Play(variant, $"""
        given {state}
        +600 > any
        < S nxt win 1000
        > . nxt ack nxt
        +600 > any
        < S nxt-1 win 1000                      # where it was once
        > . nxt ack nxt
        +600 > any
        < S. nxt+100 ack nxt                    # in the window
        > . nxt ack nxt
        +600 > any
        < S. nxt-100000 ack nxt
        > . nxt ack nxt
        +600 > any
        < SF. nxt:nxt+10(10) ack nxt
        > . nxt ack nxt
        +600 > any
        < S. nxt+100000 ack nxt                 # outside
        > . nxt ack nxt
        state {state}
        """);

    [Theory, Ladder]
    public void G12_challenges_are_at_least_half_a_second_apart_and_text_is_still_acknowledged_RFC5961_7(Variant variant) => Play(variant, """
        given ESTABLISHED
        < S 1
        > . 1 ack 1
        < S 1
        < R 5
        < . 1 ack 5000
        +499 < S 1
        > nothing
        < P. -9:1(10) ack 1                     # old text: the peer must know
        > . 1 ack 1
        +1 < S 1
        > . 1 ack 1
        counter tcp.ChallengeAcks 2
        counter tcp.ChallengeAcksLimited 4
        """);

    [Theory, Ladder]
    public void G13_a_RST_may_carry_text_SHLD_2(Variant variant) => Play(variant, """
        given ESTABLISHED
        < RP. 1:21(20) ack 1
        > nothing
        state CLOSED
        error ConnectionReset
        read 1 -> ConnectionReset
        held 0
        """);

    [Theory, Ladder]
    public void G13_a_RST_before_the_window_does_not_reach_into_it_with_its_text_RFC5961_3_2(Variant variant) => Play(variant, """
        given ESTABLISHED
        < RP. -9:11(20) ack 1
        > nothing
        state ESTABLISHED
        """);

    [Theory, Ladder("ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2")]
    public void G14_close_with_unread_text_resets_RFC2525_2_17(Variant variant, string state) => Play(variant, $"""
        given {state}
        < P. 1:11(10) ack nxt
        +100 > . nxt ack 11
        close
        > R. nxt ack 11
        state CLOSED
        held 0
        """);

    [Theory, Ladder]
    public void G14_close_with_unread_text_resets_in_CLOSE_WAIT_too_RFC2525_2_17(Variant variant) => Play(variant, """
        given ESTABLISHED
        < PF. 1:11(10) ack 1
        > . 1 ack 12
        close
        > R. 1 ack 12
        state CLOSED
        """);

    [Theory, Ladder]
    public void G15_text_after_a_full_close_is_reset_3_6_1(Variant variant) => Play(variant, """
        given ESTABLISHED
        close
        > F. 1 ack 1
        < P. 1:11(10) ack 1
        > R. 2 ack 1
        state CLOSED
        """);

    [Theory, Ladder]
    public void G15_text_after_a_full_close_is_reset_in_FIN_WAIT_2_too_3_6_1(Variant variant) => Play(variant, """
        given FIN-WAIT-2
        close
        < P. 1:11(10) ack 2
        > R. 2 ack 1
        state CLOSED
        """);

    [Theory, Ladder("ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "SYN-RECEIVED by connect")]
    public void G16_abort_sends_a_RST_with_the_next_number_3_10_5(Variant variant, string state) => Play(variant, $"""
        given {state}
        abort
        > R. nxt ack nxt
        state CLOSED
        blocks {(state.StartsWith("SYN") ? 0 : 1)}
        """);

    [Theory, Ladder("SYN-SENT", "CLOSING", "LAST-ACK", "TIME-WAIT")]
    public void G16_abort_says_nothing_where_the_peer_has_nothing_to_hear_3_10_5(Variant variant, string state) => Play(variant, $"""
        given {state}
        abort
        > nothing
        state CLOSED
        """);

    [Theory, Ladder]
    public void G16_abort_of_a_listener_says_nothing_but_to_those_that_wait_behind_it_3_10_5(Variant variant) => Play(variant, """
        listen 80 backlog 2
        opens
        abort listener
        > R. 1 ack 1
        blocks 0
        """);

    [Theory, Ladder]
    public void G16_abort_forgets_what_was_written_3_10_5(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 3000
        > . 1:2921(2*1460) ack 1
        abort
        > R. 2921 ack 1
        held 0
        """);

    [Theory, Ladder]
    public void G19_the_application_learns_whether_the_end_was_orderly_MUST_12(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        < F. 11 ack 1
        > . 1 ack 12
        shutdown
        > F. 1 ack 12
        < . 12 ack 2
        state CLOSED
        error Success
        read 10
        read 1 -> end
        write 1 -> Shutdown
        """);

    [Theory, Ladder]
    public void G19_what_came_before_a_RST_is_gone_and_the_application_learns_why_MUST_12(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        < R 11
        error ConnectionReset
        read 10 -> ConnectionReset
        write 1 -> ConnectionReset
        shutdown -> ConnectionReset
        held 0
        """);

    [Theory, Ladder]
    public void G10_a_peer_that_has_restarted_gets_rid_of_the_old_connection_by_way_of_the_challenge_3_5_1(Variant variant) => Play(variant, """
        given ESTABLISHED
        < S 900000:900000(0) win 8192
        > . 1 ack 1
        < R 1                                   # what the peer answers to an ACK that it does not know
        error ConnectionReset
        +1000 < S 900000:900000(0) win 8192
        > S. iss:iss(0) ack 900001
        < . 900001 ack 1
        accept
        state ESTABLISHED
        """);

    [Theory, Ladder]
    public void G19_a_reset_behind_a_FIN_is_not_taken_for_the_end_of_what_it_took_away_MUST_12(Variant variant) => Play(variant, """
        given ESTABLISHED
        < PF. 1:11(10) ack 1
        > . 1 ack 12
        < R 12
        read 1 -> ConnectionReset
        read 1 -> ConnectionReset
        """);
}
