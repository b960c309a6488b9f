// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>The transmit status vector (DS39662E table 7-1).</content>
public sealed partial class Enc28j60Chip
{
    private const int StatusLength = 7;

    /// <summary>Writes the seven bytes after ETXND, wherever that is.</summary>
    private void WriteTransmitStatus(TransmitEnd end, bool fcsWrong)
    {
        ReadOnlySpan<byte> frame = _txFrame.AsSpan(0, Math.Max(_txLength, 14));
        int type = TypeOf(frame);
        bool broadcast = IsBroadcast(frame);
        int counted = Options.StatusCountsPaddingAndFcs ? _txLength : _txDataLength;
        int dataLength = _txLength - 18;

        ulong status = (ulong)counted & 0xFFFF;
        status |= (ulong)Math.Min(_txCollisions, 15) << 16;
        status |= Flag(20, fcsWrong);
        status |= Flag(21, (_reg[Reg.MACON3] & Macon3.FRMLNEN) != 0 && LengthFieldWrong(type, dataLength));
        status |= Flag(22, type > 1500);
        status |= Flag(23, end == TransmitEnd.Success);
        status |= Flag(24, (frame[0] & 1) != 0 && (!broadcast || Options.MulticastFlagOnBroadcast));
        status |= Flag(25, broadcast);
        status |= Flag(26, _txDeferred);
        status |= Flag(27, end == TransmitEnd.ExcessiveDeferral);
        status |= Flag(28, end == TransmitEnd.ExcessiveCollisions);
        status |= Flag(29, end == TransmitEnd.LateCollision);
        status |= Flag(30, _txGiant);
        status |= ((ulong)_txWireBytes & 0xFFFF) << 32;
        status |= Flag(48, type == ControlType);
        status |= Flag(49, type == ControlType && IsPauseFrame(frame));
        status |= Flag(50, Backpressure);
        status |= Flag(51, type == 0x8100);

        int address = Pair(Reg.ETXNDL);
        for (int i = 0; i < StatusLength; i++)
        {
            address = (address + 1) & PointerMask;
            WriteMemory(address, (byte)(status >> (8 * i)));
        }
    }

    private static ulong Flag(int bit, bool set) => set ? 1ul << bit : 0;
}
