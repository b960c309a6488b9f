// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.IPv4;

/// <summary>Datagrams that come in fragments (RFC 791 section 3.2, RFC 1122 section 3.3.2).</summary>
public sealed class ReassemblyTests : FragmentTest
{
    [Theory, BothOrders]
    public void B13_an_echo_in_two_fragments_is_answered_whole(WordOrder order)
    {
        TestNetwork net = Begin(order);
        byte[] data = Wire.PatternBytes(0, 1100);
        Deliver(net, Cut(FrameBuilder.Echo(5, 6, data), 560));
        AssertEcho(net, data);
        Assert.Equal(1u, net.Stack.IPv4.Counters.Reassembled);
    }

    [Theory, BothOrders]
    public void B13_a_datagram_larger_than_the_MTU_is_received(WordOrder order)
    {
        TestNetwork net = Begin(order);
        int socket = Bound(net, 7);
        foreach (int length in new[] { 1473, 1999, 2039, 2040 })
        {
            byte[] data = Wire.PatternBytes(length, length);
            Deliver(net, Cut(Datagram(net, data), 1480));
            AssertReceived(net, socket, data);
        }

        net.Sockets.Close(socket);
    }

    [Fact]
    public void B13_the_least_that_every_host_takes_is_taken_by_the_smallest_buffer()
    {
        TestNetwork net = Begin(configure: c => c.ReassemblyBytes = 556);
        byte[] data = Wire.PatternBytes(0, 548);
        Deliver(net, Cut(FrameBuilder.Echo(5, 6, data), 280));
        AssertEcho(net, data);
    }

    [Fact]
    public void B13_a_datagram_of_65535_bytes_is_taken_by_the_largest_buffer()
    {
        TestNetwork net = Begin(configure: c => c.ReassemblyBytes = 65515);
        int socket = Bound(net, 7);
        byte[] data = Wire.PatternBytes(3, 65507);
        Deliver(net, Cut(Datagram(net, data), 1480));
        AssertReceived(net, socket, data);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void B13_a_TCP_segment_in_fragments_is_taken()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        Deliver(net, Cut(Segment(peer.Build("PA", length: 900)), 600), Tcp);
        Assert.Equal(Wire.PatternBytes(1, 900), net.Read(socket));
    }

    [Fact]
    public void B14_any_order_of_five_fragments_works()
    {
        TestNetwork net = Begin();
        byte[] data = Wire.PatternBytes(0, 1009);
        int id = 0;
        foreach (int[] order in Permutations([0, 1, 2, 3, 4]))
        {
            Deliver(net, Cut(FrameBuilder.Echo(5, 6, data), 208, id++), Icmp, order);
            AssertEcho(net, data);
        }

        Assert.Equal(120u, net.Stack.IPv4.Counters.Reassembled);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    public void B14_any_cut_in_any_order_with_repeats_gives_exactly_what_was_sent(uint seed)
    {
        TestRandom random = new(seed);
        TestNetwork net = Begin(seed == 2 ? WordOrder.HighByteFirst : WordOrder.LowByteFirst);
        int socket = Bound(net, 7);
        for (int id = 0; id < 150; id++)
        {
            byte[] data = Wire.PatternBytes(id, random.Below(2041));
            byte[] datagram = Datagram(net, data);
            List<Piece> pieces = [];
            for (int offset = 0; offset < datagram.Length;)
            {
                // from 8 bytes to a full fragment, most of them short
                int length = Math.Min(Math.Min(1480, 8 << random.Below(8)) + (8 * random.Below(4)), datagram.Length - offset);
                pieces.Add(new Piece(datagram[offset..(offset + length)], offset, offset + length < datagram.Length, id));
                offset += length;
            }

            List<Piece> sent = [.. pieces];
            if (pieces.Count > 1)
            {
                // repeats of all but one that comes last, for behind the last missing one a repeat would begin a new datagram
                sent = [.. sent.Concat(sent.Where(_ => random.Chance(0.3))).OrderBy(_ => random.Next())];
                Piece last = sent[^1];
                sent.RemoveAll(p => p == last);
                sent.Add(last);
            }

            Deliver(net, sent, Udp);
            AssertReceived(net, socket, data);
        }

        Assert.Equal(0u, net.Stack.IPv4.Counters.ReassemblyOverlaps);
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1480)]
    public void B14_the_last_fragment_may_be_of_any_length(int last)
    {
        TestNetwork net = Begin();
        net.AssertAlive();
        byte[] data = Wire.PatternBytes(0, 560 - 8 + last);
        Deliver(net, Cut(FrameBuilder.Echo(5, 6, data), 560, sizes: [560, last]));
        AssertEcho(net, data);
    }

