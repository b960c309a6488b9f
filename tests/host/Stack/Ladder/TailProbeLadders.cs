// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>Probes of the end of a flight, and what their answers mean (RFC 8985 section 7): F32.</summary>
public sealed class TailProbeLadders : LadderTest
{
    /// <summary>A peer that acknowledges selectively, and a round trip of 100 ms.</summary>
    private const string Selective = """
        config TcpSendFrames 12
        config FrameCounts 12 6 4 20 4 6
        listen 80 backlog 2
        < S 0:0(0) win 30000 <mss 500,nop,nop,sackOK>
        > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,*>
        +100 < . 1 ack 1
        accept

        """;

    /// <summary>Three of four segments are acknowledged: cwnd = 3000, and the last one is probed.</summary>
    private const string Probed = Selective + """
        write 2000
        > P. 1:2001(4*500) ack 1
        +100 < . 1 ack 1501
        +400 > P. 1501:2001(500) ack 1          # two round trips and what a peer may keep the acknowledgment of a lone segment
        counter tcp.TailProbes 1

        """;

    /// <summary>A segment more under way.</summary>
    private const string AndMore = Probed + """
        write 500
        > P. 2001:2501(500) ack 1

        """;

    private const string AllOfThem = """
        write 3500
        > P. 2501:6001(7*500) ack 1
        """;

