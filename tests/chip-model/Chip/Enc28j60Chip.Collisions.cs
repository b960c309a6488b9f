// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>
/// Half duplex: collisions, back-off, a busy medium, and a partner with another idea of the duplex mode (IEEE 802.3 clause 4, DS39662E 6.5, 6.6 and 7.1; errata 12, 13, 15).
/// </content>
public sealed partial class Enc28j60Chip
{
    /// <summary>Longest wait for the medium if MACON4.DEFER is 0: 24287 bit times.</summary>
    public const long ExcessiveDeferralNs = 2_428_700;

    private const long JamNs = 4 * ByteTimeNs;
    private const long SlotTimeNs = 51_200;
    private const int MaxScripted = 256;
    private const int NoCollision = -1;

    // Per attempt: the byte of the frame at which a collision happens, and bit 16 for a false one.
    private readonly int[] _scripted = new int[MaxScripted];
    private int _scriptedHead;
    private int _scriptedCount;
    private long _mediumBusyUntil;
    private bool _txDestroyed;

    /// <summary>
    /// Duplex mode of the partner's port: the chip's own if null. A partner in full duplex neither waits for the chip nor hears collisions,
    /// and the half-duplex chip sees late ones; for a partner in half duplex the same is true the other way round, and the chip notices nothing.
    /// </summary>
    public bool? PartnerFullDuplex { get; set; }

    private bool PartnerDefers => !(PartnerFullDuplex ?? FullDuplex);

    /// <summary>
    /// Has the coming transmission attempts collide, one entry per attempt, at a byte of the frame counted from 0. Beyond MACLCON2 it is a late collision.
    /// </summary>
    public void ScriptCollision(int atByte, int attempts = 1) => Script(atByte, attempts, false);

    /// <summary>Has coming attempts succeed, between collisions.</summary>
    public void ScriptNoCollision(int attempts = 1) => Script(NoCollision, attempts, false);

    /// <summary>
    /// Has the coming attempts meet a link pulse that the chip takes for a collision (erratum 13): late ones leave TXRTS set.
    /// </summary>
    public void ScriptFalseCollision(int atByte, int attempts = 1) => Script(atByte, attempts, true);

    /// <summary>Keeps the medium busy for so many nanoseconds from now, as somebody else's traffic does. Half duplex only.</summary>
    public void OccupyMedium(long ns)
    {
        Enter();
        try
        {
            _mediumBusyUntil = Math.Max(_mediumBusyUntil, _clock.NowNs) + ns;
            PlanTransmit();
            PlanReceive();
            Replan();
        }
        finally
        {
            Exit();
        }
    }

    private void Script(int atByte, int attempts, bool isFalse)
    {
        Enter();
        try
        {
            for (int i = 0; i < attempts && _scriptedCount < MaxScripted; i++)
            {
                int entry = atByte < 0 ? NoCollision : atByte | (isFalse ? 1 << 16 : 0);
                _scripted[(_scriptedHead + _scriptedCount) % MaxScripted] = entry;
                _scriptedCount++;
            }
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Byte at which the attempt that starts now collides, or -1.</summary>
    private int NextCollision()
    {
        _txCollisionFalse = false;
        if (_scriptedCount > 0)
        {
            int entry = _scripted[_scriptedHead];
            _scriptedHead = (_scriptedHead + 1) % MaxScripted;
            _scriptedCount--;
            if (entry < 0)
            {
                return NoCollision;
            }

            _txCollisionFalse = entry >> 16 != 0;
            return Math.Min(entry & 0xFFFF, Math.Max(0, _txLength - 1));
        }

        if (ErratumStrikes(13))
        {
            _txCollisionFalse = true;
            return _random.Below(Math.Max(1, _txLength));
        }

        return NoCollision;
    }

    private void EndCollision(long now)
    {
        Counters.Collisions++;
        _txWireBytes += _txCollisionByte;
        if (_txCollisionByte > _reg[Reg.MACLCON2])
        {
            FinishTransmit(TransmitEnd.LateCollision, now);
            return;
        }

        _txCollisions++;
        if (_txCollisions > _reg[Reg.MACLCON1])
        {
            FinishTransmit(TransmitEnd.ExcessiveCollisions, now);
            return;
        }

        _txState = TransmitState.Waiting;
        bool backOff = (_reg[Reg.MACON4] & Macon4.NOBKOFF) == 0 && !(Backpressure && (_reg[Reg.MACON4] & Macon4.BPEN) != 0);
        int slots = backOff ? _random.Below(1 << Math.Min(_txCollisions, 10)) : 0;
        _txNotBefore = now + (slots * SlotTimeNs);
        PlanTransmit();
        PlanReceive();
    }

    /// <summary>A partner that does not wait begins to send into a frame of the chip's: the chip hears it as a collision, however late.</summary>
    private void ForeignFrameHits(long now)
    {
        long at = Math.Max(0, (now - _txStartedAt - PreambleNs) / ByteTimeNs);
        if (_txCollisionByte < 0 || at < _txCollisionByte)
        {
            _txCollisionByte = (int)Math.Min(at, Math.Max(0, _txLength - 1));
            _txCollisionFalse = false;
            _txEndAt = Math.Max(now, _txStartedAt + PreambleNs) + JamNs;
            _txDue = _txEndAt;
        }

        LoseInCollision();
    }

    /// <summary>The chip, in full duplex, begins to send into a frame of a partner in half duplex: both frames are lost, and only the partner knows.</summary>
    private void HitForeignFrame()
    {
        _txDestroyed = true;
        Counters.Collisions++;
        LoseInCollision();
    }

    private void LoseInCollision()
    {
        if (!_rxIgnored)
        {
            Counters.DroppedByCollision++;
            _rxIgnored = true;
            _rxNextByteAt = Never;
            _rxDue = _rxEndAt;
        }
    }
}
