// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;

namespace HostTests.Stack.Arp;

/// <summary>ARP answers, learns, asks, ages (RFC 826, RFC 1122 section 2.3.2, RFC 5227).</summary>
public sealed class ArpTests : StackTest
{
    private const ulong Stranger = 0x020000000033;

    private static readonly uint StrangerIp = Wire.Address("192.168.1.33");

    [Theory, BothOrders]
    public void A5_a_request_for_us_is_answered_to_who_asked(WordOrder order)
    {
        TestNetwork net = Begin(order);
        net.Deliver(Request(Stranger, StrangerIp, TestNetwork.StackIp));
        SeenFrame reply = Assert.Single(net.Arps);
        Assert.Equal(2, reply.ArpOperation);
        Assert.Equal(Stranger, reply.Destination);
        Assert.Equal(Stranger, reply.ArpTargetMac);
        Assert.Equal(StrangerIp, reply.ArpTargetIp);
        Assert.Equal(1u, net.Stack.Arp.Counters.RepliesSent);
    }

    [Fact]
    public void A5_a_unicast_request_is_answered_too()
    {
        TestNetwork net = Begin();
        net.Deliver(FrameBuilder.Arp(TestNetwork.StackMac, Stranger, 1, Stranger, StrangerIp, 0, TestNetwork.StackIp));
        Assert.Equal(2, Assert.Single(net.Arps).ArpOperation);
    }

    [Fact]
    public void A6_a_request_for_another_is_not_answered()
    {
        TestNetwork net = Begin();
        foreach (string other in new[] { "192.168.1.51", "192.168.1.255", "255.255.255.255", "0.0.0.0" })
        {
            net.Deliver(Request(Stranger, StrangerIp, Wire.Address(other)));
        }

        Assert.Empty(net.Arps);
    }

    [Fact]
    public void A7_a_known_neighbour_is_updated_by_any_request_of_its_own()
    {
        TestNetwork net = Begin();
        Learn(net, Stranger, StrangerIp);
        net.Deliver(Request(Stranger + 1, StrangerIp, Wire.Address("192.168.1.99")));
        Assert.Equal(Stranger + 1, WhereTo(net, StrangerIp));
    }

    [Fact]
    public void A8_a_new_neighbour_is_learnt_only_when_it_asks_for_us()
    {
        TestNetwork net = Begin();
        net.Deliver(Request(Stranger, StrangerIp, Wire.Address("192.168.1.99")));
        Assert.Null(Row(net, StrangerIp));
        Learn(net, Stranger, StrangerIp);
        Assert.Equal(ArpEntryState.Reachable, Row(net, StrangerIp));
        Assert.Equal(Stranger, WhereTo(net, StrangerIp));
        Assert.Empty(net.Arps);
    }

    [Fact]
    public void A11_a_probe_for_our_address_is_answered_and_0_0_0_0_is_never_cached()
    {
        TestNetwork net = Begin();
        net.Deliver(Request(Stranger, 0, TestNetwork.StackIp));
        SeenFrame reply = Assert.Single(net.Arps);
        Assert.Equal(Stranger, reply.Destination);
        Assert.Equal(0u, reply.ArpTargetIp);
        Assert.Null(Row(net, 0));
    }

