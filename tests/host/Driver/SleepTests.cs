// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>Into power save and out of it (DS39662E 14), with whatever is under way.</summary>
public class SleepTests
{
    [Fact]
    public void TheChipGoesToSleepInTwoPolls()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(10);
        bench.RunUntil(() => bench.Driver.IsPhyIdle, 10);
        Assert.True(bench.Driver.Sleep());
        Assert.Equal(0, bench.Driver.Poll(bench.Now));
        Assert.Equal(Enc28j60State.Sleeping, bench.Driver.State);
        Assert.False(bench.Driver.IsLinkUp);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON2) & 0x28);
        Assert.Equal(1000, bench.Driver.Poll(bench.Now));
        Assert.Equal(0x28, bench.Chip.PeekRegister(Reg.ECON2) & 0x28);

        // and nothing is asked of it there
        uint transfers = bench.Transfers;
        Assert.Equal(1000, bench.Driver.Poll(bench.Now + 5000));
        Assert.Equal(transfers, bench.Transfers);
    }

    [Fact]
    public void AFrameThatNeverLeavesHoldsTheSleepForItsTimeOnlyAndNoPhyRegisterIsReadMeanwhile()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(10);
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));
        int phyReads = 0;
        bench.Tap.Answer = (first, index, answer) =>
        {
            phyReads += first == 0x54 && index == 1 ? 1 : 0;
            return first == 0x1C && index == 1 ? (byte)(answer & ~0x0A) : answer;
        };
        Assert.True(bench.Driver.Sleep());
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Sleeping, 10);
        int before = phyReads;
        bench.Run(470);
        Assert.Equal(before, phyReads);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON2) & 0x20);
        bench.Run(40);
        Assert.Equal(1u, bench.Driver.Counters.TransmitTimeouts);
        Assert.Equal(0x20, bench.Chip.PeekRegister(Reg.ECON2) & 0x20);
    }

    [Fact]
    public void AChipThatIsLostJustThenIsStartedAgainInstead()
    {
        using DriverBench bench = DriverBench.Running();
        int now = Due(bench);
        bench.Chip.PokeRegister(Reg.MACON1, 0);
        Assert.True(bench.Driver.Sleep());
        Assert.Equal(0, bench.Driver.Poll(now));
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        bench.Driver.Poll(now);
        Assert.Equal(Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);

        // the sleep is forgotten with the rest
        Assert.False(bench.Driver.Wake());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void AfterASleepEverythingIsLookedAtAtOnce(int slept)
    {
        // however long it was
        using DriverBench bench = DriverBench.Running();
        bench.Run(100);
        bench.Driver.Sleep();
        bench.RunUntil(() => (bench.Chip.PeekRegister(Reg.ECON2) & 0x20) != 0, 50);
        int now = bench.Now;
        bench.Driver.Poll(unchecked(now + slept));
        now = unchecked(now + slept + (slept == 0 ? 0 : 5000));
        bench.Driver.Poll(now);
        bench.Chip.PokeRegister(Reg.MACON3, 0);
        bench.Driver.Wake();
        for (int i = 0; bench.Driver.State == Enc28j60State.Sleeping; i++)
        {
            Assert.InRange(i, 0, 5);
            Assert.Equal(1, bench.Driver.Poll(now++));
            bench.Clock.Advance(1_000_000);
        }

        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        bench.Tap.Log = [];
        bench.Driver.Poll(now++);

        // the PHY and, of what says most, the revision
        Assert.Contains(bench.Tap.Log, w => w[0] == 0x54);
        Assert.Contains(bench.Tap.Log, w => w[0] == 0x12);
        for (int i = 0; i < 8; i++)
        {
            bench.Driver.Poll(now++);
        }

        Assert.Equal(Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
    }

    [Fact]
    public void AChipThatWasResetInItsSleepIsNotWaitedFor()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Driver.Sleep();
        bench.Run(100);
        bench.Chip.SpontaneousReset();
        bench.Driver.Wake();
        int now = bench.Now;
        bench.Driver.Poll(now);
        bench.Clock.Advance(5_000_000);
        Assert.Equal(0, bench.Driver.Poll(now + 2));
        Assert.Equal(Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
    }

    [Fact]
    public void ASleepThatIsTakenBackBeforeItBeganIsNone()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(10);
        Assert.True(bench.Driver.Sleep());
        Assert.False(bench.Driver.CanSend);
        Assert.True(bench.Driver.Wake());
        Assert.True(bench.Driver.CanSend);
        bench.Run(10);
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void TheOscillatorIsLookedForWhenTwoMillisecondsHaveBegun(int now)
    {
        // 300 us (DS39662E 2.2), and the first of them may be almost over
        using DriverBench bench = DriverBench.Running();
        bench.Driver.Sleep();
        bench.RunUntil(() => (bench.Chip.PeekRegister(Reg.ECON2) & 0x20) != 0, 50);
        bench.Driver.Wake();
        bench.Tap.Log = [];
        Assert.Equal(1, bench.Driver.Poll(now));
        Assert.Equal(["BE20"], bench.Tap.Log.Select(w => Convert.ToHexString(w)));
        bench.Clock.Advance(1_900_000);
        Assert.Equal(1, bench.Driver.Poll(unchecked(now + 1)));
        Assert.Single(bench.Tap.Log);
        Assert.Equal(1, bench.Driver.Poll(unchecked(now + 2)));
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);

        // the regulator back to full power, then reception
        Assert.Equal(["1D00", "BE08", "9F04"], bench.Tap.Log.Skip(1).Take(3).Select(w => Convert.ToHexString(w)));
    }

    [Fact]
    public void NothingIsSentOnTheWayThereEvenIfItIsTakenBack()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(10);
        var busy = new Misreads(bench, Reg.ESTAT, int.MaxValue, 0x04);
        bench.Driver.Sleep();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Sleeping, 10);
        bench.Turn();
        Assert.NotEqual(int.MaxValue, busy.Left);
        Assert.True(bench.Driver.Wake());
        Assert.False(bench.Driver.CanSend);
        Assert.False(bench.Driver.IsLinkUp);
        Assert.False(bench.Send(DriverBench.MakeFrame(60, 1)));
        Assert.Null(bench.Receive());
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 2));
        Assert.Single(bench.Sent);
    }

    [Fact]
    public void AReceiverThatSeemsBusyIsWaitedForTenMillisecondsOnTheWayToSleep()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(100);
        bench.Tap.Answer = (first, index, answer) => first == 0x1D && index == 1 ? (byte)(answer | 0x04) : answer;
        bench.Driver.Sleep();
        bench.RunUntil(() => (bench.Chip.PeekRegister(Reg.ECON1) & 0x04) == 0, 20);
        bench.Driver.Poll(bench.Now);
        int began = bench.Now;
        while ((bench.Chip.PeekRegister(Reg.ECON2) & 0x20) == 0)
        {
            Assert.InRange(bench.Now - began, 0, 10);
            bench.Clock.Advance(1_000_000);
            bench.Driver.Poll(bench.Now);
        }

        Assert.Equal(10, bench.Now - began);
    }

    /// <summary>A time at which the look at the registers that comes every two seconds is due, and nothing is under way.</summary>
    private static int Due(DriverBench bench)
    {
        bool looked = false;
        bench.Tap.Answer = (first, index, answer) =>
        {
            looked |= first == 0x12 && index == 1;
            return answer;
        };
        bench.RunUntil(() => looked, 2500);
        int last = bench.Now;
        bench.Tap.Answer = null;
        bench.RunUntil(() => bench.Driver.IsPhyIdle, 20);
        return last + 2000;
    }
}
