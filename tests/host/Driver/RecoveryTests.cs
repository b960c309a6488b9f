// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>The chip is reset, unplugged, starved and disturbed behind the driver's back, and comes back without anybody's help.</summary>
public class RecoveryTests
{
    [Fact]
    public void AChipThatWasResetIsNoticedAndStartedAgain()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(11_000);
        bench.Chip.SpontaneousReset();
        bench.RunUntil(() => bench.Driver.Counters.Restarts == 1, 100);
        Assert.False(bench.Driver.IsLinkUp);
        Assert.Equal(Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
        Assert.Equal(Enc28j60Fault.ChipLost, bench.Driver.Fault);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        Assert.Equal(Enc28j60Fault.None, bench.Driver.Fault);
        Assert.Equal(1u, bench.Driver.Counters.Recoveries(Enc28j60Recovery.RegistersLost));
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.SendAndFinish(DriverBench.MakeFrame(1514, 2));
        Assert.Single(bench.Sent);
        bench.AssertClean();
    }

    [Fact]
    public void ADipOfTheSupplyIsSurvivedAgainAndAgain()
    {
        using DriverBench bench = DriverBench.Running(new ChipOptions { Strap = DuplexStrap.Random });
        for (uint i = 1; i <= 5; i++)
        {
            bench.Run(11_000);
            bench.Chip.PowerOnReset();
            bench.RunUntil(() => bench.Driver.Counters.Restarts == i, 100);
            bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
            bench.Exchange(DriverBench.MakeFrame(60, (int)i));
        }

        bench.AssertClean();
    }

    [Theory]
    [InlineData(Reg.ECON1)]
    [InlineData(Reg.MACON1)]
    [InlineData(Reg.ERXFCON)]
    [InlineData(Reg.EDMADSTH)]
    [InlineData(Reg.ECON2)]
    public void ARegisterThatMattersIsMissedWithinSeconds(int register)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.PokeRegister(register, 0);
        bench.RunUntil(() => bench.Driver.Counters.Restarts == 1, 2500);
        Assert.Equal(Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }

