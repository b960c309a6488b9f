// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Driver;
using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>
/// The driver with its way around an erratum taken away, on the bus between it and the chip: each of these must fail, otherwise the tests of the errata prove nothing.
/// </summary>
public class ErrataMutationTests
{
    [Fact]
    public void E01WithTheRevisionHiddenMacWritesAreLost()
    {
        using var bench = new DriverBench(new ChipOptions { Revision = ChipOptions.RevisionB1 }, clockHz: 6_000_000);
        bench.Tap.RegisterAnswer = (register, value) => register == Reg.EREVID ? ChipOptions.RevisionB7 : value;
        Assert.False(bench.TryStart());
        Assert.Equal(Enc28j60Fault.RegisterReadBack, bench.Driver.Fault);
    }

    [Fact]
    public void E02WithoutTheWaitTheMacTakesNothing()
    {
        using var bench = new DriverBench();
        bench.Clock.Advance(1_000_000);

        // The driver's own order leaves far more than 1 ms between reset and MAC, its test of the memory alone 13 ms; so this is what it does not do.
        Raw(bench, 0xFF);
        Raw(bench, 0x9F, 0x02);
        Raw(bench, 0x40, 0x0D);
        Assert.NotEqual(0, bench.Chip.Violations.CountOf(ViolationRule.NotReady));
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.MACON1));
        bench.Clock.Advance(1_000_000);
        Raw(bench, 0x40, 0x0D);
        Assert.Equal(0x0D, bench.Chip.PeekRegister(Reg.MACON1));
    }

    [Fact]
    public void E05ABufferThatDoesNotBeginAtZeroIsFound()
    {
        using DriverBench bench = Mutant((_, register, data) => register == Reg.ERXSTL ? (byte)(data | 2) : data);
        AssertNotWell(bench, ViolationRule.BufferStart);
    }

    [Fact]
    public void E06WhoBelievesPktifReceivesNothing()
    {
        var options = new ChipOptions();
        options.Errata[6] = 1;
        using DriverBench bench = DriverBench.Running(options);

        // EPKTCNT and the write pointer are read as PKTIF would be
        bench.Tap.RegisterAnswer = (register, value) => register is Reg.EPKTCNT or Reg.ERXWRPTL or Reg.ERXWRPTH ? (byte)0 : value;
        bench.Deliver(DriverBench.MakeFrame(60, 1));
        bench.Run(1000);
        Assert.Empty(bench.ReceiveAll());
    }

    [Fact]
    public void E09WithoutHdldisOwnFramesComeBack()
    {
        bool isPhcon2 = false;
        using DriverBench bench = Mutant((_, register, data) =>
        {
            isPhcon2 = register == Reg.MIREGADR ? data == 0x10 : isPhcon2;
            return register == Reg.MIWRH && isPhcon2 ? (byte)0 : data;
        });
        AssertNotWell(bench, ViolationRule.Loopback);
    }

    [Fact]
    public void E12WithoutTxrstNothingLeavesAfterAnAbort()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Tap.Rewrite = (opcode, register, data) => opcode == SpiWindow.Set && register == Reg.ECON1 && (data & Econ1.TXRST) != 0 ? null : data;
        bench.Chip.ScriptCollision(10, 16);
        bench.TrySendAndFinish(DriverBench.MakeFrame(100, 1, DriverBench.Peer));
        int before = bench.Sent.Count;
        if (bench.Send(DriverBench.MakeFrame(100, 2, DriverBench.Peer)))
        {
            bench.Run(400);
        }

        Assert.Equal(before, bench.Sent.Count);
    }

    [Fact]
    public void E12WithoutClearingTxerifAfterTheResetAGoodFrameCountsAsBad()
    {
        using DriverBench bench = DriverBench.Running();
        bool hold = false;
        bench.Tap.Rewrite = (opcode, register, data) =>
        {
            hold |= opcode == SpiWindow.Clear && register == Reg.ECON1 && (data & Econ1.TXRST) != 0;
            return hold && opcode == SpiWindow.Clear && register == Reg.EIR ? (byte)(data & ~Eir.TXERIF) is var left && left == 0 ? null : left : data;
        };
        bench.Chip.ScriptCollision(10, 16);
        bench.TrySendAndFinish(DriverBench.MakeFrame(100, 1, DriverBench.Peer));
        bench.TrySendAndFinish(DriverBench.MakeFrame(100, 2, DriverBench.Peer));
        Assert.NotEqual(1u, bench.Driver.Counters.FramesSent);
    }

    [Fact]
    public void E13WhoWaitsForTxifOnlyLosesTheFrame()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Tap.RegisterAnswer = (register, value) => register == Reg.EIR ? (byte)(value & ~Eir.TXERIF) : value;
        bench.Chip.ScriptFalseCollision(500);
        bench.TrySendAndFinish(DriverBench.MakeFrame(1000, 1, DriverBench.Peer), 3000);
        Assert.Empty(bench.Sent);
    }

    [Fact]
    public void E14AnEvenReadPointerIsFoundAndCorruptsPackets()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Tap.Rewrite = (_, register, data) => register == Reg.ERXRDPTL ? (byte)(data + 1) : data;
        for (int i = 0; i < 40; i++)
        {
            bench.Deliver(DriverBench.MakeFrame(500, i));
            bench.ReceiveAll();
            bench.Turn();
        }

        Assert.NotEqual(0, bench.Chip.Violations.CountOf(ViolationRule.ReadPointerWrite));
        Assert.NotEqual(0u, bench.Driver.Counters.BadHeaders);
    }

    [Fact]
    public void E15WhoBelievesLatecolLosesTheFrame()
    {
        using DriverBench bench = DriverBench.Running();

        // bit 29 of the status vector is read as LATECOL is: never set
        bench.Tap.Memory = (address, value) => address >= 0x1A00 ? (byte)(value & ~0x20) : value;
        bench.Chip.ScriptCollision(500);
        bench.TrySendAndFinish(DriverBench.MakeFrame(1000, 1, DriverBench.Peer), 3000);
        Assert.Empty(bench.Sent);
    }

    [Fact]
    public void E16WithoutWritingPhcon1TheDuplexModeIsTheLeds()
    {
        bool isPhcon1 = false;
        using DriverBench bench = Mutant(
            (_, register, data) =>
            {
                isPhcon1 = register == Reg.MIREGADR ? data == 0 : isPhcon1;
                return register is Reg.MIWRL or Reg.MIWRH && isPhcon1 ? null : data;
            },
            new ChipOptions { Strap = DuplexStrap.Full });
        AssertNotWell(bench, ViolationRule.Duplex);
    }

    [Fact]
    public void E19WithoutWakingTheResetIsIgnored()
    {
        using var bench = new DriverBench();
        bench.Clock.Advance(1_000_000);
        Raw(bench, 0x9E, Econ2.PWRSV);
        bench.Tap.Rewrite = (opcode, register, data) => opcode == SpiWindow.Clear && register == Reg.ECON2 ? null : data;
        Assert.False(bench.TryStart());
        Assert.NotEqual(0, bench.Chip.Violations.CountOf(ViolationRule.ResetInPowerSave));
    }

    private static void Raw(DriverBench bench, params ReadOnlySpan<byte> bytes)
    {
        bench.Chip.Select();
        foreach (byte value in bytes)
        {
            bench.Chip.Exchange(value);
        }

        bench.Chip.Deselect();
    }

    private static DriverBench Mutant(Func<int, int, byte, byte?> rewrite, ChipOptions? options = null)
    {
        var bench = new DriverBench(options);
        bench.Tap.Rewrite = rewrite;
        if (bench.TryStart())
        {
            bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
            bench.Deliver(DriverBench.MakeFrame(100, 1));
            bench.Receive();
            if (bench.Driver.CanSend)
            {
                bench.TrySendAndFinish(DriverBench.MakeFrame(100, 2, DriverBench.Peer));
            }
        }

        return bench;
    }

    /// <summary>Either the driver itself found out and refused to start, or the model complains.</summary>
    private static void AssertNotWell(DriverBench bench, ViolationRule rule) =>
        Assert.True(bench.Driver.State != Enc28j60State.Running || bench.Chip.Violations.CountOf(rule) > 0);
}
