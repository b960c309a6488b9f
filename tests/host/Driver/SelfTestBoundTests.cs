// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>What the self-test does to the chip, how long it waits for it, and what it calls bad.</summary>
public class SelfTestBoundTests
{
    private const SelfTestItems Sound = SelfTestItems.BuiltIn - 1;

    // as the first byte of a transfer: a read of the register in whatever bank
    private const byte ReadEbstcon = 0x07;
    private const byte ReadEpktcnt = 0x19;
    private const byte ReadEcon1 = 0x1F;
    private const byte ReadMistat = 0x0A;

    [Theory]
    [InlineData(Enc28j60Fault.ResetIgnored, SelfTestItems.Reset)]
    [InlineData(Enc28j60Fault.UnstableReads, SelfTestItems.Revision)]
    [InlineData(Enc28j60Fault.RevisionUnknown, SelfTestItems.Revision)]
    [InlineData(Enc28j60Fault.ClockTooSlow, SelfTestItems.Revision)]
    [InlineData(Enc28j60Fault.RegisterReadBack, SelfTestItems.Registers)]
    [InlineData(Enc28j60Fault.PhyNotResponding, SelfTestItems.Phy)]
    public void WhatAStartFindsIsBadAndWhatComesBeforeItIsGood(Enc28j60Fault fault, SelfTestItems failed)
    {
        var options = new ChipOptions
        {
            Revision = fault == Enc28j60Fault.RevisionUnknown ? (byte)3 : ChipOptions.RevisionB4,
            ChipSelectHoldNs = fault == Enc28j60Fault.RegisterReadBack ? 100 : 500,
        };
        using var bench = new DriverBench(options, clockHz: fault == Enc28j60Fault.ClockTooSlow ? 7_000_000 : 20_000_000);
        int reads = 0;
        bench.Tap.Pass = first => fault != Enc28j60Fault.ResetIgnored || first != 0xFF;
        bench.Tap.Answer = (first, index, answer) => (fault, first, index) switch
        {
            (Enc28j60Fault.UnstableReads, 0x12, 1) => (byte)(answer + (reads++ & 1)),

            (Enc28j60Fault.PhyNotResponding, ReadMistat, 2) when IsBankThree(bench) => 1,
            _ => answer,
        };
        SelfTest test = Run(bench, false);
        Assert.Equal(fault, test.Fault);
        Assert.Equal(failed, test.Failed);
        Assert.Equal(failed - 1, test.Passed);
        Assert.Equal(Enc28j60.Describe(fault), test.Describe());
        Assert.Equal(Enc28j60State.Stopped, bench.Driver.State);
    }

    [Fact]
    public void NothingIsSaidBeforeItIsOver()
    {
        using var bench = new DriverBench();
        var test = new SelfTest(bench.Driver);
        do
        {
            Assert.Equal("The test is not over.", test.Describe());
            Assert.NotEqual(Enc28j60State.Stopped, test.Poll(bench.Now) ? Enc28j60State.Running : bench.Driver.State);
            bench.Clock.Advance(1_000_000);
        }
        while (test.Failed == SelfTestItems.None && test.Passed != (Sound | SelfTestItems.BuiltIn) && bench.Now < 1000);

        // and afterwards nothing more happens
        Assert.Equal("All tests passed.", test.Describe());
        uint transfers = bench.Transfers;
        Assert.True(test.Poll(bench.Now));
        Assert.Equal(transfers, bench.Transfers);
    }

    [Fact]
    public void ADriverWhoseStartFailedCanBeTested()
    {
        using var bench = new DriverBench();
        bench.Chip.Powered = false;
        bench.Start();
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        bench.Chip.Powered = true;
        Assert.Equal(SelfTestItems.None, Run(bench, false).Failed);
    }

    [Fact]
    public void TheChipsOwnTestWaitsUntilALastPacketIsIn()
    {
        // the longest packet takes 1.23 ms: two whole milliseconds after reception ends, where a count of milliseconds may begin late
        using var bench = new DriverBench();
        var test = new SelfTest(bench.Driver);
        bench.Tap.Log = [];
        RunUntil(bench, test, () => bench.Driver.State == Enc28j60State.Running);
        int quiet = bench.Now;
        RunUntil(bench, test, () => bench.Tap.Log.Exists(w => w[0] == 0x47 && w[1] == 0x07));
        Assert.Equal(4, bench.Now - quiet);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
    }

