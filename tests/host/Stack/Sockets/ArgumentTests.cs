// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Sockets;
using Xunit;

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
    public void Ports_are_1_to_65535_wherever_one_is_named(int port, bool taken)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(taken ? 1 : Invalid, net.Sockets.SendTo(socket, _buffer, 0, 1, net.Client.Ip, port));
        Assert.Equal(taken ? 0 : Invalid, net.Sockets.Connect(socket, net.Client.Ip, port));
        int other = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(taken ? 0 : Invalid, net.Sockets.Bind(other, port));
        int stream = net.Sockets.Socket();
        Assert.Equal(taken ? 0 : Invalid, net.Sockets.Bind(stream, port));
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

    private static int Bound(TestNetwork net, int port)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, port));
        return socket;
    }
}
