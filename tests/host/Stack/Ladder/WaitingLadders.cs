// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>Who has done his part of the handshake and finds no place: nothing that he has said is forgotten, and he is served in his turn.</summary>
public sealed class WaitingLadders : LadderTest
{
    /// <summary>Bob is answered, and then somebody else takes the only place.</summary>
    private const string Full = """
        listen 80 backlog 1
        peer bob port 40001 ip 192.168.1.11
        bob < S 0:0(0) win 8192 <mss 1460>
        bob > S. 0:0(0) ack 1
        opens

        """;

    [Theory, Ladder]
    public void His_turn_comes_as_soon_as_there_is_a_place(Variant variant) => Play(variant, Full + """
        bob < . 1 ack 1
        counter tcp.AcceptQueueFull 1
        +50 accept
        > nothing
        bob: state ESTABLISHED
        accept
        write 10
        bob > P. 1:11(10) ack 1
        """);

    [Theory, Ladder]
    public void His_SYN_is_answered_again_though_there_is_no_place_for_who_has_the_answer_may_come_in(Variant variant) => Play(variant, Full + """
        bob < S 0:0(0) win 8192 <mss 1460>
        bob > S. 0:0(0) ack 1
        +1000 bob > S. 0:0(0) ack 1
        bob < R 1
        """);

    [Theory, Ladder]
    public void Once_he_has_acknowledged_it_our_SYN_is_not_repeated(Variant variant) => Play(variant, Full + """
        bob < . 1 ack 1
        +20000 > nothing
        counter tcp.Retransmissions 0
        bob < R 1
        """);

    [Theory, Ladder]
    public void The_round_trip_of_who_has_waited_is_not_measured_RFC6298_3(Variant variant) => Play(variant, Full + """
        +100 bob < . 1 ack 1
        +400 accept
        > nothing
        bob: rto 1000
        accept
        write 2920
        bob > P. 1:2921(2*1460) ack 1
        """);

    [Theory, Ladder]
    public void The_loss_of_our_SYN_is_not_forgotten_RFC6298_5_7_RFC5681_3_1(Variant variant) => Play(variant, """
        listen 80 backlog 1
        peer bob port 40001 ip 192.168.1.11
        bob < S 0:0(0) win 8192 <mss 1460>
        bob > S. 0:0(0) ack 1
        +1000 bob > S. 0:0(0) ack 1
        opens
        bob < . 1 ack 1
        accept
        > nothing
        bob: rto 3000
        accept
        write 2920
        bob > . 1:1461(1460) ack 1
        > nothing
        """);

    [Theory, Ladder("0", "8192")]
    public void The_window_that_he_told_of_last_counts_not_that_of_the_segment_that_was_kept(Variant variant, string first) => Play(variant, Full + $"""
        bob < . 1 ack 1 win {first}
        bob < . 1 ack 1 win 1000
        accept
        > nothing
        accept
        write 2000
        bob > . 1:1001(1000) ack 1
        > nothing
        """);

    [Theory, Ladder]
    public void A_window_that_he_tells_of_when_he_is_served_is_taken_3_10_7_4(Variant variant) => Play(variant, Full + """
        bob < P. 11:21(10) ack 1 win 100        # out of turn, and not kept
        held 0
        accept
        > nothing
        bob < . 1 ack 1 win 8192
        accept
        write 1000
        bob > P. 1:1001(1000) ack 1
        """);

    [Theory, Ladder]
    public void His_first_text_is_kept_and_nothing_else(Variant variant) => Play(variant, Full + """
        bob < P. 11:21(10) ack 1                # not the first
        held 0
        bob < . 1 ack 1                         # no text, but it tells where he is
        held 1
        bob < . 1 ack 1
        bob < P. 11:21(10) ack 1
        held 1
        bob < P. 1:11(10) ack 1                 # this is it
        bob < P. 11:21(10) ack 1
        bob < P. 1:6(5) ack 1
        held 1
        counter tcp.AcceptQueueFull 7
        accept
        +100 bob > . 1 ack 11
        accept
        read 10
        held 0
        """);

