// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The receiver: from the wire to the receive buffer, byte by byte in time (DS39662E 7.2).</summary>
internal sealed class ReceiveLogic(ChipBlocks chip) : Block(chip)
{
    internal const int MinLength = 18;
    private const int MaxPackets = 255;
    private const int MaxArrivalLength = 16384;

    private readonly FrameQueue _arrivals = new(chip.Options.ArrivalFrames, chip.Options.ArrivalBytes);
    private readonly byte[] _frame = new byte[MaxArrivalLength];
    private readonly byte[] _deliverBuffer = new byte[MaxArrivalLength];
    private readonly Lock _deliverLock = new();
    private bool _isAborted;
    private bool _toMemory;
    private int _length;
    private int _written;
    private int _flags;
    private long _firstByteAt;
    private bool _dropEvent;
    private bool _deaf;

    internal long Due { get; private set; } = Never;

    internal long IdleFrom { get; private set; }

    internal bool IsActive { get; private set; }

    internal bool IsIgnored { get; private set; }

    internal long NextByteAt { get; private set; } = Never;

    internal long EndAt { get; private set; }

    internal int PendingArrivals => _arrivals.Count;

    internal bool IsReceiving => IsActive || _arrivals.Count > 0;

    /// <summary>A reset of the whole chip.</summary>
    internal void Restart()
    {
        _deaf = false;
        _dropEvent = false;
        Drop();
    }

    internal bool Deliver(ReadOnlySpan<byte> frameWithoutFcs)
    {
        lock (_deliverLock)
        {
            Span<byte> frame = _deliverBuffer.AsSpan(0, frameWithoutFcs.Length + 4);
            frameWithoutFcs.CopyTo(frame);
            EthernetCrc.Append(frame);
            return DeliverRaw(frame);
        }
    }

    internal bool DeliverRaw(ReadOnlySpan<byte> frameWithFcs, FrameFlags flags = FrameFlags.None, long notBeforeNs = 0)
    {
        bool room = frameWithFcs.Length <= MaxArrivalLength &&
            _arrivals.TryEnqueue(frameWithFcs, Math.Max(notBeforeNs, Clock.NowNs), (int)flags);
        if (!room)
        {
            Counters.DroppedByModel++;
            Counters.FramesOffered++;
        }

        Clock.Poke();
        return room;
    }

    /// <summary>When does the next frame start?</summary>
    internal void Plan()
    {
        if (IsActive)
        {
            // What comes next for the frame in progress is planned where it is received.
            return;
        }

        Due = Never;
        if (!_arrivals.TryPeekTime(out long time))
        {
            return;
        }

        // Half duplex: what the partner has to say waits for the end of what the chip says, and as long as backpressure keeps the medium busy.
        if (Chip.Medium.PartnerDefers && Chip.Flow.Backpressure)
        {
            return;
        }

        long free = IdleFrom;
        if (Chip.Medium.PartnerDefers && Chip.Transmit.State == TransmitState.Sending)
        {
            free = Math.Max(free, Chip.Transmit.EndAt + Enc28j60Chip.InterFrameGapNs);
        }

        free = Math.Max(free, Chip.Medium.BusyUntil);
        Due = Math.Max(time, free);
    }

    internal void Advance(long now)
    {
        if (!IsActive)
        {
            Plan();
            if (Due <= now)
            {
                Begin(now);
            }
        }
        else if (now >= EndAt)
        {
            End();
        }
        else
        {
            Flush();
            CheckSpace();
        }
    }

    private void Begin(long now)
    {
        _length = _arrivals.Dequeue(_frame, out _, out _flags);
        IsActive = true;
        _isAborted = false;
        _written = 0;
        _firstByteAt = now + Enc28j60Chip.PreambleNs;
        EndAt = _firstByteAt + (_length * Enc28j60Chip.ByteTimeNs);
        NextByteAt = Never;
        Due = EndAt;
        Counters.FramesOffered++;
        IsIgnored = IsRefused();
        if (!Registers.FullDuplex && Chip.Transmit.State == TransmitState.Sending)
        {
            Chip.Transmit.MeetForeignFrame(now);
        }

        if (IsIgnored)
        {
            return;
        }

        if (Chip.Dma.IsChecksum && Strikes(17))
        {
            Abort("a running DMA checksum aborted a reception (erratum 17)");
            return;
        }

        _toMemory = _length >= MinLength && Chip.Filters.CanMatch(_frame);
        if (_toMemory)
        {
            NextByteAt = _firstByteAt + Enc28j60Chip.ByteTimeNs;
            CheckSpace();
        }
    }

