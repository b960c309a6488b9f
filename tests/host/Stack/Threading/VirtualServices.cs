// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using HostTests.Stack.Dhcp;
using TcpIp.Threading;

namespace HostTests.Stack.Threading;

/// <summary>A DHCP server on the wire, and a DNS server as a thread of a board that uses its sockets.</summary>
internal sealed class VirtualServices(VirtualLan lan, VirtualBoard board)
{
    private const int LeaseSeconds = 3600;

    /// <summary>Gets or sets the address that is leased.</summary>
    public uint Leased { get; set; } = Wire.Address("10.0.0.99");

    /// <summary>Gets how many requests for an address were granted.</summary>
    public int Granted { get; private set; }

    /// <summary>Gets how many addresses were given back.</summary>
    public int Released { get; private set; }

    /// <summary>Gets the names that are known; others do not exist.</summary>
    public Dictionary<string, uint> Names { get; } = [];

    /// <summary>Gets or sets the name that is never answered.</summary>
    public string? Ignored { get; set; }

    /// <summary>Gets or sets how long a question waits for its answer.</summary>
    public int Thinking { get; set; } = 5;

    public void Start()
    {
        lan.Tap = Hear;
        lan.World.Start("dns", ServeDns, serves: true);
    }

    /// <summary>Answers from the wire: a stack itself takes no datagram from 0.0.0.0.</summary>
    private void Hear(VirtualBoard from, byte[] frame)
    {
        const int Message = 42;
        if (frame.Length < Message + 243 || frame[23] != 17 || Wire.Get16(frame, 36) != 67)
        {
            return;
        }

        int type = frame[Message + 242];
        Released += type == DhcpQuestion.Release ? 1 : 0;
        if (type is not (DhcpQuestion.Discover or DhcpQuestion.Request))
        {
            return;
        }

        Granted += type == DhcpQuestion.Request ? 1 : 0;
        byte[] server = [10, 0, 0, (byte)board.Ip];
        byte[] message = new DhcpAnswer(type == DhcpQuestion.Discover ? DhcpAnswer.Offer : DhcpAnswer.Ack, Wire.Get32(frame, Message + 4), Leased)
            .Set(54, board.Ip)
            .Set(51, LeaseSeconds)
            .Set(1, DhcpAnswer.Addresses("255.255.255.0"))
            .Set(3, server)
            .Set(6, server)
            .ToBytes();
        frame.AsSpan(Message + 28, 6).CopyTo(message.AsSpan(28));
        byte[] packet = FrameBuilder.Ip(board.Ip, uint.MaxValue, 17, FrameBuilder.Udp(board.Ip, uint.MaxValue, 67, 68, message));
        byte[] answer = FrameBuilder.Ethernet(TestHost.BroadcastMac, 0x020000000000UL + (board.Ip & 255), 0x0800, packet);
        lan.World.At(Thinking, () => lan.Deliver(from, answer));
    }

    private void ServeDns()
    {
        SocketHost host = board.Sockets;
        int handle = host.OpenDatagram();
        Assert.Equal(0, host.Bind(handle, 0, 53));
        byte[] message = new byte[600];
        uint[] source = new uint[2];
        int length;
        while ((length = host.ReceiveFrom(handle, message, 0, 512, false, SocketHost.Forever, source)) > 0)
        {
            StringBuilder name = new();
            int at = 12;
            while (message[at] != 0)
            {
                name.Append(name.Length > 0 ? "." : string.Empty).Append(Encoding.ASCII.GetString(message, at + 1, message[at]));
                at += message[at] + 1;
            }

            if (name.ToString() == Ignored)
            {
                continue;
            }

            bool isKnown = Names.TryGetValue(name.ToString(), out uint address);
            message[2] = 0x81;
            message[3] = (byte)(isKnown ? 0x80 : 0x83);
            Wire.Put16(message, 6, isKnown ? 1 : 0);
            if (isKnown)
            {
                byte[] answer = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 0, 0, 0, 0];
                Wire.Put32(answer, 12, address);
                answer.CopyTo(message, length);
                length += answer.Length;
            }

            board.Threads.Sleep(Thinking);
            host.SendTo(handle, message, 0, length, source[0], (int)source[1], SocketHost.Forever);
        }
    }
}
