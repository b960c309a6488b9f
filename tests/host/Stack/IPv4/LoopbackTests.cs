// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.IPv4;

/// <summary>Packets to ourselves (RFC 1122 section 3.2.1.3): they come back in the next poll, and no wire sees them.</summary>
public sealed class LoopbackTests : StackTest
{
    private static readonly uint Localhost = Wire.Address("127.0.0.1");

    private readonly byte[] _buffer = new byte[4000];
    private readonly DatagramSource _source = new();

    [Theory]
    [InlineData("192.168.1.50", WordOrder.LowByteFirst)]
    [InlineData("192.168.1.50", WordOrder.HighByteFirst)]
    [InlineData("127.0.0.1", WordOrder.LowByteFirst)]
    [InlineData("127.255.255.254", WordOrder.HighByteFirst)]
    public void B26_B6_TCP_to_ourselves_connects_carries_and_closes(string address, WordOrder order)
    {
        TestNetwork net = Begin(order);
        int listener = net.Listen();
        int client = net.Sockets.Socket();
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(client, Wire.Address(address), 80));
        net.Poll();
        Assert.Equal(TcpState.Established, net.Sockets.GetState(client));
        int server = net.Accept(listener);

        // much more than any queue holds at once, both ways
        for (int round = 0; round < 20; round++)
        {
            Transfer(net, client, server, round);
            Transfer(net, server, client, round + 100);
        }

