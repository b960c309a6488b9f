// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>A place on a wire: a chip's, or one that host code uses to send and to listen.</summary>
public sealed class WirePort : IEthernetPort
{
    private readonly VirtualWire _wire;
    private readonly IWireSink? _sink;
    private readonly Enc28j60Chip? _chip;
    private readonly FrameQueue _inbox;
    private readonly Lock _sendLock = new();
    private readonly byte[] _sendBuffer;

    internal WirePort(VirtualWire wire, string name, int index, Enc28j60Chip? chip, IWireSink? sink)
    {
        _wire = wire;
        _chip = chip;
        _sink = sink;
        Name = name;
        Index = index;
        _sendBuffer = new byte[chip is null ? VirtualWire.MaxFrame : 0];
        _inbox = new FrameQueue(chip is null ? 1024 : 1, chip is null ? 1 << 19 : 1);
    }

    /// <summary>Name, for captures.</summary>
    public string Name { get; }

    /// <summary>Number of the port on its wire, from 0.</summary>
    public int Index { get; }

    /// <summary>What becomes of the frames that this port sends; the wire's own if null.</summary>
    public IWireImpairment? Impairment { get; set; }

    /// <summary>Whether frames with a wrong check sequence are kept from the sink; true unless set. Chips get everything.</summary>
    public bool RefuseBadFcs { get; set; } = true;

    /// <summary>Frames that this port sent.</summary>
    public long FramesSent { get; private set; }

    /// <summary>Frames that were handed to this port.</summary>
    public long FramesReceived { get; private set; }

    /// <summary>Frames kept from the sink because of their check sequence.</summary>
    public long FramesRefused { get; private set; }

    /// <summary>Frames that found no room to wait for the wire.</summary>
    public long FramesNotQueued { get; private set; }

    /// <summary>Sends a frame; the check sequence is added. From any thread. Padding is the caller's affair.</summary>
    /// <returns>False if there was no room for it.</returns>
    public bool Send(ReadOnlySpan<byte> frameWithoutFcs)
    {
        if (frameWithoutFcs.Length + 4 > _sendBuffer.Length)
        {
            FramesNotQueued++;
            return false;
        }

        lock (_sendLock)
        {
            Span<byte> frame = _sendBuffer.AsSpan(0, frameWithoutFcs.Length + 4);
            frameWithoutFcs.CopyTo(frame);
            EthernetCrc.Append(frame);
            return SendRaw(frame);
        }
    }

    /// <summary>Sends a frame with whatever its last four bytes are. From any thread.</summary>
    /// <returns>False if there was no room for it.</returns>
    public bool SendRaw(ReadOnlySpan<byte> frameWithFcs)
    {
        bool room = frameWithFcs.Length <= VirtualWire.MaxFrame && _inbox.TryEnqueue(frameWithFcs, _wire.Clock.NowNs, 0);
        if (!room)
        {
            FramesNotQueued++;
        }

        _wire.Clock.Poke();
        return room;
    }

    /// <inheritdoc/>
    void IEthernetPort.FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        FramesSent++;
        _wire.Carry(this, frameWithFcs, timeNs);
    }

    /// <summary>Takes a frame that host code left here.</summary>
    internal int TakeSent(Span<byte> target)
    {
        int length = _inbox.Dequeue(target, out _, out _);
        FramesSent += length >= 0 ? 1 : 0;
        return length;
    }

    /// <summary>Hands a frame to whoever is here; false if it was refused.</summary>
    internal bool Receive(ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        if (_chip is not null)
        {
            FramesReceived++;
            _chip.DeliverRaw(frameWithFcs, FrameFlags.None, timeNs);
            return true;
        }

        if (RefuseBadFcs && !EthernetCrc.IsValid(frameWithFcs))
        {
            FramesRefused++;
            return false;
        }

        FramesReceived++;
        _sink?.FrameArrived(frameWithFcs, timeNs);
        return true;
    }
}
