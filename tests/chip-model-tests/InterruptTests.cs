// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;
using VirtualBoard.Hardware;

namespace VirtualBoard.Enc28j60.Tests;

public class InterruptTests
{
    [Fact]
    public void PinFollowsEnablesAndFlags()
    {
        var bench = new ChipBench();
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.False(bench.Chip.InterruptPinLow);
        bench.Set(Reg.EIE, Eie.PKTIE);
        Assert.Equal(Estat.INT, bench.Read(Reg.ESTAT) & Estat.INT);
        Assert.False(bench.Chip.InterruptPinLow);
        bench.Set(Reg.EIE, Eie.INTIE);
        Assert.True(bench.Chip.InterruptPinLow);
        bench.Clear(Reg.EIR, 0x7F);
        Assert.True(bench.Chip.InterruptPinLow);
        bench.Take();
        Assert.False(bench.Chip.InterruptPinLow);
        Assert.Equal(1, bench.Chip.Counters.InterruptEdges);
        bench.AssertClean();
    }

    [Fact]
    public void PinStaysLowWithoutANewEdgeUntilIntieIsBracketed()
    {
        var bench = new ChipBench();
        bench.Set(Reg.EIE, 0xDB);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Take();
        Assert.True(bench.Chip.InterruptPinLow);
        Assert.Equal(1, bench.Chip.Counters.InterruptEdges);
        bench.Clear(Reg.EIE, Eie.INTIE);
        bench.Set(Reg.EIE, Eie.INTIE);
        Assert.Equal(2, bench.Chip.Counters.InterruptEdges);
    }

    [Fact]
    public void PacketFlagIsUnreliableButThePinIsNot()
    {
        var bench = new ChipBench();
        bench.Set(Reg.EIE, 0xDB);
        bench.Chip.Options.Errata[6] = 1;
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(0, bench.Read(Reg.EIR) & Eir.PKTIF);
        Assert.True(bench.Chip.InterruptPinLow);
        bench.Chip.Options.Errata[6] = 0;
        Assert.Equal(Eir.PKTIF, bench.Read(Reg.EIR) & Eir.PKTIF);
    }

    [Fact]
    public void ByDefaultThePacketFlagIsRightOnlySometimes()
    {
        var bench = new ChipBench();
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        int seen = 0;
        for (int i = 0; i < 100; i++)
        {
            seen += (bench.Read(Reg.EIR) & Eir.PKTIF) != 0 ? 1 : 0;
        }

        Assert.InRange(seen, 20, 80);
    }

    [Fact]
    public void FlagMayNeedIntie()
    {
        var bench = new ChipBench(new ChipOptions { InterruptFlagNeedsIntie = true });
        bench.Set(Reg.EIE, Eie.PKTIE);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(0, bench.Read(Reg.ESTAT) & Estat.INT);
    }

    [Fact]
    public void PinReachesTheFirmwareAsAnEdgeOnTheGpio()
    {
        BoardHardware.Current = new BoardHardware();
        var bench = new ChipBench();
        bench.Chip.WireInterruptPin(BoardHardware.Current.Gpio, 4);
        using var controller = new GpioController();
        GpioPin pin = controller.OpenPin(4, PinMode.Input);
        var edges = new List<PinEventTypes>();
        pin.ValueChanged += (_, e) => edges.Add(e.ChangeType);
        int falling = 0;
        controller.RegisterCallbackForPinValueChangedEvent(4, PinEventTypes.Falling, (_, e) => falling += e.PinNumber == 4 ? 1 : 0);
        Assert.Equal(PinValue.High, pin.Read());
        bench.Set(Reg.EIE, 0xDB);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(PinValue.Low, pin.Read());
        Assert.Equal([PinEventTypes.Falling], edges);
        bench.Take();
        Assert.Equal([PinEventTypes.Falling, PinEventTypes.Rising], edges);
        Assert.Equal(1, falling);
        BoardHardware.Current.Gpio.LoseEdges = 1;
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(PinValue.Low, pin.Read());
        Assert.Equal(1, falling);
    }

    [Fact]
    public void FirmwareDrivesTheResetPin()
    {
        BoardHardware.Current = new BoardHardware();
        var bench = new ChipBench();
        bench.Chip.WireResetPin(BoardHardware.Current.Gpio, 15);
        using var controller = new GpioController();
        GpioPin pin = controller.OpenPin(15, PinMode.Output);
        pin.Write(PinValue.Low);
        Assert.True(bench.Chip.ResetPinLow);
        pin.Write(PinValue.High);
        bench.Clock.Advance(300_000);
        bench.ForgetBank();
        Assert.Equal(0x05FA, bench.ReadPair(Reg.ERXSTL));
    }

    [Fact]
    public void QueuedEventsWaitForTheHost()
    {
        var gpio = new BoardHardware();
        BoardHardware.Current = gpio;
        gpio.Gpio.Delivery = GpioEventDelivery.Queued;
        using var controller = new GpioController();
        GpioPin pin = controller.OpenPin(7, PinMode.InputPullUp);
        int events = 0;
        pin.ValueChanged += (_, _) => events++;
        gpio.Gpio.Drive(7, false);
        Assert.Equal(0, events);
        gpio.Gpio.DeliverEvents();
        Assert.Equal(1, events);
    }

    [Fact]
    public void EventsCanComeOnAThreadOfTheirOwn()
    {
        var board = new BoardHardware();
        BoardHardware.Current = board;
        board.Gpio.Delivery = GpioEventDelivery.Thread;
        using var controller = new GpioController();
        GpioPin pin = controller.OpenPin(7, PinMode.InputPullUp);
        using var seen = new ManualResetEventSlim();
        int thread = 0;
        pin.ValueChanged += (_, _) =>
        {
            thread = Environment.CurrentManagedThreadId;
            seen.Set();
        };
        board.Gpio.Drive(7, false);
        Assert.True(seen.Wait(10_000));
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
    }
}
