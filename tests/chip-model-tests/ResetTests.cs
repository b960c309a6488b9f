// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class ResetTests
{
    private const int Bank2 = 0x02;

    [Fact]
    public void OscillatorTakes300Microseconds()
    {
        var bench = new ChipBench(start: false);
        bench.Clock.Advance(290_000);
        Assert.Equal(0, bench.Read(Reg.ESTAT));
        bench.Clock.Advance(10_000);
        Assert.Equal(Estat.CLKRDY, bench.Read(Reg.ESTAT));
    }

    [Fact]
    public void DeadOscillatorNeverGetsReady()
    {
        var bench = new ChipBench(start: false);
        bench.Chip.Faults.DeadOscillator = true;
        bench.Chip.PowerOnReset();
        bench.Clock.Advance(1_000_000_000);
        Assert.Equal(0, bench.Read(Reg.ESTAT));
    }

    [Fact]
    public void MacIsDeadAndRxenForbiddenBeforeClockReady()
    {
        var bench = new ChipBench(start: false);
        bench.Write(Reg.MACON1, 0x01);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        Assert.Equal(3, bench.Chip.Violations.CountOf(ViolationRule.NotReady));
        Assert.Equal(Bank2, bench.Read(Reg.ECON1));
        bench.Clock.Advance(300_000);
        Assert.Equal(0, bench.Read(Reg.MACON1));
    }

    [Fact]
    public void SystemResetKeepsClockReadyMemoryAndClockOutput()
    {
        var bench = new ChipBench();
        bench.WriteMemory(0x1B00, 1, 2, 3);
        bench.Write(Reg.ECOCON, 2);
        bench.Transfer(0xFF);
        Assert.Equal(Estat.CLKRDY, bench.Chip.PeekRegister(Reg.ESTAT));
        bench.Clock.Advance(1_000_000);
        bench.ForgetBank();
        Assert.Equal(2, bench.Read(Reg.ECOCON));
        Assert.Equal<byte>([1, 2, 3], bench.ReadMemory(0x1B00, 3));
        Assert.Equal(0x05FA, bench.ReadPair(Reg.ERXSTL));
        Assert.Equal(0, bench.Read(Reg.MACON3));
        bench.AssertClean();
    }

    [Fact]
    public void MacWithinOneMillisecondAfterSystemResetIsFound()
    {
        var bench = new ChipBench();
        bench.Transfer(0xFF);
        bench.ForgetBank();
        bench.Clock.Advance(900_000);
        bench.Write(Reg.MACON1, 1);
        bench.AssertViolated(ViolationRule.NotReady);
        bench.Clock.Advance(100_000);
        Assert.Equal(0, bench.Read(Reg.MACON1));
    }

    [Fact]
    public void WithoutErratum2SystemResetClearsClockReady()
    {
        var bench = new ChipBench(new ChipOptions { Errata = ErrataOptions.None() });
        bench.Transfer(0xFF);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ESTAT));
        bench.Clock.Advance(300_000);
        bench.ForgetBank();
        bench.Write(Reg.MACON1, 1);
        Assert.Equal(1, bench.Read(Reg.MACON1));
        bench.AssertClean();
    }

    [Fact]
    public void SystemResetIsIgnoredInPowerSave()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Set(Reg.ECON2, Econ2.PWRSV);
        bench.AssertClean();
        bench.Transfer(0xFF);
        Assert.Equal(ChipBench.ReceiveEnd, bench.ReadPair(Reg.ERXNDL));
        bench.AssertViolated(ViolationRule.ResetInPowerSave);
    }

    [Fact]
    public void WithoutErratum19SystemResetWakesTheChip()
    {
        var bench = new ChipBench();
        bench.Chip.Options.Errata[19] = 0;
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Set(Reg.ECON2, Econ2.PWRSV);
        bench.Transfer(0xFF);
        bench.ForgetBank();
        Assert.Equal(0x80, bench.Read(Reg.ECON2));
        Assert.Equal(0, bench.Read(Reg.ESTAT));
        bench.Clock.Advance(300_000);
        Assert.Equal(Estat.CLKRDY, bench.Read(Reg.ESTAT));
    }

    [Fact]
    public void WarmStartFromAnywhereEndsInARunningChip()
    {
        var bench = new ChipBench();
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer, 1000));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(100_000);
        bench.ForgetBank();
        bench.Start();
        Assert.False(EthernetCrc.IsValid(Assert.Single(bench.Sent)));
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
        bench.AssertClean();
    }

    [Fact]
    public void PowerSaveKeepsSettingsAndShutsMacAndReceiver()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Set(Reg.ECON2, Econ2.PWRSV);
        Assert.Equal(0, bench.Read(Reg.ESTAT) & Estat.CLKRDY);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Chip.Counters.DroppedByPowerState);
        bench.Clear(Reg.ECON2, Econ2.PWRSV);
        bench.Clock.Advance(300_000);
        Assert.Equal(Estat.CLKRDY, bench.Read(Reg.ESTAT) & Estat.CLKRDY);
        Assert.Equal(0x32, bench.Read(Reg.MACON3));
        bench.Set(Reg.ECON1, Econ1.RXEN);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Chip.Counters.DroppedByLinkDown);
        bench.Clock.Advance(bench.Chip.Options.LinkDelayNs);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
        bench.AssertClean();
    }

    [Fact]
    public void PowerSaveWhileReceivingIsFound()
    {
        var bench = new ChipBench();
        bench.Set(Reg.ECON2, Econ2.PWRSV);
        bench.AssertViolated(ViolationRule.PowerSaveOrder);
        bench.Read(Reg.MACON1);
        bench.AssertViolated(ViolationRule.NotReady);
    }

    [Fact]
    public void MemoryIsRandomAfterPowerOnAndReproducible()
    {
        var first = new byte[64];
        var second = new byte[64];
        new ChipBench(new ChipOptions { Seed = 5 }, start: false).Chip.PeekMemory(0, first);
        new ChipBench(new ChipOptions { Seed = 5 }, start: false).Chip.PeekMemory(0, second);
        Assert.Equal(first, second);
        Assert.True(first.Distinct().Count() > 20);
        new ChipBench(new ChipOptions { Seed = 6 }, start: false).Chip.PeekMemory(0, second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void HeldInResetTheChipIsAbsent()
    {
        var bench = new ChipBench();
        bench.Chip.ResetPinLow = true;
        Assert.Equal(0xFF, bench.Read(Reg.ESTAT));
        bench.Chip.ResetPinLow = false;
        bench.ForgetBank();
        Assert.Equal(0, bench.Read(Reg.ESTAT) & 0x09);
        bench.Clock.Advance(300_000);
        Assert.Equal(Estat.CLKRDY, bench.Read(Reg.ESTAT));
        Assert.Equal(0x05FA, bench.ReadPair(Reg.ERXSTL));
    }

    [Fact]
    public void SpontaneousResetIsVisibleInRegisters()
    {
        var bench = new ChipBench();
        bench.Chip.SpontaneousReset();
        bench.ForgetBank();
        Assert.Equal(0, bench.Read(Reg.ECON1) & Econ1.RXEN);
        Assert.Equal(0x05FA, bench.ReadPair(Reg.ERXSTL));
    }

    [Fact]
    public void ReceiveResetClearsRxenAndKeepsPointersAndCounter()
    {
        var bench = new ChipBench();
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Set(Reg.ECON1, Econ1.RXRST);
        bench.Clear(Reg.ECON1, Econ1.RXRST);
        Assert.Equal(0, bench.Read(Reg.ECON1) & Econ1.RXEN);
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
        Assert.Equal(0x46, bench.ReadPair(Reg.ERXWRPTL));
    }
}
