// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Sockets;

namespace HostTests.Stack.Udp;

/// <summary>Whoever asks for an address sends and receives without one: RFC 1122 section 3.2.1.3 (a), RFC 2131 section 4.1.</summary>
public sealed class WithoutAddressTests : StackTest
{
    private const int ClientPort = 68;
    private const int ServerPort = 67;

    private static readonly uint s_offered = Wire.Address("10.1.2.3");

    private readonly byte[] _buffer = new byte[2000];
    private readonly DatagramSource _source = new();

    [Theory, BothOrders]
    public void H9_a_question_leaves_from_nobody_to_all(WordOrder order)
    {
        TestNetwork net = Unnumbered(order);
        int socket = Bound(net, ClientPort);
        byte[] data = Wire.PatternBytes(3, 301);
        Assert.Equal(301, net.Sockets.SendWithoutAddress(socket, data, 0, 301, ServerPort));
        AssertQuestion(net, data);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_question_leaves_from_nobody_even_if_there_is_an_address()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, ClientPort);
        Assert.Equal(5, net.Sockets.SendWithoutAddress(socket, [1, 2, 3, 4, 5], 0, 5, ServerPort));
        AssertQuestion(net, [1, 2, 3, 4, 5]);
        Assert.Equal(TestNetwork.StackIp, net.Stack.IPv4.Address);
        net.AssertAlive();
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Others_cannot_send_without_an_address_not_even_to_all()
    {
        TestNetwork net = Unnumbered();
        int socket = Bound(net, ClientPort);
        net.Sockets.SetBroadcast(socket, true);
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.SendTo(socket, [1], 0, 1, uint.MaxValue, ServerPort));
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.SendTo(socket, [1], 0, 1, net.Client.Ip, ServerPort));
        Assert.Empty(net.Packets);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void What_is_wrong_with_a_question_is_told()
    {
        TestNetwork net = Unnumbered();
        int socket = Bound(net, ClientPort);
        int stream = net.Sockets.Socket();
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.SendWithoutAddress(stream, [1], 0, 1, ServerPort));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendWithoutAddress(socket, null!, 0, 0, ServerPort));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendWithoutAddress(socket, [1], -1, 1, ServerPort));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendWithoutAddress(socket, [1], 0, -1, ServerPort));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendWithoutAddress(socket, [1], 1, 1, ServerPort));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendWithoutAddress(socket, [1], 0, 1, 0));
        Assert.Equal((int)SocketError.MessageTooLong, net.Sockets.SendWithoutAddress(socket, _buffer, 0, 1473, ServerPort));
        Assert.Equal(1472, net.Sockets.SendWithoutAddress(socket, _buffer, 0, 1472, ServerPort));
        net.Poll();
        Assert.Single(net.Packets);
        net.Packets.Clear();

        net.Interface.IsLinkUp = false;
        net.Poll();
        Assert.Equal((int)SocketError.NetworkDown, net.Sockets.SendWithoutAddress(socket, [1], 0, 1, ServerPort));
        net.Interface.IsLinkUp = true;
        net.Poll();

        int connected = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Connect(connected, net.Client.Ip, ServerPort));
        Assert.Equal((int)SocketError.IsConnected, net.Sockets.SendWithoutAddress(connected, [1], 0, 1, ServerPort));
        Assert.Empty(net.Packets);
        net.Sockets.Close(connected);
        net.Sockets.Close(stream);
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void H9_an_answer_is_received_whether_it_comes_to_all_or_to_our_station(bool toAll, bool frameToUs)
    {
        TestNetwork net = Unnumbered();
        int socket = Bound(net, ClientPort);
        uint destination = toAll ? uint.MaxValue : s_offered;
        byte[] packet = Answer(net, destination, ClientPort);
        net.Deliver(FrameBuilder.Ethernet(toAll || !frameToUs ? TestHost.BroadcastMac : TestNetwork.StackMac, net.Client.Mac, 0x0800, packet));

        // RFC 1122 section 3.3.6: a packet for one host in a frame for all is a trap or a mistake
        Assert.Equal(toAll || frameToUs ? 4 : (int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(socket, _buffer, 0, 100, _source));
        Assert.Equal(toAll || frameToUs ? 0u : 1u, net.Stack.IPv4.Counters.NotForUs);
        Assert.Empty(net.Packets);
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData("another port")]
    [InlineData("nobody asks")]
    [InlineData("a fragment")]
    [InlineData("TCP")]
    [InlineData("to a group")]
    [InlineData("no header")]
    public void Nothing_else_is_received_without_an_address_and_nothing_is_answered(string what)
    {
        TestNetwork net = Unnumbered();
        int socket = Bound(net, what == "nobody asks" ? 69 : ClientPort);
        int other = Bound(net, 70);
        uint destination = what == "to a group" ? Wire.Address("224.0.0.1") : s_offered;
        byte[] packet = what switch
        {
            "another port" => Answer(net, destination, 70),
            "a fragment" => FrameBuilder.Ip(
                net.Client.Ip, destination, 17, FrameBuilder.Udp(net.Client.Ip, destination, ServerPort, ClientPort, [1, 2, 3, 4]), flagsAndOffset: 0x2000),
            "TCP" => FrameBuilder.Ip(net.Client.Ip, destination, 6, FrameBuilder.Tcp(net.Client.Ip, destination, ServerPort, ClientPort, 1, 0, 2, 100)),
            "no header" => FrameBuilder.Ip(net.Client.Ip, destination, 17, [0, 67, 0, 68]),
            _ => Answer(net, destination, ClientPort),
        };
        net.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, net.Client.Mac, 0x0800, packet, pad: false));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(socket, _buffer, 0, 100, _source));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(other, _buffer, 0, 100, _source));
        Assert.Equal(1u, net.Stack.IPv4.Counters.NotForUs);
        Assert.Equal(0u, net.Stack.IPv4.Counters.Fragments);
        net.Advance(100);
        Assert.Empty(net.Packets);
        net.Sockets.Close(socket);
        net.Sockets.Close(other);
    }

    [Fact]
    public void With_an_address_only_what_is_sent_to_it_or_to_all_is_received()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, ClientPort);
        net.DeliverIp(net.Client, Answer(net, s_offered, ClientPort));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(socket, _buffer, 0, 100, _source));
        Assert.Equal(1u, net.Stack.IPv4.Counters.NotForUs);
        net.Deliver(FrameBuilder.Ethernet(TestHost.BroadcastMac, net.Client.Mac, 0x0800, Answer(net, uint.MaxValue, ClientPort)));
        Assert.Equal(4, net.Sockets.ReceiveFrom(socket, _buffer, 0, 100, _source));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void An_address_can_be_asked_for_whatever_the_configuration_says_and_another_is_used_at_once()
    {
        TestNetwork net = Begin();
        Assert.Equal(0, net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp, ConflictPolicy.Probe));
        Assert.Equal(AddressState.Probing, net.Stack.Arp.AddressState);
        net.Advance(7000);
        Assert.Equal(3, net.Announcements.Count(a => a.ArpSenderIp == 0));
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);

        // what the configuration says holds again for who says nothing
        Assert.Equal(0, net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp));
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
    }

    [Fact]
    public void An_address_is_given_up_where_the_policy_says_so()
    {
        TestNetwork net = Begin();
        Assert.Equal(0, net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp, ConflictPolicy.Yield));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
            net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, net.Client.Mac, 1, net.Client.Mac, TestNetwork.StackIp, 0, TestNetwork.StackIp));
        }

        Assert.Equal(AddressState.Taken, net.Stack.Arp.AddressState);
    }

    [Fact]
    public void ARP_packets_of_a_link_local_address_go_to_all()
    {
        uint linkLocal = Wire.Address("169.254.7.9");
        TestNetwork net = Begin();
        Assert.Equal(0, net.Stack.Configure(linkLocal, 0xFFFF0000, 0));
        net.Poll();
        net.Arps.Clear();
        TestHost friend = net.AddHost(0x020000000077, Wire.Address("169.254.1.1"));
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, friend.Mac, 1, friend.Mac, friend.Ip, 0, linkLocal));
        SeenFrame reply = Assert.Single(net.Arps);
        Assert.Equal((2, TestHost.BroadcastMac), (reply.ArpOperation, reply.Destination));

        // and so does the question whether a neighbour in use is still there
        int socket = Bound(net, 9);
        net.Arps.Clear();
        for (int i = 0; i < 60; i++)
        {
            net.Sockets.SendTo(socket, [1], 0, 1, friend.Ip, 9);
            net.Advance(1000);
        }

        Assert.NotEmpty(net.Arps);
        Assert.All(net.Arps, arp => Assert.Equal(TestHost.BroadcastMac, arp.Destination));
        net.Sockets.Close(socket);
    }

    private static int Bound(TestNetwork net, int port)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, port));
        return socket;
    }

    private static byte[] Answer(TestNetwork net, uint destination, int port) =>
        FrameBuilder.Ip(net.Client.Ip, destination, 17, FrameBuilder.Udp(net.Client.Ip, destination, ServerPort, port, [1, 2, 3, 4]));

    private static void AssertQuestion(TestNetwork net, byte[] data)
    {
        net.Poll();
        SeenFrame sent = Assert.Single(net.Packets);
        Assert.Equal((0u, uint.MaxValue, TestHost.BroadcastMac), (sent.IpSource, sent.IpDestination, sent.Destination));
        Assert.Equal((ClientPort, ServerPort), (sent.SourcePort, sent.DestinationPort));
        Assert.Equal(data, sent.Text);
        net.Packets.Clear();
    }

    private TestNetwork Unnumbered(WordOrder order = WordOrder.LowByteFirst)
    {
        TestNetwork net = Begin(order);
        Assert.Equal(0, net.Stack.Configure(0, 0, 0));
        net.Poll();
        net.Packets.Clear();
        return net;
    }
}
