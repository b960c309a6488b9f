// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>The pattern filter, by the chip's sum (DS39662E 8.2.2) and by the driver's own look at what it lets in (DS80349C 18).</summary>
public class PatternTests
{
    private static readonly byte[] s_other = [0x02, 1, 2, 3, 4, 5];

    public static TheoryData<int, int, int> Patterns
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach (int offset in (int[])[0, 1, 13, 14, 64, 300])
            {
                // bytes that count: one, two, three, most, all
                foreach (int density in (int[])[1, 2, 3, 50, 64])
                {
                    data.Add(offset, density, offset + density);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void TheChipsSumIsThatOfTheBytesThatCount(int offset, int counting, int seed)
    {
        using DriverBench bench = DriverBench.Running();
        byte[] frame = DriverBench.MakeFrame(500, seed, s_other);
        byte[] mask = Mask(counting, seed);
        bench.Driver.SetPattern(offset, frame[offset..(offset + 64)], mask);
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Pattern));
        bench.Run(5);
        bench.Exchange(frame);
        Assert.Equal(1, bench.Chip.Counters.FramesReceived);
        for (int i = 0; i < 64; i += 7)
        {
            byte[] changed = [.. frame];
            changed[offset + i] ^= 0x10;
            Assert.Equal(!Counts(mask, i), Hears(bench, changed));
        }

        bench.AssertClean();
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x00)]
    [InlineData(0x80)]
    public void TheSumCarriesRound(byte value)
    {
        // 32 words of FFFFh
        using DriverBench bench = DriverBench.Running();
        byte[] window = new byte[64];
        Array.Fill(window, value);
        byte[] mask = new byte[8];
        Array.Fill(mask, (byte)0xFF);
        bench.Driver.SetPattern(20, window, mask);
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Pattern));
        bench.Run(5);
        byte[] frame = DriverBench.MakeFrame(100, 1, s_other);
        window.CopyTo(frame, 20);
        bench.Exchange(frame);
    }

    [Theory]
    [InlineData("88AA090A0B0C0D", 6, 0x563F)]
    [InlineData("0004A3FFFFFF", 0, 0x5BFC)]
    [InlineData("FFFFFFFFFFFF0806", 0, 0xF7F9)]
    [InlineData("FFFFFFFF0001", 0, 0xFFFE)]
    [InlineData("FFFFFFFF0000", 0, 0x0000)]
    [InlineData("00", 1454, 0xFFFF)]
    public void ThePatternsSumIsTheOneOfTheDataSheet(string bytes, int offset, int sum)
    {
        using DriverBench bench = DriverBench.Running();
        byte[] window = Convert.FromHexString(bytes);
        bench.Driver.SetPattern(offset, window, [(byte)((1 << window.Length) - 1), 0, 0, 0, 0, 0, 0, 0]);
        bench.Run(5);
        Assert.Equal(sum, bench.Chip.PeekPair(Reg.EPMCSL));
        Assert.Equal(offset, bench.Chip.PeekPair(Reg.EPMOL));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void WhatTheChipLetsInByMistakeIsComparedByteByByte(int offset)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.Options.Errata[18] = 1;
        byte[] frame = DriverBench.MakeFrame(200, 7, s_other);
        byte[] mask = [0x01, 0x80, 0xFF, 0x00, 0x55, 0xAA, 0x81, 0x80];
        bench.Driver.SetPattern(offset, frame[offset..(offset + 64)], mask);
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Pattern));
        bench.Run(5);
        Assert.True(Hears(bench, frame));
        for (int i = 0; i < 64; i++)
        {
            byte[] changed = [.. frame];
            changed[offset + i] ^= 0x01;
            Assert.Equal(!Counts(mask, i), Hears(bench, changed));
        }
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(79, false)]
    [InlineData(78, false)]
    public void APatternThatGoesBeyondTheFrameIsNotInIt(int length, bool isHeard)
    {
        // broadcasts come in with all groups; whether this one is wanted is the pattern's matter. Its last byte may be one of the FCS.
        using DriverBench bench = DriverBench.Running();
        byte[] frame = DriverBench.MakeFrame(length + 4, 1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        EthernetCrc.Append(frame);
        bench.Driver.SetPattern(20, frame[20..80], [0xFF, 0, 0, 0, 0, 0, 0, 0x08]);
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Pattern | Enc28j60Filters.AllMulticast));
        bench.Run(5);
        Assert.Equal(isHeard, Hears(bench, frame[..length]));
    }

    [Fact]
    public void AShorterWindowIsFilledWithZeros()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Driver.SetPattern(14, [1, 2, 3, 4, 5, 6, 7, 8], [0xFF, 0, 0, 0, 0, 0, 0, 0]);
        bench.Driver.SetPattern(14, [0x11, 0x22], [0xFF, 0, 0, 0, 0, 0, 0, 0]);
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Pattern));
        bench.Run(5);
        byte[] frame = DriverBench.MakeFrame(100, 1, s_other);
        frame.AsSpan(14, 8).Clear();
        Assert.False(Hears(bench, frame));
        frame[14] = 0x11;
        frame[15] = 0x22;
        Assert.True(Hears(bench, frame));
    }

    [Fact]
    public void PatternsEndWithTheLongestPacket()
    {
        using var bench = new DriverBench();
        byte[] mask = new byte[8];
        bench.Driver.SetPattern(1454, new byte[64], mask);
        Assert.Throws<ArgumentNullException>(() => bench.Driver.SetPattern(0, null!, mask));
        Assert.Throws<ArgumentNullException>(() => bench.Driver.SetPattern(0, new byte[64], null!));
        Assert.Throws<ArgumentException>(() => bench.Driver.SetPattern(1455, new byte[64], mask));
        Assert.Throws<ArgumentException>(() => bench.Driver.SetPattern(-1, new byte[64], mask));
        Assert.Throws<ArgumentException>(() => bench.Driver.SetPattern(0, new byte[65], mask));
        Assert.Throws<ArgumentException>(() => bench.Driver.SetPattern(0, new byte[64], new byte[7]));
    }

    private static byte[] Mask(int counting, int seed)
    {
        byte[] mask = new byte[8];
        int[] places = [.. Enumerable.Range(0, 64)];
        new Random(seed).Shuffle(places);
        foreach (int place in places.Take(counting))
        {
            mask[place >> 3] |= (byte)(1 << (place & 7));
        }

        return mask;
    }

    private static bool Counts(byte[] mask, int place) => (mask[place >> 3] & (1 << (place & 7))) != 0;

    private static bool Hears(DriverBench bench, byte[] frame)
    {
        bench.Deliver(frame);
        byte[]? received = bench.Receive();
        Assert.True(received == null || received.AsSpan().SequenceEqual(frame));
        return received != null;
    }
}
