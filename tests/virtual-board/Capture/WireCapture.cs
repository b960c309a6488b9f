// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;

namespace VirtualBoard.Capture;

/// <summary>
/// Writes what one port of a wire sends and gets into a pcapng file, as a capture on that station would. The wire must not wait for a
/// disk, so a thread writes.
/// </summary>
public sealed class WireCapture : IWireTap, IDisposable
{
    private const int QueuedFrames = 16384;
    private const int QueuedBytes = 1 << 24;
    private const int FlushIntervalMs = 500;
    private const int FcsLength = 4;
    private const long EthernetSpeed = 10_000_000;

    private readonly WirePort _port;
    private readonly PcapNgWriter _writer;
    private readonly FrameQueue _queue = new(QueuedFrames, QueuedBytes);
    private readonly byte[] _frame = new byte[VirtualWire.MaxFrame];
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private readonly long _startNs;
    private readonly int _interface;
    private long _dropped;
    private volatile bool _stopping;
    private volatile Exception? _error;

    /// <summary>Starts to write.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="clock">The wire's time.</param>
    /// <param name="port">The station that is looked at.</param>
    /// <exception cref="SetupException">The file cannot be written.</exception>
    public WireCapture(string path, VirtualClock clock, WirePort port)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _port = port;
        _startNs = ((DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100) - clock.NowNs;
        try
        {
            _writer = new PcapNgWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16), "virtual-board");
            _interface = _writer.AddInterface(port.Name, "Ethernet port of the virtual board", EthernetSpeed);
            _writer.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SetupException($"--pcap: '{path}' cannot be written: {Explain(path, e)}", e);
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "Capture" };
        _thread.Start();
    }

    /// <summary>Frames that are missing in the file because the disk was too slow.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Why the file is not complete; null if it is.</summary>
    public Exception? Error => _error;

    /// <inheritdoc/>
    public void FrameSeen(WireEvent what, WirePort port, ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        if (port != _port || what is not (WireEvent.Sent or WireEvent.Delivered))
        {
            return;
        }

        PacketDirection direction = what == WireEvent.Sent ? PacketDirection.Outbound : PacketDirection.Inbound;
        if (!_queue.TryEnqueue(frameWithFcs, timeNs, (int)direction))
        {
            _dropped++;
        }
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose()
    {
        if (!_stopping)
        {
            _stopping = true;
            _wake.Set();
            _thread.Join();
            _wake.Dispose();
        }
    }

    private static string Explain(string path, Exception e) => e switch
    {
        DirectoryNotFoundException => $"there is no folder '{Path.GetDirectoryName(path)}'.",
        UnauthorizedAccessException when Directory.Exists(path) => "it is a folder.",
        UnauthorizedAccessException => "this user may not write there.",
        _ => e.Message,
    };

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                // Once in a while is enough, and then the file on disk is a whole one that can be looked at.
                _wake.WaitOne(FlushIntervalMs);
                Drain();
                _writer.Flush();
            }

            Drain();
            _writer.Dispose();
        }
        catch (IOException e)
        {
            _error = e;
        }
    }

    private void Drain()
    {
        int length;
        while ((length = _queue.Dequeue(_frame, out long timeNs, out int direction)) >= 0)
        {
            ReadOnlySpan<byte> frame = _frame.AsSpan(0, length);
            bool damaged = !EthernetCrc.IsValid(frame);
            ReadOnlySpan<byte> content = length > FcsLength ? frame[..^FcsLength] : frame;
            string? comment = damaged ? "frame check sequence is wrong" : null;
            _writer.WritePacket(_interface, _startNs + timeNs, content, (PacketDirection)direction, damaged, comment);
        }
    }
}
