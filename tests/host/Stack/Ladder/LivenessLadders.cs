// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;
using Xunit;

namespace HostTests.Stack.Ladder;

/// <summary>Whatever is lost, closed or contradictory: something will move the connection on, or end it, and nothing stays behind.</summary>
public sealed class LivenessLadders : LadderTest
{
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
}
