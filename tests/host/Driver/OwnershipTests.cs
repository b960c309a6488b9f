// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;
using System.Device.Spi;
using Iot.Device.Enc28j60;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>Who disposes what, and that a driver which cannot work says so at once.</summary>
public class OwnershipTests
{
    private const int Taken = 17;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void TheDriverDisposesWhatItMadeAndTheRestOnlyIfAskedTo(bool hasController, bool shouldDispose)
    {
        using var bench = new DriverBench();
        GpioController? controller = hasController ? new GpioController() : null;
        GpioPin? other = controller?.OpenPin(30, PinMode.Input);
        int before = OpenControllers();
        var driver = new Enc28j60(NewDevice(), new MacAddress(DriverBench.Station), Pins(), controller, shouldDispose);
        Assert.Equal(before + (hasController ? 0 : 1), OpenControllers());

        driver.Dispose();
        Assert.Equal(before - (hasController && shouldDispose ? 1 : 0), OpenControllers());

        // its pins are free in any case, those of others are not touched
        using var again = new GpioController();
        again.OpenPin(DriverBench.InterruptPin, PinMode.Input);
        again.OpenPin(DriverBench.ResetPin, PinMode.Output);
        if (hasController && !shouldDispose)
        {
            Assert.Equal(PinMode.Input, other!.GetPinMode());
            Assert.True(controller!.IsPinOpen(30));
            controller.Dispose();
        }

        driver.Dispose();
        Assert.True(again.IsPinOpen(DriverBench.InterruptPin));
        Assert.True(again.IsPinOpen(DriverBench.ResetPin));
    }

    [Theory]
    [InlineData(Taken, DriverBench.ResetPin)]
    [InlineData(DriverBench.InterruptPin, Taken)]
    public void AConstructorThatFailsLeavesNoPinTaken(int interruptPin, int resetPin)
    {
        using var bench = new DriverBench();
        using var holder = new GpioController();
        holder.OpenPin(Taken, PinMode.Input);
        int before = OpenControllers();
        var options = new Enc28j60Options { InterruptPin = interruptPin, ResetPin = resetPin };
        Assert.ThrowsAny<Exception>(() => new Enc28j60(NewDevice(), new MacAddress(DriverBench.Station), options));
        Assert.Equal(before, OpenControllers());

        holder.OpenPin(interruptPin == Taken ? resetPin : interruptPin, PinMode.Input);
    }

    [Fact]
    public void AConstructorThatFailsLeavesTheCallersControllerAlone()
    {
        using var bench = new DriverBench();
        using var controller = new GpioController();
        controller.OpenPin(Taken, PinMode.Input);
        var options = new Enc28j60Options { InterruptPin = DriverBench.InterruptPin, ResetPin = Taken };
        Assert.ThrowsAny<Exception>(() => new Enc28j60(NewDevice(), new MacAddress(DriverBench.Station), options, controller));
        Assert.True(controller.IsPinOpen(Taken));
    }

    [Fact]
    public void WithoutPinsNoControllerIsMade()
    {
        using var bench = new DriverBench();
        int before = OpenControllers();
        using var driver = new Enc28j60(NewDevice(), new MacAddress(DriverBench.Station), new Enc28j60Options());
        Assert.Equal(before, OpenControllers());
    }

    [Fact]
    public void AStartWithoutAPoolIsRefusedAtOnceAndSaysWhy()
    {
        using var bench = new DriverBench();
        Assert.Contains("FramePool", Assert.Throws<InvalidOperationException>(bench.Driver.Start).Message, StringComparison.Ordinal);
        Assert.True(bench.Driver.Probe());
        uint transfers = bench.Transfers;
        Assert.Contains("FramePool", Assert.Throws<InvalidOperationException>(bench.Driver.Start).Message, StringComparison.Ordinal);
        Assert.Equal(Enc28j60State.Stopped, bench.Driver.State);
        Assert.Equal(transfers, bench.Transfers);

        // nor is there another way to a driver that runs and is deaf
        Assert.False(bench.Driver.Restart());
        Assert.Equal(Enc28j60State.Stopped, bench.Driver.State);
        Assert.Equal(1000, bench.Driver.Poll(bench.Now));

        bench.AttachPool([64, 1518], [2, 2]);
        bench.Start();
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        Assert.True(bench.Driver.Restart());
    }

    [Fact]
    public void ADisposedDriverRefusesToStart()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Driver.Dispose();
        Assert.Throws<ObjectDisposedException>(bench.Driver.Start);
        Assert.Throws<ObjectDisposedException>(() => bench.Driver.Probe());
        Assert.False(bench.Driver.Restart());
        Assert.False(bench.Driver.CanSend);
        Assert.Null(bench.Receive());
        Assert.Equal(1000, bench.Driver.Poll(bench.Now));
        bench.Driver.Dispose();
    }

    [Fact]
    public void ADisposedDriverLeavesADeviceThatIsNotItsOwnAlone()
    {
        using var bench = new DriverBench();
        using SpiDevice device = NewDevice();
        var driver = new Enc28j60(device, new MacAddress(DriverBench.Station), false);
        driver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => driver.ReadMemory(0, new ushort[1]));
        Assert.Throws<ObjectDisposedException>(() => driver.Probe());
        Assert.Throws<ObjectDisposedException>(driver.Start);
    }

    [Fact]
    public void ADisposedDriversChipReceivesNothing()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.Equal(0x04, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
        bench.Driver.Dispose();
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
    }

    private static Enc28j60Options Pins() => new() { InterruptPin = DriverBench.InterruptPin, ResetPin = DriverBench.ResetPin };

    private static SpiDevice NewDevice() =>
        SpiDevice.Create(new SpiConnectionSettings(1, 6) { ClockFrequency = 20_000_000, Mode = Enc28j60.DefaultSpiMode });

    private static int OpenControllers() => BoardHardware.Current.Gpio.Controllers;
}
