// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Dhcp;
using TcpIp.Link;

namespace HostTests.Stack.Dhcp;

/// <summary>An address that is good on its link while no server answers: RFC 3927.</summary>
public sealed class LinkLocalTests : DhcpTest
{
    [Fact]
    public void After_twelve_seconds_without_a_server_an_address_is_picked_probed_for_and_used()
    {
        StartAlone();
        int begun = Net.Now;
        Net.Advance(11_500);
        Assert.Equal(0u, Client.LinkLocalAddress);
        Net.Advance(20_000);
        uint address = Client.LinkLocalAddress;
        Assert.InRange(address, Wire.Address("169.254.1.0"), Wire.Address("169.254.254.255"));
        Assert.Equal((address, 0xFFFF0000u, 0u), (Net.Stack.IPv4.Address, Net.Stack.IPv4.Netmask, Net.Stack.IPv4.Gateway));
        SeenFrame[] probes = [.. Net.Arps.Where(a => a.ArpSenderIp == 0 && a.ArpTargetIp == address)];
        Assert.Equal(3, probes.Length);
        Assert.InRange(probes[0].Time - begun, 11_500, 13_100);
        Assert.Equal(1u, Client.Counters.LinkLocals);
        Assert.False(Client.IsBound);
    }

    [Fact]
    public void Neighbours_are_reached_and_nothing_is_sent_to_a_router()
    {
        StartAlone();
        Net.Advance(30_000);
        TestHost friend = Net.AddHost(0x020000000077, Wire.Address("169.254.1.1"));
        int socket = Net.Sockets.Socket(TcpIp.Sockets.SocketType.Datagram);
        Net.Packets.Clear();
        Assert.Equal(1, Net.Sockets.SendTo(socket, [1], 0, 1, friend.Ip, 9));
        Net.Poll();
        Assert.Equal(friend.Mac, Assert.Single(Net.Packets).Destination);

        // whoever has another address may be on the link, too: he is asked for there
        TestHost misplaced = Net.AddHost(0x020000000078, Wire.Address("10.9.9.9"));
        Net.Packets.Clear();
        Assert.Equal(1, Net.Sockets.SendTo(socket, [1], 0, 1, misplaced.Ip, 9));
        Net.Poll();
        Assert.Equal(misplaced.Mac, Assert.Single(Net.Packets).Destination);
        Net.Sockets.Close(socket);
    }

    [Fact]
    public void Who_has_an_address_of_the_link_is_a_neighbour_of_those_who_have_another_too()
    {
        StartBound(c => c.LinkLocal = false);
        TestHost friend = Net.AddHost(0x020000000077, Wire.Address("169.254.1.1"));
        int socket = Net.Sockets.Socket(TcpIp.Sockets.SocketType.Datagram);
        Net.Packets.Clear();
        Assert.Equal(1, Net.Sockets.SendTo(socket, [1], 0, 1, friend.Ip, 9));
        Net.Poll();
        Assert.Equal(friend.Mac, Assert.Single(Net.Packets).Destination);
        Net.Packets.Clear();
        Assert.Equal(1, Net.Sockets.SendTo(socket, [1], 0, 1, Wire.Address("169.253.1.1"), 9));
        Net.Poll();
        Assert.Equal(TestNetwork.GatewayMac, Assert.Single(Net.Packets).Destination);
        Net.Sockets.Close(socket);
    }

    [Fact]
    public void Servers_are_looked_for_all_the_same_from_nobody_and_with_answers_to_all()
    {
        StartAlone();
        Net.Advance(30_000);
        Said.Clear();
        Net.Advance(100_000);
        Assert.NotEmpty(Said);
        Assert.All(Said, q => Assert.Equal(("DISCOVER", 0u, true), (q.Kind, q.Frame.IpSource, q.Broadcast)));

        TestHost friend = Net.AddHost(0x020000000077, Wire.Address("169.254.1.1"));
        int socket = Net.Sockets.Socket();
        Net.Sockets.Connect(socket, friend.Ip, 9);
        Server.Silent = false;
        Net.Advance(70_000);
        Assert.All(Said, q => Assert.True(q.Broadcast));
        AssertBound();
        Assert.Equal(0u, Client.LinkLocalAddress);
        Assert.Equal(SocketError.AddressNotAvailable, Net.Sockets.GetError(socket));

        // with a lease there is nothing to pick, and answers may come to us alone again
        AdvanceSeconds(50_000);
        Assert.Equal(("RENEWING", false), (Last.Kind, Last.Broadcast));
        Assert.Equal(1u, Client.Counters.LinkLocals);
    }

