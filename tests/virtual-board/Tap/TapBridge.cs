// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;

namespace VirtualBoard.Tap;

/// <summary>A cable between a wire and a TAP device.</summary>
public sealed class TapBridge : IWireSink, IDisposable
{
    private const int FcsLength = 4;
    private const int ShortestFrame = 60;
    private const int StopLatencyMs = 100;

    private readonly TapDevice _device;
    private readonly WirePort _port;
    private readonly Thread _thread;
    private readonly byte[] _frame = new byte[VirtualWire.MaxFrame];
    private long _refused;
    private volatile bool _stopping;

    /// <summary>Connects the two.</summary>
    public TapBridge(VirtualWire wire, TapDevice device)
    {
        ArgumentNullException.ThrowIfNull(wire);
        ArgumentNullException.ThrowIfNull(device);
        _device = device;
        _port = wire.Connect(device.Name, this);
        _thread = new Thread(ReadFrames) { IsBackground = true, Name = "TAP" };
        _thread.Start();
    }

    /// <summary>Frames that the kernel did not take, for example while the interface is down.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <inheritdoc/>
    public void FrameArrived(ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        // The kernel takes a frame or drops it, but never keeps the caller waiting.
        if (!_stopping && !_device.Write(frameWithFcs[..^FcsLength]))
        {
            _refused++;
        }
    }

    /// <summary>Ends the traffic. The device is the caller's, and must not be closed while the wire may still bring frames.</summary>
    public void Dispose()
    {
        if (!_stopping)
        {
            _stopping = true;
            _thread.Join();
        }
    }

    private void ReadFrames()
    {
        while (!_stopping)
        {
            int length = _device.Read(_frame, StopLatencyMs);
            if (length < 0)
            {
                // Someone deleted the interface.
                return;
            }

            if (length > 0)
            {
                // The kernel leaves padding to the controller.
                if (length < ShortestFrame)
                {
                    _frame.AsSpan(length, ShortestFrame - length).Clear();
                    length = ShortestFrame;
                }

                _port.Send(_frame.AsSpan(0, length));
            }
        }
    }
}
