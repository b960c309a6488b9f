// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>
/// The built-in self-test of the memory (DS39662E chapter 15). Address fill and pattern shift fill are as documented; for the random fills the chip's generator is not
/// documented, so the bytes are some others, with a checksum that fits them.
/// </summary>
internal sealed class BuiltInTest(ChipBlocks chip) : Block(chip)
{
    private const long BistByteNs = 40;

    internal long Due { get; private set; } = Never;

    internal void Stop() => Due = Never;

    internal void WriteControl(byte value)
    {
        byte old = Registers[Reg.EBSTCON];
        Registers[Reg.EBSTCON] = value;
        if ((value & ~old & Ebstcon.BISTST) == 0)
        {
            return;
        }

        if ((value & Ebstcon.TME) == 0)
        {
            Violate(ViolationRule.Bist, "BISTST set without TME");
            return;
        }

        if (Registers.ReceiveEnabled || Registers.TransmitRequested || Chip.Dma.IsRunning)
        {
            Violate(ViolationRule.Bist, "self-test of the memory while RXEN, TXRTS or DMAST is set");
        }

        Due = Clock.NowNs + (Enc28j60Chip.MemorySize * BistByteNs);
    }

    internal void Finish()
    {
        Due = Never;
        int mode = (Registers[Reg.EBSTCON] >> 2) & 3;
        int shift = Registers[Reg.EBSTCON] >> 5;
        byte pattern = Registers[Reg.EBSTSD];
        var generator = new BistGenerator(pattern);
        uint sum = 0;
        for (int i = 0; i < Enc28j60Chip.MemorySize; i++)
        {
            byte value = mode switch
            {
                1 => (byte)i,
                2 => pattern,
                _ => generator.Next(),
            };
            Chip.Memory.Write(i, value);
            pattern = (byte)((pattern << shift) | (pattern >> (8 - shift)));

            // The sum is over what was meant to be written: a broken cell shows when the DMA sums what is there.
            sum = OnesComplement.Fold(sum + ((i & 1) == 0 ? (uint)value << 8 : value));
        }

        Registers.SetPair(Reg.EBSTCSL, (ushort)~sum);
        Registers[Reg.EBSTCON] &= unchecked((byte)~Ebstcon.BISTST);
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
