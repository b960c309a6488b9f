// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>Builds frames byte by byte, good ones and, where a parameter says so, bad ones.</summary>
internal static class FrameBuilder
{
    public const int EthernetLength = 14;
    public const int IpStart = 14;
    public const int IpLength = 20;
    public const int PayloadStart = 34;

    public static byte[] Ethernet(ulong destination, ulong source, int type, byte[] payload, bool pad = true)
    {
        int length = EthernetLength + payload.Length;
        byte[] frame = new byte[pad && length < 60 ? 60 : length];
        Wire.Put48(frame, 0, destination);
        Wire.Put48(frame, 6, source);
        Wire.Put16(frame, 12, type);
        payload.CopyTo(frame, EthernetLength);
        for (int i = length; i < frame.Length; i++)
        {
            // padding is whatever the sender's memory held
            frame[i] = 0xEE;
        }

        return frame;
    }

    public static byte[] Arp(
        ulong destination,
        ulong source,
        int operation,
        ulong senderMac,
        uint senderIp,
        ulong targetMac,
        uint targetIp)
    {
        byte[] packet = new byte[28];
        Wire.Put16(packet, 0, 1);
        Wire.Put16(packet, 2, 0x0800);
        packet[4] = 6;
        packet[5] = 4;
        Wire.Put16(packet, 6, operation);
        Wire.Put48(packet, 8, senderMac);
        Wire.Put32(packet, 14, senderIp);
        Wire.Put48(packet, 18, targetMac);
        Wire.Put32(packet, 24, targetIp);
        return Ethernet(destination, source, 0x0806, packet);
    }

    /// <summary>An IPv4 packet without the Ethernet header.</summary>
    public static byte[] Ip(
        uint source,
        uint destination,
        int protocol,
        byte[] payload,
        byte[]? options = null,
        int ttl = 64,
        int version = 4,
        int? headerWords = null,
        int? totalLength = null,
        int flagsAndOffset = 0x4000,
        int? checksum = null,
        int id = 0x1234)
    {
        int optionLength = options == null ? 0 : (options.Length + 3) / 4 * 4;
        int header = IpLength + optionLength;
        byte[] packet = new byte[header + payload.Length];
        packet[0] = (byte)((version << 4) | (headerWords ?? (header / 4)));
        Wire.Put16(packet, 2, totalLength ?? packet.Length);
        Wire.Put16(packet, 4, id);
        Wire.Put16(packet, 6, flagsAndOffset);
        packet[8] = (byte)ttl;
        packet[9] = (byte)protocol;
        Wire.Put32(packet, 12, source);
        Wire.Put32(packet, 16, destination);
        options?.CopyTo(packet, IpLength);
        int summed = Math.Min(headerWords is int words && words >= 5 ? words * 4 : header, packet.Length);
        Wire.Put16(packet, 10, checksum ?? Wire.Checksum(packet, 0, summed));
        payload.CopyTo(packet, header);
        return packet;
    }

    public static byte[] Icmp(int type, int code, byte[] body, int? checksum = null)
    {
        byte[] message = new byte[4 + body.Length];
        message[0] = (byte)type;
        message[1] = (byte)code;
        body.CopyTo(message, 4);
        Wire.Put16(message, 2, checksum ?? Wire.Checksum(message, 0, message.Length));
        return message;
    }

    public static byte[] Echo(int id, int sequence, byte[] data)
    {
        byte[] body = new byte[4 + data.Length];
        Wire.Put16(body, 0, id);
        Wire.Put16(body, 2, sequence);
        data.CopyTo(body, 4);
        return Icmp(8, 0, body);
    }

    /// <summary>An IGMP message, with more bytes behind it if it is of a later version.</summary>
    public static byte[] Igmp(int type, int time, uint group, byte[]? more = null, int? checksum = null)
    {
        byte[] message = [(byte)type, (byte)time, 0, 0, 0, 0, 0, 0, .. more ?? []];
        Wire.Put32(message, 4, group);
        Wire.Put16(message, 2, checksum ?? Wire.Checksum(message, 0, message.Length));
        return message;
    }

    public static byte[] Udp(uint source, uint destination, int sourcePort, int destinationPort, byte[] data, int? length = null)
    {
        byte[] datagram = new byte[8 + data.Length];
        Wire.Put16(datagram, 0, sourcePort);
        Wire.Put16(datagram, 2, destinationPort);
        Wire.Put16(datagram, 4, length ?? datagram.Length);
        data.CopyTo(datagram, 8);
        Wire.Put16(datagram, 6, Wire.Checksum(datagram, 0, datagram.Length, Wire.PseudoHeader(source, destination, 17, datagram.Length)));
        return datagram;
    }

    public static byte[] Tcp(
        uint source,
        uint destination,
        int sourcePort,
        int destinationPort,
        uint sequence,
        uint acknowledgment,
        int flags,
        int window,
        byte[]? options = null,
        byte[]? text = null,
        int urgent = 0,
        int? headerWords = null,
        int? checksum = null)
    {
        int optionLength = options == null ? 0 : (options.Length + 3) / 4 * 4;
        int header = 20 + optionLength;
        byte[] segment = new byte[header + (text?.Length ?? 0)];
        Wire.Put16(segment, 0, sourcePort);
        Wire.Put16(segment, 2, destinationPort);
        Wire.Put32(segment, 4, sequence);
        Wire.Put32(segment, 8, acknowledgment);
        Wire.Put16(segment, 12, ((headerWords ?? (header / 4)) << 12) | flags);
        Wire.Put16(segment, 14, window);
        Wire.Put16(segment, 18, urgent);
        options?.CopyTo(segment, 20);
        text?.CopyTo(segment, header);
        Wire.Put16(
            segment,
            16,
            checksum ?? Wire.Checksum(segment, 0, segment.Length, Wire.PseudoHeader(source, destination, 6, segment.Length)));
        return segment;
    }

    /// <summary>Puts the checksums of an IPv4 frame right after something else in it was changed.</summary>
    public static byte[] Repair(byte[] frame)
    {
        if (frame.Length < PayloadStart)
        {
            return frame;
        }

        int header = (frame[IpStart] & 15) * 4;
        int total = Wire.Get16(frame, IpStart + 2);
        if (header < IpLength || total < header || IpStart + total > frame.Length)
        {
            return frame;
        }

        Wire.Put16(frame, IpStart + 10, 0);
        Wire.Put16(frame, IpStart + 10, Wire.Checksum(frame, IpStart, header));
        int payload = IpStart + header;
        int length = total - header;
        if (frame[IpStart + 9] == 1 && length >= 4)
        {
            Wire.Put16(frame, payload + 2, 0);
            Wire.Put16(frame, payload + 2, Wire.Checksum(frame, payload, length));
        }
        else if (frame[IpStart + 9] == 6 && length >= 20)
        {
            uint source = Wire.Get32(frame, IpStart + 12);
            uint destination = Wire.Get32(frame, IpStart + 16);
            Wire.Put16(frame, payload + 16, 0);
            Wire.Put16(frame, payload + 16, Wire.Checksum(frame, payload, length, Wire.PseudoHeader(source, destination, 6, length)));
        }

        return frame;
    }
}
