// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>Whatever is lost, closed or contradictory: something will move the connection on, or end it, and nothing stays behind.</summary>
public sealed class LivenessLadders : LadderTest
{
    /// <summary>The peer has filled our window to the last byte, and nobody reads.</summary>
    private const string WindowFull = """
        config TcpReceiveWindow 1000
        given ESTABLISHED
        < P. 1:1001(1000) ack 1
        +0..100 > . 1 ack 1001 win 0

        """;

    [Theory, Ladder]
    public void A_FIN_before_text_that_has_arrived_early_is_not_believed(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 101:201(100) ack 1
        > . 1 ack 1
        < F. 1:101(100) ack 1                   # the end of a stream that has gone on already
        > . 1 ack 201
        state ESTABLISHED
        read 200
        held 0
        < F. 201 ack 1
        > . 1 ack 202
        state CLOSE-WAIT
        """);

    [Theory, Ladder]
    public void A_FIN_that_is_repeated_into_a_closed_window_ends_CLOSING(Variant variant) => Play(variant, """
        config TcpReceiveWindow 1000
        given ESTABLISHED
        shutdown
        > F. 1 ack 1
        < F. 1:1001(1000) ack 1                 # both FINs cross, and the text fills the window
        > . 2 ack 1002 win 0
        state CLOSING
        < F. 1001 ack 2                         # that acknowledgment was lost, and so was the peer's of our FIN
        > . 2 ack 1002
        state TIME-WAIT
        """);

    [Theory, Ladder]
    public void A_FIN_that_is_repeated_into_a_closed_window_ends_LAST_ACK(Variant variant) => Play(variant, """
        config TcpReceiveWindow 1000
        given ESTABLISHED
        < F. 1:1001(1000) ack 1
        > . 1 ack 1002 win 0
        shutdown
        > F. 1 ack 1002
        < F. 1001 ack 2
        > nothing
        state CLOSED
        read 1000
        """);

    [Theory, Ladder]
    public void What_an_empty_segment_acknowledges_while_our_window_is_closed_lets_more_be_sent(Variant variant) => Play(variant, WindowFull + """
        write 100
        > P. 1:101(100) ack 1001
        write 100
        > nothing
        < . 1000 ack 101                        # the acknowledgment was lost, and this asks for our window
        > . 101 ack 1001 win 0
        > P. 101:201(100) ack 1001
        """);

    [Theory, Ladder]
    public void The_window_of_an_acknowledgment_counts_even_while_ours_is_closed(Variant variant) => Play(variant, WindowFull + """
        write 100
        > P. 1:101(100) ack 1001
        write 100
        > nothing
        < . 1000 ack 101 win 0
        > . 101 ack 1001 win 0
        +1000 > P. 101:102(1) ack 1001          # a probe
        """);

    [Theory, Ladder]
    public void The_window_of_an_acknowledgment_that_moves_counts_though_later_text_has_come_before_it(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 100
        > P. 1:101(100) ack 1
        < . 101:201(100) ack 1
        > . 101 ack 1
        < . 1:101(100) ack 101 win 0            # sent again, and so later than that
        > . 101 ack 201
        write 100
        > nothing
        +1000 > P. 101:102(1) ack 201
        """);

    [Theory, Ladder]
    public void A_peer_that_takes_its_window_back_and_is_gone_is_given_up(Variant variant) => Play(variant, """
        config TcpUserTimeout 20000
        given ESTABLISHED
        write 1000
        > P. 1:1001(1000) ack 1
        < . 1 ack 1 win 10
        +19000 > any
        state ESTABLISHED
        +11000 > any
        error TimedOut
        """);

    [Theory, Ladder]
    public void A_peer_that_keeps_its_window_closed_does_not_hold_what_nobody_owns_forever(Variant variant) => Play(variant, """
        config TcpUserTimeout 20000
        given ESTABLISHED
        < . 1 ack 1 win 0
        write 100
        close
        +1000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +2000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +4000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        +8000 > P. 1:2(1) ack 1
        < . 1 ack 1 win 0
        blocks 2
        +16000 > nothing
        blocks 1
        """);

    [Theory, Ladder]
    public void A_newcomer_is_offered_a_segment_even_while_no_frame_of_the_largest_size_is_free(Variant variant) => Play(variant, """
        config ReceiveReserve 0
        listen 80 backlog 2
        pool leaves 1
        < S 0:0(0) win 8192 <mss 1460>
        > nothing
        pool whole
        +1000 > S. 0:0(0) ack 1 win 1460
        < P. 1:2(1) ack 1
        accept
        state ESTABLISHED
        read 1
        > . 1 ack 2 win 2920
        """);

