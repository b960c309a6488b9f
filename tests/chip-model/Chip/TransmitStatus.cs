// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The transmit status vector (DS39662E table 7-1).</summary>
internal sealed class TransmitStatus(ChipBlocks chip) : Block(chip)
{
    internal const int Length = 7;

    /// <summary>Writes the seven bytes after ETXND, wherever that is.</summary>
    internal void Write(TransmitEnd end, bool fcsWrong)
    {
        ReadOnlySpan<byte> frame = Chip.Packet.Frame.AsSpan(0, Math.Max(Chip.Packet.Length, 14));
        int type = FrameFields.TypeOf(frame);
        bool broadcast = FrameFields.IsBroadcast(frame);
        int counted = Options.StatusCountsPaddingAndFcs ? Chip.Packet.Length : Chip.Packet.DataLength;
        int dataLength = Chip.Packet.Length - 18;

        ulong status = (ulong)counted & 0xFFFF;
        status |= (ulong)Math.Min(Chip.Transmit.Collisions, 15) << 16;
        status |= Flag(20, fcsWrong);
        status |= Flag(21, (Registers[Reg.MACON3] & Macon3.FRMLNEN) != 0 && FrameFields.IsLengthWrong(type, dataLength));
        status |= Flag(22, type > 1500);
        status |= Flag(23, end == TransmitEnd.Success);
        status |= Flag(24, (frame[0] & 1) != 0 && (!broadcast || Options.MulticastFlagOnBroadcast));
        status |= Flag(25, broadcast);
        status |= Flag(26, Chip.Transmit.IsDeferred);
        status |= Flag(27, end == TransmitEnd.ExcessiveDeferral);
        status |= Flag(28, end == TransmitEnd.ExcessiveCollisions);
        status |= Flag(29, end == TransmitEnd.LateCollision);
        status |= Flag(30, Chip.Packet.IsGiant);
        status |= ((ulong)Chip.Transmit.WireBytes & 0xFFFF) << 32;
        status |= Flag(48, type == FrameFields.ControlType);
        status |= Flag(49, type == FrameFields.ControlType && Chip.Flow.IsPauseFrame(frame));
        status |= Flag(50, Chip.Flow.Backpressure);
        status |= Flag(51, type == 0x8100);

        int address = Registers.Pair(Reg.ETXNDL);
        for (int i = 0; i < Length; i++)
        {
            address = (address + 1) & PointerMask;
            Chip.Memory.Write(address, (byte)(status >> (8 * i)));
        }
    }

    private static ulong Flag(int bit, bool set) => set ? 1ul << bit : 0;
}
