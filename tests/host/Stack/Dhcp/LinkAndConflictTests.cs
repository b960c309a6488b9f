// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Dhcp;

namespace HostTests.Stack.Dhcp;

/// <summary>A link that comes back, and others who have the address: RFC 2131 sections 3.1 (5), 3.2 and 4.4.1, RFC 5227.</summary>
public sealed class LinkAndConflictTests : DhcpTest
{
    private const ulong Stranger = 0x020000000666;

    [Fact]
    public void H11_a_lease_is_verified_when_the_link_comes_back_and_used_meanwhile()
    {
        StartBound();
        int socket = Net.Sockets.Socket();
        Net.Sockets.Connect(socket, Net.Client.Ip, 9);
        Flap();
        Assert.Equal(["INIT-REBOOT"], Kinds);
        Assert.Equal(Leased, Last.Requested);
        Assert.Equal(TestHost.BroadcastMac, Last.Frame.Destination);
        AssertBound();
        Assert.Equal(SocketError.Success, Net.Sockets.GetError(socket));
        Assert.Equal(86400u, Client.SecondsLeft);
    }

    [Fact]
    public void H11_on_another_network_the_lease_is_refused_and_a_new_one_obtained()
    {
        StartBound();
        Server.Leased = Wire.Address("10.0.0.9");
        Server.Change = a =>
        {
            a.Set(3, DhcpAnswer.Addresses("10.0.0.1"));
            Server.Refuses = false;
        };
        Server.Refuses = true;
        Flap();
        Net.Advance(100);
        Assert.Equal(["INIT-REBOOT", "DISCOVER", "SELECTING"], Kinds);
        AssertBound();
        Assert.Equal(Wire.Address("10.0.0.9"), Net.Stack.IPv4.Address);
    }

    [Fact]
    public void H11_whoever_wants_more_time_while_a_lease_is_verified_does_not_keep_that_from_its_end()
    {
        Start(c => c.Conflicts = ConflictPolicy.Probe);
        Net.Advance(10_000);
        AssertBound();
        Said.Clear();
        Server.Silent = true;
        Flap();
        Client.Renew();
        Net.Poll();
        Assert.Equal(["INIT-REBOOT"], Kinds);

        // this network's server comes late, and knows nothing of the lease
        Server.Silent = false;
        Server.Refuses = true;
        Net.Advance(6000);
        Assert.NotEqual(0u, Client.Counters.Naks);
        Assert.NotEqual(Leased, Client.Lease.Address);
    }

    [Fact]
    public void H11_if_nobody_answers_the_lease_is_good_for_its_time()
    {
        StartBound(time: 1000);
        Server.Silent = true;
        Net.Advance(100_000);
        Flap();
        Assert.Equal(DhcpState.Rebooting, Client.State);
        Assert.True(Client.IsBound);
        Net.Advance(20_000);
        Assert.Equal(["INIT-REBOOT", "INIT-REBOOT"], Kinds);
        Assert.Equal(DhcpState.Bound, Client.State);
        AdvanceSeconds(400);
        Assert.Equal("RENEWING", Last.Kind);
        AdvanceSeconds(1000);
        AssertNoAddress();
    }

    [Fact]
    public void A_lease_ends_in_time_while_the_link_is_down()
    {
        StartBound(time: 1000);
        Net.Interface.IsLinkUp = false;
        AdvanceSeconds(998);
        Assert.Equal(Leased, Client.Lease.Address);
        AdvanceSeconds(3);
        AssertNoAddress();
        Assert.Empty(Said);
        Net.Interface.IsLinkUp = true;
        Net.Advance(10);
        Assert.Equal(["DISCOVER", "SELECTING"], Kinds);
        AssertBound();
    }

    [Fact]
    public void A_link_that_flaps_before_there_is_a_lease_begins_anew()
    {
        Start();
        Server.Silent = true;
        Net.Advance(30_000);
        Said.Clear();
        Flap();
        Net.Advance(5000);
        Assert.Equal(["DISCOVER", "DISCOVER"], Kinds);
        Assert.Equal(0, Said[0].Secs);
    }

