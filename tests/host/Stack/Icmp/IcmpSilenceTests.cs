// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;

namespace HostTests.Stack.Icmp;

/// <summary>What is heard and not answered, and what is heard and not obeyed (RFC 1122 section 3.2.2, RFC 6633, RFC 6918).</summary>
public sealed class IcmpSilenceTests : StackTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(99)]
    public void C6_no_error_in_answer_to_an_ICMP_message_other_than_a_query(int type)
    {
        TestNetwork net = Begin();
        byte[] nobodys = FrameBuilder.Ip(TestNetwork.StackIp, net.Client.Ip, 99, new byte[8]);
        for (int code = 0; code < 16; code++)
        {
            net.DeliverIp(net.Client, FrameBuilder.Ip(
                net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(type, code, [0, 0, 0, 0, .. nobodys])));
        }

        Assert.Empty(net.Packets);
        Assert.Equal(0u, net.Stack.Icmp.Counters.ErrorsSent);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(99)]
    public void C6_no_error_for_a_later_fragment(int protocol)
    {
        TestNetwork net = Begin();
        foreach (int flagsAndOffset in new[] { 0x0001, 0x2001, 0x0100 })
        {
            net.DeliverIp(
                net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, protocol, new byte[32], flagsAndOffset: flagsAndOffset));
        }

        net.Advance(130000);
        Assert.Empty(net.Packets);
        Assert.Equal(0u, net.Stack.Icmp.Counters.ErrorsSent);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.5")]
    [InlineData("255.255.255.255")]
    [InlineData("192.168.1.255")]
    public void C6_no_error_to_an_address_that_is_not_one_host(string source)
    {
        TestNetwork net = Begin();
        uint from = Wire.Address(source);
        net.DeliverIp(net.Client, FrameBuilder.Ip(from, TestNetwork.StackIp, 99, new byte[8]));
        net.DeliverIp(net.Client, FrameBuilder.Ip(from, TestNetwork.StackIp, 17, FrameBuilder.Udp(from, TestNetwork.StackIp, 5, 6, [])));
        net.DeliverIp(net.Client, FrameBuilder.Ip(from, TestNetwork.StackIp, 17, new byte[64], flagsAndOffset: 0x2000));
        net.Advance(70000);
        Assert.Empty(net.Packets);
        Assert.Equal(0u, net.Stack.Icmp.Counters.ErrorsSent);
    }

    [Theory]
    [InlineData("224.0.0.1", 0x01005E000001)]
    [InlineData("239.1.2.3", 0x01005E010203)]
    public void C6_no_error_for_what_went_to_a_group(string destination, ulong mac)
    {
        TestNetwork net = Begin();
        uint to = Wire.Address(destination);
        foreach (ulong station in new[] { mac, TestHost.BroadcastMac, TestNetwork.StackMac })
        {
            foreach (byte[] packet in new[]
            {
                FrameBuilder.Ip(net.Client.Ip, to, 99, new byte[8]),
                FrameBuilder.Ip(net.Client.Ip, to, 17, FrameBuilder.Udp(net.Client.Ip, to, 5, 6, [])),
                FrameBuilder.Ip(net.Client.Ip, to, 17, new byte[64], flagsAndOffset: 0x2000),
            })
            {
                net.Deliver(FrameBuilder.Ethernet(station, net.Client.Mac, 0x0800, packet));
            }
        }

        net.Advance(70000);
        Assert.DoesNotContain(net.Packets, p => p.IsIcmp);
        Assert.Equal(0u, net.Stack.Icmp.Counters.ErrorsSent);
    }

    [Fact]
    public void C6_no_error_for_what_came_in_a_frame_for_all()
    {
        TestNetwork net = Begin();
        foreach (int protocol in new[] { 17, 99 })
        {
            byte[] packet = FrameBuilder.Ip(
                net.Client.Ip, TestNetwork.StackIp, protocol, FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 1, 2, []));
            net.Deliver(FrameBuilder.Ethernet(TestHost.BroadcastMac, net.Client.Mac, 0x0800, packet));
        }

        Assert.Empty(net.Packets);
    }

    [Fact]
    public void C10_an_error_about_fragments_takes_its_share_of_the_allowance()
    {
        TestNetwork net = Begin();
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, new byte[64], flagsAndOffset: 0x2000));
        net.Advance(59999);
        for (int i = 0; i < 30; i++)
        {
            net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 99, new byte[20]));
        }

        net.Packets.Clear();
        net.Advance(1);
        Assert.Empty(net.Packets);
        Assert.Equal(1u, net.Stack.IPv4.Counters.ReassemblyTimeouts);
        Assert.Equal(21u, net.Stack.Icmp.Counters.ErrorsLimited);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void C16_redirects_are_ignored_and_counted(int code)
    {
        TestNetwork net = Begin();
        net.Deliver(net.EchoRequest(1, from: net.Far));
        byte[] sent = Assert.Single(net.Packets).Bytes;
        net.Packets.Clear();
        TestHost better = net.AddHost(0x020000000099, Wire.Address("192.168.1.99"));
        byte[] body = new byte[32];
        Wire.Put32(body, 0, better.Ip);
        sent.AsSpan(14, 28).CopyTo(body.AsSpan(4));
        net.DeliverIp(net.Gateway, FrameBuilder.Ip(net.Gateway.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(5, code, body)));
        Assert.Equal(1u, net.Stack.Icmp.Counters.RedirectsIgnored);
        net.Deliver(net.EchoRequest(2, from: net.Far));
        Assert.Equal(TestNetwork.GatewayMac, Assert.Single(net.Packets).Destination);
        Assert.DoesNotContain(net.Arps, a => a.ArpTargetIp == better.Ip);
    }

    [Fact]
    public void C12_source_quenches_are_ignored_and_counted()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        peer.Window = 30000;
        int socket = peer.OpenTo(net.Listen());
        net.Sockets.SetNoDelay(socket, true);
        net.Write(socket, Wire.PatternBytes(1, 1000));
        byte[] body = new byte[32];
        peer.Expect("PA", len: 1000).Bytes.AsSpan(14, 28).CopyTo(body.AsSpan(4));
        net.DeliverIp(net.Gateway, FrameBuilder.Ip(net.Gateway.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(4, 0, body)));
        Assert.Equal(1u, net.Stack.Icmp.Counters.SourceQuenchesIgnored);
        Assert.Equal(0u, net.Stack.Icmp.Counters.ErrorsReceived);

        // two more segments leave at once, as they would have without it
        net.Write(socket, Wire.PatternBytes(1001, 1000));
        peer.Expect("PA", seq: 1001, len: 1000);
        net.Write(socket, Wire.PatternBytes(2001, 1000));
        peer.Expect("PA", seq: 2001, len: 1000);
        net.Sockets.Abort(socket);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    public void C17_X35_what_would_tell_a_host_about_its_network_is_ignored_and_counted(int type)
    {
        TestNetwork net = Begin();
        byte[] body = new byte[16];
        Wire.Put32(body, 4, 0xFFFF0000);
        net.DeliverIp(net.Gateway, FrameBuilder.Ip(net.Gateway.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(type, 0, body)));
        Assert.Equal(1u, net.Stack.Icmp.Counters.QueriesIgnored);
        Assert.Equal(0u, net.Stack.Icmp.Counters.Ignored);
        Assert.Empty(net.Packets);
        Assert.Equal((TestNetwork.Netmask, TestNetwork.GatewayIp), (net.Stack.IPv4.Netmask, net.Stack.IPv4.Gateway));
        Assert.True(IcmpHeader.IsQuery(type));
    }

    [Fact]
    public void C5_types_that_nobody_knows_are_ignored_and_counted()
    {
        TestNetwork net = Begin();
        int[] known = [0, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
        for (int type = 0; type < 256; type++)
        {
            if (!known.Contains(type))
            {
                net.DeliverIp(
                    net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(type, 0, new byte[12])));
            }
        }

        Assert.Equal((uint)(256 - known.Length), net.Stack.Icmp.Counters.Ignored);
        Assert.Empty(net.Packets);
    }
}
