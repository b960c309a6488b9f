// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.IPv4;

namespace HostTests.Stack.IPv4;

/// <summary>What an IPv4 packet must look like to be heard, and where an answer goes (RFC 791, RFC 1122 section 3).</summary>
public sealed class IPv4Tests : StackTest
{
    private static readonly byte[] Ping = FrameBuilder.Echo(1, 2, Wire.PatternBytes(0, 24));

    [Theory, BothOrders]
    public void A1_padding_behind_the_packet_is_ignored(WordOrder order)
    {
        TestNetwork net = Begin(order);
        byte[] data = [1, 2, 3];
        net.Deliver(net.EchoRequest(1, data));
        Assert.Equal(data, Assert.Single(net.Packets).IcmpData);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(46)]
    [InlineData(1500)]
    [InlineData(1535)]
    public void A2_802_3_frames_are_dropped_unharmed(int length)
    {
        TestNetwork net = Begin();
        byte[] frame = net.EchoRequest();
        Wire.Put16(frame, 12, length);
        net.Deliver(frame);
        Assert.Empty(net.Packets);
        Assert.Equal(1u, net.Stack.Ethernet.Counters.Ieee8023);
        net.AssertAlive();
    }

    [Theory]
    [InlineData(0x8100)]
    [InlineData(0x88A8)]
    public void A2_frames_with_a_VLAN_tag_or_LLC_in_front_of_a_good_packet_are_dropped_and_counted(int tag)
    {
        TestNetwork net = Begin();
        byte[] good = net.EchoRequest();

        // 802.1Q: the tag stands between the addresses and the type
        net.Deliver([.. good[..12], (byte)(tag >> 8), (byte)tag, 0, 0, .. good[12..]]);
        Assert.Equal(1u, net.Stack.Ethernet.Counters.UnknownType);

        // 802.3 with LLC and SNAP (RFC 1042): legal, but a host may refuse to speak it (RFC 1122 section 2.3.3)
        int length = good.Length - 14 + 8;
        net.Deliver([.. good[..12], (byte)(length >> 8), (byte)length, 0xAA, 0xAA, 3, 0, 0, 0, .. good[12..]]);
        Assert.Equal(1u, net.Stack.Ethernet.Counters.Ieee8023);
        Assert.Equal(0u, net.Stack.IPv4.Counters.PacketsReceived);
        Assert.Empty(net.Packets);
        net.AssertAlive();
    }

    [Theory]
    [InlineData(0x86DD)]
    [InlineData(0x8100)]
    [InlineData(0x8035)]
    [InlineData(0xFFFF)]
    public void A3_unknown_types_are_dropped_and_counted(int type)
    {
        TestNetwork net = Begin();
        byte[] frame = net.EchoRequest();
        Wire.Put16(frame, 12, type);
        net.Deliver(frame);
        Assert.Empty(net.Packets);
        Assert.Equal(1u, net.Stack.Ethernet.Counters.UnknownType);
    }

    [Fact]
    public void A4_frames_for_other_stations_and_groups_are_dropped()
    {
        TestNetwork net = Begin();
        ulong[] others =
            [TestNetwork.StackMac + 1, TestNetwork.StackMac ^ 0x020000000000, 0x01005E000001, 0x0180C2000000, 0xFFFFFFFFFFFE];
        foreach (ulong mac in others)
        {
            byte[] frame = net.EchoRequest();
            Wire.Put48(frame, 0, mac);
            net.Deliver(frame);
        }

        Assert.Empty(net.Packets);
        Assert.Equal(5u, net.Stack.Ethernet.Counters.NotForUs);
    }

