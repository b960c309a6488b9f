// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class PhyTests
{
    [Theory]
    [InlineData(0x00, 0x0000)]
    [InlineData(0x02, 0x0083)]
    [InlineData(0x03, 0x1400)]
    [InlineData(0x10, 0x0100)]
    [InlineData(0x11, 0x0400)]
    [InlineData(0x12, 0x0012)]
    [InlineData(0x14, 0x3476)]
    [InlineData(0x15, 0x0000)]
    public void RegistersAfterStart(int address, int expected) => Assert.Equal(expected, new ChipBench().ReadPhy(address));

    [Fact]
    public void ReadTakesItsTime()
    {
        var bench = new ChipBench();
        bench.Write(Reg.MIREGADR, 0x02);
        bench.Write(Reg.MICMD, Micmd.MIIRD);
        long start = bench.Clock.NowNs - 500;
        bench.Clock.AdvanceTo(start + 10_239);
        Assert.Equal(Mistat.BUSY, bench.Chip.PeekRegister(Reg.MISTAT));
        bench.Clock.AdvanceTo(start + 10_240);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.MISTAT));
        Assert.Equal(0x0083, bench.ReadPair(Reg.MIRDL));
    }

    [Fact]
    public void ResultReadTooSoonIsOldAndFound()
    {
        var bench = new ChipBench();
        bench.ReadPhy(0x02);
        bench.Write(Reg.MIREGADR, 0x03);
        bench.Write(Reg.MICMD, Micmd.MIIRD);
        Assert.Equal(0x83, bench.Read(Reg.MIRDL));
        bench.AssertViolated(ViolationRule.MiiBusy);
    }

    [Fact]
    public void WriteWhileBusyIsLostAndFound()
    {
        var bench = new ChipBench();
        bench.Write(Reg.MIREGADR, 0x14);
        bench.WritePair(Reg.MIWRL, 0x3422);
        bench.WritePair(Reg.MIWRL, 0x3472);
        bench.WaitMii();
        bench.AssertViolated(ViolationRule.MiiBusy);
        Assert.Equal(0x3422, bench.ReadPhy(0x14));
    }

    [Fact]
    public void HighByteBeforeLowIsFound()
    {
        var bench = new ChipBench();
        bench.Write(Reg.MIREGADR, 0x14);
        bench.Write(Reg.MIWRH, 0x34);
        bench.AssertViolated(ViolationRule.MiiOrder);
    }

    [Fact]
    public void ReadCommandLeftSetIsFound()
    {
        var bench = new ChipBench();
        bench.Write(Reg.MIREGADR, 0x02);
        bench.Write(Reg.MICMD, Micmd.MIIRD);
        bench.WaitMii();
        bench.Write(Reg.MIREGADR, 0x03);
        bench.Write(Reg.MICMD, Micmd.MIIRD);
        bench.WaitMii();
        Assert.Equal(0x0083, bench.ReadPair(Reg.MIRDL));
        bench.AssertViolated(ViolationRule.MiiOrder);
    }

    [Fact]
    public void ScanFollowsTheLink()
    {
        var bench = new ChipBench();
        bench.Write(Reg.MIREGADR, 0x11);
        bench.Write(Reg.MICMD, Micmd.MIISCAN);
        Assert.Equal(Mistat.BUSY | Mistat.SCAN | Mistat.NVALID, bench.Read(Reg.MISTAT));
        bench.Clock.Advance(10_240);
        Assert.Equal(Mistat.BUSY | Mistat.SCAN, bench.Read(Reg.MISTAT));
        Assert.Equal(0x04, bench.Read(Reg.MIRDH));
        bench.Chip.LinkUp = false;
        Assert.Equal(0x00, bench.Read(Reg.MIRDH));
        bench.AssertClean();
        bench.WritePair(Reg.MIWRL, 0);
        bench.AssertViolated(ViolationRule.MiiBusy);
        bench.Write(Reg.MICMD, 0);
        Assert.Equal(Mistat.BUSY, bench.Read(Reg.MISTAT));
        bench.WaitMii();
    }

    [Fact]
    public void LinkLossIsLatchedUntilRead()
    {
        var bench = new ChipBench();
        bench.ReadPhy(0x01);
        Assert.Equal(0x1804, bench.ReadPhy(0x01));
        bench.Chip.LinkUp = false;
        bench.Chip.LinkUp = true;
        Assert.Equal(0x1800, bench.ReadPhy(0x01));
        Assert.Equal(0x1804, bench.ReadPhy(0x01));
    }

    [Fact]
    public void LinkInterruptNeedsPhieAndEndsWithAReadOfPhir()
    {
        var bench = new ChipBench();
        bench.WritePhy(0x12, 0);
        bench.Chip.LinkUp = false;
        Assert.Equal(0, bench.Read(Reg.EIR) & Eir.LINKIF);
        bench.WritePhy(0x12, 0x0012);
        Assert.Equal(Eir.LINKIF, bench.Read(Reg.EIR) & Eir.LINKIF);
        bench.Clear(Reg.EIR, Eir.LINKIF);
        Assert.Equal(Eir.LINKIF, bench.Read(Reg.EIR) & Eir.LINKIF);
        Assert.Equal(0x0014, bench.ReadPhy(0x13));
        Assert.Equal(0, bench.Read(Reg.EIR) & Eir.LINKIF);
        bench.AssertClean();
    }

    [Fact]
    public void LinkComesSomeTimeAfterAReset()
    {
        var bench = new ChipBench(new ChipOptions { LinkDelayNs = 100_000_000 });
        Assert.True(bench.Chip.HasLink);
        bench.SystemReset();
        Assert.Equal(0, bench.ReadPhy(0x11));
        bench.Clock.Advance(100_000_000);
        Assert.Equal(0x0400, bench.ReadPhy(0x11));
    }

    [Theory]
    [InlineData(DuplexStrap.Half, 0x0000)]
    [InlineData(DuplexStrap.Full, 0x0100)]
    public void DuplexAfterResetDependsOnTheStrap(DuplexStrap strap, int expected)
    {
        var bench = new ChipBench(new ChipOptions { Strap = strap }, start: false);
        bench.Clock.Advance(300_000);
        Assert.Equal(expected, bench.ReadPhy(0x00));
    }

    [Fact]
    public void DuplexMismatchIsFound()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.WritePhy(0x00, 0x0100);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        bench.AssertViolated(ViolationRule.Duplex);
    }

    [Fact]
    public void DuplexChangeInOperationIsFound()
    {
        var bench = new ChipBench();
        bench.WritePhy(0x00, 0x0100);
        bench.AssertViolated(ViolationRule.Duplex);
    }

    [Theory]
    [InlineData(0x14, 0x0476)]
    [InlineData(0x10, 0x0001)]
    [InlineData(0x12, 0xFFFF)]
    [InlineData(0x00, 0x0400)]
    [InlineData(0x07, 0x0000)]
    public void ReservedPhyBitsAreFound(int address, int value)
    {
        var bench = new ChipBench();
        bench.WritePhy(address, value);
        bench.AssertViolated(ViolationRule.PhyReserved);
    }

    [Fact]
    public void PhyResetEndsByItself()
    {
        var bench = new ChipBench();
        bench.WritePhy(0x00, 0x8000);
        Assert.Equal(0x8000, bench.ReadPhy(0x00) & 0x8000);
        bench.Clock.Advance(100_000);
        Assert.Equal(0, bench.ReadPhy(0x00));
        Assert.Equal(0, bench.ReadPhy(0x10));
    }

    [Fact]
    public void PhyPowerDownDropsTheLink()
    {
        var bench = new ChipBench();
        bench.WritePhy(0x00, 0x0800);
        Assert.False(bench.Chip.HasLink);
        bench.WritePhy(0x00, 0);
        Assert.False(bench.Chip.HasLink);
        bench.Clock.Advance(bench.Chip.Options.LinkDelayNs);
        Assert.True(bench.Chip.HasLink);
    }
}
