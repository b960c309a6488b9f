// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Hostile;

/// <summary>Inputs 15 to 22 of HOSTILE.md: fragments.</summary>
public sealed class HostileFragmentTests : HostileTest
{
    private const int More = 0x2000;
    private const int AnyTimeout = 130_000;

    [Theory]
    [InlineData("0+16m 8+24")]
    [InlineData("0+8m 0+24m")]
    [InlineData("0+32m 8+8")]
    [InlineData("16+32 0+24m")]
    [InlineData("0+16m 8+16m 24+8")]
    [InlineData("0+32m 16+24")]
    [InlineData("8+32m 0+16m 40+8")]
    [InlineData("0+24m 0+16m 24+8")]
    [InlineData("0+24m 8+16m 24+8")]
    [InlineData("0+24m 8+8m 24+8")]
    [InlineData("0+16m 16+16m 8+16m 32+8")]
    [InlineData("0+16m 16+16m 0+32m 32+8")]
    [InlineData("16+16m 0+24m 32+8")]
    [InlineData("24+8 16+16m 0+16m")]
    public void B18_X15_overlapping_fragments(string pieces)
    {
        Fragments(pieces);
        Assert.Equal(1u, Net.Stack.IPv4.Counters.ReassemblyOverlaps);
        AssertRefused();
    }

    [Theory]
    [InlineData(8189, 64)]
    [InlineData(8191, 8)]
    [InlineData(8191, 1000)]
    [InlineData(8189 | More, 64)]
    [InlineData(8191 | More, 1480)]
    public void B17_X16_a_fragment_that_ends_beyond_65535(int flagsAndOffset, int length)
    {
        Site(c => c.ReassemblyBytes = 65515);
        Fragment(More, 64);
        Fragment(flagsAndOffset, length);
        Fragment(8, 8);
        Assert.Equal(1u, Net.Stack.IPv4.Counters.ReassemblyTooLarge);
        AssertRefused();
    }

    [Theory]
    [InlineData(More, 13)]
    [InlineData(More, 1)]
    [InlineData(More, 4)]
    [InlineData(More, 1001)]
    [InlineData(More | 3, 9)]
    public void B14_X17_a_fragment_before_the_last_that_is_no_multiple_of_8(int flagsAndOffset, int length)
    {
        Fragment(flagsAndOffset, length);
        Assert.Equal(1u, Net.Stack.IPv4.Counters.BadFragments);
        Assert.True(Net.Stack.IPv4.IsReassemblyFree);
        Fragment(2, 8);
        AssertRefused();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(0, 44)]
    [InlineData(5, 20)]
    public void X18_a_fragment_with_header_length_or_total_length_0(int headerWords, int totalLength)
    {
        uint dropped = Dropped(Net.Stack.IPv4.Counters);
        StrikeIp(FrameBuilder.Ip(
            Client, TestNetwork.StackIp, 1, new byte[24], headerWords: headerWords, totalLength: totalLength, flagsAndOffset: More));
        Assert.True(Dropped(Net.Stack.IPv4.Counters) > dropped || totalLength == 20);
        AssertRefused();
    }

    [Fact]
    public void X19_100_first_fragments_that_nothing_follows()
    {
        for (int i = 0; i < 100; i++)
        {
            StrikeIp(FrameBuilder.Ip(
                Client + (uint)(i % 5), TestNetwork.StackIp, i % 2 == 0 ? 17 : 1, new byte[1400], id: i, flagsAndOffset: More));
            Assert.True(Net.Stack.Pool.MayKeep(0), "fragments take the reserve");
        }

        AssertServed();
        AssertEchoed();
        AssertRefused();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3000)]
    public void B16_X20_the_last_fragment_first_and_then_nothing(int wait)
    {
        Fragment(3, 24);
        Wait(wait);
        Fragment(More | 2, 8);
        Wait(AnyTimeout);

        // Time Exceeded is for whoever has sent a first fragment (RFC 1122 section 3.3.2)
        AssertSilence();
        Assert.Equal(1u, Net.Stack.IPv4.Counters.ReassemblyTimeouts);
        AssertRefused();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void X21_fragments_of_two_senders_with_one_identification_are_never_mixed(bool twoProtocols)
    {
        byte[] mine = FrameBuilder.Echo(1, 1, Wire.PatternBytes(0, 56));
        byte[] other = FrameBuilder.Echo(1, 1, Wire.PatternBytes(7777, 56));
        uint us = TestNetwork.StackIp;
        uint second = twoProtocols ? Client : Net.Gateway.Ip;
        int protocol = twoProtocols ? 17 : 1;
        StrikeIp(FrameBuilder.Ip(Client, us, 1, mine[..32], id: 5, flagsAndOffset: More));
        StrikeIp(FrameBuilder.Ip(second, us, protocol, other[..32], id: 5, flagsAndOffset: More));
        StrikeIp(FrameBuilder.Ip(second, us, protocol, other[32..], id: 5, flagsAndOffset: 4));
        StrikeIp(FrameBuilder.Ip(Client, us, 1, mine[32..], id: 5, flagsAndOffset: 4));
        foreach (SeenFrame reply in Net.Packets.Where(p => p.IcmpType == 0))
        {
            Assert.Equal(reply.IpDestination == Client ? mine[8..] : other[8..], reply.IcmpData);
        }

        Net.Packets.Clear();
        AssertRefused();
    }

    [Theory]
    [InlineData("32+40 32+24 0+32m")]
    [InlineData("32+24 48+24 0+32m")]
    [InlineData("0+16m 32+8 24+8 16+16m")]
    [InlineData("16+8 16+24 0+16m")]
    [InlineData("24+16 16+8")]
    [InlineData("0+16m 24+8 32+8m")]
    [InlineData("32+8m 0+16m 16+8")]
    [InlineData("0+24m 16+8")]
    [InlineData("16+24m 16+8 0+16m")]
    public void B18_X22_two_last_fragments_that_end_at_different_places(string pieces)
    {
        Fragments(pieces);
        Assert.Equal(1u, Net.Stack.IPv4.Counters.ReassemblyOverlaps);
        AssertRefused();
    }

    /// <summary>Pieces of one datagram, as offset and length in bytes; <c>m</c> says that more follow.</summary>
    private void Fragments(string pieces)
    {
        foreach (string piece in pieces.Split(' '))
        {
            int[] numbers = [.. piece.TrimEnd('m').Split('+').Select(int.Parse)];
            Fragment((numbers[0] / 8) | (piece.EndsWith('m') ? More : 0), numbers[1]);
        }
    }

    /// <summary>A piece of an echo request whose checksum is right whatever its length: all of it behind the header is 0.</summary>
    private void Fragment(int flagsAndOffset, int length)
    {
        byte[] payload = new byte[length];
        if ((flagsAndOffset & 0x1FFF) == 0 && length >= 8)
        {
            FrameBuilder.Echo(0, 0, []).CopyTo(payload, 0);
        }

        StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, payload, id: 77, flagsAndOffset: flagsAndOffset));
    }

    /// <summary>No answer was made of the pieces, the pieces are gone in time, and honest clients are served.</summary>
    private void AssertRefused()
    {
        Assert.DoesNotContain(Net.Packets, p => p.IsIcmp && p.IcmpType == 0);
        AssertServed();
        Wait(AnyTimeout);
        Assert.DoesNotContain(Net.Packets, p => p.IsIcmp && p.IcmpType == 0);
        Net.Packets.Clear();
        Assert.Equal(0, Held());
        AssertServed();
    }
}
