// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Igmp;
using TcpIp.Sockets;

namespace HostTests.Stack.Igmp;

/// <summary>What routers are told of the groups that sockets are in: RFC 2236.</summary>
public sealed class IgmpTests : StackTest
{
    private const int Query = 0x11;
    private const int ReportVersion1 = 0x12;
    private const int Report = 0x16;
    private const int Leave = 0x17;

    private static readonly uint AllSystems = Wire.Address("224.0.0.1");
    private static readonly uint AllRouters = Wire.Address("224.0.0.2");
    private static readonly uint Mdns = Wire.Address("224.0.0.251");
    private static readonly uint Ssdp = Wire.Address("239.255.255.250");

    [Theory, BothOrders]
    public void C18_a_group_is_reported_when_it_is_joined_and_once_more_within_ten_seconds(WordOrder order)
    {
        TestNetwork net = Multicast(order);
        int socket = Joined(net, Mdns);
        int start = net.Now;
        Assert.True(net.Stack.NeedsPoll);
        net.Poll();
        Assert.False(net.Stack.NeedsPoll);
        AssertMessage(Assert.Single(net.Packets), Report, Mdns, Mdns);

        net.Advance(100_000);
        Assert.Equal(2, net.Packets.Count);
        AssertMessage(net.Packets[1], Report, Mdns, Mdns);
        Assert.InRange(net.Packets[1].Time - start, 1, IgmpLayer.UnsolicitedReportInterval);
        Assert.Equal(2u, net.Stack.Igmp.Counters.ReportsSent);
        Assert.Empty(net.Arps);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C18_a_query_is_answered_for_each_group_after_a_random_time_of_its_own()
    {
        HashSet<int> delays = [];
        for (uint seed = 1; seed <= 20; seed++)
        {
            TestNetwork net = Multicast(seed: seed);
            int socket = Joined(net, Mdns);
            Assert.Equal(0, net.Sockets.JoinGroup(socket, Ssdp));
            Settle(net);
            int start = net.Now;
            Ask(net, 0, 25);
            Assert.Empty(net.Packets);
            net.Advance(2500);
            Assert.Equal([Mdns, Ssdp], net.Packets.Select(p => p.IgmpGroup).Order());
            foreach (SeenFrame report in net.Packets)
            {
                AssertMessage(report, Report, report.IgmpGroup, report.IgmpGroup);
                Assert.InRange(report.Time - start, 1, 2500);
                delays.Add(report.Time - start);
            }

            net.Packets.Clear();
            net.Advance(200_000);
            Assert.Empty(net.Packets);
            net.Sockets.Close(socket);
        }

        // 40 draws from 2500: far more than a handful of values, over all of the range
        Assert.InRange(delays.Count, 30, 40);
        Assert.True(delays.Min() < 600 && delays.Max() > 1900, $"{delays.Min()} to {delays.Max()}");
    }

    [Fact]
    public void C18_a_query_for_one_group_is_answered_for_that_group()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        net.Sockets.JoinGroup(socket, Ssdp);
        Settle(net);
        Ask(net, Ssdp, 10);
        net.Advance(1000);
        AssertMessage(Assert.Single(net.Packets), Report, Ssdp, Ssdp);
        net.Packets.Clear();

        // nobody here is in that one, though it has the frame address of one we are in
        net.DeliverToGroup(net.Gateway, Wire.Address("225.0.0.251"), 2, FrameBuilder.Igmp(Query, 10, Wire.Address("225.0.0.251")));
        net.Advance(20_000);
        Assert.Empty(net.Packets);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C18_a_report_that_is_due_sooner_is_not_put_off_and_one_that_is_due_later_is_brought_forward()
    {
        for (uint seed = 1; seed <= 20; seed++)
        {
            TestNetwork net = Multicast(seed: seed);
            int socket = Joined(net, Mdns);
            Settle(net);
            int start = net.Now;
            Ask(net, 0, 5);
            Ask(net, 0, 255);
            net.Advance(500);
            Assert.InRange(Assert.Single(net.Packets).Time - start, 1, 500);

            net.Advance(30_000);
            Assert.Single(net.Packets);
            net.Packets.Clear();
            start = net.Now;
            Ask(net, 0, 255);
            Ask(net, 0, 1);
            net.Advance(100);
            Assert.InRange(Assert.Single(net.Packets).Time - start, 1, 100);
            net.Advance(30_000);
            Assert.Single(net.Packets);
            net.Sockets.Close(socket);
        }
    }

    [Fact]
    public void C18_a_switch_without_an_address_may_ask_but_not_report()
    {
        // RFC 4541 section 2.1.1
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        Settle(net);
        TestHost nobody = new(net.Gateway.Mac, 0);
        net.DeliverToGroup(nobody, AllSystems, 2, FrameBuilder.Igmp(Query, 10, 0));
        net.DeliverToGroup(nobody, Mdns, 2, FrameBuilder.Igmp(Report, 0, Mdns));
        net.Advance(1000);
        AssertMessage(Assert.Single(net.Packets), Report, Mdns, Mdns);
        net.DeliverToGroup(nobody, Mdns, 17, FrameBuilder.Udp(0, Mdns, 1, 1, [1]));
        Assert.Equal(1u, net.Stack.IPv4.Counters.BadSource);
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(Report)]
    [InlineData(ReportVersion1)]
    public void C18_another_hosts_report_makes_ours_unnecessary(int type)
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        Settle(net);
        Ask(net, 0, 100);
        net.DeliverToGroup(net.Client, Mdns, 2, FrameBuilder.Igmp(type, 0, Mdns));
        net.Advance(20_000);
        Assert.Empty(net.Packets);
        Assert.Equal(1u, net.Stack.Igmp.Counters.Suppressed);

        // and it was the last one to report, so the group does not end with us
        net.Sockets.LeaveGroup(socket, Mdns);
        Assert.Empty(net.Packets);
        Assert.Equal(0u, net.Stack.Igmp.Counters.LeavesSent);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C18_reports_of_other_groups_other_subnets_or_to_the_wrong_address_suppress_nothing()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        Settle(net);
        Ask(net, 0, 100);
        net.DeliverToGroup(net.Client, Ssdp, 2, FrameBuilder.Igmp(Report, 0, Ssdp));
        net.DeliverToGroup(net.Far, Mdns, 2, FrameBuilder.Igmp(Report, 0, Mdns));
        net.DeliverToGroup(net.Client, AllSystems, 2, FrameBuilder.Igmp(Report, 0, Mdns));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 2, FrameBuilder.Igmp(Report, 0, Mdns)));
        net.Advance(10_000);
        AssertMessage(Assert.Single(net.Packets), Report, Mdns, Mdns);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C18_the_last_socket_to_leave_tells_the_routers()
    {
        TestNetwork net = Multicast();
        int one = Joined(net, Mdns);
        int other = Joined(net, Mdns);
        Settle(net);
        Assert.Equal(0, net.Sockets.LeaveGroup(one, Mdns));
        net.Poll();
        Assert.Empty(net.Packets);
        Assert.Equal(2, net.Interface.Groups.Count);
        Assert.Equal(0, net.Sockets.LeaveGroup(other, Mdns));
        net.Poll();
        AssertMessage(Assert.Single(net.Packets), Leave, Mdns, AllRouters);
        Assert.Empty(net.Interface.Groups);

        // it is gone: nobody reports it any more
        net.Packets.Clear();
        Ask(net, 0, 10);
        net.Advance(20_000);
        Assert.Empty(net.Packets);
        net.Sockets.Close(one);
        net.Sockets.Close(other);
    }

    [Fact]
    public void C18_a_socket_that_is_closed_leaves_all_its_groups()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        net.Sockets.JoinGroup(socket, Ssdp);
        Settle(net);
        net.Sockets.Close(socket);
        net.Poll();
        Assert.Equal([Mdns, Ssdp], net.Packets.Select(p => p.IgmpGroup));
        Assert.All(net.Packets, p => AssertMessage(p, Leave, p.IgmpGroup, AllRouters));
        Assert.Empty(net.Interface.Groups);

        // the next owner of the control block is in no group
        net.Packets.Clear();
        int next = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.LeaveGroup(next, Mdns));
        Assert.Equal(0, net.Sockets.Close(next));
        Assert.Empty(net.Packets);
    }

    [Fact]
    public void C18_a_router_of_version_1_gets_reports_of_version_1_and_no_leave_for_400_seconds()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        Settle(net);
        int start = net.Now;
        Ask(net, 0, 0);
        net.Advance(10_000);
        SeenFrame report = Assert.Single(net.Packets);
        AssertMessage(report, ReportVersion1, Mdns, Mdns);
        Assert.InRange(report.Time - start, 1, 10_000);
        net.Packets.Clear();

        // a query of version 2 does not mean that the old router has gone
        Ask(net, 0, 10);
        net.Advance(1000);
        AssertMessage(Assert.Single(net.Packets), ReportVersion1, Mdns, Mdns);
        net.Packets.Clear();
        net.Sockets.LeaveGroup(socket, Mdns);
        Assert.Empty(net.Packets);

        net.Sockets.JoinGroup(socket, Mdns);
        net.Advance(399_999 - (net.Now - start));
        Assert.All(net.Packets, p => AssertMessage(p, ReportVersion1, Mdns, Mdns));
        Assert.Equal(2, net.Packets.Count);
        net.Packets.Clear();
        net.Advance(1);
        Ask(net, 0, 10);
        net.Advance(1000);
        AssertMessage(Assert.Single(net.Packets), Report, Mdns, Mdns);
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(255)]
    public void C18_a_query_of_version_3_is_answered_as_one_of_version_2(int time)
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        Settle(net);
        net.DeliverToGroup(net.Gateway, AllSystems, 2, FrameBuilder.Igmp(Query, time, 0, [2, 125, 0, 2, 10, 0, 0, 1, 10, 0, 0, 2]));
        net.Advance(time == 0 ? 10_000 : time * 100);
        AssertMessage(Assert.Single(net.Packets), Report, Mdns, Mdns);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C19_X37_messages_that_are_too_short_or_whose_checksum_is_wrong_are_dropped()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        Settle(net);
        byte[] good = FrameBuilder.Igmp(Query, 1, 0);
        for (int length = 0; length < 8; length++)
        {
            net.DeliverToGroup(net.Gateway, AllSystems, 2, good[..length]);
        }

        Assert.Equal(8u, net.Stack.Igmp.Counters.BadLength);
        net.DeliverToGroup(net.Gateway, AllSystems, 2, FrameBuilder.Igmp(Query, 1, 0, checksum: 0));

        // the checksum is over all bytes, also over those that are not looked at
        net.DeliverToGroup(net.Gateway, AllSystems, 2, [.. good, 2, 125, 0xFF, 0xFF]);
        Assert.Equal(2u, net.Stack.Igmp.Counters.BadChecksum);
        net.Advance(20_000);
        Assert.Empty(net.Packets);

        // a number of sources that no packet could hold: not looked at either
        net.DeliverToGroup(net.Gateway, AllSystems, 2, FrameBuilder.Igmp(Query, 1, 0, [0xFF, 0xFF, 0xFF, 0xFF]));
        net.Advance(100);
        Assert.Single(net.Packets);
        net.Packets.Clear();
        net.AssertAlive();
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C19_224_0_0_1_is_never_reported_nor_left()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, AllSystems);
        net.Advance(20_000);
        Ask(net, 0, 10);
        Ask(net, AllSystems, 10);
        net.Advance(20_000);
        net.Sockets.LeaveGroup(socket, AllSystems);
        net.Advance(20_000);
        Assert.Empty(net.Packets);
        Assert.Empty(net.Interface.Groups);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Messages_that_mean_nothing_to_hosts_are_counted()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        Settle(net);

        // a query for all that was not sent to all, a query about what is no group, one sent to us alone, and other types
        net.DeliverToGroup(net.Gateway, Mdns, 2, FrameBuilder.Igmp(Query, 10, 0));
        net.DeliverToGroup(net.Gateway, AllSystems, 2, FrameBuilder.Igmp(Query, 10, net.Client.Ip));
        net.DeliverIp(net.Gateway, FrameBuilder.Ip(net.Gateway.Ip, TestNetwork.StackIp, 2, FrameBuilder.Igmp(Query, 10, 0)));
        foreach (int type in new[] { 0, 0x13, 0x14, Leave, 0x1E, 0x22, 0xFF })
        {
            net.DeliverToGroup(net.Client, Mdns, 2, FrameBuilder.Igmp(type, 10, Mdns));
        }

        Assert.Equal(10u, net.Stack.Igmp.Counters.Ignored);
        net.Advance(20_000);
        Assert.Empty(net.Packets);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void When_the_link_comes_up_or_the_address_changes_all_groups_are_reported_anew()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        Settle(net);
        net.Interface.IsLinkUp = false;
        net.Advance(1000);
        net.Interface.IsLinkUp = true;
        net.Advance(20_000);
        Assert.Equal(2, net.Packets.Count);
        net.Packets.Clear();

        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
        net.Advance(20_000);
        Assert.Equal(2, net.Packets.Count);
        Assert.All(net.Packets, p => AssertMessage(p, Report, Mdns, Mdns));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Without_an_address_nothing_is_sent_and_with_one_everything()
    {
        TestNetwork net = Multicast(probe: true);
        int socket = Joined(net, Mdns);
        net.Advance(3500);
        Assert.Equal(0u, net.Stack.IPv4.Address);
        Assert.Empty(net.Packets);
        net.Sockets.LeaveGroup(socket, Mdns);
        net.Sockets.JoinGroup(socket, Mdns);
        net.Advance(20_000);
        Assert.Equal(2, net.Packets.Count);
        Assert.All(net.Packets, p => AssertMessage(p, Report, Mdns, Mdns));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_full_table_and_a_full_controller_are_told_and_hold_nothing_back()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        Assert.Equal(0, net.Sockets.JoinGroup(socket, Ssdp));
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.JoinGroup(socket, Wire.Address("239.1.2.3")));
        Assert.Equal([Mdns, Ssdp], [net.Stack.Igmp.GetGroup(0), net.Stack.Igmp.GetGroup(1)]);
        net.Sockets.Close(socket);
        Assert.Equal([0u, 0u], [net.Stack.Igmp.GetGroup(0), net.Stack.Igmp.GetGroup(1)]);
        Assert.Equal(2, net.Stack.Igmp.RowCount);

        // the controller has one place: 224.0.0.1 alone would be of no use
        net.Interface.GroupRoom = 1;
        socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.JoinGroup(socket, Mdns));
        Assert.Empty(net.Interface.Groups);
        net.Interface.GroupRoom = 0;
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.JoinGroup(socket, Mdns));
        net.Interface.GroupRoom = 2;
        Assert.Equal(0, net.Sockets.JoinGroup(socket, Mdns));
        Assert.Equal(1, net.Stack.Igmp.GetMembers(0));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Misuse_gets_a_named_error()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.JoinGroup(socket, Mdns));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.LeaveGroup(socket, Ssdp));
        foreach (string address in new[] { "224.0.0.0", "223.255.255.255", "240.0.0.0", "255.255.255.255", "0.0.0.0", "192.168.1.10" })
        {
            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.JoinGroup(socket, Wire.Address(address)));
        }

        int stream = net.Sockets.Socket();
        foreach (int descriptor in new[] { stream, -1, socket + 1, 999_999 })
        {
            int error = descriptor == stream ? (int)SocketError.OperationNotSupported : (int)SocketError.BadDescriptor;
            Assert.Equal(error, net.Sockets.JoinGroup(descriptor, Mdns));
            Assert.Equal(error, net.Sockets.LeaveGroup(descriptor, Mdns));
            Assert.Equal(error, net.Sockets.SetMulticastTimeToLive(descriptor, 1));
        }

        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SetMulticastTimeToLive(socket, 0));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SetMulticastTimeToLive(socket, 256));
        net.Sockets.Close(socket);
        net.Sockets.Close(stream);

        TestNetwork without = Begin();
        Assert.Null(without.Stack.Igmp);
        socket = without.Sockets.Socket(SocketType.Datagram);
        Assert.Equal((int)SocketError.NoBufferSpace, without.Sockets.JoinGroup(socket, Mdns));
        Assert.Equal((int)SocketError.InvalidState, without.Sockets.LeaveGroup(socket, Mdns));
        without.Sockets.Close(socket);
    }

    [Fact]
    public void A_report_for_which_no_frame_is_free_is_made_up_for()
    {
        TestNetwork net = Multicast();
        int socket = Joined(net, Mdns);
        List<Frame> taken = [];
        Frame? frame;
        while ((frame = net.Stack.Pool.Rent(60)) != null)
        {
            taken.Add(frame);
        }

        net.Poll();
        Assert.Equal(1u, net.Stack.Igmp.Counters.NoFrame);
        taken.ForEach(net.Stack.Pool.Return);
        net.Advance(10_000);
        AssertMessage(Assert.Single(net.Packets), Report, Mdns, Mdns);
        net.Sockets.Close(socket);
    }

    private TestNetwork Multicast(WordOrder order = WordOrder.LowByteFirst, uint seed = 1, bool probe = false)
    {
        return Begin(
            order,
            c =>
            {
                c.MulticastGroups = 2;
                c.ProbeAddress = probe;
            },
            seed);
    }

    private static int Joined(TestNetwork net, uint group)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.JoinGroup(socket, group));
        return socket;
    }

    /// <summary>The reports that nobody asked for are out.</summary>
    private static void Settle(TestNetwork net)
    {
        net.Advance(20_000);
        net.Packets.Clear();
    }

    private static void Ask(TestNetwork net, uint group, int time)
    {
        net.DeliverToGroup(net.Gateway, group == 0 ? AllSystems : group, 2, FrameBuilder.Igmp(Query, time, group));
    }

    private static void AssertMessage(SeenFrame frame, int type, uint group, uint destination)
    {
        // what holds for each of them, such as TTL 1 and the option, was checked when the frame was seen
        Assert.True(frame.IsIgmp);
        Assert.Equal(type, frame.IgmpType);
        Assert.Equal(group, frame.IgmpGroup);
        Assert.Equal(destination, frame.IpDestination);
    }
}
