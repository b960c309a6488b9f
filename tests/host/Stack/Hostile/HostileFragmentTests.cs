// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using Xunit;

namespace HostTests.Stack.Hostile;

/// <summary>
/// Inputs 15 to 22 of HOSTILE.md: fragments. They hold for a stack that refuses all fragments and for one that puts them together.
/// </summary>
public sealed class HostileFragmentTests : HostileTest
{
    private const int More = 0x2000;
    private const int AnyTimeout = 130_000;

    [Theory]
    [InlineData(More, 16, 0x0001, 24)]
    [InlineData(More, 8, More, 24)]
    [InlineData(More, 32, 0x0002, 24)]
    [InlineData(More, 32, 0x0001, 8)]
    [InlineData(More | 1, 32, More, 16)]
    [InlineData(2, 32, More, 24)]
    public void X15_overlapping_fragments(int first, int firstLength, int second, int secondLength)
    {
        Fragment(first, firstLength);
        Fragment(second, secondLength);
        AssertRefused();
    }

    [Theory]
    [InlineData(8189, 64)]
    [InlineData(8191, 8)]
    [InlineData(8191, 1000)]
    [InlineData(8189 | More, 64)]
    public void X16_a_fragment_that_ends_beyond_65535(int flagsAndOffset, int length)
    {
        Fragment(More, 64);
        Fragment(flagsAndOffset, length);
        AssertRefused();
    }

    [Theory]
    [InlineData(More, 13)]
    [InlineData(More, 1)]
    [InlineData(More | 3, 9)]
    public void X17_a_fragment_before_the_last_that_is_no_multiple_of_8(int flagsAndOffset, int length)
    {
        Fragment(flagsAndOffset, length);
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
    public void X20_the_last_fragment_first_and_then_nothing(int wait)
    {
        Fragment(3, 24);
        Wait(wait);
        Fragment(More | 2, 8);
        Wait(AnyTimeout);

        // Time Exceeded is for whoever has sent a first fragment (RFC 1122 section 3.3.2)
        AssertSilence();
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

    [Fact]
    public void X22_two_last_fragments_that_end_at_different_places()
    {
        Fragment(4, 40);
        Fragment(4, 24);
        Fragment(More, 32);
        AssertRefused();
        Fragment(4, 24, id: 9);
        Fragment(6, 24, id: 9);
        Fragment(More, 32, id: 9);
        AssertRefused();
    }

    /// <summary>A piece of an echo request whose checksum is right whatever its length: all of it behind the header is 0.</summary>
    private void Fragment(int flagsAndOffset, int length, int id = 77)
    {
        byte[] payload = new byte[length];
        if ((flagsAndOffset & 0x1FFF) == 0 && length >= 8)
        {
            FrameBuilder.Echo(0, 0, []).CopyTo(payload, 0);
        }

        StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, payload, id: id, flagsAndOffset: flagsAndOffset));
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
