// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Text;
using TcpIp.Http;
using TcpIp.Sockets;

namespace HostTests.Stack.Hostile;

/// <summary>
/// What all tests of HOSTILE.md share: a host with a web server and an echo service, frames thrown at it one by one, and after each
/// blow the same questions. Nothing was thrown, nothing allocated, no frame lost, and an honest client is served.
/// </summary>
public abstract class HostileTest : StackTest
{
    internal const string Good = "GET / HTTP/1.1\r\nHost: 192.168.1.50\r\n\r\n";

    private readonly byte[] _buffer = new byte[2000];
    private TestNetwork? _net;
    private HttpServer? _server;
    private int _port = 30000;
    private int _echo;

    /// <summary>Gets the network of the test.</summary>
    internal TestNetwork Net => _net ?? Site();

    internal HttpServer Server => _server!;

    /// <summary>Gets the client's address, which is an honest host's.</summary>
    internal uint Client => Net.Client.Ip;

    /// <summary>Makes the network; without a call it is the usual one.</summary>
    internal TestNetwork Site(Action<StackConfiguration>? configure = null, WordOrder order = WordOrder.LowByteFirst)
    {
        TestNetwork net = Begin(order, configure);
        _net = net;
        net.Interface.WarmUp();
        _server = new HttpServer(net.Sockets, order, 80, 3, [new TestPage("/", 300, order), new TestPage("/large", 20000, order)]);
        _echo = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Bind(_echo, 7);
        DatagramSource source = new();
        net.Application = now =>
        {
            int wait = _server.Poll(now);
            int count = net.Sockets.ReceiveFrom(_echo, _buffer, 0, _buffer.Length, source);
            if (count >= 0 && source.Port != 0)
            {
                net.Sockets.SendTo(_echo, _buffer, 0, count, source.Address, source.Port);
            }

            return wait;
        };
        AssertServed();
        return net;
    }

    /// <summary>One frame arrives, and does nothing but what it may.</summary>
    internal void Strike(byte[] frame)
    {
        long before = Net.AllocatedInPoll;
        Net.Deliver(frame);
        Assert.Equal(0, Net.AllocatedInPoll - before);
        Invariants.Check(Net.Stack, Net.Configuration);
    }

    /// <summary>An IPv4 packet arrives from the client's station.</summary>
    internal void StrikeIp(byte[] packet) => Strike(FrameBuilder.Ethernet(TestNetwork.StackMac, Net.Client.Mac, 0x0800, packet));

    /// <summary>A transport payload arrives from the client.</summary>
    internal void Strike(int protocol, byte[] payload) => StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, protocol, payload));

    /// <summary>A segment of a peer arrives.</summary>
    internal void Strike(
        TcpPeer peer,
        string flags,
        long? seq = null,
        long? ack = null,
        int? win = null,
        string? text = null,
        int length = 0,
        byte[]? options = null,
        int urgent = 0)
    {
        Strike(peer.Build(flags, seq, ack, win, null, text, length, options, urgent));
    }

    /// <summary>Time passes, and nothing is allocated in it.</summary>
    internal void Wait(int milliseconds)
    {
        long before = Net.AllocatedInPoll;
        Net.Advance(milliseconds);
        Assert.Equal(0, Net.AllocatedInPoll - before);
        Invariants.Check(Net.Stack, Net.Configuration);
    }

    /// <summary>The stack has sent nothing: no answer, no error.</summary>
    internal void AssertSilence()
    {
        Net.Poll();
        Assert.Empty(Net.Packets);
    }

    /// <summary>An honest client pings and gets its page.</summary>
    internal void AssertServed()
    {
        TestNetwork net = Net;
        net.AssertAlive();
        TestBrowser browser = new(net, NextPort());
        browser.Get(Good);
        Assert.Equal("200", browser.Status);
        Invariants.Check(net.Stack, net.Configuration);
    }

    /// <summary>An honest client gets its datagram back.</summary>
    internal void AssertEchoed()
    {
        byte[] data = Encoding.ASCII.GetBytes("honest");
        Net.Packets.Clear();
        Strike(17, FrameBuilder.Udp(Client, TestNetwork.StackIp, 40404, 7, data));
        SeenFrame echo = Assert.Single(Net.Packets);
        Assert.Equal(data, echo.Text);
        Assert.Equal(40404, echo.DestinationPort);
        Net.Packets.Clear();
    }

    internal int NextPort() => _port++;

    /// <summary>A peer with a connection to a service of its own, which the test plays by hand.</summary>
    internal (TcpPeer Peer, int Socket) Connected(int port = 1000)
    {
        int listener = Net.Listen(port, 1);
        TcpPeer peer = Net.Peer(port, NextPort());
        int socket = peer.OpenTo(listener);
        Net.Sockets.Close(listener);
        return (peer, socket);
    }

    /// <summary>Frames that are neither free nor in flight.</summary>
    internal int Held()
    {
        FramePool pool = Net.Stack.Pool;
        return Enumerable.Range(0, pool.Classes).Sum(pool.InUse);
    }

    /// <summary>The sum of all counters of a layer that say that something was dropped or ignored.</summary>
    internal static uint Dropped(object counters)
    {
        string[] good = ["Received", "Sent", "Delivered", "Requests", "Replies"];
        return (uint)counters.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(c => c.PropertyType == typeof(uint) && !good.Any(c.Name.EndsWith))
            .Sum(c => (uint)c.GetValue(counters)!);
    }
}
