// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>No frame in the pool or no place in the transmit queue just when something must be sent: late, but never lost.</summary>
public sealed class ShortageLadders : LadderTest
{
    /// <summary>A controller that takes nothing, and an acknowledgment that fills its queue.</summary>
    private const string QueueFull = """
        config TransmitQueue 1
        given ESTABLISHED
        < P. 1:11(10) ack 1
        read 10
        +100 > . 1 ack 11
        peer bob port 40001
        busy on
        < P. 1:11(10) ack 1

        """;

    [Theory, Ladder]
    public void With_no_frame_a_SYN_is_sent_by_its_timer_and_nothing_else_before(Variant variant) => Play(variant, """
        pool leaves 0
        connect
        > nothing
        counter tcp.NoFrame 1
        +500 pool whole
        +500 > S 0:0(0)
        < S. 0:0(0) ack 1 win 8192
        > . 1 ack 1
        """);

    [Theory, Ladder]
    public void With_no_frame_for_the_ARP_request_the_SYN_is_sent_when_the_neighbour_is_asked_again(Variant variant) => Play(variant, """
        pool leaves 1
        connect
        > nothing
        counter arp.NoFrame 1
        +100 pool whole
        +900..1000 > S 0:0(0)
        """);

    [Theory, Ladder]
    public void With_no_frame_a_mere_ACK_is_10_ms_late(Variant variant) => Play(variant, """
        config ReceiveReserve 0
        given ESTABLISHED
        pool leaves 1
        < P. -9:1(10) ack 1                     # the frame that it came in is the last one
        > nothing
        counter tcp.NoFrame 1
        +10 > . 1 ack 1
        +1000 > nothing
        """);

    [Theory, Ladder]
    public void With_no_frame_a_FIN_is_sent_by_its_timer(Variant variant) => Play(variant, """
        given ESTABLISHED
        pool leaves 0
        shutdown
        > nothing
        state FIN-WAIT-1
        pool whole
        +0..1000 > any
        < . 1 ack 1
        +1000 > any
        < F. 1 ack 2
        > . 2 ack 2
        state TIME-WAIT
        """);

    [Theory, Ladder]
    public void With_no_frame_a_RST_is_dropped_and_the_next_segment_gets_its_own(Variant variant) => Play(variant, """
        config ReceiveReserve 0
        pool leaves 1
        < . 5 ack =77
        > nothing
        counter tcp.NoFrame 1
        pool whole
        < . 5 ack =78
        > R =78
        """);

