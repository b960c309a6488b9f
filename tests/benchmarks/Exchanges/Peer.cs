// Licensed under the MIT license. See LICENSE in the repository root.

using Firmware;
using HostTests.Support;
using TcpIp;
using VirtualBoard.Enc28j60;

namespace Benchmarks;

/// <summary>
/// A station beside the board that is only a script: its frames are put together byte by byte, not by the stack, so that nothing
/// changes at this end when the stack does.
/// </summary>
internal sealed class Peer : IWireSink
{
    private const ulong Mac = 0x020000000003;
    private const ulong Everybody = 0xFFFFFFFFFFFF;
    private const int ArpType = 0x0806;
    private const int IPv4Type = 0x0800;
    private const int OperationRequest = 1;
    private const int OperationReply = 2;

    private readonly WirePort _port;
    private readonly Queue<byte[]> _arrived = new();
    private readonly ulong _boardMac = Wire.Get48(Board.CreateMacAddress(), 0);

    public Peer(VirtualWire wire) => _port = wire.Connect("peer", this);

    public static uint Address { get; } = IPv4Address.Parse(Board.Address) + 1;

    public static uint BoardAddress { get; } = IPv4Address.Parse(Board.Address);

    /// <summary>Who takes the IPv4 packets, without their Ethernet header; their number is counted by <see cref="Packets"/>.</summary>
    public Action<byte[]> OnPacket { get; set; } = _ => { };

    /// <summary>IPv4 packets and ARP replies from the board.</summary>
    public int Packets { get; private set; }

    public void AskForBoard() => _port.Send(FrameBuilder.Arp(Everybody, Mac, OperationRequest, Mac, Address, 0, BoardAddress));

    public void SendEcho(int data)
    {
        SendPacket(FrameBuilder.Ip(Address, BoardAddress, 1, FrameBuilder.Echo(0xBEEF, 1, Wire.PatternBytes(0, data))));
    }

    public void SendDatagram(int port, int data)
    {
        SendPacket(FrameBuilder.Ip(Address, BoardAddress, 17, FrameBuilder.Udp(Address, BoardAddress, 4000, port, Wire.PatternBytes(0, data))));
    }

    public void SendPacket(byte[] packet) => _port.Send(FrameBuilder.Ethernet(_boardMac, Mac, IPv4Type, packet));

    /// <summary>Deals with what has arrived.</summary>
    public void Work()
    {
        while (_arrived.TryDequeue(out byte[]? frame))
        {
            bool isArp = Wire.Get16(frame, 12) == ArpType;
            if (isArp && Wire.Get16(frame, 20) == OperationRequest && Wire.Get32(frame, 38) == Address)
            {
                _port.Send(FrameBuilder.Arp(_boardMac, Mac, OperationReply, Mac, Address, _boardMac, BoardAddress));
            }
            else if (!isArp || Wire.Get16(frame, 20) == OperationReply)
            {
                Packets++;
                if (!isArp)
                {
                    byte[] packet = frame[FrameBuilder.EthernetLength..];
                    OnPacket(packet);
                    Serve(packet);
                }
            }
        }
    }

    /// <summary>Answers as a server does.</summary>
    private void Serve(byte[] packet)
    {
        const int Udp = 17;
        int start = (packet[0] & 15) * 4;
        if (packet[9] == Udp && PeerServices.Answer(Wire.Get16(packet, start + 2), packet[(start + 8)..]) is byte[] answer)
        {
            byte[] datagram = FrameBuilder.Udp(Address, BoardAddress, Wire.Get16(packet, start + 2), Wire.Get16(packet, start), answer);
            SendPacket(FrameBuilder.Ip(Address, BoardAddress, Udp, datagram));
        }
    }

    /// <inheritdoc/>
    public void FrameArrived(ReadOnlySpan<byte> frameWithFcs, long timeNs) => _arrived.Enqueue(frameWithFcs[..^4].ToArray());
}
