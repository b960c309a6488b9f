// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Flow control: in full duplex pause frames both ways, in half duplex backpressure (IEEE 802.3 annex 31B, DS39662E chapter 10).</summary>
internal sealed class FlowControl(ChipBlocks chip) : Block(chip)
{
    private const long PauseQuantumNs = 51_200;
    private const int PauseFrameLength = 64;
    private const int PauseOpcode = 0x0001;

    private readonly byte[] _pauseFrame = new byte[PauseFrameLength];

    internal long PauseUntil { get; private set; }

    internal long Due { get; private set; } = Never;

    /// <summary>Half duplex with EFLOCON.FCEN0: the chip fills the medium with preamble, and nobody else can send.</summary>
    internal bool Backpressure => !Registers.FullDuplex && (Registers[Reg.EFLOCON] & 0x01) != 0;

    internal void Stop()
    {
        PauseUntil = 0;
        Due = Never;
    }

    internal bool IsPauseFrame(ReadOnlySpan<byte> frame) =>
        frame.Length >= 20 && ((frame[14] << 8) | frame[15]) == PauseOpcode && (IsPauseAddress(frame) || Chip.Mac.IsStationAddress(frame));

    private static bool IsPauseAddress(ReadOnlySpan<byte> frame) =>
        frame[0] == 0x01 && frame[1] == 0x80 && frame[2] == 0xC2 && frame[3] == 0 && frame[4] == 0 && frame[5] == 0x01;

    internal void TakePauseFrame(ReadOnlySpan<byte> frame)
    {
        if (Registers.FullDuplex && (Registers[Reg.MACON1] & Macon1.RXPAUS) != 0 && IsPauseFrame(frame))
        {
            Counters.PauseFramesReceived++;
            PauseUntil = Clock.NowNs + ((frame[16] << 8 | frame[17]) * PauseQuantumNs);
            Chip.Transmit.Plan();
        }
    }

    internal void ControlWritten()
    {
        bool sends = Registers.FullDuplex && (Registers[Reg.EFLOCON] & 0x02) != 0 && (Registers[Reg.MACON1] & Macon1.TXPAUS) != 0;
        Due = sends ? Clock.NowNs : Never;
        Chip.Receive.Plan();
    }

    /// <summary>Sends a pause frame between other frames: with EPAUS and repeatedly for FCEN = 10, once with zero for FCEN = 11.</summary>
    internal void SendPauseFrame(long now)
    {
        if (Chip.Transmit.State == TransmitState.Sending)
        {
            Due = Chip.Transmit.EndAt;
            return;
        }

        bool last = (Registers[Reg.EFLOCON] & 0x01) != 0;
        int quanta = last ? 0 : Registers.Pair(Reg.EPAUSL);
        Span<byte> frame = _pauseFrame;
        frame.Clear();
        frame[0] = 0x01;
        frame[1] = 0x80;
        frame[2] = 0xC2;
        frame[5] = 0x01;
        for (int i = 0; i < 6; i++)
        {
            frame[6 + i] = Chip.Mac.StationByte(i);
        }

        frame[12] = FrameFields.ControlType >> 8;
        frame[13] = FrameFields.ControlType & 0xFF;
        frame[15] = PauseOpcode;
        frame[16] = (byte)(quanta >> 8);
        frame[17] = (byte)quanta;
        EthernetCrc.Append(frame);
        Counters.PauseFramesSent++;
        Chip.Transmit.Occupy(now + Enc28j60Chip.PreambleNs + (PauseFrameLength * Enc28j60Chip.ByteTimeNs));
        Chip.Transmit.Emit(frame, now);
        if (last || quanta == 0)
        {
            Registers[Reg.EFLOCON] &= unchecked((byte)~0x03);
            Due = Never;
        }
        else
        {
            Due = now + (quanta * PauseQuantumNs * 3 / 4);
        }
    }
}
