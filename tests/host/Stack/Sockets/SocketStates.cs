// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Sockets;

/// <summary>Sockets in any state that the tables of calls know.</summary>
internal static class SocketStates
{
    public static (string State, EchoState[] Under)[] EchoStates { get; } =
    [
        ("idle", [EchoState.Idle]),
        ("waiting", [EchoState.Queued, EchoState.Blocked, EchoState.Waiting]),
        ("answered", [EchoState.Done]),
    ];

    /// <summary>Brings a stream into a state, and does something with it as soon as it is in ESTABLISHED, if it comes by there.</summary>
    public static int Stream(TestNetwork net, string state, Action<int> whenOpen)
    {
        TcpPeer peer = net.Peer();
        int socket;
        switch (state)
        {
            case "CLOSED, new":
                return net.Sockets.Socket();
            case "CLOSED, with a port":
                socket = net.Sockets.Socket();
                Assert.Equal(0, net.Sockets.Bind(socket, 80));
                return socket;
            case "LISTEN":
                return net.Listen();
            case "SYN-SENT":
            case "SYN-RECEIVED":
                peer.StackPort = 0;
                socket = net.Sockets.Socket();
                Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, net.Client.Ip, peer.Port));
                peer.Expect("S");
                if (state == "SYN-RECEIVED")
                {
                    // both SYNs cross
                    peer.Send("S");
                    peer.Expect("SA");
                }

                break;
            default:
                socket = peer.OpenFrom();
                whenOpen(socket);
                Go(net, peer, socket, state);
                break;
        }

        TcpState expected = state.StartsWith("CLOSED", StringComparison.Ordinal) ? TcpState.Closed
            : Enum.Parse<TcpState>(state.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true);
        Assert.Equal(expected, net.Sockets.GetState(socket));
        return socket;
    }

    /// <summary>A control block as it is in a state.</summary>
    public static TcpControlBlock StreamBlock(string state)
    {
        TcpControlBlock block = new(0);
        bool closed = state.StartsWith("CLOSED", StringComparison.Ordinal);
        block.State = closed ? TcpState.Closed
            : Enum.Parse<TcpState>(state.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true);
        block.LocalPort = state == "CLOSED, new" ? 0 : 80;
        block.RemotePort = state is "CLOSED, both have closed" or "CLOSED, failed" || (!closed && state != "LISTEN") ? 9 : 0;
        block.Error = state == "CLOSED, failed" ? SocketError.TimedOut : SocketError.Success;
        return block;
    }

    public static int Datagram(TestNetwork net, string state)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        switch (state)
        {
            case "with a port":
                Assert.Equal(0, net.Sockets.Bind(socket, 7));
                break;
            case "with a peer":
                Assert.Equal(0, net.Sockets.Connect(socket, net.Client.Ip, 9));
                break;
            default:
                break;
        }

        return socket;
    }

    public static int Echo(TestNetwork net, string state)
    {
        int socket = net.Sockets.Socket(SocketType.Echo);
        switch (state)
        {
            case "waiting":
                Assert.Equal(0, net.Sockets.SendEcho(socket, net.Client.Ip, 8, 100));
                break;
            case "answered":
                // by ourselves
                Assert.Equal(0, net.Sockets.SendEcho(socket, TestNetwork.StackIp, 8, 100));
                net.Advance(10);
                break;
            default:
                break;
        }

        return socket;
    }

    private static void Go(TestNetwork net, TcpPeer peer, int socket, string state)
    {
        switch (state)
        {
            case "ESTABLISHED":
                break;
            case "FIN-WAIT-1":
                Shutdown(net, peer, socket);
                break;
            case "FIN-WAIT-2":
                Shutdown(net, peer, socket);
                peer.Send("A", ack: 2);
                break;
            case "CLOSING":
                Shutdown(net, peer, socket);
                peer.Send("FA", ack: 1);
                break;
            case "TIME-WAIT":
                Shutdown(net, peer, socket);
                peer.Send("FA", ack: 2);
                break;
            case "CLOSE-WAIT":
                peer.Send("FA");
                break;
            case "LAST-ACK":
                peer.Send("FA");
                peer.TakeAll();
                Shutdown(net, peer, socket);
                break;
            case "CLOSED, both have closed":
                peer.Send("FA");
                peer.TakeAll();
                Shutdown(net, peer, socket);
                peer.Send("A", ack: 2);
                break;
            case "CLOSED, failed":
                peer.Send("R");
                break;
            default:
                throw new ArgumentException(state);
        }
    }

    private static void Shutdown(TestNetwork net, TcpPeer peer, int socket)
    {
        Assert.Equal(0, net.Sockets.Shutdown(socket));
        peer.Expect("FA");
    }
}
