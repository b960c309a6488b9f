// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Hostile;

/// <summary>
/// Good exchanges, of which every frame that the stack receives is to be spoilt. An exchange is a list of steps; playing the first few
/// on a new network leads to where the next frame is due.
/// </summary>
internal static class GoodFrames
{
    /// <summary>Names of the exchanges.</summary>
    public static readonly string[] Names =
    [
        "arp", "ping", "icmp errors", "udp", "tcp server", "tcp client", "tcp text", "http", "reset", "fragments", "igmp", "simultaneous",
    ];

    private const int Port = 41000;

    /// <summary>The steps of an exchange: each returns the frame that is due, once all before it have been delivered.</summary>
    public static List<Func<Exchange, byte[]>> Steps(string name)
    {
        return name switch
        {
            "arp" => Arp(),
            "ping" => Ping(),
            "icmp errors" => IcmpErrors(),
            "udp" => Udp(),
            "tcp server" => TcpServer(),
            "tcp client" => TcpClient(),
            "tcp text" => TcpText(),
            "http" => Http(),
            "reset" => Reset(),
            "fragments" => Fragments(),
            "igmp" => Igmp(),
            "simultaneous" => Simultaneous(),
            _ => throw new ArgumentException(name),
        };
    }

    private static List<Func<Exchange, byte[]>> Arp() =>
    [
        x => FrameBuilder.Arp(TestHost.BroadcastMac, x.Mac, 1, x.Mac, x.Ip, 0, TestNetwork.StackIp),
        x => FrameBuilder.Arp(TestHost.BroadcastMac, x.Mac, 1, x.Mac, 0, 0, TestNetwork.StackIp),
        x => FrameBuilder.Arp(TestHost.BroadcastMac, x.Mac, 1, x.Mac, x.Ip, 0, x.Ip),
        x =>
        {
            // a ping of somebody who is not known yet: the stack asks, and this is the answer
            TestHost host = x.Net.AddHost(0x020000000055, Wire.Address("192.168.1.55"));
            host.AnswersArp = false;
            x.Net.Deliver(x.Net.EchoRequest(1, [1, 2, 3], host));
            return FrameBuilder.Arp(TestNetwork.StackMac, host.Mac, 2, host.Mac, host.Ip, TestNetwork.StackMac, TestNetwork.StackIp);
        },
    ];

    private static List<Func<Exchange, byte[]>> Ping() =>
    [
        x => x.Ip4(1, FrameBuilder.Echo(1, 2, Wire.PatternBytes(0, 31))),
        x => x.Ip4(1, FrameBuilder.Echo(1, 3, Wire.PatternBytes(0, 8)), options: [1, 1, 7, 7, 4, 0, 0, 0, 0, 68, 4, 5, 0, 0, 0, 0]),
        x => x.Ip4(1, FrameBuilder.Icmp(0, 0, [0, 1, 0, 1, 9, 9])),
    ];

    private static List<Func<Exchange, byte[]>> IcmpErrors() =>
    [
        x =>
        {
            x.Net.Stack.Sockets.Connect(x.Datagram, x.Ip, 9);
            x.Net.Stack.Sockets.Write(x.Datagram, [1, 2, 3], 0, 3);
            return x.Error(3, 3, x.Taken(17));
        },
        x =>
        {
            x.Peer.OpenTo(x.Listener);
            x.Socket = x.Net.Stack.Tcp.Blocks.Length;
            return x.Error(3, 4, x.OwnSegment(), 1000);
        },
        x => x.Error(11, 0, x.OwnSegment()),
        x => x.Error(12, 0, x.OwnSegment()),
        x => x.Error(5, 1, x.OwnSegment()),
    ];

    private static List<Func<Exchange, byte[]>> Udp() =>
    [
        x => x.Ip4(17, FrameBuilder.Udp(x.Ip, TestNetwork.StackIp, 1000, 7, Wire.PatternBytes(0, 31))),
        x => x.Ip4(17, FrameBuilder.Udp(x.Ip, TestNetwork.StackIp, 1000, 9999, Wire.PatternBytes(0, 10))),
    ];

    private static List<Func<Exchange, byte[]>> TcpServer() =>
    [
        x => x.Peer.Build("S", options: [2, 4, 5, 180, 1, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0]),
        x =>
        {
            x.Peer.Expect("SA");
            return x.Peer.Build("A");
        },
        x => x.Peer.Build("PA", length: 40),
        x => x.Peer.Build("FA", length: 3),
        x =>
        {
            // the application closes too; this acknowledges its FIN
            x.Net.Sockets.Close(x.Net.Accept(x.Listener));
            x.Net.Poll();
            x.Peer.RcvNxt = 2;
            return x.Peer.Build("A");
        },
    ];

    private static List<Func<Exchange, byte[]>> TcpClient() =>
    [
        x =>
        {
            x.Socket = x.Net.Sockets.Socket();
            x.Peer.StackPort = 0;
            x.Net.Sockets.Connect(x.Socket, x.Ip, Port);
            x.Peer.Expect("S");
            return x.Peer.Build("SA", mss: 1460);
        },
        x =>
        {
            x.Peer.Expect("A");
            return x.Peer.Build("PA", length: 20);
        },
        x =>
        {
            // text, then our FIN: this acknowledges both
            x.Net.Sockets.Write(x.Socket, new byte[30], 0, 30);
            x.Net.Sockets.Shutdown(x.Socket);
            x.Net.Poll();
            x.Peer.RcvNxt = 32;
            return x.Peer.Build("A");
        },
        x => x.Peer.Build("FA"),
        x => x.Peer.Build("FA", seq: x.Peer.SndNxt - 1),
    ];

