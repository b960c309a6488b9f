// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>The cable goes in and out.</summary>
public class LinkTests
{
    [Fact]
    public void AMissingCableDoesNotStopTheStart()
    {
        using var bench = new DriverBench();
        bench.Chip.LinkUp = false;
        bench.Start();
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        bench.Run(1000);
        Assert.False(bench.Driver.IsLinkUp);
        Assert.False(bench.Driver.CanSend);
        Assert.Equal(0u, bench.Driver.Counters.LinkChanges);

        bench.Chip.LinkUp = true;
        bench.RunUntil(() => bench.Driver.IsLinkUp, 300);
        Assert.True(bench.Driver.CanSend);
        Assert.Equal(1u, bench.Driver.Counters.LinkChanges);
        bench.AssertClean();
    }

    [Fact]
    public void EveryEdgeIsSeenAndCounted()
    {
        using DriverBench bench = DriverBench.Running();
        for (uint i = 0; i < 5; i++)
        {
            bench.Chip.LinkUp = false;
            bench.RunUntil(() => !bench.Driver.IsLinkUp, 300);
            Assert.Equal(2 + (2 * i), bench.Driver.Counters.LinkChanges);
            bench.Chip.LinkUp = true;
            bench.RunUntil(() => bench.Driver.IsLinkUp, 300);
            Assert.Equal(3 + (2 * i), bench.Driver.Counters.LinkChanges);
        }

        Assert.Equal(0u, bench.Driver.Counters.ShortLinkDrops);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.AssertClean();
    }

    [Fact]
    public void ADropBetweenTwoLooksIsSeen()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1000);
        bench.Chip.LinkUp = false;
        bench.Clock.Advance(1_000_000);
        bench.Chip.LinkUp = true;
        bench.Run(300);
        Assert.True(bench.Driver.IsLinkUp);
        Assert.Equal(1u, bench.Driver.Counters.ShortLinkDrops);
        Assert.Equal(3u, bench.Driver.Counters.LinkChanges);
        bench.Run(1000);
        Assert.Equal(1u, bench.Driver.Counters.ShortLinkDrops);
        bench.AssertClean();
    }

    [Fact]
    public void APhyThatNeverAnswersIsAMissingLink()
    {
        using DriverBench bench = DriverBench.Running();

        // MISTAT, bank 3: a read with a dummy byte, the data in the third byte
        bench.Tap.Answer = (first, index, answer) => first == 0x0A && index == 2 ? (byte)1 : answer;
        bench.Run(600);
        Assert.False(bench.Driver.IsLinkUp);
        Assert.InRange(bench.Driver.Counters.PhyTimeouts, 1u, 5u);
        bench.Tap.Answer = null;
        bench.RunUntil(() => bench.Driver.IsLinkUp, 600);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }

    [Fact]
    public void AChipThatLosesItsSupplyHangsNothing()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Send(DriverBench.MakeFrame(1514, 1));
        bench.Chip.Powered = false;
        for (int i = 0; i < 2000; i++)
        {
            bench.Turn();
            Assert.Null(bench.Receive());
        }

        Assert.False(bench.Driver.CanSend);
        bench.Chip.Powered = true;
        bench.Clock.Advance(1_000_000);
        bench.Start();
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(60, 2));
        bench.AssertNothingLost();
    }

    [Fact]
    public void TimeMayWrap()
    {
        using DriverBench bench = DriverBench.Running(epoch: int.MaxValue - 300);
        bench.Run(1000);
        Assert.True(bench.Now < 0);
        bench.Chip.LinkUp = false;
        bench.RunUntil(() => !bench.Driver.IsLinkUp, 300);
        bench.Chip.LinkUp = true;
        bench.RunUntil(() => bench.Driver.IsLinkUp, 300);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 1));
        bench.AssertClean();
    }

    [Theory]
    [InlineData(99, 0u)]
    [InlineData(100, 1u)]
    public void ThePhyIsWaitedForAHundredPolls(int busyPolls, uint timeouts)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1000);
        int left = busyPolls;
        bench.Tap.Answer = (first, index, answer) => first == 0x0A && index == 2 && left-- > 0 ? (byte)1 : answer;
        bench.RunUntil(() => left <= 0, 1000);
        bench.Run(2);
        Assert.Equal(timeouts, bench.Driver.Counters.PhyTimeouts);
        Assert.Equal(timeouts == 0, bench.Driver.IsLinkUp);
    }

    [Fact]
    public void AReadThatADisturbedTransferLeftOpenDoesNotComeAgain()
    {
        // MICMD.MIIRD stands: setting it reads nothing, so the link's state would be that of the last look
        using DriverBench bench = DriverBench.Running();
        bench.Run(1000);
        bench.Chip.LinkUp = false;
        bench.Chip.PokeRegister(Reg.MICMD, 0x01);
        bench.RunUntil(() => !bench.Driver.IsLinkUp, 300);
        bench.AssertClean();
    }
}
