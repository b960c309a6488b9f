// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>
/// The transmitter: waiting for the medium, attempts, collisions and back-off, and the end (DS39662E 7.1, IEEE 802.3 clause 4; errata 9, 10, 12, 13, 15).
/// </summary>
internal sealed class TransmitLogic(ChipBlocks chip) : Block(chip)
{
    /// <summary>Longest wait for the medium if MACON4.DEFER is 0: 24287 bit times.</summary>
    internal const long ExcessiveDeferralNs = 2_428_700;
    private const long SlotTimeNs = 51_200;

    private bool _isDestroyed;
    private long _requestedAt;
    private long _notBefore;
    private long _startedAt;
    private bool _givesUp;
    private int _collisionByte;
    private bool _collisionFalse;
    private bool _isStalled;

    internal TransmitState State { get; private set; }

    internal long Due { get; private set; } = Never;

    internal long IdleFrom { get; private set; }

    internal long EndAt { get; private set; }

    internal bool IsDeferred { get; private set; }

    internal int Collisions { get; private set; }

    internal long WireBytes { get; private set; }

    /// <summary>A reset of the whole chip.</summary>
    internal void Restart()
    {
        if (State == TransmitState.Sending)
        {
            CutFrame();
        }

        State = TransmitState.Idle;
        Due = Never;
        _isStalled = false;
    }

    /// <summary>Power save while a frame is on its way: it never ends.</summary>
    internal void StickForever()
    {
        if (State == TransmitState.Sending)
        {
            CutFrame();
        }

        State = TransmitState.Stuck;
        Due = Never;
    }

    /// <summary>Something else leaves between frames, until a time.</summary>
    internal void Occupy(long until) => IdleFrom = Math.Max(IdleFrom, until);

    /// <summary>TXRTS goes from 0 to 1.</summary>
    internal void Request()
    {
        if (!Chip.Power.IsMacReady)
        {
            Violate(ViolationRule.NotReady, "TXRTS set before the clock is ready, within 1 ms after a reset, or in power save");
            return;
        }

        if ((Registers[Reg.ECON1] & Econ1.TXRST) != 0)
        {
            Violate(ViolationRule.TransmitBusy, "TXRTS set while TXRST is set");
            return;
        }

        Registers[Reg.ECON1] |= Econ1.TXRTS;
        Chip.Mac.CheckSetup();
        Chip.Mac.CheckGap();
        Chip.Packet.ReadControlByte();
        Chip.Packet.CheckBuffer();
        _requestedAt = Clock.NowNs;
        _notBefore = 0;
        IsDeferred = false;
        Collisions = 0;
        WireBytes = 0;
        if (_isStalled || (!Chip.Phy.HasLink && Options.TransmitWithoutLink == NoLinkTransmit.NeverEnds))
        {
            // Erratum 12: after an abort in half duplex the transmit logic stands still until it is reset.
            State = TransmitState.Stuck;
            Due = Never;
            return;
        }

        State = TransmitState.Waiting;
        Plan();
    }

    /// <summary>When may the waiting frame start?</summary>
    internal void Plan()
    {
        if (State != TransmitState.Waiting)
        {
            return;
        }

        if (Chip.Dma.IsRunning)
        {
            // Whichever of DMA and transmitter comes second waits; the DMA's end plans anew.
            Due = Never;
            return;
        }

        long now = Clock.NowNs;
        _givesUp = false;
        long start = Math.Max(Math.Max(now, _notBefore), IdleFrom == 0 ? 0 : IdleFrom + Chip.Mac.BackToBackGapNs);
        if (Registers.FullDuplex)
        {
            Due = Math.Max(start, Chip.Flow.PauseUntil);
            return;
        }

        bool busy = Chip.Receive.IsActive || Chip.Medium.BusyUntil > now;
        long free = Chip.Receive.IsActive ? Chip.Receive.EndAt + Enc28j60Chip.InterFrameGapNs : Chip.Receive.IdleFrom;
        free = Math.Max(free, Chip.Medium.BusyUntil == 0 ? 0 : Chip.Medium.BusyUntil + Enc28j60Chip.InterFrameGapNs);
        IsDeferred |= busy;
        start = Math.Max(start, free);

        long limit = _requestedAt + ExcessiveDeferralNs;
        bool unlimited = (Registers[Reg.MACON4] & Macon4.DEFER) != 0;
        _givesUp = !unlimited && start > limit && Collisions == 0;
        Due = _givesUp ? limit : start;
    }

