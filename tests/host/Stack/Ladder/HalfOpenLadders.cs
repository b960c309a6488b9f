// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;
using Xunit;

namespace HostTests.Stack.Ladder;

/// <summary>How long and how often a SYN is answered that nobody follows up.</summary>
public sealed class HalfOpenLadders : LadderTest
{
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
}