    [Theory]
    [InlineData(Reg.ERXNDL)]
    [InlineData(Reg.ETXSTH)]
    [InlineData(Reg.MACON3)]
    [InlineData(Reg.MACON4)]
    [InlineData(Reg.MABBIPG)]
    [InlineData(Reg.MAIPGH)]
    [InlineData(Reg.MACLCON2)]
    [InlineData(Reg.MAMXFLH)]
    [InlineData(Reg.MAADR1)]
    [InlineData(Reg.MAADR6)]
    public void AnyOtherIsMissedInTurn(int register)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.PokeRegister(register, 0x01);
        bench.RunUntil(() => bench.Driver.Counters.Restarts == 1, 20_000);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }

    [Fact]
    public void AnUnpluggedChipIsLookedForWithPatience()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(11_000);
        bench.Chip.Powered = false;
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Failed, 100);
        Assert.Equal(Enc28j60Recovery.NoAnswer, bench.Driver.LastRecovery);

        // 0, 100, 200, 400 ... 3200, 5000 ms: in ten minutes that is 7 quick attempts and 119 slow ones
        bench.Run(600_000);
        Assert.Equal(Enc28j60Fault.AnswersAllOnes, bench.Driver.Fault);
        Assert.InRange(bench.Driver.Counters.Recoveries(Enc28j60Recovery.StartFailed), 125u, 127u);
        Assert.Equal(Enc28j60Recovery.StartFailed, bench.Driver.LastRecovery);

        bench.Chip.Powered = true;
        bench.RunUntil(() => bench.Driver.IsLinkUp, 5500);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.SendAndFinish(DriverBench.MakeFrame(60, 2));
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void AStuckLineIsSurvived(byte value)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(3000);
        bench.Chip.Faults.MisoStuck = value;
        bench.RunUntil(() => bench.Driver.Counters.Restarts > 0, 4000);
        bench.Run(1000);
        bench.Chip.Faults.MisoStuck = null;
        bench.RunUntil(() => bench.Driver.IsLinkUp, 10_000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }

    [Fact]
    public void AFailedStartIsTriedAgainWithoutAskingFor()
    {
        using var bench = new DriverBench();
        bench.Chip.Powered = false;
        bench.Start();
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        bench.Run(1000);
        bench.Chip.Powered = true;
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Running, 3000);
        bench.AttachPool([64, 1518], [4, 4]);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }

    [Fact]
    public void ARestartNeedsNoSystemResetAndAllocatesNothing()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(100);
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Running, 10);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        int resets = 0;
        bench.Tap.Pass = first =>
        {
            resets += first == 0xFF ? 1 : 0;
            return true;
        };
        for (int i = 0; i < 3; i++)
        {
            bench.Driver.Restart();
            // takes this thread's allocation buffer away before another test's collection does, which would count as allocated
            GC.Collect();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int k = 0; k < 60; k++)
            {
                bench.Driver.Poll(bench.Now);
                bench.Clock.Advance(1_000_000);
            }

            // the first time the runtime itself may still have something to make
            Assert.True(i == 0 || GC.GetAllocatedBytesForCurrentThread() == before);
            Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        }

        Assert.Equal(0, resets);
        Assert.Equal(4u, bench.Driver.Counters.Recoveries(Enc28j60Recovery.Requested));
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.AssertClean();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARestartUndoesWhateverTheRegistersHold(bool isAsleep)
    {
        // every register that can be written at something else than it should be, and packets of a former life
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(80);
        int[] registers =
        [
            Reg.ERDPTL, Reg.EWRPTH, Reg.ETXSTL, Reg.ETXSTH, Reg.ETXNDL, Reg.ERXSTL, Reg.ERXNDL, Reg.ERXNDH, Reg.EDMASTL,
            Reg.EHT0, Reg.EHT0 + 7, Reg.EPMM0, Reg.EPMM0 + 7, Reg.EPMOL, Reg.ERXFCON, Reg.MACON1, Reg.MACON3, Reg.MACON4, Reg.MABBIPG,
            Reg.MAIPGL, Reg.MAIPGH, Reg.MACLCON1, Reg.MACLCON2, Reg.MAMXFLL, Reg.MAMXFLH, Reg.MAADR1, Reg.MAADR2, Reg.MAADR3, Reg.MAADR4,
            Reg.MAADR5, Reg.MAADR6, Reg.ECOCON, Reg.EIE, Reg.EBSTCON, Reg.EFLOCON,
        ];
        bench.Driver.Restart();
        foreach (int register in registers)
        {
            bench.Chip.PokeRegister(register, (byte)(0x05 ^ bench.Chip.PeekRegister(register)));
        }

        bench.Chip.PokeRegister(Reg.ECON1, 0);
        if (isAsleep)
        {
            bench.Chip.PokeRegister(Reg.ECON2, 0x28);
        }

        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Running, 10);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        using DriverBench fresh = DriverBench.Running();
        int[] working = [Reg.ERDPTL, Reg.EWRPTH, Reg.ETXNDL, Reg.EDMASTL];
        foreach (int register in registers.Except(working))
        {
            Assert.Equal(fresh.Chip.PeekRegister(register), bench.Chip.PeekRegister(register));
        }

        Assert.Null(bench.Receive());
        bench.Exchange(DriverBench.MakeFrame(60, 200));
        bench.SendAndFinish(DriverBench.MakeFrame(1514, 2));
        Assert.Single(bench.Sent);
    }

    [Fact]
    public void ARestartLetsTheFrameOnTheWireOut()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.True(bench.Send(DriverBench.MakeFrame(1514, 1)));
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 100);
        Assert.Single(bench.Sent);
        Assert.Empty(bench.SentBroken);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.AssertClean();
    }

    [Fact]
    public void ADeafReceiverIsResetOnceItIsEmpty()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.Faults.DeafAfterOverflow = true;
        bench.Deliver(100);
        for (int i = 0; i < 95; i++)
        {
            Assert.Equal(DriverBench.MakeFrame(60, i), bench.Receive());
        }

        for (int i = 0; i < 5000 && bench.Driver.LastRecovery == Enc28j60Recovery.None; i++)
        {
            bench.Turn();
            Assert.Null(bench.Receive());
        }

        Assert.Equal(Enc28j60Recovery.DeafAfterOverrun, bench.Driver.LastRecovery);
        Assert.Equal(0u, bench.Driver.Counters.Restarts);
        bench.Exchange(DriverBench.MakeFrame(60, 200));
        Assert.True(bench.Driver.IsLinkUp);
        bench.AssertClean();
    }

    [Fact]
    public void SilenceAloneResetsNothing()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Run(300_000);
        Assert.InRange(bench.Driver.Counters.SilenceChecks, 9u, 10u);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
        bench.Exchange(DriverBench.MakeFrame(60, 2));
        bench.AssertClean();
    }

    [Fact]
    public void AReceiverOutOfStepIsFoundInSilence()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Chip.PokeRegister(Reg.ERXWRPTL, 0x90);
        bench.RunUntil(() => bench.Driver.LastRecovery != Enc28j60Recovery.None, 40_000);
        Assert.Equal(Enc28j60Recovery.ReceiverOutOfStep, bench.Driver.LastRecovery);
        bench.Exchange(DriverBench.MakeFrame(60, 2));
    }

    [Fact]
    public void ATransmitterThatNeverEndsStartsTheChipAnew()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(11_000);
        bench.Chip.OccupyMedium(2_500_000_000);
        for (int i = 0; i < 4; i++)
        {
            Assert.True(bench.Send(DriverBench.MakeFrame(60, i)));
            bench.RunUntil(() => bench.Driver.Counters.TransmitTimeouts == i + 1, 1000);
        }

        bench.RunUntil(() => bench.Driver.LastRecovery == Enc28j60Recovery.TransmitterStuck, 100);
        bench.Run(500);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 9));
        Assert.Single(bench.Sent);
    }

    [Theory]
    [InlineData(0x00, 0x0100)]
    [InlineData(0x10, 0x0000)]
    public void APhyThatLostItsSettingsIsNoticed(int register, int value)
    {
        using DriverBench bench = DriverBench.Running();

        // MIREGADR, MIWRL, MIWRH as a former program would: bank 2, then back to what the driver believes
        byte bank = (byte)(bench.Chip.PeekRegister(Reg.ECON1) & 3);
        Raw(bench, 0xBF, 3);
        Raw(bench, 0x9F, 2);
        Raw(bench, 0x54, (byte)register);
        Raw(bench, 0x56, (byte)value);
        Raw(bench, 0x57, (byte)(value >> 8));
        Raw(bench, 0xBF, 3);
        Raw(bench, 0x9F, bank);
        bench.RunUntil(() => bench.Driver.Counters.Restarts == 1, 6000);
        Assert.Equal(Enc28j60Recovery.RegistersLost, bench.Driver.LastRecovery);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        Assert.Equal(0x0000, bench.Chip.PeekPhy(0x00));
        Assert.Equal(0x0100, bench.Chip.PeekPhy(0x10));
    }

    [Fact]
    public void TheListenerIsToldOfEverything()
    {
        var listener = new Notes();
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { Listener = listener });
        bench.Run(11_000);
        bench.Chip.SpontaneousReset();
        bench.RunUntil(() => bench.Driver.Counters.Restarts == 1, 100);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);

        // the look at the link may come before the look for a reset, or after it
        Assert.Equal("up", listener.All[0]);
        Assert.Equal(["RegistersLost", "down"], listener.All[1..3].Order(StringComparer.Ordinal));
        Assert.Equal(["up"], listener.All[3..]);
    }

    [Fact]
    public void AnAlmostRightStatusByteIsSuspicious()
    {
        using DriverBench bench = DriverBench.Running();
        int glitches = 1;
        bench.Tap.Answer = (first, index, answer) => first == 0x1C && index == 1 && glitches-- > 0 ? (byte)0xFF : answer;
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));
        Assert.False(bench.Driver.CanSend);
        bench.Clock.Advance(100_000);
        Assert.True(bench.Driver.CanSend);
        bench.Run(100);
        Assert.Equal(1u, bench.Driver.Counters.Suspicions);
        Assert.Equal(1u, bench.Driver.Counters.FramesSent);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
        bench.AssertClean();
    }

    private static void Raw(DriverBench bench, params ReadOnlySpan<byte> bytes)
    {
        bench.Chip.Select();
        foreach (byte value in bytes)
        {
            bench.Chip.Exchange(value);
        }

        bench.Chip.Deselect();
    }

    private sealed class Notes : Enc28j60Listener
    {
        public List<string> All { get; } = [];

        public override void OnLinkChanged(bool isUp) => All.Add(isUp ? "up" : "down");

        public override void OnRecovery(Enc28j60Recovery reason) => All.Add(reason.ToString());
    }

    [Fact]
    public void AnOverflowThatIsToldOfWhileTheBufferIsEmptyDoesNotPutOffTheCure()
    {
        using DriverBench bench = DriverBench.Running();
        Overflow(bench);
        int emptied = bench.Now;
        while (bench.Driver.LastRecovery == Enc28j60Recovery.None)
        {
            // again and again; the buffer is empty all the time
            bench.Chip.PokeRegister(Reg.EIR, (byte)(bench.Chip.PeekRegister(Reg.EIR) | 0x01));
            bench.Run(100);
            Assert.Null(bench.Receive());
            Assert.InRange(bench.Now - emptied, 0, 3800);
        }

        Assert.Equal(Enc28j60Recovery.DeafAfterOverrun, bench.Driver.LastRecovery);
    }

    [Fact]
    public void AnOverflowAfterAnOverflowIsOneOfItsOwn()
    {
        using DriverBench bench = DriverBench.Running();
        Overflow(bench);
        bench.Chip.Faults.DeafAfterOverflow = true;
        Overflow(bench);
        for (int i = 0; i < 4000 && bench.Driver.LastRecovery == Enc28j60Recovery.None; i++)
        {
            bench.Turn();
            Assert.Null(bench.Receive());
        }

        Assert.Equal(Enc28j60Recovery.DeafAfterOverrun, bench.Driver.LastRecovery);
    }

    /// <summary>Fills the buffer beyond its end, lets the driver see that, and empties it.</summary>
    private static void Overflow(DriverBench bench)
    {
        bench.Deliver(100);
        uint overruns = bench.Driver.Counters.ReceiveOverruns;
        bench.RunUntil(() => bench.Driver.Counters.ReceiveOverruns > overruns, 300);
        while (bench.Receive() != null)
        {
        }
    }
}