    internal void Advance(long now)
    {
        if (State == TransmitState.Sending)
        {
            EndAttempt(now);
        }
        else
        {
            Plan();
            if (Due > now)
            {
                return;
            }

            if (_givesUp)
            {
                Finish(TransmitEnd.ExcessiveDeferral, now);
            }
            else
            {
                BeginAttempt(now);
            }
        }
    }

    private void BeginAttempt(long now)
    {
        if (!Chip.Phy.HasLink && Options.TransmitWithoutLink == NoLinkTransmit.Aborts)
        {
            Finish(TransmitEnd.NoLink, now);
            return;
        }

        State = TransmitState.Sending;
        _startedAt = now;
        (_collisionByte, _collisionFalse) = Registers.FullDuplex ? (Medium.NoCollision, false) : Chip.Medium.NextCollision();
        _isDestroyed = false;
        if (Registers.FullDuplex && Chip.Receive.IsActive && Chip.Medium.PartnerDefers)
        {
            HitForeignFrame();
        }

        long duration = Enc28j60Chip.PreambleNs;
        if (_collisionByte >= 0)
        {
            duration += (_collisionByte * Enc28j60Chip.ByteTimeNs) + Medium.JamNs;
        }
        else
        {
            duration += (Chip.Packet.IsOversize ? Registers.Pair(Reg.MAMXFLL) : Chip.Packet.Length) * Enc28j60Chip.ByteTimeNs;
        }

        EndAt = now + duration;
        Due = EndAt;

        // A frame that waited to come in waits on.
        Chip.Receive.Plan();
    }

    private void EndAttempt(long now)
    {
        IdleFrom = now;
        if (_collisionByte >= 0)
        {
            EndCollision(now);
            return;
        }

        Finish(Chip.Packet.IsOversize ? TransmitEnd.Oversize : TransmitEnd.Success, now);
    }

    private void EndCollision(long now)
    {
        Counters.Collisions++;
        WireBytes += _collisionByte;
        if (_collisionByte > Registers[Reg.MACLCON2])
        {
            Finish(TransmitEnd.LateCollision, now);
            return;
        }

        Collisions++;
        if (Collisions > Registers[Reg.MACLCON1])
        {
            Finish(TransmitEnd.ExcessiveCollisions, now);
            return;
        }

        State = TransmitState.Waiting;
        bool backOff = (Registers[Reg.MACON4] & Macon4.NOBKOFF) == 0 && !(Chip.Flow.Backpressure && (Registers[Reg.MACON4] & Macon4.BPEN) != 0);
        int slots = backOff ? Random.Below(1 << Math.Min(Collisions, 10)) : 0;
        _notBefore = now + (slots * SlotTimeNs);
        Plan();
        Chip.Receive.Plan();
    }

    /// <summary>A partner that does not wait begins to send into a frame of the chip's: the chip hears it as a collision, however late.</summary>
    internal void MeetForeignFrame(long now)
    {
        long at = Math.Max(0, (now - _startedAt - Enc28j60Chip.PreambleNs) / Enc28j60Chip.ByteTimeNs);
        if (_collisionByte < 0 || at < _collisionByte)
        {
            _collisionByte = (int)Math.Min(at, Math.Max(0, Chip.Packet.Length - 1));
            _collisionFalse = false;
            EndAt = Math.Max(now, _startedAt + Enc28j60Chip.PreambleNs) + Medium.JamNs;
            Due = EndAt;
        }

        Chip.Receive.LoseInCollision();
    }

    /// <summary>The chip, in full duplex, begins to send into a frame of a partner in half duplex: both frames are lost, and only the partner knows.</summary>
    private void HitForeignFrame()
    {
        _isDestroyed = true;
        Counters.Collisions++;
        Chip.Receive.LoseInCollision();
    }

