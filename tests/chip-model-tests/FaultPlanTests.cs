// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;
using VirtualBoard.Hardware;

namespace VirtualBoard.Enc28j60.Tests;

/// <summary>Faults by plan, corrupted headers and registers, lost edges, errata by revision.</summary>
public class FaultPlanTests
{
    private const long Hour = 3_600_000_000_000;

    [Fact]
    public void SameSeedSamePlan()
    {
        FaultPlan one = FaultPlan.Random(7, 0, Hour, 10_000_000_000, FaultPlan.AllKinds);
        FaultPlan other = FaultPlan.Random(7, 0, Hour, 10_000_000_000, FaultPlan.AllKinds);
        FaultPlan third = FaultPlan.Random(8, 0, Hour, 10_000_000_000, FaultPlan.AllKinds);
        Assert.Equal(one.Events.ToArray(), other.Events.ToArray());
        Assert.NotEqual(one.Events.ToArray(), third.Events.ToArray());
    }

    [Fact]
    public void EveryKindHappensAndGapsAreKept()
    {
        FaultPlan plan = FaultPlan.Random(1, 1_000, Hour, 10_000_000_000, FaultPlan.AllKinds);
        Assert.Equal(FaultPlan.AllKinds.ToArray().Order(), plan.Events.ToArray().Select(e => e.Kind).Distinct().Order());
        long end = 1_000;
        foreach (FaultEvent fault in plan.Events)
        {
            Assert.InRange(fault.StartNs - end, 5_000_000_000, 15_000_000_000);
            end = fault.EndNs;
        }

        Assert.True(end <= Hour);
    }

    [Fact]
    public void OverlappingFaultsAreRefused() =>
        Assert.Throws<ArgumentException>(() => new FaultPlan(new FaultEvent(FaultKind.LinkDown, 100, 100), new FaultEvent(FaultKind.BrownOut, 150)));

    [Fact]
    public void FaultsBeginAndEndInTime()
    {
        var bench = new ChipBench();
        long start = bench.Clock.NowNs + 1_000_000;
        var begun = new List<FaultKind>();
        var ended = new List<FaultKind>();
        var schedule = new FaultSchedule(bench.Chip, new FaultPlan(
            new FaultEvent(FaultKind.LinkDown, start, 1_000_000),
            new FaultEvent(FaultKind.MisoStuckHigh, start + 2_000_000, 1_000_000),
            new FaultEvent(FaultKind.SpontaneousReset, start + 4_000_000)));
        schedule.Beginning += fault => begun.Add(fault.Kind);
        schedule.Ended += fault => ended.Add(fault.Kind);

        bench.Clock.AdvanceTo(start - 1);
        Assert.True(bench.Chip.HasLink);
        bench.Clock.AdvanceTo(start);
        Assert.False(bench.Chip.HasLink);
        Assert.True(schedule.IsActive);
        bench.Clock.AdvanceTo(start + 1_000_000);
        Assert.True(bench.Chip.HasLink);
        Assert.False(schedule.IsActive);
        bench.Clock.AdvanceTo(start + 2_500_000);
        Assert.Equal(0xFF, bench.Read(Reg.ERXFCON));
        bench.Clock.AdvanceTo(start + 3_500_000);
        Assert.Equal(0xA1, bench.Read(Reg.ERXFCON));
        Assert.Equal(Econ1.RXEN, bench.Read(Reg.ECON1) & Econ1.RXEN);
        bench.Clock.AdvanceTo(start + 4_500_000);
        Assert.Equal(0, bench.Read(Reg.ECON1));
        Assert.True(schedule.IsOver);
        Assert.Equal([FaultKind.LinkDown, FaultKind.MisoStuckHigh, FaultKind.SpontaneousReset], begun);
        Assert.Equal(begun, ended);
    }

