// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>What the driver does in each state, when it wants to be called again, and what one state leaves to the next.</summary>
public class StateTests
{
    [Fact]
    public void OnlyAChipThatRunsIsPutToSleepAndOnlyASleepingOneWoken()
    {
        using var bench = new DriverBench();
        Assert.False(bench.Driver.Sleep());
        bench.Driver.StartChip();
        Assert.Equal(Enc28j60State.Starting, bench.Driver.State);
        Assert.False(bench.Driver.Sleep());
        Assert.False(bench.Driver.Wake());
        bench.Chip.Powered = false;
        bench.Start();
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.False(bench.Driver.Sleep());
        bench.Chip.Powered = true;
        bench.Start();
        Assert.True(bench.Driver.Sleep());
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Sleeping, 50);
        bench.Run(20);
        Assert.False(bench.Driver.Sleep());
        Assert.True(bench.Driver.Wake());
        Assert.False(bench.Driver.Wake());
    }

    [Fact]
    public void WithoutThePinAWaitIsASleep()
    {
        using DriverBench bench = DriverBench.Running();
        uint transfers = bench.Transfers;
        long began = Stopwatch.GetTimestamp();
        Assert.False(bench.Driver.WaitForInterrupt(10));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 8, 10_000);
        Assert.Equal(transfers, bench.Transfers);
    }

    [Fact]
    public void ThePinIsNotAskedForWhileTheChipDoesNotRun()
    {
        using var bench = new DriverBench(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        uint transfers = bench.Transfers;
        Assert.False(bench.Driver.WaitForInterrupt(0));
        Assert.Equal(transfers, bench.Transfers);
        bench.Driver.StartChip();
        transfers = bench.Transfers;
        Assert.False(bench.Driver.WaitForInterrupt(0));
        Assert.Equal(transfers, bench.Transfers);

        // nor once it is given up
        bench.Start();
        Assert.True(bench.Driver.Restart());
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        transfers = bench.Transfers;
        Assert.False(bench.Driver.WaitForInterrupt(0));
        Assert.Equal(transfers, bench.Transfers);
    }

    [Fact]
    public void AnEdgeFromBeforeTheWaitIsNone()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        bench.Run(300);
        while (bench.Driver.WaitForInterrupt(0))
        {
            bench.Run(60);
        }

        bench.Board.Gpio.Drive(DriverBench.InterruptPin, false);
        bench.Board.Gpio.Drive(DriverBench.InterruptPin, true);
        Assert.False(bench.Driver.WaitForInterrupt(0));
    }

    [Fact]
    public void ADriverThatStopsTellsThatThereIsNoLink()
    {
        var listener = new Links();
        DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { Listener = listener });
        Assert.Equal([true], listener.All);
        bench.Driver.Dispose();
        Assert.Equal([true, false], listener.All);
        Assert.False(bench.Driver.IsLinkUp);
    }

    [Fact]
    public void WaitsOfFailedStartsAreToldToTheLoop()
    {
        using var bench = new DriverBench();
        bench.Chip.Powered = false;
        bench.Driver.StartChip();
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        int now = 1000;
        foreach (int wait in (int[])[0, 100, 200, 400, 800, 1600, 3200, 5000, 5000])
        {
            if (wait > 0)
            {
                Assert.Equal(Math.Min(wait, 1000), bench.Driver.Poll(now));
                uint transfers = bench.Transfers;
                now += wait - 1;
                Assert.Equal(1, bench.Driver.Poll(now));
                Assert.Equal(transfers, bench.Transfers);
                now++;
            }

            Assert.Equal(0, bench.Driver.Poll(now));
            Assert.Equal(Enc28j60State.Starting, bench.Driver.State);
            Assert.Equal(0, bench.Driver.Poll(now));
            Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        }
    }

    [Fact]
    public void AfterAGoodStartTheWaitsBeginAnew()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1500);
        for (int outage = 0; outage < 2; outage++)
        {
            uint before = bench.Driver.Counters.Recoveries(Enc28j60Recovery.StartFailed);
            bench.Chip.Powered = false;

            // 0, 100, 300, 700, 1500 ms after the loss
            bench.Run(1300);
            Assert.InRange(bench.Driver.Counters.Recoveries(Enc28j60Recovery.StartFailed) - before, 3u, 4u);
            bench.Run(20_000);
            bench.Chip.Powered = true;
            bench.RunUntil(() => bench.Driver.IsLinkUp, 5500);
            bench.Run(1500);
        }
    }

    [Fact]
    public void AnApplicationsRestartDoesNotWait()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1500);
        bench.Chip.Powered = false;
        bench.Run(20_000);
        bench.Chip.Powered = true;
        Assert.True(bench.Driver.Restart());
        Assert.Equal(Enc28j60State.Starting, bench.Driver.State);
        Assert.Equal(1u, bench.Driver.Counters.Recoveries(Enc28j60Recovery.Requested));
        bench.RunUntil(() => bench.Driver.IsLinkUp, 100);

        // nor after one that failed, whatever failed before; the same goes for Start
        bench.Chip.Powered = false;
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Failed, 100);
        bench.Run(60);
        Assert.True(bench.Driver.Restart());
        Assert.Equal(Enc28j60State.Starting, bench.Driver.State);
        bench.Run(20_000);
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Failed, 6000);
        Assert.True(bench.Driver.Restart());
        bench.Driver.Poll(bench.Now);
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.Equal(0, bench.Driver.Poll(bench.Now));
        Assert.Equal(Enc28j60State.Starting, bench.Driver.State);
        bench.Driver.StartChip();
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.Equal(0, bench.Driver.Poll(bench.Now));
        Assert.Equal(Enc28j60State.Starting, bench.Driver.State);
        bench.Driver.Poll(bench.Now);
        Assert.Equal(100, bench.Driver.Poll(bench.Now));
    }

    [Theory]
    [InlineData(Enc28j60Options.NoPin)]
    [InlineData(DriverBench.InterruptPin)]
    public void AResetIsLookedForEveryEightyFourMilliseconds(int pin)
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = pin });
        bench.Run(100);
        var times = new List<int>();
        bench.Tap.Answer = (first, index, answer) =>
        {
            // ECON1
            if (first == 0x1F && index == 1)
            {
                times.Add(bench.Now);
            }

            return answer;
        };
        bench.Run(900);

        // others come with what is done every two seconds
        Assert.InRange(times.Count, 10, 11);
        Assert.All(Enumerable.Range(1, times.Count - 1), i => Assert.Equal(84, times[i] - times[i - 1]));
    }

    [Theory]
    [InlineData(83, false, false)]
    [InlineData(84, true, false)]
    [InlineData(249, true, false)]
    [InlineData(250, true, true)]
    public void HousekeepingComesWithTheFirstLookAfterAQuarterOfASecond(int milliseconds, bool isLook, bool isHousekeeping)
    {
        using var bench = new DriverBench();
        bench.Chip.LinkUp = false;
        bench.Clock.Advance(20_000_000_000);
        bench.Driver.StartChip();
        int now = bench.Now;
        while (bench.Driver.State == Enc28j60State.Starting)
        {
            bench.Clock.Advance(1_000_000);
            now = bench.Now;
            bench.Driver.Poll(now);
        }

        bench.Tap.Log = [];
        bench.Driver.Poll(now + milliseconds);
        Assert.Equal(isLook, bench.Tap.Log.Exists(w => w[0] == 0x1F));
        Assert.Equal(isHousekeeping, bench.Tap.Log.Exists(w => w[0] == 0x1C));

        // and the count of packets, but nothing else is read yet, what comes every two seconds least of all
        Assert.Equal((isLook ? 1 : 0) + (isHousekeeping ? 2 : 0), bench.Tap.Log.Count(w => w[0] < 0x20));
    }

    [Fact]
    public void TheLoopIsToldWhenToCallAgain()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        bench.Run(1000);
        var waits = new HashSet<int>();
        for (int i = 0; i < 100; i++)
        {
            int wait = bench.Driver.Poll(bench.Now);
            waits.Add(wait);
            bench.Clock.Advance(Math.Max(wait, 0) * 1_000_000L);
        }

        // fifty while nothing happens, what is left until the next look, and one while the PHY is being read
        Assert.Equal(50, waits.Max());
        Assert.Contains(34, waits);
        Assert.Contains(1, waits);
        Assert.DoesNotContain(0, waits);

        bench.Driver.Sleep();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Sleeping, 100);
        bench.RunUntil(() => (bench.Chip.PeekRegister(Reg.ECON2) & 0x20) != 0, 50);
        Assert.Equal(1000, bench.Driver.Poll(bench.Now));
        bench.Driver.Wake();
        Assert.Equal(1, bench.Driver.Poll(bench.Now));
    }

    [Fact]
    public void ARestartThatWaitsForAFrameOnTheWireIsLookedAtEveryMillisecond()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        bench.Run(300);
        Assert.True(bench.Send(DriverBench.MakeFrame(1514, 1)));
        bench.Driver.Restart();
        Assert.False(bench.Driver.CanSend);
        Assert.Equal(1, bench.Driver.Poll(bench.Now));
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        bench.Clock.Advance(1_300_000);
        Assert.Equal(0, bench.Driver.Poll(bench.Now));
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.Single(bench.Sent);
    }

    [Fact]
    public void AFilterChangeThatARestartMetIsNotGoneOnWith()
    {
        using DriverBench bench = DriverBench.Running();
        var busy = new Misreads(bench, Reg.ESTAT, int.MaxValue, 0x04);
        bench.Driver.JoinMulticast([0x01, 0, 0x5E, 0, 0, 1]);
        bench.Run(3);
        Assert.NotEqual(int.MaxValue, busy.Left);
        bench.Tap.Answer = null;
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 10);
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Running, 100);

        // the start has written all filters; now the receiver is on, and they must stay as they are
        Assert.Equal(0xA5, bench.Chip.PeekRegister(Reg.ERXFCON));
        bench.Tap.Log = [];
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        Assert.DoesNotContain(bench.Tap.Log, w => w[0] == 0x58);
        bench.AssertClean();
    }

    [Fact]
    public void APhyRegisterThatIsBeingReadIsReadBeforeTheChipSleeps()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1000);
        bench.RunUntil(() => !bench.Driver.IsPhyIdle, 300);

        // MISTAT.BUSY
        var busy = new Misreads(bench, Reg.MISTAT, int.MaxValue, 0x01);
        bench.Driver.Sleep();
        bench.Run(20);
        Assert.NotEqual(int.MaxValue, busy.Left);
        Assert.Equal(Enc28j60State.Sleeping, bench.Driver.State);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON2) & 0x20);
        bench.Tap.Answer = null;
        bench.RunUntil(() => (bench.Chip.PeekRegister(Reg.ECON2) & 0x20) != 0, 10);
        Assert.True(bench.Driver.IsPhyIdle);
        bench.AssertClean();
    }

    [Fact]
    public void ADisposedDriverTouchesNoChip()
    {
        using var bench = new DriverBench(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        Assert.True(bench.Driver.Probe());
        bench.Driver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bench.Driver.ReadMemory(0, new ushort[1]));
        Assert.Throws<ObjectDisposedException>(() => bench.Driver.Probe());
    }

    private sealed class Links : Enc28j60Listener
    {
        public List<bool> All { get; } = [];

        public override void OnLinkChanged(bool isUp) => All.Add(isUp);
    }
}
