// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>Selective acknowledgments (RFC 2018): F32.</summary>
public sealed class SelectiveAcknowledgmentLadders : LadderTest
{
    /// <summary>A peer that permits SACK, and places for four segments out of order.</summary>
    private const string Permitted = """
        config TcpOutOfOrderFrames 4
        config TcpSendFrames 12
        config FrameCounts 12 6 10 20 4 6
        listen 80 backlog 2
        < S 0:0(0) win 30000 <mss 500,nop,nop,sackOK>
        > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,*>
        +100 < . 1 ack 1
        accept

        """;

    /// <summary>Six segments, a round trip of 100 ms, and the first segment acknowledged.</summary>
    private const string InFlight = Permitted + """
        write 3000
        > . 1:2001(4*500) ack 1
        +100 < . 1 ack 501
        > P. 2001:3001(2*500) ack 1

        """;

    [Theory, Ladder]
    public void F32_our_SYN_permits_SACK_and_keeps_the_MSS_first_RFC2018_2(Variant variant) => Play(variant, """
        connect
        > S 0:0(0) <mss 1460,nop,nop,sackOK,*>
        +1000 > S 0:0(0) <mss 1460,nop,nop,sackOK,*>
        < S. 0:0(0) ack 1 win 8192 <mss 1460,sackOK,nop,nop>
        > . 1 ack 1 <>
        < P. 11:21(10) ack 1
        > . 1 ack 1 <nop,nop,sack 11:21>
        """);

