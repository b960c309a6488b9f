// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Ethernet;

namespace HostTests.Stack.Hostile;

/// <summary>Inputs 1 to 8 of HOSTILE.md: Ethernet and ARP.</summary>
public sealed class HostileLinkTests : HostileTest
{
    private const ulong Mallory = 0x0200000000BB;

    [Fact]
    public void X1_a_frame_shorter_than_its_header_and_a_header_alone()
    {
        EthernetCounters counters = Net.Stack.Ethernet.Counters;
        byte[] good = Net.EchoRequest();
        for (int length = 0; length < 14; length++)
        {
            Strike(good[..length]);
        }

        Assert.Equal(14u, counters.TooShort);
        uint badIp = Net.Stack.IPv4.Counters.BadLength;
        uint badArp = Net.Stack.Arp.Counters.Malformed;
        foreach (int type in new[] { 0x0800, 0x0806, 0x86DD, 0, 0xFFFF })
        {
            byte[] header = good[..14];
            Wire.Put16(header, 12, type);
            Strike(header);
        }

        Assert.Equal(badIp + 1, Net.Stack.IPv4.Counters.BadLength);
        Assert.Equal(badArp + 1, Net.Stack.Arp.Counters.Malformed);
        Assert.Equal(2u, counters.UnknownType);
        Assert.Equal(1u, counters.Ieee8023);
        AssertSilence();
        AssertServed();
    }

    [Fact]
    public void X2_a_frame_longer_than_Ethernet_allows()
    {
        // what the chip says of lengths is the driver's to doubt; what gets past it is the stack's
        Strike(FrameBuilder.Ethernet(TestNetwork.StackMac, Net.Client.Mac, 0x0800, new byte[1501]));
        Strike(Net.EchoRequest(1, new byte[1473]));
        Strike(Net.EchoRequest(1, new byte[1490]));
        Assert.True(Net.Stack.Ethernet.Counters.TooLong + Net.Interface.NoPlace >= 3);
        AssertSilence();
        AssertServed();
    }

    [Fact]
    public void A10_X3_an_ARP_packet_cut_off_anywhere()
    {
        byte[] request = Request(Mallory, Wire.Address("192.168.1.77"))[..42];
        for (int length = 14; length < 42; length++)
        {
            Strike(request[..length]);
        }

        Assert.Equal(28u, Net.Stack.Arp.Counters.Malformed);
        Assert.DoesNotContain(Net.Arps, a => a.ArpOperation == 2);
        Strike(request);
        Assert.Contains(Net.Arps, a => a.ArpOperation == 2);
        AssertServed();
    }

    [Theory]
    [InlineData(1, 0x0800, 16, 4)]
    [InlineData(1, 0x0800, 6, 255)]
    [InlineData(1, 0x0800, 255, 255)]
    [InlineData(1, 0x0800, 0, 0)]
    [InlineData(6, 0x0800, 6, 4)]
    [InlineData(1, 0x86DD, 6, 16)]
    [InlineData(1, 0x86DD, 6, 4)]
    [InlineData(0, 0x0800, 6, 4)]
    [InlineData(1, 0x0800, 6, 16)]
    public void A9_X4_an_ARP_packet_whose_address_lengths_lie(int hardware, int protocol, int hardwareLength, int protocolLength)
    {
        _ = Net;
        byte[] request = Request(Mallory, Wire.Address("192.168.1.77"));
        Wire.Put16(request, 14, hardware);
        Wire.Put16(request, 16, protocol);
        request[18] = (byte)hardwareLength;
        request[19] = (byte)protocolLength;
        Strike(request);
        Assert.Equal(1u, Net.Stack.Arp.Counters.Malformed);
        Assert.DoesNotContain(Net.Arps, a => a.ArpOperation == 2);
        AssertServed();
    }

