// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>
/// A small hub between chips and host-side ports. What one port sends, all others get, unless an impairment decides otherwise; each port has a collision domain of its own.
/// Frames arrive when their last bit was sent. Nothing is allocated once the ports are there.
/// </summary>
public sealed class VirtualWire : IClockParticipant
{
    /// <summary>Longest frame, bytes with check sequence.</summary>
    public const int MaxFrame = 16384;

    private const int LearnedAddresses = 64;

    private readonly VirtualClock _clock;
    private readonly ParkedFrames _parked;
    private readonly byte[] _taken = new byte[MaxFrame];
    private readonly byte[] _changed = new byte[MaxFrame];
    private readonly ulong[] _addresses = new ulong[LearnedAddresses];
    private readonly int[] _addressPorts = new int[LearnedAddresses];
    private WirePort[] _ports = [];
    private int _learned;

    /// <summary>A wire in a clock's world.</summary>
    /// <param name="clock">The clock; the chips on the wire must live in the same.</param>
    /// <param name="maxDelayed">Frames that can be under way with a delay.</param>
    /// <param name="maxDelayedLength">Longest frame that can be delayed, bytes with check sequence.</param>
    public VirtualWire(VirtualClock clock, int maxDelayed = 512, int maxDelayedLength = 2048)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _parked = new ParkedFrames(maxDelayed, maxDelayedLength);
        clock.Register(this);
    }

    /// <summary>The time that the wire lives in.</summary>
    public VirtualClock Clock => _clock;

    /// <summary>What becomes of frames from ports without an impairment of their own; all arrive if null.</summary>
    public IWireImpairment? Impairment { get; set; }

    /// <summary>Sees everything, for a capture.</summary>
    public IWireTap? Tap { get; set; }

    /// <summary>Whether the hub is a switch: it learns source addresses and sends a frame for a known address to that port only.</summary>
    public bool IsSwitch { get; set; }

    /// <summary>Frames that were sent.</summary>
    public long FramesCarried { get; private set; }

    /// <summary>Frames that an impairment swallowed.</summary>
    public long FramesLost { get; private set; }

    /// <summary>Additional copies that an impairment made.</summary>
    public long FramesDuplicated { get; private set; }

    /// <summary>Frames in which an impairment flipped a bit.</summary>
    public long FramesCorrupted { get; private set; }

    /// <summary>Frames and copies that an impairment delayed.</summary>
    public long FramesDelayed { get; private set; }

    /// <summary>Delayed frames for which there was no room. Never in a sane test.</summary>
    public long FramesDroppedByModel { get; private set; }

    /// <summary>Frames that are under way with a delay.</summary>
    public int FramesUnderWay => _parked.Count;

    /// <inheritdoc/>
    long IClockParticipant.NextDue => _parked.NextDue;

    /// <summary>Connects a chip: what it sends goes here, what comes here it gets.</summary>
    public WirePort Connect(string name, Enc28j60Chip chip)
    {
        ArgumentNullException.ThrowIfNull(chip);
        if (chip.Clock != _clock)
        {
            throw new ArgumentException("The chip lives in the time of another clock.", nameof(chip));
        }

        WirePort port = Add(name, chip, null);
        chip.Port = port;
        return port;
    }

    /// <summary>Connects host code; without a sink it can only send.</summary>
    public WirePort Connect(string name, IWireSink? sink) => Add(name, null, sink);

    /// <inheritdoc/>
    void IClockParticipant.Notice()
    {
        foreach (WirePort port in _ports)
        {
            int length;
            while ((length = port.TakeSent(_taken)) >= 0)
            {
                Carry(port, _taken.AsSpan(0, length), _clock.NowNs);
            }
        }
    }

    /// <inheritdoc/>
    void IClockParticipant.RunDue(long now)
    {
        while (_parked.NextDue <= now)
        {
            ReadOnlySpan<byte> frame = _parked.First(out int port);
            Distribute(_ports[port], frame, now);
            _parked.RemoveFirst();
        }
    }

    /// <summary>A port has sent a frame. Within the clock's world.</summary>
    internal void Carry(WirePort source, ReadOnlySpan<byte> frame, long now)
    {
        FramesCarried++;
        Tap?.FrameSeen(WireEvent.Sent, source, frame, now);
        IWireImpairment? impairment = source.Impairment ?? Impairment;
        if (impairment is null)
        {
            Distribute(source, frame, now);
            return;
        }

        WireFate fate = impairment.Judge(frame, now);
        if (fate.Lost)
        {
            FramesLost++;
            Tap?.FrameSeen(WireEvent.Lost, source, frame, now);
            return;
        }

        if (fate.Corrupted && frame.Length >= 4)
        {
            frame = Corrupt(frame, fate);
        }

        FramesDuplicated += fate.ExtraCopies;
        for (int i = 0; i <= fate.ExtraCopies; i++)
        {
            if (fate.DelayNs <= 0)
            {
                Distribute(source, frame, now);
            }
            else if (_parked.TryAdd(frame, source.Index, now + fate.DelayNs))
            {
                FramesDelayed++;
            }
            else
            {
                FramesDroppedByModel++;
            }
        }

        _clock.DueChanged();
    }

    private WirePort Add(string name, Enc28j60Chip? chip, IWireSink? sink)
    {
        _clock.Enter();
        try
        {
            var port = new WirePort(this, name, _ports.Length, chip, sink);
            _ports = [.. _ports, port];
            return port;
        }
        finally
        {
            _clock.Exit();
        }
    }

    private ReadOnlySpan<byte> Corrupt(ReadOnlySpan<byte> frame, WireFate fate)
    {
        FramesCorrupted++;
        Span<byte> changed = _changed.AsSpan(0, frame.Length);
        frame.CopyTo(changed);
        int bit = fate.CorruptBit % (frame.Length * 8);
        changed[bit >> 3] ^= (byte)(1 << (bit & 7));
        if (fate.RepairFcs)
        {
            EthernetCrc.Append(changed);
        }

        return changed;
    }

    private void Distribute(WirePort source, ReadOnlySpan<byte> frame, long now)
    {
        int only = IsSwitch ? LearnAndFind(source, frame) : -1;
        foreach (WirePort port in _ports)
        {
            if (port != source && (only < 0 || only == port.Index))
            {
                bool taken = port.Receive(frame, now);
                Tap?.FrameSeen(taken ? WireEvent.Delivered : WireEvent.Refused, port, frame, now);
            }
        }
    }

    /// <summary>Notes where the source address lives; returns the port of the destination address, or -1 for all.</summary>
    private int LearnAndFind(WirePort source, ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 12)
        {
            return -1;
        }

        int known = Find(Address(frame[6..]));
        if (known >= 0)
        {
            _addressPorts[known] = source.Index;
        }
        else if (_learned < LearnedAddresses)
        {
            _addresses[_learned] = Address(frame[6..]);
            _addressPorts[_learned] = source.Index;
            _learned++;
        }

        int target = (frame[0] & 1) != 0 ? -1 : Find(Address(frame));
        return target < 0 ? -1 : _addressPorts[target];
    }

    private int Find(ulong address) => Array.IndexOf(_addresses, address, 0, _learned);

    private static ulong Address(ReadOnlySpan<byte> bytes)
    {
        ulong address = 0;
        for (int i = 0; i < 6; i++)
        {
            address = (address << 8) | bytes[i];
        }

        return address;
    }
}
