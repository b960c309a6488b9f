// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Icmp;

/// <summary>Echo and errors (RFC 792, RFC 1122 section 3.2.2, RFC 5927).</summary>
public sealed class IcmpTests : StackTest
{
    [Theory, BothOrders]
    public void C1_an_echo_of_any_length_comes_back_whole(WordOrder order)
    {
        TestNetwork net = Begin(order);
        foreach (int length in Enumerable.Range(0, 40).Concat([56, 57, 61, 548, 549, 1471, 1472]))
        {
            net.Packets.Clear();
            byte[] data = Wire.PatternBytes(length, length);
            net.Deliver(net.EchoRequest(length, data));
            SeenFrame reply = Assert.Single(net.Packets);
            Assert.Equal(0, reply.IcmpType);
            Assert.Equal(0, reply.IcmpCode);
            Assert.Equal(0x77, Wire.Get16(reply.IpPayload, 4));
            Assert.Equal(length, Wire.Get16(reply.IpPayload, 6));
            Assert.Equal(data, reply.IcmpData);
            Assert.Equal(net.Client.Ip, reply.IpDestination);
        }
    }

    [Theory, BothOrders]
    public void C1_an_echo_with_IP_options_comes_back_whole_and_without_them(WordOrder order)
    {
        TestNetwork net = Begin(order);
        foreach (int options in new[] { 4, 8, 24, 40 })
        {
            foreach (int length in new[] { 0, 1, 2, 31, 32, 1400 })
            {
                net.Packets.Clear();
                byte[] data = Wire.PatternBytes(options, length);
                byte[] nops = Enumerable.Repeat((byte)1, options).ToArray();
                net.DeliverIp(
                    net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Echo(5, 6, data), options: nops));
                Assert.Equal(data, Assert.Single(net.Packets).IcmpData);
            }
        }
    }

    [Fact]
    public void C1_a_code_other_than_0_is_echoed_with_a_right_checksum()
    {
        TestNetwork net = Begin();
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(8, 7, new byte[12])));
        Assert.All(net.Packets, p => Assert.Equal(0, p.IcmpType));
    }

    [Fact]
    public void C1_every_checksum_of_a_request_is_turned_into_a_right_one()
    {
        TestNetwork net = Begin();
        for (int value = 0; value < 65536; value += 13)
        {
            net.Packets.Clear();
            byte[] data = [(byte)(value >> 8), (byte)value];
            net.Deliver(net.EchoRequest(0, data));

            // the referee has checked the sum when it took the packet apart
            Assert.Equal(data, Assert.Single(net.Packets).IcmpData);
        }
    }

    [Theory, BothOrders]
    public void C1_the_reply_to_a_request_of_zeros_has_the_checksum_of_zeros(WordOrder order)
    {
        // its sum is 0, not 0xFFFF: a checksum of 0 would make a packet of nothing but zeros, which receivers take for damaged
        TestNetwork net = Begin(order);
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Echo(0, 0, new byte[20])));
        Assert.Equal(0xFFFF, Wire.Get16(Assert.Single(net.Packets).IpPayload, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xFFFF)]
    [InlineData(0x5555)]
    public void C4_a_bad_checksum_is_dropped(int checksum)
    {
        TestNetwork net = Begin();
        byte[] message = FrameBuilder.Icmp(8, 0, Wire.PatternBytes(3, 21), checksum);
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, message));
        Assert.Empty(net.Packets);
        Assert.Equal(1u, net.Stack.Icmp.Counters.BadChecksum);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(41)]
    [InlineData(47)]
    [InlineData(132)]
    [InlineData(255)]
    public void C9_C7_an_unknown_protocol_is_answered_with_a_quote(int protocol)
    {
        TestNetwork net = Begin();
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, protocol, Wire.PatternBytes(0, 100));
        net.DeliverIp(net.Client, packet);
        AssertUnreachable(Assert.Single(net.Packets), 2, packet, 28);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    public void C7_a_short_packet_is_quoted_as_far_as_it_goes(int length)
    {
        TestNetwork net = Begin();
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 200, Wire.PatternBytes(0, length));
        net.DeliverIp(net.Client, packet);
        AssertUnreachable(Assert.Single(net.Packets), 2, packet, 20 + length);
    }

    [Fact]
    public void C7_a_header_with_options_is_quoted_whole()
    {
        TestNetwork net = Begin();
        byte[] nops = Enumerable.Repeat((byte)1, 40).ToArray();
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 200, Wire.PatternBytes(0, 50), options: nops);
        net.DeliverIp(net.Client, packet);
        AssertUnreachable(Assert.Single(net.Packets), 2, packet, 68);
    }

    [Theory, BothOrders]
    public void C8_UDP_to_a_closed_port_is_answered(WordOrder order)
    {
        TestNetwork net = Begin(order);
        byte[] datagram = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 5000, 33434, [1, 2, 3]);
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, datagram);
        net.DeliverIp(net.Client, packet);
        AssertUnreachable(Assert.Single(net.Packets), 3, packet, 28);
    }

    [Fact]
    public void C6_no_error_for_what_went_to_all()
    {
        TestNetwork net = Begin();
        foreach (int protocol in new[] { 17, 99 })
        {
            foreach (uint target in new[] { TestNetwork.SubnetBroadcast, 0xFFFFFFFFu })
            {
                byte[] packet = FrameBuilder.Ip(net.Client.Ip, target, protocol, FrameBuilder.Udp(net.Client.Ip, target, 1, 2, []));
                net.Deliver(FrameBuilder.Ethernet(TestHost.BroadcastMac, net.Client.Mac, 0x0800, packet));
            }
        }

        Assert.Empty(net.Packets);
    }

    [Fact]
    public void With_no_frame_free_an_error_is_dropped_and_counted()
    {
        TestNetwork net = Begin();
        net.AssertAlive();
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 99, new byte[20]);
        List<Frame> taken = [];
        while (net.Stack.Pool.Free > 1)
        {
            taken.Add(net.Stack.Pool.Rent(60) ?? net.Stack.Pool.Rent(0));
        }

        net.DeliverIp(net.Client, packet);
        Assert.Empty(net.Packets);
        Assert.Equal(1, net.Interface.NoPlace);
        taken.ForEach(net.Stack.Pool.Return);
        net.AssertAlive();
    }

    private static void AssertUnreachable(SeenFrame error, int code, byte[] packet, int quoted)
    {
        Assert.Equal(3, error.IcmpType);
        Assert.Equal(code, error.IcmpCode);
        Assert.Equal(0u, Wire.Get32(error.IpPayload, 4));
        Assert.Equal(packet[..quoted], error.IcmpData);
    }
}