    /// <summary>A frame that the chip does not see at all still takes its time on the wire.</summary>
    private bool IsRefused()
    {
        if (!Chip.Power.IsAlive || (Registers[Reg.ESTAT] & Estat.CLKRDY) == 0 || Chip.Power.InPowerSave)
        {
            Counters.DroppedByPowerState++;
            return true;
        }

        if (!Chip.Phy.HasLink || Chip.Phy.IsLoopback)
        {
            Counters.DroppedByLinkDown++;
            return true;
        }

        if (!Registers.ReceiveEnabled || (Registers[Reg.MACON1] & Macon1.MARXEN) == 0)
        {
            Counters.DroppedByRxOff++;
            return true;
        }

        if (_deaf)
        {
            Counters.DroppedByOverflow++;
            return true;
        }

        return false;
    }

    /// <summary>Plans the moment at which the frame would hit the barrier, and aborts if that moment is now.</summary>
    private void CheckSpace()
    {
        if (!IsActive || IsIgnored || _isAborted || !_toMemory)
        {
            return;
        }

        int space = Chip.ReceiveBuffer.FreeSpace();
        int needed = ReceiveBuffer.HeaderLength + _length + (_length & 1);
        if (needed <= space)
        {
            Due = EndAt;
            return;
        }

        long hit = _firstByteAt + ((long)Math.Max(0, space - ReceiveBuffer.HeaderLength) * Enc28j60Chip.ByteTimeNs);
        if (hit <= Clock.NowNs || Clock.NowNs >= EndAt)
        {
            Overflow();
        }
        else
        {
            Due = Math.Min(hit, EndAt);
        }
    }

    private void Overflow()
    {
        Counters.DroppedByOverflow++;
        _isAborted = true;
        NextByteAt = Never;
        Due = EndAt;
        _dropEvent = true;
        _deaf |= Faults.DeafAfterOverflow;
        Registers[Reg.EIR] |= Eir.RXERIF;
        Registers[Reg.ESTAT] |= Estat.BUFER;
    }

    /// <summary>Reception ends here, and the host is told as for an overflow.</summary>
    internal void Abort(string message)
    {
        if (IsActive && !IsIgnored && !_isAborted)
        {
            Warn(ViolationRule.Dma, message);
            Counters.DroppedByAbort++;
            _isAborted = true;
            NextByteAt = Never;
            Due = EndAt;
            Registers[Reg.EIR] |= Eir.RXERIF;
            Registers[Reg.ESTAT] |= Estat.BUFER;
        }
    }

    /// <summary>RXRST, reset, loss of link or power: the frame goes on on the wire, unheard.</summary>
    internal void Drop()
    {
        if (IsActive && !IsIgnored)
        {
            if (!_isAborted)
            {
                Counters.DroppedByAbort++;
            }

            IsIgnored = true;
            NextByteAt = Never;
            Due = EndAt;
        }
    }

    internal void Reset()
    {
        Registers[Reg.ECON1] &= unchecked((byte)~Econ1.RXEN);
        _deaf = false;
        Drop();
    }

    /// <summary>Puts the bytes into memory that have arrived by now.</summary>
    internal void Flush()
    {
        long now = Clock.NowNs;
        if (NextByteAt > now)
        {
            return;
        }

        int space = Chip.ReceiveBuffer.FreeSpace() - ReceiveBuffer.HeaderLength;
        while (NextByteAt <= now)
        {
            if (_written >= _length)
            {
                NextByteAt = Never;
                return;
            }

            if (_written >= space)
            {
                return;
            }

            Chip.Memory.Write(Chip.ReceiveBuffer.Add(Chip.ReceiveBuffer.WritePointer, ReceiveBuffer.HeaderLength + _written), _frame[_written]);
            _written++;
            NextByteAt += Enc28j60Chip.ByteTimeNs;
        }
    }

