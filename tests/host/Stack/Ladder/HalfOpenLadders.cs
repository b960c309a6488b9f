// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>How long and how often a SYN is answered that nobody follows up.</summary>
public sealed class HalfOpenLadders : LadderTest
{
    /// <summary>A listener whose only place is taken by a connection that waits to be accepted.</summary>
    private const string NoPlace = """
        listen 80 backlog 1
        peer bob port 40001 ip 192.168.1.11
        opens

        """;

    [Theory, Ladder]
    public void A_SYNACK_is_repeated_at_twice_the_distance_each_time_up_to_a_minute_RFC6298_5_5(Variant variant) => Play(variant, """
        config TcpHalfOpenTimeout 250000
        listen 80 backlog 2
        < S 0:0(0) win 8192 <mss 1460>
        > S. 0:0(0) ack 1
        +1000 > S. 0:0(0) ack 1
        +2000 > S. 0:0(0) ack 1
        +4000 > S. 0:0(0) ack 1
        +8000 > S. 0:0(0) ack 1
        +16000 > S. 0:0(0) ack 1
        +32000 > S. 0:0(0) ack 1
        +60000 > S. 0:0(0) ack 1
        +60000 > S. 0:0(0) ack 1
        +60000 > S. 0:0(0) ack 1
        +6999 < . 1:1(0) ack 1                 # one millisecond before its time is over
        state ESTABLISHED
        accept
        """);

    [Theory, Ladder]
    public void A_SYN_that_nobody_follows_up_is_forgotten_when_its_time_is_over(Variant variant) => Play(variant, """
        config TcpHalfOpenTimeout 5000
        listen 80 backlog 2
        < S 0:0(0) win 8192 <mss 1460>
        > S. 0:0(0) ack 1
        +1000 > S. 0:0(0) ack 1
        +2000 > S. 0:0(0) ack 1
        +2000
        < . 1:1(0) ack 1
        > R 1
        accept -> WouldBlock
        """);

    [Theory, Ladder]
    public void A_SYN_that_finds_no_place_looks_for_one_every_10_ms(Variant variant) => Play(variant, NoPlace + """
        bob < S 0:0(0) win 8192
        +14 accept
        +6 bob > S. 0:0(0) ack 1
        bob < R 1
        """);

    [Theory, Ladder]
    public void Who_has_waited_for_a_place_has_all_the_time_from_the_answer_on(Variant variant) => Play(variant, """
        config TcpHalfOpenTimeout 5000

        """ + NoPlace + """
        bob < S 0:0(0) win 8192
        +4000 accept
        +10 bob > S. 0:0(0) ack 1
        +1000 bob > S. 0:0(0) ack 1
        +2000 bob > S. 0:0(0) ack 1
        +1999 bob < . 1 ack 1
        bob: state ESTABLISHED
        accept
        """);

    [Theory, Ladder]
    public void Who_has_waited_for_a_place_and_answers_too_late_is_reset(Variant variant) => Play(variant, """
        config TcpHalfOpenTimeout 5000

        """ + NoPlace + """
        bob < S 0:0(0) win 8192
        +4000 accept
        +10 bob > S. 0:0(0) ack 1
        +1000 bob > S. 0:0(0) ack 1
        +2000 bob > S. 0:0(0) ack 1
        +2000 bob < . 1 ack 1
        bob > R 1
        """);

    [Theory, Ladder]
    public void A_round_trip_is_measured_by_a_SYNACK_that_was_sent_once_though_the_SYN_came_twice_RFC6298_3(Variant variant) => Play(variant, NoPlace + """
        bob < S 0:0(0) win 8192 <mss 1460>
        +500 bob < S 0:0(0) win 8192 <mss 1460> # not answered, so nothing of ours was lost
        > nothing
        accept
        +10 bob > S. 0:0(0) ack 1
        +500 bob < . 1 ack 1
        bob: rto 1500
        accept
        write 2920
        bob > P. 1:2921(2*1460) ack 1
        """);

