// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>What a connection hears of ICMP errors: C11 to C15.</summary>
public sealed class IcmpErrorLadders : LadderTest
{
    [Theory, Ladder]
    public void C11_an_error_counts_only_if_it_quotes_what_is_under_way_RFC5927_4_1(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        < icmp unreachable host quoting 0
        < icmp unreachable host quoting 11
        < icmp unreachable host gateway quoting 70000
        counter tcp.ErrorsTaken 0
        counter tcp.ErrorsIgnored 3
        < icmp unreachable host gateway quoting 10
        counter tcp.ErrorsTaken 1
        > nothing
        < . 1 ack 11
        < icmp unreachable host quoting 1       # of what has arrived
        counter tcp.ErrorsTaken 1
        """);

    [Theory, Ladder("4/0", "5/1")]
    public void C12_C16_source_quench_and_redirects_are_ignored_MUST_55(Variant variant, string type) => Play(variant, $"""
        given SYN-SENT
        < icmp {type} gateway quoting 0
        > nothing
        state SYN-SENT
        counter tcp.ErrorsTaken 0
        """);

    [Theory, Ladder("3/0", "3/1", "3/2", "3/3", "3/5", "11/0", "12/0")]
    public void C13_no_error_ends_an_open_connection_MUST_56(Variant variant, string type) => Play(variant, $"""
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        < icmp {type} gateway quoting 1
        > nothing
        state ESTABLISHED
        +1000 > P. 1:11(10) ack 1
        < . 1 ack 11
        < P. 1:11(10) ack 11
        read 10
        +100 > . 11 ack 11
        """);

    [Theory, Ladder("unreachable net", "unreachable host", "11/0")]
    public void C13_a_soft_error_does_not_keep_a_connection_from_opening_MUST_56(Variant variant, string error) => Play(variant, $"""
        given SYN-SENT
        < icmp {error} gateway quoting 0
        state SYN-SENT
        +1000 > S 0:0(0)
        < S. 0:0(0) ack 1 win 8192
        > . 1 ack 1
        state ESTABLISHED
        """);

    [Theory, Ladder("net", "host")]
    public void C13_a_soft_error_is_told_when_the_connection_fails_in_the_end_MUST_56(Variant variant, string what) => Play(variant, $"""
        given SYN-SENT
        < icmp unreachable {what} gateway quoting 0
        state SYN-SENT
        +400000 > any
        state CLOSED
        error {(what == "net" ? "NetworkUnreachable" : "HostUnreachable")}
        """);

    [Theory, Ladder]
    public void C13_a_soft_error_that_has_passed_is_not_told_when_the_connection_fails_another_day_MUST_56(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        < icmp unreachable host gateway quoting 1
        < . 1 ack 11
        +86400000
        write 10
        > P. 11:21(10) ack 1
        +400000 > any
        state CLOSED
        error TimedOut
        """);

    [Theory, Ladder]
    public void C13_a_soft_error_that_has_not_passed_is_told_when_the_connection_fails_MUST_56(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        < . 1 ack 11
        write 10
        > P. 11:21(10) ack 1
        < icmp unreachable host gateway quoting 11
        +400000 > any
        state CLOSED
        error HostUnreachable
        """);

    [Theory, Ladder("port", "protocol")]
    public void C14_an_unreachable_port_ends_an_attempt_to_connect_at_once_SHLD_26(Variant variant, string what) => Play(variant, $"""
        given SYN-SENT
        < icmp unreachable {what} quoting 1
        < icmp unreachable {what} quoting -1
        state SYN-SENT
        counter tcp.ErrorsIgnored 2
        < icmp unreachable {what} quoting 0
        +10000 > nothing
        state CLOSED
        error ConnectionRefused
        """);

    [Theory, Ladder("1000", "577", "576", "575", "68", "0")]
    public void C15_a_narrow_path_makes_segments_smaller_but_not_silly_RFC1191_3_RFC5927_7(Variant variant, string mtu) => Play(variant, $"""
        given ESTABLISHED
        write 1460
        > P. 1:1461(1460) ack 1 df 1
        < icmp unreachable frag mtu {mtu} gateway quoting 1
        > P. 1:1461(1460) ack 1 df 0            # what was too large comes again, and routers may cut it up now
        < . 1 ack 1461
        write {2 * Math.Max(int.Parse(mtu) - 40, 536)}
        > . 1461({Math.Max(int.Parse(mtu) - 40, 536)}) ack 1
        > P. nxt({Math.Max(int.Parse(mtu) - 40, 536)}) ack 1
        """);

    [Theory, Ladder]
    public void C15_a_path_that_is_wide_enough_changes_nothing_RFC1191_3(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 1460
        > P. 1:1461(1460) ack 1
        < icmp unreachable frag mtu 1500 gateway quoting 1
        > nothing
        """);

    [Theory, Ladder("11/2", "11/3", "12/3")]
    public void C14_the_code_of_another_error_refuses_nothing(Variant variant, string type) => Play(variant, $"""
        given SYN-SENT
        < icmp {type} gateway quoting 0
        > nothing
        state SYN-SENT
        """);

    [Theory, Ladder]
    public void C14_an_attempt_that_was_refused_is_counted(Variant variant) => Play(variant, """
        given SYN-SENT
        < icmp unreachable port quoting 0
        counter tcp.FailedOpens 1
        counter tcp.ErrorsTaken 1
        < icmp unreachable port quoting 0       # there is none any more
        counter tcp.FailedOpens 1
        counter tcp.ErrorsTaken 1
        counter tcp.ErrorsIgnored 1
        """);

    [Theory, Ladder("11/0", "12/0", "3/1", "3/13")]
    public void C13_what_is_no_unreachable_network_is_told_as_an_unreachable_host(Variant variant, string type) => Play(variant, $"""
        config TcpConnectTimeout 1000
        given SYN-SENT
        < icmp {type} gateway quoting 0
        +10000 > any
        error HostUnreachable
        """);

    [Theory, Ladder("11/4", "12/4")]
    public void C15_the_code_of_another_error_makes_nothing_smaller(Variant variant, string type) => Play(variant, $"""
        given ESTABLISHED
        write 1460
        > P. 1:1461(1460) ack 1
        < icmp {type} mtu 1000 gateway quoting 1
        > nothing
        < . 1 ack 1461
        write 1460
        > P. 1461:2921(1460) ack 1
        """);

    [Theory, Ladder]
    public void C15_a_narrow_path_is_no_reason_why_a_connection_fails(Variant variant) => Play(variant, """
        config TcpUserTimeout 2000
        given ESTABLISHED
        write 1460
        > P. 1:1461(1460) ack 1
        < icmp unreachable frag mtu 1000 gateway quoting 1
        +10000 > any
        error TimedOut
        """);
}
