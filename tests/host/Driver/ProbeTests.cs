// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>When a chip is believed to be there, and when a reset is believed to have happened.</summary>
public class ProbeTests
{
    public static TheoryData<SpiWordOrder, byte> RegistersOfTheProbe => new()
    {
        // the commands that read ERDPTL, EWRPTL, ETXNDL and EDMASTL
        { SpiWordOrder.LowByteFirst, 0x00 },
        { SpiWordOrder.LowByteFirst, 0x02 },
        { SpiWordOrder.LowByteFirst, 0x06 },
        { SpiWordOrder.LowByteFirst, 0x10 },
        { SpiWordOrder.HighByteFirst, 0x00 },
        { SpiWordOrder.HighByteFirst, 0x02 },
        { SpiWordOrder.HighByteFirst, 0x06 },
        { SpiWordOrder.HighByteFirst, 0x10 },
    };

    [Theory]
    [MemberData(nameof(RegistersOfTheProbe))]
    public void OneWrongAnswerOfFourIsNoChip(SpiWordOrder order, byte command)
    {
        foreach (byte flipped in (byte[])[0x01, 0x10, 0x80])
        {
            using var bench = new DriverBench(order: order);
            int glitches = 1;
            bench.Tap.Answer = (first, index, answer) => first == command && index == 1 && glitches-- > 0 ? (byte)(answer ^ flipped) : answer;
            Assert.False(bench.Driver.Probe());
            Assert.Equal(Enc28j60Fault.NoChip, bench.Driver.Fault);
            Assert.Throws<InvalidOperationException>(() => bench.Driver.WordOrder);
            Assert.True(bench.Driver.Probe());
        }
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void EachRegisterIsWrittenWithItsOwnNumberBeforeItIsRead(SpiWordOrder order)
    {
        // equal bytes: the same in either order; and the first ends whatever the chip was doing, bank 0 included
        using var bench = new DriverBench(order: order);
        bench.Tap.Log = [];
        Assert.True(bench.Driver.Probe());
        Assert.Equal(
            ["BFBF", "4040", "4242", "4646", "5050", "0000", "0202", "0606", "1010"],
            bench.Tap.Log.Take(9).Select(w => Convert.ToHexString(w)));
    }

    [Theory]
    [InlineData(0x00, 0x55)]
    [InlineData(0x00, 0xAA)]
    [InlineData(0x00, 0x00)]
    [InlineData(0x00, 0xFF)]
    [InlineData(0x02, 0x55)]
    [InlineData(0x02, 0xAA)]
    [InlineData(0x02, 0x00)]
    [InlineData(0x02, 0xFF)]
    public void BitsAreTriedBothWaysBesideEqualOnesAndOthers(byte command, byte pattern)
    {
        // a wire that gets one pattern wrong
        foreach (byte flipped in (byte[])[0x01, 0x08, 0x80])
        {
            using var bench = new DriverBench();
            bench.Tap.Answer = (first, index, answer) => first == command && index == 1 && answer == pattern ? (byte)(answer ^ flipped) : answer;
            Assert.False(bench.Driver.Probe());
            Assert.Equal(Enc28j60Fault.NoChip, bench.Driver.Fault);
        }
    }

    [Fact]
    public void ABitOfEstatThatNoChipSetsIsNoChip()
    {
        using var bench = new DriverBench();
        bench.Tap.Answer = (first, index, answer) => first == 0x1D && index == 1 ? (byte)(answer | 0x08) : answer;
        Assert.False(bench.Driver.Probe());
        Assert.Equal(Enc28j60Fault.NoChip, bench.Driver.Fault);
    }

    [Theory]
    [InlineData(0x00, 0x00)]
    [InlineData(0x02, 0x00)]
    [InlineData(0x00, 0xFF)]
    [InlineData(0x1D, 0xFF)]
    public void AChipThatRanAndOneOfWhoseRegistersReadsAsZerosOrOnesIsNeitherSilentNorAllOnes(byte command, byte read)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Tap.Answer = (first, index, answer) => first == command ? read : answer;
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Failed && bench.Driver.Fault != Enc28j60Fault.ChipLost, 100);
        Assert.Equal(Enc28j60Fault.NoChip, bench.Driver.Fault);
    }

    [Fact]
    public void AProbeEndsTheAttemptsOfADriverWhoseStartFailed()
    {
        using var bench = new DriverBench();
        bench.Chip.Powered = false;
        bench.Start();
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.False(bench.Driver.Probe());
        Assert.Equal(Enc28j60State.Stopped, bench.Driver.State);
        Assert.Equal(1000, bench.Driver.Poll(bench.Now));
        bench.Run(3000);
        Assert.Equal(0u, bench.Driver.Counters.Restarts);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x01)]
    [InlineData(0x10)]
    [InlineData(0x0A)]
    [InlineData(0x0B)]
    [InlineData(0x18)]
    [InlineData(0x1E)]
    public void AResetIsBelievedWhenEachOfSevenRegistersHasItsResetValue(byte command)
    {
        // ERDPTL, ERDPTH, EDMASTL, ERXNDL, ERXNDH, ERXFCON, ECON2
        foreach (byte flipped in (byte[])[0x01, 0x80])
        {
            using var bench = new DriverBench();
            bool isReset = false;
            bench.Tap.Pass = first =>
            {
                isReset |= first == 0xFF;
                return true;
            };
            bench.Tap.Answer = (first, index, answer) => isReset && first == command && index == 1 ? (byte)(answer ^ flipped) : answer;
            bench.Driver.StartChip();
            Assert.Equal(Enc28j60Fault.ResetIgnored, bench.Driver.Fault);
        }
    }

    [Fact]
    public void NoneOfTheseHasItsResetValueBeforehand()
    {
        using var bench = new DriverBench();
        int filters = -1;
        int pointer = -1;
        bench.Tap.Pass = first =>
        {
            if (first == 0xFF)
            {
                filters = bench.Chip.PeekRegister(Reg.ERXFCON);
                pointer = bench.Chip.PeekPair(Reg.ERDPTL);
            }

            return true;
        };
        bench.Driver.StartChip();
        Assert.Equal(Enc28j60State.Starting, bench.Driver.State);
        Assert.Equal(0, filters);
        Assert.NotEqual(0x05FA, pointer);
    }

    [Fact]
    public void AChipThatSleepsIsGivenTwoHundredLooksToWakeBeforeItIsReset()
    {
        // DS80349C 19; here it never wakes
        using var bench = new DriverBench();
        bench.Chip.Faults.DeadOscillator = true;
        bench.Chip.PowerOnReset();
        bench.Tap.Log = [];
        bench.Driver.StartChip();
        int end = bench.Tap.Log.FindIndex(w => w[0] == 0xFF);
        int begin = bench.Tap.Log.FindIndex(w => w[0] == 0xBE);
        Assert.Equal(0x28, bench.Tap.Log[begin][1]);
        Assert.Equal(200, bench.Tap.Log.Skip(begin).Take(end - begin).Count(w => w[0] == 0x1D));
    }

    [Fact]
    public void AChipThatIsAwakeIsLookedAtOnce()
    {
        using var bench = new DriverBench();
        bench.Clock.Advance(1_000_000);
        bench.Tap.Log = [];
        bench.Driver.StartChip();
        int end = bench.Tap.Log.FindIndex(w => w[0] == 0xFF);
        int begin = bench.Tap.Log.FindIndex(w => w[0] == 0xBE);
        Assert.Equal(1, bench.Tap.Log.Skip(begin).Take(end - begin).Count(w => w[0] == 0x1D));
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
    public void ProbingAChipAtWorkDisturbsNothing()
    {
        using DriverBench bench = DriverBench.Running();
        uint transfers = bench.Transfers;
        Assert.True(bench.Driver.Probe());
        Assert.Equal(transfers, bench.Transfers);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
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
}
