// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.IPv4;

/// <summary>What leaves in fragments (RFC 791 section 3.2). The test network puts it together strictly, and checks each fragment.</summary>
public sealed class FragmentationTests : StackTest
{
    [Theory, BothOrders]
    public void C2_X29_an_echo_larger_than_the_MTU_is_answered_whole_in_fragments(WordOrder order)
    {
        TestNetwork net = Begin(order);
        foreach (int length in new[] { 1473, 1480, 1999, 2040 })
        {
            byte[] data = Wire.PatternBytes(length, length);
            Request(net, FrameBuilder.Echo(9, length, data), length);
            SeenFrame reply = Assert.Single(net.Packets);
            Assert.Equal(data, reply.IcmpData);
            Assert.Equal(2, net.Fragments.Count);
            Assert.Equal(net.Fragments[0].Id, net.Fragments[1].Id);
            net.Packets.Clear();
            net.Fragments.Clear();
        }

        Assert.Equal(8u, net.Stack.IPv4.Counters.FragmentsSent);
        Assert.Equal(8u, net.Stack.Icmp.Counters.EchoReplies);
    }

    [Fact]
    public void C2_an_echo_with_IP_options_larger_than_the_MTU_is_answered_whole()
    {
        TestNetwork net = Begin();
        byte[] data = Wire.PatternBytes(1, 2001);
        Request(net, FrameBuilder.Echo(9, 1, data), 1, Enumerable.Repeat((byte)1, 40).ToArray());
        Assert.Equal(data, Assert.Single(net.Packets).IcmpData);
    }

    [Fact]
    public void C2_X29_an_echo_of_65500_bytes_is_answered_whole_if_there_is_room_for_it()
    {
        TestNetwork net = Begin(configure: c =>
        {
            c.ReassemblyBytes = 65515;
            c.FrameCounts = [12, 6, 4, 4, 4, 60];
            c.TransmitQueue = 60;
        });
        byte[] data = Wire.PatternBytes(1, 65500);
        Request(net, FrameBuilder.Echo(9, 1, data), 1);
        Assert.Equal(data, Assert.Single(net.Packets).IcmpData);
        Assert.Equal(45, net.Fragments.Count);
    }

    [Fact]
    public void C2_an_echo_for_whose_reply_there_are_not_frames_enough_is_dropped_whole_and_counted()
    {
        TestNetwork net = Begin(configure: c => c.ReassemblyBytes = 65515);
        Request(net, FrameBuilder.Echo(9, 1, Wire.PatternBytes(1, 65500)), 1);
        Assert.Empty(net.Packets);
        Assert.Empty(net.Fragments);
        Assert.Equal(1u, net.Stack.IPv4.Counters.FragmentationFailed);
        Assert.Equal(1u, net.Stack.Icmp.Counters.NoFrame);
        Assert.Equal(1u, net.Stack.Icmp.Counters.EchoReplies);
        net.AssertPoolWhole();
        net.AssertAlive();
    }

    [Fact]
    public void C2_an_echo_larger_than_the_buffer_is_dropped_whole_and_counted()
    {
        TestNetwork net = Begin();
        Request(net, FrameBuilder.Echo(9, 1, Wire.PatternBytes(1, 5000)), 1);
        Assert.Empty(net.Packets);
        Assert.Equal(1u, net.Stack.Icmp.Counters.EchoRequests);
        Assert.True(net.Stack.IPv4.Counters.ReassemblyTooLarge > 0);
    }

