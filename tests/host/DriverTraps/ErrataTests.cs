// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>The driver on a chip with errata (DS80349C): each alone at its worst, all of a revision together, and all at once.</summary>
public class ErrataTests
{
    private const uint Frames = 61;

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
    [InlineData(ChipOptions.RevisionB5, 0.05)]
    [InlineData(ChipOptions.RevisionB5, 0.3)]
    [InlineData(ChipOptions.RevisionB7, 0.05)]
    [InlineData(ChipOptions.RevisionB7, 0.3)]
    public void E13LinkPulsesCostNoFrame(byte revision, double probability)
    {
        var errata = ErrataOptions.For(revision);
        errata[13] = probability;
        using TrapBench bench = Work(new ChipOptions { Errata = errata, Revision = revision });
        Assert.True(bench.Chip.Counters.Collisions > 0);
        Assert.Equal(0u, bench.Driver.Counters.TransmitAborts);
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);
    }

    [Theory]
    [InlineData(ChipOptions.RevisionB1)]
    [InlineData(ChipOptions.RevisionB4)]
    public void E01EarlySiliconIsNotDrivenTooSlowly(byte revision)
    {
        using var bench = new TrapBench(new ChipOptions { Revision = revision }, 6_000_000);
        Assert.False(bench.TryStart());
        Assert.Equal(Enc28j60Fault.ClockTooSlow, bench.Driver.Fault);
    }

    [Fact]
    public void E02TheWaitAfterAResetIsMeasuredNotPolled()
    {
        using var bench = new TrapBench();
        Assert.True(bench.TryStart());
        Assert.Equal(0, bench.Chip.Violations.CountOf(ViolationRule.NotReady));
    }

    [Theory]
    [InlineData(10, 16)]
    [InlineData(600, 1)]
    public void E12AndE15AnAbortIsCleanedUp(int atByte, int times)
    {
        var errata = ErrataOptions.None();
        errata[12] = 1;
        errata[15] = 1;
        using TrapBench bench = TrapBench.Running(new ChipOptions { Errata = errata });
        for (int i = 0; i < 10; i++)
        {
            bench.Chip.ScriptCollision(atByte, times);
            Assert.True(bench.SendAndFinish(TrapBench.Frame(1000, i, TrapBench.Peer)));
            bench.SendWhole(TrapBench.Frame(1000, 100 + i, TrapBench.Peer));
        }

        // late ones are worth another try, too many early ones are not
        Assert.Equal(atByte > 64 ? 20 : 10, bench.Sent.Count);
        bench.AssertClean();
    }

    private static TrapBench Work(ChipOptions options)
    {
        using TrapBench bench = TrapBench.Running(options);
        bench.Exercise();
        Assert.Equal(Frames, bench.Driver.Counters.FramesSent);
        bench.AssertClean();
        return bench;
    }
}
