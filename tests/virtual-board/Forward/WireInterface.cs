// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using VirtualBoard.Packets;
using FrameQueue = VirtualBoard.Enc28j60.FrameQueue;

namespace VirtualBoard.Forward;

/// <summary>A network controller without a chip: connects a stack on the PC to a wire.</summary>
public sealed class WireInterface : INetworkInterface, IWireSink
{
    private const int QueuedFrames = 1024;
    private const int QueuedBytes = 1 << 20;
    private const int FcsLength = 4;
    private const int ShortestFrame = 60;
    private const int PollInterval = 1000;

    private readonly WirePort _port;
    private readonly Action _arrived;
    private readonly FrameQueue _received = new(QueuedFrames, QueuedBytes);
    private readonly byte[] _incoming = new byte[VirtualWire.MaxFrame];
    private readonly byte[] _outgoing = new byte[VirtualWire.MaxFrame];
    private readonly ulong _mac;

    /// <summary>Connects to a wire.</summary>
    /// <param name="wire">The wire.</param>
    /// <param name="name">Name of the port.</param>
    /// <param name="macAddress">The station's address.</param>
    /// <param name="arrived">Called, on any thread, when a frame has arrived.</param>
    public WireInterface(VirtualWire wire, string name, MacAddress macAddress, Action arrived)
    {
        ArgumentNullException.ThrowIfNull(wire);
        MacAddress = macAddress;
        for (int i = 0; i < MacAddress.Length; i++)
        {
            _mac = (_mac << 8) | (uint)macAddress.GetOctet(i);
        }

        _arrived = arrived;
        _port = wire.Connect(name, this);
    }

    /// <inheritdoc/>
    public WordOrder WordOrder => WordOrder.LowByteFirst;

    /// <inheritdoc/>
    public MacAddress MacAddress { get; }

    /// <inheritdoc/>
    public bool IsLinkUp => true;

    /// <inheritdoc/>
    public bool CanSend => true;

    /// <summary>Sees each frame before the stack does, and what the stack sends before the wire does; null for nobody.</summary>
    internal IFrameFilter? Filter { get; set; }

    /// <summary>Frames that were lost for want of room here or in the stack's pool.</summary>
    public long Dropped { get; private set; }

    /// <inheritdoc/>
    public int Poll(int now) => PollInterval;

    /// <inheritdoc/>
    public bool Send(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        int length = frame.Length;
        frame.CopyBytesTo(0, _outgoing, 0, length);
        if (length < ShortestFrame)
        {
            _outgoing.AsSpan(length, ShortestFrame - length).Clear();
            length = ShortestFrame;
        }

        Filter?.Leaving(_outgoing.AsSpan(0, length));
        return _port.Send(_outgoing.AsSpan(0, length));
    }

    /// <inheritdoc/>
    public Frame? Receive(FramePool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        int length;
        while ((length = _received.Dequeue(_incoming, out _, out _)) >= 0)
        {
            length -= FcsLength;
            if (length > 0 && Filter?.Take(_incoming.AsSpan(0, length)) == true)
            {
                continue;
            }

            Frame? frame = length <= 0 ? null : pool.RentForReceive(length);
            if (frame is not null)
            {
                frame.CopyBytesFrom(0, _incoming, 0, length);
                return frame;
            }

            Dropped++;
        }

        return null;
    }

    /// <summary>Sends a frame that does not come from the stack.</summary>
    /// <param name="frame">The frame without padding and check sequence.</param>
    internal void SendFrame(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < ShortestFrame)
        {
            byte[] padded = new byte[ShortestFrame];
            frame.CopyTo(padded);
            frame = padded;
        }

        _port.Send(frame);
    }

    /// <summary>Has a frame arrive that was held back.</summary>
    /// <param name="frame">The frame without check sequence.</param>
    internal void Arrive(byte[] frame)
    {
        byte[] withFcs = new byte[frame.Length + FcsLength];
        frame.CopyTo(withFcs, 0);
        FrameArrived(withFcs, 0);
    }

    /// <summary>This station, under an address.</summary>
    internal Station Station(uint address) => new(_mac, address);

    /// <inheritdoc/>
    public bool JoinMulticast(int group) => true;

    /// <inheritdoc/>
    public void LeaveMulticast(int group)
    {
        // a hub brings the frames of all groups
    }

    /// <inheritdoc/>
    public void FrameArrived(ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        // A hub brings everything. Frames for others would only cost the stack time.
        if ((frameWithFcs[0] & 1) == 0 && !IsForUs(frameWithFcs))
        {
            return;
        }

        if (!_received.TryEnqueue(frameWithFcs, timeNs, 0))
        {
            Dropped++;
        }

        _arrived();
    }

    private bool IsForUs(ReadOnlySpan<byte> frame)
    {
        for (int i = 0; i < MacAddress.Length; i++)
        {
            if (frame[i] != MacAddress.GetOctet(i))
            {
                return false;
            }
        }

        return true;
    }
}