    [Fact]
    public void A_link_that_flaps_begins_nothing_for_who_has_stopped_or_gives_back()
    {
        StartBound();
        Client.Release();
        Net.Poll();
        Assert.Equal(DhcpState.Releasing, Client.State);
        Flap();
        Net.Advance(2000);
        Flap();
        Net.Advance(10_000);
        Assert.Equal(DhcpState.Stopped, Client.State);
        Assert.DoesNotContain("DISCOVER", Kinds);
        AssertNoAddress();
    }

    [Fact]
    public void H7_an_address_that_somebody_has_is_declined_and_ten_seconds_later_another_one_is_asked_for()
    {
        Start(c => c.Conflicts = ConflictPolicy.Probe);
        TestHost owner = Net.AddHost(Stranger, Leased);
        Net.Advance(3000);
        Assert.Equal(["DISCOVER", "SELECTING", "DECLINE"], Kinds);
        Assert.Equal((Leased, Server.Address, 0u), (Last.Requested, Last.Server, Last.ClientAddress));
        AssertNoAddress();
        Assert.Equal((1u, DhcpState.Init), (Client.Counters.Declines, Client.State));
        int declined = Last.Time;
        Server.Leased = Wire.Address("192.168.1.78");
        Net.Advance(20_000);
        Assert.Equal("DISCOVER", Said[3].Kind);
        Assert.InRange(Said[3].Time - declined, 10_000, 11_000);
        AssertBound();
        Assert.Equal(Server.Leased, Net.Stack.IPv4.Address);
        Assert.True(owner.AnswersArp);
    }

    [Fact]
    public void H7_a_server_that_goes_on_offering_a_taken_address_is_asked_more_and_more_seldom()
    {
        Start(c =>
        {
            c.Conflicts = ConflictPolicy.Probe;
            c.LinkLocal = false;
        });
        Net.AddHost(Stranger, Leased);
        AdvanceSeconds(400);
        int[] declines = [.. Said.Where(q => q.Kind == "DECLINE").Select(q => q.Time)];
        Assert.InRange(declines.Length, 5, 9);
        Assert.All(declines.Zip(declines.Skip(1), (a, b) => b - a), gap => Assert.InRange(gap, 10_000, 90_000));
        Assert.True(declines[^1] - declines[^2] > 2 * (declines[1] - declines[0]), "no back-off");
    }

    [Fact]
    public void H7_an_address_that_is_given_up_in_use_is_declined_too()
    {
        StartBound(c => c.Conflicts = ConflictPolicy.Yield);
        Net.Advance(100_000);
        Conflict();
        AssertBound();
        Conflict();
        Net.Poll();
        Assert.Equal(["DECLINE"], Kinds);
        AssertNoAddress();
    }

    [Fact]
    public void An_address_is_not_given_up_unless_that_is_wanted()
    {
        StartBound(c => c.Conflicts = ConflictPolicy.None);
        for (int i = 0; i < 20; i++)
        {
            Conflict();
        }

        Assert.Empty(Said);
        AssertBound();
    }

    [Fact]
    public void H7_a_link_that_flaps_while_the_link_is_asked_is_asked_again()
    {
        Start(c => c.Conflicts = ConflictPolicy.Probe);
        Net.Advance(3000);
        Assert.Equal(DhcpState.Checking, Client.State);
        Flap();
        Assert.Equal("INIT-REBOOT", Last.Kind);
        Assert.Equal(DhcpState.Checking, Client.State);
        Net.AddHost(Stranger, Leased);
        Net.Advance(3000);
        Assert.Equal("DECLINE", Last.Kind);
        AssertNoAddress();
    }

    private void Flap()
    {
        Net.Interface.IsLinkUp = false;
        Net.Poll();
        Net.Interface.IsLinkUp = true;
        Net.Poll();
    }

    private void Conflict() =>
        Net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, Stranger, Leased, 0, Leased));
}
