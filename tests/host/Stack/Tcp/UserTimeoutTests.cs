// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>How long a peer may be silent is the application's to say (RFC 9293 section 3.8.3, MUST-21, MUST-22).</summary>
public sealed class UserTimeoutTests : StackTest
{
    [Fact]
    public void Text_that_is_not_acknowledged_in_time_ends_the_connection()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        Assert.Equal(0, net.Sockets.SetUserTimeout(socket, 5000));
        net.Write(socket, "text");
        peer.Expect("PA");
        net.Advance(4999);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        net.Advance(1);
        Assert.Equal(SocketError.TimedOut, net.Sockets.GetError(socket));
        Assert.Equal(1u, net.Stack.Tcp.Counters.TimedOut);
        peer.TakeAll();
    }

    [Fact]
    public void A_SYN_that_is_not_answered_in_time_fails_to_connect()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer(stackPort: 0, port: 7);
        int socket = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.SetUserTimeout(socket, 2000));
        net.Sockets.Connect(socket, net.Client.Ip, 7);
        peer.Expect("S");
        net.Advance(1999);
        Assert.Equal(SocketError.Success, net.Sockets.GetError(socket));
        net.Advance(1);
        Assert.Equal(SocketError.TimedOut, net.Sockets.GetError(socket));
        peer.TakeAll();
    }

    [Fact]
    public void A_closed_window_whose_probes_are_not_answered_ends_the_connection_in_time()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        Assert.Equal(0, net.Sockets.SetUserTimeout(socket, 10000));
        peer.Send("A", win: 0);
        net.Write(socket, "waits");
        net.Poll();
        net.Advance(9999);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        net.Advance(1);
        Assert.Equal(SocketError.TimedOut, net.Sockets.GetError(socket));
        peer.TakeAll();
    }

    [Fact]
    public void A_shorter_timeout_than_the_last_poll_knew_of_asks_for_another_poll()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, "text");
        peer.Expect("PA");
        int wait = net.Stack.Poll(net.Now);
        Assert.False(net.Stack.NeedsPoll);
        Assert.Equal(0, net.Sockets.SetUserTimeout(socket, wait / 2));
        Assert.True(net.Stack.NeedsPoll, "else nobody would look in time");
        Assert.Equal(wait / 2, net.Stack.Poll(net.Now));
        net.Sockets.Abort(socket);
        net.Poll();
        peer.TakeAll();
    }

    [Fact]
    public void Zero_stands_for_what_is_configured()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        Assert.Equal(0, net.Sockets.SetUserTimeout(socket, 5000));
        Assert.Equal(0, net.Sockets.SetUserTimeout(socket, 0));
        net.Write(socket, "text");
        net.Advance(100000);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        net.Advance(60000);
        Assert.Equal(SocketError.TimedOut, net.Sockets.GetError(socket));
        peer.TakeAll();
    }

    [Fact]
    public void A_negative_time_and_a_stale_descriptor_are_refused()
    {
        (TestNetwork net, _, int socket) = Open();
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SetUserTimeout(socket, -1));
        net.Sockets.Abort(socket);
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.SetUserTimeout(socket, 1000));
    }

    private (TestNetwork Net, TcpPeer Peer, int Socket) Open()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        return (net, peer, socket);
    }
}
