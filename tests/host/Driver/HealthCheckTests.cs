// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>What one odd answer sets off: everything is looked at, at once and once.</summary>
public class HealthCheckTests
{
    [Fact]
    public void OnSuspicionTheRegistersThatSayMostAreLookedAtInTheNextPoll()
    {
        // far from the turn that comes every two seconds
        using DriverBench bench = DriverBench.Running();
        bench.Run(2500);
        bench.Chip.PokeRegister(Reg.MACON1, 0);
        MakeSuspicious(bench);
        bench.RunUntil(() => bench.Driver.LastRecovery == Enc28j60Recovery.RegistersLost, 3);
    }

    [Theory]
    [InlineData(Reg.ERXNDL)]
    [InlineData(Reg.ETXSTH)]
    [InlineData(Reg.ECOCON)]
    [InlineData(Reg.MACON3)]
    [InlineData(Reg.MAMXFLH)]
    [InlineData(Reg.MAADR1)]
    [InlineData(Reg.MAADR6)]
    public void OnSuspicionAllOthersAreLookedAtInTheNextPolls(int register)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(2500);
        MakeSuspicious(bench);
        bench.Chip.PokeRegister(register, (byte)(bench.Chip.PeekRegister(register) ^ 0x05));

        // 23 registers, four in a poll
        bench.RunUntil(() => bench.Driver.LastRecovery == Enc28j60Recovery.RegistersLost, 8);
    }

    [Fact]
    public void ASuspicionCostsSomeDozensOfTransfersAndIsOver()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(2510);
        uint before = bench.Transfers;
        bench.Run(1200);
        uint usual = bench.Transfers - before;
        bench.Run(900);
        MakeSuspicious(bench);
        before = bench.Transfers;
        bench.Run(1200);

        // 24 registers of the one kind and 11 of the other, each bank change one or two more
        Assert.InRange(bench.Transfers - before, usual + 30, usual + 100);
        Assert.Equal(1u, bench.Driver.Counters.Suspicions);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
    }

    [Fact]
    public void ASecondSuspicionDuringTheFirstIsPartOfIt()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(2500);
        MakeSuspicious(bench);
        MakeSuspicious(bench);
        Assert.Equal(1u, bench.Driver.Counters.Suspicions);
        bench.Run(100);
        MakeSuspicious(bench);
        Assert.Equal(2u, bench.Driver.Counters.Suspicions);
    }

    [Fact]
    public void SilenceIsThirtySecondsWithoutAPacketWhileTheLinkIsUp()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(10_000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Run(29_600);
        Assert.Equal(0u, bench.Driver.Counters.SilenceChecks);
        bench.Run(800);
        Assert.Equal(1u, bench.Driver.Counters.SilenceChecks);
        bench.Run(29_300);
        Assert.Equal(1u, bench.Driver.Counters.SilenceChecks);
        bench.Run(1100);
        Assert.Equal(2u, bench.Driver.Counters.SilenceChecks);

        bench.Run(20_000);
        bench.Chip.LinkUp = false;
        bench.Run(1000);
        bench.Chip.LinkUp = true;
        bench.Run(29_000);
        Assert.Equal(2u, bench.Driver.Counters.SilenceChecks);
    }

    [Fact]
    public void PacketsThatNobodyTakesAreNoReasonToResetTheReceiver()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Chip.Deliver(DriverBench.MakeFrame(60, 2));
        bench.Run(70_000);
        Assert.InRange(bench.Driver.Counters.SilenceChecks, 2u, 3u);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
        Assert.Equal(DriverBench.MakeFrame(60, 2), bench.Receive());
    }

    [Fact]
    public void APacketThatComesInDuringTheTestForSilenceIsNoReasonEither()
    {
        // between any two transfers of the turn in which the receiver is tested
        for (int boundary = 0; boundary < 40; boundary++)
        {
            using DriverBench bench = DriverBench.Running();
            bench.Exchange(DriverBench.MakeFrame(60, 1));
            bench.Run(29_500);
            int countdown = boundary;
            bool testing = false;
            bench.Tap.Before = () =>
            {
                testing |= bench.Driver.Counters.SilenceChecks > 0;
                if (testing && countdown-- == 0)
                {
                    bench.Deliver(DriverBench.MakeFrame(60, 2));
                }
            };
            bench.Run(1500);
            bench.Tap.Before = null;
            Assert.True(countdown < 0);
            Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
            Assert.Equal(DriverBench.MakeFrame(60, 2), bench.Receive());
        }
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

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue - 40_000)]
    public void SilenceIsThirtySecondsToTheMillisecond(int start)
    {
        var counters = new Enc28j60Counters();
        var check = new HealthCheck(null!, counters);
        check.Begin(start, ChipOptions.RevisionB7, 5);
        Assert.False(check.IsSilent(start + 29_999, 5, true));
        Assert.True(check.IsSilent(start + 30_000, 5, true));
        Assert.Equal(1u, counters.SilenceChecks);
        Assert.Equal(1u, counters.Suspicions);
        Assert.False(check.IsSilent(unchecked(start + 59_999), 5, true));

        // a frame, and a link that was down, begin it anew
        Assert.False(check.IsSilent(unchecked(start + 60_000), 6, true));
        Assert.False(check.IsSilent(unchecked(start + 89_999), 6, true));
        Assert.False(check.IsSilent(unchecked(start + 90_000), 6, false));
        Assert.False(check.IsSilent(unchecked(start + 119_999), 6, true));
        Assert.True(check.IsSilent(unchecked(start + 120_000), 6, true));
        Assert.Equal(2u, counters.SilenceChecks);
    }

    private static void MakeSuspicious(DriverBench bench)
    {
        int glitches = 1;
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));
        bench.Tap.Answer = (first, index, answer) => first == 0x1C && index == 1 && glitches-- > 0 ? (byte)0xFF : answer;
        Assert.False(bench.Driver.CanSend);
        bench.Tap.Answer = null;
        bench.Clock.Advance(100_000);
        Assert.True(bench.Driver.CanSend);
    }
}