    [Theory, Ladder]
    public void F32_a_peer_that_does_not_permit_SACK_gets_none_RFC2018_2(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 11:21(10) ack 1
        > . 1 ack 1 <>
        < P. 31:41(10) ack 1
        > . 1 ack 1 <>
        """);

    [Theory, Ladder]
    public void F32_the_first_block_is_the_latest_segment_then_come_those_told_last_as_many_as_fit_RFC2018_4(Variant variant) => Play(
        variant, Permitted.Replace("OutOfOrderFrames 4", "OutOfOrderFrames 6") + """
        < P. 101:201(100) ack 1
        > . 1 ack 1 <nop,nop,sack 101:201>
        < P. 501:601(100) ack 1
        > . 1 ack 1 <nop,nop,sack 501:601 101:201>
        < P. 301:401(100) ack 1
        > . 1 ack 1 <nop,nop,sack 301:401 501:601 101:201>
        < P. 701:801(100) ack 1
        > . 1 ack 1 <nop,nop,sack 701:801 301:401 501:601 101:201>
        < P. 901:1001(100) ack 1
        > . 1 ack 1 <nop,nop,sack 901:1001 701:801 301:401 501:601>
        < P. 401:451(50) ack 1                  # it lengthens a block
        > . 1 ack 1 <nop,nop,sack 301:451 901:1001 701:801 501:601>
        < P. 121:141(20) ack 1                  # nothing new, and still it is what has arrived
        > . 1 ack 1 <nop,nop,sack 101:201 301:451 901:1001 701:801>
        < P. 2001:2101(100) ack 1               # there is no place to keep it in
        > . 1 ack 1 <nop,nop,sack 101:201 301:451 901:1001 701:801>
        """);

    [Theory, Ladder]
    public void F32_a_block_is_as_recent_as_the_latest_of_its_segments_RFC2018_4(Variant variant) => Play(
        variant, Permitted.Replace("OutOfOrderFrames 4", "OutOfOrderFrames 6") + """
        < P. 101:201(100) ack 1
        > . 1 ack 1 <nop,nop,sack 101:201>
        < P. 501:601(100) ack 1
        > . 1 ack 1 <nop,nop,sack 501:601 101:201>
        < P. 51:101(50) ack 1
        > . 1 ack 1 <nop,nop,sack 51:201 501:601>
        < P. 201:251(50) ack 1
        > . 1 ack 1 <nop,nop,sack 51:251 501:601>
        < P. 801:901(100) ack 1
        > . 1 ack 1 <nop,nop,sack 801:901 51:251 501:601>
        """);

    [Theory, Ladder]
    public void F32_after_a_timeout_what_was_said_to_have_arrived_is_forgotten_RFC2018_8(Variant variant) => Play(variant, Permitted + """
        write 1500
        > P. 1:1501(3*500) ack 1
        +100 < . 1 ack 1 <nop,nop,sack 501:1501>
        +0..25 > . 1:501(500) ack 1             # lost again
        +1000 > . 1:501(500) ack 1
        +100 < . 1 ack 501                      # it arrives, and the peer has thrown the others away: no word of them
        > P. 501:1501(2*500) ack 1
        """);

    [Theory, Ladder]
    public void F32_after_a_timeout_what_is_told_again_is_not_sent_again_and_times_nothing_RFC2018_8(Variant variant) => Play(
        variant, "config TcpMinimumRto 20" + Environment.NewLine + Permitted + """
        rto 300
        write 1500
        > P. 1:1501(3*500) ack 1
        +100 < . 1 ack 1 <nop,nop,sack 501:1501>
        rto 250                                 # R = 100 once more
        +0..25 > . 1:501(500) ack 1
        +250 > . 1:501(500) ack 1
        rto 500
        +100 < . 1 ack 1 <nop,nop,sack 501:1501>
        rto 500
        +100 < . 1 ack 1501
        rto 500
        counter tcp.Retransmissions 2
        """);

    [Theory, Ladder]
    public void F32_a_peer_that_gives_up_what_it_had_is_repaired_after_one_timeout_that_is_not_backed_off_RFC2018_8(Variant variant) => Play(variant, Permitted + """
        write 1500
        > P. 1:1501(3*500) ack 1
        +100 < . 1 ack 1 <nop,nop,sack 501:1501>
        +0..25 > . 1:501(500) ack 1             # lost again
        +1000 > . 1:501(500) ack 1
        +2000 > . 1:501(500) ack 1
        rto 4000
        +100 < . 1 ack 1 <nop,nop,sack 501:1501>
        +100 < . 1 ack 501                      # and now they are gone
        +1000 > . 501:1001(500) ack 1
        """);

    [Theory, Ladder]
    public void F32_a_router_that_wants_smaller_packets_does_not_make_forget_what_has_arrived_RFC1191(Variant variant) => Play(variant, Permitted.Replace("mss 500", "mss 1000") + """
        write 3000
        > P. 1:3001(3*1000) ack 1
        < . 1 ack 1 <nop,nop,sack 1001:2001>
        < icmp unreachable frag mtu 600 quoting 1
        2x > any                                # in fragments
        > nothing
        counter tcp.Retransmissions 2
        """);

    [Theory, Ladder]
    public void F17_what_is_told_together_with_something_repeated_is_not_timed_RFC6298_3(Variant variant) => Play(
        variant, "config TcpMinimumRto 20" + Environment.NewLine + Permitted + """
        write 2000
        > P. 1:2001(4*500) ack 1
        +200 > P. 1501:2001(500) ack 1          # a probe of the end
        +50 < . 1 ack 1 <nop,nop,sack 501:2001>
        > . 1:501(500) ack 1
        rto 300
        """);

    [Theory, Ladder]
    public void F17_an_acknowledgment_of_a_part_of_what_was_repeated_times_nothing_RFC6298_3(Variant variant) => Play(
        variant, "config TcpMinimumRto 20" + Environment.NewLine + Permitted + """
        write 1000
        > P. 1:1001(2*500) ack 1
        +200 > P. 501:1001(500) ack 1
        +50 < . 1 ack 601
        rto 300
        +10 < . 1 ack 1001
        rto 300
        """);

    [Theory, Ladder]
    public void F17_one_acknowledgment_is_one_round_trip_RFC6298_3(Variant variant) => Play(
        variant, "config TcpMinimumRto 20" + Environment.NewLine + Permitted + """
        write 500
        > P. 1:501(500) ack 1
        +50 write 1000
        > P. 501:1501(2*500) ack 1
        +50 < . 1 ack 501 <nop,nop,sack 1001:1501>
        rto 250                                 # R = 100 for the first; not 50 for the third as well
        """);

    [Theory, Ladder]
    public void F17_a_SACK_with_a_round_trip_does_not_put_the_timer_off_RFC6298_5(Variant variant) => Play(variant, InFlight + """
        < . 1 ack 501 <nop,nop,sack 1001:1501>
        +25 > . 501:1001(500) ack 1
        +50 < . 1 ack 501 <nop,nop,sack 1001:2501>
        +950 > . 501:1001(500) ack 1
        """);

    [Theory, Ladder]
    public void F32_what_is_late_gets_a_quarter_of_the_least_round_trip_but_no_more_than_SRTT_RFC8985_6_2(Variant variant) => Play(
        variant, Permitted.Replace("+100 < . 1 ack 1", "+8 < . 1 ack 1") + """
        write 2000
        > P. 1:2001(4*500) ack 1
        +20 > P. 1501:2001(500) ack 1           # a probe of the end
        +80 < . 1 ack 1 <nop,nop,sack 501:1001>
        +19 > . 1:501(500) ack 1                # SRTT = 7/8 8 + 1/8 100
        """);

    [Theory, Ladder]
    public void F32_a_repetition_that_is_answered_sooner_than_can_be_tells_nothing_of_what_was_sent_before_it_RFC8985_6_2(Variant variant) => Play(variant, Permitted + """
        write 2000
        > P. 1:2001(4*500) ack 1
        +200 > P. 1501:2001(500) ack 1          # a probe of the end
        +10 < . 1 ack 501 <nop,nop,sack 1501:2001>
        +100 > nothing                          # it is the first copy that has arrived
        counter tcp.SegmentsLost 0
        """);

    [Theory, Ladder]
    public void F32_what_has_arrived_early_is_told_even_if_text_leaves_at_the_same_time_RFC2018_4(Variant variant) => Play(variant, Permitted + """
        write 500
        > P. 1:501(500) ack 1
        write 100
        > nothing
        < P. 101:201(100) ack 501
        > P. 501:601(100) ack 1
        > . 601 ack 1 <nop,nop,sack 101:201>
        """);

    [Theory, Ladder]
    public void F32_segments_that_touch_are_one_block_and_a_filled_hole_ends_it_RFC2018_4(Variant variant) => Play(variant, Permitted + """
        < P. 101:201(100) ack 1
        > . 1 ack 1 <nop,nop,sack 101:201>
        < P. 201:301(100) ack 1
        > . 1 ack 1 <nop,nop,sack 101:301>
        < P. 401:501(100) ack 1
        > . 1 ack 1 <nop,nop,sack 401:501 101:301>
        < P. 1:101(100) ack 1
        > . 1 ack 301 <nop,nop,sack 401:501>
        read 300
        < P. 301:401(100) ack 1
        > . 1 ack 501 <>
        read 200
        """);

    [Theory, Ladder]
    public void F32_what_was_dropped_for_want_of_a_place_is_not_acknowledged_RFC2018_8(Variant variant) => Play(variant, """
        config TcpOutOfOrderFrames 1
        given ESTABLISHED with win 8192 <mss 1460,nop,nop,sackOK>
        < P. 101:201(100) ack 1
        > . 1 ack 1 <nop,nop,sack 101:201>
        < P. 301:401(100) ack 1
        > . 1 ack 1 <nop,nop,sack 101:201>
        """);

    [Theory, Ladder]
    public void F32_an_early_FIN_is_no_block_RFC2018_3(Variant variant) => Play(variant, Permitted + """
        < PF. 101:201(100) ack 1
        > . 1 ack 1 <nop,nop,sack 101:201>
        < P. 1:101(100) ack 1
        > . 1 ack 202 <>
        read 200
        read 1 -> end
        """);

    [Theory, Ladder]
    public void F32_only_the_holes_are_sent_again_each_once_RFC6675_5(Variant variant) => Play(variant, InFlight + """
        < . 1 ack 501 <nop,nop,sack 1001:1501>
        +0..25 > . 501:1001(500) ack 1          # a quarter of a round trip, in case it is only late (RFC 8985 section 6.2)
        +100 < . 1 ack 501 <nop,nop,sack 2001:2501 1001:1501>
        > nothing                               # half of what was under way: no room yet
        < . 1 ack 501 <nop,nop,sack 2001:3001 1001:1501>
        > . 1501:2001(500) ack 1
        +50 < . 1 ack 1501 <nop,nop,sack 2001:3001>
        > nothing
        +50 < . 1 ack 3001
        > nothing
        counter tcp.Retransmissions 2
        """);

    [Theory, Ladder("sack -100:-50", "sack 1:3001", "sack 9000:9100", "sack 501:9100", "sack 1501:1001", "raw 0503FF", "raw 050A0102", "raw 05FF", "raw 050200")]
    public void F32_blocks_that_cannot_be_are_ignored_RFC2018_5(Variant variant, string option) => Play(variant, InFlight + $"""
        < . 1 ack 501 <nop,nop,{option}>
        > nothing
        +200..1000 > P. 2501:3001(500) ack 1    # the end is probed (RFC 8985 section 7)
        +500..1500 > . 501:1001(500) ack 1
        +100 < . 1 ack 3001
        > nothing
        """);

    [Theory, Ladder]
    public void F32_what_the_peer_has_given_up_again_is_sent_again_after_a_timeout_RFC2018_8(Variant variant) => Play(variant, Permitted + """
        write 1500
        > P. 1:1501(3*500) ack 1
        +100 < . 1 ack 1 <nop,nop,sack 501:1501>
        +0..25 > . 1:501(500) ack 1
        +100 < . 1 ack 501                      # 501:1501 is gone
        +500..2000 > . 501:1001(500) ack 1
        +100 < . 1 ack 1001
        > P. 1001:1501(500) ack 1
        +100 < . 1 ack 1501
        +5000 > nothing
        """);

    [Theory, Ladder]
    public void F32_the_last_segment_of_a_flight_is_probed_once_before_the_timer_RFC8985_7(Variant variant) => Play(variant, Permitted + """
        write 500
        > P. 1:501(500) ack 1
        +100 < . 1 ack 501                      # SRTT = 100 ms
        write 500
        > P. 501:1001(500) ack 1
        +200..420 > P. 501:1001(500) ack 1
        +600..1500 > P. 501:1001(500) ack 1
        +1500..3000 > P. 501:1001(500) ack 1
        """);

    [Theory, Ladder]
    public void F32_text_that_comes_twice_is_told_in_the_first_block_RFC2883_4(Variant variant) => Play(variant, Permitted + """
        < P. 1:101(100) ack 1
        < P. 101:201(100) ack 1
        > . 1 ack 201 <>
        < P. 1:101(100) ack 1                   # a repetition in vain
        > . 1 ack 201 <nop,nop,sack 1:101>
        < P. 301:401(100) ack 1
        > . 1 ack 201 <nop,nop,sack 301:401>
        < P. 101:201(100) ack 1
        > . 1 ack 201 <nop,nop,sack 101:201 301:401>
        counter tcp.SackSent 3
        read 200
        """);
}
