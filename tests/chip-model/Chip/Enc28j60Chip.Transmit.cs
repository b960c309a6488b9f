// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>The transmitter (DS39662E 7.1).</content>
public sealed partial class Enc28j60Chip
{
    private const int FcsLength = 4;
    private const int MaxTransmitLength = MemorySize + 64;

    private readonly byte[] _txFrame = new byte[MaxTransmitLength];
    private TransmitState _txState;
    private TransmitEnd _txEnd;
    private long _txDue = Never;
    private long _txRequestedAt;
    private long _txNotBefore;
    private long _txIdleFrom;
    private long _txStartedAt;
    private long _txEndAt;
    private int _txDataLength;
    private int _txLength;
    private bool _txPads;
    private int _txPadTo;
    private bool _txAppendsFcs;
    private bool _txGiant;
    private bool _txDeferred;
    private bool _txGivesUp;
    private int _txCollisions;
    private int _txCollisionByte;
    private bool _txCollisionFalse;
    private long _txWireBytes;
    private bool _txStalled;

    private enum TransmitState
    {
        Idle,
        Waiting,
        Sending,
        Stuck,
    }

    private enum TransmitEnd
    {
        Success,
        Collision,
        LateCollision,
        ExcessiveCollisions,
        ExcessiveDeferral,
        Oversize,
        NoLink,
    }

    /// <summary>True while a transmission is requested and not over.</summary>
    public bool IsTransmitting => TransmitRequested;

    /// <summary>TXRTS goes from 0 to 1.</summary>
    private void RequestTransmit()
    {
        if (!IsMacReady)
        {
            Violate(ViolationRule.NotReady, "TXRTS set before the clock is ready, within 1 ms after a reset, or in power save");
            return;
        }

        if ((_reg[Reg.ECON1] & Econ1.TXRST) != 0)
        {
            Violate(ViolationRule.TransmitBusy, "TXRTS set while TXRST is set");
            return;
        }

        _reg[Reg.ECON1] |= Econ1.TXRTS;
        CheckMacSetup();
        CheckGap();
        ReadControlByte();
        CheckTransmitBuffer();
        _txRequestedAt = _clock.NowNs;
        _txNotBefore = 0;
        _txDeferred = false;
        _txCollisions = 0;
        _txWireBytes = 0;
        if (_txStalled || (!_link && Options.TransmitWithoutLink == NoLinkTransmit.NeverEnds))
        {
            // Erratum 12: after an abort in half duplex the transmit logic stands still until it is reset.
            _txState = TransmitState.Stuck;
            _txDue = Never;
            return;
        }

        _txState = TransmitState.Waiting;
        PlanTransmit();
    }

    /// <summary>The gap between own frames must be the standard's (DS39662E 6.5: 15h in full duplex, 12h in half duplex).</summary>
    private void CheckGap()
    {
        if (BackToBackGapNs < InterFrameGapNs)
        {
            Violate(ViolationRule.MacSetup, "MABBIPG gives a gap below 9.6 us");
        }
        else if (BackToBackGapNs > InterFrameGapNs)
        {
            Warn(ViolationRule.MacSetup, "MABBIPG gives a gap above 9.6 us");
        }
    }

    private long BackToBackGapNs => (_reg[Reg.MABBIPG] + (FullDuplex ? 3 : 6)) * 400L;

    /// <summary>The per-packet control byte overrides MACON3 if its bit 0 is set (DS39662E figure 7-1).</summary>
    private void ReadControlByte()
    {
        int start = Pair(Reg.ETXSTL);
        int control = ReadMemory(start);
        if ((control & 0xF0) != 0)
        {
            Violate(ViolationRule.TransmitBuffer, "reserved bits in the control byte at ETXST: probably there is none");
        }

        _txDataLength = (Pair(Reg.ETXNDL) - start) & PointerMask;
        int macon3 = _reg[Reg.MACON3];
        bool huge = (macon3 & Macon3.HFRMEN) != 0;
        _txAppendsFcs = (macon3 & Macon3.TXCRCEN) != 0;
        _txPads = (macon3 & 0x20) != 0 && _txAppendsFcs;
        bool vlan = ReadMemory((start + 13) & PointerMask) == 0x81 && ReadMemory((start + 14) & PointerMask) == 0x00;
        _txPadTo = (macon3 >> 5) switch
        {
            1 => 60,
            5 => vlan ? 64 : 60,
            _ => 64,
        };
        if ((control & 0x01) != 0)
        {
            _txPads = (control & 0x04) != 0;
            _txPadTo = 60;
            _txAppendsFcs = _txPads || (control & 0x02) != 0;
            huge = (control & 0x08) != 0;
        }

        _txLength = _txPads ? Math.Max(_txDataLength, _txPadTo) : _txDataLength;
        _txLength += _txAppendsFcs ? FcsLength : 0;
        _txGiant = _txLength > Pair(Reg.MAMXFLL);
        _txEnd = _txGiant && !huge ? TransmitEnd.Oversize : TransmitEnd.Success;
    }

