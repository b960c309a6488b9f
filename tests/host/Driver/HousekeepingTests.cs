// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>What is done now and then, and how soon the loop is asked to come back.</summary>
public class HousekeepingTests
{
    [Fact]
    public void WhatWasReadIsGivenBackWithinAQuarterOfASecond()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        Assert.Equal(0x19FF, bench.Chip.PeekPair(Reg.ERXRDPTL));
        bench.Run(300);
        Assert.Equal(0x0045, bench.Chip.PeekPair(Reg.ERXRDPTL));
    }

    [Theory]
    [InlineData(514, 0x19FF)]
    [InlineData(515, 0x05FF)]
    public void OfALastPacketAtOnceIfThereAre1536Bytes(int length, int pointer)
    {
        // header, frame, FCS, and a byte to the next even address
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(1000, 1));
        bench.Exchange(DriverBench.MakeFrame(length, 2));
        Assert.Equal(pointer, bench.Chip.PeekPair(Reg.ERXRDPTL));
    }

    [Theory]
    [InlineData(484, 0x19FF)]
    [InlineData(486, 0x05FF)]
    public void OfSeveralPacketsTheSumCounts(int length, int pointer)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Exchange(DriverBench.MakeFrame(960, 2));
        bench.Exchange(DriverBench.MakeFrame(length, 3));
        Assert.Equal(pointer, bench.Chip.PeekPair(Reg.ERXRDPTL));
    }

    [Theory]
    [InlineData(1009, 0x19FF)]
    [InlineData(1016, 0x1007)]
    public void WhileMoreAreBeingReadAtOnceIfThereAre4096Bytes(int length, int pointer)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(5, length);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(0x19FF, bench.Chip.PeekPair(Reg.ERXRDPTL));
            Assert.Equal(DriverBench.MakeFrame(length, i), bench.Receive());
        }

        Assert.Equal(pointer, bench.Chip.PeekPair(Reg.ERXRDPTL));
    }

    [Fact]
    public void ThePollAfterAnInterruptLooksAtItsReasonAndNoFurtherOneDoes()
    {
        using DriverBench bench = WithPin();
        bench.Run(1000);
        bench.Deliver(DriverBench.MakeFrame(60, 1));
        Assert.True(bench.Driver.WaitForInterrupt(0));
        bench.Tap.Log = [];
        bench.Driver.Poll(bench.Now);
        Assert.Single(bench.Tap.Log, w => w[0] == 0x1C);
        int looks = bench.Tap.Log.Count(w => w[0] == 0x1C);
        for (int i = 0; i < 5; i++)
        {
            bench.Driver.Poll(bench.Now);
        }

        Assert.Equal(looks, bench.Tap.Log.Count(w => w[0] == 0x1C));
    }

    [Fact]
    public void PacketsThatTheChipNeedNotBeAskedForAreToldToTheLoop()
    {
        using DriverBench bench = WithPin();
        bench.Run(1000);
        bench.RunUntil(() => bench.Driver.IsPhyIdle, 20);
        bench.Deliver(2);
        Assert.NotNull(bench.Receive());
        Assert.Equal(0, bench.Driver.Poll(bench.Now));
        Assert.NotNull(bench.Receive());
        Assert.NotEqual(0, bench.Driver.Poll(bench.Now));
    }

    [Fact]
    public void ALossIsFollowedByAStartAtOnce()
    {
        using DriverBench bench = WithPin();
        bench.Run(1500);
        bench.RunUntil(() => bench.Driver.IsPhyIdle, 20);
        bench.Chip.SpontaneousReset();
        bench.Clock.Advance(90_000_000);
        Assert.Equal(0, bench.Driver.Poll(bench.Now));
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.Equal(0, bench.Driver.Poll(bench.Now));
        Assert.Equal(Enc28j60State.Starting, bench.Driver.State);
    }

    [Fact]
    public void SettingsThatTheTurnOfTwoSecondsMissesAreFollowedByAStartAtOnce()
    {
        using DriverBench bench = WithPin();
        bool looked = false;
        bench.Tap.Answer = (first, index, answer) =>
        {
            looked |= first == 0x12 && index == 1;
            return answer;
        };
        bench.RunUntil(() => looked, 2500);
        bench.Tap.Answer = null;
        bench.RunUntil(() => bench.Driver.IsPhyIdle, 20);
        bench.Chip.PokeRegister(Reg.MACON1, 0);
        Assert.Equal(0, bench.Driver.Poll(bench.Now + 2000));
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        Assert.False(bench.Driver.CanSend);
        Assert.Equal(0, bench.Driver.Poll(bench.Now + 2000));
        Assert.Equal(Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
    }

    [Fact]
    public void AFilterChangeThatWaitsIsLookedAtEveryMillisecond()
    {
        using DriverBench bench = WithPin();
        bench.Run(1000);
        bench.RunUntil(() => bench.Driver.IsPhyIdle, 20);
        var busy = new Misreads(bench, Reg.ESTAT, int.MaxValue, 0x04);
        bench.Driver.JoinMulticast([0x01, 0, 0x5E, 0, 0, 1]);
        Assert.Equal(1, bench.Driver.Poll(bench.Now));
        Assert.NotEqual(int.MaxValue, busy.Left);

        // a chip that is reset meanwhile is found by the end of it
        bench.Chip.SpontaneousReset();
        bench.Tap.Answer = null;
        Assert.Equal(0, bench.Driver.Poll(bench.Now));
        bench.Driver.Poll(bench.Now);
        Assert.Equal(Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
    }

    [Fact]
    public void AFilterChangeThatWaitsIsNotTakenForAReset()
    {
        // reception is off; the look for a reset is due meanwhile
        using DriverBench bench = WithPin();
        bench.Run(1000);
        int look = 0;
        bench.Tap.Answer = (first, index, answer) =>
        {
            look = first == 0x1F && index == 1 ? bench.Now : look;
            return answer;
        };
        bench.RunUntil(() => look != 0, 100);
        var busy = new Misreads(bench, Reg.ESTAT, int.MaxValue, 0x04);
        bench.Driver.JoinMulticast([0x01, 0, 0x5E, 0, 0, 1]);
        bench.Driver.Poll(look + 80);
        bench.Driver.Poll(look + 88);
        bench.Driver.Poll(look + 89);
        Assert.NotEqual(int.MaxValue, busy.Left);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
    }

    [Fact]
    public void ATurnOfTwoSecondsReadsWhatSaysMostAndFourOfTheOthers()
    {
        using DriverBench bench = WithPin();
        var times = new List<int>();
        bench.Tap.Answer = (first, index, answer) =>
        {
            if (first == 0x12 && index == 1)
            {
                times.Add(bench.Now);
            }

            return answer;
        };
        bench.RunUntil(() => times.Count > 0, 2500);
        bench.Tap.Answer = null;
        bench.RunUntil(() => bench.Driver.IsPhyIdle, 20);
        bench.Tap.Log = [];
        bench.Driver.Poll(times[0] + 2000);

        // EIR, EPKTCNT and ECON1 for the other turns; then ECON1, ESTAT, ECON2, EIE, EDMADST, ERXFCON, MACON1 and EREVID, and four
        Assert.Equal(3 + 9 + 4, bench.Tap.Log.Count(w => w[0] < 0x20));
    }

    [Fact]
    public void FlagsOfATransmitterThatSendsNothingAreNobodysFrame()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.PokeRegister(Reg.EIR, 0x0A);
        bench.Run(300);
        Assert.Equal(0u, bench.Driver.Counters.FramesSent);
        Assert.Equal(0u, bench.Driver.Counters.TransmitAborts);
        Assert.Equal(0u, bench.Driver.Counters.LateCollisions);
    }

    [Fact]
    public void AResetThatIsFoundWhenAFrameIsTriedAgainIsActedUponAtOnceAndTheFlagsFromBeforeAreForgotten()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(10);
        bench.Chip.ScriptCollision(200, 1);
        Assert.True(bench.Send(DriverBench.MakeFrame(500, 1)));
        bench.Clock.Advance(1_000_000);
        bench.Chip.PokeRegister(Reg.EIR, (byte)(bench.Chip.PeekRegister(Reg.EIR) | 0x01));
        bool isRead = false;
        bench.Tap.Pass = first =>
        {
            // the status vector was read, and ECON1 is looked at before the frame is tried again
            isRead |= first == 0x3A;
            if (isRead && first == 0x1F)
            {
                bench.Chip.SpontaneousReset();
            }

            return true;
        };
        Assert.False(bench.Driver.CanSend);
        bench.Tap.Pass = null;
        Assert.Equal(1u, bench.Driver.Counters.TransmitAborts);
        Assert.Equal(0u, bench.Driver.Counters.ReceiveOverruns);
        bench.Driver.Poll(bench.Now);
        Assert.Equal(Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
    }

    [Fact]
    public void AChipThatIsLostTwiceInASecondIsStartedOnceInIt()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1500);
        bench.Chip.SpontaneousReset();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 100);
        int began = bench.Now;
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Running, 100);
        bench.Chip.SpontaneousReset();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Failed, 100);
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 1100);
        Assert.InRange(bench.Now - began, 999, 1001);
    }

    [Fact]
    public void AChipThatRanForMonthsIsStartedAtOnce()
    {
        // longer than half of the count of milliseconds after a start of the driver's own
        using DriverBench bench = DriverBench.Running();
        bench.Run(1500);
        bench.Chip.SpontaneousReset();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 100);
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Running, 100);
        bench.Run(1500);
        int now = unchecked(bench.Now + 0x40000000);
        bench.Driver.Poll(now);
        now = unchecked(now + 0x40000000);
        bench.Driver.Poll(now);
        bench.Chip.SpontaneousReset();
        now = unchecked(now + 100);
        bench.Driver.Poll(now);
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.Equal(0, bench.Driver.Poll(now));
        Assert.Equal(Enc28j60State.Starting, bench.Driver.State);
    }

    private static DriverBench WithPin() =>
        DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
}