    private static List<Func<Exchange, byte[]>> TcpText() =>
    [
        x =>
        {
            x.Socket = x.Peer.OpenTo(x.Listener);
            return x.Peer.Build("PA", seq: 41, length: 20);
        },
        x => x.Peer.Build("PAF", seq: 101, length: 5),
        x => x.Peer.Build("PAU", seq: 1, length: 60, urgent: 3),
        x =>
        {
            x.Net.Sockets.Write(x.Socket, new byte[3000], 0, 3000);
            x.Net.Poll();
            return x.Peer.Build("A", ack: 1461, win: 0);
        },
        x => x.Peer.Build("A", ack: 1461, win: 8000),
        x => x.Peer.Build("PA", seq: 61, ack: 1461, length: 40),
    ];

    private static List<Func<Exchange, byte[]>> Http() =>
    [
        x =>
        {
            x.Peer.StackPort = 80;
            x.Peer.Handshake();
            return x.Peer.Build("PA", text: HostileTest.Good[..30]);
        },
        x => x.Peer.Build("PA", text: HostileTest.Good[30..]),
        x =>
        {
            List<SeenFrame> page = x.Peer.TakeAll();
            x.Peer.RcvNxt = 1 + page.Sum(p => p.SequenceLength);
            return x.Peer.Build("FA");
        },
    ];

    private static List<Func<Exchange, byte[]>> Reset() =>
    [
        x =>
        {
            x.Socket = x.Peer.OpenTo(x.Listener);
            return x.Peer.Build("RA");
        },
        x => x.Peer.Build("A", seq: 1),
    ];

    private static List<Func<Exchange, byte[]>> Fragments()
    {
        byte[] echo = FrameBuilder.Echo(1, 1, Wire.PatternBytes(0, 80));
        return
        [
            x => x.Ip4(1, echo[..40], flagsAndOffset: 0x2000),
            x => x.Ip4(1, echo[80..], flagsAndOffset: 10),
            x => x.Ip4(1, echo[40..80], flagsAndOffset: 0x2005),
        ];
    }

    private static List<Func<Exchange, byte[]>> Igmp() =>
    [
        x => x.Group([0x11, 10, 0, 0, 0, 0, 0, 0]),
        x => x.Group([0x16, 0, 0, 0, 224, 0, 0, 251]),
        x => x.Group([0x11, 10, 0, 0, 0, 0, 0, 0, 2, 10, 0, 1, 192, 168, 1, 3]),
    ];

    private static List<Func<Exchange, byte[]>> Simultaneous() =>
    [
        x =>
        {
            x.Socket = x.Net.Sockets.Socket();
            x.Peer.StackPort = 0;
            x.Net.Sockets.Connect(x.Socket, x.Ip, Port);
            x.Peer.Expect("S");
            return x.Peer.Build("S", mss: 1460);
        },
        x =>
        {
            x.Peer.Expect("SA");
            return x.Peer.Build("SA", seq: 0, ack: 1);
        },
        x =>
        {
            // both close at once
            x.Net.Sockets.Close(x.Socket);
            x.Net.Poll();
            return x.Peer.Build("FA", seq: 1, ack: 1);
        },
        x => x.Peer.Build("A", seq: 2, ack: 2),
    ];

    /// <summary>An exchange in progress: the network, a peer, and the sockets of the application.</summary>
    internal sealed class Exchange
    {
        public Exchange(TestNetwork net)
        {
            Net = net;
            Listener = net.Listen(1000, 4);
            Peer = net.Peer(1000, Port);
            Peer.AnyMac = true;
            Datagram = net.Sockets.Socket(SocketType.Datagram);
        }

        public TestNetwork Net { get; }

        public TcpPeer Peer { get; }

        public int Listener { get; }

        public int Datagram { get; }

        public int Socket { get; set; }

        public ulong Mac => Net.Client.Mac;

        public uint Ip => Net.Client.Ip;

        public byte[] Ip4(int protocol, byte[] payload, byte[]? options = null, int flagsAndOffset = 0)
        {
            return FrameBuilder.Ethernet(TestNetwork.StackMac, Mac, 0x0800, FrameBuilder.Ip(
                Ip, TestNetwork.StackIp, protocol, payload, options, flagsAndOffset: flagsAndOffset));
        }

        public byte[] Group(byte[] message)
        {
            Wire.Put16(message, 2, Wire.Checksum(message, 0, message.Length));
            byte[] packet = FrameBuilder.Ip(Ip, Wire.Address("224.0.0.1"), 2, message, options: [0x94, 4, 0, 0], ttl: 1);
            return FrameBuilder.Ethernet(0x01005E000001, Mac, 0x0800, packet);
        }

        /// <summary>The last packet of a protocol that the stack has sent, as an error would quote it.</summary>
        public byte[] Taken(int protocol)
        {
            Net.Poll();
            return Net.Packets.Last(p => p.Protocol == protocol).Bytes[14..42];
        }

        public byte[] OwnSegment()
        {
            TcpIp.Tcp.TcpControlBlock block = Net.Stack.Tcp.Blocks.First(b => b.InUse && b.RemotePort == Port);
            byte[] segment = FrameBuilder.Tcp(TestNetwork.StackIp, Ip, block.LocalPort, Port, block.SndUna, 0, SeenFrame.Ack, 1);
            return FrameBuilder.Ip(TestNetwork.StackIp, Ip, 6, segment)[..28];
        }

        public byte[] Error(int type, int code, byte[] quote, int mtu = 0)
        {
            return Ip4(1, FrameBuilder.Icmp(type, code, [0, 0, (byte)(mtu >> 8), (byte)mtu, .. quote]));
        }
    }
}