    private void End()
    {
        Flush();
        CheckSpace();
        IsActive = false;
        NextByteAt = Never;
        IdleFrom = EndAt + Enc28j60Chip.InterFrameGapNs;
        if (!IsIgnored && !_isAborted)
        {
            JudgeFrame(_frame.AsSpan(0, _length), (FrameFlags)_flags, _toMemory);
        }

        Plan();
    }

    /// <summary>A whole frame is there: filters, control frames, length, counter.</summary>
    internal void JudgeFrame(ReadOnlySpan<byte> frame, FrameFlags flags, bool written)
    {
        int maximum = Registers.Pair(Reg.MAMXFLL);
        if (frame.Length < MinLength || (frame.Length > maximum && (Registers[Reg.MACON3] & Macon3.HFRMEN) == 0))
        {
            Counters.DroppedByLength++;
            return;
        }

        bool fcsGood = EthernetCrc.IsValid(frame);
        if (FrameFields.IsControl(frame))
        {
            if (fcsGood)
            {
                Chip.Flow.TakePauseFrame(frame);
            }

            if ((Registers[Reg.MACON1] & Macon1.PASSALL) == 0)
            {
                Counters.DroppedAsControl++;
                return;
            }
        }

        if (!Chip.Filters.Passes(frame))
        {
            Counters.DroppedByFilter++;
            return;
        }

        if (!fcsGood && (Registers[Reg.ERXFCON] & Rxf.CRCEN) != 0)
        {
            Counters.DroppedByCrc++;
            return;
        }

        int padded = frame.Length + (frame.Length & 1);
        if (Registers[Reg.EPKTCNT] == MaxPackets)
        {
            Counters.DroppedByOverflow++;
            _dropEvent = true;
            Registers[Reg.EIR] |= Eir.RXERIF;
            return;
        }

        if (!written)
        {
            // An echo of an own frame comes here in one piece.
            if (ReceiveBuffer.HeaderLength + padded > Chip.ReceiveBuffer.FreeSpace())
            {
                Overflow();
                return;
            }

            for (int i = 0; i < frame.Length; i++)
            {
                Chip.Memory.Write(Chip.ReceiveBuffer.Add(Chip.ReceiveBuffer.WritePointer, ReceiveBuffer.HeaderLength + i), frame[i]);
            }
        }

        Chip.ReceiveBuffer.PublishPacket(padded, MakeStatus(frame, flags, fcsGood));
        Counters.FramesReceived++;
        Counters.BytesReceived += frame.Length;
    }

    /// <summary>The receive status vector (DS39662E table 7-3).</summary>
    private uint MakeStatus(ReadOnlySpan<byte> frame, FrameFlags flags, bool fcsGood)
    {
        uint status = (uint)frame.Length & 0xFFFF;
        if (_dropEvent && Options.ReportDropEvent)
        {
            status |= 1u << 16;
        }

        _dropEvent = false;
        status |= (flags & FrameFlags.CarrierEvent) != 0 ? 1u << 18 : 0;
        status |= fcsGood ? 1u << 23 : 1u << 20;
        int type = FrameFields.TypeOf(frame);
        status |= (Registers[Reg.MACON3] & Macon3.FRMLNEN) != 0 && FrameFields.IsLengthWrong(type, frame.Length - 18) ? 1u << 21 : 0;
        status |= type > 1500 ? 1u << 22 : 0;
        bool broadcast = FrameFields.IsBroadcast(frame);
        status |= (frame[0] & 1) != 0 && (!broadcast || Options.MulticastFlagOnBroadcast) ? 1u << 24 : 0;
        status |= broadcast ? 1u << 25 : 0;
        status |= (flags & FrameFlags.DribbleNibble) != 0 ? 1u << 26 : 0;
        if (FrameFields.IsControl(frame))
        {
            status |= 1u << 27;
            status |= Chip.Flow.IsPauseFrame(frame) ? 1u << 28 : 1u << 29;
        }

        status |= type == 0x8100 ? 1u << 30 : 0;
        return status;
    }

    internal void LoseInCollision()
    {
        if (!IsIgnored)
        {
            Counters.DroppedByCollision++;
            IsIgnored = true;
            NextByteAt = Never;
            Due = EndAt;
        }
    }
}
