// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Udp;

/// <summary>Sockets that share a port: all hear what is sent to many, and one what is sent to us.</summary>
public sealed class SharedPortTests : StackTest
{
    private static readonly uint Group = Wire.Address("224.0.0.251");
    private static readonly uint Broadcast = Wire.Address("255.255.255.255");

    private readonly byte[] _buffer = new byte[4000];
    private readonly DatagramSource _source = new();

    [Fact]
    public void A_port_is_shared_if_all_say_so()
    {
        TestNetwork net = Begin(WordOrder.LowByteFirst, c => c.UdpSockets = 6);
        int one = Open(net, shares: true);
        int two = Open(net, shares: true);
        int alone = Open(net, shares: false);
        Assert.Equal(0, net.Sockets.Bind(one, 5353));
        Assert.Equal((int)SocketError.AddressInUse, net.Sockets.Bind(alone, 5353));
        Assert.Equal(0, net.Sockets.Bind(two, 5353));
        Assert.Equal(0, net.Sockets.Bind(alone, 5354));
        int late = Open(net, shares: true);
        Assert.Equal((int)SocketError.AddressInUse, net.Sockets.Bind(late, 5354));

        // the place of one that shared is the next one's, who does not say so
        net.Sockets.Close(two);
        int next = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal((int)SocketError.AddressInUse, net.Sockets.Bind(next, 5353));
        Close(net, one, alone, late, next);
    }

