// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;
using System.Device.Spi;
using nanoFramework.Hardware.Esp32;
using VirtualBoard.Hardware;

namespace VirtualBoard.Enc28j60.Tests;

public class SpiDeviceTests
{
    private const int ChipSelect = 5;

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst, new byte[] { 0x34, 0x12, 0x78, 0x56 })]
    [InlineData(SpiWordOrder.HighByteFirst, new byte[] { 0x12, 0x34, 0x56, 0x78 })]
    public void WordOrder(SpiWordOrder order, byte[] expected)
    {
        (Mirror mirror, SpiDevice device) = Open();
        BoardHardware.Current.Spi.WordOrder = order;
        mirror.Windows.Clear();
        device.Write([0x1234, 0x5678]);
        Assert.Equal(expected, Assert.Single(mirror.Windows));

        // The mirror answers with the inverse of what it gets.
        ushort[] read = new ushort[2];
        device.TransferFullDuplex([0x1234, 0x5678], read);
        Assert.Equal([0xEDCB, 0xA987], read);
    }

    [Fact]
    public void OpeningSendsFourZeroBytes()
    {
        (Mirror mirror, _) = Open();
        Assert.Equal(new byte[4], Assert.Single(mirror.Windows));
    }

    [Fact]
    public void EveryCallIsOneWindow()
    {
        (Mirror mirror, SpiDevice device) = Open();
        mirror.Windows.Clear();
        BoardHardware.Current.Spi.ResetCounters();
        device.WriteByte(0xFF);
        device.Write(new SpanByte([1, 2, 3], 1, 2));
        byte[] read = new byte[3];
        device.Read(read);
        byte one = device.ReadByte();
        device.TransferFullDuplex(new SpanByte([4, 5]), new SpanByte(read, 0, 2));
        Assert.Equal(["FF", "0203", "000000", "00", "0405"], mirror.Windows.Select(Convert.ToHexString));
        Assert.Equal(0xFF, one);
        Assert.Equal<byte>([0xFB, 0xFA, 0xFF], read);
        Assert.Equal(5, BoardHardware.Current.Spi.Transactions);
        Assert.Equal(9, BoardHardware.Current.Spi.Bytes);
    }

    [Fact]
    public void LengthMismatchIsRefused()
    {
        (_, SpiDevice device) = Open();
        Assert.Throws<ArgumentException>(() => device.TransferFullDuplex(new ushort[2], new ushort[3]));
        Assert.Throws<ArgumentException>(() => device.TransferFullDuplex(new SpanByte(new byte[4]), new SpanByte(new byte[3])));
    }

    [Fact]
    public void WordReadIsRefused()
    {
        (_, SpiDevice device) = Open();
        Assert.Throws<NotSupportedException>(() => device.Read(new ushort[2]));
    }

    [Fact]
    public void TooLongATransferIsRefused()
    {
        (_, SpiDevice device) = Open();
        device.Write(new ushort[8192]);
        Assert.Throws<ArgumentException>(() => device.Write(new ushort[8193]));
    }

    [Fact]
    public void SameChipSelectTwiceIsRefusedUntilDisposed()
    {
        (_, SpiDevice device) = Open();
        Assert.Throws<SpiDeviceAlreadyInUseException>(() => SpiDevice.Create(new SpiConnectionSettings(2, ChipSelect)));
        device.Dispose();
        using SpiDevice again = SpiDevice.Create(new SpiConnectionSettings(2, ChipSelect));
        Assert.Throws<ObjectDisposedException>(() => device.WriteByte(0));
    }

    [Fact]
    public void PinsMustBeSetBefore()
    {
        var board = new BoardHardware();
        BoardHardware.Current = board;
        Configuration.SetPinFunction(23, DeviceFunction.SPI2_MOSI);
        Configuration.SetPinFunction(19, DeviceFunction.SPI2_MISO);
        var refused = Assert.Throws<InvalidOperationException>(() => SpiDevice.Create(new SpiConnectionSettings(2, ChipSelect)));
        Assert.Contains("SPI2_CLOCK", refused.Message);
        Assert.Equal(19, Configuration.GetFunctionPin(DeviceFunction.SPI2_MISO));
        board.Spi.RequirePinFunctions = false;
        SpiDevice.Create(new SpiConnectionSettings(2, ChipSelect)).Dispose();
        Assert.Throws<ArgumentException>(() => SpiDevice.Create(new SpiConnectionSettings(3, ChipSelect)));
    }

    [Fact]
    public void NothingAttachedReadsOnes()
    {
        BoardHardware.Current = new BoardHardware();
        BoardHardware.Current.Spi.RequirePinFunctions = false;
        using SpiDevice device = SpiDevice.Create(new SpiConnectionSettings(1, 1));
        Assert.Equal(0xFF, device.ReadByte());
    }

    [Fact]
    public void PeripheralLearnsClockAndModeOfTheFirstDevice()
    {
        (Mirror mirror, _) = Open(12_000_000);
        Assert.Equal(12_000_000, mirror.Settings.ClockHz);
        using SpiDevice other = SpiDevice.Create(new SpiConnectionSettings(2, 26) { ClockFrequency = 1_000_000 });
        var second = new Mirror();
        BoardHardware.Current.Spi.Attach(2, 26, second);
        Assert.Equal(12_000_000, second.Settings.ClockHz);
    }

    [Fact]
    public void FirmwareMayDriveChipSelectItself()
    {
        BoardHardware.Current = new BoardHardware();
        BoardHardware.Current.Spi.RequirePinFunctions = false;
        var mirror = new Mirror();
        BoardHardware.Current.Spi.Attach(1, 27, mirror);
        using var controller = new GpioController();
        GpioPin select = controller.OpenPin(27, PinMode.Output);
        select.Write(PinValue.High);
        using SpiDevice device = SpiDevice.Create(new SpiConnectionSettings(1));
        select.Write(PinValue.Low);
        device.WriteByte(1);
        device.WriteByte(2);
        select.Write(PinValue.High);
        device.WriteByte(3);
        Assert.Equal<byte>([1, 2], Assert.Single(mirror.Windows));
    }

    [Fact]
    public void DriverStyleWordTransfersReachTheChip()
    {
        BoardHardware.Current = new BoardHardware();
        BoardHardware.Current.Spi.RequirePinFunctions = false;
        var bench = new ChipBench();
        BoardHardware.Current.Spi.Attach(2, ChipSelect, bench.Chip);
        using SpiDevice device = SpiDevice.Create(new SpiConnectionSettings(2, ChipSelect) { ClockFrequency = 20_000_000 });
        device.Write([0x039F]);
        ushort[] command = [0x0012];
        ushort[] answer = new ushort[1];
        device.TransferFullDuplex(command, answer);
        Assert.Equal(0x06, answer[0] >> 8);
        ushort[] mac = [0x0004, 0];
        ushort[] address = new ushort[2];
        device.TransferFullDuplex(mac, address);
        Assert.Equal(ChipBench.Station[0], (byte)address[1]);
        long allocated = Allocation.Fewest(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                device.TransferFullDuplex(command, answer);
                device.Write(command);
            }
        });
        Assert.Equal(0, allocated);
        bench.AssertClean();
    }

    [Fact]
    public void BoardsInOneProcessAreSeparate()
    {
        (Mirror first, SpiDevice one) = Open();
        (Mirror second, SpiDevice two) = Open();
        first.Windows.Clear();
        second.Windows.Clear();
        one.WriteByte(1);
        two.WriteByte(2);
        Assert.Equal("01", Convert.ToHexString(Assert.Single(first.Windows)));
        Assert.Equal("02", Convert.ToHexString(Assert.Single(second.Windows)));
    }

    private static (Mirror Mirror, SpiDevice Device) Open(int clock = 20_000_000)
    {
        BoardHardware.Current = new BoardHardware();
        Configuration.SetPinFunction(23, DeviceFunction.SPI2_MOSI);
        Configuration.SetPinFunction(19, DeviceFunction.SPI2_MISO);
        Configuration.SetPinFunction(18, DeviceFunction.SPI2_CLOCK);
        var mirror = new Mirror();
        BoardHardware.Current.Spi.Attach(2, ChipSelect, mirror);
        return (mirror, SpiDevice.Create(new SpiConnectionSettings(2, ChipSelect) { ClockFrequency = clock }));
    }

    private sealed class Mirror : ISpiPeripheral
    {
        private readonly List<byte> _window = [];

        public List<byte[]> Windows { get; } = [];

        public SpiLineSettings Settings { get; private set; }

        public void Attach(in SpiLineSettings settings) => Settings = settings;

        public void Select() => _window.Clear();

        public byte Exchange(byte mosi)
        {
            _window.Add(mosi);
            return (byte)~mosi;
        }

        public void Deselect() => Windows.Add([.. _window]);
    }
}
