// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace System.Device.Spi;

/// <summary>
/// A device on an SPI bus. Every call is one chip-select window that moves the whole array; nothing is buffered between
/// calls, and the calls on 16-bit words allocate nothing.
/// </summary>
public class SpiDevice : IDisposable
{
    /// <summary>Longest transfer that the ESP32 port sets its bus up for, bytes.</summary>
    private const int MaxTransferBytes = 16384;

    private readonly SpiConnectionSettings _settings;
    private readonly SpiConnection _connection;
    private bool _disposed;

    /// <summary>Opens a device on the bus.</summary>
    public SpiDevice(SpiConnectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = new SpiConnectionSettings(settings);
        _connection = BoardHardware.Current.Spi.Open(_settings);

        // The ESP32 port sends four zero bytes when a device is opened. A chip that takes 0x00 for a command sees it.
        _connection.Begin();
        try
        {
            for (int i = 0; i < 4; i++)
            {
                _connection.Exchange(0);
            }
        }
        finally
        {
            _connection.End();
        }
    }

    /// <summary>Closes the device if its owner forgot to.</summary>
    ~SpiDevice() => Dispose(false);

    /// <summary>A copy of the settings that the device was opened with.</summary>
    public SpiConnectionSettings ConnectionSettings => new(_settings);

    /// <summary>Limits of a bus.</summary>
    public static SpiBusInfo GetBusInfo(int busId)
    {
        SpiBus.CheckBusId(busId);
        return new SpiBusInfo(78_125, 40_000_000);
    }

    /// <summary>Opens a device on the bus.</summary>
    public static SpiDevice Create(SpiConnectionSettings settings) => new(settings);

    /// <summary>Reads one byte while 0x00 is sent.</summary>
    public byte ReadByte()
    {
        CheckRead();
        Begin(1);
        try
        {
            return _connection.Exchange(0);
        }
        finally
        {
            _connection.End();
        }
    }

    /// <summary>Reads bytes while 0x00 is sent.</summary>
    public void Read(SpanByte buffer)
    {
        CheckRead();
        Span<byte> bytes = buffer.AsSpan();
        Begin(bytes.Length);
        try
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = _connection.Exchange(0);
            }
        }
        finally
        {
            _connection.End();
        }
    }

    /// <summary>Not usable on the board: the native code copies back only half of the bytes.</summary>
    public void Read(ushort[] buffer) => throw new NotSupportedException(
        "Read(ushort[]) returns only the first half of the data on ESP32, because the native one-way path counts words as bytes. " +
        "Use TransferFullDuplex(ushort[], ushort[]).");

    /// <summary>Sends one byte.</summary>
    public void WriteByte(byte value)
    {
        Begin(1);
        try
        {
            _connection.Exchange(value);
        }
        finally
        {
            _connection.End();
        }
    }

    /// <summary>Sends 16-bit words; the order of the two bytes is the platform's (see <see cref="SpiBus.WordOrder"/>).</summary>
    public void Write(ushort[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Begin(buffer.Length * 2);
        try
        {
            int first = _connection.FirstByteShift;
            for (int i = 0; i < buffer.Length; i++)
            {
                int word = buffer[i];
                _connection.Exchange((byte)(word >> first));
                _connection.Exchange((byte)(word >> (8 - first)));
            }
        }
        finally
        {
            _connection.End();
        }
    }

    /// <summary>Sends bytes.</summary>
    public void Write(SpanByte buffer)
    {
        Span<byte> bytes = buffer.AsSpan();
        Begin(bytes.Length);
        try
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                _connection.Exchange(bytes[i]);
            }
        }
        finally
        {
            _connection.End();
        }
    }

    /// <summary>Sends and receives 16-bit words at once; both arrays must have the same length.</summary>
    public void TransferFullDuplex(ushort[] writeBuffer, ushort[] readBuffer)
    {
        ArgumentNullException.ThrowIfNull(writeBuffer);
        ArgumentNullException.ThrowIfNull(readBuffer);
        CheckFullDuplex(writeBuffer.Length, readBuffer.Length);
        Begin(writeBuffer.Length * 2);
        try
        {
            int first = _connection.FirstByteShift;
            int second = 8 - first;
            for (int i = 0; i < writeBuffer.Length; i++)
            {
                int word = writeBuffer[i];
                int answer = _connection.Exchange((byte)(word >> first)) << first;
                readBuffer[i] = (ushort)(answer | (_connection.Exchange((byte)(word >> second)) << second));
            }
        }
        finally
        {
            _connection.End();
        }
    }

    /// <summary>Sends and receives bytes at once; both windows must have the same length.</summary>
    public void TransferFullDuplex(SpanByte writeBuffer, SpanByte readBuffer)
    {
        CheckFullDuplex(writeBuffer.Length, readBuffer.Length);
        Span<byte> output = writeBuffer.AsSpan();
        Span<byte> input = readBuffer.AsSpan();
        Begin(output.Length);
        try
        {
            for (int i = 0; i < output.Length; i++)
            {
                input[i] = _connection.Exchange(output[i]);
            }
        }
        finally
        {
            _connection.End();
        }
    }

    /// <summary>Closes the device and frees its chip select line.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the device.</summary>
    protected void Dispose(bool disposing)
    {
        // The constructor may have thrown before there was a connection.
        if (!_disposed && _connection is not null)
        {
            _disposed = true;
            _connection.Close();
        }
    }

    private void Begin(int bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (bytes > MaxTransferBytes)
        {
            throw new ArgumentException($"A transfer of {bytes} bytes is longer than the {MaxTransferBytes} that the ESP32 port sets its bus up for.");
        }

        _connection.Begin();
    }

    private void CheckRead()
    {
        if (_settings.Configuration == SpiBusConfiguration.HalfDuplex)
        {
            throw new ArgumentException("A half-duplex bus refuses reads on ESP32: the driver rejects a transaction with both data phases. Leave Configuration at FullDuplex.");
        }
    }

    private void CheckFullDuplex(int writeLength, int readLength)
    {
        CheckRead();

        // The native code clocks the longer of the two and does not look at the shorter one's end.
        if (writeLength != readLength)
        {
            throw new ArgumentException(
                $"TransferFullDuplex with {writeLength} elements to write and {readLength} to read: on the board this would run past the end of the shorter one and corrupt memory.");
        }
    }
}
