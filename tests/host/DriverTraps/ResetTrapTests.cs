// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Driver;
using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>T13 to T16 and T53: reset, power, a chip that goes and comes.</summary>
public class ResetTrapTests
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(50_000)]
    [InlineData(333_000)]
    [InlineData(999_999)]
    [InlineData(1_000_000)]
    [InlineData(7_000_000)]
    public void T13NothingIsTouchedBeforeItsTime(long stepNs)
    {
        using var bench = new DriverBench();
        Assert.True(bench.Driver.Probe());
        bench.AttachPool([64, 1518], [8, 6]);
        bench.Driver.Start();

        // polled far too often, in step with the milliseconds, and too seldom
        for (int i = 0; i < 200_000 && bench.Driver.State == Enc28j60State.Starting; i++)
        {
            bench.Tap.BeginCall();
            bench.Driver.Poll(bench.Now);
            bench.Clock.Advance(stepNs);
        }

        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void T14ASleepingChipIsWokenFirst(bool resetsPhy)
    {
        using var bench = new DriverBench(new ChipOptions { SystemResetResetsPhy = resetsPhy });
        bench.Clock.Advance(1_000_000);
        bench.Chip.Select();
        bench.Chip.Exchange(0x9E);
        bench.Chip.Exchange(Econ2.PWRSV);
        bench.Chip.Deselect();
        Assert.True(bench.TryStart(), bench.Driver.Fault.ToString());
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exercise();
        bench.AssertClean();
    }

    [Fact]
    public void T15PowerSaveIsNeverEntered()
    {
        using DriverBench bench = DriverBench.Noted();
        bench.Exercise();
        bench.Run(20_000);
        Assert.DoesNotContain(bench.Tap.Instructions, w => w.Opcode == SpiWindow.Set && w.Register == Reg.ECON2 && (w.Data & Econ2.PWRSV) != 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void T16WhatMemoryHoldsAfterPowerOnDoesNotMatter(int seed)
    {
        using DriverBench bench = DriverBench.Running(new ChipOptions { Seed = seed });
        Assert.Null(bench.Receive());
        bench.Exercise();
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0x00, 3)]
    [InlineData(0xFF, 3)]
    [InlineData(0x00, 3000)]
    [InlineData(0xFF, 3000)]
    public void T53ADeadBusHoldsNobodyAndItsEndIsNoticed(byte level, int milliseconds)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Send(DriverBench.MakeFrame(100, 1, DriverBench.Peer));
        bench.Chip.Faults.MisoStuck = level;
        Struggle(bench, milliseconds);
        bench.Chip.Faults.MisoStuck = null;
        AssertComesBack(bench);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(5000)]
    public void T53AChipThatLostItsSettingsIsStartedAnew(int milliseconds)
    {
        using DriverBench bench = DriverBench.Running();
        if (milliseconds == 0)
        {
            bench.Chip.SpontaneousReset();
        }
        else
        {
            bench.Chip.Powered = false;
            Struggle(bench, milliseconds);
            bench.Chip.Powered = true;
        }

        AssertComesBack(bench);
    }

    /// <summary>All calls go on, and each of them ends: the tap throws if one does not.</summary>
    private static void Struggle(DriverBench bench, int milliseconds)
    {
        long end = bench.Clock.NowNs + (milliseconds * 1_000_000L);
        while (bench.Clock.NowNs < end)
        {
            bench.Turn();
            bench.Receive();
            bench.Tap.BeginCall();
            if (bench.Driver.CanSend)
            {
                bench.Send(DriverBench.MakeFrame(60, 2, DriverBench.Peer));
            }
        }
    }

    private static void AssertComesBack(DriverBench bench)
    {
        byte[] frame = DriverBench.MakeFrame(200, 3);
        bool received = bench.TryRunUntil(
            () =>
            {
                if (!bench.Chip.IsReceiving && bench.Chip.PeekRegister(Reg.EPKTCNT) == 0)
                {
                    bench.Chip.Deliver(frame);
                }

                return bench.Receive() is { } got && got.SequenceEqual(frame);
            },
            15_000);
        Assert.True(received, $"nothing received 15 s after the end: {bench.Driver.State}, {bench.Driver.Fault}");
        bench.RunUntil(() => bench.Driver.CanSend, 5000);
        bench.ReceiveAll();
        bench.SendWhole(DriverBench.MakeFrame(300, 4, DriverBench.Peer));
        bench.AssertNothingLost();
    }
}
