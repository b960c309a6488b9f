// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>One's-complement sums of 16 bits, which the pattern filter, the DMA and the self-test make.</summary>
internal static class OnesComplement
{
    internal static uint Fold(uint sum)
    {
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }
}
