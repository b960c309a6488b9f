// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>Segments for nobody and for a listener, and what may be called: E1 to E8, E23 to E27.</summary>
public sealed class ClosedAndListenLadders : LadderTest
{
    [Theory, Ladder(".", "P.", "F.", "S.", "SF.")]
    public void E1_CLOSED_what_has_an_ACK_is_reset_with_its_own_number_3_10_7_1(Variant variant, string flags) => Play(variant, $"""
        < {flags} 5:15(10) ack =77
        > R =77 win 0
        < {flags} 5:5(0) ack =4294967295
        > R =4294967295
        < {flags} 5:5(0) ack =0
        > R =0
        """);

    [Theory, Ladder]
    public void E2_CLOSED_what_has_no_ACK_is_acknowledged_by_the_reset_3_10_7_1(Variant variant) => Play(variant, """
        < S 0:0(0)
        > R. =0 ack 1
        < SF 0:3(3)
        > R. =0 ack 5
        < F 10:10(0)
        > R. =0 ack 11
        < - 10:20(10)
        > R. =0 ack 20
        < P 10:11(1) urg 1
        > R. =0 ack 11
        """);

    [Theory, Ladder("CLOSED", "LISTEN", "SYN-SENT", LadderAttribute.Synchronized)]
    public void E3_a_reset_is_never_answered_3_5_2(Variant variant, string state) => Play(variant, $"""
        given {state}
        < R nxt+100000
        < R. nxt+100000 ack nxt
        < R. nxt-1 ack nxt
        < RS nxt+100000
        < RF. nxt+100000 ack nxt+5
        < RP. nxt:nxt+10(10) ack nxt+100
        > nothing
        """);

    [Theory, Ladder]
    public void E4_LISTEN_RST_is_ignored_ACK_is_reset_FIN_and_none_are_dropped_3_10_7_2(Variant variant) => Play(variant, """
        listen 80 backlog 2
        < R 0
        < R. 0 ack 5
        < RS 0
        > nothing
        < . 0 ack =5
        > R =5
        < S. 0 ack =6
        > R =6
        < F. 0:10(10) ack =7
        > R =7
        < F 0
        < SF 0                                  # no honest peer opens and closes at once
        < - 0:10(10)
        < P 0:10(10)
        < U 0:10(10) urg 5
        > nothing
        blocks 1
        opens
        accept
        accept -> WouldBlock
        """);

    [Theory, Ladder("192.168.1.255", "255.255.255.255", "224.0.0.1", "239.1.2.3")]
    public void E5_LISTEN_a_SYN_to_many_is_dropped_MUST_57(Variant variant, string address) => Play(variant, $"""
        listen 80 backlog 2
        < S 0:0(0) win 8192 to {address}
        > nothing
        counter tcp.PassiveOpens 0
        """);