    [Fact]
    public void A12_a_probe_in_the_name_of_a_group_is_not_answered_to_the_group()
    {
        TestNetwork net = Begin();
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, TestHost.BroadcastMac, 0, 0, TestNetwork.StackIp));
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, 0x01005E000001, 0, 0, TestNetwork.StackIp));
        Assert.Empty(net.Arps);
    }

    [Fact]
    public void A13_an_entry_that_is_not_used_is_forgotten_after_a_minute()
    {
        TestNetwork net = Begin();
        Learn(net, Stranger, StrangerIp);
        net.Advance(59999);
        Assert.Equal(ArpEntryState.Reachable, Row(net, StrangerIp));
        net.Advance(1);
        Assert.Null(Row(net, StrangerIp));
        Assert.Empty(net.Arps);
    }

    [Fact]
    public void A13_an_entry_in_use_is_confirmed_by_asking_its_owner_alone()
    {
        TestNetwork net = Begin();
        net.AssertAlive();
        net.Advance(40000);
        net.AssertAlive();
        net.Arps.Clear();
        net.Advance(9999);
        Assert.Empty(net.Arps);
        net.Advance(2);
        SeenFrame request = Assert.Single(net.Arps);
        Assert.Equal(1, request.ArpOperation);
        Assert.Equal(net.Client.Mac, request.Destination);

        // it has answered: another minute
        net.Advance(45000);
        Assert.Single(net.Arps);
        Assert.Equal(ArpEntryState.Reachable, Row(net, net.Client.Ip));
    }

    [Fact]
    public void A13_an_entry_in_use_whose_owner_is_gone_is_forgotten()
    {
        TestNetwork net = Begin();
        net.AssertAlive();
        net.Advance(40000);
        net.AssertAlive();
        net.Arps.Clear();
        net.Client.AnswersArp = false;
        net.Advance(20000);
        Assert.Null(Row(net, net.Client.Ip));
        Assert.InRange(net.Arps.Count, 2, 10);
        Assert.All(net.Arps, a => Assert.Equal(net.Client.Mac, a.Destination));
        Assert.All(net.Arps.Zip(net.Arps.Skip(1)), pair => Assert.True(pair.Second.Time - pair.First.Time >= 1000));
    }

    [Fact]
    public void A14_A15_one_request_a_second_and_the_latest_packet_waits()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        for (int i = 0; i < 10; i++)
        {
            net.Deliver(net.EchoRequest(i, Wire.PatternBytes(i, 32)));
        }

        Assert.Single(net.Arps);
        net.Advance(1500);
        Assert.Equal(2, net.Arps.Count);
        Assert.Equal(9u, net.Stack.Arp.Counters.ParkedDropped);
        net.Deliver(Reply(net.Client.Mac, net.Client.Ip));
        SeenFrame reply = Assert.Single(net.Packets);
        Assert.Equal(Wire.PatternBytes(9, 32), reply.IcmpData);
        Assert.Equal(net.Client.Mac, reply.Destination);
    }

    [Fact]
    public void A16_after_3_tries_the_packet_is_dropped_and_for_a_while_nobody_is_asked()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        net.Deliver(net.EchoRequest());
        int start = net.Now;
        net.Advance(2999);
        Assert.Equal([0, 1000, 2000], net.Arps.Select(a => a.Time - start));
        Assert.Equal(ArpEntryState.Incomplete, Row(net, net.Client.Ip));
        net.Advance(1);
        Assert.Equal(ArpEntryState.Failed, Row(net, net.Client.Ip));
        Assert.Equal(1u, net.Stack.Arp.Counters.Unresolved);
        Assert.Equal(net.Stack.Pool.Free, Enumerable.Range(0, net.Stack.Pool.Classes).Sum(net.Stack.Pool.Total));
        net.Deliver(net.EchoRequest());
        net.Advance(4999);
        Assert.Equal(3, net.Arps.Count);
        net.Advance(1);
        net.Deliver(net.EchoRequest());
        Assert.Equal(4, net.Arps.Count);
    }

    [Fact]
    public void A16_a_neighbour_that_comes_back_is_believed_at_once()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        net.Deliver(net.EchoRequest());
        net.Advance(3500);
        Learn(net, net.Client.Mac, net.Client.Ip);
        net.AssertAlive();
    }

    [Fact]
    public void A17_an_unasked_reply_makes_no_entry()
    {
        TestNetwork net = Begin();
        net.Deliver(Reply(Stranger, StrangerIp));
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 2, Stranger, StrangerIp, Stranger, StrangerIp));
        Assert.Null(Row(net, StrangerIp));
        Assert.Equal(2u, net.Stack.Arp.Counters.Unsolicited);
    }

    [Fact]
    public void A18_the_least_recently_used_entry_makes_room()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 3);
        for (uint i = 1; i <= 3; i++)
        {
            net.AddHost(0x020000000100UL + i, StrangerIp + i);
            Learn(net, 0x020000000100UL + i, StrangerIp + i);
            net.Advance(10);
        }

        WhereTo(net, StrangerIp + 1);
        Learn(net, 0x020000000104, StrangerIp + 4);
        Assert.NotNull(Row(net, StrangerIp + 1));
        Assert.Null(Row(net, StrangerIp + 2));
        Assert.NotNull(Row(net, StrangerIp + 3));
        Assert.NotNull(Row(net, StrangerIp + 4));
        Assert.Equal(1u, net.Stack.Arp.Counters.Evictions);
    }

    [Fact]
    public void A18_a_table_of_one_still_works()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 1);
        Assert.Equal(TestNetwork.GatewayMac, WhereTo(net, net.Far.Ip));
        net.AssertAlive();
        Assert.Equal(TestNetwork.GatewayMac, WhereTo(net, net.Far.Ip));
    }

    [Fact]
    public void Other_operations_are_dropped()
    {
        TestNetwork net = Begin();
        foreach (int operation in new[] { 0, 3, 4, 8, 0x100, 0x200, 0xFFFF })
        {
            net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, operation, Stranger, StrangerIp, 0, TestNetwork.StackIp));
        }

        Assert.Empty(net.Arps);
        Assert.Null(Row(net, StrangerIp));
    }

    [Fact]
    public void A24_with_the_link_down_the_cache_is_emptied_and_nothing_is_kept()
    {
        TestNetwork net = Begin();
        net.AssertAlive();
        net.Interface.Busy = true;
        net.Deliver(net.EchoRequest());
        net.Interface.IsLinkUp = false;
        net.Poll();
        Assert.Null(Row(net, net.Client.Ip));
        Assert.Equal(net.Stack.Pool.Free, Enumerable.Range(0, net.Stack.Pool.Classes).Sum(net.Stack.Pool.Total));
        net.Interface.Busy = false;
        net.Interface.IsLinkUp = true;
        net.Poll();
        Assert.Empty(net.Packets);
        net.AssertAlive();
    }

    [Fact]
    public void Without_an_address_nothing_is_answered()
    {
        TestNetwork net = Begin();
        net.Stack.Configure(0, 0, 0);
        net.Deliver(Request(Stranger, StrangerIp, 0));
        net.Deliver(Request(Stranger, 0, 0));
        net.Deliver(net.EchoRequest());
        Assert.Empty(net.Arps);
        Assert.Empty(net.Packets);
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
    }

    [Fact]
    public void A8_who_asks_from_another_network_is_answered_but_not_remembered()
    {
        // no packet is ever sent to such a neighbour, so it would only push out one that is of use
        TestNetwork net = Begin();
        net.Deliver(Request(Stranger, net.Far.Ip, TestNetwork.StackIp));
        Assert.Equal(2, Assert.Single(net.Arps).ArpOperation);
        Assert.DoesNotContain(net.Far.Ip, Rows(net));

        // in a network of one host the gateway is a neighbour wherever it is
        uint gateway = Wire.Address("10.0.0.1");
        Assert.Equal(0, net.Stack.Configure(TestNetwork.StackIp, 0xFFFFFFFF, gateway));
        net.Deliver(Request(Stranger, gateway, TestNetwork.StackIp));
        Assert.Contains(gateway, Rows(net));

        static IEnumerable<uint> Rows(TestNetwork net) =>
            Enumerable.Range(0, net.Stack.Arp.EntryCount)
                .Where(i => net.Stack.Arp.GetState(i) != ArpEntryState.Free)
                .Select(net.Stack.Arp.GetAddress);
    }

    private static byte[] Request(ulong mac, uint ip, uint target) =>
        FrameBuilder.Arp(TestHost.BroadcastMac, (mac & 0x010000000000) == 0 ? mac : Stranger, 1, mac, ip, 0, target);

    private static byte[] Reply(ulong mac, uint ip) =>
        FrameBuilder.Arp(TestNetwork.StackMac, mac, 2, mac, ip, TestNetwork.StackMac, TestNetwork.StackIp);

    private static void Learn(TestNetwork net, ulong mac, uint ip)
    {
        net.Deliver(Request(mac, ip, TestNetwork.StackIp));
        net.Arps.Clear();
    }

    /// <summary>The MAC address to which the stack sends what is for an IP address.</summary>
    private static ulong WhereTo(TestNetwork net, uint ip)
    {
        net.Packets.Clear();
        byte[] packet = FrameBuilder.Ip(ip, TestNetwork.StackIp, 1, FrameBuilder.Echo(1, 1, new byte[8]));
        net.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, Stranger, 0x0800, packet));
        ulong where = Assert.Single(net.Packets).Destination;
        net.Packets.Clear();
        return where;
    }

    private static ArpEntryState? Row(TestNetwork net, uint ip)
    {
        for (int row = 0; row < net.Stack.Arp.EntryCount; row++)
        {
            if (net.Stack.Arp.GetAddress(row) == ip && net.Stack.Arp.GetState(row) != ArpEntryState.Free)
            {
                return net.Stack.Arp.GetState(row);
            }
        }

        return null;
    }
}