    [Fact]
    public void An_address_that_somebody_has_is_left_for_the_next_one()
    {
        StartAlone();
        Net.Advance(13_000);
        uint first = Client.LinkLocalAddress;
        Net.AddHost(0x020000000666, first);
        Net.Advance(20_000);
        uint second = Client.LinkLocalAddress;
        Assert.NotEqual(first, second);
        Assert.Equal(second, Net.Stack.IPv4.Address);
        Assert.Equal(2u, Client.Counters.LinkLocals);
        Assert.DoesNotContain("DECLINE", Kinds);

        // and one that is fought for in use is given up (section 2.5 (b))
        Net.Advance(20_000);
        for (int i = 0; i < 2; i++)
        {
            Net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, 0x020000000666, 1, 0x020000000666, second, 0, second));
        }

        Net.Advance(10_000);
        Assert.NotEqual(second, Client.LinkLocalAddress);
        Assert.Equal(Client.LinkLocalAddress, Net.Stack.IPv4.Address);
    }

    [Fact]
    public void After_ten_conflicts_an_attempt_takes_a_minute()
    {
        StartAlone();
        for (int i = 0; i < 11; i++)
        {
            int before = Net.Now;
            while (Net.Arps.All(a => a.ArpTargetIp != Client.LinkLocalAddress))
            {
                Net.Advance(100);
                Assert.InRange(Net.Now - before, 0, 70_000);
            }

            Assert.True(i != 10 || Net.Now - before > 55_000, "no limit");
            uint picked = Client.LinkLocalAddress;
            Net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, 0x020000000666, 1, 0x020000000666, picked, 0, picked));
            Net.Poll();
        }
    }

    [Fact]
    public void A_board_picks_the_same_addresses_each_time_and_others_pick_others()
    {
        uint[] first = Picks([2, 0, 0, 0, 0, 1]);
        Assert.Equal(first, Picks([2, 0, 0, 0, 0, 1]));
        Assert.InRange(first.Distinct().Count(), 980, 1000);
        Assert.All(first, a => Assert.InRange(a, Wire.Address("169.254.1.0"), Wire.Address("169.254.254.255")));
        Assert.InRange(first.Select(a => a >> 8).Distinct().Count(), 240, 254);
        HashSet<uint> others = [.. Enumerable.Range(0, 200).Select(i => Picks([2, 0, 0, 0, 1, (byte)i])[0])];
        Assert.InRange(others.Count, 195, 200);
    }

    [Fact]
    public void Whoever_does_not_want_it_has_none()
    {
        Start();
        Server.Silent = true;
        AdvanceSeconds(1000);
        AssertNoAddress();
        Assert.Equal(0u, Client.LinkLocalAddress);
    }

    [Fact]
    public void The_time_without_an_address_counts_from_the_end_of_a_lease_and_from_the_return_of_the_link()
    {
        StartBound(c => c.LinkLocal = true, time: 100);
        Server.Silent = true;
        AdvanceSeconds(101);
        AssertNoAddress();
        AdvanceSeconds(10);
        Assert.Equal(0u, Client.LinkLocalAddress);
        Net.Interface.IsLinkUp = false;
        AdvanceSeconds(10);
        Net.Interface.IsLinkUp = true;
        AdvanceSeconds(10);
        Assert.Equal(0u, Client.LinkLocalAddress);
        AdvanceSeconds(3);
        Assert.NotEqual(0u, Client.LinkLocalAddress);
    }

    [Fact]
    public void At_once_is_possible_too_and_the_picked_address_stays_when_the_link_flaps()
    {
        Start(c =>
        {
            c.LinkLocal = true;
            c.LinkLocalAfter = 0;
        });
        Server.Silent = true;
        Net.Advance(10_000);
        uint address = Client.LinkLocalAddress;
        Assert.Equal(address, Net.Stack.IPv4.Address);
        Net.Interface.IsLinkUp = false;
        Net.Poll();
        Net.Interface.IsLinkUp = true;
        Net.Poll();
        Assert.Equal(AddressState.Probing, Net.Stack.Arp.AddressState);
        Net.Advance(8000);
        Assert.Equal(address, Net.Stack.IPv4.Address);
        Assert.Equal(1u, Client.Counters.LinkLocals);
    }

    private static uint[] Picks(byte[] mac)
    {
        LinkLocalPicker picker = new(new MacAddress(mac));
        return [.. Enumerable.Range(0, 1000).Select(_ => picker.PickNext())];
    }

    private void StartAlone()
    {
        Start(c => c.LinkLocal = true);
        Server.Silent = true;
    }
}
