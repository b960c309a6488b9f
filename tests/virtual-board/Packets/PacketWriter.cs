// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;

namespace VirtualBoard.Packets;

/// <summary>Makes frames that the PC's side sends without a stack: datagrams, and answers that say that something is not possible.</summary>
internal static class PacketWriter
{
    /// <summary>The most bytes of data in a datagram that is not cut up.</summary>
    public const int MostData = 1500 - IPv4Header - UdpHeader;

    private const int IPv4Header = 20;
    private const int UdpHeader = 8;
    private const int IcmpHeader = 8;
    private const int TcpHeader = 20;
    private const int TimeToLive = 64;
    private const byte Unreachable = 3;
    private const byte ResetAndAck = 0x14;

    /// <summary>A UDP datagram.</summary>
    public static byte[] Datagram(Station from, int fromPort, Station to, int toPort, ReadOnlySpan<byte> data)
    {
        byte[] frame = Begin(from, to, IPv4Packet.Udp, UdpHeader + data.Length);
        Span<byte> udp = frame.AsSpan(IPv4Packet.EthernetHeader + IPv4Header);
        Put16(udp, 0, fromPort);
        Put16(udp, 2, toPort);
        Put16(udp, 4, udp.Length);
        data.CopyTo(udp[UdpHeader..]);
        ushort checksum = Checksum(from.Address, to.Address, IPv4Packet.Udp, udp);
        Put16(udp, 6, checksum == 0 ? 0xFFFF : checksum);
        return frame;
    }

    /// <summary>ICMP's "destination unreachable" about a packet that was received.</summary>
    /// <param name="from">Who says it.</param>
    /// <param name="code">Why (RFC 792, RFC 1812 section 5.2.7.1).</param>
    /// <param name="about">The frame that it is about.</param>
    public static byte[] NotReachable(Station from, int code, ReadOnlySpan<byte> about)
    {
        IPv4Packet.TryRead(about, out IPv4Packet packet);
        int quoted = Math.Min(packet.End, packet.Payload + IcmpHeader) - IPv4Packet.EthernetHeader;
        byte[] frame = Begin(from, SenderOf(about, packet), IPv4Packet.Icmp, IcmpHeader + quoted);
        Span<byte> icmp = frame.AsSpan(IPv4Packet.EthernetHeader + IPv4Header);
        icmp[0] = Unreachable;
        icmp[1] = (byte)code;
        about.Slice(IPv4Packet.EthernetHeader, quoted).CopyTo(icmp[IcmpHeader..]);
        Put16(icmp, 2, InternetSum.Complement(InternetSum.Add(0, icmp)));
        return frame;
    }

    /// <summary>The answer to a SYN for a port where nobody listens (RFC 9293 section 3.10.7.1).</summary>
    /// <param name="mac">The MAC address that it leaves from.</param>
    /// <param name="syn">The frame with the SYN.</param>
    public static byte[] Refusal(ulong mac, ReadOnlySpan<byte> syn)
    {
        IPv4Packet.TryRead(syn, out IPv4Packet packet);
        Station from = new(mac, packet.Destination);
        byte[] frame = Begin(from, SenderOf(syn, packet), IPv4Packet.Tcp, TcpHeader);
        Span<byte> tcp = frame.AsSpan(IPv4Packet.EthernetHeader + IPv4Header);
        Put16(tcp, 0, packet.DestinationPort);
        Put16(tcp, 2, packet.SourcePort);
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(syn[(packet.Payload + 4)..]);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], sequence + 1);
        tcp[12] = (TcpHeader / 4) << 4;
        tcp[13] = ResetAndAck;
        Put16(tcp, 16, Checksum(from.Address, packet.Source, IPv4Packet.Tcp, tcp));
        return frame;
    }

    /// <summary>Who has sent a frame.</summary>
    public static Station SenderOf(ReadOnlySpan<byte> frame, IPv4Packet packet) => new(Station.ReadMac(frame[IPv4Packet.MacLength..]), packet.Source);

    private static byte[] Begin(Station from, Station to, int protocol, int payload)
    {
        byte[] frame = new byte[IPv4Packet.EthernetHeader + IPv4Header + payload];
        Station.WriteMac(frame, to.Mac);
        Station.WriteMac(frame.AsSpan(IPv4Packet.MacLength), from.Mac);
        Put16(frame, 12, 0x0800);
        Span<byte> header = frame.AsSpan(IPv4Packet.EthernetHeader, IPv4Header);
        header[0] = 0x45;
        Put16(header, 2, IPv4Header + payload);
        header[8] = TimeToLive;
        header[9] = (byte)protocol;
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], from.Address);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], to.Address);
        Put16(header, 10, InternetSum.Complement(InternetSum.Add(0, header)));
        return frame;
    }

    private static ushort Checksum(uint from, uint to, int protocol, ReadOnlySpan<byte> segment)
    {
        uint sum = (from >> 16) + (ushort)from + (to >> 16) + (ushort)to + (uint)protocol + (uint)segment.Length;
        return InternetSum.Complement(InternetSum.Add(sum, segment));
    }

    private static void Put16(Span<byte> target, int offset, int value) => BinaryPrimitives.WriteUInt16BigEndian(target[offset..], (ushort)value);
}
