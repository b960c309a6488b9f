// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>One wrong answer is a disturbance of the wire, the same one twice a chip that has lost its settings.</summary>
public class MisreadTests
{
    [Theory]
    [InlineData(Reg.ECON1, 0x04)]
    [InlineData(Reg.ESTAT, 0x01)]
    [InlineData(Reg.ESTAT, 0x08)]
    [InlineData(Reg.ECON2, 0x80)]
    [InlineData(Reg.ECON2, 0x01)]
    [InlineData(Reg.EIE, 0x01)]
    [InlineData(Reg.EIE, 0x40)]
    [InlineData(Reg.EDMADSTL, 0x01)]
    [InlineData(Reg.EDMADSTH, 0x01)]
    [InlineData(Reg.EDMADSTL, 0x80)]
    [InlineData(Reg.ERXFCON, 0x20)]
    [InlineData(Reg.MACON1, 0x01)]
    [InlineData(Reg.EREVID, 0x01)]
    public void WhatSaysMostIsReadAgainBeforeItIsBelieved(int register, byte flipped)
    {
        foreach (int misreads in (int[])[1, 2])
        {
            using DriverBench bench = Quiet();
            var wrong = new Misreads(bench, register, misreads, flipped);
            bench.Run(2200);
            Assert.Equal(0, wrong.Left);
            Assert.Equal(misreads == 1 ? Enc28j60Recovery.None : Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
        }
    }

    [Theory]
    [InlineData(Reg.ERXSTL)]
    [InlineData(Reg.ERXSTH)]
    [InlineData(Reg.ERXNDL)]
    [InlineData(Reg.ERXNDH)]
    [InlineData(Reg.ETXSTL)]
    [InlineData(Reg.ETXSTH)]
    [InlineData(Reg.ECOCON)]
    [InlineData(Reg.MACON3)]
    [InlineData(Reg.MACLCON1)]
    [InlineData(Reg.MAADR6)]
    public void TheOthersTooEachOfThemEveryTwelveSeconds(int register)
    {
        foreach (int misreads in (int[])[1, 2])
        {
            using DriverBench bench = Quiet();
            bench.Run(13_000);
            var wrong = new Misreads(bench, register, misreads, 0x01);
            bench.Run(12_300);
            Assert.Equal(0, wrong.Left);
            Assert.Equal(misreads == 1 ? Enc28j60Recovery.None : Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
        }
    }

    [Theory]
    [InlineData(Reg.ESTAT, 0xE6)]
    [InlineData(Reg.EIE, 0x80)]
    [InlineData(Reg.ECON1, 0x08)]
    public void BitsThatComeAndGoSayNothing(int register, byte flipped)
    {
        using DriverBench bench = Quiet();
        var wrong = new Misreads(bench, register, int.MaxValue, flipped);
        bench.Run(4500);
        Assert.InRange(wrong.Left, 0, int.MaxValue - 1);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
    }

    [Theory]
    [InlineData(Reg.ERXWRPTL)]
    [InlineData(Reg.ERXWRPTH)]
    public void WhereTheHardwareWritesIsReadTwiceToo(int register)
    {
        foreach (int misreads in (int[])[1, 2])
        {
            using DriverBench bench = Quiet();
            bench.Exchange(DriverBench.MakeFrame(1000, 1));
            var wrong = new Misreads(bench, register, misreads, 0x01);
            bench.Run(31_000);
            Assert.Equal(0, wrong.Left);
            Assert.Equal(misreads == 1 ? Enc28j60Recovery.None : Enc28j60Recovery.ReceiverOutOfStep, bench.Driver.LastRecovery);
            Assert.Equal(misreads == 1 ? 0u : 1u, bench.Driver.Counters.ReceiverResets);
            Assert.Equal(0u, bench.Driver.Counters.Restarts);
            bench.Exchange(DriverBench.MakeFrame(60, 2));
        }
    }

    [Fact]
    public void WhereTheHardwareWritesIsLookedAtInSilenceOnly()
    {
        using DriverBench bench = Quiet();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        int looks = 0;
        bench.Tap.Answer = (first, index, answer) =>
        {
            looks += first == Reg.ERXWRPTL && index == 1 ? 1 : 0;
            return answer;
        };
        bench.Run(29_900);
        Assert.Equal(0, looks);
        bench.Run(900);
        Assert.Equal(1, looks);
        bench.Run(28_900);
        Assert.Equal(1, looks);
    }

    [Fact]
    public void AReceiverThatNeverPassedAPacketIsNotTested()
    {
        using DriverBench bench = Quiet();
        bench.Chip.PokeRegister(Reg.ERXWRPTL, 0x90);
        bench.Run(31_000);
        Assert.Equal(1u, bench.Driver.Counters.SilenceChecks);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
    }

    [Fact]
    public void ALookAtWhatSaysMostComesEveryTwoSeconds()
    {
        using DriverBench bench = DriverBench.Running();
        var times = new List<int>();
        bench.Tap.Answer = (first, index, answer) =>
        {
            // EREVID
            if (first == 0x12 && index == 1)
            {
                times.Add(bench.Now);
            }

            return answer;
        };
        bench.Run(6500);
        Assert.Equal(3, times.Count);
        Assert.Equal(2000, times[1] - times[0]);
        Assert.Equal(2000, times[2] - times[1]);
    }

    [Theory]
    [InlineData(0x80, 1u)]
    [InlineData(0x04, 1u)]
    [InlineData(0x20, 0u)]
    [InlineData(0x40, 0u)]
    public void BitsOfEirThatNoChipSetsAreSuspicious(byte bits, uint suspicions)
    {
        using DriverBench bench = DriverBench.Running();
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));
        bench.Tap.Answer = (first, index, answer) => first == 0x1C && index == 1 ? (byte)(answer | bits) : answer;
        Assert.False(bench.Driver.CanSend);
        bench.Tap.Answer = null;
        Assert.Equal(suspicions, bench.Driver.Counters.Suspicions);
        bench.Clock.Advance(100_000);
        Assert.True(bench.Driver.CanSend);
    }

    [Theory]
    [InlineData(ChipOptions.RevisionB5)]
    [InlineData(0x00)]
    public void AChipThatHasLostItsSettingsAndTellsAnotherRevisionDoesNotAnswer(byte revision)
    {
        using DriverBench bench = Quiet();
        bench.Tap.Answer = (first, index, answer) => first == 0x12 && index == 1 ? revision : answer;
        bench.Chip.SpontaneousReset();
        bench.RunUntil(() => bench.Driver.LastRecovery != Enc28j60Recovery.None, 150);
        Assert.Equal(Enc28j60Recovery.NoAnswer, bench.Driver.LastRecovery);
    }

    [Fact]
    public void AFilterThatIsBeingChangedIsNoResetAlthoughReceptionIsOff()
    {
        // RXBUSY for so long that the look for a reset falls into it, wherever that is
        for (int phase = 0; phase < 90; phase += 6)
        {
            using DriverBench bench = DriverBench.Running();
            bench.Run(phase);
            var busy = new Misreads(bench, Reg.ESTAT, int.MaxValue, 0x04);
            Assert.True(bench.Driver.JoinMulticast([0x01, 0, 0x5E, 0, 0, 1]));
            bench.Run(9);
            Assert.False(bench.Driver.CanSend);
            bench.Run(90);
            Assert.NotEqual(int.MaxValue, busy.Left);
            Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
        }
    }

    /// <summary>A bench whose interrupt pin is wired, so that it is polled twenty times a second.</summary>
    private static DriverBench Quiet()
    {
        DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        bench.Run(100);
        return bench;
    }
}
