// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>Full duplex, LEDs, clock output, pins, sleep: what can be chosen.</summary>
public class OptionTests
{
    [Fact]
    public void FullDuplexSetsMacAndPhyTogether()
    {
        using DriverBench bench = DriverBench.Running(new ChipOptions { Strap = DuplexStrap.Half }, driverOptions: new Enc28j60Options { FullDuplex = true });
        Enc28j60Chip chip = bench.Chip;
        Assert.Equal(0x0D, chip.PeekRegister(Reg.MACON1));
        Assert.Equal(0x33, chip.PeekRegister(Reg.MACON3));
        Assert.Equal(0x15, chip.PeekRegister(Reg.MABBIPG));
        Assert.Equal(0x0100, chip.PeekPhy(0x00));

        // both ways at once
        bench.Chip.Deliver(DriverBench.MakeFrame(1514, 1));
        Assert.True(bench.Send(DriverBench.MakeFrame(1514, 2)));
        bench.Clock.Advance(1_500_000);
        Assert.Equal(DriverBench.MakeFrame(1514, 1), bench.Receive());
        Assert.True(bench.Driver.CanSend);
        Assert.Single(bench.Sent);
        bench.Run(20_000);
        bench.AssertClean();
    }

    [Fact]
    public void APauseInFullDuplexIsNoStandstill()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { FullDuplex = true });
        byte[] pause = DriverBench.MakeFrame(60, 1, [0x01, 0x80, 0xC2, 0, 0, 1]);
        ((byte[])[0x88, 0x08, 0x00, 0x01, 0xFF, 0xFF]).CopyTo(pause, 12);
        bench.Deliver(pause);
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 2)));
        bench.Run(2000);
        Assert.False(bench.Driver.CanSend);
        bench.RunUntil(() => bench.Driver.CanSend, 2000);
        Assert.Single(bench.Sent);
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);
        bench.AssertClean();
    }

    [Fact]
    public void ADuplexMismatchIsNoticedOnce()
    {
        var listener = new Mismatches();
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { Listener = listener });
        for (int i = 0; i < 200; i++)
        {
            bench.Chip.ScriptCollision(200, 1);
            bench.SendAndFinish(DriverBench.MakeFrame(500, i));
        }

        Assert.True(bench.Driver.SuspectsDuplexMismatch);
        Assert.Equal(1, listener.Count);
        Assert.Equal(200u, bench.Driver.Counters.LateCollisions);
    }

    [Fact]
    public void LinkPulsesAreNoMismatch()
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 500; i++)
        {
            if (i % 12 == 0)
            {
                bench.Chip.ScriptFalseCollision(200, 1);
            }

            bench.SendAndFinish(DriverBench.MakeFrame(500, i));
        }

        Assert.False(bench.Driver.SuspectsDuplexMismatch);
        bench.AssertClean();
    }

    [Fact]
    public void LedsAndClockAreSetAsAskedFor()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options
        {
            LedA = Enc28j60Led.LinkAndActivity,
            LedB = Enc28j60Led.Collision,
            ClockOutput = Enc28j60ClockOutput.DividedBy2,
        });
        Assert.Equal(0x3D36, bench.Chip.PeekPhy(0x14));
        Assert.Equal(2, bench.Chip.PeekRegister(Reg.ECOCON));
        bench.AssertClean();
    }

    [Fact]
    public void TheResetPinIsPulsedAtTheStart()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { ResetPin = DriverBench.ResetPin });
        Assert.False(bench.Chip.ResetPinLow);

        // once by the pin and once over SPI
        Assert.InRange(bench.Chip.Counters.Resets, 3, 4);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.AssertClean();
    }

    [Fact]
    public void UnfitFramesAreDroppedBeforeTheChipSeesThem()
    {
        using DriverBench bench = DriverBench.Running(capacities: [1534], counts: [2]);
        Assert.True(bench.Send(DriverBench.MakeFrame(1515, 1)));
        Assert.True(bench.Send(DriverBench.MakeFrame(13, 1)));
        Assert.Equal(2u, bench.Driver.Counters.UnfitFrames);
        bench.Run(10);
        Assert.Empty(bench.Sent);
        bench.AssertClean();
    }

    [Fact]
    public void SleepsAndWakes()
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 10; i++)
        {
            Assert.True(bench.Send(DriverBench.MakeFrame(1514, i)));
            bench.Chip.Deliver(DriverBench.MakeFrame(300, i));
            bench.Clock.Advance(i * 150_000);
            Assert.True(bench.Driver.Sleep());
            Assert.False(bench.Driver.CanSend);
            bench.RunUntil(() => (bench.Chip.PeekRegister(Reg.ECON2) & 0x20) != 0, 50);
            Assert.Equal(Enc28j60State.Sleeping, bench.Driver.State);
            Assert.Equal(0x28, bench.Chip.PeekRegister(Reg.ECON2) & 0x28);
            Assert.Equal(i + 1, bench.Sent.Count);
            bench.Run(5000);
            Assert.False(bench.Driver.IsLinkUp);

            Assert.True(bench.Driver.Wake());
            bench.RunUntil(() => bench.Driver.IsLinkUp, 2000);
            Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON2) & 0x28);
            while (bench.Receive() != null)
            {
            }

            bench.Exchange(DriverBench.MakeFrame(60, i));
        }

        Assert.False(bench.Driver.Wake());
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
        bench.AssertClean();
    }

    [Fact]
    public void AChipThatDoesNotWakeUpIsStartedAgain()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Driver.Sleep();
        bench.Run(100);
        bench.Chip.Faults.DeadOscillator = true;
        bench.Driver.Wake();
        bench.RunUntil(() => bench.Driver.LastRecovery == Enc28j60Recovery.WakeFailed, 2000);
        bench.Run(200);
        Assert.Equal(Enc28j60Fault.ClockNotReady, bench.Driver.Fault);
        bench.Chip.Faults.DeadOscillator = false;
        bench.Chip.PowerOnReset();
        bench.RunUntil(() => bench.Driver.IsLinkUp, 5000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }

    [Fact]
    public void AChipThatWasResetInItsSleepIsNoticedAfterwards()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Driver.Sleep();
        bench.Run(100);
        bench.Chip.SpontaneousReset();
        bench.Driver.Wake();
        bench.RunUntil(() => bench.Driver.LastRecovery == Enc28j60Recovery.RegistersLost, 2000);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheInterruptPinTellsOfWhatIsPendingAlready(bool first)
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        Settle(bench);
        if (first)
        {
            bench.Deliver(DriverBench.MakeFrame(60, 1));
            Assert.False(bench.Chip.InterruptPinLow);
        }

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(first, bench.Driver.WaitForInterrupt(0));
            Assert.False(bench.Chip.InterruptPinLow);
        }

        Assert.Equal(first ? DriverBench.MakeFrame(60, 1) : null, bench.Receive());
        Assert.False(bench.Driver.WaitForInterrupt(0));
        bench.AssertClean();
    }

    [Fact]
    public void TheInterruptPinTellsOfFramesSentAndOfTheLink()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        Settle(bench);
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));
        bench.Clock.Advance(100_000);
        Assert.True(bench.Driver.WaitForInterrupt(0));
        bench.Driver.Poll(bench.Now);
        Assert.Equal(1u, bench.Driver.Counters.FramesSent);
        Settle(bench);

        bench.Chip.LinkUp = false;
        Assert.True(bench.Driver.WaitForInterrupt(0));
        bench.RunUntil(() => !bench.Driver.IsLinkUp, 10);
        bench.Chip.LinkUp = true;
        Assert.True(bench.Driver.WaitForInterrupt(0));
        bench.RunUntil(() => bench.Driver.IsLinkUp, 10);
        bench.AssertClean();
    }

    [Fact]
    public void WithThePinThereIsTimeToSleep()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        bench.Run(1000);
        uint before = bench.Transfers;
        bench.Run(10_000);
        Assert.InRange(bench.Transfers - before, 1u, 1000u);

        // an edge that is lost costs 50 ms, not the connection
        bench.Board.Gpio.LoseEdges = 1;
        bench.Deliver(DriverBench.MakeFrame(60, 1));
        Assert.False(bench.Driver.WaitForInterrupt(0));
        Assert.InRange(bench.Driver.Poll(bench.Now), 0, 50);
        Assert.Equal(DriverBench.MakeFrame(60, 1), bench.Receive());
        bench.AssertClean();
    }

    [Fact]
    public void AnOverflowIsServedWhenThePinSaysSo()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        Settle(bench);
        bench.Deliver(100);
        Assert.True(bench.Driver.WaitForInterrupt(0));
        bench.Driver.Poll(bench.Now);
        Assert.Equal(1u, bench.Driver.Counters.ReceiveOverruns);
        for (int i = 0; i < 95; i++)
        {
            Assert.Equal(DriverBench.MakeFrame(60, i), bench.Receive());
        }

        Assert.Null(bench.Receive());
        Assert.Equal(95u, bench.Driver.Counters.MostPacketsWaiting);
        Assert.False(bench.Driver.WaitForInterrupt(0));
        bench.AssertClean();
    }

    private static void Settle(DriverBench bench)
    {
        // the link's own interrupt from the start is served first
        bench.Run(300);
        while (bench.Driver.WaitForInterrupt(0))
        {
            bench.Run(60);
        }
    }

    private sealed class Mismatches : Enc28j60Listener
    {
        public int Count { get; private set; }

        public override void OnDuplexMismatch() => Count++;
    }

    [Fact]
    public void TheOscillatorIsWaitedForFiftyMilliseconds()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Driver.Sleep();
        bench.Run(100);
        bench.Chip.Faults.DeadOscillator = true;
        bench.Driver.Wake();
        bench.Driver.Poll(bench.Now);
        int began = bench.Now;
        while (bench.Driver.LastRecovery == Enc28j60Recovery.None)
        {
            Assert.InRange(bench.Now - began, 0, 50);
            bench.Clock.Advance(1_000_000);
            bench.Driver.Poll(bench.Now);
        }

        Assert.Equal(50, bench.Now - began);
        Assert.Equal(Enc28j60Recovery.WakeFailed, bench.Driver.LastRecovery);
    }

    [Fact]
    public void WithThePinEverySourceOfInterruptsThatIsServedIsOn()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });

        // PKTIE, LINKIE, TXIE, TXERIE, RXERIE; INTIE only while somebody waits
        Assert.Equal(0x5B, bench.Chip.PeekRegister(Reg.EIE));
    }
}