    [Theory, Ladder]
    public void A_SYN_that_finds_no_place_when_it_is_due_again_is_not_backed_off_at_each_poll(Variant variant) => Play(variant, """
        config TransmitQueue 1
        given ESTABLISHED
        peer bob port 40001
        connect bob
        bob > S 0:0(0)
        +900 busy on
        < P. 1:11(10) ack 1
        +200 > nothing
        3x +10 > nothing
        busy off
        > . 1 ack 11
        bob > S 0:0(0)
        counter tcp.Timeouts 1
        +2000 bob > S 0:0(0)                    # from when it was sent, not from when it was due
        bob < S. 0:0(0) ack 1 win 8192
        bob > . 1 ack 1
        """);

    [Theory, Ladder]
    public void A_large_segment_is_sent_although_segments_have_become_smaller_and_the_window_too(Variant variant) => Play(variant, """
        config TcpSendFrames 4
        config FrameCounts 12 6 4 20 4 7
        given ESTABLISHED
        write 5840
        > . 1:4381(3*1460) ack 1
        < icmp unreachable frag mtu 600 quoting 1
        3x > any
        +1000 > . 1:1461(1460) ack 1            # the congestion window is one segment of 560 bytes now
        < . 1 ack 4381
        > P. 4381:5841(1460) ack 1
        """);

    [Theory, Ladder]
    public void What_nobody_will_read_does_not_stay_until_our_FIN_is_acknowledged(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1
        < F. 11 ack 1
        > . 1 ack 12
        shutdown
        > F. 1 ack 12
        state LAST-ACK
        close
        > nothing
        held 0
        """);

    [Theory, Ladder]
    public void A_connection_that_took_longer_to_open_than_the_keepalive_is_not_probed_at_once(Variant variant) => Play(variant, """
        connect
        keepalive 2000
        > S 0:0(0)
        +1000 > S 0:0(0)
        +1500 < S. 0:0(0) ack 1 win 8192
        > . 1 ack 1
        > nothing
        +2000 > . 0 ack 1
        """);

    [Theory, Ladder]
    public void Text_after_29_days_of_silence_is_not_lost_at_once(Variant variant) => Play(variant, """
        config TcpSendFrames 6
        config TcpMinimumRto 1000
        listen 80 backlog 2
        < S 0:0(0) win 30000 <mss 500,nop,nop,sackOK>
        > S. 0:0(0) ack 1
        +100 < . 1 ack 1
        accept
        write 100
        > P. 1:101(100) ack 1
        +100 < . 1 ack 101
        +1500000000 > nothing
        +1000000000 > nothing
        write 10
        > P. 101:111(10) ack 1
        +100 < . 1 ack 111
        write 1500
        > P. 111:1611(3*500) ack 1
        +160 < . 1 ack 111 <nop,nop,sack 1111:1611>
        +8 > nothing                            # the other two may be late by a part of the round trip
        counter tcp.SegmentsLost 0
        +0..50 > . 111:611(500) ack 1
        > . 611:1111(500) ack 1
        """);

    [Theory, Ladder]
    public void A_duplicate_more_than_are_needed_repairs_a_loss_too(Variant variant) => Play(variant, """
        given ESTABLISHED
        nodelay on
        write 100
        > P. 1:101(100) ack 1
        < . 1 ack 1                             # not about that segment: it is the only one
        > nothing
        write 100
        > P. 101:201(100) ack 1
        < . 1 ack 1                             # with two under way one is enough (RFC 5827)
        > . 1:101(100) ack 1
        """);

    [Theory, Ladder]
    public void A_FIN_without_text_that_is_lost_is_repeated_after_three_duplicates(Variant variant) => Play(variant, """
        given ESTABLISHED
        close
        > F. 1 ack 1
        < . 1 ack 1
        < . 1 ack 1
        > nothing
        < . 1 ack 1
        > F. 1 ack 1
        counter tcp.FastRetransmissions 1
        < . 1 ack 2
        state FIN-WAIT-2
        """);

    [Theory, Ladder]
    public void When_both_open_at_once_the_peers_SYN_again_gets_our_answer_again(Variant variant) => Play(variant, """
        connect
        > S 0:0(0)
        < S 0:0(0) win 8192 <mss 1460>
        > S. 0:0(0) ack 1
        opens win 8192 <mss 1460>
        state ESTABLISHED
        """);

    [Theory, Ladder]
    public void A_challenge_29_days_after_the_last_one_is_answered(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 100000 ack 1
        > . 1 ack 1
        +1500000000 > nothing
        +1000000000 > nothing
        < . 100000 ack 1
        > . 1 ack 1
        counter tcp.ChallengeAcksLimited 0
        """);

    [Theory, Ladder]
    public void The_window_of_text_that_fills_a_gap_does_not_count_even_if_an_acknowledgment_that_moves_came_between(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 100
        > P. 1:101(100) ack 1
        < . 301:401(100) ack 1 win 3000         # WL1 = 301
        > . 101 ack 1
        < . 1:101(100) ack 101 win 0            # it acknowledges more: taken, and WL1 stays
        > . 101 ack 101
        < . 101:201(100) ack 101 win 8192       # sent before that other text
        > . 101 ack 201
        write 100
        > nothing
        +1000 > P. 101:102(1) ack 201
        """);
}
