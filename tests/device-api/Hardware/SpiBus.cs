// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using nanoFramework.Hardware.Esp32;

namespace VirtualBoard.Hardware;

/// <summary>The SPI buses of a board: which peripheral sits on which bus and chip select line, and what went over them.</summary>
public sealed class SpiBus
{
    private const int BusCount = 2;
    private const int MaxDevicesPerBus = 3;

    private readonly BoardHardware _board;
    private readonly Lock _lock = new();
    private readonly List<SpiSocket> _sockets = [];
    private readonly List<SpiConnection> _connections = [];

    // Devices on one bus get the clock and mode of the one that was opened first, as on ESP32.
    private readonly SpiLineSettings?[] _busSettings = new SpiLineSettings?[BusCount + 1];
    private readonly Lock[] _busLocks = [new(), new(), new()];

    internal SpiBus(BoardHardware board) => _board = board;

    /// <summary>Byte order of transfers of 16-bit words; low byte first, as on ESP32, unless set.</summary>
    public SpiWordOrder WordOrder { get; set; } = SpiWordOrder.LowByteFirst;

    /// <summary>Whether a device can only be opened after its bus has pins, as on ESP32; true unless set.</summary>
    public bool RequirePinFunctions { get; set; } = true;

    /// <summary>What is read where nothing drives MISO.</summary>
    public byte FloatingMiso { get; set; } = 0xFF;

    /// <summary>Chip-select windows so far.</summary>
    public long Transactions { get; private set; }

    /// <summary>Bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Sets the counters to zero.</summary>
    public void ResetCounters()
    {
        Transactions = 0;
        Bytes = 0;
    }

    /// <summary>Puts a peripheral on a bus (1 or 2) with a chip select line.</summary>
    public void Attach(int busId, int chipSelectLine, ISpiPeripheral peripheral)
    {
        CheckBusId(busId);
        ArgumentNullException.ThrowIfNull(peripheral);
        lock (_lock)
        {
            if (Find(busId, chipSelectLine) is not null)
            {
                throw new InvalidOperationException($"Bus {busId} already has a peripheral with chip select {chipSelectLine}.");
            }

            var socket = new SpiSocket(busId, chipSelectLine, peripheral);
            _sockets.Add(socket);
            if (chipSelectLine >= 0)
            {
                socket.Observer = high => ManualChipSelect(socket, high);
                _board.Gpio.ObserveWrites(chipSelectLine, socket.Observer);
            }

            foreach (SpiConnection connection in _connections)
            {
                if (connection.BusId == busId && connection.ChipSelectLine == chipSelectLine)
                {
                    connection.Socket = socket;
                }
            }

            if (_busSettings[busId] is { } settings)
            {
                peripheral.Attach(settings);
            }
        }
    }

    /// <summary>Takes a peripheral off its bus.</summary>
    public void Detach(int busId, int chipSelectLine)
    {
        lock (_lock)
        {
            if (Find(busId, chipSelectLine) is not { } socket)
            {
                return;
            }

            _sockets.Remove(socket);
            if (socket.Observer is not null)
            {
                _board.Gpio.StopObserving(chipSelectLine, socket.Observer);
            }

            foreach (SpiConnection connection in _connections)
            {
                if (ReferenceEquals(connection.Socket, socket))
                {
                    connection.Socket = null;
                }
            }
        }
    }

    internal static void CheckBusId(int busId)
    {
        if (busId is < 1 or > BusCount)
        {
            throw new ArgumentException($"There is no SPI bus {busId}; an ESP32 has 1 and 2.", nameof(busId));
        }
    }

    internal SpiConnection Open(SpiConnectionSettings settings)
    {
        int bus = settings.BusId;
        CheckBusId(bus);
        CheckPins(bus);
        lock (_lock)
        {
            int onBus = 0;
            foreach (SpiConnection other in _connections)
            {
                onBus += other.BusId == bus ? 1 : 0;
                if (other.BusId == bus && other.ChipSelectLine == settings.ChipSelectLine)
                {
                    throw new SpiDeviceAlreadyInUseException();
                }
            }

            if (onBus == MaxDevicesPerBus)
            {
                throw new InvalidOperationException($"Bus {bus} already has {MaxDevicesPerBus} devices, all that the ESP32 port allows.");
            }

            if (_busSettings[bus] is null)
            {
                _busSettings[bus] = new SpiLineSettings(settings.ClockFrequency, settings.Mode, settings.DataFlow);
                foreach (SpiSocket socket in _sockets)
                {
                    if (socket.BusId == bus)
                    {
                        socket.Peripheral.Attach(_busSettings[bus]!.Value);
                    }
                }
            }

            var connection = new SpiConnection(this, bus, settings.ChipSelectLine, _busLocks[bus]) { Socket = Find(bus, settings.ChipSelectLine) };
            _connections.Add(connection);
            return connection;
        }
    }

    internal void Close(SpiConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
            if (!_connections.Exists(other => other.BusId == connection.BusId))
            {
                _busSettings[connection.BusId] = null;
            }
        }
    }

    /// <summary>The peripheral that the firmware itself has selected by writing its pin, if any.</summary>
    internal SpiSocket? ManuallySelected(int busId)
    {
        foreach (SpiSocket socket in _sockets)
        {
            if (socket.BusId == busId && socket.SelectedByPin)
            {
                return socket;
            }
        }

        return null;
    }

    internal void CountTransaction() => Transactions++;

    internal void CountByte() => Bytes++;

    private SpiSocket? Find(int busId, int chipSelectLine) =>
        _sockets.Find(socket => socket.BusId == busId && socket.ChipSelectLine == chipSelectLine);

    private void ManualChipSelect(SpiSocket socket, bool high)
    {
        if (!high && !socket.SelectedByPin)
        {
            socket.SelectedByPin = true;
            CountTransaction();
            socket.Peripheral.Select();
        }
        else if (high && socket.SelectedByPin)
        {
            socket.SelectedByPin = false;
            socket.Peripheral.Deselect();
        }
    }

    private void CheckPins(int bus)
    {
        if (!RequirePinFunctions)
        {
            return;
        }

        int first = (int)(bus == 1 ? DeviceFunction.SPI1_MOSI : DeviceFunction.SPI2_MOSI);
        for (int i = 0; i < 3; i++)
        {
            var function = (DeviceFunction)(first + i);
            if (_board.PinFunctions.PinOf(function) < 0)
            {
                throw new InvalidOperationException($"Configuration.SetPinFunction has not been called for {function}: an ESP32 cannot open SPI bus {bus} without its three pins.");
            }
        }
    }
}
