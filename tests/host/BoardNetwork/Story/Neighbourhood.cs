// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using HostTests.Stack.Mdns;
using VirtualBoard.Packets;
using VirtualBoard.Services;

namespace HostTests.BoardNetwork.Story;

/// <summary>
/// Who else is in the story: a router that gives addresses and knows names, a time server behind it, and a browser. Each speaks when the story
/// says so; what it answers is made from what the board has said last.
/// </summary>
internal sealed class Neighbourhood(Action<byte[]> send)
{
    private const uint Router = BoardOnWire.Router;
    private const uint Netmask = 0xFFFFFF00;
    private const uint Given = BoardOnWire.First;
    private const uint Lease = 3600;
    private const int BrowserPort = 50000;
    private const int BrowserWindow = 64240;

    private static readonly uint s_timeServer = Wire.Address("192.0.2.123");
    private static readonly DateTime s_time = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly Station s_router = new(0x020000000001, Router);
    private static readonly Station s_browser = new(0x020000000014, Wire.Address("192.168.1.20"));
    private static readonly Station s_group = new(0x01005E0000FB, Wire.Address("224.0.0.251"));

    private readonly List<byte> _answer = [];
    private byte[] _last = [];
    private ulong _board;
    private uint _sequence = 0xFFFFFF00;
    private uint _expected;

    /// <summary>Gets what the browser has received, as text.</summary>
    public string Answer => Encoding.Latin1.GetString([.. _answer]);

    /// <summary>A frame of the board comes to all.</summary>
    public void Hear(byte[] frame)
    {
        _last = frame;
        _board = Wire.Get48(frame, 6);
        if (Wire.Get16(frame, 12) == 0x0800 && frame[23] == 6)
        {
            int header = frame[46] >> 4 << 2;
            byte[] text = frame[(34 + header)..(14 + Wire.Get16(frame, 16))];
            int flags = frame[47];
            uint sequence = Wire.Get32(frame, 38);
            _expected = (flags & SeenFrame.Syn) != 0 ? sequence : _expected;
            Assert.Equal(_expected, sequence);
            _expected += (uint)text.Length + ((flags & (SeenFrame.Syn | SeenFrame.Fin)) != 0 ? 1u : 0);
            _answer.AddRange(text);
        }
    }

    /// <summary>Has somebody say what a line of the story begins with.</summary>
    public void Say(string what)
    {
        string[] words = what.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case "ARP" when words[1] == "who":
                send(FrameBuilder.Arp(Station.All.Mac, s_browser.Mac, 1, s_browser.Mac, s_browser.Address, 0, Given));
                break;
            case "ARP":
                uint asked = Wire.Get32(_last, 38);
                ulong owner = asked == Router ? s_router.Mac : s_browser.Mac;
                send(FrameBuilder.Arp(_board, owner, 2, owner, asked, _board, Given));
                break;
            case "DHCP":
                SayDhcp(words[1] == "OFFER:" ? DhcpMessage.Offer : DhcpMessage.Ack);
                break;
            case "DNS":
                Reply(DnsQuestion.Read(LastData())!.Answer(DnsQuestion.NoError, s_timeServer), s_router);
                break;
            case "NTP":
                Reply(NtpServer.Answer(LastData(), s_time)!, new Station(s_router.Mac, s_timeServer));
                break;
            case "mDNS":
                byte[] question = MdnsPacket.Query([("board.local", MdnsRecord.A, 1)]);
                send(PacketWriter.Datagram(s_browser, 5353, s_group, 5353, question));
                break;
            case "TCP":
                SayTcp(what);
                break;
            default:
                throw new InvalidOperationException("nobody can say " + what);
        }
    }

    private ReadOnlySpan<byte> LastData()
    {
        Assert.True(IPv4Packet.TryRead(_last, out IPv4Packet packet) && packet.TryGetData(_last, out _), "the board has asked nothing");
        return _last.AsSpan(packet.Payload + 8);
    }

    /// <summary>Answers the datagram that came last.</summary>
    private void Reply(byte[] data, Station from)
    {
        IPv4Packet.TryRead(_last, out IPv4Packet packet);
        send(PacketWriter.Datagram(from, packet.DestinationPort, PacketWriter.SenderOf(_last, packet), packet.SourcePort, data));
    }

    private void SayDhcp(int type)
    {
        DhcpMessage answer = DhcpMessage.Read(LastData())!.Answer(type, Given)
            .Add(DhcpMessage.LeaseTime, Lease)
            .Add(DhcpMessage.ServerIdentifier, Router)
            .Add(DhcpMessage.SubnetMask, Netmask)
            .Add(DhcpMessage.Router, Router)
            .Add(DhcpMessage.DnsServer, Router)
            .Finish();
        send(PacketWriter.Datagram(s_router, DhcpMessage.ServerPort, new Station(_board, Given), DhcpMessage.ClientPort, answer.Bytes));
    }

    private void SayTcp(string what)
    {
        int flags = 0;
        flags |= what.Contains("SYN") ? SeenFrame.Syn : 0;
        flags |= what.Contains("FIN") ? SeenFrame.Fin : 0;
        flags |= what.Contains("ACK") ? SeenFrame.Ack : 0;
        int request = what.IndexOf("GET", StringComparison.Ordinal);
        byte[] text = request < 0 ? [] : Encoding.ASCII.GetBytes(what[request..] + "\r\nHost: board.local\r\n\r\n");
        flags |= text.Length > 0 ? SeenFrame.Psh : 0;
        byte[]? options = (flags & SeenFrame.Syn) != 0 ? [2, 4, 5, 0xB4] : null;
        byte[] segment = FrameBuilder.Tcp(
            s_browser.Address, Given, BrowserPort, 80, _sequence, (flags & SeenFrame.Ack) != 0 ? _expected : 0, flags, BrowserWindow, options, text);
        _sequence += (uint)text.Length + ((flags & (SeenFrame.Syn | SeenFrame.Fin)) != 0 ? 1u : 0);
        send(FrameBuilder.Ethernet(_board, s_browser.Mac, 0x0800, FrameBuilder.Ip(s_browser.Address, Given, 6, segment)));
    }
}
