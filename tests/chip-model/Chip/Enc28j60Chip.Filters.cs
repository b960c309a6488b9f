// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>The receive filters (DS39662E chapter 8).</content>
public sealed partial class Enc28j60Chip
{
    private const int PatternWindow = 64;
    private const int MagicRepeats = 16;

    private const int AddressFilters = Rxf.UCEN | Rxf.HTEN | Rxf.MCEN | Rxf.BCEN;
    private const int AllFilters = AddressFilters | Rxf.PMEN | Rxf.MPEN;

    private static bool IsBroadcast(ReadOnlySpan<byte> frame)
    {
        for (int i = 0; i < 6; i++)
        {
            if (frame[i] != 0xFF)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Byte of the station address, 0 being the first on the wire (DS39662E table 3-1).</summary>
    private byte StationByte(int index) => index switch
    {
        0 => _reg[Reg.MAADR1],
        1 => _reg[Reg.MAADR2],
        2 => _reg[Reg.MAADR3],
        3 => _reg[Reg.MAADR4],
        4 => _reg[Reg.MAADR5],
        _ => _reg[Reg.MAADR6],
    };

    private bool IsStationAddress(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < 6; i++)
        {
            if (bytes[i] != StationByte(i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True if the frame passes all filters but that for the frame check sequence.</summary>
    private bool PassesFilters(ReadOnlySpan<byte> frame)
    {
        int enabled = _reg[Reg.ERXFCON] & AllFilters;
        if (enabled == 0)
        {
            return true;
        }

        int matching = MatchingFilters(frame, enabled);
        return (_reg[Reg.ERXFCON] & Rxf.ANDOR) != 0 ? matching == enabled : matching != 0;
    }

    /// <summary>False if the destination address alone decides that the frame is refused: then nothing of it reaches memory.</summary>
    private bool AddressCanMatch(ReadOnlySpan<byte> frame)
    {
        int enabled = _reg[Reg.ERXFCON] & AllFilters;
        int byAddress = enabled & AddressFilters;
        int matching = MatchingFilters(frame, byAddress);
        if ((_reg[Reg.ERXFCON] & Rxf.ANDOR) != 0)
        {
            return matching == byAddress;
        }

        return enabled == 0 || enabled != byAddress || matching != 0;
    }

    private int MatchingFilters(ReadOnlySpan<byte> frame, int enabled)
    {
        int matching = 0;
        matching |= (enabled & Rxf.UCEN) != 0 && IsStationAddress(frame) ? Rxf.UCEN : 0;
        matching |= (enabled & Rxf.BCEN) != 0 && IsBroadcast(frame) ? Rxf.BCEN : 0;
        matching |= (enabled & Rxf.MCEN) != 0 && (frame[0] & 1) != 0 ? Rxf.MCEN : 0;
        matching |= (enabled & Rxf.HTEN) != 0 && HashMatches(frame) ? Rxf.HTEN : 0;
        matching |= (enabled & Rxf.PMEN) != 0 && PatternMatches(frame) ? Rxf.PMEN : 0;
        matching |= (enabled & Rxf.MPEN) != 0 && IsMagicPacket(frame) ? Rxf.MPEN : 0;
        return matching;
    }

    private bool HashMatches(ReadOnlySpan<byte> frame)
    {
        int index = EthernetCrc.HashIndex(frame);
        return (_reg[Reg.EHT0 + (index >> 3)] & (1 << (index & 7))) != 0;
    }

    /// <summary>The pattern filter: a window of 64 bytes, of which those with a zero in the mask are left out of the sum (DS39662E 8.2.2).</summary>
    private bool PatternMatches(ReadOnlySpan<byte> frame)
    {
        int offset = Pair(Reg.EPMOL);
        if (offset + PatternWindow > frame.Length)
        {
            return false;
        }

        uint sum = 0;
        int taken = 0;
        for (int i = 0; i < PatternWindow; i++)
        {
            if ((_reg[Reg.EPMM0 + (i >> 3)] & (1 << (i & 7))) != 0)
            {
                sum += (taken & 1) == 0 ? (uint)frame[offset + i] << 8 : frame[offset + i];
                taken++;
            }
        }

        bool matches = (ushort)~Fold(sum) == Pair(Reg.EPMCSL);

        // Erratum 18: the filter lets some packets through that do not match.
        return matches || ErratumStrikes(18);
    }

    /// <summary>A magic packet: to this station, and in it six FFh followed by sixteen times the station's address (DS39662E 8.2.3).</summary>
    private bool IsMagicPacket(ReadOnlySpan<byte> frame)
    {
        if (!IsStationAddress(frame))
        {
            return false;
        }

        int last = frame.Length - 4 - 6 - (MagicRepeats * 6);
        for (int start = 14; start <= last; start++)
        {
            if (IsBroadcast(frame[start..]) && HasRepeatedAddress(frame[(start + 6)..]))
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
            if (!IsStationAddress(bytes[(i * 6)..]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>One's-complement sum of 16 bits.</summary>
    private static uint Fold(uint sum)
    {
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }
}
