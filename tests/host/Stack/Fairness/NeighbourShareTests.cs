// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;

namespace HostTests.Stack.Fairness;

/// <summary>The table of neighbours under floods in the names of many: who is in use stays, who is new is heard, and the link is not flooded by us.</summary>
public sealed class NeighbourShareTests : FairnessTest
{
    private static readonly uint s_strangers = Wire.Address("192.168.1.100");

    [Theory]
    [InlineData("SYN")]
    [InlineData("echo")]
    [InlineData("ARP")]
    [InlineData("ARP and SYN")]
    public void Neighbours_in_use_survive_a_flood_in_the_names_of_many(string kind)
    {
        TestNetwork net = BeginSized("default");
        net.Listen();
        TestHost[] honest = [.. Enumerable.Range(0, 4).Select(i => net.AddHost(0x020000000020ul + (ulong)i, Wire.Address("192.168.1.20") + (uint)i))];
        for (int i = 0; i < 15; i++)
        {
            Array.ForEach(honest, h => net.Deliver(net.EchoRequest(1, null, h)));
            net.Advance(100);
        }

        net.Arps.Clear();
        int answered = 0;
        for (int t = 0; t < 5000; t++)
        {
            Strike(net, kind, t);
            net.Advance(1);
            if (t % 500 == 0)
            {
                net.Packets.Clear();
                Array.ForEach(honest, h => net.Deliver(net.EchoRequest(1, null, h)));
                answered += net.Packets.Count(p => p.IsIcmp && honest.Any(h => h.Ip == p.IpDestination));
            }
        }

        Assert.Equal(40, answered);
        Assert.DoesNotContain(net.Arps, a => honest.Any(h => h.Ip == a.ArpTargetIp));
    }

    [Theory]
    [InlineData("SYN")]
    [InlineData("echo")]
    [InlineData("ARP")]
    public void A_newcomer_is_answered_during_a_flood_in_the_names_of_many(string kind)
    {
        TestNetwork net = BeginSized("default");
        net.Listen();
        int answered = 0;
        for (int t = 0; t < 5000; t++)
        {
            Strike(net, kind, t);
            net.Advance(1);
            if (t % 500 == 250)
            {
                // as hosts do: it asks for our address, and then speaks
                TestHost host = net.AddHost(0x020000000040ul + (ulong)t, Wire.Address("192.168.1.40") + (uint)(t / 500));
                net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, host.Mac, 1, host.Mac, host.Ip, 0, TestNetwork.StackIp));
                Strike(net, kind, t + 7777);
                net.Packets.Clear();
                net.Deliver(net.EchoRequest(1, null, host));
                answered += net.Packets.Count(p => p.IsIcmp && p.IpDestination == host.Ip);
            }
        }

        Assert.Equal(10, answered);
    }

    [Theory]
    [InlineData("SYN")]
    [InlineData("echo")]
    public void We_can_still_connect_to_a_neighbour_that_is_new_during_a_flood(string kind)
    {
        TestNetwork net = BeginSized("default");
        net.Listen(81);
        for (int t = 0; t < 1500; t++)
        {
            Strike(net, kind, t);
            net.Advance(1);
        }

        TestHost server = net.AddHost(0x020000000060, Wire.Address("192.168.1.60"));
        TcpPeer peer = net.Peer(stackPort: 0, port: 7, host: server);
        int socket = net.Sockets.Socket();
        net.Sockets.Connect(socket, server.Ip, 7);
        int time = 0;
        while (peer.Waiting == 0 && time < 3000)
        {
            Strike(net, kind, 2000 + time);
            net.Advance(1);
            time++;
        }

        Assert.InRange(time, 0, 1000);
    }

    [Theory]
    [InlineData("SYN")]
    [InlineData("echo")]
    public void We_ask_for_a_few_addresses_a_second_and_for_each_once_a_second(string kind)
    {
        TestNetwork net = BeginSized("default");
        net.Listen();
        for (int t = 0; t < 10000; t++)
        {
            Strike(net, kind, t);
            net.Advance(1);
        }

        int[] perSecond = [.. net.Arps.Where(a => a.ArpOperation == 1).GroupBy(a => (a.Time - net.Start) / 1000).Select(g => g.Count())];

        // who sends a SYN is answered at the station that it came from; only our repetitions need an address
        Assert.True(perSecond.Length >= (kind == "SYN" ? 1 : 9), "nobody was asked for");
        Assert.True(perSecond.Max() <= 16 + net.Configuration.ArpEntries, $"{perSecond.Max()} requests in a second");
        foreach (IGrouping<uint, SeenFrame> requests in net.Arps.GroupBy(a => a.ArpTargetIp))
        {
            Assert.All(requests.Zip(requests.Skip(1)), pair => Assert.True(pair.Second.Time - pair.First.Time >= 1000));
        }
    }

    [Fact]
    public void A_newcomer_that_has_not_asked_for_us_is_answered_beside_neighbours_that_never_answer()
    {
        TestNetwork net = BeginSized("default");
        int answered = 0;
        for (int t = 0; t < 8000; t++)
        {
            if (t % 250 == 0)
            {
                Strike(net, "echo", t / 250);
            }

            if (t > 4000 && t % 400 == 130)
            {
                TestHost host = net.AddHost(0x020000000040ul + (ulong)t, Wire.Address("192.168.1.40") + (uint)(t / 400));
                net.Packets.Clear();
                net.Deliver(net.EchoRequest(1, null, host));
                net.Advance(1);
                answered += net.Packets.Count(p => p.IsIcmp && p.IpDestination == host.Ip);
            }

            net.Advance(1);
        }

        // now and then the second's share is used up
        Assert.InRange(answered, 8, 10);
    }

    [Fact]
    public void The_gateway_stays_whatever_comes()
    {
        TestNetwork net = BeginSized("smallest");
        net.Deliver(net.EchoRequest(1, null, net.Far));
        for (int t = 0; t < 3000; t++)
        {
            Strike(net, t % 2 == 0 ? "ARP" : "echo", t);
            net.Advance(1);
        }

        Assert.Contains(Enumerable.Range(0, net.Stack.Arp.EntryCount), row =>
            net.Stack.Arp.GetAddress(row) == net.Gateway.Ip && net.Stack.Arp.GetState(row) == ArpEntryState.Reachable);
    }

    private static void Strike(TestNetwork net, string kind, int i)
    {
        uint ip = s_strangers + (uint)(i % 150);
        ulong mac = 0x020000004000ul + ip;
        if (kind.Contains("ARP"))
        {
            net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, mac, 1, mac, ip, 0, TestNetwork.StackIp));
        }

        if (kind.Contains("SYN"))
        {
            byte[] syn = FrameBuilder.Tcp(ip, TestNetwork.StackIp, 1024 + i, 80, (uint)i, 0, SeenFrame.Syn, 8192, null, [], 0);
            net.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, mac, 0x0800, FrameBuilder.Ip(ip, TestNetwork.StackIp, 6, syn)));
        }

        if (kind == "echo")
        {
            byte[] echo = FrameBuilder.Ip(ip, TestNetwork.StackIp, 1, FrameBuilder.Echo(1, i, new byte[32]));
            net.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, mac, 0x0800, echo));
        }
    }
}