    [Theory, BothOrders]
    public void What_is_sent_to_a_group_comes_to_each_member(WordOrder order)
    {
        TestNetwork net = Begin(order, c => Configure(c, 2));
        int[] members = [Shared(net, 5353), Shared(net, 5353), Shared(net, 5353)];
        int outsider = Shared(net, 5353);
        int elsewhere = Shared(net, 5354);
        foreach (int socket in members)
        {
            Assert.Equal(0, net.Sockets.JoinGroup(socket, Group));
        }

        Assert.Equal(0, net.Sockets.JoinGroup(elsewhere, Group));
        byte[] data = Wire.PatternBytes(0, 101);
        Deliver(net, Group, 5353, data);
        foreach (int socket in members)
        {
            Assert.Equal(101, net.Sockets.ReceiveFrom(socket, _buffer, 0, 4000, _source));
            Assert.Equal(data, _buffer[..101]);
            Assert.Equal((net.Client.Ip, 4000), (_source.Address, _source.Port));
            Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(socket, _buffer, 0, 4000, _source));
        }

        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(outsider, _buffer, 0, 4000, _source));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(elsewhere, _buffer, 0, 4000, _source));
        Assert.Equal(3u, net.Stack.Udp.Counters.DatagramsDelivered);
        Assert.Equal(0, net.AllocatedInPoll);
        Close(net, [.. members, outsider, elsewhere]);
    }

    [Fact]
    public void What_is_sent_to_all_comes_to_each_but_those_who_have_another_peer()
    {
        TestNetwork net = Begin(WordOrder.LowByteFirst, c => c.UdpSockets = 6);
        int one = Shared(net, 68);
        int two = Shared(net, 68);
        int connected = Shared(net, 68);
        Assert.Equal(0, net.Sockets.Connect(connected, net.Gateway.Ip, 67));
        int hers = Shared(net, 68);
        Assert.Equal(0, net.Sockets.Connect(hers, net.Client.Ip, 4000));
        Deliver(net, Broadcast, 68, [1, 2]);
        foreach (int socket in new[] { one, two, hers })
        {
            Assert.Equal(2, net.Sockets.ReceiveFrom(socket, _buffer, 0, 4000, _source));
        }

        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(connected, _buffer, 0, 4000, _source));
        Close(net, one, two, connected, hers);
    }

    [Fact]
    public void What_is_sent_to_us_comes_to_the_one_that_was_bound_last()
    {
        TestNetwork net = Begin(WordOrder.LowByteFirst, c => c.UdpSockets = 6);

        // the place in the table and the order of binding differ
        int first = Open(net, shares: true);
        int second = Open(net, shares: true);
        Assert.Equal(0, net.Sockets.Bind(second, 5353));
        Assert.Equal(0, net.Sockets.Bind(first, 5353));
        Deliver(net, TestNetwork.StackIp, 5353, [1]);
        Assert.Equal(1, net.Sockets.ReceiveFrom(first, _buffer, 0, 4000, _source));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(second, _buffer, 0, 4000, _source));
        net.Sockets.Close(first);
        Deliver(net, TestNetwork.StackIp, 5353, [1, 2]);
        Assert.Equal(2, net.Sockets.ReceiveFrom(second, _buffer, 0, 4000, _source));

        // one that is connected to the sender goes before all
        int connected = Shared(net, 5353);
        int last = Shared(net, 5353);
        Assert.Equal(0, net.Sockets.Connect(connected, net.Client.Ip, 4000));
        Deliver(net, TestNetwork.StackIp, 5353, [1, 2, 3]);
        Assert.Equal(3, net.Sockets.ReceiveFrom(connected, _buffer, 0, 4000, _source));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(last, _buffer, 0, 4000, _source));
        Close(net, second, connected, last);
    }

    [Fact]
    public void A_queue_that_is_full_keeps_nothing_from_the_others()
    {
        TestNetwork net = Begin(WordOrder.LowByteFirst, c =>
        {
            c.UdpSockets = 6;
            c.UdpReceiveFrames = 2;
        });
        int reads = Shared(net, 68);
        int sleeps = Shared(net, 68);
        for (int i = 0; i < 5; i++)
        {
            Deliver(net, Broadcast, 68, [(byte)i]);
            Assert.Equal(1, net.Sockets.ReceiveFrom(reads, _buffer, 0, 4000, _source));
            Assert.Equal(i, _buffer[0]);
        }

        Assert.Equal(3u, net.Stack.Udp.Counters.ReceiveQueueFull);

        // and so where the one that sleeps is not the first that gets it
        net.Sockets.Close(sleeps);
        int late = Shared(net, 68);
        for (int i = 0; i < 5; i++)
        {
            Deliver(net, Broadcast, 68, [(byte)i]);
            Assert.Equal(1, net.Sockets.ReceiveFrom(late, _buffer, 0, 4000, _source));
        }

        Assert.Equal(6u, net.Stack.Udp.Counters.ReceiveQueueFull);
        Close(net, reads, late);
    }

    [Fact]
    public void Without_frames_to_spare_one_of_them_gets_it()
    {
        TestNetwork net = Begin(WordOrder.LowByteFirst, c =>
        {
            c.FrameCounts = [12, 6, 4, 4, 4, 6];
            c.UdpReceiveFrames = 8;
        });
        int one = Shared(net, 68);
        int two = Shared(net, 68);
        for (int i = 0; i < 8; i++)
        {
            Deliver(net, Broadcast, 68, new byte[1400]);
        }

        uint delivered = net.Stack.Udp.Counters.DatagramsDelivered;
        Assert.InRange(delivered, 1u, 15u);
        Assert.Equal(16u - delivered, net.Stack.Udp.Counters.ReceiveQueueFull);
        Close(net, one, two);
    }

    [Fact]
    public void A_datagram_in_fragments_that_fills_no_frame_comes_to_one()
    {
        TestNetwork net = Begin(WordOrder.LowByteFirst, c => c.ReassemblyBytes = 4000);
        int one = Shared(net, 68);
        int two = Shared(net, 68);
        byte[] udp = FrameBuilder.Udp(net.Client.Ip, Broadcast, 4000, 68, Wire.PatternBytes(0, 3000));
        foreach ((int offset, int length) in new[] { (0, 1480), (1480, 1480), (2960, 48) })
        {
            int flags = (offset / 8) | (offset + length < udp.Length ? 0x2000 : 0);
            byte[] packet = FrameBuilder.Ip(net.Client.Ip, Broadcast, 17, udp[offset..(offset + length)], flagsAndOffset: flags);
            net.Deliver(FrameBuilder.Ethernet(TestHost.BroadcastMac, net.Client.Mac, 0x0800, packet));
        }

        Assert.Equal(3000, net.Sockets.ReceiveFrom(two, _buffer, 0, 4000, _source));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(one, _buffer, 0, 4000, _source));
        Close(net, one, two);
    }

    [Theory, BothOrders]
    public void What_we_send_to_a_group_comes_back_to_members_if_the_sender_wants_it(WordOrder order)
    {
        TestNetwork net = Begin(order, c => Configure(c, 2));
        int one = Shared(net, 5353);
        int two = Shared(net, 5353);
        Assert.Equal(0, net.Sockets.JoinGroup(two, Group));
        byte[] data = Wire.PatternBytes(0, 77);
        Assert.Equal(77, net.Sockets.SendTo(one, data, 0, 77, Group, 5353));
        net.Poll();
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(two, _buffer, 0, 4000, _source));

        Assert.Equal(0, net.Sockets.SetMulticastLoopback(one, true));
        net.Packets.Clear();
        Assert.Equal(77, net.Sockets.SendTo(one, data, 0, 77, Group, 5353));
        Assert.True(net.Stack.NeedsPoll);
        net.Poll();
        Assert.Single(net.Packets, p => p.IsUdp);
        Assert.Equal(77, net.Sockets.ReceiveFrom(two, _buffer, 0, 4000, _source));
        Assert.Equal(data, _buffer[..77]);
        Assert.Equal((TestNetwork.StackIp, 5353), (_source.Address, _source.Port));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(one, _buffer, 0, 4000, _source));

        // the sender itself, once it is a member
        Assert.Equal(0, net.Sockets.JoinGroup(one, Group));
        Assert.Equal(1, net.Sockets.SendTo(one, data, 0, 1, Group, 5353));
        net.Poll();
        Assert.Equal(1, net.Sockets.ReceiveFrom(two, _buffer, 0, 4000, _source));
        Assert.Equal(1, net.Sockets.ReceiveFrom(one, _buffer, 0, 4000, _source));

        // without a member, and of who does not want it, nothing comes back
        uint looped = net.Stack.IPv4.Counters.PacketsLooped;
        Assert.Equal(1, net.Sockets.SendTo(one, data, 0, 1, Group + 1, 5353));
        Assert.Equal(0, net.Sockets.SetMulticastLoopback(one, false));
        Assert.Equal(1, net.Sockets.SendTo(one, data, 0, 1, Group, 5353));
        Assert.Equal(looped, net.Stack.IPv4.Counters.PacketsLooped);

        // nobody answers to a group that a port is not used
        Assert.Equal(0, net.Sockets.SetMulticastLoopback(one, true));
        Assert.Equal(1, net.Sockets.SendTo(one, data, 0, 1, Group, 9));
        net.Poll();
        Assert.Equal(1u, net.Stack.Udp.Counters.NoSocket);
        Assert.DoesNotContain(net.Packets, p => p.IsIcmp);
        Assert.Equal(0, net.AllocatedInPoll);
        Close(net, one, two);
    }

    [Fact]
    public void A_long_datagram_to_a_group_comes_back_whole()
    {
        TestNetwork net = Begin(WordOrder.LowByteFirst, c =>
        {
            c.MulticastGroups = 1;
            c.ReassemblyBytes = 4000;
        });
        int socket = Shared(net, 5353);
        Assert.Equal(0, net.Sockets.JoinGroup(socket, Group));
        Assert.Equal(0, net.Sockets.SetMulticastLoopback(socket, true));
        byte[] data = Wire.PatternBytes(0, 2000);
        Assert.Equal(2000, net.Sockets.SendTo(socket, data, 0, 2000, Group, 5353));
        net.Poll();
        Assert.Equal(2000, net.Sockets.ReceiveFrom(socket, _buffer, 0, 4000, _source));
        Assert.Equal(data, _buffer[..2000]);
        Close(net, socket);
    }

    [Fact]
    public void Only_datagram_sockets_have_these()
    {
        TestNetwork net = Begin(WordOrder.LowByteFirst, c => c.UdpSockets = 6);
        int stream = net.Sockets.Socket(SocketType.Stream);
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.SetReuseAddress(stream, true));
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.SetMulticastLoopback(stream, true));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.SetReuseAddress(-1, true));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.SetMulticastLoopback(999999, true));
        Close(net, stream);
    }

    private static void Configure(StackConfiguration configuration, int groups)
    {
        configuration.UdpSockets = 6;
        configuration.MulticastGroups = groups;
    }

    private static void Deliver(TestNetwork net, uint to, int port, byte[] data)
    {
        ulong mac = to == TestNetwork.StackIp ? TestNetwork.StackMac : to == Broadcast ? TestHost.BroadcastMac : 0x01005E000000UL | (to & 0x7FFFFF);
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, to, 17, FrameBuilder.Udp(net.Client.Ip, to, 4000, port, data));
        net.Deliver(FrameBuilder.Ethernet(mac, net.Client.Mac, 0x0800, packet));
    }

    private static int Open(TestNetwork net, bool shares)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.SetReuseAddress(socket, shares));
        return socket;
    }

    private static int Shared(TestNetwork net, int port)
    {
        int socket = Open(net, shares: true);
        Assert.Equal(0, net.Sockets.Bind(socket, port));
        return socket;
    }

    private static void Close(TestNetwork net, params int[] sockets)
    {
        foreach (int socket in sockets)
        {
            net.Sockets.Close(socket);
        }
    }
}
