// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using TcpIp.Frames;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>What is counted of damaged packets, how long an empty receiver is trusted, and what a reset of it restores.</summary>
public class ReceiveBoundTests
{
    [Theory]
    [InlineData(100, 0x80, 0u, 0u, 0u)]
    [InlineData(100, 0x10, 1u, 0u, 1u)]
    [InlineData(100, 0x90, 1u, 0u, 1u)]
    [InlineData(100, 0x00, 1u, 0u, 0u)]
    [InlineData(63, 0x80, 1u, 1u, 0u)]
    [InlineData(64, 0x80, 0u, 0u, 0u)]
    [InlineData(63, 0x10, 1u, 1u, 1u)]
    [InlineData(64, 0x10, 1u, 0u, 1u)]
    [InlineData(1518, 0x10, 1u, 0u, 1u)]
    public void DamageIsCountedByName(int count, byte status, uint damaged, uint runts, uint crcErrors)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(110, 1));
        int next = 6 + ((count + 1) & ~1);
        bench.Chip.PokeMemory(0, [(byte)next, (byte)(next >> 8), (byte)count, (byte)(count >> 8), status, 0x00]);
        Assert.Equal(damaged == 0, bench.Receive() != null);
        Assert.Equal(damaged, bench.Driver.Counters.DamagedPackets);
        Assert.Equal(runts, bench.Driver.Counters.Runts);
        Assert.Equal(crcErrors, bench.Driver.Counters.CrcErrors);
        Assert.Equal(0u, bench.Driver.Counters.Oversize);
        Assert.Equal(0u, bench.Driver.Counters.BadHeaders);
    }

    [Fact]
    public void SixteenPacketsAreSkippedInOneCall()
    {
        using DriverBench bench = DriverBench.Running();
        byte[] runt = DriverBench.MakeFrame(20, 1);
        EthernetCrc.Append(runt);
        for (int i = 0; i < 40; i++)
        {
            bench.Chip.DeliverRaw(runt);
        }

        bench.Arrive();
        foreach (int left in (int[])[24, 8, 0])
        {
            Assert.Null(bench.Driver.Receive(bench.Pool));
            Assert.Equal(left, bench.Chip.PeekRegister(Reg.EPKTCNT));
        }
    }

    [Theory]
    [InlineData(2999, Enc28j60Recovery.None)]
    [InlineData(3000, Enc28j60Recovery.DeafAfterOverrun)]
    public void AfterAnOverflowThreeSecondsOfSilenceAreTooMany(int milliseconds, Enc28j60Recovery recovery)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(10_000);
        Overflow(bench);
        Empty(bench);

        // counted from the first turn of housekeeping that finds it empty
        int now = bench.Now + 300;
        bench.Driver.Poll(now);
        bench.Driver.Poll(now + milliseconds);
        Assert.Equal(recovery, bench.Driver.LastRecovery);

        // once: from then on it is trusted again
        bench.Driver.Poll(now + 7000);
        bench.Driver.Poll(now + 14_000);
        Assert.Equal(1u, bench.Driver.Counters.ReceiverResets);
    }

    [Fact]
    public void TheThreeSecondsBeginAnewWithTheNextOverflow()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(5000);
        Overflow(bench);
        Empty(bench);
        bench.Run(2000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        Overflow(bench);
        Empty(bench);
        bench.Run(2900);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
        bench.Run(700);
        Assert.Equal(Enc28j60Recovery.DeafAfterOverrun, bench.Driver.LastRecovery);
    }

    [Fact]
    public void APacketAfterAnOverflowIsASignOfLife()
    {
        using DriverBench bench = DriverBench.Running();
        Overflow(bench);
        Empty(bench);
        bench.Run(2000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        Assert.Null(bench.Receive());
        bench.Run(10_000);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
    }

    [Fact]
    public void APacketThatNobodyTakesIsNoSilence()
    {
        using DriverBench bench = DriverBench.Running();
        Overflow(bench);
        Empty(bench);
        bench.Run(500);
        bench.Chip.Deliver(DriverBench.MakeFrame(60, 1));
        bench.Run(10_000);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
        Assert.NotNull(bench.Receive());
    }

    [Fact]
    public void AResetOfTheReceiverRestoresItsBuffer()
    {
        // the reset, which takes RXEN away, bounds and pointer, reception on
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Deliver(DriverBench.MakeFrame(60, 2));
        bench.Chip.PokeMemory(70, [0x99]);
        foreach (int register in (int[])[Reg.ERXSTL, Reg.ERXSTH, Reg.ERXNDL, Reg.ERXNDH])
        {
            bench.Chip.PokeRegister(register, 0x12);
        }

        bench.Tap.Log = [];
        Assert.Null(bench.Receive());
        Assert.Equal(Enc28j60Recovery.BadHeader, bench.Driver.LastRecovery);
        Assert.Equal(0x0000, bench.Chip.PeekPair(Reg.ERXSTL));
        Assert.Equal(0x19FF, bench.Chip.PeekPair(Reg.ERXNDL));
        Assert.Equal(0x19FF, bench.Chip.PeekPair(Reg.ERXRDPTL));
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EPKTCNT));
        string[] log = [.. bench.Tap.Log.Select(w => Convert.ToHexString(w.AsSpan(0, Math.Min(2, w.Length))))];
        int[] order =
        [
            Array.IndexOf(log, "9F40"), Array.IndexOf(log, "BF40"), Array.IndexOf(log, "BC01"), Array.IndexOf(log, "4800"),
            Array.IndexOf(log, "4D19"), Array.LastIndexOf(log, "9E40"), Array.IndexOf(log, "9F04"),
        ];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);

        // and nothing is left over to give back
        bench.Tap.Log = [];
        bench.Run(600);
        Assert.DoesNotContain(bench.Tap.Log, w => w[0] == 0x4C);
        for (int i = 0; i < 3; i++)
        {
            bench.Exchange(DriverBench.MakeFrame(1000, i));
        }
    }

    [Theory]
    [InlineData(2, 0u)]
    [InlineData(4, 1u)]
    public void PacketsAreCountedDownTwiceBeforeTheChipIsStartedAnew(int lies, uint restarts)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(60, 1));
        bench.Chip.PokeMemory(0, [0x99]);

        // what is read after each reading of the header is true
        int reads = 0;
        bench.Tap.Answer = (first, index, answer) => first == 0x19 && index == 1 && ++reads > 2 && reads <= 2 + lies ? (byte)3 : answer;
        Assert.Null(bench.Receive());
        bench.Run(5);
        Assert.Equal(1u, bench.Driver.Counters.ReceiverResets);
        Assert.Equal(restarts, bench.Driver.Counters.Restarts);
    }

    [Fact]
    public void AResetReceiverHasPassedNothing()
    {
        // ERXWRPT still tells where the last packet before the reset ended
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Deliver(DriverBench.MakeFrame(60, 2));
        bench.Chip.PokeMemory(70, [0x99]);
        Assert.Null(bench.Receive());
        bench.Run(31_000);
        Assert.Equal(1u, bench.Driver.Counters.SilenceChecks);
        Assert.Equal(1u, bench.Driver.Counters.ReceiverResets);
    }

    [Fact]
    public void AStuckReceiverIsAskedForNothing()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(60, 1));
        bench.Chip.PokeMemory(0, [0x99]);
        bench.Tap.Answer = (first, index, answer) => first == 0x19 && index == 1 ? (byte)3 : answer;
        Assert.Null(bench.Receive());
        uint transfers = bench.Transfers;
        Assert.Null(bench.Receive());
        Assert.Equal(transfers, bench.Transfers);
        bench.Tap.Answer = null;
        bench.RunUntil(() => bench.Driver.LastRecovery == Enc28j60Recovery.ReceiverStuck, 10);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(62, 2));
    }

    [Fact]
    public void WithoutAPoolNothingIsReceived()
    {
        using var bench = new DriverBench();
        bench.Start();
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Deliver(DriverBench.MakeFrame(60, 1));
        Assert.Null(bench.Driver.Receive(null!));
        Assert.Equal(1u, bench.Driver.Counters.ForeignPools);
    }

    [Fact]
    public void AStartForgetsWhatWaitedAndWhatWasNotGivenBack()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(3, 100);
        Assert.NotNull(bench.Receive());
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 10);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        Assert.Null(bench.Receive());
        bench.Tap.Log = [];
        bench.Run(600);
        Assert.DoesNotContain(bench.Tap.Log, w => w[0] == 0x4C);
        Assert.Equal(0x19FF, bench.Chip.PeekPair(Reg.ERXRDPTL));
        Assert.Equal(0u, bench.Driver.Counters.BadHeaders);
        bench.Exchange(DriverBench.MakeFrame(100, 4));
        bench.Run(300);
        Assert.Equal(0x006D, bench.Chip.PeekPair(Reg.ERXRDPTL));
    }

    [Fact]
    public void AStartForgetsWhereTheReadPointerWas()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 10);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(62, 2));
        Assert.Equal(0u, bench.Driver.Counters.BadHeaders);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void AFirstPacketThatEndsWhereTheLastOneBeforeTheStartDidIsFoundWithinAQuarterOfASecond(int restarts)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        for (int i = 0; i < restarts; i++)
        {
            bench.Driver.Restart();
            bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 10);
            bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        }

        bench.Deliver(DriverBench.MakeFrame(60, 2));
        Frame? frame = null;
        int turns = 0;
        for (; frame == null; turns++)
        {
            Assert.InRange(turns, 0, 260);
            bench.Turn();
            frame = bench.Driver.Receive(bench.Pool);
        }

        Assert.InRange(turns, 1, restarts == 0 ? 4 : 260);
        bench.Pool.Return(frame);
        Assert.Equal(0u, bench.Driver.Counters.BadHeaders);
        bench.AssertClean();
    }

    [Fact]
    public void APacketThatComesInWhileTheDriverStartsIsFoundByTheFirstLook()
    {
        // between the look at the write pointer, from which on a move of it tells of packets, and the one at the count
        using DriverBench bench = DriverBench.Running();
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 10);
        int length = 60;
        bench.Tap.Before = () =>
        {
            bool isHearing = (bench.Chip.PeekRegister(Reg.ECON1) & Econ1.RXEN) != 0;
            if (isHearing && bench.Driver.State == Enc28j60State.Starting && !bench.Chip.IsReceiving && bench.Chip.PeekRegister(Reg.EPKTCNT) == 0)
            {
                // the first ones come while the chip still receives as before the start; no two end at the same place
                bench.Chip.Deliver(DriverBench.MakeFrame(length, 1));
                length += 2;
            }
        };
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Running, 100);
        bench.Tap.Before = null;
        bench.Arrive();
        Assert.InRange(bench.Chip.PeekRegister(Reg.EPKTCNT), 1, 255);
        Frame? taken = bench.Driver.Receive(bench.Pool);
        Assert.NotNull(taken);
        bench.Pool.Return(taken);
    }

    [Fact]
    public void AStartForgetsTheOverflowAndThatPacketsPassed()
    {
        // ERXWRPT still tells where the last packet before it ended
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        Overflow(bench);
        Empty(bench);
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 10);
        bench.Run(40_000);
        Assert.Equal(1u, bench.Driver.Counters.SilenceChecks);
        Assert.Equal(Enc28j60Recovery.Requested, bench.Driver.LastRecovery);
        Assert.Equal(0u, bench.Driver.Counters.ReceiverResets);
    }

    [Fact]
    public void AFrameEndsTheSilence()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        bench.Run(20_000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Run(29_000);
        Assert.Equal(0u, bench.Driver.Counters.SilenceChecks);
        bench.Run(2000);
        Assert.Equal(1u, bench.Driver.Counters.SilenceChecks);
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void ThePacketAfterAnOverflowIsMarkedAndWhole(SpiWordOrder order)
    {
        // bit 16 of its status: something was dropped before it
        using DriverBench bench = DriverBench.Running(order: order);
        Overflow(bench);
        Empty(bench);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Exchange(DriverBench.MakeFrame(61, 1));
        Assert.Equal(0u, bench.Driver.Counters.BadHeaders);
    }

    [Fact]
    public void AnOverflowGivesBackAtOnceWhatWasRead()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(100);
        Assert.NotNull(bench.Receive());
        Assert.Equal(0x19FF, bench.Chip.PeekPair(Reg.ERXRDPTL));

        // it is seen when the flags are looked at for the sake of a frame
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));
        Assert.False(bench.Driver.CanSend);
        Assert.Equal(1u, bench.Driver.Counters.ReceiveOverruns);
        Assert.Equal(0x0045, bench.Chip.PeekPair(Reg.ERXRDPTL));
    }

    [Theory]
    [InlineData(0, 0x01)]
    [InlineData(0, 0x02)]
    [InlineData(1, 0x01)]
    [InlineData(2, 0x04)]
    [InlineData(3, 0x10)]
    [InlineData(5, 0x80)]
    public void AHeaderIsLookedAtInTheOtherWordOrderToo(int offset, byte flipped)
    {
        using DriverBench bench = DriverBench.Running(order: SpiWordOrder.HighByteFirst);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Deliver(DriverBench.MakeFrame(60, 2));
        byte[] cell = new byte[1];
        bench.Chip.PeekMemory(70 + offset, cell);
        cell[0] ^= flipped;
        bench.Chip.PokeMemory(70 + offset, cell);
        Assert.Null(bench.Receive());
        Assert.Equal(1u, bench.Driver.Counters.BadHeaders);
        Assert.Equal(1u, bench.Driver.Counters.ReceiverResets);
        bench.Exchange(DriverBench.MakeFrame(1000, 3));
    }

    [Fact]
    public void APacketThatGoesOnAtTheBuffersStartIsNotTakenFromAChipThatWasResetMeanwhile()
    {
        // it has forgotten where the buffer ends, and reads on into what was sent last
        using DriverBench bench = DriverBench.Running();
        bench.SendAndFinish(DriverBench.MakeFrame(1514, 9));
        for (int i = 0; i < 4; i++)
        {
            bench.Exchange(DriverBench.MakeFrame(1514, i));
        }

        bench.Deliver(DriverBench.MakeFrame(1514, 5));
        int reads = 0;
        bench.Tap.Pass = first =>
        {
            if (first == 0x3A && ++reads == 2)
            {
                bench.Chip.SpontaneousReset();
            }

            return true;
        };
        Assert.Null(bench.Receive());
        Assert.InRange(reads, 2, 4);
        bench.AssertNothingLost();
    }

    [Fact]
    public void WhatWasGivenBackIsNotGivenBackAgain()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Run(300);
        bench.Tap.Log = [];
        bench.Run(600);
        Assert.DoesNotContain(bench.Tap.Log, w => w[0] == 0x4C);
    }

    [Fact]
    public void AtTheStartNothingIsGivenBackThatWasNotTaken()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.Null(bench.Receive());
        Assert.Equal(0u, bench.Driver.Counters.BadHeaders);
        bench.Tap.Log = [];
        bench.Run(600);
        Assert.DoesNotContain(bench.Tap.Log, w => w[0] == 0x4C);
    }

    [Theory]
    [InlineData(17, true, 0u)]
    [InlineData(18, false, 0u)]
    [InlineData(63, false, 0u)]
    [InlineData(1518, false, 0u)]
    [InlineData(1519, false, 1u)]
    [InlineData(1600, false, 1u)]
    [InlineData(1601, true, 0u)]
    public void AHeaderIsBelievedFromEighteenToSixteenHundredBytes(int count, bool isSenseless, uint oversize)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(100, 1));

        // next packet pointer and count agree, and all was received well
        int next = 6 + ((count + 1) & ~1);
        bench.Chip.PokeMemory(0, [(byte)next, (byte)(next >> 8), (byte)count, (byte)(count >> 8), 0x80, 0x00]);
        byte[]? received = bench.Receive();
        Assert.Equal(isSenseless ? 1u : 0u, bench.Driver.Counters.BadHeaders);
        Assert.Equal(isSenseless ? 1u : 0u, bench.Driver.Counters.ReceiverResets);
        Assert.Equal(oversize, bench.Driver.Counters.Oversize);
        Assert.Equal(count is >= 18 and < 64 ? 1u : 0u, bench.Driver.Counters.DamagedPackets);
        Assert.Equal(count is >= 18 and < 64 ? 1u : 0u, bench.Driver.Counters.Runts);
        Assert.Equal(count == 1518, received != null);
    }

    private static void Overflow(DriverBench bench)
    {
        bench.Deliver(100);
        uint overruns = bench.Driver.Counters.ReceiveOverruns;
        bench.RunUntil(() => bench.Driver.Counters.ReceiveOverruns > overruns, 300);
    }

    private static void Empty(DriverBench bench)
    {
        while (bench.Receive() != null)
        {
        }
    }
}
