// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>The receiver: from the wire to the receive buffer, byte by byte in time (DS39662E 7.2).</content>
public sealed partial class Enc28j60Chip
{
    private const int MinLength = 18;
    private const int MaxPackets = 255;
    private const int MaxArrivalLength = 16384;

    private readonly FrameQueue _arrivals;
    private readonly byte[] _rxFrame = new byte[MaxArrivalLength];
    private readonly byte[] _deliverBuffer = new byte[MaxArrivalLength];
    private readonly Lock _deliverLock = new();
    private long _rxDue = Never;
    private long _rxIdleFrom;
    private bool _rxActive;
    private bool _rxIgnored;
    private bool _rxAborted;
    private bool _rxToMemory;
    private int _rxLength;
    private int _rxWritten;
    private int _rxFlags;
    private long _rxFirstByteAt;
    private long _rxNextByteAt = Never;
    private long _rxEndAt;
    private bool _dropEvent;
    private bool _deaf;

    /// <summary>Frames that wait on the wire.</summary>
    public int PendingArrivals => _arrivals.Count;

    /// <summary>True while a frame comes in or waits to.</summary>
    public bool IsReceiving => _rxActive || _arrivals.Count > 0;

    /// <summary>
    /// Puts a frame on the wire to the chip; the frame check sequence is added. It starts as soon as the wire is free. From any thread.
    /// </summary>
    /// <returns>False if the queue of arrivals is full and the frame is lost.</returns>
    public bool Deliver(ReadOnlySpan<byte> frameWithoutFcs)
    {
        lock (_deliverLock)
        {
            Span<byte> frame = _deliverBuffer.AsSpan(0, frameWithoutFcs.Length + 4);
            frameWithoutFcs.CopyTo(frame);
            EthernetCrc.Append(frame);
            return DeliverRaw(frame);
        }
    }

    /// <summary>
    /// Puts a frame on the wire to the chip with whatever frame check sequence its last four bytes are. It starts at <paramref name="notBeforeNs"/> or as soon
    /// as the wire is free after that. From any thread.
    /// </summary>
    /// <returns>False if the queue of arrivals is full and the frame is lost.</returns>
    public bool DeliverRaw(ReadOnlySpan<byte> frameWithFcs, FrameFlags flags = FrameFlags.None, long notBeforeNs = 0)
    {
        bool room = frameWithFcs.Length <= MaxArrivalLength &&
            _arrivals.TryEnqueue(frameWithFcs, Math.Max(notBeforeNs, _clock.NowNs), (int)flags);
        if (!room)
        {
            Counters.DroppedByModel++;
            Counters.FramesOffered++;
        }

        _clock.Poke();
        return room;
    }

    /// <summary>When does the next frame start?</summary>
    private void PlanReceive()
    {
        if (_rxActive)
        {
            // What comes next for the frame in progress is planned where it is received.
            return;
        }

        _rxDue = Never;
        if (!_arrivals.TryPeekTime(out long time))
        {
            return;
        }

        // Half duplex: what the partner has to say waits for the end of what the chip says, and as long as backpressure keeps the medium busy.
        if (PartnerDefers && Backpressure)
        {
            return;
        }

        long free = _rxIdleFrom;
        if (PartnerDefers && _txState == TransmitState.Sending)
        {
            free = Math.Max(free, _txEndAt + InterFrameGapNs);
        }

        free = Math.Max(free, _mediumBusyUntil);
        _rxDue = Math.Max(time, free);
    }

    private void ReceiveDue(long now)
    {
        if (!_rxActive)
        {
            PlanReceive();
            if (_rxDue <= now)
            {
                BeginReceive(now);
            }
        }
        else if (now >= _rxEndAt)
        {
            EndReceive();
        }
        else
        {
            FlushReceived();
            CheckSpace();
        }
    }

