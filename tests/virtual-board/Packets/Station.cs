// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;

namespace VirtualBoard.Packets;

/// <summary>Somebody on the wire: a MAC address, and the IPv4 address that goes with it.</summary>
internal readonly record struct Station(ulong Mac, uint Address)
{
    /// <summary>Everybody.</summary>
    public static Station All { get; } = new(0xFFFFFFFFFFFF, 0xFFFFFFFF);

    /// <summary>Reads a MAC address.</summary>
    public static ulong ReadMac(ReadOnlySpan<byte> bytes) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);

    /// <summary>Writes a MAC address.</summary>
    public static void WriteMac(Span<byte> target, ulong mac)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)(mac >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(target[2..], (uint)mac);
    }
}
