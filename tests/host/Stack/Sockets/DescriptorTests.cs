// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp.Frames;
using TcpIp.Sockets;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Sockets;

/// <summary>Descriptors are tickets with a generation, and each misuse of a call has a name.</summary>
public sealed class DescriptorTests : StackTest
{
    [Fact]
    public void A_stale_descriptor_is_refused_by_every_call_even_when_its_place_is_taken_again()
    {
        TestNetwork net = Begin(configure: c => c.TcpSockets = 1);
        int old = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.Close(old));
        int fresh = net.Sockets.Socket();
        Assert.NotEqual(old, fresh);
        foreach (int bad in new[] { old, -1, int.MinValue, int.MaxValue, fresh + 1, fresh ^ 0x40 })
        {
            AssertBad(net.Sockets, bad);
        }

        Assert.Equal(0, net.Sockets.Bind(fresh, 80));
    }

    [Fact]
    public void Generations_differ_over_many_lives()
    {
        TestNetwork net = Begin(configure: c => c.TcpSockets = 2);
        HashSet<int> seen = [];
        for (int i = 0; i < 5000; i++)
        {
            int socket = net.Sockets.Socket();
            Assert.True(socket >= 0);
            Assert.True(seen.Add(socket));
            net.Sockets.Close(socket);
        }
    }

    [Fact]
    public void After_close_the_descriptor_is_gone_although_the_connection_lives_on()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        net.Write(socket, "last");
        Assert.Equal(0, net.Sockets.Close(socket));
        AssertBad(net.Sockets, socket);
        peer.Expect("FPA", text: "last");
    }

    [Fact]
    public void The_table_has_an_end()
    {
        TestNetwork net = Begin(configure: c => c.TcpSockets = 3);
        int[] sockets = [net.Sockets.Socket(), net.Sockets.Socket(), net.Sockets.Socket()];
        Assert.Equal(3, sockets.Distinct().Count());
        Assert.Equal((int)SocketError.TooManyOpenSockets, net.Sockets.Socket());
        net.Sockets.Close(sockets[1]);
        Assert.True(net.Sockets.Socket() >= 0);
    }

    [Fact]
    public void Bind_and_listen_name_what_is_wrong()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Bind(socket, 0));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Bind(socket, -1));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Bind(socket, 65536));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Listen(socket, 1));
        Assert.Equal(0, net.Sockets.Bind(socket, 65535));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Bind(socket, 80));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Listen(socket, 0));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Listen(socket, -1));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Accept(socket));
        Assert.Equal(0, net.Sockets.Listen(socket, 1));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Listen(socket, 1));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(socket));
        int other = net.Sockets.Socket();
        Assert.Equal((int)SocketError.AddressInUse, net.Sockets.Bind(other, 65535));
        net.Sockets.Close(socket);
        Assert.Equal(0, net.Sockets.Bind(other, 65535));
    }

    [Fact]
    public void Calls_on_a_fresh_socket_say_NotConnected()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        Assert.Equal(TcpState.Closed, net.Sockets.GetState(socket));
        Assert.Equal(SocketError.Success, net.Sockets.GetError(socket));
        Assert.Equal((int)SocketError.NotConnected, net.ReadResult(socket));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Write(socket, new byte[1], 0, 1));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Shutdown(socket));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Peek(socket, new ReceivedView()));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, 1));
    }

    [Fact]
    public void Calls_on_a_listener_say_that_it_is_not_connected()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        Assert.Equal((int)SocketError.NotConnected, net.ReadResult(listener));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Write(listener, new byte[1], 0, 1));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Shutdown(listener));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Connect(listener, net.Client.Ip, 7));
    }

    [Fact]
    public void Connect_twice_says_IsConnected_and_after_a_failure_InvalidState()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer(port: 7);
        int socket = peer.OpenFrom();
        Assert.Equal((int)SocketError.IsConnected, net.Sockets.Connect(socket, net.Client.Ip, 7));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Listen(socket, 1));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Bind(socket, 80));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Accept(socket));
        peer.Send("R");
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Connect(socket, net.Client.Ip, 7));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Connect_to_an_impossible_port_is_an_invalid_argument(int port)
    {
        TestNetwork net = Begin();
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Connect(net.Sockets.Socket(), net.Client.Ip, port));
    }

    [Fact]
    public void A_second_connection_with_the_same_two_ends_is_refused()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer(stackPort: 5000, port: 7);
        int first = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.Bind(first, 5000));
        net.Sockets.Connect(first, net.Client.Ip, 7);
        peer.Expect("S");
        peer.Send("SA");
        peer.Expect("A");
        int second = net.Sockets.Socket();
        if (net.Sockets.Bind(second, 5000) == 0)
        {
            Assert.Equal((int)SocketError.AddressInUse, net.Sockets.Connect(second, net.Client.Ip, 7));
        }

        peer.ExpectNothing();
    }

    [Fact]
    public void A_bound_port_may_speak_to_two_different_peers()
    {
        TestNetwork net = Begin();
        TcpPeer seven = net.Peer(stackPort: 5000, port: 7);
        TcpPeer eight = net.Peer(stackPort: 5000, port: 8);
        foreach (TcpPeer peer in new[] { seven, eight })
        {
            int socket = net.Sockets.Socket();
            Assert.Equal(0, net.Sockets.Bind(socket, 5000));
            Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, net.Client.Ip, peer.Port));
            peer.Expect("S");
        }
    }

    [Fact]
    public void Buffers_that_do_not_fit_are_invalid_arguments()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        byte[] buffer = new byte[10];
        (int, int)[] ranges = [(-1, 5), (0, 11), (10, 1), (11, 0), (5, -1), (int.MaxValue, 1), (1, int.MaxValue), (0, int.MinValue)];
        foreach ((int offset, int count) in ranges)
        {
            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, buffer, offset, count));
            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Read(socket, buffer, offset, count));
        }

        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, (byte[])null!, 0, 0));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Read(socket, null!, 0, 1));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, (WordBuffer)null!, 0));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, new WordBuffer("abcd", WordOrder.LowByteFirst), 1));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, new WordBuffer("abcd", WordOrder.LowByteFirst), 6));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Peek(socket, null!));
        Assert.Equal(0, net.Sockets.Write(socket, buffer, 10, 0));
        peer.ExpectNothing();
    }

    [Fact]
    public void The_table_can_be_listed_like_netstat()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int listener = net.Listen();
        int socket = peer.OpenTo(listener);
        peer.Send("PA", length: 100);
        net.Write(socket, new byte[50]);
        SocketStatus status = new();
        List<string> rows = [];
        for (int row = 0; row < net.Sockets.Count; row++)
        {
            if (net.Sockets.GetStatus(row, status))
            {
                string ends = $"{status.LocalPort} {status.RemoteAddress:X8}:{status.RemotePort}";
                rows.Add($"{status.State} {ends} {status.ReceiveQueueBytes} {status.SendQueueBytes}");
            }
        }

        Assert.Equal(["Listen 80 00000000:0 0 0", "Established 80 C0A8010A:40000 100 50"], rows);
    }

    private static void AssertBad(SocketLayer sockets, int descriptor)
    {
        const int Bad = (int)SocketError.BadDescriptor;
        byte[] buffer = new byte[4];
        Assert.Equal(Bad, sockets.Bind(descriptor, 80));
        Assert.Equal(Bad, sockets.Listen(descriptor, 1));
        Assert.Equal(Bad, sockets.Accept(descriptor));
        Assert.Equal(Bad, sockets.Connect(descriptor, Wire.Address("192.168.1.10"), 80));
        Assert.Equal(Bad, sockets.Write(descriptor, buffer, 0, 4));
        Assert.Equal(Bad, sockets.Write(descriptor, new WordBuffer("x", WordOrder.LowByteFirst), 0));
        Assert.Equal(Bad, sockets.Read(descriptor, buffer, 0, 4));
        Assert.Equal(Bad, sockets.Peek(descriptor, new ReceivedView()));
        Assert.Equal(Bad, sockets.Consume(descriptor, 0));
        Assert.Equal(Bad, sockets.Shutdown(descriptor));
        Assert.Equal(Bad, sockets.Close(descriptor));
        Assert.Equal(Bad, sockets.Abort(descriptor));
        Assert.Equal(Bad, sockets.SetNoDelay(descriptor, true));
        Assert.Equal(SocketError.BadDescriptor, sockets.GetError(descriptor));
        Assert.Equal(TcpState.Closed, sockets.GetState(descriptor));
    }
}
