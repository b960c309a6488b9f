// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The receive filters (DS39662E chapter 8).</summary>
internal sealed class ReceiveFilters(ChipBlocks chip) : Block(chip)
{
    private const int PatternWindow = 64;
    private const int MagicRepeats = 16;
    private const int AddressFilters = Rxf.UCEN | Rxf.HTEN | Rxf.MCEN | Rxf.BCEN;
    private const int AllFilters = AddressFilters | Rxf.PMEN | Rxf.MPEN;

    /// <summary>True if the frame passes all filters but that for the frame check sequence.</summary>
    internal bool Passes(ReadOnlySpan<byte> frame)
    {
        int enabled = Registers[Reg.ERXFCON] & AllFilters;
        if (enabled == 0)
        {
            return true;
        }

        int matching = Matching(frame, enabled);
        return (Registers[Reg.ERXFCON] & Rxf.ANDOR) != 0 ? matching == enabled : matching != 0;
    }

    /// <summary>False if the destination address alone decides that the frame is refused: then nothing of it reaches memory.</summary>
    internal bool CanMatch(ReadOnlySpan<byte> frame)
    {
        int enabled = Registers[Reg.ERXFCON] & AllFilters;
        int byAddress = enabled & AddressFilters;
        int matching = Matching(frame, byAddress);
        if ((Registers[Reg.ERXFCON] & Rxf.ANDOR) != 0)
        {
            return matching == byAddress;
        }

        return enabled == 0 || enabled != byAddress || matching != 0;
    }

    private int Matching(ReadOnlySpan<byte> frame, int enabled)
    {
        int matching = 0;
        matching |= (enabled & Rxf.UCEN) != 0 && Chip.Mac.IsStationAddress(frame) ? Rxf.UCEN : 0;
        matching |= (enabled & Rxf.BCEN) != 0 && FrameFields.IsBroadcast(frame) ? Rxf.BCEN : 0;
        matching |= (enabled & Rxf.MCEN) != 0 && (frame[0] & 1) != 0 ? Rxf.MCEN : 0;
        matching |= (enabled & Rxf.HTEN) != 0 && HashMatches(frame) ? Rxf.HTEN : 0;
        matching |= (enabled & Rxf.PMEN) != 0 && PatternMatches(frame) ? Rxf.PMEN : 0;
        matching |= (enabled & Rxf.MPEN) != 0 && IsMagicPacket(frame) ? Rxf.MPEN : 0;
        return matching;
    }

    private bool HashMatches(ReadOnlySpan<byte> frame)
    {
        int index = EthernetCrc.HashIndex(frame);
        return (Registers[Reg.EHT0 + (index >> 3)] & (1 << (index & 7))) != 0;
    }

    /// <summary>The pattern filter: a window of 64 bytes, of which those with a zero in the mask are left out of the sum (DS39662E 8.2.2).</summary>
    private bool PatternMatches(ReadOnlySpan<byte> frame)
    {
        int offset = Registers.Pair(Reg.EPMOL);
        if (offset + PatternWindow > frame.Length)
        {
            return false;
        }

        uint sum = 0;
        int taken = 0;
        for (int i = 0; i < PatternWindow; i++)
        {
            if ((Registers[Reg.EPMM0 + (i >> 3)] & (1 << (i & 7))) != 0)
            {
                sum += (taken & 1) == 0 ? (uint)frame[offset + i] << 8 : frame[offset + i];
                taken++;
            }
        }

        bool matches = (ushort)~OnesComplement.Fold(sum) == Registers.Pair(Reg.EPMCSL);

        // Erratum 18: the filter lets some packets through that do not match.
        return matches || Strikes(18);
    }

    /// <summary>A magic packet: to this station, and in it six FFh followed by sixteen times the station's address (DS39662E 8.2.3).</summary>
    private bool IsMagicPacket(ReadOnlySpan<byte> frame)
    {
        if (!Chip.Mac.IsStationAddress(frame))
        {
            return false;
        }

        int last = frame.Length - 4 - 6 - (MagicRepeats * 6);
        for (int start = 14; start <= last; start++)
        {
            if (FrameFields.IsBroadcast(frame[start..]) && HasRepeatedAddress(frame[(start + 6)..]))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasRepeatedAddress(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < MagicRepeats; i++)
        {
            if (!Chip.Mac.IsStationAddress(bytes[(i * 6)..]))
            {
                return false;
            }
        }

        return true;
    }
}