    [Fact]
    public void X5_ARP_replies_that_nobody_asked_for_in_the_gateways_name()
    {
        // the gateway is in use, so there is an entry to steal
        Net.Deliver(Net.EchoRequest(1, from: Net.Far));
        Net.Advance(10_000);
        Net.Packets.Clear();
        int asked = Net.Arps.Count;
        for (int i = 0; i < 200; i++)
        {
            Strike(FrameBuilder.Arp(
                TestNetwork.StackMac, Mallory, 2, Mallory, TestNetwork.GatewayIp, TestNetwork.StackMac, TestNetwork.StackIp));
            Wait(20);
        }

        // at worst the stack asks, a question a second, and the gateway answers
        Assert.InRange(Net.Arps.Count - asked, 0, 10);
        Assert.True(Net.Stack.Arp.Counters.Unsolicited > 0);
        Wait(3000);
        Net.Packets.Clear();
        Net.Deliver(Net.EchoRequest(1, from: Net.Far));
        Assert.Equal(TestNetwork.GatewayMac, Assert.Single(Net.Packets).Destination);
        AssertServed();
    }

    [Theory]
    [InlineData(0xFFFFFFFFFFFFUL, "192.168.1.66")]
    [InlineData(0x01005E000001UL, "192.168.1.66")]
    [InlineData(0x0300000000AAUL, "192.168.1.66")]
    [InlineData(Mallory, "192.168.1.255")]
    [InlineData(Mallory, "255.255.255.255")]
    [InlineData(Mallory, "224.0.0.1")]
    [InlineData(Mallory, "127.0.0.1")]
    [InlineData(Mallory, "240.0.0.1")]
    public void A12_X6_ARP_from_what_is_not_one_host(ulong sender, string address)
    {
        uint ip = Wire.Address(address);
        Net.AddHost(Mallory, ip).AnswersArp = false;
        Strike(FrameBuilder.Arp(TestHost.BroadcastMac, Mallory, 1, sender, ip, 0, TestNetwork.StackIp));
        Assert.Equal(1u, Net.Stack.Arp.Counters.BadSender);
        Assert.DoesNotContain(Net.Arps, a => a.ArpOperation == 2);

        // nothing was learnt: a packet for it is asked for if it may be a neighbour's, and not sent to a group
        StrikeIp(FrameBuilder.Ip(ip, TestNetwork.StackIp, 1, FrameBuilder.Echo(1, 1, [1])));
        AssertSilence();
        AssertServed();
    }

    [Fact]
    public void X7_somebody_claims_our_address_a_thousand_times_a_second()
    {
        Net.Advance(10_000);
        int announced = Net.Announcements.Count;
        for (int i = 0; i < 5000; i++)
        {
            Strike(FrameBuilder.Arp(TestHost.BroadcastMac, Mallory, 1, Mallory, TestNetwork.StackIp, 0, TestNetwork.StackIp));
            Wait(1);
        }

        ArpCounters counters = Net.Stack.Arp.Counters;
        Assert.Equal(5000u, counters.Conflicts);
        Assert.Equal(1u, counters.Defences);
        Assert.Equal(1, Net.Announcements.Count - announced);
        Assert.Equal(AddressState.InUse, Net.Stack.Arp.AddressState);
        AssertServed();
    }

    [Fact]
    public void A18_X8_a_thousand_askers_with_addresses_of_their_own()
    {
        Net.Deliver(Net.EchoRequest(1, from: Net.Far));
        Net.Packets.Clear();
        int questions = Net.Arps.Count(a => a.ArpOperation == 1);
        int answers = Net.Arps.Count - questions;
        for (int i = 0; i < 1000; i++)
        {
            Strike(Request(0x020000010000UL + (ulong)i, Wire.Address("192.168.1.100") + (uint)(i % 100)));
        }

        Assert.True(Net.Stack.Arp.Counters.Evictions > 900);
        Assert.Equal(1000, Net.Arps.Count(a => a.ArpOperation == 2) - answers);
        Net.Deliver(Net.EchoRequest(2, from: Net.Far));
        Assert.Equal(TestNetwork.GatewayMac, Assert.Single(Net.Packets).Destination);
        Assert.Equal(questions, Net.Arps.Count(a => a.ArpOperation == 1));
        AssertServed();
    }

    private static byte[] Request(ulong mac, uint ip) => FrameBuilder.Arp(TestHost.BroadcastMac, mac, 1, mac, ip, 0, TestNetwork.StackIp);
}