    [Theory, Ladder]
    public void F32_a_probe_that_has_repaired_a_loss_halves_the_window_RFC8985_7_4_2(Variant variant) => Play(variant, AndMore + """
        +100 < . 1 ack 2501                     # with no word of a second copy: the first was lost
        write 3500
        > . 2501:3501(2*500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F32_a_second_copy_says_that_nothing_was_lost_RFC8985_7_4_2(Variant variant) => Play(variant, AndMore + """
        +100 < . 1 ack 2501 <nop,nop,sack 1501:2001>
        """ + Environment.NewLine + AllOfThem);

    [Theory, Ladder]
    public void F32_a_second_copy_of_something_else_does_not_RFC8985_7_4_2(Variant variant) => Play(variant, AndMore + """
        +100 < . 1 ack 2501 <nop,nop,sack 1001:1501>
        write 3500
        > . 2501:3501(2*500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F32_a_second_copy_told_as_soon_as_it_arrives_says_so_too_RFC8985_7_4_2(Variant variant) => Play(variant, AndMore + """
        +10 < . 1 ack 2001                      # the first copy, or the second
        +90 < . 1 ack 2001 <nop,nop,sack 1501:2001>
        +10 < . 1 ack 2501
        """ + Environment.NewLine + AllOfThem);

    [Theory, Ladder]
    public void F32_of_two_equal_answers_one_is_for_the_second_copy_RFC8985_7_4_2(Variant variant) => Play(variant, AndMore + """
        +10 < . 1 ack 2001
        +90 < . 1 ack 2001
        +10 < . 1 ack 2501
        """ + Environment.NewLine + AllOfThem);

    [Theory, Ladder(". 1 ack 2001 win 29999", ". 1 ack 2001 <nop,nop,sack 1001:1501>", "P. 1:11(10) ack 2001")]
    public void F32_an_answer_that_says_something_else_is_not_for_the_second_copy_RFC8985_7_4_2(Variant variant, string answer) => Play(variant, AndMore + $"""
        +10 < . 1 ack 2001
        +10 < {answer}
        +10 < . nxt ack 2501
        write 3500
        > . 2501:3001(500) ack nxt
        > . 3001:3501(500) ack nxt
        > nothing
        """);

    [Theory, Ladder]
    public void F32_the_answer_to_a_probe_with_new_text_tells_of_no_loss_RFC8985_7_4_2(Variant variant) => Play(variant, Selective + """
        write 1500
        > P. 1:1501(3*500) ack 1
        write 100                               # it waits (Nagle)
        +200 > P. 1501:1601(100) ack 1
        counter tcp.TailProbes 1
        counter tcp.Retransmissions 0
        +100 < . 1 ack 1601
        write 4000
        > . 1601:4601(6*500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F32_nor_does_it_if_more_was_sent_behind_the_probe_RFC8985_7_4_2(Variant variant) => Play(variant, Selective + """
        write 1500
        > P. 1:1501(3*500) ack 1
        write 100                               # it waits (Nagle)
        +200 > P. 1501:1601(100) ack 1
        nodelay on
        write 400
        > P. 1601:2001(400) ack 1
        +100 < . 1 ack 2001                     # nothing was repeated, so nothing was repaired
        write 4000
        > . 2001:5001(6*500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F32_a_round_trip_that_is_timed_meanwhile_does_not_end_the_episode_RFC8985_7_4_2(Variant variant) => Play(variant, Selective + """
        write 1000
        > P. 1:1001(2*500) ack 1
        +200 > P. 501:1001(500) ack 1           # a probe of the end
        +10 < . 1 ack 501                       # the first was late
        write 500
        > P. 1001:1501(500) ack 1
        +100 < . 1 ack 1501                     # with no word of a second copy: the second was lost
        write 2000
        > . 1501:2501(2*500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F32_there_is_no_second_probe_before_a_round_trip_was_timed_RFC8985_7_3(Variant variant) => Play(variant, Probed + """
        +10 < . 1 ack 2001
        +10 < . 1 ack 2001 <nop,nop,sack 1501:2001>
        write 500
        > P. 2001:2501(500) ack 1
        +1000 > P. 2001:2501(500) ack 1         # the timer, and no probe before it
        +100 < . 1 ack 2501
        write 500
        > P. 2501:3001(500) ack 1
        +100 < . 1 ack 3001                     # sent once: now it is timed
        write 500
        > P. 3001:3501(500) ack 1
        +400 > P. 3001:3501(500) ack 1
        counter tcp.TailProbes 2
        """);

    [Theory, Ladder]
    public void F32_a_path_that_becomes_slower_is_learnt_RFC8985_7_3(Variant variant) => Play(variant, Probed + """
        +10 < . 1 ack 2001
        < . 1 ack 2001 <nop,nop,sack 1501:2001>
        write 500
        > P. 2001:2501(500) ack 1
        +700 < . 1 ack 2501                     # no probe, and so it is timed: SRTT = 175
        write 500
        > P. 2501:3001(500) ack 1
        +550 > P. 2501:3001(500) ack 1
        +150 < . 1 ack 3001
        < . 1 ack 3001 <nop,nop,sack 2501:3001>
        write 500
        > P. 3001:3501(500) ack 1
        +700 < . 1 ack 3501                     # SRTT = 240
        write 500
        > P. 3501:4001(500) ack 1
        +681 > P. 3501:4001(500) ack 1
        counter tcp.TailProbes 3
        counter tcp.Timeouts 0
        """);

    [Theory, Ladder]
    public void F32_a_loss_that_is_noticed_while_a_probe_is_under_way_is_counted_once_RFC8985_7_4_2(Variant variant) => Play(variant, AndMore + """
        +100 < . 1 ack 1501 <nop,nop,sack 2001:2501>
        +0..30 > . 1501:2001(500) ack 1         # found by what was sent after it
        +100 < . 1 ack 2501
        write 3500
        > . 2501:3501(2*500) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void F32_nor_is_it_counted_once_more_with_what_is_sent_after_it_was_repaired_RFC8985_7_4_2(Variant variant) => Play(variant, Selective + """
        write 2000
        > P. 1:2001(4*500) ack 1
        +100 < . 1 ack 1001
        +200 > P. 1501:2001(500) ack 1          # a probe of the end
        +100 < . 1 ack 1001 <nop,nop,sack 1501:2001>
        > . 1001:1501(500) ack 1                # it was lost: from here on two segments are trusted
        +100 < . 1 ack 2001
        write 1000
        > P. 2001:3001(2*500) ack 1
        +100 < . 1 ack 3001                     # and one more for these
        write 2000
        > . 3001:4501(3*500) ack 1
        > nothing
        """);
}
