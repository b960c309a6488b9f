// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>Where one thing ends and the next begins: the last value that is good, and the first that is not; and what is counted.</summary>
public class BoundTests
{
    private static readonly byte[] s_group = [0x01, 0x00, 0x5E, 0x01, 0x02, 0x03];
    private static readonly byte[] s_other = [0x01, 0x00, 0x5E, 0x01, 0x02, 0x04];

    [Fact]
    public void EachCounterTellsItsOwnCountAndIsCleared()
    {
        using DriverBench bench = DriverBench.Running();
        Enc28j60Counters counters = bench.Driver.Counters;
        FieldInfo[] fields = [.. typeof(Enc28j60Counters).GetFields(BindingFlags.NonPublic | BindingFlags.Instance).Where(f => f.FieldType == typeof(uint))];

        // two are sums of what Recoveries tells
        PropertyInfo[] properties =
        [
            .. typeof(Enc28j60Counters).GetProperties()
                .Where(p => p.Name is not (nameof(Enc28j60Counters.ReceiverResets) or nameof(Enc28j60Counters.Restarts))),
        ];
        Assert.Equal(properties.Length, fields.Length);
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i].SetValue(counters, (uint)(1000 + i));
        }

        for (int i = 0; i < fields.Length; i++)
        {
            string name = char.ToUpperInvariant(fields[i].Name[1]) + fields[i].Name[2..];
            Assert.Equal((uint)(1000 + i), properties.Single(p => p.Name == name).GetValue(counters));
        }

        counters.CountRecovery(Enc28j60Recovery.RegistersLost);
        bench.Driver.ClearCounters();
        Assert.All(typeof(Enc28j60Counters).GetProperties(), p => Assert.Equal(0u, p.GetValue(counters)));
        Assert.Equal(0u, counters.Recoveries(Enc28j60Recovery.RegistersLost));
    }

    [Fact]
    public void FramesAndTheirBytesAreCountedBothWays()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Exchange(DriverBench.MakeFrame(1000, 2));
        bench.SendAndFinish(DriverBench.MakeFrame(100, 3));
        bench.SendAndFinish(DriverBench.MakeFrame(30, 4));
        bench.SendAndFinish(DriverBench.MakeFrame(500, 5));
        Assert.Equal(2u, bench.Driver.Counters.FramesReceived);
        Assert.Equal(1060u, bench.Driver.Counters.BytesReceived);
        Assert.Equal(3u, bench.Driver.Counters.FramesSent);
        Assert.Equal(630u, bench.Driver.Counters.BytesSent);
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void WhatTheStatusVectorSaysIsCounted(SpiWordOrder order)
    {
        using DriverBench bench = DriverBench.Running(order: order, driverOptions: new Enc28j60Options { ReadTransmitStatus = true });
        bench.Chip.ScriptCollision(20, 7);
        bench.SendAndFinish(DriverBench.MakeFrame(200, 1));
        Assert.Equal(7u, bench.Driver.Counters.Collisions);
        Assert.Equal(0u, bench.Driver.Counters.Deferrals);
        Assert.Equal(0u, bench.Driver.Counters.ExcessiveCollisions);
        bench.Chip.OccupyMedium(1_000_000);
        bench.SendAndFinish(DriverBench.MakeFrame(200, 2));
        Assert.Equal(1u, bench.Driver.Counters.Deferrals);
        bench.Chip.ScriptCollision(20, 16);
        bench.SendAndFinish(DriverBench.MakeFrame(201, 3));
        Assert.Equal(1u, bench.Driver.Counters.ExcessiveCollisions);
        Assert.Equal(0u, bench.Driver.Counters.LateCollisions);
        bench.Chip.ScriptCollision(150, 1);
        bench.SendAndFinish(DriverBench.MakeFrame(200, 4));
        Assert.Equal(1u, bench.Driver.Counters.LateCollisions);
        Assert.Equal(1u, bench.Driver.Counters.TransmitRetries);
        Assert.Equal(3u, bench.Driver.Counters.FramesSent);
        Assert.Equal(1u, bench.Driver.Counters.TransmitAborts);
    }

    [Fact]
    public void SixteenLateCollisionsInSixtyFourAttemptsAreSuspicious()
    {
        using DriverBench bench = DriverBench.Running();
        LateCollisions(bench, 15);
        Assert.False(bench.Driver.SuspectsDuplexMismatch);
        LateCollisions(bench, 1);
        Assert.True(bench.Driver.SuspectsDuplexMismatch);
    }

    [Fact]
    public void FifteenInEachSixtyFourAttemptsAreNot()
    {
        using DriverBench bench = DriverBench.Running();
        for (int round = 0; round < 3; round++)
        {
            // each takes two attempts: 30, and 34 good ones
            LateCollisions(bench, 15);
            for (int i = 0; i < 34; i++)
            {
                bench.SendAndFinish(DriverBench.MakeFrame(60, i));
            }
        }

        Assert.Equal(45u, bench.Driver.Counters.LateCollisions);
        Assert.False(bench.Driver.SuspectsDuplexMismatch);
    }

    [Theory]
    [InlineData(16, 1u, 0u)]
    [InlineData(17, 0u, 1u)]
    public void AFrameIsTriedSeventeenTimes(int collisions, uint sent, uint aborted)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.ScriptCollision(200, collisions);
        bench.SendAndFinish(DriverBench.MakeFrame(500, 1));
        Assert.Equal(16u, bench.Driver.Counters.TransmitRetries);
        Assert.Equal(sent, bench.Driver.Counters.FramesSent);
        Assert.Equal(aborted, bench.Driver.Counters.TransmitAborts);
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

    [Fact]
    public void ACountThatNeverReachesZeroIsAFailedStart()
    {
        using var bench = new DriverBench();
        bench.Tap.Answer = (first, index, answer) => first == 0x19 && index == 1 ? (byte)1 : answer;
        bench.Start();
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.Equal(Enc28j60Fault.RegisterReadBack, bench.Driver.Fault);
    }

    [Fact]
    public void TheEndOfAnIgnoredResetIsLookedForTwentyTimes()
    {
        using var bench = new DriverBench();
        bench.Tap.Pass = first => first != 0xFF;
        bench.Tap.Log = [];
        bench.Start();
        Assert.Equal(Enc28j60Fault.ResetIgnored, bench.Driver.Fault);
        Assert.Equal(3, bench.Tap.Log.Count(w => w[0] == 0xFF));
        int last = bench.Tap.Log.FindLastIndex(w => w[0] == 0xFF);
        Assert.Equal(20, bench.Tap.Log.Skip(last).Count(w => w[0] == 0x00));
    }

    [Fact]
    public void AWriteThatIsLostDuringTheStartIsFound()
    {
        // ETXSTH; no register of the MAC is written by then
        using var bench = new DriverBench();
        int seen = 0;
        bench.Tap.Pass = first => first != 0x45 || seen++ > 0;
        bench.Start();
        Assert.Equal(Enc28j60Fault.RegisterReadBack, bench.Driver.Fault);
    }

    [Fact]
    public void AChipOfAnotherRevisionIsAnotherChip()
    {
        using DriverBench bench = DriverBench.Running();
        int reads = 0;
        bench.Tap.Answer = (first, index, answer) => first == 0x12 && index == 1 && reads++ == 0 ? (byte)5 : answer;
        bench.Run(5000);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
        Assert.InRange(reads, 3, 4);
        bench.Tap.Answer = (first, index, answer) => first == 0x12 && index == 1 ? (byte)5 : answer;
        bench.RunUntil(() => bench.Driver.LastRecovery == Enc28j60Recovery.NoAnswer, 2100);
    }

    [Fact]
    public void SilenceBeginsAnewWithARestart()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Run(20_000);
        bench.Driver.Restart();
        bench.Run(28_000);
        Assert.Equal(0u, bench.Driver.Counters.SilenceChecks);
        bench.Run(3000);
        Assert.Equal(1u, bench.Driver.Counters.SilenceChecks);
    }

    [Fact]
    public void ADisposedDriversChipReceivesNothing()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.Equal(0x04, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
        bench.Driver.Dispose();
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
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

    [Fact]
    public void TheLastFilterOfAllStays()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.False(bench.Driver.LeaveMulticast(s_group));
        Assert.True(bench.Driver.JoinMulticast(s_group));
        Assert.True(bench.Driver.JoinMulticast(s_group));
        Assert.True(bench.Driver.JoinMulticast(s_other));
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.None));
        Assert.True(bench.Driver.LeaveMulticast(s_group));
        Assert.True(bench.Driver.LeaveMulticast(s_group));
        Assert.False(bench.Driver.LeaveMulticast(s_group));
        Assert.False(bench.Driver.LeaveMulticast(s_other));
        Assert.True(bench.Driver.JoinMulticast(s_other));
        Assert.True(bench.Driver.LeaveMulticast(s_other));
        Assert.False(bench.Driver.LeaveMulticast(s_other));
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Unicast));
        Assert.True(bench.Driver.LeaveMulticast(s_other));
    }

    [Fact]
    public void AnswersThatAreOnesNowAndThenAreNoChip()
    {
        for (int odd = 0; odd < 4; odd++)
        {
            // after the writes four reads: of registers 0, 2, 6 and 10h
            byte[] registers = [0x00, 0x02, 0x06, 0x10];
            using var bench = new DriverBench();
            bench.Tap.Answer = (first, index, _) => first == registers[odd] ? (byte)0x5A : (byte)0xFF;
            Assert.False(bench.Driver.Probe());
            Assert.Equal(Enc28j60Fault.NoChip, bench.Driver.Fault);
            bench.Tap.Answer = (first, index, _) => first == registers[odd] ? (byte)0x5A : (byte)0x00;
            Assert.False(bench.Driver.Probe());
            Assert.Equal(Enc28j60Fault.NoChip, bench.Driver.Fault);
        }
    }

    [Fact]
    public void ADriverThatHasFoundAResetDoesNotOfferToSend()
    {
        // between any two transfers of the look whether a frame has left
        for (int boundary = 0; boundary < 25; boundary++)
        {
            using DriverBench bench = DriverBench.Running();
            bench.Chip.ScriptCollision(200, 1);
            Assert.True(bench.Send(DriverBench.MakeFrame(500, 1)));
            bench.Clock.Advance(1_000_000);
            int countdown = boundary;
            bench.Tap.Before = () =>
            {
                if (countdown-- == 0)
                {
                    bench.Chip.SpontaneousReset();
                }
            };
            bool first = bench.Driver.CanSend;
            Assert.True(!first || bench.Driver.CanSend);
        }
    }

    [Fact]
    public void PatternsEndWithTheLongestPacket()
    {
        using var bench = new DriverBench();
        byte[] mask = new byte[8];
        bench.Driver.SetPattern(1454, new byte[64], mask);
        Assert.Throws<ArgumentException>(() => bench.Driver.SetPattern(1455, new byte[64], mask));
        Assert.Throws<ArgumentException>(() => bench.Driver.SetPattern(-1, new byte[64], mask));
        Assert.Throws<ArgumentException>(() => bench.Driver.SetPattern(0, new byte[65], mask));
        Assert.Throws<ArgumentException>(() => bench.Driver.SetPattern(0, new byte[64], new byte[7]));
    }

    [Fact]
    public void ProbingAChipAtWorkDisturbsNothing()
    {
        using DriverBench bench = DriverBench.Running();
        uint transfers = bench.Driver.SpiTransactions;
        Assert.True(bench.Driver.Probe());
        Assert.Equal(transfers, bench.Driver.SpiTransactions);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }

    [Fact]
    public void NoRecoveryIsCountedForAReasonThatDoesNotExist()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.Equal(0u, bench.Driver.Counters.Recoveries((Enc28j60Recovery)(-1)));
        Assert.Equal(0u, bench.Driver.Counters.Recoveries(Enc28j60Recovery.Requested + 1));
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Running, 10);
        Assert.Equal(1u, bench.Driver.Counters.Recoveries(Enc28j60Recovery.Requested));
    }

    [Fact]
    public void TheGroupThatIsLeftIsTheOneThatWasNamed()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.True(bench.Driver.JoinMulticast(s_group));
        Assert.True(bench.Driver.JoinMulticast(s_other));
        Assert.True(bench.Driver.LeaveMulticast(s_other));
        bench.Run(5);
        bench.Exchange(DriverBench.MakeFrame(60, 1, s_group));
        bench.Deliver(DriverBench.MakeFrame(60, 2, s_other));
        Assert.Null(bench.Receive());
        Assert.False(bench.Driver.LeaveMulticast(s_other));
    }

    [Fact]
    public void WithThePinEverySourceOfInterruptsThatIsServedIsOn()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });

        // PKTIE, LINKIE, TXIE, TXERIE, RXERIE; INTIE only while somebody waits
        Assert.Equal(0x5B, bench.Chip.PeekRegister(Reg.EIE));
    }

    [Fact]
    public void TheOscillatorIsWaitedForFiftyMillisecondsAtTheStartToo()
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.DeadOscillator = true;
        bench.Chip.PowerOnReset();
        bench.Driver.StartChip();
        bench.Driver.Poll(bench.Now);
        int began = bench.Now;
        while (bench.Driver.State == Enc28j60State.Starting)
        {
            Assert.InRange(bench.Now - began, 0, 50);
            bench.Clock.Advance(1_000_000);
            bench.Driver.Poll(bench.Now);
        }

        Assert.Equal(50, bench.Now - began);
        Assert.Equal(Enc28j60Fault.ClockNotReady, bench.Driver.Fault);
    }

    [Theory]
    [InlineData(0x00, Enc28j60Fault.NoAnswer)]
    [InlineData(0xFF, Enc28j60Fault.AnswersAllOnes)]
    [InlineData(0x5A, Enc28j60Fault.NoChip)]
    public void WhatBecameOfAChipThatRanIsNamedToo(byte value, Enc28j60Fault fault)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.Faults.MisoStuck = value;
        bench.Run(500);
        Assert.Equal(fault, bench.Driver.Fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ALostChipIsToldFromAMissingOneWhateverBankItHasSelected(int bank)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1500);
        bench.Chip.PokeRegister(Reg.ECON1, (byte)bank);
        bench.RunUntil(() => bench.Driver.LastRecovery != Enc28j60Recovery.None, 100);
        Assert.Equal(Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
    }

    [Fact]
    public void ABitThatIsStuckEndsTheMemoryTestAtOnce()
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.StuckAddress = 3;
        bench.Chip.Faults.StuckOnes = 0xFF;
        bench.Chip.Faults.StuckZeros = 0x00;
        bench.Start();
        Assert.Equal(Enc28j60Fault.MemoryTest, bench.Driver.Fault);

        // the first of two patterns was written whole, and read for a seventh
        Assert.InRange(bench.Driver.SpiBytes, 8000u, 11_000u);
    }

    private static void LateCollisions(DriverBench bench, int count)
    {
        for (int i = 0; i < count; i++)
        {
            bench.Chip.ScriptCollision(200, 1);
            bench.SendAndFinish(DriverBench.MakeFrame(500, i));
        }
    }
}
