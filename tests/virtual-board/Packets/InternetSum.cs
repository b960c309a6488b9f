// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;

namespace VirtualBoard.Packets;

/// <summary>The checksum of IPv4, ICMP, UDP and TCP (RFC 1071), over bytes.</summary>
internal static class InternetSum
{
    /// <summary>Adds bytes, in pairs; an odd last one counts as if a zero followed it.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        int i = 0;
        for (; i + 1 < bytes.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        }

        return i < bytes.Length ? sum + ((uint)bytes[i] << 8) : sum;
    }

    /// <summary>What the header field holds.</summary>
    public static ushort Complement(uint sum) => (ushort)~Fold(sum);

    /// <summary>A checksum after a part of what it covers has changed (RFC 1624 equation 3).</summary>
    public static ushort Change(ushort checksum, uint removed, uint added)
    {
        uint sum = (ushort)~checksum;
        sum += (ushort)~(removed >> 16) + (uint)(ushort)~removed;
        sum += (added >> 16) + (ushort)added;
        return Complement(sum);
    }

    private static uint Fold(uint sum)
    {
        while (sum > ushort.MaxValue)
        {
            sum = (sum >> 16) + (ushort)sum;
        }

        return sum;
    }
}
