// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;

namespace VirtualBoard.Packets;

/// <summary>An IPv4 packet in an Ethernet frame: where its parts lie, who sends it, and to whom.</summary>
internal readonly record struct IPv4Packet
{
    /// <summary>Protocol numbers.</summary>
    public const int Icmp = 1;
    public const int Tcp = 6;
    public const int Udp = 17;

    public const int EthernetHeader = 14;
    public const int MacLength = 6;

    // Ethernet
    private const int EtherType = 12;
    private const int EtherTypeIPv4 = 0x0800;

    // IPv4, from the beginning of the frame
    private const int VersionIhl = EthernetHeader;
    private const int TotalLength = EthernetHeader + 2;
    private const int FlagsOffset = EthernetHeader + 6;
    private const int ProtocolField = EthernetHeader + 9;
    private const int ChecksumField = EthernetHeader + 10;
    private const int SourceField = EthernetHeader + 12;
    private const int DestinationField = EthernetHeader + 16;

    private const int ShortestHeader = 20;
    private const int FragmentMask = 0x3FFF;
    private const int TcpChecksum = 16;
    private const int TcpFlags = 13;
    private const int ShortestTcp = 20;
    private const int ShortestUdp = 8;
    private const byte Syn = 0x02;
    private const byte Ack = 0x10;

    public int Protocol { get; private init; }

    public uint Source { get; private init; }

    public uint Destination { get; private init; }

    /// <summary>Offset of what follows the IPv4 header.</summary>
    public int Payload { get; private init; }

    /// <summary>Offset behind the packet's last byte; padding may follow.</summary>
    public int End { get; private init; }

    /// <summary>The ports of UDP and TCP.</summary>
    public int SourcePort { get; private init; }

    public int DestinationPort { get; private init; }

    /// <summary>A TCP segment that opens a connection.</summary>
    public bool IsOpening { get; private init; }

    /// <summary>Understands a frame.</summary>
    /// <returns>Whether it is a whole IPv4 packet, not a fragment, and what is above it has its header.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out IPv4Packet packet)
    {
        packet = default;
        if (frame.Length < EthernetHeader + ShortestHeader
            || Read16(frame, EtherType) != EtherTypeIPv4
            || frame[VersionIhl] >> 4 != 4)
        {
            return false;
        }

        int header = (frame[VersionIhl] & 0xF) * 4;
        int end = EthernetHeader + Read16(frame, TotalLength);
        int payload = EthernetHeader + header;
        if (header < ShortestHeader || end > frame.Length || payload > end || (Read16(frame, FlagsOffset) & FragmentMask) != 0)
        {
            return false;
        }

        packet = new IPv4Packet
        {
            Protocol = frame[ProtocolField],
            Source = Read32(frame, SourceField),
            Destination = Read32(frame, DestinationField),
            Payload = payload,
            End = end,
        };
        int least = packet.Protocol switch { Tcp => ShortestTcp, Udp => ShortestUdp, _ => 0 };
        if (end - payload < least)
        {
            return false;
        }

        if (least > 0)
        {
            packet = packet with
            {
                SourcePort = Read16(frame, payload),
                DestinationPort = Read16(frame, payload + 2),
                IsOpening = packet.Protocol == Tcp && (frame[payload + TcpFlags] & (Syn | Ack)) == Syn,
            };
        }

        return true;
    }

    /// <summary>The data of a UDP datagram; false if its length makes no sense.</summary>
    public bool TryGetData(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> data)
    {
        int length = Read16(frame, Payload + 4);
        bool fits = length >= ShortestUdp && length <= End - Payload;
        data = fits ? frame.Slice(Payload + ShortestUdp, length - ShortestUdp) : default;
        return fits;
    }

    /// <summary>Gives a TCP segment another destination, and the checksums with it.</summary>
    public void SetDestination(Span<byte> frame, uint address, int port) => Change(frame, DestinationField, address, Payload + 2, port);

    /// <summary>Gives a TCP segment another source, and the checksums with it.</summary>
    public void SetSource(Span<byte> frame, uint address, int port) => Change(frame, SourceField, address, Payload, port);

    private void Change(Span<byte> frame, int addressField, uint address, int portField, int port)
    {
        uint oldAddress = Read32(frame, addressField);
        uint oldPort = (uint)Read16(frame, portField);
        BinaryPrimitives.WriteUInt32BigEndian(frame[addressField..], address);
        BinaryPrimitives.WriteUInt16BigEndian(frame[portField..], (ushort)port);

        // the address is part of both, by way of TCP's pseudo header; the port of one
        Mend(frame, ChecksumField, oldAddress, address);
        Mend(frame, Payload + TcpChecksum, oldAddress, address);
        Mend(frame, Payload + TcpChecksum, oldPort, (uint)port);
    }

    private static void Mend(Span<byte> frame, int field, uint removed, uint added)
    {
        ushort checksum = InternetSum.Change((ushort)Read16(frame, field), removed, added);
        BinaryPrimitives.WriteUInt16BigEndian(frame[field..], checksum);
    }

    private static int Read16(ReadOnlySpan<byte> frame, int offset) => BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]);

    private static uint Read32(ReadOnlySpan<byte> frame, int offset) => BinaryPrimitives.ReadUInt32BigEndian(frame[offset..]);
}