    private void CheckTransmitBuffer()
    {
        if (_txDataLength < 14)
        {
            Violate(ViolationRule.TransmitBuffer, "packet shorter than an Ethernet header: ETXND too low");
        }

        if ((Pair(Reg.ETXSTL) & 1) != 0)
        {
            Warn(ViolationRule.TransmitBuffer, "odd ETXST");
        }

        if (!ReceiveEnabled)
        {
            return;
        }

        int first = Pair(Reg.ETXSTL);
        int last = first + _txDataLength + StatusLength;
        bool overlaps = first <= Pair(Reg.ERXNDL) && last >= Pair(Reg.ERXSTL);

        // Beyond the end of memory the transmitter goes on at its start.
        overlaps |= last - MemorySize >= Pair(Reg.ERXSTL);
        if (overlaps)
        {
            Violate(ViolationRule.TransmitOverlap, "packet or its status vector lies in the receive buffer");
        }
    }

    private bool IsInTransmitArea(int address) => ((address - Pair(Reg.ETXSTL)) & PointerMask) <= _txDataLength + StatusLength;

    /// <summary>When may the waiting frame start?</summary>
    private void PlanTransmit()
    {
        if (_txState != TransmitState.Waiting)
        {
            return;
        }

        if (_dmaRunning)
        {
            // Whichever of DMA and transmitter comes second waits; the DMA's end plans anew.
            _txDue = Never;
            return;
        }

        long now = _clock.NowNs;
        _txGivesUp = false;
        long start = Math.Max(Math.Max(now, _txNotBefore), _txIdleFrom == 0 ? 0 : _txIdleFrom + BackToBackGapNs);
        if (FullDuplex)
        {
            _txDue = Math.Max(start, _pauseUntil);
            return;
        }

        bool busy = _rxActive || _mediumBusyUntil > now;
        long free = _rxActive ? _rxEndAt + InterFrameGapNs : _rxIdleFrom;
        free = Math.Max(free, _mediumBusyUntil == 0 ? 0 : _mediumBusyUntil + InterFrameGapNs);
        _txDeferred |= busy;
        start = Math.Max(start, free);

        long limit = _txRequestedAt + ExcessiveDeferralNs;
        bool unlimited = (_reg[Reg.MACON4] & Macon4.DEFER) != 0;
        _txGivesUp = !unlimited && start > limit && _txCollisions == 0;
        _txDue = _txGivesUp ? limit : start;
    }

    private void TransmitDue(long now)
    {
        if (_txState == TransmitState.Sending)
        {
            EndAttempt(now);
        }
        else
        {
            PlanTransmit();
            if (_txDue > now)
            {
                return;
            }

            if (_txGivesUp)
            {
                FinishTransmit(TransmitEnd.ExcessiveDeferral, now);
            }
            else
            {
                BeginAttempt(now);
            }
        }
    }

    private void BeginAttempt(long now)
    {
        if (!_link && Options.TransmitWithoutLink == NoLinkTransmit.Aborts)
        {
            FinishTransmit(TransmitEnd.NoLink, now);
            return;
        }

        _txState = TransmitState.Sending;
        _txStartedAt = now;
        _txCollisionByte = FullDuplex ? -1 : NextCollision();
        _txDestroyed = false;
        if (FullDuplex && _rxActive && PartnerDefers)
        {
            HitForeignFrame();
        }

        long duration = PreambleNs;
        if (_txCollisionByte >= 0)
        {
            duration += (_txCollisionByte * ByteTimeNs) + JamNs;
        }
        else
        {
            duration += (_txEnd == TransmitEnd.Oversize ? Pair(Reg.MAMXFLL) : _txLength) * ByteTimeNs;
        }

        _txEndAt = now + duration;
        _txDue = _txEndAt;

        // A frame that waited to come in waits on.
        PlanReceive();
    }

    private void EndAttempt(long now)
    {
        _txIdleFrom = now;
        if (_txCollisionByte >= 0)
        {
            EndCollision(now);
            return;
        }

        FinishTransmit(_txEnd, now);
    }