        Assert.Equal(0, net.Sockets.Close(client));
        net.Advance(10);
        Assert.Equal(0, net.ReadResult(server));
        net.Sockets.Close(server);
        net.Sockets.Close(listener);
        net.Advance(70000);
        Assert.Equal(0, net.Stack.Tcp.BlocksInUse);
        AssertNothingLeft(net);
        Assert.Equal(0u, net.Stack.Tcp.Counters.Retransmissions);
    }

    [Fact]
    public void B26_a_closed_port_of_ours_refuses()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        net.Sockets.Connect(socket, TestNetwork.StackIp, 81);
        net.Poll();
        Assert.Equal(SocketError.ConnectionRefused, net.Sockets.GetError(socket));
        int datagram = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Connect(datagram, Localhost, 9);
        Assert.Equal(1, net.Sockets.Write(datagram, _buffer, 0, 1));
        net.Poll();
        Assert.Equal((int)SocketError.ConnectionRefused, net.Sockets.Write(datagram, _buffer, 0, 1));
        net.Sockets.Close(datagram);
        AssertNothingLeft(net);
    }

    [Fact]
    public void B26_a_socket_that_connects_to_itself_wrecks_nothing()
    {
        // its own SYN meets it as a simultaneous open (RFC 9293 section 3.5, figure 7): it talks to itself then
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.Bind(socket, 4444));
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, TestNetwork.StackIp, 4444));
        net.Advance(5000);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        net.Write(socket, "to myself");
        net.Advance(1000);
        Assert.Equal("to myself"u8.ToArray(), net.Read(socket));
        net.Sockets.Close(socket);
        net.Advance(130000);
        Assert.Equal(0, net.Stack.Tcp.BlocksInUse);
        AssertNothingLeft(net);
        net.AssertAlive();
    }

    [Theory, BothOrders]
    public void B26_UDP_to_ourselves_arrives_whole_or_in_fragments(WordOrder order)
    {
        TestNetwork net = Begin(order);
        int server = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Bind(server, 7);
        int client = net.Sockets.Socket(SocketType.Datagram);
        foreach (uint address in new[] { TestNetwork.StackIp, Localhost })
        {
            foreach (int length in new[] { 0, 1, 500, 1472, 1473, 2040 })
            {
                byte[] data = Wire.PatternBytes(length, length);
                Assert.Equal(length, net.Sockets.SendTo(client, data, 0, length, address, 7));

                // never at once: only a poll takes it in
                Assert.True(net.Stack.NeedsPoll);
                Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(server, _buffer, 0, 4000, _source));
                net.Poll();
                Assert.Equal(length, net.Sockets.ReceiveFrom(server, _buffer, 0, 4000, _source));
                Assert.Equal(data, _buffer[..length]);
                Assert.Equal(TestNetwork.StackIp, _source.Address);
            }
        }

        Assert.False(net.Stack.NeedsPoll);
        net.Sockets.Close(server);
        net.Sockets.Close(client);
        AssertNothingLeft(net);
    }

    [Fact]
    public void B26_two_sockets_that_answer_each_other_for_ever_let_others_live()
    {
        TestNetwork net = Begin();
        int one = net.Sockets.Socket(SocketType.Datagram);
        int two = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Bind(one, 7);
        net.Sockets.Bind(two, 8);
        net.Sockets.SendTo(one, _buffer, 0, 10, TestNetwork.StackIp, 8);
        int answers = 0;
        net.Application = _ =>
        {
            int before = answers;
            if (answers < 500)
            {
                answers += Answer(net, one) + Answer(net, two);
            }

            return answers > before ? 0 : int.MaxValue;
        };
        net.AssertAlive();
        Assert.Equal(500, answers);
        net.Sockets.Close(one);
        net.Sockets.Close(two);
    }

    [Fact]
    public void B26_an_answer_waits_for_the_poll_after_the_question()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Connect(socket, TestNetwork.StackIp, 9);
        net.Sockets.Write(socket, _buffer, 0, 1);

        // the question is taken in, and its answer, an ICMP error, is not: one poll does so much and no more
        Assert.Equal(0, net.Stack.Poll(net.Now));
        Assert.Equal(1u, net.Stack.Icmp.Counters.ErrorsSent);
        Assert.Equal(0u, net.Stack.Icmp.Counters.ErrorsReceived);
        Assert.True(net.Stack.Poll(net.Now) > 0);
        Assert.Equal(1u, net.Stack.Icmp.Counters.ErrorsReceived);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void B26_more_than_the_queue_holds_is_dropped_and_counted()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(1, net.Sockets.SendTo(socket, _buffer, 0, 1, TestNetwork.StackIp, 9));
        }

        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.SendTo(socket, _buffer, 0, 1, TestNetwork.StackIp, 9));
        Assert.Equal(1u, net.Stack.IPv4.Counters.LoopbackFull);
        Assert.Equal(8u, net.Stack.IPv4.Counters.PacketsLooped);
        net.Sockets.Close(socket);
        net.Poll();
        AssertNothingLeft(net);
    }

    [Fact]
    public void B26_it_works_while_the_link_is_down()
    {
        TestNetwork net = Begin();
        net.Interface.IsLinkUp = false;
        net.Poll();
        int listener = net.Listen();
        int client = net.Sockets.Socket();
        net.Sockets.Connect(client, Localhost, 80);
        net.Poll();
        Assert.Equal(TcpState.Established, net.Sockets.GetState(client));
        net.Accept(listener);
    }

    [Theory]
    [InlineData("192.168.1.50", "192.168.1.50")]
    [InlineData("192.168.1.10", "127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "192.168.1.50")]
    public void B5_X24_X26_from_the_wire_neither_our_own_address_nor_127_is_heard(string source, string destination)
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        int client = net.Sockets.Socket();
        net.Sockets.Connect(client, Localhost, 80);
        net.Poll();
        net.Accept(listener);
        uint from = Wire.Address(source);
        uint to = Wire.Address(destination);
        uint delivered = net.Stack.IPv4.Counters.PacketsDelivered;
        foreach (byte[] payload in new[]
        {
            FrameBuilder.Tcp(from, to, 80, 80, 1, 0, SeenFrame.Syn, 1000), FrameBuilder.Udp(from, to, 7, 7, []), FrameBuilder.Echo(1, 1, []),
        })
        {
            int protocol = payload.Length >= 20 ? 6 : payload[0] == 8 ? 1 : 17;
            net.DeliverIp(net.Client, FrameBuilder.Ip(from, to, protocol, payload));
        }

        Assert.Equal(delivered, net.Stack.IPv4.Counters.PacketsDelivered);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(client));
    }

    [Fact]
    public void B6_127_is_never_sent_even_if_a_layer_above_would()
    {
        TestNetwork net = Begin();
        Frame frame = net.Stack.Pool.Rent(60)!;
        Assert.Equal(SocketError.NetworkUnreachable, net.Stack.IPv4.Send(frame, Localhost, 17, 8, true, 64));
        net.Stack.Pool.Return(frame);
        net.Advance(100);
        AssertNothingLeft(net);
        Assert.Equal(1u, net.Stack.IPv4.Counters.NoRoute);
    }

    [Fact]
    public void B6_without_an_address_there_is_no_way_to_ourselves_either()
    {
        TestNetwork net = Begin();
        net.Stack.Configure(0, 0, 0);
        int stream = net.Sockets.Socket();
        int datagram = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.Connect(stream, Localhost, 7));
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.Connect(datagram, Localhost, 7));
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.SendTo(datagram, _buffer, 0, 1, Localhost, 7));
        net.Sockets.Close(datagram);
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
    }

    [Fact]
    public void B26_what_waits_for_ourselves_is_dropped_with_the_address()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.SendTo(socket, _buffer, 0, 100, TestNetwork.StackIp, 9);
        net.Stack.Configure(0, 0, 0);
        net.AssertPoolWhole();
        net.Sockets.Close(socket);
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
    }

    [Fact]
    public void C27_our_own_broadcast_does_not_come_back_to_us()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Bind(socket, 7);
        net.Sockets.SetBroadcast(socket, true);
        foreach (uint address in new[] { 0xFFFFFFFF, TestNetwork.SubnetBroadcast })
        {
            net.Sockets.SendTo(socket, _buffer, 0, 1, address, 7);
            net.Poll();
            Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(socket, _buffer, 0, 10, _source));

            // nor when a hub sends it back
            byte[] echo = net.Packets[^1].Bytes;
            net.Deliver(echo);
            Wire.Put48(echo, 6, net.Client.Mac);
            net.Deliver(echo);
            Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(socket, _buffer, 0, 10, _source));
        }

        net.Sockets.Close(socket);
    }

    [Fact]
    public void B26_a_datagram_to_ourselves_of_which_a_fragment_finds_no_frame_is_not_said_to_be_sent()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        List<Frame> taken = [];
        while (net.Stack.Pool.FreeLargest() > 1)
        {
            taken.Add(net.Stack.Pool.Rent(1514)!);
        }

        // there is a frame for the first fragment, but none to copy it to; there are frames for the second one and its copy
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.SendTo(socket, _buffer, 0, 1500, TestNetwork.StackIp, 9));
        Assert.Equal(0u, net.Stack.IPv4.Counters.PacketsLooped);
        Assert.Equal(1u, net.Stack.IPv4.Counters.LoopbackFull);
        taken.ForEach(net.Stack.Pool.Return);
        net.AssertPoolWhole();
        net.Sockets.Close(socket);
    }

    [Fact]
    public void B26_a_datagram_to_ourselves_for_which_there_is_not_room_is_not_sent_in_part()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(1, net.Sockets.SendTo(socket, _buffer, 0, 1, TestNetwork.StackIp, 9));
        }

        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.SendTo(socket, _buffer, 0, 2000, TestNetwork.StackIp, 9));
        Assert.Equal(7u, net.Stack.IPv4.Counters.PacketsLooped);
        Assert.Equal(1, net.Sockets.SendTo(socket, _buffer, 0, 1, TestNetwork.StackIp, 9));
        net.Poll();
        Assert.Equal(0u, net.Stack.IPv4.Counters.Fragments);
        net.Sockets.Close(socket);
    }

    private static void AssertNothingLeft(TestNetwork net)
    {
        Assert.Empty(net.Packets);
        Assert.Empty(net.Arps);
        Assert.Equal(0, net.Stack.IPv4.Looped.Count);
    }

    private int Answer(TestNetwork net, int socket)
    {
        int count = net.Sockets.ReceiveFrom(socket, _buffer, 0, 10, _source);
        if (count < 0)
        {
            return 0;
        }

        Assert.Equal(count, net.Sockets.SendTo(socket, _buffer, 0, count, _source.Address, _source.Port));
        return 1;
    }

    private static void Transfer(TestNetwork net, int from, int to, int seed)
    {
        byte[] data = Wire.PatternBytes(seed * 1000, 2900);
        net.Write(from, data);
        List<byte> got = [];
        for (int i = 0; i < 20 && got.Count < data.Length; i++)
        {
            net.Advance(10);
            got.AddRange(net.Read(to));
        }

        Assert.Equal(data, got);
    }
}
