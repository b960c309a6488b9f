// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Dhcp;
using TcpIp.Link;
using TcpIp.Sockets;
using VirtualBoard.Enc28j60;
using VirtualBoard.Forward;

namespace HostTests.EndToEnd.Gateway;

/// <summary>A board without a chip: the stack on the forwarder's wire, with an address from its DHCP server.</summary>
internal sealed class WireStation : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly AutoResetEvent _arrived = new(false);
    private readonly RealTimePump _pump;

    public WireStation(VirtualBoard.WayOut.GatewayOptions options)
    {
        VirtualClock clock = new();
        VirtualWire wire = new(clock);
        _pump = new RealTimePump(clock);
        MacAddress mac = new([6, 0x28, 0x60, 0, 0, 9]);
        Stack = new TcpIpStack(new StackConfiguration(), new WireInterface(wire, "station", mac, () => _arrived.Set()), new TestRandom(3));
        Dhcp = new DhcpClient(Stack, mac, new TestRandom(4), new DhcpConfiguration { StartSpread = 1, Conflicts = ConflictPolicy.None, HostName = "board" });
        Forwarder = new Forwarder(wire, 0, 1, options);
        Dhcp.Start();
        RunUntil(() => Dhcp.IsBound);
    }

    public TcpIpStack Stack { get; }

    public SocketLayer Sockets => Stack.Sockets;

    public DhcpClient Dhcp { get; }

    public Forwarder Forwarder { get; }

    public uint Gateway => Dhcp.Lease.Router;

    /// <summary>Runs the stack until something is so; fails if it never is.</summary>
    public void RunUntil(Func<bool> condition)
    {
        long start = Environment.TickCount64;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 - start < s_limit.TotalMilliseconds, "It takes too long.");
            Assert.Null(Forwarder.Error);
            _arrived.WaitOne(1);
            Stack.Poll(Now());
            Dhcp.Poll(Now());
        }
    }

    /// <summary>Sends a datagram to the gateway and waits for the answer.</summary>
    public byte[] Ask(int port, byte[] question)
    {
        int socket = Sockets.Socket(SocketType.Datagram);
        Sockets.Connect(socket, Gateway, port);
        Assert.Equal(question.Length, Sockets.Write(socket, question, 0, question.Length));
        byte[] answer = new byte[1500];
        int length = 0;
        RunUntil(() => (length = Sockets.Read(socket, answer, 0, answer.Length)) >= 0);
        Sockets.Close(socket);
        return answer[..length];
    }

    /// <summary>Opens a connection and waits for what becomes of it.</summary>
    /// <returns>The descriptor, or the error.</returns>
    public int Connect(uint address, int port)
    {
        int socket = Sockets.Socket();
        Assert.Equal((int)SocketError.InProgress, Sockets.Connect(socket, address, port));
        SocketError error = SocketError.Success;
        RunUntil(() => (error = Sockets.GetError(socket)) != SocketError.Success || Sockets.GetState(socket) == TcpIp.Tcp.TcpState.Established);
        return error == SocketError.Success ? socket : (int)error;
    }

    public void Dispose()
    {
        Forwarder.Dispose();
        _pump.Dispose();
    }

    private static int Now() => (int)Environment.TickCount64;
}