    [Fact]
    public void TheChipsOwnTestIsMadeAsTheDataSheetSaysAndLeavesNothingBehind()
    {
        // DS39662E 15.1: test mode first, then the start; the sum is that of all the memory
        using var bench = new DriverBench();
        var test = new SelfTest(bench.Driver);
        RunUntil(bench, test, () => bench.Driver.State == Enc28j60State.Running);
        bench.Chip.PokeRegister(Reg.EDMASTL, 0x10);
        bench.Chip.PokeRegister(Reg.EDMASTH, 0x10);
        bench.Chip.PokeRegister(Reg.EDMANDL, 0x10);
        bench.Chip.PokeRegister(Reg.EDMANDH, 0x10);
        bench.Tap.Log = [];
        RunUntil(bench, test, () => test.Passed == (Sound | SelfTestItems.BuiltIn));
        string[] log = [.. bench.Tap.Log.Select(w => Convert.ToHexString(w.AsSpan(0, 2)))];
        int[] order =
        [
            Array.IndexOf(log, "4706"), Array.IndexOf(log, "4707"), Array.IndexOf(log, "4700"), Array.IndexOf(log, "9F10"), Array.IndexOf(log, "9F20"),
            Array.IndexOf(log, "BF10"), Array.IndexOf(log, "BC20"),
        ];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0xFC);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EIR) & 0x20);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EBSTCON));
    }

    [Theory]
    [InlineData(ReadEbstcon, 0x01)]
    [InlineData(ReadEcon1, 0x20)]
    public void TheChipsOwnTestIsWaitedForTwentyMilliseconds(byte register, byte busy)
    {
        // EBSTCON.BISTST, ECON1.DMAST
        using var bench = new DriverBench();
        var test = new SelfTest(bench.Driver);
        RunUntil(bench, test, () => bench.Driver.State == Enc28j60State.Running);
        int began = 0;
        bench.Tap.Answer = (first, index, answer) =>
        {
            if (first != register || index != 1)
            {
                return answer;
            }

            began = began == 0 ? bench.Now : began;
            return (byte)(answer | busy);
        };
        RunUntil(bench, test, () => test.Failed != SelfTestItems.None);
        Assert.Equal(20 + 1, bench.Now - began);
        Assert.Equal(SelfTestItems.BuiltIn, test.Failed);
        Assert.Equal(Sound, test.Passed);
        Assert.Contains("memory test", test.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x16 }, 0x01)]
    [InlineData(new byte[] { 0x17 }, 0x80)]
    [InlineData(new byte[] { 0x08 }, 0x80)]
    [InlineData(new byte[] { 0x09 }, 0x01)]
    [InlineData(new byte[] { 0x16, 0x08 }, 0x01)]
    [InlineData(new byte[] { 0x17, 0x09 }, 0x80)]
    public void TheSumOfTheMemoryIsTheChipsAndThatOfMemoryFilledWithItsAddresses(byte[] registers, byte flipped)
    {
        // EDMACS, EBSTCS, and both wrong in the same way
        using var bench = new DriverBench();
        var test = new SelfTest(bench.Driver);
        RunUntil(bench, test, () => bench.Driver.State == Enc28j60State.Running);
        bench.Tap.Answer = (first, index, answer) => index == 1 && registers.Contains(first) ? (byte)(answer ^ flipped) : answer;
        RunUntil(bench, test, () => test.Failed != SelfTestItems.None);
        Assert.Equal(SelfTestItems.BuiltIn, test.Failed);
        Assert.Equal(Sound, test.Passed);
    }

    [Fact]
    public void AMissingLinkIsWaitedForThreeSeconds()
    {
        using var bench = new DriverBench();
        bench.Chip.LinkUp = false;
        var test = new SelfTest(bench.Driver, true);
        RunUntil(bench, test, () => bench.Driver.State == Enc28j60State.Running);
        int began = bench.Now;
        RunUntil(bench, test, () => test.Failed != SelfTestItems.None);
        Assert.Equal(3000 + 1, bench.Now - began);
        Assert.Equal(SelfTestItems.Loopback, test.Failed);
        Assert.Equal(Sound, test.Passed);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
    }

    [Fact]
    public void AFrameIsWaitedForTwentyMilliseconds()
    {
        using var bench = new DriverBench();
        var test = new SelfTest(bench.Driver, true);
        RunUntil(bench, test, () => bench.Sent.Count > 0);
        int began = bench.Now;
        RunUntil(bench, test, () => test.Failed != SelfTestItems.None);
        Assert.InRange(bench.Now - began, 20, 21);
        Assert.Equal(SelfTestItems.Loopback, test.Failed);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
    }

    [Fact]
    public void APhyThatCannotBeSetToFullDuplexIsNamed()
    {
        using var bench = new DriverBench();
        var test = new SelfTest(bench.Driver, true);

        // MISTAT.BUSY
        bench.Tap.Answer = (first, index, answer) => first == ReadMistat && index == 2 && IsFullDuplex(bench) ? (byte)1 : answer;
        RunUntil(bench, test, () => test.Failed != SelfTestItems.None);
        Assert.Equal(SelfTestItems.Phy, test.Failed);
        Assert.Empty(bench.Sent);
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void TheFrameGoesToTheStationItselfInFullDuplex(SpiWordOrder order)
    {
        using var bench = new DriverBench(order: order);
        bool fullDuplex = false;
        bench.OnSent = frame =>
        {
            fullDuplex = IsFullDuplex(bench) && bench.Chip.PeekPhy(0x00) == 0x0100 && bench.Chip.PeekRegister(Reg.MABBIPG) == 0x15;
            bench.Chip.DeliverRaw(frame);
        };
        Assert.Equal(SelfTestItems.None, Run(bench, true).Failed);
        Assert.True(fullDuplex);
        byte[] frame = Assert.Single(bench.Sent);
        Assert.Equal(60, frame.Length);
        Assert.Equal(DriverBench.Station, frame[..6]);
        Assert.Equal(DriverBench.Station, frame[6..12]);

        // IEEE 802: for local experiments
        Assert.Equal([0x88, 0xB5], frame[12..14]);
        Assert.Equal(46, frame[14..].Distinct().Count());
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void EachByteOfTheFrameIsLookedAt(SpiWordOrder order)
    {
        foreach (int at in (int[])[6, 7, 12, 13, 14, 31, 58, 59])
        {
            using var bench = new DriverBench(order: order);
            bench.OnSent = frame =>
            {
                frame[at] ^= 0x80;
                bench.Chip.Deliver(frame.AsSpan(0, frame.Length - 4));
            };
            SelfTest test = Run(bench, true);
            Assert.Equal(SelfTestItems.Loopback, test.Failed);
            Assert.Equal(Sound, test.Passed);
            Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
        }
    }

    [Fact]
    public void PacketsThatCameBeforeTheFrameAreNotTakenForIt()
    {
        using var bench = new DriverBench();
        bool came = false;
        bench.OnSent = frame => bench.Chip.DeliverRaw(frame);
        var test = new SelfTest(bench.Driver, true);
        for (int i = 0; i < 4000 && !test.Poll(bench.Now); i++)
        {
            if (!came && bench.Chip.HasLink && bench.Driver.State == Enc28j60State.Running)
            {
                came = true;
                bench.Deliver(60);
            }

            bench.Clock.Advance(1_000_000);
        }

        Assert.True(came);
        Assert.Equal("All tests passed.", test.Describe());
    }

    [Fact]
    public void AFrameThatIsStillOnTheWireIsWaitedFor()
    {
        // packets that came before it have been counted down
        using var bench = new DriverBench();
        bench.OnSent = frame => bench.Chip.DeliverRaw(frame);
        var test = new SelfTest(bench.Driver, true);
        RunUntil(bench, test, () => bench.Chip.HasLink && bench.Driver.State == Enc28j60State.Running);
        bench.Deliver(3);
        for (int i = 0; !bench.Chip.IsTransmitting; i++)
        {
            Assert.InRange(i, 0, 1000);
            bench.Clock.Advance(1_000_000);
            Assert.False(test.Poll(bench.Now));
        }

        Assert.False(test.Poll(bench.Now));
        Assert.True(bench.Chip.IsTransmitting);
        RunUntil(bench, test, () => test.Passed == (Sound | SelfTestItems.BuiltIn | SelfTestItems.Loopback));
    }

    [Fact]
    public void TheFrameIsLookedForOnlyWhenOneHasComeIn()
    {
        // the memory still holds it from the time before
        using var bench = new DriverBench();
        bench.OnSent = frame => bench.Chip.DeliverRaw(frame);
        Assert.Equal(SelfTestItems.None, Run(bench, true).Failed);
        bench.OnSent = null;
        int polls = 0;
        bench.Tap.Answer = (first, index, answer) =>
        {
            polls += first == ReadEpktcnt && index == 1 && bench.Sent.Count == 2 ? 1 : 0;
            return answer;
        };
        Assert.Equal(SelfTestItems.Loopback, Run(bench, true).Failed);
        Assert.Equal(21, polls);
    }

    private static bool IsBankThree(DriverBench bench) => (bench.Chip.PeekRegister(Reg.ECON1) & 3) == 3;

    private static bool IsFullDuplex(DriverBench bench) => bench.Chip.PeekRegister(Reg.MACON3) == 0x33;

    private static SelfTest Run(DriverBench bench, bool plug)
    {
        var test = new SelfTest(bench.Driver, plug);
        for (int i = 0; i < 4000 && !test.Poll(bench.Now); i++)
        {
            bench.Clock.Advance(1_000_000);
        }

        return test;
    }

    private static void RunUntil(DriverBench bench, SelfTest test, Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 4000, "It never came true.");
            test.Poll(bench.Now);
            bench.Clock.Advance(1_000_000);
        }
    }
}