    private void BeginReceive(long now)
    {
        _rxLength = _arrivals.Dequeue(_rxFrame, out _, out _rxFlags);
        _rxActive = true;
        _rxAborted = false;
        _rxWritten = 0;
        _rxFirstByteAt = now + PreambleNs;
        _rxEndAt = _rxFirstByteAt + (_rxLength * ByteTimeNs);
        _rxNextByteAt = Never;
        _rxDue = _rxEndAt;
        Counters.FramesOffered++;
        _rxIgnored = IsRefused();
        if (!FullDuplex && _txState == TransmitState.Sending)
        {
            ForeignFrameHits(now);
        }

        if (_rxIgnored)
        {
            return;
        }

        if (_dmaChecksum && ErratumStrikes(17))
        {
            AbortReception("a running DMA checksum aborted a reception (erratum 17)");
            return;
        }

        _rxToMemory = _rxLength >= MinLength && AddressCanMatch(_rxFrame);
        if (_rxToMemory)
        {
            _rxNextByteAt = _rxFirstByteAt + ByteTimeNs;
            CheckSpace();
        }
    }

    /// <summary>A frame that the chip does not see at all still takes its time on the wire.</summary>
    private bool IsRefused()
    {
        if (!IsAlive || (_reg[Reg.ESTAT] & Estat.CLKRDY) == 0 || InPowerSave)
        {
            Counters.DroppedByPowerState++;
            return true;
        }

        if (!_link || PhyLoopback)
        {
            Counters.DroppedByLinkDown++;
            return true;
        }

        if (!ReceiveEnabled || (_reg[Reg.MACON1] & Macon1.MARXEN) == 0)
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
        if (!_rxActive || _rxIgnored || _rxAborted || !_rxToMemory)
        {
            return;
        }

        int space = FreeSpace();
        int needed = HeaderLength + _rxLength + (_rxLength & 1);
        if (needed <= space)
        {
            _rxDue = _rxEndAt;
            return;
        }

        long hit = _rxFirstByteAt + ((long)Math.Max(0, space - HeaderLength) * ByteTimeNs);
        if (hit <= _clock.NowNs || _clock.NowNs >= _rxEndAt)
        {
            Overflow();
        }
        else
        {
            _rxDue = Math.Min(hit, _rxEndAt);
        }
    }

    private void Overflow()
    {
        Counters.DroppedByOverflow++;
        _rxAborted = true;
        _rxNextByteAt = Never;
        _rxDue = _rxEndAt;
        _dropEvent = true;
        _deaf |= Faults.DeafAfterOverflow;
        _reg[Reg.EIR] |= Eir.RXERIF;
        _reg[Reg.ESTAT] |= Estat.BUFER;
    }

    /// <summary>Reception ends here, and the host is told as for an overflow.</summary>
    private void AbortReception(string message)
    {
        if (_rxActive && !_rxIgnored && !_rxAborted)
        {
            Warn(ViolationRule.Dma, message);
            Counters.DroppedByAbort++;
            _rxAborted = true;
            _rxNextByteAt = Never;
            _rxDue = _rxEndAt;
            _reg[Reg.EIR] |= Eir.RXERIF;
            _reg[Reg.ESTAT] |= Estat.BUFER;
        }
    }

    /// <summary>RXRST, reset, loss of link or power: the frame goes on on the wire, unheard.</summary>
    private void DropReception()
    {
        if (_rxActive && !_rxIgnored)
        {
            if (!_rxAborted)
            {
                Counters.DroppedByAbort++;
            }

            _rxIgnored = true;
            _rxNextByteAt = Never;
            _rxDue = _rxEndAt;
        }
    }

    private void ReceiveReset()
    {
        _reg[Reg.ECON1] &= unchecked((byte)~Econ1.RXEN);
        _deaf = false;
        DropReception();
    }

    /// <summary>Puts the bytes into memory that have arrived by now.</summary>
    private void FlushReceived()
    {
        long now = _clock.NowNs;
        if (_rxNextByteAt > now)
        {
            return;
        }

        int space = FreeSpace() - HeaderLength;
        while (_rxNextByteAt <= now)
        {
            if (_rxWritten >= _rxLength)
            {
                _rxNextByteAt = Never;
                return;
            }

            if (_rxWritten >= space)
            {
                return;
            }

            WriteMemory(FifoAdd(_rxWritePointer, HeaderLength + _rxWritten), _rxFrame[_rxWritten]);
            _rxWritten++;
            _rxNextByteAt += ByteTimeNs;
        }
    }