    [Fact]
    public void C2_an_echo_in_the_buffer_of_fragments_leaves_in_a_frame()
    {
        TestNetwork net = Begin();
        net.AssertAlive();
        List<Frame> taken = [];
        while (net.Stack.Pool.Free > net.Configuration.ReceiveReserve + 1)
        {
            taken.Add(net.Stack.Pool.Rent(64)!);
        }

        byte[] message = FrameBuilder.Echo(9, 1, Wire.PatternBytes(1, 900));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, message[..560], flagsAndOffset: 0x2000));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, message[560..], flagsAndOffset: 70));

        // with no frame to spare it is answered from the buffer, which no controller could take
        Assert.Equal(message[8..], Assert.Single(net.Packets).IcmpData);
        Assert.Empty(net.Fragments);
        taken.ForEach(net.Stack.Pool.Return);
    }

    [Theory, BothOrders]
    public void A_datagram_larger_than_the_MTU_leaves_in_fragments(WordOrder order)
    {
        TestNetwork net = Begin(order);
        int socket = net.Sockets.Socket(SocketType.Datagram);
        byte[] data = Wire.PatternBytes(0, 2040);
        net.AssertAlive();
        foreach (int length in new[] { 1472, 1473, 1474, 2039, 2040 })
        {
            net.Fragments.Clear();
            Assert.Equal(length, net.Sockets.SendTo(socket, data, 0, length, net.Client.Ip, 9));
            net.Poll();

            // the referee has checked the checksum over the whole
            Assert.Equal(data[..length], Assert.Single(net.Packets).Text);
            Assert.Equal(length > 1472 ? 2 : 0, net.Fragments.Count);
            net.Packets.Clear();
        }

        net.Sockets.Close(socket);
    }

    [Fact]
    public void Fragments_to_a_neighbour_that_is_not_known_wait_for_it_at_the_sender()
    {
        // one packet can wait in the ARP cache, two cannot: the application is told to try again
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        byte[] data = Wire.PatternBytes(0, 2000);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.SendTo(socket, data, 0, 2000, net.Client.Ip, 9));
        Assert.True(net.Stack.NeedsPoll, "the request must be repeated in time");
        net.Poll();
        Assert.Empty(net.Packets);
        Assert.Equal([net.Client.Ip], net.Arps.Select(a => a.ArpTargetIp));
        Assert.Equal(2000, net.Sockets.SendTo(socket, data, 0, 2000, net.Client.Ip, 9));
        net.Poll();
        Assert.Equal(data, Assert.Single(net.Packets).Text);
        net.Client.AnswersArp = false;
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.SendTo(socket, data, 0, 2000, net.Client.Ip + 1, 9));
        net.Advance(3500);
        Assert.Equal((int)SocketError.HostUnreachable, net.Sockets.SendTo(socket, data, 0, 2000, net.Client.Ip + 1, 9));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_broadcast_larger_than_the_MTU_leaves_in_fragments()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.SetBroadcast(socket, true);
        byte[] data = Wire.PatternBytes(0, 1800);
        Assert.Equal(1800, net.Sockets.SendTo(socket, data, 0, 1800, 0xFFFFFFFF, 9));
        net.Poll();
        SeenFrame sent = Assert.Single(net.Packets);
        Assert.Equal(data, sent.Text);
        Assert.Equal(TestHost.BroadcastMac, sent.Destination);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_datagram_for_which_there_are_not_frames_enough_is_not_sent_in_part()
    {
        TestNetwork net = Begin(configure: c => c.ReassemblyBytes = 20000);
        net.AssertAlive();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.SendTo(socket, new byte[19992], 0, 19992, net.Client.Ip, 9));
        net.Poll();
        Assert.Empty(net.Fragments);
        net.AssertPoolWhole();
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Without_a_buffer_nothing_is_sent_in_fragments_either()
    {
        TestNetwork net = Begin(configure: c => c.ReassemblyBytes = 0);
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(1472, net.Stack.Udp.LargestData);
        Assert.Equal((int)SocketError.MessageTooLong, net.Sockets.SendTo(socket, new byte[1473], 0, 1473, net.Client.Ip, 9));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void B22_what_may_be_fragmented_has_an_id_of_its_own_and_what_may_not_tells_nothing()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.AssertAlive();
        for (int i = 0; i < 50; i++)
        {
            net.Sockets.SendTo(socket, new byte[i * 40], 0, i * 40, net.Client.Ip, 9);
            net.Deliver(net.EchoRequest(i));
        }

        List<SeenFrame> mayFragment = [.. net.Packets];
        Assert.Equal(100, mayFragment.Count);
        Assert.Equal(100, mayFragment.Select(p => p.Id).Distinct().Count());
        net.Packets.Clear();
        TcpPeer peer = net.Peer(stackPort: 81);
        peer.Send("S");
        byte[] reset = peer.Expect("RA").Bytes;
        Assert.Equal(0x4000, Wire.Get16(reset, 20));
        Assert.Equal(0, Wire.Get16(reset, 18));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void B22_a_retransmission_that_may_be_fragmented_has_an_id_of_its_own()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, Wire.PatternBytes(1, 1460));
        byte[] sent = peer.Expect("PA", len: 1460).Bytes;
        byte[] body = new byte[32];
        Wire.Put16(body, 2, 576);
        sent.AsSpan(14, 28).CopyTo(body.AsSpan(4));
        net.DeliverIp(net.Gateway, FrameBuilder.Ip(net.Gateway.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(3, 4, body)));
        HashSet<int> ids = [];
        for (int i = 0; i < 3; i++)
        {
            net.Advance(20000);
            foreach (SeenFrame segment in peer.TakeAll())
            {
                Assert.Equal(0, Wire.Get16(segment.Bytes, 20));
                Assert.True(ids.Add(segment.Id), "an id of an earlier transmission");
            }
        }

        Assert.True(ids.Count >= 3);
        net.Sockets.Abort(socket);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fragments_that_do_not_all_find_room_behind_a_busy_controller_are_not_sent(bool broadcast)
    {
        TestNetwork net = Begin(configure: c => c.TransmitQueue = 3);
        net.AssertAlive();
        byte[] data = new byte[2000];
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.SetBroadcast(socket, true);
        uint to = broadcast ? TestNetwork.SubnetBroadcast : net.Client.Ip;
        net.Interface.Busy = true;
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(1, net.Sockets.SendTo(socket, data, 0, 1, to, 9));
        }

        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.SendTo(socket, data, 0, 2000, to, 9));
        Assert.Equal(0u, net.Stack.IPv4.Counters.FragmentsSent);
        Assert.Equal(0u, net.Stack.Ethernet.Counters.QueueFull);
        net.Interface.Busy = false;
        net.Poll();
        Assert.Equal(2000, net.Sockets.SendTo(socket, data, 0, 2000, to, 9));
        net.Poll();
        Assert.Equal(3, net.Packets.Count);
        net.Sockets.Close(socket);
    }

    private static void Request(TestNetwork net, byte[] message, int id, byte[]? options = null)
    {
        // the client is known, as it is to a stack that it has asked for its MAC address
        net.AssertAlive();
        int size = 1480 - (options?.Length ?? 0);
        for (int offset = 0; offset < message.Length; offset += size)
        {
            int length = Math.Min(size, message.Length - offset);
            int flags = (offset + length < message.Length ? 0x2000 : 0) | (offset / 8);
            byte[] part = message[offset..(offset + length)];
            net.DeliverIp(
                net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, part, options, flagsAndOffset: flags, id: id));
        }
    }
}
