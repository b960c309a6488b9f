// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using TcpIp.Sockets;

namespace HostTests.Stack.Fairness;

/// <summary>Ways to hold what is scarce, and the newcomer who must be served all the same.</summary>
public abstract class FairnessTest : StackTest
{
    private static readonly uint s_strangers = Wire.Address("192.168.1.100");

    private int _port = 41000;
    private int _stranger;

    /// <summary>The sizes that a name stands for.</summary>
    internal static void Size(StackConfiguration configuration, string name)
    {
        StackConfiguration other = name switch
        {
            "default" => new StackConfiguration(),
            "firmware" => new StackConfiguration { TcpSockets = 10, FrameCounts = [12, 6, 4, 4, 4, 6] },
            "smallest" => StackConfiguration.Smallest(),
            _ => throw new ArgumentException(name),
        };
        foreach (PropertyInfo property in typeof(StackConfiguration).GetProperties().Where(p => p.CanWrite && p.Name != nameof(other.GuardFrames)))
        {
            property.SetValue(configuration, property.GetValue(other));
        }
    }

    internal TestNetwork BeginSized(string sizes, WordOrder order = WordOrder.LowByteFirst) => Begin(order, c => Size(c, sizes));

    /// <summary>Connections that each send two full segments after a gap.</summary>
    internal void KeepEarly(TestNetwork net, int connections)
    {
        for (int i = 0; i < connections; i++)
        {
            TcpPeer peer = Open(net, "PUT ");
            peer.Send("A", seq: peer.SndNxt + 10, length: 1440);
            peer.Send("A", seq: peer.SndNxt + 1450, length: 1440);
            peer.TakeAll();
        }
    }

    /// <summary>Connections that ask for a long page and take none of it.</summary>
    internal void KeepWindowsClosed(TestNetwork net, int connections)
    {
        for (int i = 0; i < connections; i++)
        {
            Open(net, "BIG ", window: 0);
        }
    }

    /// <summary>Connections whose text nobody reads.</summary>
    internal void KeepUnread(TestNetwork net, int connections, int segments = 2)
    {
        for (int i = 0; i < connections; i++)
        {
            TcpPeer peer = Open(net, "HOG ");
            for (int n = 0; n < segments; n++)
            {
                peer.Send("A", length: 1440);
            }

            peer.TakeAll();
        }
    }

    /// <summary>Datagram sockets that nobody reads, full of large datagrams.</summary>
    internal static void KeepDatagrams(TestNetwork net, int length = 1400)
    {
        for (int i = 0; i < net.Configuration.UdpSockets; i++)
        {
            int socket = net.Sockets.Socket(SocketType.Datagram);
            Assert.Equal(0, net.Sockets.Bind(socket, 5000 + i));
            for (int n = 0; n < net.Configuration.UdpReceiveFrames; n++)
            {
                byte[] datagram = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 4000, 5000 + i, new byte[length]);
                net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, datagram));
            }
        }
    }

    /// <summary>An echo request of the largest size from a neighbour that does not answer ARP.</summary>
    internal void AskFromNowhere(TestNetwork net, int length = 1472)
    {
        uint ip = s_strangers + (uint)(_stranger++ % 100);
        byte[] packet = FrameBuilder.Ip(ip, TestNetwork.StackIp, 1, FrameBuilder.Echo(1, _stranger, new byte[length]));
        net.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, 0x020000003000ul + ip, 0x0800, packet));
    }

    /// <summary>The newcomer is offered a segment, gets a page, sends a segment, and its ping is answered, each within a time.</summary>
    internal void AssertNewcomerIsServed(TestNetwork net, int within = 1000, Action? meanwhile = null)
    {
        Newcomer page = new(net, ++_port, meanwhile: meanwhile);
        int time = page.Get();
        Assert.True(page.FirstWindow >= Math.Min(1460, net.Configuration.TcpReceiveWindow), $"offered {page.FirstWindow}");
        Assert.True(time >= 0 && time <= within, $"the page took {time}: {State(net)}");
        net.Advance(10);
        Newcomer upload = new(net, ++_port, meanwhile: meanwhile);
        time = upload.Put();
        Assert.True(upload.FirstWindow >= Math.Min(1460, net.Configuration.TcpReceiveWindow), $"offered {upload.FirstWindow}");
        Assert.True(time >= 0 && time <= within, $"the segment took {time}: {State(net)}");
        net.Advance(10);
        Assert.True(Ping(net), "no answer to a ping of 1472 bytes");
    }

    internal static bool Ping(TestNetwork net)
    {
        net.Packets.Clear();
        net.Deliver(net.EchoRequest(99, Wire.PatternBytes(0, 1472)));
        return net.Packets.Exists(p => p.IsIcmp && p.IcmpType == 0 && p.IpDestination == net.Client.Ip && p.IcmpData.Length == 1472);
    }

    /// <summary>Who holds what, for the message of a test that fails.</summary>
    internal static string State(TestNetwork net)
    {
        FramePool pool = net.Stack.Pool;
        IEnumerable<string> free = Enumerable.Range(0, pool.Classes).Select(i => $"{pool.Total(i) - pool.InUse(i)}/{pool.Total(i)}");
        IEnumerable<string> blocks = net.Stack.Tcp.Blocks.Where(b => b.InUse).Select(Invariants.Describe);
        return "free " + string.Join(' ', free) + Environment.NewLine + string.Join(Environment.NewLine, blocks);
    }

    internal TcpPeer Open(TestNetwork net, string word, int window = 8192)
    {
        TcpPeer peer = net.Peer(port: ++_port, iss: (uint)(_port * 7919));
        peer.Handshake();
        peer.Send("PA", text: word, win: window);
        net.Advance(10);
        peer.TakeAll();
        return peer;
    }
}