    [Theory, Ladder]
    public void With_no_frame_an_abort_still_frees_all(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 100
        > P. 1:101(100) ack 1
        pool leaves 0
        abort
        > nothing
        counter tcp.NoFrame 1
        blocks 1
        < P. 1:11(10) ack 101                   # not heard: there is no frame to hear it with
        pool whole
        < P. 1:11(10) ack 101
        > R 101
        """);

    [Theory, Ladder]
    public void With_no_frame_a_SYNACK_is_sent_by_its_timer(Variant variant) => Play(variant, """
        config ReceiveReserve 0
        listen 80 backlog 2
        pool leaves 1
        < S 0:0(0) win 8192
        > nothing
        counter tcp.NoFrame 1
        pool whole
        +1000 > S. 0:0(0) ack 1
        < . 1 ack 1
        accept
        """);

    [Theory, Ladder]
    public void With_no_frame_in_the_pool_what_has_no_text_leaves_in_a_frame_of_its_own(Variant variant) => Play(variant, """
        config ReceiveReserve 0
        listen 80 backlog 2
        pool leaves 1 and control
        < S 0:0(0) win 8192
        > S. 0:0(0) ack 1
        < . 1 ack 1
        accept
        < P. -9:1(10) ack 1                     # what comes again is acknowledged at once
        > . 1 ack 1
        shutdown
        > F. 1 ack 1
        < . 1 ack 2
        abort
        > R. 2 ack 1
        counter tcp.NoFrame 0
        """);

    [Theory, Ladder]
    public void While_the_control_frame_waits_for_the_interface_the_next_segment_has_one_of_the_pool(Variant variant) => Play(variant, """
        config TransmitQueue 4
        given ESTABLISHED
        peer bob port 40001
        bob < S 0:0(0) win 8192
        bob > S. 0:0(0) ack 1
        bob < . 1 ack 1
        busy on
        < P. -9:1(10) ack 1                     # an old one is acknowledged at once
        held 0
        bob < P. -9:1(10) ack 1
        held 1
        > nothing
        busy off
        > . 1 ack 1
        bob > . 1 ack 1
        held 0
        """);

    [Theory, Ladder]
    public void With_no_frame_a_write_says_so_and_later_succeeds(Variant variant) => Play(variant, """
        given ESTABLISHED
        pool leaves 0
        write 10 -> NoBufferSpace
        pool whole
        write 10
        > P. 1:11(10) ack 1
        """);

    [Theory, Ladder]
    public void With_the_transmit_queue_full_a_SYN_waits_for_a_place(Variant variant) => Play(variant, QueueFull + """
        connect bob
        +500 > nothing
        busy off
        > . 1 ack 11
        bob > S 0:0(0)
        bob < S. 0:0(0) ack 1 win 8192
        bob > . 1 ack 1
        """);

    [Theory, Ladder]
    public void With_the_transmit_queue_full_a_SYNACK_waits_for_a_place_and_counts_as_sent_once(Variant variant) => Play(variant, QueueFull + """
        bob < S 0:0(0) win 8192 <mss 1460>
        +95 > nothing
        busy off
        > . 1 ack 11
        +0..10 bob > S. 0:0(0) ack 1
        counter tcp.Retransmissions 0
        bob < . 1 ack 1
        accept
        write 10
        bob > P. 1:11(10) ack 1
        +1000 bob > P. 1:11(10) ack 1           # not 3000: no SYN was lost
        """);

    [Theory, Ladder]
    public void With_the_transmit_queue_full_a_FIN_waits_for_a_place(Variant variant) => Play(variant, QueueFull + """
        shutdown
        +500 > nothing
        busy off
        > . 1 ack 11
        > F. 1 ack 11
        < F. 11 ack 2
        > . 2 ack 12
        """);

    [Theory, Ladder]
    public void With_the_transmit_queue_full_an_ACK_waits_for_a_place(Variant variant) => Play(variant, QueueFull + """
        < P. 11:21(10) ack 1
        < P. 21:31(10) ack 1
        +500 > nothing
        busy off
        > . 1 ack 11
        > . 1 ack 31
        read 20
        """);

    [Theory, Ladder]
    public void With_the_transmit_queue_full_text_waits_for_a_place(Variant variant) => Play(variant, QueueFull + """
        write 2920
        +500 > nothing
        busy off
        > . 1 ack 11
        > P. 1:2921(2*1460) ack 11
        """);

    [Theory, Ladder]
    public void With_the_receive_queue_full_small_text_shares_a_frame_and_more_comes_again(Variant variant) => Play(variant, """
        config TcpReceiveFrames 2
        given ESTABLISHED
        < P. 1:11(10) ack 1
        < P. 11:21(10) ack 1
        > . 1 ack 21
        < P. 21:1476(1455) ack 1                # the first two share a frame
        counter tcp.SegmentsMerged 1
        < PF. 1476:1576(100) ack 1              # fits neither behind 20 bytes nor behind 1455
        > . 1 ack 1476
        counter tcp.ReceiveQueueFull 1
        state ESTABLISHED
        held 2
        read 1475
        > . 1 ack 1476
        < PF. 1476:1576(100) ack 1
        > . 1 ack 1577
        read 100
        read 1 -> end
        """);

    [Theory, Ladder]
    public void With_the_receive_queue_full_text_is_not_taken_and_comes_again(Variant variant) => Play(variant, """
        config TcpReceiveWindow 8760
        config TcpReceiveFrames 2
        given ESTABLISHED
        < . 1:1461(1460) ack 1
        < . 1461:2921(1460) ack 1
        > . 1 ack 2921
        < PF. 2921:4381(1460) ack 1
        > . 1 ack 2921
        counter tcp.ReceiveQueueFull 1
        state ESTABLISHED
        held 2
        read 2920
        > . 1 ack 2921
        < PF. 2921:4381(1460) ack 1
        > . 1 ack 4382
        read 1460
        read 1 -> end
        """);

    [Theory, Ladder]
    public void With_no_frame_a_mere_ACK_is_tried_again_in_its_time_only(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 10
        > P. 1:11(10) ack 1
        write 1
        > nothing
        < P. 1:11(10) ack 1
        pool leaves 0
        +101 > nothing
        counter tcp.NoFrame 1
        write 1                                 # it waits behind the segment before it: no reason to look for a frame
        > nothing
        write 1
        > nothing
        counter tcp.NoFrame 1
        pool whole
        +0..10 > . 11 ack 11
        """);
}
