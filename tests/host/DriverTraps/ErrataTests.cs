// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Driver;
using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>
/// The errata that software can meet (DS80349C, by its numbers), on each silicon revision: each by itself, where the test fails when the driver's answer is taken
/// out, each alone at its worst, all of a revision together, and all at once. ERRATA.md beside the chip's model names them.
/// </summary>
public class ErrataTests
{
    private const uint Frames = 61;

    public static TheoryData<byte> Revisions =>
        [ChipOptions.RevisionB1, ChipOptions.RevisionB4, ChipOptions.RevisionB5, ChipOptions.RevisionB7];

    public static TheoryData<int, byte> EachAlone
    {
        get
        {
            var data = new TheoryData<int, byte>();
            foreach (int number in new[] { 1, 2, 5, 6, 9, 10, 12, 14, 15, 16, 17, 18, 19 })
            {
                data.Add(number, ChipOptions.RevisionB7);
                data.Add(number, ChipOptions.RevisionB4);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EachAlone))]
    public void WorksWithTheErratumAlone(int number, byte revision)
    {
        var errata = ErrataOptions.None();
        errata[number] = 1;
        Work(new ChipOptions { Errata = errata, Revision = revision });
    }

    [Theory]
    [MemberData(nameof(EachAlone))]
    public void WorksWithoutTheErratum(int number, byte revision)
    {
        var errata = new ErrataOptions();
        errata[number] = 0;
        Work(new ChipOptions { Errata = errata, Revision = revision });
    }

    [Theory]
    [InlineData(ChipOptions.RevisionB1)]
    [InlineData(ChipOptions.RevisionB4)]
    [InlineData(ChipOptions.RevisionB5)]
    [InlineData(ChipOptions.RevisionB7)]
    public void WorksWithAllErrataOfARevision(byte revision) =>
        Work(new ChipOptions { Errata = ErrataOptions.For(revision), Revision = revision, Strap = DuplexStrap.Random });