    [Fact]
    public void Fragments_without_payload_are_dropped()
    {
        TestNetwork net = Begin();
        Deliver(net, [new Piece([], 0, true, 1), new Piece([], 16, false, 1), new Piece([], 16, true, 1)]);
        Assert.Equal(3u, net.Stack.IPv4.Counters.BadFragments);
        Assert.True(net.Stack.IPv4.IsReassemblyFree);
    }

    [Fact]
    public void B15_fragments_wait_for_60_seconds_from_the_first_that_came_and_no_longer()
    {
        TestNetwork net = Begin();
        List<Piece> pieces = Cut(FrameBuilder.Echo(5, 6, Wire.PatternBytes(0, 1100)), 400);
        Deliver(net, [pieces[1]]);
        net.Advance(40000);
        Deliver(net, [pieces[0]]);
        net.Advance(19998);
        Deliver(net, [pieces[2]]);
        Assert.Equal(0, Assert.Single(net.Packets).IcmpType);
        net.Packets.Clear();

        // the second to come does not start the timer anew
        pieces = Cut(FrameBuilder.Echo(5, 6, Wire.PatternBytes(0, 1100)), 400, id: 2);
        Deliver(net, [pieces[1]]);
        net.Advance(40000);
        Deliver(net, [pieces[0]]);
        net.Advance(20001);
        Assert.Equal(1u, net.Stack.IPv4.Counters.ReassemblyTimeouts);
        net.Packets.Clear();
        Deliver(net, [pieces[2]]);
        Assert.Empty(net.Packets);
    }

    [Theory, BothOrders]
    public void B16_time_exceeded_quotes_the_first_fragment(WordOrder order)
    {
        TestNetwork net = Begin(order);
        byte[] nops = Enumerable.Repeat((byte)1, 12).ToArray();
        foreach (byte[]? options in new[] { null, nops })
        {
            byte[] datagram = Datagram(net, Wire.PatternBytes(0, 1100));
            byte[] first = FrameBuilder.Ip(
                net.Client.Ip, TestNetwork.StackIp, Udp, datagram[..504], options, ttl: 3, flagsAndOffset: 0x2000, id: 99);
            net.DeliverIp(net.Client, first);
            net.Advance(59999);
            Assert.Empty(net.Packets);
            net.Advance(1);
            SeenFrame error = Assert.Single(net.Packets);
            Assert.Equal((11, 1), (error.IcmpType, error.IcmpCode));
            Assert.Equal(0u, Wire.Get32(error.IpPayload, 4));
            Assert.Equal(first[..(20 + (options?.Length ?? 0) + 8)], error.IcmpData);
            Assert.Equal(net.Client.Ip, error.IpDestination);
            net.Packets.Clear();
        }
    }

    [Fact]
    public void B16_time_exceeded_quotes_the_first_fragment_wherever_it_came_in_the_row()
    {
        TestNetwork net = Begin();
        List<Piece> pieces = Cut(FrameBuilder.Echo(5, 6, Wire.PatternBytes(0, 1100)), 400);
        Deliver(net, [pieces[2], pieces[0]]);
        net.Advance(60000);
        SeenFrame error = Assert.Single(net.Packets);
        Assert.Equal(Packet(net, pieces[0], Icmp)[..28], error.IcmpData);
    }

