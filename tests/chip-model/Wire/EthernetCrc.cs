// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The CRC-32 of IEEE 802.3, and what the chip does with it.</summary>
public static class EthernetCrc
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The frame check sequence of a frame; its low byte goes first on the wire.</summary>
    public static uint Fcs(ReadOnlySpan<byte> frame) => ~Register(frame);

    /// <summary>True if the last four bytes are the frame check sequence of the rest.</summary>
    public static bool IsValid(ReadOnlySpan<byte> frameWithFcs)
    {
        if (frameWithFcs.Length < 4)
        {
            return false;
        }

        uint fcs = Fcs(frameWithFcs[..^4]);
        ReadOnlySpan<byte> tail = frameWithFcs[^4..];
        return tail[0] == (byte)fcs && tail[1] == (byte)(fcs >> 8) && tail[2] == (byte)(fcs >> 16) && tail[3] == (byte)(fcs >> 24);
    }

    /// <summary>Writes the frame check sequence of the bytes before the last four into the last four.</summary>
    public static void Append(Span<byte> frameWithFcs)
    {
        uint fcs = Fcs(frameWithFcs[..^4]);
        Span<byte> tail = frameWithFcs[^4..];
        tail[0] = (byte)fcs;
        tail[1] = (byte)(fcs >> 8);
        tail[2] = (byte)(fcs >> 16);
        tail[3] = (byte)(fcs >> 24);
    }

    /// <summary>
    /// Index into the chip's hash table: bits 28:23 of the CRC register after the six address bytes, without the final inversion (DS39662E 8.2.5).
    /// </summary>
    public static int HashIndex(ReadOnlySpan<byte> address)
    {
        // The table-driven register is bit-reversed: the data sheet's bit n is bit 31-n here.
        uint register = Register(address[..6]);
        int index = 0;
        for (int bit = 28; bit >= 23; bit--)
        {
            index = (index << 1) | (int)((register >> (31 - bit)) & 1);
        }

        return index;
    }

    private static uint Register(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc = (crc >> 8) ^ Table[(byte)(crc ^ b)];
        }

        return crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
