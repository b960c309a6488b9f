// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>Header, options and checksum of a segment: D1 to D14.</summary>
public sealed class HeaderLadders : LadderTest
{
    [Theory, Ladder]
    public void D1_a_wrong_checksum_is_dropped_without_a_word_3_1(Variant variant) => Play(variant, """
        < S 0:0(0) win 8192 sum 1               # nobody listens, and still no reset
        > nothing
        given ESTABLISHED
        < P. 1:11(10) ack 1 sum 1
        < R 1 sum 1
        > nothing
        state ESTABLISHED
        counter tcp.BadChecksum 3
        < P. 1:11(10) ack 1
        +100 > . 1 ack 11
        read 10
        """);

    [Theory, Ladder("0", "1", "4", "8", "15")]
    public void D2_a_header_that_is_too_short_or_longer_than_its_segment_is_dropped_3_1(Variant variant, string words) => Play(variant, $"""
        < S 0:0(0) win 8192 doff {words}
        given ESTABLISHED
        < P. 1:11(10) ack 1 doff {words}
        < R 1 doff {words}
        > nothing
        counter tcp.BadLength 3
        state ESTABLISHED
        """);

    [Theory, Ladder]
    public void D3_options_stand_in_any_segment_at_any_offset_and_unknown_ones_are_passed_over_3_2(Variant variant) => Play(variant, """
        listen 80 backlog 2
        < S 0:0(0) win 8192 <nop,raw FD03AA,mss 1000>
        > S. 0:0(0) ack 1
        < . 1 ack 1 <nop,nop,raw FE06AABBCCDD>
        accept
        < P. 1:11(10) ack 1 <raw FC02,TS val 7 ecr 9,nop>
        +100 > . 1 ack 11
        read 10
        write 2000
        > P. 1:2001(2*1000) ack 11
        < F. 11 ack 2001 <raw 1E0400112233>
        > . 2001 ack 12
        """);

    [Theory, Ladder("FE00AABB", "FE01AABB", "FEFFAABB", "FE", "02", "0200", "0401", "0503")]
    public void D4_at_an_impossible_length_the_rest_of_the_options_is_not_looked_at_MUST_7(Variant variant, string odd) => Play(variant, $"""
        listen 80 backlog 2
        < S 0:0(0) win 8192 <mss 1000,raw {odd}>
        > S. 0:0(0) ack 1
        < . 1 ack 1 <raw {odd}>
        accept
        < P. 1:11(10) ack 1 <raw {odd}>
        +100 > . 1 ack 11
        read 10
        write 1000
        > P. 1:1001(1000) ack 11
        """);

    [Theory, Ladder]
    public void D5_the_MSS_is_on_SYN_and_SYNACK_only_and_is_MTU_less_40_MUST_14(Variant variant) => Play(variant, """
        listen 80 backlog 2
        < S 0:0(0) win 8192
        > S. 0:0(0) ack 1 <mss 1460,*>
        < . 1 ack 1
        accept
        write 10
        > P. 1:11(10) ack 1 <>
        close
        > F. 11 ack 1 <>
        peer bob port 7 ip 192.168.1.11
        connect bob
        bob > S 0:0(0) <mss 1460,*>
        bob < S. 0:0(0) ack 1
        bob > . 1 ack 1 <>
        """);

    [Theory, Ladder]
    public void D6_without_an_MSS_it_is_536_MUST_15(Variant variant) => Play(variant, """
        given ESTABLISHED with win 8192
        write 1072
        > P. 1:1073(2*536) ack 1
        """);

    [Theory, Ladder]
    public void D7_the_peers_MSS_limits_our_segments_MUST_16(Variant variant) => Play(variant, """
        given ESTABLISHED with win 8192 <mss 500>
        write 1000
        > P. 1:1001(2*500) ack 1
        """);

    [Theory, Ladder("9000", "65535")]
    public void D7_a_larger_MSS_than_our_MTU_allows_changes_nothing_MUST_16(Variant variant, string mss) => Play(variant, $"""
        given ESTABLISHED with win 8192 <mss {mss}>
        write 2920
        > P. 1:2921(2*1460) ack 1
        """);

    [Theory, Ladder]
    public void D8_an_MSS_of_0_is_none(Variant variant) => Play(variant, """
        given ESTABLISHED with win 8192 <mss 0>
        write 1072
        > P. 1:1073(2*536) ack 1
        """);

    [Theory, Ladder("1", "7", "63", "64")]
    public void D8_a_tiny_MSS_is_raised_to_64(Variant variant, string mss) => Play(variant, $"""
        given ESTABLISHED with win 8192 <mss {mss}>
        write 128
        > P. 1:129(2*64) ack 1
        """);

    [Theory, Ladder("32767", "32768", "40000", "65535")]
    public void D9_the_window_has_16_bits_and_no_sign_MUST_1(Variant variant, string window) => Play(variant, $"""
        given ESTABLISHED
        < . 1 ack 1 win {window}
        write 1400
        > P. 1:1401(1400) ack 1
        """);

    [Theory, Ladder("0", "7", "14", "15", "255")]
    public void D10_who_is_not_offered_a_window_scale_does_not_offer_one_and_is_not_scaled_RFC7323_2_2(Variant variant, string shift) => Play(variant, $"""
        listen 80 backlog 2
        < S 0:0(0) win 3000 <mss 1460,nop,wscale {shift}>
        > S. 0:0(0) ack 1 win 2920 without wscale
        < . 1 ack 1 win 1460
        accept
        write 2920
        > . 1:1461(1460) ack 1
        > nothing
        < . 1 ack 1461 win 1460
        > P. 1461:2921(1460) ack 1
        """);

    [Theory, Ladder("0", "1", "9", "10", "11", "65535")]
    public void D11_an_urgent_pointer_moves_nothing_and_blocks_nothing_RFC6093(Variant variant, string pointer) => Play(variant, $"""
        given ESTABLISHED
        < UP. 1:11(10) ack 1 urg {pointer}
        read 10
        +100 > . 1 ack 11
        < U. 11 ack 1 urg {pointer}
        < P. 11:21(10) ack 1 urg {pointer}
        +100 > . 1 ack 21
        < UF. 21:31(10) ack 1 urg {pointer}
        > . 1 ack 32
        read 20
        read 1 -> end
        """);

    [Theory, Ladder]
    public void D12_port_0_and_no_flags_are_dropped_in_silence(Variant variant) => Play(variant, """
        given ESTABLISHED
        < P. 1:11(10) ack 1 sport 0
        < P. 1:11(10) ack 1 dport 0
        < S 0:0(0) dport 0
        < S 0:0(0) sport 0
        < - 1:11(10)
        < - 1:1(0)
        > nothing
        read 10 -> WouldBlock
        state ESTABLISHED
        """);

    [Theory, Ladder]
    public void D13_PSH_is_on_the_last_segment_of_a_send_MUST_61(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 3000
        > . 1:2921(2*1460) ack 1
        < . 1 ack 2921
        > P. 2921:3001(80) ack 1
        < . 1 ack 3001
        write 1
        > P. 3001:3002(1) ack 1
        """);

    [Theory, Ladder("1", "4", "15")]
    public void D14_reserved_and_ECN_bits_are_ignored(Variant variant, string bits) => Play(variant, $"""
        listen 80 backlog 2
        < SEW 0:0(0) win 8192 <mss 1460> reserved {bits}
        > S. 0:0(0) ack 1
        < . 1 ack 1 reserved {bits}
        accept
        < PE. 1:11(10) ack 1
        < PW. 11:21(10) ack 1 reserved {bits}
        > . 1 ack 21
        read 20
        """);
}
