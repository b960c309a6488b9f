// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Sockets;

/// <summary>The last value of an argument that is taken, and the first that is not. A mistake changes nothing.</summary>
public sealed class ArgumentTests : StackTest
{
    private const int Invalid = (int)SocketError.InvalidArgument;

    private readonly DatagramSource _source = new();
    private readonly byte[] _buffer = new byte[4];

    [Fact]
    public void A_part_of_an_array_that_cannot_be_is_refused_and_the_datagram_stays()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        net.DeliverIp(net.Client, FrameBuilder.Ip(
            net.Client.Ip, TestNetwork.StackIp, 17, FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 4000, 7, [1, 2])));
        Assert.Equal(Invalid, net.Sockets.ReceiveFrom(socket, null!, 0, 0, _source));
        Assert.Equal(Invalid, net.Sockets.ReceiveFrom(socket, _buffer, 0, 4, null!));
        Assert.Equal(Invalid, net.Sockets.ReceiveFrom(socket, _buffer, -1, 2, _source));
        Assert.Equal(Invalid, net.Sockets.ReceiveFrom(socket, _buffer, 0, -1, _source));
        Assert.Equal(Invalid, net.Sockets.ReceiveFrom(socket, _buffer, 2, 3, _source));
        Assert.Equal(2, net.Sockets.ReceiveFrom(socket, _buffer, 2, 2, _source));
        Assert.Equal([0, 0, 1, 2], _buffer);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_connected_datagram_socket_writes_only_parts_that_can_be()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        Assert.Equal(0, net.Sockets.Connect(socket, net.Client.Ip, 9));
        Assert.Equal(Invalid, net.Sockets.Write(socket, (byte[])null!, 0, 0));
        Assert.Equal(Invalid, net.Sockets.Write(socket, _buffer, -1, 2));
        Assert.Equal(Invalid, net.Sockets.Write(socket, _buffer, 0, -1));
        Assert.Equal(Invalid, net.Sockets.Write(socket, _buffer, 3, 2));
        net.Poll();
        Assert.Empty(net.Packets);
        Assert.Equal(2, net.Sockets.Write(socket, _buffer, 2, 2));
        net.Poll();
        Assert.Equal(2, Assert.Single(net.Packets).Text.Length);
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(65535, true)]
    [InlineData(65536, false)]
    public void Ports_are_1_to_65535_wherever_a_peer_s_is_named_and_0_is_any_for_us(int port, bool taken)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(taken ? 1 : Invalid, net.Sockets.SendTo(socket, _buffer, 0, 1, net.Client.Ip, port));
        Assert.Equal(taken ? 0 : Invalid, net.Sockets.Connect(socket, net.Client.Ip, port));
        int other = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(taken || port == 0 ? 0 : Invalid, net.Sockets.Bind(other, port));
        int stream = net.Sockets.Socket();
        Assert.Equal(taken || port == 0 ? 0 : Invalid, net.Sockets.Bind(stream, port));
        int caller = net.Sockets.Socket();
        Assert.Equal(taken ? (int)SocketError.InProgress : Invalid, net.Sockets.Connect(caller, net.Client.Ip, port));
        foreach (int descriptor in new[] { socket, other, stream, caller })
        {
            net.Sockets.Close(descriptor);
        }
    }

    [Fact]
    public void An_echo_waits_for_a_millisecond_or_more()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Echo);
        Assert.Equal(Invalid, net.Sockets.SendEcho(socket, net.Client.Ip, 0, 0));
        Assert.Equal(Invalid, net.Sockets.SendEcho(socket, net.Client.Ip, -1, 1));
        Assert.Equal(0, net.Sockets.SendEcho(socket, net.Client.Ip, 0, 1));
        net.Sockets.Close(socket);
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.SendEcho(socket, net.Client.Ip, 0, 1));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void A_time_to_live_is_1_to_255(int timeToLive, bool taken)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(taken ? 0 : Invalid, net.Sockets.SetMulticastTimeToLive(socket, timeToLive));
        Assert.Equal(taken ? 0 : Invalid, net.Sockets.SetTimeToLive(socket, timeToLive));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Two_datagram_sockets_without_a_port_may_name_the_same_peer()
    {
        TestNetwork net = Begin();
        int first = net.Sockets.Socket(SocketType.Datagram);
        int second = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Connect(first, net.Client.Ip, 9));
        Assert.Equal(0, net.Sockets.Connect(second, net.Client.Ip, 9));
        net.Sockets.Close(first);
        net.Sockets.Close(second);
    }

    [Fact]
    public void An_empty_part_is_a_part()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        Assert.Equal(0, net.Sockets.SendTo(socket, _buffer, 4, 0, net.Client.Ip, 9));
        net.Poll();
        Assert.Equal(0, net.Sockets.Connect(socket, net.Client.Ip, 9));
        Assert.Equal(0, net.Sockets.Write(socket, _buffer, 4, 0));
        net.Poll();
        Assert.Equal(2, net.Packets.Count);
        Assert.All(net.Packets, packet => Assert.Empty(packet.Text));
        net.DeliverIp(net.Client, FrameBuilder.Ip(
            net.Client.Ip, TestNetwork.StackIp, 17, FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 9, 7, [1, 2])));
        Assert.Equal(0, net.Sockets.ReceiveFrom(socket, _buffer, 4, 0, _source));
        Assert.True(_source.IsTruncated);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_datagram_is_sent_of_parts_that_can_be()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        Assert.Equal(Invalid, net.Sockets.SendTo(socket, null!, 0, 0, net.Client.Ip, 9));
        Assert.Equal(Invalid, net.Sockets.SendTo(socket, _buffer, -1, 2, net.Client.Ip, 9));
        Assert.Equal(Invalid, net.Sockets.SendTo(socket, _buffer, 0, -1, net.Client.Ip, 9));
        Assert.Equal(Invalid, net.Sockets.SendTo(socket, _buffer, 2, 3, net.Client.Ip, 9));
        net.Poll();
        Assert.Empty(net.Packets);
        Assert.Equal(2, net.Sockets.SendTo(socket, _buffer, 2, 2, net.Client.Ip, 9));
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(1)]
    [InlineData(8)]
    public void Words_are_written_from_an_even_offset_within_them(int offset)
    {
        TestNetwork net = Begin();
        int socket = net.Peer().OpenTo(net.Listen());
        Assert.Equal(Invalid, net.Sockets.Write(socket, new TcpIp.Frames.WordBuffer("abcdef", net.Stack.Pool.Order), offset));
        Assert.Equal(0, net.Sockets.Write(socket, new TcpIp.Frames.WordBuffer("abcdef", net.Stack.Pool.Order), 6));
    }

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 0, -1)]
    [InlineData(1, 0, 2)]
    [InlineData(0, 3, 2)]
    public void Of_a_view_only_parts_that_can_be_are_copied(int index, int offset, int count)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        peer.Send("PA", text: "ab");
        ReceivedView view = new();
        Assert.Equal(2, net.Sockets.Peek(socket, view));
        Assert.Equal(Invalid, view.CopyTo(index, _buffer, offset, count));
        Assert.Equal(new byte[4], _buffer);
        Assert.Equal(2, view.CopyTo(0, _buffer, 2, 2));
    }

    [Fact]
    public void A_view_moves_on_as_far_as_there_is_something()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        ReceivedView view = new();
        Assert.Equal(0, view.MoveOn());
        peer.Send("PA", text: new string('a', 1000));
        peer.Send("PA", text: new string('b', 999));
        Assert.Equal(1000, net.Sockets.Peek(socket, view));
        Assert.Equal(999, view.MoveOn());
        Assert.Equal((999, 'b'), (view.Length, (char)view.GetByte(998)));
        Assert.Equal(0, view.MoveOn());
        Assert.Equal((999, 'b'), (view.Length, (char)view.GetByte(0)));

        // nothing was given up
        Assert.Equal(1999, net.Sockets.GetAvailable(socket));
        Assert.Equal(1000, net.Sockets.Peek(socket, view));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(999, false)]
    [InlineData(1000, true)]
    public void A_peer_is_probed_once_a_second_or_less_or_never(int idle, bool taken)
    {
        TestNetwork net = Begin();
        int socket = net.Peer().OpenTo(net.Listen());
        net.Poll();
        Assert.Equal(taken ? 0 : Invalid, net.Sockets.SetKeepAlive(socket, idle));
        Assert.Equal(taken, net.Stack.NeedsPoll);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_socket_has_one_connection_in_its_life(bool reset)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        Assert.Equal((int)SocketError.IsConnected, net.Sockets.Connect(socket, net.Client.Ip, 9));
        if (reset)
        {
            peer.Send("R");
        }
        else
        {
            peer.Send("FA");
            peer.Expect("A");
            Assert.Equal(0, net.Sockets.Shutdown(socket));
            peer.Expect("FA");
            peer.Send("A", ack: 2);
        }

        Assert.Equal(TcpIp.Tcp.TcpState.Closed, net.Sockets.GetState(socket));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Connect(socket, net.Client.Ip, 9));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Listen(socket, 1));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Bind(socket, 99));
    }

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Datagram)]
    [InlineData(SocketType.Echo)]
    public void A_descriptor_that_was_not_given_out_yet_is_none(SocketType type)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(type);
        Assert.Equal(0, net.Sockets.Close(socket));
        foreach (int wrong in new[] { socket, socket + 128, socket - int.MaxValue - 1, -1, 127 })
        {
            Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Close(wrong));
            Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.SetTimeToLive(wrong, 1));
        }

        int all = net.Configuration.TcpSockets + net.Configuration.UdpSockets + net.Configuration.EchoSockets;
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Close(all));
    }

    [Fact]
    public void As_many_sockets_as_there_may_be_have_descriptors_of_their_own()
    {
        TestNetwork net = Begin(configure: c => (c.TcpSockets, c.UdpSockets, c.EchoSockets, c.FrameCounts[0]) = (100, 20, 8, 120));
        int[] sockets =
        [
            .. Enumerable.Range(0, 100).Select(_ => net.Sockets.Socket()),
            .. Enumerable.Range(0, 20).Select(_ => net.Sockets.Socket(SocketType.Datagram)),
            .. Enumerable.Range(0, 8).Select(_ => net.Sockets.Socket(SocketType.Echo)),
        ];
        Assert.Equal(Enumerable.Range(0, 128), sockets);
        Assert.All(sockets, socket => Assert.Equal(0, net.Sockets.Close(socket)));
        Assert.Equal(128, net.Sockets.Socket());
    }

    [Fact]
    public void The_age_of_a_connection_counts_from_the_end_of_its_handshake()
    {
        TestNetwork net = Begin();
        int listener = net.Listen(backlog: 8);
        int[] sockets = [.. Enumerable.Range(0, 7).Select(i => net.Peer(port: 1000 + i).OpenTo(listener))];
        Assert.All(sockets, socket => Assert.Equal(0, net.Sockets.GetAge(socket)));
        net.Advance(1000);
        Assert.All(sockets, socket => Assert.InRange(net.Sockets.GetAge(socket), 999, 1000));
        net.Peer(port: 999).Handshake();
        Assert.Equal(1, net.Sockets.GetAvailable(listener));
        net.Peer(port: 998).Handshake();
        Assert.Equal(1, net.Sockets.GetAvailable(listener));
    }

    private static int Bound(TestNetwork net, int port)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, port));
        return socket;
    }
}
