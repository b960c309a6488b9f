// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Igmp;

/// <summary>Datagrams to and from multicast groups: RFC 1112 sections 6 and 7.</summary>
public sealed class MulticastTests : StackTest
{
    private static readonly uint AllSystems = Wire.Address("224.0.0.1");
    private static readonly uint Group = Wire.Address("239.129.2.3");
    private static readonly uint Alias = Wire.Address("224.1.2.3");

    private readonly byte[] _buffer = new byte[2000];
    private readonly DatagramSource _source = new();

    [Theory, BothOrders]
    public void C26_a_datagram_to_a_group_reaches_the_socket_that_joined_it(WordOrder order)
    {
        TestNetwork net = Multicast(order);
        int socket = Bound(net, 5353);
        Send(net, Group, 5353, [1]);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));
        Assert.Equal(1u, net.Stack.Ethernet.Counters.NotForUs);
        Assert.Empty(net.Interface.Groups);

        Assert.Equal(0, net.Sockets.JoinGroup(socket, Group));
        Assert.Equal([1, 0x010203], net.Interface.Groups);
        Send(net, Group, 5353, [1, 2]);
        Assert.Equal(2, Receive(net, socket));
        Assert.Equal(net.Client.Ip, _source.Address);

        // what is sent to us alone, or to all, comes as before
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 9, 5353, [1, 2, 3])));
        Assert.Equal(3, Receive(net, socket));

        Assert.Equal(0, net.Sockets.LeaveGroup(socket, Group));
        Send(net, Group, 5353, [1]);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));
        Assert.Equal(2u, net.Stack.Ethernet.Counters.NotForUs);
        Assert.Equal(0, net.AllocatedInPoll);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C26_only_a_socket_in_the_group_hears_it_and_a_connected_one_comes_first()
    {
        TestNetwork net = Multicast();
        int member = Bound(net, 7);
        net.Sockets.JoinGroup(member, Group);
        int outsider = Bound(net, 9);
        Send(net, Group, 9, [1]);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, outsider));
        Assert.Equal(1u, net.Stack.Udp.Counters.NoSocket);

        // connected to the sender, on the same port
        Assert.Equal(0, net.Sockets.Close(outsider));
        int connected = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Connect(connected, net.Client.Ip, 4000));
        Assert.Equal(1, net.Sockets.Write(connected, _buffer, 0, 1));
        net.Poll();
        int port = net.Packets.Last(p => p.IsUdp).SourcePort;
        int open = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(open, port));
        net.Sockets.JoinGroup(open, Group);
        Send(net, Group, port, [1]);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, connected));
        Assert.Equal(1, Receive(net, open));

        net.Sockets.JoinGroup(connected, Group);
        Send(net, Group, port, [1, 2]);
        Assert.Equal(2, Receive(net, connected));
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, open));
        net.Sockets.Close(member);
        net.Sockets.Close(connected);
        net.Sockets.Close(open);
    }

    [Fact]
    public void RFC1112_6_4_groups_that_share_a_frame_address_are_told_apart()
    {
        TestNetwork net = Multicast();
        int socket = Bound(net, 7);
        net.Sockets.JoinGroup(socket, Group);
        Send(net, Alias, 7, [1]);
        Assert.Equal(0u, net.Stack.Ethernet.Counters.NotForUs);
        Assert.Equal(1u, net.Stack.IPv4.Counters.NotForUs);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));
        Assert.DoesNotContain(net.Packets, p => !p.IsIgmp);

        // both may be joined: the controller is told twice, and one stays when the other goes
        net.Sockets.JoinGroup(socket, Alias);
        Assert.Equal([1, 0x010203, 0x010203], net.Interface.Groups);
        net.Sockets.LeaveGroup(socket, Group);
        Send(net, Alias, 7, [1]);
        Send(net, Group, 7, [1, 2]);
        Assert.Equal(1, Receive(net, socket));
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(0x01005E010204)]
    [InlineData(0x01005E810203)]
    [InlineData(0x01005F010203)]
    [InlineData(0x03005E010203)]
    [InlineData(0x010060010203)]
    [InlineData(0x333300000001)]
    [InlineData(0x0180C2000000)]
    public void A4_frames_to_other_group_addresses_are_dropped_whatever_the_chip_lets_in(ulong mac)
    {
        TestNetwork net = Multicast();
        int socket = Bound(net, 7);
        net.Sockets.JoinGroup(socket, Group);
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, Group, 17, FrameBuilder.Udp(net.Client.Ip, Group, 9, 7, [1]));
        net.Deliver(FrameBuilder.Ethernet(mac, net.Client.Mac, 0x0800, packet));
        Assert.Equal(1u, net.Stack.Ethernet.Counters.NotForUs);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(TestHost.BroadcastMac)]
    [InlineData(TestNetwork.StackMac)]
    public void A_datagram_to_a_group_may_come_in_a_frame_to_all_or_to_us(ulong mac)
    {
        // RFC 1112 section 6.4 allows the first; access points do the second
        TestNetwork net = Multicast();
        int socket = Bound(net, 7);
        net.Sockets.JoinGroup(socket, Group);
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, Group, 17, FrameBuilder.Udp(net.Client.Ip, Group, 9, 7, [1]));
        net.Deliver(FrameBuilder.Ethernet(mac, net.Client.Mac, 0x0800, packet));
        Assert.Equal(1, Receive(net, socket));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C3_C6_E5_nothing_but_datagrams_is_served_in_a_group_and_nothing_is_answered()
    {
        TestNetwork net = Multicast();
        net.Listen(80);
        int socket = Bound(net, 7);
        net.Sockets.JoinGroup(socket, Group);
        net.Advance(20_000);
        net.Packets.Clear();
        foreach (uint group in new[] { Group, AllSystems })
        {
            net.DeliverToGroup(net.Client, group, 1, FrameBuilder.Echo(1, 1, [1, 2, 3]));
            net.DeliverToGroup(net.Client, group, 6, FrameBuilder.Tcp(net.Client.Ip, group, 4000, 80, 1, 0, SeenFrame.Syn, 1000));
            net.DeliverToGroup(net.Client, group, 6, FrameBuilder.Tcp(net.Client.Ip, group, 4000, 81, 1, 1, SeenFrame.Ack, 1000));
            net.DeliverToGroup(net.Client, group, 99, [1, 2, 3, 4]);
            Send(net, group, 4711, [1]);
        }

        net.Advance(5000);
        Assert.Empty(net.Packets);
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
        Assert.Equal(2u, net.Stack.Icmp.Counters.BroadcastEcho);
        Assert.Equal(4u, net.Stack.Tcp.Counters.Malformed);
        Assert.Equal(2u, net.Stack.IPv4.Counters.UnknownProtocol);
        Assert.Equal(2u, net.Stack.Udp.Counters.NoSocket);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_packet_for_us_alone_in_a_frame_to_a_group_is_dropped_and_so_is_ARP()
    {
        TestNetwork net = Multicast();
        int socket = Bound(net, 7);
        net.Sockets.JoinGroup(socket, Group);
        net.Advance(20_000);
        net.Packets.Clear();
        byte[] echo = net.EchoRequest();
        Wire.Put48(echo, 0, 0x01005E010203);
        net.Deliver(echo);
        Assert.Equal(1u, net.Stack.IPv4.Counters.NotForUs);
        net.Deliver(FrameBuilder.Arp(0x01005E010203, net.Client.Mac, 1, net.Client.Mac, net.Client.Ip, 0, TestNetwork.StackIp));
        Assert.Equal(1u, net.Stack.Ethernet.Counters.UnknownType);
        Assert.Empty(net.Packets);
        Assert.Empty(net.Arps);
        net.Sockets.Close(socket);
    }

    [Theory, BothOrders]
    public void RFC1112_6_1_a_datagram_to_a_group_asks_nobody_and_stays_on_the_link_unless_told(WordOrder order)
    {
        // no group is joined, and there is no room for any: sending needs none; nor does it need a gateway
        TestNetwork net = Begin(order);
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
        net.Poll();
        int socket = Bound(net, 5353);
        Assert.Equal(3, net.Sockets.SendTo(socket, [1, 2, 3], 0, 3, Group, 5353));
        net.Poll();
        SeenFrame sent = Assert.Single(net.Packets);
        Assert.Equal(0x01005E010203ul, sent.Destination);
        Assert.Equal(Group, sent.IpDestination);
        Assert.Equal(1, sent.Ttl);
        Assert.Equal([1, 2, 3], sent.Text);

        Assert.Equal(0, net.Sockets.SetMulticastTimeToLive(socket, 32));
        Assert.Equal(1, net.Sockets.SendTo(socket, [1], 0, 1, Group, 5353));
        Assert.Equal(1, net.Sockets.SendTo(socket, [1], 0, 1, net.Client.Ip, 5353));
        net.Poll();
        Assert.Equal([1, 32, 64], net.Packets.Select(p => p.Ttl));
        Assert.All(net.Arps, a => Assert.Equal(net.Client.Ip, a.ArpTargetIp));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendTo(socket, [1], 0, 1, Group, 0));

        // the same where the group is the peer
        net.Packets.Clear();
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Connect(socket, Group, 0));
        Assert.Equal(0, net.Sockets.Connect(socket, Group, 5353));
        Assert.Equal(1, net.Sockets.Write(socket, [1], 0, 1));
        net.Poll();
        sent = Assert.Single(net.Packets);
        Assert.Equal(0x01005E010203ul, sent.Destination);
        Assert.Equal(32, sent.Ttl);
        net.Sockets.Close(socket);

        // the next owner of the control block begins with 1 again
        socket = Bound(net, 5353);
        net.Packets.Clear();
        net.Sockets.SendTo(socket, [1], 0, 1, Group, 5353);
        net.Poll();
        Assert.Equal(1, Assert.Single(net.Packets).Ttl);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C27_what_we_send_to_a_group_that_we_are_in_is_not_delivered_to_ourselves()
    {
        TestNetwork net = Multicast();
        int socket = Bound(net, 7);
        net.Sockets.JoinGroup(socket, Group);
        net.Sockets.SendTo(socket, [1], 0, 1, Group, 7);
        net.Poll();

        // not even when the wire brings it back
        net.Deliver([.. net.Packets.First(p => p.IsUdp).Bytes]);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));
        Assert.Equal(1u, net.Stack.Ethernet.Counters.BadSource);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void The_largest_table_is_filled_and_emptied_by_one_socket()
    {
        TestNetwork net = Begin(configure: c => c.MulticastGroups = TcpIp.StackConfiguration.MaximumGroups);
        net.Interface.GroupRoom = 32;
        int socket = Bound(net, 7);
        for (uint i = 0; i < 31; i++)
        {
            Assert.Equal(0, net.Sockets.JoinGroup(socket, Group + i));
        }

        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.JoinGroup(socket, Group + 31));
        net.Advance(20_000);
        Assert.Equal(62, net.Packets.Count);
        Send(net, Group + 30, 7, [1, 2, 3]);
        Assert.Equal(3, Receive(net, socket));
        Assert.Equal(0, net.Sockets.LeaveGroup(socket, Group + 30));
        Send(net, Group + 30, 7, [1, 2, 3]);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));
        net.Sockets.Close(socket);
        Assert.Empty(net.Interface.Groups);
        Assert.Equal(31u, net.Stack.Igmp.Counters.LeavesSent);
    }

    [Theory, BothOrders]
    public void X72_spoilt_queries_reports_and_datagrams_throw_nothing_allocate_nothing_and_leak_nothing(WordOrder order)
    {
        TestNetwork net = Multicast(order);
        net.Interface.WarmUp();
        int socket = Bound(net, 7);
        net.Sockets.JoinGroup(socket, Group);
        uint client = net.Client.Ip;
        byte[] alert = [0x94, 4, 0, 0];
        byte[][] good =
        [
            FrameBuilder.Ip(client, AllSystems, 2, FrameBuilder.Igmp(0x11, 10, 0), alert, ttl: 1),
            FrameBuilder.Ip(client, AllSystems, 2, FrameBuilder.Igmp(0x11, 10, 0, [2, 125, 0, 1, 10, 0, 0, 1]), alert, ttl: 1),
            FrameBuilder.Ip(client, Group, 2, FrameBuilder.Igmp(0x16, 0, Group), alert, ttl: 1),
            FrameBuilder.Ip(client, Group, 17, FrameBuilder.Udp(client, Group, 9, 7, [1, 2, 3, 4, 5])),
        ];
        List<byte[]> frames = [];
        foreach (byte[] packet in good)
        {
            byte[] frame = FrameBuilder.Ethernet(0x01005E000000ul | (Wire.Get32(packet, 16) & 0x7FFFFF), net.Client.Mac, 0x0800, packet, pad: false);
            frames.AddRange(Enumerable.Range(0, frame.Length).Select(length => frame[..length]));
            for (int i = 0; i < frame.Length; i++)
            {
                foreach (int change in new[] { 1, 2, 0x10, 0x80, 0xFF })
                {
                    byte[] spoilt = [.. frame];
                    spoilt[i] ^= (byte)change;
                    frames.Add(spoilt);

                    // and once more with the message's checksum right, so that the damage gets further in
                    byte[] repaired = FrameBuilder.Repair([.. spoilt]);
                    if (repaired[23] == 2)
                    {
                        Wire.Put16(repaired, 40, 0);
                        Wire.Put16(repaired, 40, Wire.Checksum(repaired, 38, repaired.Length - 38));
                    }

                    frames.Add(repaired);
                }
            }
        }

        for (int pass = 0; pass < 3; pass++)
        {
            long before = net.AllocatedInPoll;
            foreach (byte[] frame in frames)
            {
                net.Deliver(frame);
                net.Advance(7);
                net.Packets.Clear();
                while (Receive(net, socket) >= 0)
                {
                    // what was not spoilt enough
                }
            }

            Assert.True(pass < 2 || net.AllocatedInPoll == before, $"{net.AllocatedInPoll - before} bytes");
        }

        Assert.InRange(frames.Count, 1500, 3000);
        net.AssertAlive();
        Send(net, Group, 7, [1, 2, 3]);
        Assert.Equal(3, Receive(net, socket));
        net.Sockets.Close(socket);
    }

    private TestNetwork Multicast(WordOrder order = WordOrder.LowByteFirst)
    {
        return Begin(order, c =>
        {
            c.MulticastGroups = 2;
            c.UdpSockets = 3;
        });
    }

    private static int Bound(TestNetwork net, int port)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, port));
        return socket;
    }

    private static void Send(TestNetwork net, uint group, int port, byte[] data)
    {
        net.DeliverToGroup(net.Client, group, 17, FrameBuilder.Udp(net.Client.Ip, group, 4000, port, data));
    }

    private int Receive(TestNetwork net, int socket) => net.Sockets.ReceiveFrom(socket, _buffer, 0, _buffer.Length, _source);
}