    [Theory, Ladder]
    public void A_SYNACK_that_was_sent_twice_measures_nothing_and_leaves_one_segment_RFC6298_3_RFC5681_3_1(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        < S 0:0(0) win 8192 <mss 1460>
        > S. 0:0(0) ack 1
        +500 < . 1 ack 1
        rto 1000
        accept
        write 2920
        > . 1:1461(1460) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void Two_SYNs_are_answered_again_each_at_its_own_time(Variant variant) => Play(variant, """
        listen 80 backlog 2
        peer bob port 40001 ip 192.168.1.11
        < S 0:0(0) win 8192
        > S. 0:0(0) ack 1
        +400 bob < S 0:0(0) win 8192
        bob > S. 0:0(0) ack 1
        +600 > S. 0:0(0) ack 1
        +400 bob > S. 0:0(0) ack 1
        counter tcp.Retransmissions 2
        counter tcp.Timeouts 2
        +1600 > S. 0:0(0) ack 1
        < R 1                                   # the first place is free now, the second is not
        +400 bob > S. 0:0(0) ack 1
        counter tcp.Retransmissions 4
        """);

    [Theory, Ladder]
    public void What_SYN_RECEIVED_does_not_take_is_counted_by_its_reason_3_10_7_4(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        < P. 2921:2931(10) ack 1
        > . 1 ack 1
        counter tcp.Unacceptable 1
        counter tcp.ChallengeAcks 1
        < P. 2921:2931(10) ack 1
        > nothing
        counter tcp.Unacceptable 2
        counter tcp.ChallengeAcksLimited 1
        < R 5000                                # a reset outside the window is not even challenged
        counter tcp.Unacceptable 3
        counter tcp.ChallengeAcksLimited 1
        < P 1:11(10)
        > nothing
        counter tcp.Malformed 1
        < . 1 ack 5
        > R 5
        counter tcp.BadAcknowledgment 1
        < S 2:2(0)
        > nothing
        counter tcp.ChallengeAcksLimited 2
        +500 < S 2:2(0)                         # another SYN than the one we know
        > . 1 ack 1
        counter tcp.ChallengeAcks 2
        < R 1
        counter tcp.ResetsReceived 1
        counter tcp.FailedOpens 1
        """);

    [Theory, Ladder]
    public void The_next_challenge_in_SYN_RECEIVED_is_half_a_second_away_RFC5961_7(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        < R 2
        > . 1 ack 1
        +499 < R 2
        > nothing
        +1 < R 2
        > . 1 ack 1
        < R 1
        """);

    [Theory, Ladder]
    public void The_first_challenge_in_SYN_RECEIVED_is_sent_at_once_however_late_or_soon_it_is_called_for_RFC5961_7(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        +600 < R 2
        > . 1 ack 1
        < R 1
        +10 < S 5000:5000(0) win 8192           # another connection's budget is its own
        > S. iss:iss(0) ack 5001
        < R 5002
        > . 1 ack 5001
        < R 5001
        """);

    [Theory, Ladder]
    public void A_SYNACK_is_no_repeated_SYN_and_is_challenged_RFC5961_4_2(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        < S. 0:0(0) ack 1
        > . 1 ack 1
        < . 1 ack 1
        accept
        """);

    [Theory, Ladder]
    public void A_SYN_that_waits_for_a_place_is_no_older_than_it_is(Variant variant) => Play(variant, NoPlace + """
        +29000 bob < S 0:0(0) win 8192
        +2000 accept
        +10 bob > S. 0:0(0) ack 1
        bob < R 1
        """);

    [Theory, Ladder]
    public void A_SYNACK_whose_time_comes_when_there_is_no_room_to_send_it_is_late_and_counted_once(Variant variant) => Play(variant, """
        config TransmitQueue 1
        given ESTABLISHED
        peer bob port 40001
        bob < S 0:0(0) win 8192
        bob > S. 0:0(0) ack 1
        +850 busy on
        < P. 1:11(10) ack 1
        read 10
        +250 > nothing
        counter tcp.Retransmissions 0
        busy off
        > . 1 ack 11
        +0..10 bob > S. 0:0(0) ack 1
        counter tcp.Retransmissions 1
        +2000 bob > S. 0:0(0) ack 1
        bob < R 1
        """);

    [Theory, Ladder]
    public void When_the_link_is_back_a_SYNACK_is_repeated_as_if_it_were_the_first_time(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        +1000 > S. 0:0(0) ack 1
        +2000 > S. 0:0(0) ack 1
        +1000 link down
        +500 link up
        > S. 0:0(0) ack 1
        +2000 > S. 0:0(0) ack 1
        +4000 > S. 0:0(0) ack 1
        < R 1
        """);

    [Theory, Ladder]
    public void When_the_link_is_back_a_SYN_that_finds_no_place_still_waits(Variant variant) => Play(variant, NoPlace + """
        bob < S 0:0(0) win 8192
        +100 link down
        +100 link up
        +100 > nothing
        accept
        +0..10 bob > S. 0:0(0) ack 1
        bob < R 1
        """);

    [Theory, Ladder]
    public void When_the_link_is_back_one_repetition_is_forgotten_too(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        +1000 > S. 0:0(0) ack 1
        +500 link down
        +500 link up
        > S. 0:0(0) ack 1
        +2000 > S. 0:0(0) ack 1
        < R 1
        """);

    [Theory, Ladder]
    public void A_SYN_that_comes_again_when_there_is_a_place_is_answered_at_once_and_grants_nothing_that_it_does_not_ask_for(Variant variant) => Play(variant, NoPlace + """
        bob < S 0:0(0) win 8192 <mss 1460>
        +5 accept
        bob < S 0:0(0) win 8192 <mss 1460>
        bob > S. 0:0(0) ack 1 <mss 1460>
        bob < . 1 ack 1
        bob: state ESTABLISHED
        bob < P. 11:21(10) ack 1
        bob > . 1 ack 1 <>
        """);
}
