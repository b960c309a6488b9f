// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>Flow control: in full duplex pause frames both ways, in half duplex backpressure (IEEE 802.3 annex 31B, DS39662E chapter 10).</content>
public sealed partial class Enc28j60Chip
{
    private const long PauseQuantumNs = 51_200;
    private const int PauseFrameLength = 64;
    private const int ControlType = 0x8808;
    private const int PauseOpcode = 0x0001;

    private readonly byte[] _pauseFrame = new byte[PauseFrameLength];
    private long _pauseUntil;
    private long _pauseTxDue = Never;

    /// <summary>Half duplex with EFLOCON.FCEN0: the chip fills the medium with preamble, and nobody else can send.</summary>
    private bool Backpressure => !FullDuplex && (_reg[Reg.EFLOCON] & 0x01) != 0;

    private static bool IsControlFrame(ReadOnlySpan<byte> frame) => TypeOf(frame) == ControlType;

    private bool IsPauseFrame(ReadOnlySpan<byte> frame) =>
        frame.Length >= 20 && ((frame[14] << 8) | frame[15]) == PauseOpcode && (IsPauseAddress(frame) || IsStationAddress(frame));

    private static bool IsPauseAddress(ReadOnlySpan<byte> frame) =>
        frame[0] == 0x01 && frame[1] == 0x80 && frame[2] == 0xC2 && frame[3] == 0 && frame[4] == 0 && frame[5] == 0x01;

    private void TakePauseFrame(ReadOnlySpan<byte> frame)
    {
        if (FullDuplex && (_reg[Reg.MACON1] & Macon1.RXPAUS) != 0 && IsPauseFrame(frame))
        {
            Counters.PauseFramesReceived++;
            _pauseUntil = _clock.NowNs + ((frame[16] << 8 | frame[17]) * PauseQuantumNs);
            PlanTransmit();
        }
    }

    private void FlowControlWritten()
    {
        bool sends = FullDuplex && (_reg[Reg.EFLOCON] & 0x02) != 0 && (_reg[Reg.MACON1] & Macon1.TXPAUS) != 0;
        _pauseTxDue = sends ? _clock.NowNs : Never;
        PlanReceive();
    }

    /// <summary>Sends a pause frame between other frames: with EPAUS and repeatedly for FCEN = 10, once with zero for FCEN = 11.</summary>
    private void SendPauseFrame(long now)
    {
        if (_txState == TransmitState.Sending)
        {
            _pauseTxDue = _txEndAt;
            return;
        }

        bool last = (_reg[Reg.EFLOCON] & 0x01) != 0;
        int quanta = last ? 0 : Pair(Reg.EPAUSL);
        Span<byte> frame = _pauseFrame;
        frame.Clear();
        frame[0] = 0x01;
        frame[1] = 0x80;
        frame[2] = 0xC2;
        frame[5] = 0x01;
        for (int i = 0; i < 6; i++)
        {
            frame[6 + i] = StationByte(i);
        }

        frame[12] = ControlType >> 8;
        frame[13] = ControlType & 0xFF;
        frame[15] = PauseOpcode;
        frame[16] = (byte)(quanta >> 8);
        frame[17] = (byte)quanta;
        EthernetCrc.Append(frame);
        Counters.PauseFramesSent++;
        _txIdleFrom = Math.Max(_txIdleFrom, now + PreambleNs + (PauseFrameLength * ByteTimeNs));
        Emit(frame, now);
        if (last || quanta == 0)
        {
            _reg[Reg.EFLOCON] &= unchecked((byte)~0x03);
            _pauseTxDue = Never;
        }
        else
        {
            _pauseTxDue = now + (quanta * PauseQuantumNs * 3 / 4);
        }
    }
}
