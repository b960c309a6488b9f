// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;

namespace HostTests.Stack.Ladder;

/// <summary>A cable is pulled and put back: what waits goes on at once, not when a timer that was backed off in vain expires.</summary>
public sealed class LinkReturnLadders : LadderTest
{
    [Theory, Ladder("100", "3000", "20000", "90000")]
    public void A_transfer_goes_on_at_once(Variant variant, string away) => Play(variant, $"""
        given ESTABLISHED
        write 100
        > P. 1:101(100) ack 1
        < . 1 ack 101
        write 1000
        > P. 101:1101(1000) ack 1
        link down
        +{away}
        link up
        +0..10 > P. 101:1101(1000) ack 1
        """);

    [Theory, Ladder]
    public void The_next_repetition_after_the_first_comes_as_if_no_other_had_been_RFC6298_5_5(Variant variant) => Play(variant, """
        given ESTABLISHED
        write 1000
        > P. 1:1001(1000) ack 1
        link down
        +60000
        link up
        +0..10 > P. 1:1001(1000) ack 1
        +2000 > P. 1:1001(1000) ack 1           # what came of the timeouts without a link is forgotten, that of this one is not
        +4000 > P. 1:1001(1000) ack 1
        """);

    [Theory, Ladder]
    public void A_SYN_of_ours_goes_out_again_at_once(Variant variant) => Play(variant, """
        given SYN-SENT
        link down
        +40000
        link up
        +0..10 > S 0:0(0)
        """);

    [Theory, Ladder]
    public void A_closed_window_is_probed_at_once(Variant variant) => Play(variant, """
        given ESTABLISHED
        < . 1 ack 1 win 0
        write 100
        +20000 > any
        link down
        +20000
        link up
        +0..10 > P. 1:2(1) ack 1
        +1000..2600 > P. 1:2(1) ack 1
        """);

    [Theory, Ladder]
    public void A_FIN_goes_out_again_at_once(Variant variant) => Play(variant, """
        given FIN-WAIT-1
        link down
        +20000
        link up
        +0..10 > F. 1 ack 1
        """);
}
