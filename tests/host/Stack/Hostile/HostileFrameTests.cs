// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using Xunit;

namespace HostTests.Stack.Hostile;

/// <summary>Frames and packets that broke other stacks (tcpip-behaviours.md, section 5.2), those that no other suite has.</summary>
public sealed class HostileFrameTests : StackTest
{
    [Fact]
    public void H1_frames_of_0_to_13_bytes_and_of_a_header_alone_are_dropped()
    {
        TestNetwork net = Begin();
        byte[] good = net.EchoRequest();
        for (int length = 0; length < 14; length++)
        {
            net.Deliver(good[..length]);
        }

        Assert.Equal(14u, net.Stack.Ethernet.Counters.TooShort);
        foreach (int type in new[] { 0x0800, 0x0806, 0x86DD, 0, 0xFFFF })
        {
            byte[] header = good[..14];
            Wire.Put16(header, 12, type);
            net.Deliver(header);
        }

        Assert.Empty(net.Packets);
        net.AssertAlive();
    }

    [Fact]
    public void H2_frames_longer_than_Ethernet_allows_are_dropped()
    {
        TestNetwork net = Begin();
        byte[] data = new byte[1473];
        net.Deliver(net.EchoRequest(1, data));
        net.Deliver(net.EchoRequest(1, new byte[1490]));
        Assert.Empty(net.Packets);
        net.AssertAlive();
    }

    [Theory]
    [InlineData(0x2000, 8, 0x0001, 24)]
    [InlineData(0x2000, 32, 0x0002, 24)]
    [InlineData(0x2001, 32, 0x2000, 16)]
    public void H15_overlapping_fragments_are_dropped(int first, int firstLength, int second, int secondLength)
    {
        TestNetwork net = Begin();
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, new byte[firstLength], flagsAndOffset: first));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, new byte[secondLength], flagsAndOffset: second));
        net.Advance(70000);
        Assert.DoesNotContain(net.Packets, p => p.IcmpType == 0);
        net.AssertAlive();
    }

    [Fact]
    public void H18_a_fragment_with_IHL_0_and_total_length_0_is_dropped()
    {
        TestNetwork net = Begin();
        net.DeliverIp(net.Client, FrameBuilder.Ip(
            net.Client.Ip, TestNetwork.StackIp, 1, new byte[24], headerWords: 0, totalLength: 0, flagsAndOffset: 0x2000));
        Assert.Empty(net.Packets);
        net.AssertAlive();
    }

    [Fact]
    public void H19_100_first_fragments_that_are_never_completed_hold_no_more_than_a_bounded_place()
    {
        TestNetwork net = Begin();
        for (int i = 0; i < 100; i++)
        {
            net.DeliverIp(
                net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, new byte[1400], id: i, flagsAndOffset: 0x2000));
        }

        Assert.True(net.Stack.Pool.FreeLargest() >= net.Stack.Pool.Total(net.Stack.Pool.Classes - 1) - 2);
        net.AssertAlive();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void H23_IP_in_IP_is_not_opened(int levels)
    {
        TestNetwork net = Begin();
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Echo(1, 1, new byte[8]));
        for (int i = 0; i < levels; i++)
        {
            packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 4, [.. packet, .. new byte[i]]);
        }

        net.DeliverIp(net.Client, packet);
        Assert.DoesNotContain(net.Packets, p => p.IcmpType == 0);
        net.AssertAlive();
    }

    [Theory]
    [InlineData("192.168.1.254", "10.0.0.99")]
    [InlineData("192.168.1.254", "192.168.1.66")]
    [InlineData("192.168.1.66", "192.168.1.67")]
    public void H34_redirects_change_nothing(string from, string to)
    {
        TestNetwork net = Begin();
        byte[] body = new byte[32];
        Wire.Put32(body, 0, Wire.Address(to));
        FrameBuilder.Ip(TestNetwork.StackIp, net.Far.Ip, 6, new byte[8]).AsSpan(0, 28).CopyTo(body.AsSpan(4));
        net.DeliverIp(net.Gateway, FrameBuilder.Ip(Wire.Address(from), TestNetwork.StackIp, 1, FrameBuilder.Icmp(5, 1, body)));
        net.Packets.Clear();
        net.Deliver(net.EchoRequest(1, from: net.Far));
        Assert.Equal(TestNetwork.GatewayMac, Assert.Single(net.Packets).Destination);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    public void H37_IGMP_is_dropped_or_refused(int length)
    {
        TestNetwork net = Begin();
        byte[] message = new byte[length];
        message[0] = 0x11;
        if (length == 12)
        {
            Wire.Put16(message, 10, 0xFFFF);
        }

        uint all = Wire.Address("224.0.0.1");
        net.Deliver(FrameBuilder.Ethernet(0x01005E000001, net.Client.Mac, 0x0800, FrameBuilder.Ip(net.Client.Ip, all, 2, message)));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, all, 2, message));
        Assert.Empty(net.Packets);
        net.AssertAlive();
    }

    [Fact]
    public void A_flood_that_fills_every_frame_costs_only_what_is_flooded()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        net.Interface.Busy = true;
        for (int i = 0; i < 200; i++)
        {
            net.Deliver(net.EchoRequest(i, new byte[1000]));
        }

        net.Interface.Busy = false;
        net.Poll();
        net.Packets.Clear();
        net.AssertAlive();
        peer.Send("PA", text: "after");
        Assert.Equal("after"u8.ToArray(), net.Read(socket));
    }

    [Fact]
    public void Etherleak_answers_to_short_packets_hold_nothing_of_earlier_ones()
    {
        TestNetwork net = Begin();
        net.Deliver(net.EchoRequest(1, System.Text.Encoding.ASCII.GetBytes(new string('S', 1400))));
        net.Packets.Clear();
        net.Deliver(net.EchoRequest(2, [1]));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 99, [7]));
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, net.Client.Mac, 1, net.Client.Mac, net.Client.Ip, 0, TestNetwork.StackIp));
        Assert.Equal(2, net.Packets.Count);
        Assert.All(net.Packets.Concat(net.Arps), p => Assert.DoesNotContain((byte)'S', p.Bytes));
    }
}