    [Fact]
    public void Frames_from_a_group_or_from_ourselves_are_dropped()
    {
        TestNetwork net = Begin();
        foreach (ulong mac in new ulong[] { TestHost.BroadcastMac, 0x01005E000001, TestNetwork.StackMac })
        {
            byte[] frame = net.EchoRequest();
            Wire.Put48(frame, 6, mac);
            net.Deliver(frame);
        }

        Assert.Empty(net.Packets);
        Assert.Equal(3u, net.Stack.Ethernet.Counters.BadSource);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(15)]
    public void B1_other_versions_are_dropped(int version)
    {
        TestNetwork net = Begin();
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, Ping, version: version));
        Assert.Empty(net.Packets);
        Assert.Equal(1u, net.Stack.IPv4.Counters.BadVersion);
        net.AssertAlive();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    public void B7_B8_any_TTL_is_delivered_and_ours_is_64(int ttl)
    {
        TestNetwork net = Begin();
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, Ping, ttl: ttl));
        Assert.Equal(64, Assert.Single(net.Packets).Ttl);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0 255 255 255")]
    [InlineData("1 1 1 0")]
    [InlineData("7 3 4")]
    [InlineData("7 7 0 0 0 0 0")]
    [InlineData("7 7 255 0 0 0 0")]
    [InlineData("68 4 5 0")]
    [InlineData("148 4 0 0")]
    [InlineData("200 2")]
    [InlineData("200 8 1 2 3 4 5 6 1")]
    public void B9_B10_options_that_are_well_formed_are_passed_over(string options)
    {
        TestNetwork net = Begin();
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, Ping, options: Bytes(options)));
        Assert.Equal(Ping[8..], Assert.Single(net.Packets).IcmpData);
    }

    [Fact]
    public void B12_a_packet_for_one_host_in_a_frame_for_all_is_dropped()
    {
        TestNetwork net = Begin();
        net.Deliver(FrameBuilder.Ethernet(
            TestHost.BroadcastMac, net.Client.Mac, 0x0800, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, Ping)));
        Assert.Empty(net.Packets);
        Assert.Equal(1u, net.Stack.IPv4.Counters.NotForUs);
    }

    [Fact]
    public void B12_both_broadcast_addresses_are_received()
    {
        TestNetwork net = Begin();
        foreach (uint target in new[] { TestNetwork.SubnetBroadcast, 0xFFFFFFFFu })
        {
            net.Deliver(FrameBuilder.Ethernet(
                TestHost.BroadcastMac, net.Client.Mac, 0x0800, FrameBuilder.Ip(net.Client.Ip, target, 1, Ping)));
        }

        Assert.Equal(2u, net.Stack.IPv4.Counters.PacketsDelivered);
    }

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0x4000)]
    [InlineData(0x8000)]
    public void A_packet_that_is_whole_is_no_fragment_whatever_its_other_flags(int flags)
    {
        TestNetwork net = Begin();
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, Ping, flagsAndOffset: flags));
        Assert.Single(net.Packets);
    }

    [Fact]
    public void B23_what_is_off_link_goes_to_the_gateways_MAC_with_its_own_address()
    {
        TestNetwork net = Begin();
        net.DeliverIp(net.Far, FrameBuilder.Ip(net.Far.Ip, TestNetwork.StackIp, 1, Ping));
        SeenFrame reply = Assert.Single(net.Packets);
        Assert.Equal(TestNetwork.GatewayMac, reply.Destination);
        Assert.Equal(net.Far.Ip, reply.IpDestination);
        Assert.Equal([TestNetwork.GatewayIp], net.Arps.Select(a => a.ArpTargetIp));
    }

    [Fact]
    public void B24_without_a_gateway_an_answer_to_a_far_host_is_dropped_and_counted()
    {
        TestNetwork net = Begin();
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
        net.Poll();
        net.Arps.Clear();
        net.DeliverIp(net.Far, FrameBuilder.Ip(net.Far.Ip, TestNetwork.StackIp, 1, Ping));
        Assert.Empty(net.Packets);
        Assert.Empty(net.Arps);
        Assert.Equal(1u, net.Stack.IPv4.Counters.NoRoute);
    }

    [Theory]
    [InlineData("255.255.255.255", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.254", true)]
    [InlineData("255.255.255.248", true)]
    [InlineData("255.0.0.0", false)]
    public void B25_edge_masks_tell_on_link_from_off_link(string mask, bool viaGateway)
    {
        TestNetwork net = Begin();
        uint gateway = Wire.Address(mask is "255.255.255.254" or "255.255.255.248" ? "192.168.1.51" : "192.168.1.254");
        net.AddHost(TestNetwork.GatewayMac, gateway);
        Assert.Equal(0, net.Stack.Configure(TestNetwork.StackIp, Wire.Address(mask), gateway));
        net.Poll();
        net.Arps.Clear();
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, Ping));
        Assert.Equal([viaGateway ? gateway : net.Client.Ip], net.Arps.Select(a => a.ArpTargetIp));
        Assert.Equal(viaGateway ? TestNetwork.GatewayMac : net.Client.Mac, Assert.Single(net.Packets).Destination);
    }

    [Theory]
    [InlineData("192.168.1.50", "255.255.255.0", "192.168.1.255", true)]
    [InlineData("192.168.1.50", "255.255.255.0", "192.168.2.255", false)]
    [InlineData("192.168.1.50", "255.255.255.0", "255.255.255.255", true)]
    [InlineData("192.168.1.50", "255.255.255.255", "192.168.1.50", false)]
    [InlineData("192.168.1.50", "255.255.255.254", "192.168.1.51", false)]
    [InlineData("192.168.1.50", "255.255.255.252", "192.168.1.51", true)]
    [InlineData("192.168.1.50", "0.0.0.0", "192.168.1.255", false)]
    [InlineData("10.1.2.3", "255.0.0.0", "10.255.255.255", true)]
    public void B25_broadcast_addresses_of_any_mask(string ip, string mask, string address, bool broadcast)
    {
        TestNetwork net = Begin();
        net.Stack.Configure(Wire.Address(ip), Wire.Address(mask), 0);
        net.Poll();
        Assert.Equal(broadcast, net.Stack.IPv4.IsBroadcast(Wire.Address(address)));
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
        net.Poll();
    }

    [Fact]
    public void B22_identifications_differ_from_packet_to_packet()
    {
        TestNetwork net = Begin();
        for (int i = 0; i < 300; i++)
        {
            net.Deliver(net.EchoRequest(i));
        }

        Assert.Equal(300, net.Packets.Select(p => Wire.Get16(p.Bytes, 18)).Distinct().Count());
    }

    [Theory]
    [InlineData("192.168.1.50", 0xC0A80132u)]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("255.255.255.255", 0xFFFFFFFFu)]
    public void Addresses_are_read_and_written_in_dotted_decimal(string text, uint address)
    {
        Assert.Equal(address, IPv4Address.Parse(text));
        Assert.Equal(text, IPv4Address.ToString(address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.-1")]
    [InlineData("1.2..4")]
    [InlineData("a.b.c.d")]
    [InlineData("1.2.3.+4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.99999999999")]
    [InlineData(null)]
    public void Text_that_is_no_address_is_refused(string? text)
    {
        Assert.Throws<ArgumentException>(() => IPv4Address.Parse(text!));
    }

    private static byte[] Bytes(string text) => [.. text.Split(' ').Select(byte.Parse)];
}
