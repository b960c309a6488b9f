// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Threading;
using Iot.Device.Enc28j60;
using TcpIp.Threading;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>The chip as the network thread starts it and sleeps on it, while other threads may use it under the lock.</summary>
public class ControllerTests
{
    private const int IntIe = 0x80;

    private readonly HostThreads _threads = new();

    [Fact]
    public void WithThePinASleepEndsWithAFrameAndTouchesTheBusOnlyWhenItBeginsAndEnds()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        Enc28j60Controller controller = new(bench.Driver, _threads);
        Settle(bench);
        controller.BeginSleep();
        Assert.NotEqual(0, bench.Chip.PeekRegister(Reg.EIE) & IntIe);
        uint transfers = bench.Transfers;
        controller.Sleep(1);
        bench.Deliver(DriverBench.MakeFrame(60, 1));
        controller.Sleep(10_000);
        Assert.Equal(transfers, bench.Transfers);
        controller.EndSleep();
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EIE) & IntIe);
        bench.Driver.Poll(bench.Now);
        Assert.Equal(DriverBench.MakeFrame(60, 1), bench.Receive());

        // what waits already makes an edge, too
        bench.Deliver(DriverBench.MakeFrame(60, 2));
        controller.BeginSleep();
        controller.Sleep(10_000);
        controller.EndSleep();
        bench.Driver.Poll(bench.Now);
        Assert.Equal(DriverBench.MakeFrame(60, 2), bench.Receive());
        bench.AssertClean();
    }

    [Fact]
    public void AnotherThreadMaySendWhileTheNetworkThreadSleepsAndTheSleepStillEndsWithAFrame()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        Enc28j60Controller controller = new(bench.Driver, _threads);
        Settle(bench);
        for (int i = 0; i < 20; i++)
        {
            controller.BeginSleep();
            bench.SendAndFinish(DriverBench.MakeFrame(60, i));
            bench.Deliver(DriverBench.MakeFrame(60, 100 + i));
            controller.Sleep(10_000);
            controller.EndSleep();
            bench.Driver.Poll(bench.Now);
            Assert.Equal(DriverBench.MakeFrame(60, 100 + i), bench.Receive());
            Assert.Null(bench.Receive());
        }

        Assert.Equal(20, bench.Sent.Count);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(DriverBench.InterruptPin)]
    [InlineData(Enc28j60Options.NoPin)]
    public void AnyThreadEndsTheSleepWithoutTheBus(int pin)
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = pin });
        Enc28j60Controller controller = new(bench.Driver, _threads);
        Settle(bench);
        controller.BeginSleep();
        uint transfers = bench.Transfers;
        long beganAt = Environment.TickCount64;
        Thread waker = new(() =>
        {
            Thread.Sleep(20);
            controller.Wake();
        });
        waker.Start();
        controller.Sleep(30_000);
        waker.Join();
        Assert.InRange(Environment.TickCount64 - beganAt, 0, 20_000);
        controller.Sleep(0);
        Assert.Equal(transfers, bench.Transfers);
        controller.EndSleep();
        bench.AssertClean();
    }

    [Fact]
    public void AChipThatDoesNotRunIsNotAskedToUseThePin()
    {
        using DriverBench bench = new(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        Enc28j60Controller controller = new(bench.Driver, _threads);
        Assert.Null(controller.Find());
        bench.AttachPool([64, 1522], [4, 4]);
        controller.Start(bench.Pool);
        Assert.Equal(Enc28j60State.Starting, bench.Driver.State);
        uint transfers = bench.Transfers;
        controller.BeginSleep();
        controller.Sleep(1);
        controller.EndSleep();
        Assert.Equal(transfers, bench.Transfers);
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Running, 5000);
        Assert.Same(bench.Driver, controller.Interface);
        Assert.Same(bench.Driver, controller.Driver);
        Assert.Equal((50, 100), (controller.StayAwake, controller.LongestSleep));
    }

    /// <summary>The generator is constant here, and the address and the time are the same.</summary>
    [Fact]
    public void RandomNumbersAreTheChipsOwnToo()
    {
        uint[] one = DrawFrom(chipSeed: 1);
        Assert.Equal(one, DrawFrom(chipSeed: 1));
        Assert.NotEqual(one, DrawFrom(chipSeed: 2));
    }

    [Fact]
    public void WhenAFrameEndsTheSleepGoesIntoTheNumbers()
    {
        using DriverBench bench = new(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        Enc28j60Controller controller = new(bench.Driver, new FixedTime());
        Assert.Null(controller.Find());
        var numbers = (HardwareRandom)controller.CreateRandom(new ConstantGenerator());
        var same = (HardwareRandom)controller.CreateRandom(new ConstantGenerator());
        bench.AttachPool([64, 1522], [4, 4]);
        controller.Start(bench.Pool);
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Running, 5000);
        Settle(bench);
        controller.BeginSleep();
        controller.Sleep(1);
        controller.EndSleep();
        Assert.Equal(numbers.Next(), same.Next());
        controller.BeginSleep();
        bench.Deliver(DriverBench.MakeFrame(60, 1));
        controller.Sleep(10_000);
        controller.EndSleep();
        Assert.NotEqual(numbers.Next(), same.Next());
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        using DriverBench bench = new();
        Assert.Throws<ArgumentNullException>(() => new Enc28j60Controller(null!, _threads));
        Assert.Throws<ArgumentNullException>(() => new Enc28j60Controller(bench.Driver, null!));
        Assert.Throws<ArgumentException>(() => new Enc28j60Controller(1, 5, new byte[5]));
    }

    [Fact]
    public void TheClockOfTheBusIsTheCallers()
    {
        Assert.Equal(15_625_000, OpenedWith(15_625_000));
        Assert.Equal(Enc28j60.MaximumSpiClockFrequency, OpenedWith(null));
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => OpenedWith(Enc28j60.MaximumSpiClockFrequency + 1));
        Assert.Contains("20 MHz", refusal.Message, StringComparison.Ordinal);
    }

    private static int OpenedWith(int? clock)
    {
        BoardHardware board = new();
        board.Spi.RequirePinFunctions = false;
        BoardHardware.Current = board;
        byte[] address = [6, 0, 0, 0, 0, 1];
        Enc28j60Controller controller = clock is int asked ? new(1, 5, address, Enc28j60Options.NoPin, asked) : new(1, 5, address);
        object device = typeof(Enc28j60).GetField("_device", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(controller.Driver)!;
        return ((System.Device.Spi.SpiDevice)device).ConnectionSettings.ClockFrequency;
    }

    private uint[] DrawFrom(int chipSeed)
    {
        using DriverBench bench = new(new ChipOptions { Seed = chipSeed });
        Enc28j60Controller controller = new(bench.Driver, new FixedTime());
        Assert.Throws<InvalidOperationException>(controller.CreateRandom);
        Assert.Null(controller.Find());
        TcpIp.RandomSource random = controller.CreateRandom(new ConstantGenerator());
        return [.. Enumerable.Range(0, 8).Select(_ => random.Next())];
    }

    private static void Settle(DriverBench bench)
    {
        bench.Run(300);
        while (bench.Driver.HasInterruptPin && bench.Driver.WaitForInterrupt(0))
        {
            bench.Run(60);
        }
    }

    private sealed class FixedTime : HostThreads
    {
        public override int Now() => 100;
    }

    private sealed class ConstantGenerator : Random
    {
        public override int Next() => 4;
    }
}