    [Theory]
    [InlineData(ChipOptions.RevisionB1, 7_999_999, Enc28j60Fault.ClockTooSlow)]
    [InlineData(ChipOptions.RevisionB4, 7_999_999, Enc28j60Fault.ClockTooSlow)]
    [InlineData(ChipOptions.RevisionB1, 8_000_000, Enc28j60Fault.None)]
    [InlineData(ChipOptions.RevisionB4, 8_000_000, Enc28j60Fault.None)]
    [InlineData(ChipOptions.RevisionB5, 1_000_000, Enc28j60Fault.None)]
    [InlineData(ChipOptions.RevisionB7, 1_000_000, Enc28j60Fault.None)]
    public void E01SlowClocksAreRefusedOnEarlySilicon(byte revision, int clockHz, Enc28j60Fault fault)
    {
        using var bench = new DriverBench(new ChipOptions { Revision = revision }, clockHz: clockHz);
        bench.Start();
        Assert.Equal(fault, bench.Driver.Fault);
        bench.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public void E02AMillisecondPassesAfterTheReset(byte revision)
    {
        using var bench = new DriverBench(new ChipOptions { Revision = revision });
        bench.Clock.Advance(1_700_000);
        bench.Driver.StartChip();
        long resetAt = bench.Clock.NowNs;
        uint transfers = bench.Transfers;
        while (bench.Driver.State == Enc28j60State.Starting)
        {
            if (bench.Transfers == transfers)
            {
                // nothing is asked of the chip before, the clock flag least of all
                Assert.InRange(bench.Clock.NowNs - resetAt, 0, 5_000_000);
                bench.Driver.Poll(bench.Now);
                bench.Clock.Advance(5_000);
                Assert.True(bench.Transfers == transfers || bench.Clock.NowNs - resetAt > 1_000_000);
                continue;
            }

            bench.Driver.Poll(bench.Now);
            bench.Clock.Advance(5_000);
        }

        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        bench.AssertClean();
    }

    [Fact]
    public void E04TheClockOutputIsOffUnlessAskedFor()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECOCON));
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public void E05TheReceiveBufferBeginsAtZero(byte revision)
    {
        using DriverBench bench = Running(revision, 5);
        Assert.Equal(0, bench.Chip.PeekPair(Reg.ERXSTL));
        Traffic(bench);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public void E06PacketsAreFoundThoughTheFlagIsNeverSet(byte revision)
    {
        using DriverBench bench = Running(revision, 6);
        Traffic(bench);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public void E09OwnFramesDoNotComeBack(byte revision)
    {
        using DriverBench bench = Running(revision, 9);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]));
        Assert.Null(bench.Receive());
        Assert.Equal(0x0100, bench.Chip.PeekPhy(0x10) & 0x0100);
        bench.AssertClean();
    }

    [Fact]
    public void E11TheBrokenLedCodeIsRefused()
    {
        Assert.Throws<ArgumentException>(() => new DriverBench(driverOptions: new Enc28j60Options { LedA = (Enc28j60Led)14 }));
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public void E12TheTransmitterIsResetAfterAnAbort(byte revision)
    {
        using DriverBench bench = Running(revision, 12);
        for (int i = 0; i < 10; i++)
        {
            bench.Chip.ScriptCollision(20, 16);
            bench.SendAndFinish(DriverBench.MakeFrame(200, i));
            Assert.Equal((uint)i + 1, bench.Driver.Counters.TransmitAborts);
            bench.SendAndFinish(DriverBench.MakeFrame(300, i));
            Assert.Equal(i + 1, bench.Sent.Count);
        }

        Assert.Equal(10u, bench.Driver.Counters.FramesSent);
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(ChipOptions.RevisionB5, 0.05)]
    [InlineData(ChipOptions.RevisionB5, 0.3)]
    [InlineData(ChipOptions.RevisionB7, 0.05)]
    [InlineData(ChipOptions.RevisionB7, 0.3)]
    public void E13ALinkPulseTakenForACollisionCostsNoFrame(byte revision, double probability)
    {
        using DriverBench bench = Running(revision, 0);
        bench.Chip.Options.Errata[13] = probability;
        bench.Exercise();
        for (int i = 0; i < 200; i++)
        {
            bench.SendAndFinish(DriverBench.MakeFrame(60 + (i * 7), i));
        }

        Assert.Equal(Frames + 200, bench.Driver.Counters.FramesSent);
        Assert.InRange(bench.Driver.Counters.TransmitRetries, 1u, 400u);
        Assert.Equal(0u, bench.Driver.Counters.TransmitAborts);
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);

        // and not for ever
        bench.Chip.Options.Errata[13] = 0;
        bench.Chip.ScriptFalseCollision(100, 100);
        bench.SendAndFinish(DriverBench.MakeFrame(500, 1));
        Assert.Equal(1u, bench.Driver.Counters.TransmitAborts);
        bench.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public void E14TheReadPointerIsOddWhereverThePacketsEnd(byte revision)
    {
        // the model corrupts packets when it is not; MemoryMapTests look at every address
        using DriverBench bench = Running(revision, 14);
        for (int i = 0; i < 400; i++)
        {
            bench.Exchange(DriverBench.MakeFrame(60 + (i % 300), i));
            Assert.Equal(1, bench.Chip.PeekPair(Reg.ERXRDPTL) & 1);
        }

        Assert.Equal(0u, bench.Driver.Counters.BadHeaders);
        bench.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public void E15ALateCollisionIsSeenThoughItsFlagIsNot(byte revision)
    {
        using DriverBench bench = Running(revision, 15);
        bench.Chip.ScriptCollision(300, 2);
        bench.SendAndFinish(DriverBench.MakeFrame(500, 1));
        Assert.Single(bench.Sent);
        Assert.Equal(2u, bench.Driver.Counters.LateCollisions);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(DuplexStrap.Full)]
    [InlineData(DuplexStrap.Half)]
    [InlineData(DuplexStrap.Random)]
    public void E16TheDuplexModeIsNotLeftToTheLeds(DuplexStrap strap)
    {
        foreach (bool full in new[] { false, true })
        {
            using DriverBench bench = DriverBench.Running(new ChipOptions { Strap = strap }, driverOptions: new Enc28j60Options { FullDuplex = full });
            Assert.Equal(full ? 0x0100 : 0, bench.Chip.PeekPhy(0x00));
            bench.SendAndFinish(DriverBench.MakeFrame(60, 1));
            bench.AssertClean();
        }
    }

    [Fact]
    public void E17NoChecksumIsMadeWhileReceiving()
    {
        // the self-test alone uses the DMA; packets that come in meanwhile find the receiver off, and none is aborted
        using var bench = new DriverBench();
        var test = new SelfTest(bench.Driver);
        for (int i = 0; i < 100_000 && !test.Poll(bench.Now); i++)
        {
            if (bench.Chip.PendingArrivals == 0)
            {
                bench.Chip.Deliver(DriverBench.MakeFrame(60, i));
            }

            bench.Clock.Advance(20_000);
        }

        Assert.Equal(SelfTestItems.None, test.Failed);
        Assert.Equal(0, bench.Chip.Violations.Count);
        Assert.Equal(0, bench.Chip.Violations.WarningCount);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public void E18WhatThePatternFilterLetsInByMistakeIsDropped(byte revision)
    {
        using DriverBench bench = Running(revision, 18);
        bench.Driver.SetPattern(12, [0x88, 0xB5], [0x03, 0, 0, 0, 0, 0, 0, 0]);
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Unicast | Enc28j60Filters.Pattern));
        bench.Run(10);
        bench.Chip.Deliver(DriverBench.MakeFrame(100, 1, [0x02, 1, 2, 3, 4, 5]));
        bench.Exchange(DriverBench.MakeFrame(100, 2));
        Assert.Equal(1u, bench.Driver.Counters.FilteredPackets);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void E19AChipAsleepIsWokenBeforeItIsReset(bool isStart)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Driver.Sleep();
        bench.RunUntil(() => (bench.Chip.PeekRegister(Reg.ECON2) & 0x20) != 0, 50);
        if (isStart)
        {
            bench.Driver.Start();
        }
        else
        {
            bench.Driver.Restart();
        }

        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        Assert.Equal(Enc28j60Fault.None, bench.Driver.Fault);
        Assert.Equal(0u, bench.Driver.Counters.Recoveries(Enc28j60Recovery.StartFailed));
        bench.AssertClean();
    }

    [Theory]
    [InlineData(10, 16)]
    [InlineData(600, 1)]
    public void E12AndE15AnAbortIsCleanedUp(int atByte, int times)
    {
        var errata = ErrataOptions.None();
        errata[12] = 1;
        errata[15] = 1;
        using DriverBench bench = DriverBench.Running(new ChipOptions { Errata = errata });
        for (int i = 0; i < 10; i++)
        {
            bench.Chip.ScriptCollision(atByte, times);
            bench.SendAndFinish(DriverBench.MakeFrame(1000, i, DriverBench.Peer));
            bench.SendWhole(DriverBench.MakeFrame(1000, 100 + i, DriverBench.Peer));
        }

        // late ones are worth another try, too many early ones are not
        Assert.Equal(atByte > 64 ? 20 : 10, bench.Sent.Count);
        bench.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public void AllOfThemTogether(byte revision)
    {
        using DriverBench bench = Running(revision, 0);
        for (int number = 1; number < 20; number++)
        {
            bench.Chip.Options.Errata[number] = number == 13 ? 0.1 : number == 18 ? 0.5 : 1;
        }

        bench.Driver.JoinMulticast([1, 0, 0x5E, 0, 0, 0xFB]);
        Traffic(bench);
    }

    private static DriverBench Running(byte revision, int erratum)
    {
        var options = new ChipOptions { Revision = revision };
        if (erratum != 0)
        {
            options.Errata = ErrataOptions.None();
            options.Errata[erratum] = 1;
        }

        return DriverBench.Running(options);
    }

    private static void Traffic(DriverBench bench)
    {
        for (int i = 0; i < 150; i++)
        {
            bench.Exchange(DriverBench.MakeFrame(60 + (i * 9), i));
            bench.SendAndFinish(DriverBench.MakeFrame(60 + (i * 5), i));
            bench.Turn();
        }

        Assert.Equal(150, bench.Sent.Count);
        Assert.Equal(150u, bench.Driver.Counters.FramesReceived);
        bench.AssertClean();
    }

    private static DriverBench Work(ChipOptions options)
    {
        using DriverBench bench = DriverBench.Running(options);
        bench.Exercise();
        Assert.Equal(Frames, bench.Driver.Counters.FramesSent);
        bench.AssertClean();
        return bench;
    }
}
