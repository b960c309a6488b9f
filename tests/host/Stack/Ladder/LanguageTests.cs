// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Ladder.Language;
using Xunit.Sdk;

namespace HostTests.Stack.Ladder;

/// <summary>The language of the ladders itself: what it proves, and that it notices what is not so.</summary>
public sealed class LanguageTests : LadderTest
{
    [Theory, Ladder]
    public void An_exchange_both_ways(Variant variant) => Play(variant, """
        listen 80 backlog 2
        accept -> WouldBlock
        < S 0:0(0) win 8192 <mss 1460>
        > S. 0:0(0) ack 1 win 2920 <mss 1460,*>
        < . 1:1(0) ack 1
        accept
        < P. 1:101(100) ack 1
        read 100
        read 100 -> WouldBlock
        +100 > . 1:1(0) ack 101
        write 300
        > P. 1:301(300) ack 101
        +1000~20 > P. 1:301(300) ack 101        # nobody has acknowledged it
        < . 101 ack 301
        counter tcp.Retransmissions 1
        < F. 101 ack 301
        > . 301 ack 102
        state CLOSE-WAIT
        read 1 -> end
        close
        > F. 301 ack 102
        state LAST-ACK
        < . 102 ack 302
        state CLOSED
        held 0
        """);

    [Theory]
    [InlineData("> S. 0:0(0) ack 2", "the acknowledgment number")]
    [InlineData("> S. 1:1(0) ack 1", "the sequence number")]
    [InlineData("> S. 0:1(1) ack 1", "the length")]
    [InlineData("> S 0:0(0)", "the flags")]
    [InlineData("> S. 0:0(0) ack 1 win 1", "the window")]
    [InlineData("> S. 0:0(0) ack 1 <mss 1459,*>", "the options")]
    [InlineData("> S. 0:0(0) ack 1 <>", "the options")]
    [InlineData("> S. 0:0(0) ack 1 without mss", "an option")]
    [InlineData("> S. 0:0(0)", "names no acknowledgment")]
    [InlineData("+5 > S. 0:0(0) ack 1", "too early")]
    [InlineData("> nothing", "silence")]
    [InlineData("+10", "silence")]
    [InlineData("< . 1 ack 1", "silence")]
    [InlineData("accept -> WouldBlock", "silence")]
    public void What_comes_and_is_not_as_the_line_says_is_noticed(string line, string complaint)
    {
        string told = Failure("listen 80 backlog 2\n< S 0:0(0) win 8192 <mss 1460>\n" + line);
        Assert.Contains(complaint, told);
        Assert.Contains("LanguageTests.cs:3: " + line, told);
        Assert.Contains("---> S 0:0(0) win 8192 <mss 1460>", told);
        Assert.Contains("listen 80 backlog 2", told);
        Assert.Contains("S. 0:0(0) ack 1 win 2920", told);
    }

    [Theory]
    [InlineData("> . 1:1(0) ack 1", "came:     nothing")]
    [InlineData("+50 > . 1:1(0) ack 1", "came:     nothing, up to 50 ms")]
    [InlineData("state LISTEN", "came:     ESTABLISHED")]
    [InlineData("read 1 -> end", "came:     WouldBlock")]
    [InlineData("read 1", "expected: 1")]
    [InlineData("write 10 -> 9", "came:     10")]
    [InlineData("counter tcp.Established 2", "came:     1")]
    [InlineData("held 1", "came:     0")]
    [InlineData("error TimedOut", "came:     Success")]
    [InlineData("blocks 1", "came:     2")]
    [InlineData("write 10\n< . 1 ack 1", "came:     P. 1:11(10)")]
    [InlineData("write 10\n> P. 1:11(10) ack 1\n+999..1000 > nothing", "came:     P. 1:11(10)")]
    [InlineData("< P. 1:11(10) ack 1 garbage\nread 10", "byte 1 of the stream")]
    [InlineData("< P. 1:11(10) ack 1", "ack 11 win 2910 at 100 ms: the acknowledgment number")]
    public void What_does_not_come_and_what_is_otherwise_is_noticed(string lines, string complaint)
    {
        string told = Failure("given ESTABLISHED\n" + lines + "\n+100 > . 1:1(0) ack 12");
        Assert.Contains(complaint, told);
        Assert.Contains("<--- S. 0:0(0) ack 1 win 2920", told);
    }

    [Theory]
    [InlineData("> S. 0:1(0) ack 1")]
    [InlineData("< Q 0:0(0)")]
    [InlineData("< S 0:0(0) sideways 5")]
    [InlineData("< S 0:0(0) <mss>")]
    [InlineData("+x")]
    [InlineData("jump")]
    [InlineData("bob > . 1 ack 1")]
    [InlineData("given BEDLAM")]
    [InlineData("config NoSuchSize 4")]
    [InlineData("counter tcp.NoSuchCounter 1")]
    [InlineData("read 5")]
    public void A_line_that_says_nothing_is_refused(string line)
    {
        Assert.ThrowsAny<SystemException>(() => Play(Variant.Plain, line));
    }

    private static string Failure(string script)
    {
        return Assert.ThrowsAny<XunitException>(() => Play(Variant.Plain, script, "LanguageTests.cs", 0)).Message;
    }
}