    [Fact]
    public void EveryKindCanBeCarriedOutAndLeavesTheChipUsable()
    {
        foreach (FaultKind kind in FaultPlan.AllKinds)
        {
            var bench = new ChipBench();
            long start = bench.Clock.NowNs + 1_000_000;
            var schedule = new FaultSchedule(bench.Chip, new FaultPlan(new FaultEvent(kind, start, 5_000_000, 0.5, 3)));
            bench.Clock.AdvanceTo(start + 6_000_000);
            Assert.True(schedule.IsOver, kind.ToString());
            Assert.Equal(0, bench.Chip.Faults.MisoFlip + bench.Chip.Faults.MosiFlip + bench.Chip.Faults.InterruptEdgeLoss);
            Assert.Null(bench.Chip.Faults.MisoStuck);
            Assert.True(bench.Chip.LinkUp && bench.Chip.Powered && !bench.Chip.ResetPinLow);
            bench.ForgetBank();
            bench.Start();
            bench.Deliver(ChipBench.Frame(ChipBench.Station));
            Assert.Equal(1, bench.Read(Reg.EPKTCNT));
        }
    }

    [Fact]
    public void AResetInTheMiddleOfAnInstructionEndsIt()
    {
        var bench = new ChipBench();
        bench.Chip.Select();
        bench.Chip.Exchange(0x40);
        bench.Chip.SpontaneousReset();
        bench.Chip.Exchange(0x55);
        bench.Chip.Exchange(0x55);
        bench.Chip.Deselect();
        Assert.Equal(0xFA, bench.Chip.PeekRegister(Reg.ERDPTL));
        bench.AssertClean();
    }

    [Fact]
    public void HeadersCanBeCorruptedByScriptAndByChance()
    {
        var bench = new ChipBench();
        bench.Chip.CorruptNextHeader(0, 0x02);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(0x0044, bench.ReadPacket().Next);
        bench.Free(0x0046);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(0x008C, bench.ReadPacket().Next);
        bench.Free(0x008C);
        bench.Chip.Faults.HeaderCorruption = 1;
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(2, bench.Chip.Counters.HeadersCorrupted);
    }

    [Fact]
    public void ARegisterCanBeDisturbedWithoutSettingAnythingOff()
    {
        var bench = new ChipBench();
        bench.Chip.PokeRegister(Reg.ECON1, 0);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Chip.Counters.DroppedByRxOff);
        bench.AssertClean();
    }

    [Fact]
    public void LostEdgesLeaveTheLevel()
    {
        var board = new BoardHardware();
        BoardHardware.Current = board;
        var bench = new ChipBench();
        bench.Chip.WireInterruptPin(board.Gpio, 4);
        using var controller = new GpioController();
        GpioPin pin = controller.OpenPin(4, PinMode.InputPullUp);
        int edges = 0;
        pin.ValueChanged += (_, _) => edges++;
        bench.Set(Reg.EIE, Eie.INTIE | Eie.PKTIE);
        bench.Chip.Faults.InterruptEdgeLoss = 1;
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(0, edges);
        Assert.Equal(PinValue.Low, pin.Read());
        bench.Chip.Faults.InterruptEdgeLoss = 0;
        bench.Clear(Reg.EIE, Eie.INTIE);
        bench.Set(Reg.EIE, Eie.INTIE);
        Assert.NotEqual(0, edges);
    }

    [Theory]
    [InlineData(ChipOptions.RevisionB1, 1, 0)]
    [InlineData(ChipOptions.RevisionB4, 1, 0)]
    [InlineData(ChipOptions.RevisionB5, 0, 0.01)]
    [InlineData(ChipOptions.RevisionB7, 0, 0.01)]
    public void ErrataOfARevision(byte revision, double first, double thirteenth)
    {
        ErrataOptions errata = ErrataOptions.For(revision);
        Assert.Equal(first, errata[1]);
        Assert.Equal(thirteenth, errata[13]);
        Assert.All(new[] { 2, 5, 12, 14, 15, 16, 17, 19 }, number => Assert.Equal(1, errata[number]));
        Assert.True(errata[6] > 0 && errata[9] > 0 && errata[10] > 0 && errata[18] > 0);
    }

    [Fact]
    public void AnUnknownRevisionHasNoErrata() => Assert.Throws<ArgumentOutOfRangeException>(() => ErrataOptions.For(0x03));
}
