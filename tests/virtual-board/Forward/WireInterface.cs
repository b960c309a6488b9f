// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
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

    /// <summary>Connects to a wire.</summary>
    /// <param name="wire">The wire.</param>
    /// <param name="name">Name of the port.</param>
    /// <param name="macAddress">The station's address.</param>
    /// <param name="arrived">Called, on any thread, when a frame has arrived.</param>
    public WireInterface(VirtualWire wire, string name, MacAddress macAddress, Action arrived)
    {
        ArgumentNullException.ThrowIfNull(wire);
        MacAddress = macAddress;
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
