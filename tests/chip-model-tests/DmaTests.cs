// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class DmaTests
{
    [Fact]
    public void ChecksumOfTheDataSheetsExample()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.WriteMemory(0x1B00, 0x89, 0xAB, 0xCD);
        Assert.Equal(0xA953, Checksum(bench, 0x1B00, 0x1B02));
        Assert.Equal(Eir.DMAIF, bench.Read(Reg.EIR) & Eir.DMAIF);
        bench.AssertClean();
    }

    [Fact]
    public void ChecksumOverABlockWithItsChecksumIsZero()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.WriteMemory(0x1B00, 0x45, 0x00, 0x12, 0x34, 0, 0);
        int sum = Checksum(bench, 0x1B00, 0x1B05);
        bench.WriteMemory(0x1B04, (byte)(sum >> 8), (byte)sum);
        Assert.Equal(0, Checksum(bench, 0x1B00, 0x1B05));
    }

    [Fact]
    public void CopyTakes80NanosecondsPerByte()
    {
        var bench = new ChipBench();
        byte[] data = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];
        bench.WriteMemory(0x1A00, data);
        SetUp(bench, 0x1A00, 0x1A00 + 499, 0x1A00 + 500);
        bench.Set(Reg.ECON1, Econ1.DMAST);
        long start = bench.Clock.NowNs - 500;
        bench.Clock.AdvanceTo(start + 39_999);
        Assert.Equal(Econ1.DMAST, bench.Chip.PeekRegister(Reg.ECON1) & Econ1.DMAST);
        bench.Clock.AdvanceTo(start + 40_000);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & Econ1.DMAST);
        Assert.Equal(data[..500], bench.ReadMemory(0x1A00 + 500, 500));
        bench.AssertClean();
    }

    [Fact]
    public void SourceWrapsAtErxndAndDestinationOnlyAtTheEndOfMemory()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.WriteMemory(0x19FE, 1, 2);
        bench.WriteMemory(0x0000, 3, 4);
        SetUp(bench, 0x19FE, 0x0001, 0x1FFE);
        bench.Set(Reg.ECON1, Econ1.DMAST);
        bench.Clock.Advance(1_000);
        Assert.Equal<byte>([1, 2], bench.ReadMemory(0x1FFE, 2));
        Assert.Equal<byte>([3, 4], bench.ReadMemory(0x0000, 2));
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0x1B00, 0x1B00)]
    [InlineData(0x0100, 0x1B00)]
    public void OneByteOrUnreachableEndNeverEnds(int start, int end)
    {
        var bench = new ChipBench();
        SetUp(bench, start, end, 0x1C00);
        bench.Set(Reg.ECON1, Econ1.DMAST);
        bench.Clock.Advance(1_000_000_000);
        Assert.Equal(Econ1.DMAST, bench.Read(Reg.ECON1) & Econ1.DMAST);
        bench.AssertViolated(ViolationRule.Dma);
        bench.Clear(Reg.ECON1, Econ1.DMAST);
        Assert.Equal(0, bench.Read(Reg.ECON1) & Econ1.DMAST);
        Assert.Equal(Eir.DMAIF, bench.Read(Reg.EIR) & Eir.DMAIF);
    }

    [Theory]
    [InlineData(1.0, 0, Eir.RXERIF)]
    [InlineData(0.0, 1, 0)]
    public void ChecksumAbortsReception(double erratum, int packets, int flag)
    {
        var bench = new ChipBench();
        bench.Chip.Options.Errata[17] = erratum;
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station, 1000));
        bench.Clock.Advance(100_000);
        Checksum(bench, 0x1B00, 0x1B10);
        bench.SettleReceive();
        Assert.Equal(packets, bench.Read(Reg.EPKTCNT));
        Assert.Equal(flag, bench.Read(Reg.EIR) & Eir.RXERIF);
        Assert.Equal(erratum > 0, bench.Chip.Violations.Count > 0);
    }

    [Fact]
    public void DmaAndTransmitterWaitForEachOther()
    {
        var bench = new ChipBench();
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer));
        SetUp(bench, 0x1B00, 0x1EFF, 0x1F00);
        bench.Set(Reg.ECON1, Econ1.DMAST);
        long copyEnd = bench.Clock.NowNs - 500 + (1024 * 80);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(1_000_000);
        Assert.Equal(copyEnd + 6_400 + (64 * 800), Assert.Single(bench.SentAt));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Set(Reg.ECON1, Econ1.DMAST);
        bench.Clock.Advance(30_000);
        Assert.Single(bench.Sent);
        Assert.Equal(Econ1.DMAST, bench.Read(Reg.ECON1) & Econ1.DMAST);
        bench.Clock.Advance(200_000);
        Assert.Equal(2, bench.Sent.Count);
        Assert.Equal(0, bench.Read(Reg.ECON1) & Econ1.DMAST);
    }

    [Fact]
    public void RegistersMustRestWhileTheDmaRuns()
    {
        var bench = new ChipBench();
        SetUp(bench, 0x1B00, 0x1EFF, 0x1F00);
        bench.Set(Reg.ECON1, Econ1.DMAST);
        bench.Write(Reg.EDMANDL, 0);
        bench.AssertViolated(ViolationRule.Dma);
    }

    [Theory]
    [InlineData(0x04, 0xF807)]
    [InlineData(0x08, -1)]
    [InlineData(0x28, -1)]
    [InlineData(0x00, -1)]
    [InlineData(0x0C, -1)]
    public void SelfTest(int mode, int expected)
    {
        ChipBench bench = SelfTested(mode, _ => { });
        int bist = bench.ReadPair(Reg.EBSTCSL);
        Assert.Equal(bist, Checksum(bench, 0, 0x1FFF));
        Assert.True(expected < 0 || bist == expected);
        bench.AssertClean();
    }

    [Fact]
    public void AddressFillFillsWithAddresses()
    {
        ChipBench bench = SelfTested(0x04, _ => { });
        byte[] memory = bench.ReadMemory(0, Enc28j60Chip.MemorySize);
        Assert.Equal(Enumerable.Range(0, Enc28j60Chip.MemorySize).Select(i => (byte)i), memory);
    }

    [Fact]
    public void SelfTestFindsAStuckBit()
    {
        ChipBench bench = SelfTested(0x04, chip =>
        {
            chip.Faults.StuckAddress = 0x0123;
            chip.Faults.StuckZeros = 0x01;
        });
        Assert.NotEqual(bench.ReadPair(Reg.EBSTCSL), Checksum(bench, 0, 0x1FFF));
    }

    [Fact]
    public void SelfTestWhileReceivingIsFound()
    {
        var bench = new ChipBench();
        bench.Write(Reg.EBSTCON, 0x04 | Ebstcon.TME | Ebstcon.BISTST);
        bench.AssertViolated(ViolationRule.Bist);
    }

    private static ChipBench SelfTested(int mode, Action<Enc28j60Chip> setUp)
    {
        var bench = new ChipBench(start: false);
        setUp(bench.Chip);
        bench.Clock.Advance(300_000);
        bench.Write(Reg.EBSTSD, 0x35);
        bench.Write(Reg.EBSTCON, mode | Ebstcon.TME | Ebstcon.BISTST);
        Assert.Equal(Ebstcon.BISTST, bench.Read(Reg.EBSTCON) & Ebstcon.BISTST);
        bench.Clock.Advance(1_000_000);
        Assert.Equal(0, bench.Read(Reg.EBSTCON) & Ebstcon.BISTST);
        bench.Clear(Reg.EBSTCON, Ebstcon.TME);
        return bench;
    }

    private static int Checksum(ChipBench bench, int start, int end)
    {
        SetUp(bench, start, end, 0);
        bench.Set(Reg.ECON1, Econ1.CSUMEN);
        bench.Set(Reg.ECON1, Econ1.DMAST);
        while ((bench.Read(Reg.ECON1) & Econ1.DMAST) != 0)
        {
            bench.Clock.Advance(1_000);
        }

        bench.Clear(Reg.ECON1, Econ1.CSUMEN);
        return bench.ReadPair(Reg.EDMACSL);
    }

    private static void SetUp(ChipBench bench, int start, int end, int target)
    {
        bench.WritePair(Reg.EDMASTL, start);
        bench.WritePair(Reg.EDMANDL, end);
        bench.WritePair(Reg.EDMADSTL, target);
    }
}
