// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Sockets;

namespace HostTests.Stack.Arp;

/// <summary>What is counted of ARP packets, what is one of our own, and when who is asked, to the millisecond.</summary>
public sealed class ArpReceiveTests : StackTest
{
    private const ulong Stranger = 0x020000000666;

    private static readonly uint s_ip = Wire.Address("192.168.1.66");

    [Fact]
    public void Each_packet_is_counted_by_what_it_is()
    {
        TestNetwork net = Begin();
        ArpCounters counters = net.Stack.Arp.Counters;
        net.Stack.ClearCounters();
        Hear(net, 1, Stranger, s_ip, TestNetwork.StackIp);
        Assert.Equal((1u, 0u, 1u, 0u), (counters.RequestsReceived, counters.RepliesReceived, counters.RepliesSent, counters.Unsolicited));
        Hear(net, 2, Stranger, s_ip, TestNetwork.StackIp);
        Assert.Equal((1u, 1u, 1u, 0u), (counters.RequestsReceived, counters.RepliesReceived, counters.RepliesSent, counters.Unsolicited));
        Hear(net, 2, Stranger, s_ip + 1, TestNetwork.StackIp);
        Assert.Equal((1u, 2u, 1u, 1u), (counters.RequestsReceived, counters.RepliesReceived, counters.RepliesSent, counters.Unsolicited));
        Hear(net, 1, Stranger, s_ip, TestNetwork.GatewayIp);
        Assert.Equal((2u, 2u, 1u, 1u), (counters.RequestsReceived, counters.RepliesReceived, counters.RepliesSent, counters.Unsolicited));
        Assert.Equal((0u, 0u, 0u), (counters.Malformed, counters.BadSender, counters.RequestsSent));
        Hear(net, 3, Stranger, s_ip, TestNetwork.StackIp);
        Hear(net, 0, Stranger, s_ip, TestNetwork.StackIp);
        Assert.Equal((2u, 0u), (counters.Malformed, counters.BadSender));
        Hear(net, 1, TestNetwork.StackMac, s_ip, TestNetwork.StackIp);
        Hear(net, 1, Stranger, TestNetwork.SubnetBroadcast, TestNetwork.StackIp);
        Hear(net, 1, Stranger | 0x010000000000, s_ip, TestNetwork.StackIp);
        Assert.Equal((2u, 3u, 5u, 2u), (counters.Malformed, counters.BadSender, counters.RequestsReceived, counters.RepliesReceived));
        Assert.Equal(1u, counters.RepliesSent);
    }

    [Theory]
    [InlineData(0x000000000001ul)]
    [InlineData(0x000000000100ul)]
    [InlineData(0x000000010000ul)]
    [InlineData(0x000001000000ul)]
    [InlineData(0x000100000000ul)]
    [InlineData(0x040000000000ul)]
    public void A_station_that_differs_from_us_in_one_bit_is_another(ulong bit)
    {
        TestNetwork net = Begin();
        Hear(net, 1, TestNetwork.StackMac ^ bit, s_ip, TestNetwork.StackIp);
        Assert.Equal(TestNetwork.StackMac ^ bit, Assert.Single(net.Arps).Destination);
        Assert.Equal(0u, net.Stack.Arp.Counters.BadSender);
        net.Packets.Clear();
        net.DeliverIp(net.Gateway, FrameBuilder.Ip(s_ip, TestNetwork.StackIp, 1, FrameBuilder.Echo(1, 1, new byte[8])));
        Assert.Equal(TestNetwork.StackMac ^ bit, Assert.Single(net.Packets).Destination);
    }

    [Fact]
    public void Who_is_in_use_is_asked_alone_each_second_from_50_seconds_on_and_forgotten_after_60()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        Hear(net, 1, net.Client.Mac, net.Client.Ip, TestNetwork.StackIp);
        int start = net.Now;
        net.Advance(1);
        net.AssertAlive();
        net.Arps.Clear();
        net.Advance(59_998);
        Assert.Equal(Enumerable.Range(50, 10).Select(second => second * 1000), net.Arps.Select(request => request.Time - start));
        Assert.All(net.Arps, request => Assert.Equal(net.Client.Mac, request.Destination));
        Assert.Equal(ArpEntryState.Reachable, Row(net, net.Client.Ip));
        net.Advance(1);
        Assert.Null(Row(net, net.Client.Ip));
        Assert.Equal(10u, net.Stack.Arp.Counters.RequestsSent);
    }

    [Fact]
    public void Who_answers_when_he_is_asked_alone_is_good_for_another_minute()
    {
        TestNetwork net = Begin();
        Hear(net, 1, net.Client.Mac, net.Client.Ip, TestNetwork.StackIp);
        net.Advance(1);
        net.AssertAlive();
        net.Arps.Clear();
        net.Advance(50_000);
        Assert.Single(net.Arps);
        net.Advance(59_998);
        Assert.Single(net.Arps);
        Assert.Equal(ArpEntryState.Reachable, Row(net, net.Client.Ip));
        net.Advance(1);
        Assert.Null(Row(net, net.Client.Ip));
    }

    [Fact]
    public void Of_many_that_are_new_at_once_sixteen_are_asked_for_and_the_others_a_second_later()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 24);
        int socket = net.Sockets.Socket(SocketType.Datagram);
        int start = net.Now;
        for (uint i = 0; i < 18; i++)
        {
            net.Sockets.SendTo(socket, [1], 0, 1, s_ip + i, 9);
        }

        net.Advance(1500);
        int[] times = [.. net.Arps.Select(request => request.Time - start)];
        Assert.Equal(16, times.Count(time => time == 0));
        Assert.Equal([1000, 1000], net.Arps.Where(request => request.ArpTargetIp >= s_ip + 16).Select(request => request.Time - start));
        net.Sockets.Close(socket);
    }

    [Theory, BothOrders]
    public void A_row_tells_whose_MAC_address_it_is(WordOrder order)
    {
        TestNetwork net = new(order);
        Hear(net, 1, 0x0A1B2C3D4E5F, s_ip, TestNetwork.StackIp);
        int row = Enumerable.Range(0, net.Stack.Arp.EntryCount).Single(row => net.Stack.Arp.GetState(row) == ArpEntryState.Reachable);
        Assert.Equal([0x0A, 0x1B, 0x2C, 0x3D, 0x4E, 0x5F], Enumerable.Range(0, 6).Select(i => net.Stack.Arp.GetOctet(row, i)));
    }

    private static void Hear(TestNetwork net, int operation, ulong mac, uint ip, uint target)
    {
        ulong source = (mac & 0x010000000000) == 0 && mac != TestNetwork.StackMac ? mac : Stranger;
        net.Deliver(FrameBuilder.Arp(operation == 2 ? TestNetwork.StackMac : TestHost.BroadcastMac, source, operation, mac, ip, 0, target));
    }

    private static ArpEntryState? Row(TestNetwork net, uint ip) => Enumerable.Range(0, net.Stack.Arp.EntryCount)
        .Where(row => net.Stack.Arp.GetAddress(row) == ip && net.Stack.Arp.GetState(row) != ArpEntryState.Free)
        .Select(row => (ArpEntryState?)net.Stack.Arp.GetState(row))
        .FirstOrDefault();
}
