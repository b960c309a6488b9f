// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;
using TcpIp.IPv4;

namespace HostTests.Stack.Icmp;

/// <summary>How many errors are sent to whom (RFC 1812 section 4.3.2.8), what a quote must have, and which types are what (RFC 792).</summary>
public sealed class ErrorBudgetTests
{
    private const uint Peer = 0x0A000001;

    [Theory]
    [InlineData(0)]
    [InlineData(123_456)]
    [InlineData(int.MaxValue - 150)]
    public void C10_a_burst_of_ten_and_then_one_each_100_ms(int start)
    {
        ErrorBudget budget = new(new Keys());
        budget.TakeError(Peer, start);
        start += 5000;
        for (int i = 0; i < 10; i++)
        {
            Assert.True(budget.TakeError(Peer, start));
        }

        Assert.False(budget.TakeError(Peer, start));
        Assert.False(budget.TakeError(Peer, start + 99));
        Assert.True(budget.TakeError(Peer, start + 100));
        Assert.False(budget.TakeError(Peer, start + 199));
        Assert.True(budget.TakeError(Peer, unchecked(start + 200)));
        Assert.True(budget.TakeError(Peer, unchecked(start + 350)));
        Assert.False(budget.TakeError(Peer, unchecked(start + 399)));

        // what was not used is saved, up to ten
        for (int i = 0; i < 10; i++)
        {
            Assert.True(budget.TakeError(Peer, unchecked(start + 4900)));
        }

        Assert.False(budget.TakeError(Peer, unchecked(start + 4900)));
    }

    [Theory]
    [InlineData(1000, false)]
    [InlineData(1001, true)]
    public void A_time_that_is_too_far_ahead_is_from_before_the_clock_has_wrapped(int ahead, bool isTaken)
    {
        ErrorBudget budget = new(new Keys());
        for (int i = 0; i < 10; i++)
        {
            Assert.True(budget.TakeError(Peer, 4000));
        }

        Assert.Equal(isTaken, budget.TakeError(Peer, 5000 - ahead));
    }

    [Fact]
    public void Eight_groups_of_peers_do_not_take_from_each_other()
    {
        ErrorBudget budget = new(new Keys());
        int taken = 0;
        for (uint i = 0; i < 2000; i++)
        {
            taken += budget.TakeError(Peer + i, 0) ? 1 : 0;
        }

        Assert.Equal(80, taken);
    }

    [Fact]
    public void Who_shares_a_group_is_drawn_anew_every_five_seconds()
    {
        Keys keys = new();
        ErrorBudget budget = new(keys);
        Assert.Equal(1, keys.Drawn);
        budget.TakeError(Peer, 0);
        budget.TakeError(Peer, 4999);
        Assert.Equal(1, keys.Drawn);
        budget.TakeError(Peer, 5000);
        Assert.Equal(2, keys.Drawn);
        budget.TakeError(Peer, 9999);
        Assert.Equal(2, keys.Drawn);
        budget.TakeError(Peer, 10_000);
        Assert.Equal(3, keys.Drawn);

        // a clock that has wrapped
        budget.TakeError(Peer, 9999);
        Assert.Equal(4, keys.Drawn);
        budget.TakeError(Peer, 14_998);
        Assert.Equal(4, keys.Drawn);
    }

    [Fact]
    public void The_key_decides_who_shares_a_group()
    {
        // with one key a peer is served beside an exhausted one, with another it is not
        HashSet<bool> seen = [];
        for (uint key = 0; key < 64; key++)
        {
            ErrorBudget budget = new(new Keys { First = key * 0x01234567 });
            for (int i = 0; i < 10; i++)
            {
                budget.TakeError(Peer, 0);
            }

            seen.Add(budget.TakeError(Peer ^ 8, 0));
        }

        Assert.Equal(2, seen.Count);
    }

    [Theory, BothOrders]
    public void C7_a_quote_has_a_header_and_eight_bytes_of_a_first_fragment(WordOrder order)
    {
        byte[] quote = Convert.FromHexString("450000541234400040115566C0A80107C0A801090035C35000401234");
        Assert.True(Parse(order, quote, out QuotedPacket parsed));
        Assert.Equal((17, 0xC0A80107u, 0xC0A80109u), (parsed.Protocol, parsed.Source, parsed.Destination));
        Assert.Equal((0x0035, 0xC350, 0x00401234u), (parsed.SourcePort, parsed.DestinationPort, parsed.Sequence));

        // one byte less, another version, a header of 16 bytes, a later fragment; don't fragment and more fragments are no matter
        Assert.False(Parse(order, quote[..27], out _));
        foreach ((int at, byte value, bool isGood) in ((int, byte, bool)[])[(0, 0x35, false), (0, 0x55, false), (0, 0x44, false), (7, 0x01, false), (6, 0x10, false), (6, 0x20, true), (6, 0x60, true)])
        {
            byte[] changed = [.. quote];
            changed[at] = value;
            Assert.Equal(isGood, Parse(order, changed, out _));
        }

        // with options the ports are behind them
        byte[] longer = [0x46, .. quote[1..20], 1, 1, 1, 0, .. quote[20..]];
        Assert.True(Parse(order, longer, out parsed));
        Assert.Equal((0x0035, 0xC350, 0x00401234u), (parsed.SourcePort, parsed.DestinationPort, parsed.Sequence));
        Assert.False(Parse(order, longer[..31], out _));
        Assert.False(Parse(order, [0x4F, .. quote[1..]], out _));
    }

    [Fact]
    public void C5_C6_types_are_errors_or_queries_or_neither()
    {
        int[] errors = [3, 4, 5, 11, 12];
        int[] queries = [9, 10, 13, 14, 15, 16, 17, 18];
        for (int type = 0; type < 256; type++)
        {
            Assert.Equal(errors.Contains(type), IcmpHeader.IsError(type));
            Assert.Equal(queries.Contains(type), IcmpHeader.IsQuery(type));
        }
    }

    private static bool Parse(WordOrder order, byte[] bytes, out QuotedPacket quote)
    {
        const int Offset = 42;
        Frame frame = new(100, order) { Length = Offset + bytes.Length };
        frame.CopyBytesFrom(Offset, bytes, 0, bytes.Length);
        quote = new QuotedPacket();
        return quote.Parse(frame, Offset);
    }

    private sealed class Keys : RandomSource
    {
        public uint First { get; init; }

        public int Drawn { get; private set; }

        public override uint Next()
        {
            Drawn++;
            return First;
        }
    }
}
