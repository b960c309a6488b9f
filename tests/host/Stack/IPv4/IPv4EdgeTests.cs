// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.IPv4;
using TcpIp.Sockets;

namespace HostTests.Stack.IPv4;

/// <summary>The last length, address and packet that is taken, and the first that is not.</summary>
public sealed class IPv4EdgeTests : StackTest
{
    private static readonly uint s_toAll = Wire.Address("255.255.255.255");

    [Fact]
    public void A_packet_that_is_shorter_than_a_header_is_counted_once_at_every_length()
    {
        TestNetwork net = Begin();
        byte[] frame = net.EchoRequest();
        for (int length = 15; length < 34; length++)
        {
            uint before = net.Stack.IPv4.Counters.PacketsReceived;
            net.Deliver(frame[..length]);
            Assert.Equal(before + 1, net.Stack.IPv4.Counters.PacketsReceived);
            Assert.Equal(before + 1, net.Stack.IPv4.Counters.BadLength);
        }

        IPv4Counters counters = net.Stack.IPv4.Counters;
        Assert.Equal(0u, counters.BadVersion + counters.BadChecksum + counters.NotForUs + counters.PacketsDelivered);
    }

    [Fact]
    public void A_header_with_nothing_behind_it_is_a_whole_packet()
    {
        TestNetwork net = Begin();
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 99, []);
        net.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, net.Client.Mac, 0x0800, packet, pad: false));
        Assert.Equal(0u, net.Stack.IPv4.Counters.BadLength);
        Assert.Equal(1u, net.Stack.IPv4.Counters.UnknownProtocol);
        SeenFrame error = Assert.Single(net.Packets);
        Assert.Equal((3, 2), (error.IcmpType, error.IcmpCode));
    }

    [Fact]
    public void An_option_of_two_bytes_may_end_the_header()
    {
        TestNetwork net = Begin();
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Echo(1, 2, [3]), [1, 1, 0x55, 2]));
        Assert.Equal(0u, net.Stack.IPv4.Counters.BadOption);
        Assert.Equal([3], Assert.Single(net.Packets).IcmpData);
    }

    [Fact]
    public void What_comes_in_and_goes_out_is_counted_once_whatever_its_protocol()
    {
        TestNetwork net = Begin(configure: c => c.MulticastGroups = 2);
        uint[] Counts()
        {
            IPv4Counters c = net.Stack.IPv4.Counters;
            return [c.PacketsReceived, c.PacketsDelivered, c.PacketsSent];
        }

        net.Deliver(net.EchoRequest());
        Assert.Equal([1u, 1u, 1u], Counts());
        TcpPeer peer = net.Peer();
        peer.Send("S");
        peer.Expect("RA");
        Assert.Equal([2u, 2u, 2u], Counts());
        byte[] datagram = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 4000, 7, [1]);
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, datagram));
        Assert.Equal([3u, 3u, 3u], Counts());

        // a query of a router: nothing is reported, for nobody has joined
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 2, FrameBuilder.Igmp(0x11, 100, 0)));
        Assert.Equal([4u, 4u, 3u], Counts());
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 99, [1]));
        Assert.Equal([5u, 4u, 4u], Counts());
    }

    [Theory]
    [InlineData("0.255.255.255", false)]
    [InlineData("1.0.0.0", true)]
    [InlineData("126.255.255.255", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("128.0.0.0", true)]
    [InlineData("223.255.255.254", true)]
    [InlineData("224.0.0.0", false)]
    [InlineData("255.255.255.254", false)]
    public void One_host_is_told_from_groups_and_loopback_at_the_edges(string address, bool unicast)
    {
        Assert.Equal(unicast, IPv4Address.IsUnicast(Wire.Address(address)));
    }

    [Theory]
    [InlineData("192.168.1.0", "255.255.255.252", false)]
    [InlineData("192.168.1.1", "255.255.255.252", true)]
    [InlineData("192.168.1.2", "255.255.255.252", true)]
    [InlineData("192.168.1.3", "255.255.255.252", false)]
    [InlineData("192.168.1.2", "255.255.255.254", true)]
    [InlineData("192.168.1.3", "255.255.255.254", true)]
    [InlineData("192.168.1.3", "255.255.255.255", true)]
    public void A_network_of_two_has_no_addresses_that_mean_all(string address, string netmask, bool host)
    {
        Assert.Equal(host, IPv4Address.IsHost(Wire.Address(address), Wire.Address(netmask)));
    }

    [Fact]
    public void Two_boards_begin_to_number_their_packets_at_different_places()
    {
        int[] first = [.. new uint[] { 1, 2, 3 }.Select(seed =>
        {
            TestNetwork net = Begin(seed: seed);
            net.Deliver(net.EchoRequest());
            return Wire.Get16(Assert.Single(net.Packets).Bytes, 18);
        })];
        Assert.Equal(3, first.Distinct().Count());
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("224.0.0.5")]
    public void A_query_from_nobody_is_heard_only_by_who_speaks_IGMP_and_from_an_impossible_host_never(string source)
    {
        foreach (bool speaks in new[] { true, false })
        {
            TestNetwork net = Begin(configure: c => c.MulticastGroups = speaks ? 2 : 0);
            byte[] packet = FrameBuilder.Ip(Wire.Address(source), s_toAll, 2, FrameBuilder.Igmp(0x11, 100, 0));
            net.Deliver(FrameBuilder.Ethernet(TestHost.BroadcastMac, net.Client.Mac, 0x0800, packet));
            Assert.Equal(speaks && source == "0.0.0.0" ? 0u : 1u, net.Stack.IPv4.Counters.BadSource);
        }
    }

    [Fact]
    public void Before_the_address_is_sure_nothing_is_heard_not_even_what_is_for_all()
    {
        TestNetwork net = Begin(configure: c => c.ProbeAddress = true);
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, 7));
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, s_toAll, 17, FrameBuilder.Udp(net.Client.Ip, s_toAll, 4000, 7, [1]));
        net.Deliver(FrameBuilder.Ethernet(TestHost.BroadcastMac, net.Client.Mac, 0x0800, packet));
        Assert.Equal(1u, net.Stack.IPv4.Counters.NotForUs);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(socket, new byte[9], 0, 9, new DatagramSource()));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_group_that_nobody_joined_is_not_heard_though_the_frame_is_for_all()
    {
        TestNetwork net = Begin(configure: c => c.MulticastGroups = 2);
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, 7));
        uint group = Wire.Address("239.1.2.3");
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, group, 17, FrameBuilder.Udp(net.Client.Ip, group, 4000, 7, [1]));
        net.Deliver(FrameBuilder.Ethernet(TestHost.BroadcastMac, net.Client.Mac, 0x0800, packet));
        Assert.Equal(1u, net.Stack.IPv4.Counters.NotForUs);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(socket, new byte[9], 0, 9, new DatagramSource()));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Who_sent_half_a_datagram_is_told_even_if_its_port_looks_like_an_ICMP_error()
    {
        TestNetwork net = Begin();

        // 0x0300: a destination unreachable, if these bytes were ICMP
        byte[] payload = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 0x0300, 7, new byte[16]);
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, payload, flagsAndOffset: 0x2000));
        net.Advance(70_000);
        SeenFrame told = Assert.Single(net.Packets);
        Assert.Equal((11, 1), (told.IcmpType, told.IcmpCode));
    }

    [Fact]
    public void A_gateway_that_does_not_answer_ends_only_what_goes_by_way_of_it()
    {
        TestNetwork net = Begin();
        net.Gateway.AnswersArp = false;
        net.Client.AnswersArp = false;
        int far = net.Sockets.Socket();
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(far, net.Far.Ip, 80));
        net.Advance(1500);
        int near = net.Sockets.Socket();
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(near, net.Client.Ip, 80));
        net.Advance(2000);

        // three requests, a second apart, and nobody has answered the first one's
        Assert.Equal(SocketError.HostUnreachable, net.Sockets.GetError(far));
        Assert.Equal(SocketError.Success, net.Sockets.GetError(near));
        net.Advance(1500);
        Assert.Equal(SocketError.HostUnreachable, net.Sockets.GetError(near));
        net.Sockets.Close(far);
        net.Sockets.Close(near);
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x40)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void Any_type_of_service_is_heard_and_ours_is_0(int service)
    {
        TestNetwork net = Begin();
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Echo(1, 2, [3]));
        packet[1] = (byte)service;
        Wire.Put16(packet, 10, 0);
        Wire.Put16(packet, 10, Wire.Checksum(packet, 0, 20));
        net.DeliverIp(net.Client, packet);
        SeenFrame reply = Assert.Single(net.Packets);
        Assert.Equal([3], reply.IcmpData);
        Assert.Equal(0, reply.Bytes[15]);
    }

    [Fact]
    public void The_lengths_of_a_header_that_is_not_all_there_never_agree()
    {
        TestNetwork net = Begin();
        TcpIp.Frames.Frame frame = net.Stack.Pool.Rent(64);
        frame.SetUInt16(IPv4Header.VersionIhlTos, 0x4500);
        frame.SetUInt16(IPv4Header.TotalLength, 20);
        frame.Length = 34;
        Assert.True(IPv4Header.CheckLengths(frame));
        frame.Length = 33;
        Assert.False(IPv4Header.CheckLengths(frame));
        frame.SetUInt16(IPv4Header.TotalLength, 19);
        Assert.False(IPv4Header.CheckLengths(frame));
        net.Stack.Pool.Return(frame);
    }

    [Fact]
    public void Segments_to_ourselves_beyond_what_the_queue_holds_are_dropped_and_counted()
    {
        TestNetwork net = Begin();
        int[] sockets = [.. Enumerable.Range(0, 9).Select(_ => net.Sockets.Socket())];
        Assert.All(sockets, socket => Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, TestNetwork.StackIp, 80)));
        net.Stack.Poll(net.Now);
        Assert.Equal((8u, 1u), (net.Stack.IPv4.Counters.PacketsLooped, net.Stack.IPv4.Counters.LoopbackFull));
        Array.ForEach(sockets, socket => net.Sockets.Close(socket));
    }

    [Fact]
    public void A_datagram_for_which_there_is_no_way_is_counted()
    {
        TestNetwork net = Begin();
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal((int)SocketError.NetworkUnreachable, net.Sockets.SendTo(socket, [1], 0, 1, net.Far.Ip, 9));
        Assert.Equal(1u, net.Stack.IPv4.Counters.NoRoute);
        net.Sockets.Close(socket);
    }
}