    [Theory, Ladder("0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "192.168.1.255", "192.168.1.50", "240.0.0.1")]
    public void E6_a_SYN_from_what_is_not_one_other_host_is_ignored_MUST_63(Variant variant, string address) => Play(variant, $"""
        listen 80 backlog 2
        < S 0:0(0) win 8192 from {address}
        > nothing
        counter tcp.PassiveOpens 0
        """);

    [Theory, Ladder]
    public void E7_a_SYNACK_acknowledges_the_SYN_alone_and_its_text_comes_again_3_10_7_2(Variant variant) => Play(variant, """
        listen 80 backlog 2
        < S 0:10(10) win 8192 <mss 1460>
        > S. 0:0(0) ack 1
        < S 0:10(10) win 8192 <mss 1460>
        > S. 0:0(0) ack 1
        < P. 1:11(10) ack 1
        accept
        +100 > . 1 ack 11
        read 10
        """);

    [Theory, Ladder]
    public void E8_two_peers_and_two_connections_of_one_peer_have_numbers_of_their_own_RFC6528(Variant variant) => Play(variant, """
        given ESTABLISHED
        close
        > F. 1 ack 1
        < F. 1 ack 2
        > . 2 ack 2
        +10 < S 100:100(0) win 8192
        > S. iss:iss(0) ack 101
        < R 101
        """);

    [Theory, Ladder]
    public void E23_a_second_listener_is_refused_and_connections_live_on_MUST_41(Variant variant) => Play(variant, """
        given ESTABLISHED
        listen 80 backlog 1 -> AddressInUse
        listen 81 backlog 1
        peer bob port 40001
        bob opens
        < P. 1:11(10) ack 1
        +100 > . 1 ack 11
        read 10
        write 10
        > P. 1:11(10) ack 11
        """);

    [Theory, Ladder]
    public void E24_with_the_accept_queue_full_a_SYN_waits_and_is_answered_once_there_is_a_place(Variant variant) => Play(variant, """
        listen 80 backlog 1
        peer bob port 40001 ip 192.168.1.11
        opens
        bob < S 0:0(0) win 8192                 # complete, but not accepted: the place is still taken
        +500 > nothing
        bob < S 0:0(0) win 8192
        > nothing
        accept
        +0..10 bob > S. 0:0(0) ack 1
        bob < R 1                               # and a reset frees it too
        < P. 1:11(10) ack 1
        +100 > . 1 ack 11
        peer carol port 40002 ip 192.168.1.12
        carol opens
        accept
        """);

    [Theory, Ladder]
    public void E24_a_SYN_that_finds_no_place_for_30_seconds_is_forgotten_and_served_when_it_comes_again(Variant variant) => Play(variant, """
        listen 80 backlog 1
        peer bob port 40001 ip 192.168.1.11
        opens
        bob < S 0:0(0) win 8192
        +30100 > nothing
        accept
        +100 > nothing
        bob < S 0:0(0) win 8192
        bob > S. 0:0(0) ack 1
        """);

    [Theory, Ladder]
    public void E24_with_the_accept_queue_full_who_has_completed_the_handshake_keeps_his_turn_and_his_first_text(Variant variant) => Play(variant, """
        listen 80 backlog 1
        peer bob port 40001 ip 192.168.1.11
        < S 0:0(0) win 8192
        > S. 0:0(0) ack 1
        bob < S 0:0(0) win 8192
        bob > S. 0:0(0) ack 1
        < . 1 ack 1
        bob < . 1 ack 1 win 5000
        bob < P. 1:11(10) ack 1
        bob < F. 11:11(0) ack 1                 # only the first is kept
        +1500 > nothing                         # he has our SYN: it is not repeated
        accept
        accept -> WouldBlock
        +10 > nothing
        accept
        read 10
        +90..100 bob > . 1 ack 11
        write 100
        bob > P. 1:101(100) ack 11
        bob < F. 11:11(0) ack 101
        bob > . 101 ack 12
        """);

    [Theory, Ladder]
    public void E24_who_has_completed_the_handshake_and_finds_no_place_is_told_after_30_seconds(Variant variant) => Play(variant, """
        listen 80 backlog 1
        peer bob port 40001 ip 192.168.1.11
        < S 0:0(0) win 8192
        > S. 0:0(0) ack 1
        bob < S 0:0(0) win 8192
        bob > S. 0:0(0) ack 1
        < . 1 ack 1
        bob < P. 1:11(10) ack 1
        +29000..31000 bob > R. 1 ack 1
        accept
        +1000 > nothing
        accept -> WouldBlock
        held 0
        """);

    [Theory, Ladder]
    public void E24_with_all_half_open_entries_taken_a_SYN_is_answered_with_a_cookie_RFC4987_3_6(Variant variant) => Play(variant, """
        config TcpSynQueue 1
        listen 80 backlog 4
        peer bob port 40001 ip 192.168.1.11
        < S 0:0(0) win 8192
        > S. 0:0(0) ack 1
        bob < S 0:0(0) win 8192 <mss 1460,nop,nop,sackOK>
        bob > S. 0:0(0) ack 1 win 1460 <mss 1460>
        counter tcp.SynCookiesSent 1
        bob < . 1 ack 1
        accept
        bob < P. 1:11(10) ack 1
        read 10
        bob > . 1 ack 11 win 2920
        < . 1 ack 1                             # and the first is not disturbed
        accept
        counter tcp.SynDropped 0
        """);

    [Theory, Ladder]
    public void E24_one_peer_cannot_spend_anothers_challenges_RFC5961_7(Variant variant) => Play(variant, """
        listen 80 backlog 4
        peer bob port 40001 ip 192.168.1.11
        < S 0:0(0) win 8192
        > S. 0:0(0) ack 1
        bob < S 0:0(0) win 8192
        bob > S. 0:0(0) ack 1
        bob < . 100000 ack 1
        bob > . 1 ack 1
        20x bob < . 100000 ack 1
        > nothing
        < S 500000 win 8192                     # the usual peer has restarted
        > . 1 ack 1
        < R 1
        +100 < S 500000 win 8192
        > S. iss:iss(0) ack 500001
        """);

    [Theory, Ladder]
    public void E24_a_half_open_entry_tests_the_whole_segment_not_its_first_byte_3_10_7_4(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        < . 0:0(0) ack 1                        # all of it lies before the window
        > . 1 ack 1
        < P. 0:11(11) ack 1                     # begins before it, and ends in it
        accept
        read 10
        +100 > . 1 ack 11
        """);

    [Theory, Ladder]
    public void E24_a_half_open_entry_takes_only_the_exact_reset_and_challenges_others_RFC5961_3_2(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        < R 0
        < R 1000000
        > nothing
        < R 2
        > . 1 ack 1
        < R 3                                   # one challenge in half a second
        > nothing
        +500 < R 4
        > . 1 ack 1
        < R 1
        < . 1 ack 1
        > R 1
        """);

    [Theory, Ladder]
    public void E25_a_half_open_connection_is_forgotten_after_30_seconds_RFC4987_3(Variant variant) => Play(variant, """
        given SYN-RECEIVED
        +1000 > S. 0:0(0) ack 1
        +2000 > S. 0:0(0) ack 1
        +4000 > S. 0:0(0) ack 1
        +8000 > S. 0:0(0) ack 1
        +14999
        halfopen 1
        +1                                      # 30 s
        halfopen 0
        counter tcp.FailedOpens 1
        < . 1 ack 1
        > R 1
        accept -> WouldBlock
        blocks 1
        """);

    [Theory, Ladder("224.0.0.1", "255.255.255.255", "192.168.1.255", "0.0.0.0", "240.0.0.1")]
    public void E26_an_active_open_to_what_is_not_one_other_host_is_an_error_MUST_46(Variant variant, string address) => Play(variant, $"""
        connect to {address} -> InvalidArgument
        > nothing
        """);

    [Theory, Ladder]
    public void E27_two_connections_to_one_peer_have_two_ports_RFC6056_3(Variant variant) => Play(variant, """
        peer bob port 7
        peer again port 7
        connect bob
        bob > S 0:0(0)
        bob < S. 0:0(0) ack 1 win 8192
        bob > . 1 ack 1
        connect again
        again > S 0:0(0)
        again < S. 0:0(0) ack 1 win 8192
        again > . 1 ack 1
        bob < P. 1:11(10) ack 1
        +100 bob > . 1 ack 11
        """);

    [Theory, Ladder]
    public void E24_with_the_table_full_a_SYN_waits_for_a_place(Variant variant) => Play(variant, """
        config TcpSockets 3
        listen 80 backlog 10
        peer bob port 40001
        peer carol port 40002
        opens
        accept as first
        bob opens
        accept
        carol < S 0:0(0) win 8192
        > nothing
        socket -> TooManyOpenSockets
        first: abort
        > R. 1 ack 1
        +0..10 carol > S. 0:0(0) ack 1
        carol < . 1 ack 1
        accept
        """);

    [Theory, Ladder]
    public void E24_with_all_entries_taken_who_was_only_slow_keeps_his_until_30_seconds_are_over_RFC4987_3_6(Variant variant) => Play(variant, """
        config TcpSynQueue 2
        listen 80 backlog 2
        peer bob port 40001
        peer carol port 40002
        < S 0:0(0) win 8192
        > S. 0:0(0) ack 1
        bob < S 0:0(0) win 8192
        bob > S. 0:0(0) ack 1
        carol < S 0:0(0) win 8192
        carol > S. 0:0(0) ack 1
        counter tcp.SynCookiesSent 1
        halfopen 2
        carol < . 1 ack 1
        accept
        +20000 > any
        bob < . 1 ack 1
        accept
        bob: state ESTABLISHED
        +10000 > any
        < . 1 ack 1
        > R 1
        """);

    [Theory, Ladder]
    public void Accept_hands_out_connections_in_the_order_in_which_they_were_completed(Variant variant) => Play(variant, """
        listen 80 backlog 4
        peer bob port 40001
        peer carol port 40002
        opens
        bob opens
        < R 1                                   # the first has gone
        carol opens
        accept
        write 10
        bob > P. 1:11(10) ack 1
        """);

    [Theory, Ladder]
    public void B24_without_a_gateway_a_far_host_is_unreachable_and_nobody_is_asked(Variant variant) => Play(variant, """
        peer far port 7 ip far
        forget gateway
        connect far -> NetworkUnreachable
        +2000 > nothing
        counter arp.RequestsSent 0
        """);

    [Theory, Ladder]
    public void Without_an_address_of_our_own_nobody_can_be_connected_to(Variant variant) => Play(variant, """
        forget address
        connect -> AddressNotAvailable
        > nothing
        """);

    [Theory, Ladder]
    public void When_the_address_goes_each_connection_ends_and_no_listener(Variant variant) => Play(variant, """
        peer bob port 40001
        connect as first
        > S 0:0(0)
        < S. 0:0(0) ack 1 win 8192
        > . 1 ack 1
        connect bob as second
        bob > S 0:0(0)
        listen 80 backlog 4 as listener
        forget address
        > nothing
        first: error AddressNotAvailable
        second: error AddressNotAvailable
        listener: state LISTEN
        """);
}