    /// <summary>The transmission is over, well or not.</summary>
    private void Finish(TransmitEnd end, long now)
    {
        bool fcsWrong = Chip.Packet.Assemble();
        if (end is TransmitEnd.Success or TransmitEnd.Oversize)
        {
            int sent = end == TransmitEnd.Success ? Chip.Packet.Length : Registers.Pair(Reg.MAMXFLL);
            WireBytes += sent;
            sent = _isDestroyed ? Math.Min(sent, ReceiveLogic.MinLength - 1) : sent;
            CountSent(end, sent);
            Emit(Chip.Packet.Frame.AsSpan(0, sent), now);
        }

        Chip.TransmitStatus.Write(end, fcsWrong);
        State = TransmitState.Idle;
        Due = Never;
        bool stuck = end == TransmitEnd.LateCollision && _collisionFalse;
        if (end != TransmitEnd.Success)
        {
            Counters.TransmitAborts++;
            Registers[Reg.ESTAT] |= Estat.TXABRT;
            Registers[Reg.EIR] |= Eir.TXERIF;
            if (end == TransmitEnd.LateCollision && !Strikes(15))
            {
                Registers[Reg.ESTAT] |= Estat.LATECOL;
            }

            if (!Registers.FullDuplex && end is not (TransmitEnd.Oversize or TransmitEnd.NoLink) && Strikes(12))
            {
                _isStalled = true;
            }
        }

        if (stuck)
        {
            // Erratum 13: TXRTS may stay set and TXIF may never come.
            State = TransmitState.Stuck;
            return;
        }

        Registers[Reg.ECON1] &= unchecked((byte)~Econ1.TXRTS);
        Registers[Reg.EIR] |= Eir.TXIF;
        if (end == TransmitEnd.Success)
        {
            LoopBack();
        }

        Chip.Receive.Plan();
        Chip.Dma.StartWaiting();
    }

    private void CountSent(TransmitEnd end, int length)
    {
        if (end != TransmitEnd.Success || _isDestroyed)
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
        bool loops = Chip.Phy.IsLoopback || (!Registers.FullDuplex && !Chip.Phy.IsLoopbackDisabled);
        if (!loops || !Registers.ReceiveEnabled)
        {
            return;
        }

        if (Strikes(Registers.FullDuplex ? 10 : 9))
        {
            Chip.Packet.Frame[Random.Below(Chip.Packet.Length)] ^= (byte)(1 << Random.Below(8));
        }

        Chip.Receive.JudgeFrame(Chip.Packet.Frame.AsSpan(0, Chip.Packet.Length), FrameFlags.None, false);
    }

    /// <summary>Puts bytes on the wire.</summary>
    internal void Emit(ReadOnlySpan<byte> frame, long now)
    {
        if (!Chip.Phy.HasLink || Chip.Phy.IsTransmitterDisabled || Chip.Phy.IsLoopback)
        {
            Counters.SentWithoutLink++;
            return;
        }

        Chip.Port?.FrameSent(frame, now);
    }

    /// <summary>The host clears TXRTS.</summary>
    internal void Cancel()
    {
        Stop("TXRTS cleared while a frame is on the wire");
        if (Options.CancelSetsAbortFlag)
        {
            Registers[Reg.ESTAT] |= Estat.TXABRT;
        }
    }

    internal void Reset()
    {
        if (Registers.TransmitRequested)
        {
            Stop("TXRST set while a frame is on the wire");
        }

        _isStalled = false;
        if (Options.TransmitResetClearsAbortFlags)
        {
            Registers[Reg.ESTAT] &= unchecked((byte)~(Estat.TXABRT | Estat.LATECOL));
        }
    }

    internal void ReleaseReset()
    {
        // Erratum 12: the release may raise TXERIF.
        if (!Registers.FullDuplex && Strikes(12))
        {
            Registers[Reg.EIR] |= Eir.TXERIF;
        }
    }

    private void Stop(string message)
    {
        if (State == TransmitState.Sending)
        {
            Violate(ViolationRule.FrameCut, message);
            CutFrame();
        }

        State = TransmitState.Idle;
        Due = Never;
        Registers[Reg.ECON1] &= unchecked((byte)~Econ1.TXRTS);
        Registers[Reg.EIR] |= Eir.TXIF;
        Chip.Receive.Plan();
        Chip.Dma.StartWaiting();
    }

    /// <summary>What has left so far stays on the wire, without a valid check sequence.</summary>
    private void CutFrame()
    {
        long now = Clock.NowNs;
        int sent = (int)Math.Clamp((now - _startedAt - Enc28j60Chip.PreambleNs) / Enc28j60Chip.ByteTimeNs, 0, Chip.Packet.Length);
        Counters.FramesCut++;
        IdleFrom = now;
        if (sent > 0)
        {
            Chip.Packet.Assemble();
            Emit(Chip.Packet.Frame.AsSpan(0, sent), now);
        }
    }

    internal void CheckIdle(string message)
    {
        if (Registers.TransmitRequested)
        {
            Violate(ViolationRule.TransmitBusy, message);
        }
    }
}
