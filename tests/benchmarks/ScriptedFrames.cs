// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using Firmware;
using TcpIp;

namespace Benchmarks;

/// <summary>Frames of a station that is only a script: they are put together here byte by byte, not by the stack.</summary>
internal static class ScriptedFrames
{
    private static readonly byte[] s_mac = [0x02, 0, 0, 0, 0, 3];
    private static readonly uint s_address = IPv4Address.Parse(Board.Address) + 2;

    /// <summary>"Who has the board's address?"</summary>
    public static byte[] ArpRequest()
    {
        var frame = new byte[60];
        frame.AsSpan(0, 6).Fill(0xFF);
        s_mac.CopyTo(frame, 6);
        byte[] head = [0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 1];
        head.CopyTo(frame, 12);
        s_mac.CopyTo(frame, 22);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(28), s_address);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(38), IPv4Address.Parse(Board.Address));
        return frame;
    }

    /// <summary>An echo request.</summary>
    /// <param name="data">Bytes of data.</param>
    public static byte[] EchoRequest(int data)
    {
        var frame = new byte[Math.Max(60, 42 + data)];
        Board.CreateMacAddress().CopyTo(frame, 0);
        s_mac.CopyTo(frame, 6);
        frame[12] = 0x08;
        Span<byte> ip = frame.AsSpan(14, 20);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(28 + data));
        ip[8] = 64;
        ip[9] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], s_address);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], IPv4Address.Parse(Board.Address));
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip));
        Span<byte> icmp = frame.AsSpan(34, 8 + data);
        icmp[0] = 8;
        for (int i = 0; i < data; i++)
        {
            icmp[8 + i] = (byte)i;
        }

        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], Checksum(icmp));
        return frame;
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += (uint)(i % 2 == 0 ? bytes[i] << 8 : bytes[i]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }
}