    private void EndReceive()
    {
        FlushReceived();
        CheckSpace();
        _rxActive = false;
        _rxNextByteAt = Never;
        _rxIdleFrom = _rxEndAt + InterFrameGapNs;
        if (!_rxIgnored && !_rxAborted)
        {
            JudgeFrame(_rxFrame.AsSpan(0, _rxLength), (FrameFlags)_rxFlags, _rxToMemory);
        }

        PlanReceive();
    }

    /// <summary>A whole frame is there: filters, control frames, length, counter.</summary>
    private void JudgeFrame(ReadOnlySpan<byte> frame, FrameFlags flags, bool written)
    {
        int maximum = Pair(Reg.MAMXFLL);
        if (frame.Length < MinLength || (frame.Length > maximum && (_reg[Reg.MACON3] & Macon3.HFRMEN) == 0))
        {
            Counters.DroppedByLength++;
            return;
        }

        bool fcsGood = EthernetCrc.IsValid(frame);
        if (IsControlFrame(frame))
        {
            if (fcsGood)
            {
                TakePauseFrame(frame);
            }

            if ((_reg[Reg.MACON1] & Macon1.PASSALL) == 0)
            {
                Counters.DroppedAsControl++;
                return;
            }
        }

        if (!PassesFilters(frame))
        {
            Counters.DroppedByFilter++;
            return;
        }

        if (!fcsGood && (_reg[Reg.ERXFCON] & Rxf.CRCEN) != 0)
        {
            Counters.DroppedByCrc++;
            return;
        }

        int padded = frame.Length + (frame.Length & 1);
        if (_reg[Reg.EPKTCNT] == MaxPackets)
        {
            Counters.DroppedByOverflow++;
            _dropEvent = true;
            _reg[Reg.EIR] |= Eir.RXERIF;
            return;
        }

        if (!written)
        {
            // An echo of an own frame comes here in one piece.
            if (HeaderLength + padded > FreeSpace())
            {
                Overflow();
                return;
            }

            for (int i = 0; i < frame.Length; i++)
            {
                WriteMemory(FifoAdd(_rxWritePointer, HeaderLength + i), frame[i]);
            }
        }

        PublishPacket(padded, ReceiveStatus(frame, flags, fcsGood));
        Counters.FramesReceived++;
        Counters.BytesReceived += frame.Length;
    }

    /// <summary>The receive status vector (DS39662E table 7-3).</summary>
    private uint ReceiveStatus(ReadOnlySpan<byte> frame, FrameFlags flags, bool fcsGood)
    {
        uint status = (uint)frame.Length & 0xFFFF;
        if (_dropEvent && Options.ReportDropEvent)
        {
            status |= 1u << 16;
        }

        _dropEvent = false;
        status |= (flags & FrameFlags.CarrierEvent) != 0 ? 1u << 18 : 0;
        status |= fcsGood ? 1u << 23 : 1u << 20;
        int type = TypeOf(frame);
        status |= (_reg[Reg.MACON3] & Macon3.FRMLNEN) != 0 && LengthFieldWrong(type, frame.Length - 18) ? 1u << 21 : 0;
        status |= type > 1500 ? 1u << 22 : 0;
        bool broadcast = IsBroadcast(frame);
        status |= (frame[0] & 1) != 0 && (!broadcast || Options.MulticastFlagOnBroadcast) ? 1u << 24 : 0;
        status |= broadcast ? 1u << 25 : 0;
        status |= (flags & FrameFlags.DribbleNibble) != 0 ? 1u << 26 : 0;
        if (IsControlFrame(frame))
        {
            status |= 1u << 27;
            status |= IsPauseFrame(frame) ? 1u << 28 : 1u << 29;
        }

        status |= type == 0x8100 ? 1u << 30 : 0;
        return status;
    }

    private static int TypeOf(ReadOnlySpan<byte> frame) => frame.Length >= 14 ? (frame[12] << 8) | frame[13] : 0;

    /// <summary>A length field that is one and does not fit the data; short data may be padded to 46 bytes.</summary>
    private static bool LengthFieldWrong(int type, int dataLength) =>
        type <= 1500 && type != dataLength && !(type < 46 && dataLength == 46);
}
