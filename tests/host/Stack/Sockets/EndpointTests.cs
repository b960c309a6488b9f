// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Sockets;

/// <summary>What can be asked of a socket without a row of the table: its port, its peer, who sent the next datagram, what went wrong.</summary>
public sealed class EndpointTests : StackTest
{
    private readonly byte[] _buffer = new byte[100];
    private readonly ReceivedView _view = new();

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Datagram)]
    public void Port_0_is_one_that_no_socket_has(SocketType type)
    {
        TestNetwork net = Begin();
        int first = net.Sockets.Socket(type);
        int second = net.Sockets.Socket(type);
        Assert.Equal(0, net.Sockets.GetLocalPort(first));
        Assert.Equal(0, net.Sockets.Bind(first, 0));
        Assert.Equal(0, net.Sockets.Bind(second, 0));
        Assert.InRange(net.Sockets.GetLocalPort(first), 49152, 65535);
        Assert.InRange(net.Sockets.GetLocalPort(second), 49152, 65535);
        Assert.NotEqual(net.Sockets.GetLocalPort(first), net.Sockets.GetLocalPort(second));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Bind(first, 0));
        net.Sockets.Close(first);
        net.Sockets.Close(second);
    }

    [Fact]
    public void RFC1122_3_2_1_3_strangers_find_nobody_on_a_loopback_address()
    {
        TestNetwork net = Begin();
        int listener = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.Bind(listener, Wire.Address("127.0.0.1"), 80));
        Assert.Equal(0, net.Sockets.Listen(listener, 2));
        TcpPeer stranger = net.Peer();
        stranger.Send("S", seq: 0);
        stranger.Expect("RA");
        Assert.Equal(0, net.Stack.Tcp.SynQueue.InUse);

        int datagrams = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(datagrams, Wire.Address("127.1.2.3"), 9));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 9, 9, [1])));
        Assert.Single(net.Packets, p => p.IsIcmp);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Peek(datagrams, _view));

        // we ourselves come through
        int friend = net.Sockets.Socket();
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(friend, Wire.Address("127.0.0.1"), 80));
        int friendly = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(1, net.Sockets.SendTo(friendly, [1], 0, 1, Wire.Address("127.0.0.1"), 9));
        net.Poll();
        Assert.Equal(1, net.Sockets.Peek(datagrams, _view));
        int accepted = net.Sockets.Accept(listener);
        Assert.True(accepted >= 0, $"{accepted}");

        // the places are anybody's afterwards
        foreach (int socket in new[] { listener, datagrams, friend, friendly, accepted })
        {
            net.Sockets.Abort(socket);
            net.Sockets.Close(socket);
        }

        int next = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.Bind(next, TestNetwork.StackIp, 80));
        Assert.Equal(0, net.Sockets.Listen(next, 2));
        int nextDatagrams = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(nextDatagrams, 9));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 9, 9, [1])));
        Assert.Equal(1, net.Sockets.Peek(nextDatagrams, _view));
        net.Sockets.Close(nextDatagrams);
        TcpPeer peer = net.Peer(port: 4001);
        peer.Send("S", seq: 0);
        peer.Expect("SA");
        peer.Send("R", seq: 1);
        net.Sockets.Close(next);
    }

    [Fact]
    public void An_address_that_is_not_ours_can_not_be_bound_to()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        int datagrams = net.Sockets.Socket(SocketType.Datagram);
        int echo = net.Sockets.Socket(SocketType.Echo);
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.Bind(socket, net.Client.Ip, 80));
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.Bind(datagrams, TestNetwork.SubnetBroadcast, 80));
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.Bind(echo, net.Client.Ip, 80));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Bind(-1, net.Client.Ip, 80));
        Assert.Equal(0, net.Sockets.GetLocalPort(socket));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Bind(socket, TestNetwork.StackIp, 65536));
        Assert.Equal(0, net.Sockets.Bind(socket, TestNetwork.StackIp, 80));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Bind(socket, TestNetwork.StackIp, 81));
        net.Sockets.Close(socket);
        net.Sockets.Close(datagrams);
        net.Sockets.Close(echo);
    }

    [Fact]
    public void A_listener_on_port_0_is_found_on_the_port_that_it_got()
    {
        TestNetwork net = Begin();
        int listener = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.Bind(listener, 0));
        Assert.Equal(0, net.Sockets.Listen(listener, 1));
        int socket = net.Peer(stackPort: net.Sockets.GetLocalPort(listener)).OpenTo(listener);
        Assert.Equal(net.Sockets.GetLocalPort(listener), net.Sockets.GetLocalPort(socket));
    }

    [Fact]
    public void The_ends_of_a_stream_are_known_from_its_first_SYN_on_and_after_its_end()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        Assert.Equal((80, 0u, 0), Ends(net, listener));
        TcpPeer peer = net.Peer(stackPort: 0, port: 7);
        int socket = net.Sockets.Socket();
        Assert.Equal((0, 0u, 0), Ends(net, socket));
        net.Sockets.Connect(socket, net.Client.Ip, 7);
        SeenFrame syn = peer.Expect("S");
        Assert.Equal((syn.SourcePort, net.Client.Ip, 7), Ends(net, socket));
        peer.Send("RA", ack: 1);
        Assert.Equal(TcpState.Closed, net.Sockets.GetState(socket));
        Assert.Equal((syn.SourcePort, net.Client.Ip, 7), Ends(net, socket));
        net.Sockets.Close(socket);
        Assert.Equal(((int)SocketError.BadDescriptor, 0u, (int)SocketError.BadDescriptor), Ends(net, socket));
    }

    [Fact]
    public void A_datagram_socket_has_a_port_as_soon_as_it_has_a_peer()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Connect(socket, net.Client.Ip, 9));
        int port = net.Sockets.GetLocalPort(socket);
        Assert.InRange(port, 49152, 65535);
        Assert.Equal((port, net.Client.Ip, 9), Ends(net, socket));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Bind(socket, 7));
        Deliver(net, 9, port, [1, 2]);
        Assert.Equal(2, net.Sockets.GetAvailable(socket));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_datagram_socket_has_a_port_as_soon_as_it_has_sent_something()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(3, net.Sockets.SendTo(socket, _buffer, 0, 3, net.Client.Ip, 9));
        net.Poll();
        Assert.InRange(net.Sockets.GetLocalPort(socket), 49152, 65535);
        Assert.Equal(net.Sockets.GetLocalPort(socket), Assert.Single(net.Packets).SourcePort);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Who_has_sent_the_next_datagram_is_told_without_an_object_for_it()
    {
        TestNetwork net = Begin();
        int socket = Bound(net);
        Assert.Equal((0u, 0), Source(net, socket));
        Deliver(net, 4000, 7, [1]);
        Deliver(net, 0, 7, [2, 3]);
        Assert.Equal((net.Client.Ip, 4000), Source(net, socket));
        Assert.Equal(1, net.Sockets.Peek(socket, _view));
        Assert.Equal((net.Client.Ip, 4000), Source(net, socket));
        net.Sockets.Consume(socket, 1);

        // from one who wants no answer
        Assert.Equal((net.Client.Ip, 0), Source(net, socket));
        Assert.Equal(2, net.Sockets.Read(socket, _buffer, 0, 100));
        Assert.Equal((0u, 0), Source(net, socket));
        net.Sockets.Close(socket);
        Assert.Equal((0u, (int)SocketError.BadDescriptor), Source(net, socket));
        Assert.Equal((0u, (int)SocketError.OperationNotSupported), Source(net, net.Sockets.Socket()));
    }

    [Fact]
    public void Read_takes_one_datagram_whole_or_cut_off()
    {
        TestNetwork net = Begin();
        int socket = Bound(net);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Read(socket, _buffer, 0, 100));
        Deliver(net, 4000, 7, [1, 2, 3]);
        Deliver(net, 4000, 7, [4, 5, 6]);
        Deliver(net, 4000, 7, []);
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Read(socket, _buffer, 99, 2));
        Assert.Equal(2, net.Sockets.Read(socket, _buffer, 10, 2));
        Assert.Equal(3, net.Sockets.Read(socket, _buffer, 20, 80));
        Assert.Equal(0, net.Sockets.Read(socket, _buffer, 30, 1));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Read(socket, _buffer, 0, 100));
        Assert.Equal([1, 2, 0], _buffer[10..13]);
        Assert.Equal([4, 5, 6], _buffer[20..23]);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void What_an_ICMP_error_said_of_a_peer_can_be_asked_for_and_is_still_told_once()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Connect(socket, net.Client.Ip, 9);
        net.Sockets.Write(socket, _buffer, 0, 1);
        net.Poll();
        byte[] body = new byte[32];
        Assert.Single(net.Packets).Bytes.AsSpan(14, 28).CopyTo(body.AsSpan(4));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(3, 3, body)));
        Assert.Equal(SocketError.ConnectionRefused, net.Sockets.GetError(socket));
        Assert.Equal(SocketError.ConnectionRefused, net.Sockets.GetError(socket));
        Assert.Equal((int)SocketError.ConnectionRefused, net.Sockets.Read(socket, _buffer, 0, 1));
        Assert.Equal(SocketError.Success, net.Sockets.GetError(socket));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void The_table_lists_echo_sockets_behind_those_for_datagrams()
    {
        TestNetwork net = Begin();
        int row = net.Configuration.TcpSockets + net.Configuration.UdpSockets;
        SocketStatus status = new();
        Assert.False(net.Sockets.GetStatus(row, status));
        int socket = net.Sockets.Socket(SocketType.Echo);
        Assert.True(net.Sockets.GetStatus(row, status));
        Assert.Equal((socket, SocketType.Echo, -1), (status.Descriptor, status.Type, status.StateTimer));

        // fill it from another in between: nothing of that may stay
        int other = Bound(net);
        net.Sockets.Connect(other, net.Gateway.Ip, 9);
        net.Sockets.GetStatus(net.Configuration.TcpSockets, status);
        Assert.Equal((7, 9), (status.LocalPort, status.RemotePort));
        net.Sockets.SendEcho(socket, net.Client.Ip, 0, 500);
        net.Advance(200);
        net.Sockets.GetStatus(row, status);
        Assert.Equal((SocketType.Echo, TcpState.Closed), (status.Type, status.State));
        Assert.Equal((0, net.Client.Ip, 0), (status.LocalPort, status.RemoteAddress, status.RemotePort));
        Assert.InRange(status.StateTimer, 290, 310);
        Assert.Equal(net.Client.Ip, net.Sockets.GetRemoteAddress(socket));
        net.Sockets.Close(socket);
        net.Sockets.Close(other);
    }

    [Fact]
    public void There_are_three_kinds_of_sockets()
    {
        TestNetwork net = Begin();
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Socket((SocketType)3));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Socket((SocketType)(-1)));
    }

    private static (int Port, uint Address, int RemotePort) Ends(TestNetwork net, int socket)
    {
        return (net.Sockets.GetLocalPort(socket), net.Sockets.GetRemoteAddress(socket), net.Sockets.GetRemotePort(socket));
    }

    private static (uint Address, int Port) Source(TestNetwork net, int socket)
    {
        return (net.Sockets.GetSourceAddress(socket), net.Sockets.GetSourcePort(socket));
    }

    private static int Bound(TestNetwork net)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, 7));
        return socket;
    }

    private static void Deliver(TestNetwork net, int from, int to, byte[] data)
    {
        net.DeliverIp(net.Client, FrameBuilder.Ip(
            net.Client.Ip, TestNetwork.StackIp, 17, FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, from, to, data)));
    }
}