    [Theory, Ladder]
    public void One_byte_is_text(Variant variant) => Play(variant, Full + """
        bob < . 1 ack 1
        bob < P. 1:2(1) ack 1
        bob < P. 1:11(10) ack 1                 # more than was kept: that comes again
        accept
        +100 bob > . 1 ack 2
        accept
        read 1
        """);

    [Theory, Ladder]
    public void A_FIN_behind_his_text_is_kept_with_it(Variant variant) => Play(variant, Full + """
        bob < PF. 1:11(10) ack 1
        accept
        bob > . 1 ack 12
        accept
        read 10
        read 1 -> end
        """);

    [Theory, Ladder]
    public void In_a_shortage_of_frames_his_text_is_not_kept_and_comes_again(Variant variant) => Play(variant, """
        config ReceiveReserve 0

        """ + Full + """
        pool leaves 1
        bob < P. 1:11(10) ack 1
        pool whole
        held 0
        accept
        > nothing
        bob: state ESTABLISHED
        bob < P. 1:11(10) ack 1
        +100 bob > . 1 ack 11
        accept
        read 10
        """);

    [Theory, Ladder]
    public void What_is_kept_goes_with_him(Variant variant) => Play(variant, Full + """
        bob < P. 1:11(10) ack 1
        held 1
        bob < R 1
        held 0
        accept
        accept -> WouldBlock
        """);

    [Theory, Ladder]
    public void Who_speaks_goes_first_and_then_who_came_first(Variant variant) => Play(variant, """
        listen 80 backlog 1
        peer bob port 40001 ip 192.168.1.11
        peer gone port 40002 ip 192.168.1.12
        peer carol port 40003 ip 192.168.1.13
        peer dave port 40004 ip 192.168.1.14
        bob < S 0:0(0) win 8192 <mss 1460,nop,nop,sackOK>
        bob > S. 0:0(0) ack 1
        gone < S 0:0(0) win 8192 <mss 1460>
        gone > S. 0:0(0) ack 1
        carol < S 0:0(0) win 8192 <mss 1460>
        carol > S. 0:0(0) ack 1
        < S 0:0(0) win 8192 <mss 1460>
        > S. 0:0(0) ack 1
        gone < R 1
        +5 dave < S 0:0(0) win 8192 <mss 1460>
        dave > S. 0:0(0) ack 1
        < . 1 ack 1
        carol < . 1 ack 1
        bob < . 1 ack 1
        dave < P. 1:2(1) ack 1
        accept
        +100 dave > . 1 ack 2
        accept
        read 1
        > nothing
        bob: state ESTABLISHED
        carol: state CLOSED
        accept
        > nothing
        carol: state ESTABLISHED
        """);

    [Theory, Ladder]
    public void Who_came_first_is_served_first_wherever_his_entry_is(Variant variant) => Play(variant, """
        listen 80 backlog 1
        peer gone port 40002 ip 192.168.1.12
        peer bob port 40001 ip 192.168.1.11
        peer carol port 40003 ip 192.168.1.13
        gone < S 0:0(0) win 8192 <mss 1460>
        gone > S. 0:0(0) ack 1
        bob < S 0:0(0) win 8192 <mss 1460>
        bob > S. 0:0(0) ack 1
        gone < R 1
        +1 carol < S 0:0(0) win 8192 <mss 1460>
        carol > S. 0:0(0) ack 1
        opens win 8192 <mss 1460>
        carol < . 1 ack 1
        bob < . 1 ack 1
        accept
        > nothing
        bob: state ESTABLISHED
        carol: state CLOSED
        """);

    [Theory, Ladder]
    public void A_listener_that_is_closed_resets_him(Variant variant) => Play(variant, Full + """
        bob < P. 1:11(10) ack 1
        accept
        close listener
        bob > R. 1 ack 1
        held 0
        counter tcp.FailedOpens 1
        """);

    [Theory, Ladder]
    public void Who_waits_in_vain_is_reset_when_his_time_is_over(Variant variant) => Play(variant, """
        config TcpHalfOpenTimeout 5005

        """ + Full + """
        bob < . 1 ack 1
        +5005 bob > R. 1 ack 1
        counter tcp.FailedOpens 1
        accept
        accept -> WouldBlock
        """);
}