    /// <summary>The transmission is over, well or not.</summary>
    private void FinishTransmit(TransmitEnd end, long now)
    {
        bool fcsWrong = AssembleFrame();
        if (end is TransmitEnd.Success or TransmitEnd.Oversize)
        {
            int sent = end == TransmitEnd.Success ? _txLength : Pair(Reg.MAMXFLL);
            _txWireBytes += sent;
            sent = _txDestroyed ? Math.Min(sent, MinLength - 1) : sent;
            CountSent(end, sent);
            Emit(_txFrame.AsSpan(0, sent), now);
        }

        WriteTransmitStatus(end, fcsWrong);
        _txState = TransmitState.Idle;
        _txDue = Never;
        bool stuck = end == TransmitEnd.LateCollision && _txCollisionFalse;
        if (end != TransmitEnd.Success)
        {
            Counters.TransmitAborts++;
            _reg[Reg.ESTAT] |= Estat.TXABRT;
            _reg[Reg.EIR] |= Eir.TXERIF;
            if (end == TransmitEnd.LateCollision && !ErratumStrikes(15))
            {
                _reg[Reg.ESTAT] |= Estat.LATECOL;
            }

            if (!FullDuplex && end is not (TransmitEnd.Oversize or TransmitEnd.NoLink) && ErratumStrikes(12))
            {
                _txStalled = true;
            }
        }

        if (stuck)
        {
            // Erratum 13: TXRTS may stay set and TXIF may never come.
            _txState = TransmitState.Stuck;
            return;
        }

        _reg[Reg.ECON1] &= unchecked((byte)~Econ1.TXRTS);
        _reg[Reg.EIR] |= Eir.TXIF;
        if (end == TransmitEnd.Success)
        {
            LoopBack();
        }

        PlanReceive();
        DmaMayStart();
    }

    private void CountSent(TransmitEnd end, int length)
    {
        if (end != TransmitEnd.Success || _txDestroyed)
        {
            Counters.FramesCut++;
            return;
        }

        Counters.FramesSent++;
        Counters.BytesSent += length;
    }

    /// <summary>Half duplex without HDLDIS, and any mode with PLOOPBK: the frame comes back, more or less whole (errata 9 and 10).</summary>
    private void LoopBack()
    {
        bool loops = PhyLoopback || (!FullDuplex && !LoopbackDisabled);
        if (!loops || !ReceiveEnabled)
        {
            return;
        }

        if (ErratumStrikes(FullDuplex ? 10 : 9))
        {
            _txFrame[_random.Below(_txLength)] ^= (byte)(1 << _random.Below(8));
        }

        JudgeFrame(_txFrame.AsSpan(0, _txLength), FrameFlags.None, false);
    }

    /// <summary>Takes the bytes from memory as they are at the end: what the host changed meanwhile goes out changed. True if a supplied check sequence is wrong.</summary>
    private bool AssembleFrame()
    {
        int start = Pair(Reg.ETXSTL) + 1;
        for (int i = 0; i < _txDataLength; i++)
        {
            _txFrame[i] = ReadMemory((start + i) & PointerMask);
        }

        int length = _txLength - (_txAppendsFcs ? FcsLength : 0);
        if (length > _txDataLength)
        {
            Array.Clear(_txFrame, _txDataLength, length - _txDataLength);
        }

        if (_txAppendsFcs)
        {
            EthernetCrc.Append(_txFrame.AsSpan(0, _txLength));
            return false;
        }

        return !EthernetCrc.IsValid(_txFrame.AsSpan(0, _txLength));
    }

    /// <summary>Puts bytes on the wire.</summary>
    private void Emit(ReadOnlySpan<byte> frame, long now)
    {
        if (!_link || TransmitterDisabled || PhyLoopback)
        {
            Counters.SentWithoutLink++;
            return;
        }

        Port?.FrameSent(frame, now);
    }

    /// <summary>The host clears TXRTS.</summary>
    private void CancelTransmit()
    {
        StopTransmit("TXRTS cleared while a frame is on the wire");
        if (Options.CancelSetsAbortFlag)
        {
            _reg[Reg.ESTAT] |= Estat.TXABRT;
        }
    }

    private void TransmitReset()
    {
        if (TransmitRequested)
        {
            StopTransmit("TXRST set while a frame is on the wire");
        }

        _txStalled = false;
        if (Options.TransmitResetClearsAbortFlags)
        {
            _reg[Reg.ESTAT] &= unchecked((byte)~(Estat.TXABRT | Estat.LATECOL));
        }
    }

    private void TransmitResetReleased()
    {
        // Erratum 12: the release may raise TXERIF.
        if (!FullDuplex && ErratumStrikes(12))
        {
            _reg[Reg.EIR] |= Eir.TXERIF;
        }
    }

    private void StopTransmit(string message)
    {
        if (_txState == TransmitState.Sending)
        {
            Violate(ViolationRule.FrameCut, message);
            CutFrame();
        }

        _txState = TransmitState.Idle;
        _txDue = Never;
        _reg[Reg.ECON1] &= unchecked((byte)~Econ1.TXRTS);
        _reg[Reg.EIR] |= Eir.TXIF;
        PlanReceive();
        DmaMayStart();
    }

    /// <summary>What has left so far stays on the wire, without a valid check sequence.</summary>
    private void CutFrame()
    {
        long now = _clock.NowNs;
        int sent = (int)Math.Clamp((now - _txStartedAt - PreambleNs) / ByteTimeNs, 0, _txLength);
        Counters.FramesCut++;
        _txIdleFrom = now;
        if (sent > 0)
        {
            AssembleFrame();
            Emit(_txFrame.AsSpan(0, sent), now);
        }
    }
}
