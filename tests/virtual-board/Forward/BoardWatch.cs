// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using VirtualBoard.Packets;

namespace VirtualBoard.Forward;

/// <summary>Knows where the board is: at the address from which it was last heard, in an ARP packet or an IPv4 one.</summary>
internal sealed class BoardWatch
{
    private const int EtherType = 12;
    private const int EtherTypeArp = 0x0806;
    private const int ArpSender = 22;
    private const int ArpSenderAddress = 28;
    private const int ArpEnd = 42;

    // as one object, for another thread may look
    private volatile object? _station;

    /// <summary>The board, or null before it was heard.</summary>
    public Station? Station => (Station?)_station;

    /// <summary>Listens to a frame from the wire.</summary>
    public void Hear(ReadOnlySpan<byte> frame)
    {
        if (frame.Length >= ArpEnd && BinaryPrimitives.ReadUInt16BigEndian(frame[EtherType..]) == EtherTypeArp)
        {
            Note(Packets.Station.ReadMac(frame[ArpSender..]), BinaryPrimitives.ReadUInt32BigEndian(frame[ArpSenderAddress..]));
        }
        else if (IPv4Packet.TryRead(frame, out IPv4Packet packet))
        {
            Note(Packets.Station.ReadMac(frame[IPv4Packet.MacLength..]), packet.Source);
        }
    }

    private void Note(ulong mac, uint address)
    {
        // 0.0.0.0 is who has no address yet
        if (address != 0 && Station?.Address != address)
        {
            _station = new Station(mac, address);
        }
    }
}