    [Theory]
    [InlineData("192.168.1.255")]
    [InlineData("255.255.255.255")]
    public void B16_C6_no_time_exceeded_for_what_went_to_all(string destination)
    {
        TestNetwork net = Begin();
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, Wire.Address(destination), Udp, new byte[64], flagsAndOffset: 0x2000);
        net.Deliver(FrameBuilder.Ethernet(TestHost.BroadcastMac, net.Client.Mac, 0x0800, packet));
        Assert.False(net.Stack.IPv4.IsReassemblyFree);
        net.Advance(70000);
        Assert.Equal(1u, net.Stack.IPv4.Counters.ReassemblyTimeouts);
        Assert.Empty(net.Packets);
    }

    [Fact]
    public void B20_X19_a_datagram_keeps_the_buffer_while_its_fragments_come_and_others_wait()
    {
        TestNetwork net = Begin();
        Assert.True(net.Stack.IPv4.IsReassemblyFree);
        byte[] data = Wire.PatternBytes(0, 1100);
        List<Piece> first = Cut(FrameBuilder.Echo(5, 6, data), 600, 1);
        List<Piece> second = Cut(FrameBuilder.Echo(5, 6, data), 600, 2);
        Deliver(net, [first[0]]);
        net.Advance(2);
        Deliver(net, second);
        Assert.Empty(net.Packets);
        net.Advance(1);
        AssertEcho(net, data);
        Assert.Equal(1u, net.Stack.IPv4.Counters.ReassemblyEvicted);
        Assert.Equal(0u, net.Stack.IPv4.Counters.FragmentsRefused);

        // the rest of the evicted one is of no use, and its sender is told nothing: nobody waited 60 seconds
        Deliver(net, [first[1]]);
        net.Advance(70000);
        Assert.Empty(net.Packets);
    }

    [Fact]
    public void B20_X19_after_a_flood_of_first_fragments_honest_datagrams_come_through_at_once()
    {
        TestNetwork net = Begin();
        for (int i = 0; i < 100; i++)
        {
            Deliver(net, [new Piece(new byte[1400], 0, true, i)], Udp);
        }

        net.Advance(3);
        net.AssertPoolWhole();
        byte[] data = Wire.PatternBytes(0, 1100);
        Deliver(net, Cut(FrameBuilder.Echo(5, 6, data), 600, 200));
        net.Advance(3);
        AssertEcho(net, data);
    }

    [Fact]
    public void B20_a_datagram_that_no_frame_can_hold_keeps_the_buffer_until_it_is_read_or_another_needs_it()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        byte[] data = Wire.PatternBytes(0, 2000);
        byte[] other = Wire.PatternBytes(9, 2000);
        Deliver(net, Cut(Datagram(net, data), 1480, 1), Udp);
        net.Advance(70000);
        AssertReceived(net, socket, data);
        Assert.True(net.Stack.IPv4.IsReassemblyFree);
        Deliver(net, Cut(Datagram(net, data), 1480, 2), Udp);
        net.Advance(1000);
        Deliver(net, Cut(Datagram(net, other), 1480, 3), Udp);
        AssertReceived(net, socket, other);

        // closing gives it back as well
        Deliver(net, Cut(Datagram(net, data), 1480, 4), Udp);
        net.Sockets.Close(socket);
        Assert.True(net.Stack.IPv4.IsReassemblyFree);
    }

    [Fact]
    public void B20_a_datagram_that_nobody_has_read_for_four_weeks_gives_way_as_well()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        byte[] other = Wire.PatternBytes(9, 2000);
        Deliver(net, Cut(Datagram(net, Wire.PatternBytes(0, 2000)), 1480, 1), Udp);
        net.Advance(int.MaxValue);
        net.Advance(300_000_000);
        Deliver(net, Cut(Datagram(net, other), 1480, 2), Udp);
        AssertReceived(net, socket, other);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void B20_datagrams_that_fit_frames_leave_the_buffer_at_once()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        for (int i = 0; i < 3; i++)
        {
            Deliver(net, Cut(Datagram(net, Wire.PatternBytes(i, 1000)), 600, i), Udp);
            Assert.True(net.Stack.IPv4.IsReassemblyFree);
        }

        for (int i = 0; i < 3; i++)
        {
            AssertReceived(net, socket, Wire.PatternBytes(i, 1000));
        }

        net.Sockets.Close(socket);
    }

    [Fact]
    public void B20_with_no_frame_to_spare_the_datagram_is_delivered_in_the_buffer()
    {
        TestNetwork net = Begin(configure: c => c.UdpReceiveFrames = 40);
        int socket = Bound(net, 7);
        byte[] data = Wire.PatternBytes(0, 1000);
        List<Piece> pieces = Cut(Datagram(net, data), 600);
        List<Frame> taken = [];
        while (net.Stack.Pool.Free > net.Configuration.ReceiveReserve + 1)
        {
            taken.Add(net.Stack.Pool.Rent(64)!);
        }

        Deliver(net, pieces, Udp);
        Assert.False(net.Stack.IPv4.IsReassemblyFree);
        AssertReceived(net, socket, data);
        taken.ForEach(net.Stack.Pool.Return);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Without_a_buffer_fragments_are_refused_and_counted()
    {
        TestNetwork net = Begin(configure: c => c.ReassemblyBytes = 0);
        Deliver(net, Cut(FrameBuilder.Echo(5, 6, Wire.PatternBytes(0, 1100)), 600));
        Assert.Empty(net.Packets);
        Assert.Equal(2u, net.Stack.IPv4.Counters.Fragments);
        Assert.Equal(2u, net.Stack.IPv4.Counters.FragmentsRefused);
        net.AssertAlive();
    }

    [Fact]
    public void C8_C7_an_error_about_what_came_in_fragments_quotes_the_first()
    {
        TestNetwork net = Begin();
        foreach (int length in new[] { 1000, 2000 })
        {
            List<Piece> pieces = Cut(Datagram(net, Wire.PatternBytes(0, length)), 800, length);
            Deliver(net, pieces, Udp);
            SeenFrame error = Assert.Single(net.Packets);
            Assert.Equal((3, 3), (error.IcmpType, error.IcmpCode));
            Assert.Equal(Packet(net, pieces[0], Udp)[..28], error.IcmpData);
            net.Packets.Clear();
        }
    }

    [Fact]
    public void Another_address_of_ours_ends_what_was_being_put_together()
    {
        TestNetwork net = Begin();
        Deliver(net, [Cut(FrameBuilder.Echo(5, 6, Wire.PatternBytes(0, 1100)), 600)[0]]);
        net.Stack.Configure(Wire.Address("192.168.1.51"), TestNetwork.Netmask, TestNetwork.GatewayIp);
        Assert.True(net.Stack.IPv4.IsReassemblyFree);
        net.Advance(70000);
        Assert.Empty(net.Packets);
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
    }

    [Fact]
    public void The_buffers_bounds_are_those_of_RFC_1122_and_of_the_length_field()
    {
        foreach (int bytes in new[] { -1, 1, 555, 65516 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new StackConfiguration { ReassemblyBytes = bytes }.Validate());
        }

        foreach (int bytes in new[] { 0, 556, 1481, 65515 })
        {
            new StackConfiguration { ReassemblyBytes = bytes }.Validate();
        }
    }
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(11)]
    [InlineData(12)]
    public void C6_no_error_tells_of_the_time_over_for_fragments_of_an_error(int type)
    {
        TestNetwork net = Begin();
        byte[] error = FrameBuilder.Icmp(type, 0, Wire.PatternBytes(0, 1100));
        Deliver(net, [Cut(error, 600)[0]], Icmp);
        net.Advance(70000);
        Assert.Equal(1u, net.Stack.IPv4.Counters.ReassemblyTimeouts);
        Assert.Empty(net.Packets);
    }

    [Fact]
    public void C6_nobody_without_an_address_is_told_of_the_time_over()
    {
        TestNetwork net = Begin(configure: c => c.MulticastGroups = 1);
        byte[] query = FrameBuilder.Igmp(0x11, 100, 0, new byte[1000]);
        TestHost nameless = new(net.Client.Mac, 0);
        net.DeliverIp(net.Client, Packet(net, Cut(query, 600)[0], 2, nameless));
        net.Advance(70000);
        Assert.Equal(1u, net.Stack.IPv4.Counters.ReassemblyTimeouts);
        Assert.Empty(net.Packets);
    }

}
