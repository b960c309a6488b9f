// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>
/// The built-in self-test of the memory (DS39662E chapter 15). Address fill and pattern shift fill are as documented; for the random fills the chip's generator is not
/// documented, so the bytes are some others, with a checksum that fits them.
/// </content>
public sealed partial class Enc28j60Chip
{
    private const long BistByteNs = 40;

    private long _bistDue = Never;

    private void WriteBistControl(byte value)
    {
        byte old = _reg[Reg.EBSTCON];
        _reg[Reg.EBSTCON] = value;
        if ((value & ~old & Ebstcon.BISTST) == 0)
        {
            return;
        }

        if ((value & Ebstcon.TME) == 0)
        {
            Violate(ViolationRule.Bist, "BISTST set without TME");
            return;
        }

        if (ReceiveEnabled || TransmitRequested || _dmaRunning)
        {
            Violate(ViolationRule.Bist, "self-test of the memory while RXEN, TXRTS or DMAST is set");
        }

        _bistDue = _clock.NowNs + (MemorySize * BistByteNs);
    }

    private void BistDone()
    {
        _bistDue = Never;
        int mode = (_reg[Reg.EBSTCON] >> 2) & 3;
        int shift = _reg[Reg.EBSTCON] >> 5;
        byte pattern = _reg[Reg.EBSTSD];
        var generator = new BistGenerator(pattern);
        uint sum = 0;
        for (int i = 0; i < MemorySize; i++)
        {
            byte value = mode switch
            {
                1 => (byte)i,
                2 => pattern,
                _ => generator.Next(),
            };
            WriteMemory(i, value);
            pattern = (byte)((pattern << shift) | (pattern >> (8 - shift)));

            // The sum is over what was meant to be written: a broken cell shows when the DMA sums what is there.
            sum = Fold(sum + ((i & 1) == 0 ? (uint)value << 8 : value));
        }

        SetPair(Reg.EBSTCSL, (ushort)~sum);
        _reg[Reg.EBSTCON] &= unchecked((byte)~Ebstcon.BISTST);
    }

    private struct BistGenerator(byte seed)
    {
        private byte _state = seed;

        public byte Next()
        {
            _state = (byte)((_state << 1) | (~((_state >> 7) ^ (_state >> 5) ^ (_state >> 4) ^ (_state >> 3)) & 1));
            return _state;
        }
    }
}
