// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dhcp;
using TcpIp.Tcp;

namespace HostTests.Stack.Dhcp;

/// <summary>How a lease is kept, and how it ends: RFC 2131 sections 3.3, 4.4.5 and 4.4.6.</summary>
public sealed class RenewalTests : DhcpTest
{
    [Fact]
    public void H3_H4_at_half_of_the_time_the_server_alone_is_asked_for_more()
    {
        StartBound(time: 7200);
        Net.Advance(3_300_000);
        Assert.Empty(Said);

        // T1 comes up to a sixteenth earlier, so that boards that started together do not stay together
        Net.Advance(301_000);
        DhcpQuestion renewal = Assert.Single(Said);
        Assert.Equal("RENEWING", renewal.Kind);
        Assert.Equal((Leased, Server.Address), (renewal.ClientAddress, renewal.Frame.IpDestination));
        Assert.False(renewal.Broadcast);
        AssertBound();
        Assert.InRange(Client.SecondsLeft, 6890u, 7200u);
        Assert.Equal(2u, Client.Counters.Acks);

        // on and on
        AdvanceSeconds(7200 * 10);
        Assert.All(Kinds, kind => Assert.Equal("RENEWING", kind));
        Assert.InRange(Said.Count, 20, 24);
        AssertBound();
    }

    [Fact]
    public void H4_the_servers_own_times_are_kept()
    {
        StartBound(time: 1000, change: a => a.Set(58, 100u).Set(59, 900u));
        Server.Silent = true;
        int begun = Net.Now;
        AdvanceSeconds(999);
        Assert.Equal(["RENEWING", "RENEWING", "RENEWING", "RENEWING", "RENEWING", "REBINDING", "REBINDING"], Kinds);
        int[] at = [.. Said.Select(q => (int)Math.Round((q.Time - begun) / 1000.0))];

        // half of what is left until T2, but a minute at least; then half of what is left of the lease
        Assert.Equal([100, 500, 700, 800, 860, 900, 960], at);
        Assert.All(Said.Zip([0, 400, 600, 700, 760, 0, 60]), q => Assert.InRange(q.First.Secs, q.Second - 1, q.Second + 1));
        AssertLeaseHolds();
        AdvanceSeconds(2);
        AssertNoAddress();
        Assert.Equal(1u, Client.Counters.Expired);
    }

    [Theory]
    [InlineData(0, 0, 500, 875)]
    [InlineData(600, 0, 600, 875)]
    [InlineData(0, 800, 500, 800)]
    [InlineData(900, 800, 500, 875)]
    [InlineData(800, 800, 500, 875)]
    [InlineData(100, 1000, 500, 875)]
    [InlineData(100, 2000, 500, 875)]
    [InlineData(4, 900, 500, 875)]
    [InlineData(5, 900, 5, 900)]
    [InlineData(-1, -1, 500, 875)]
    public void X67_times_in_no_order_are_replaced(int t1, int t2, int expectedT1, int expectedT2)
    {
        StartBound(time: 1000, change: a => _ = t1 == 0 && t2 == 0 ? a : t1 == 0 ? a.Set(59, (uint)t2) : t2 == 0 ? a.Set(58, (uint)t1) : a.Set(58, (uint)t1).Set(59, (uint)t2));
        Server.Silent = true;
        int begun = Net.Now;
        AdvanceSeconds(999);
        int fuzz = t1 == 0 ? 1000 / 32 : 0;
        Assert.InRange((Said.First(q => q.Kind == "RENEWING").Time - begun) / 1000, expectedT1 - fuzz - 1, expectedT1 + 1);
        Assert.InRange((Said.First(q => q.Kind == "REBINDING").Time - begun) / 1000, expectedT2 - 1, expectedT2 + 1);
    }

    [Fact]
    public void H3_after_seven_eighths_any_server_is_asked()
    {
        StartBound(time: 1000);
        DhcpServer other = new(Net, "192.168.1.2", 0x020000000002);
        Server.Silent = true;
        AdvanceSeconds(870);
        Server.Silent = false;
        Server.Address = other.Address;
        AdvanceSeconds(10);
        Assert.Equal("REBINDING", Last.Kind);
        Assert.Equal((uint.MaxValue, Leased), (Last.Frame.IpDestination, Last.ClientAddress));
        AssertBound();
        Assert.Equal(other.Address, Client.Lease.Server);
    }

    [Theory]
    [InlineData(10u)]
    [InlineData(11u)]
    [InlineData(60u)]
    [InlineData(120u)]
    public void X67_a_short_lease_does_not_make_a_storm(uint time)
    {
        StartBound(time: time);
        AdvanceSeconds(1000);
        AssertBound();
        Assert.InRange(Said.Count, 1000 / (int)time, 1 + (2200 / (int)time));

        // and if it is not renewed, it ends in time
        Server.Silent = true;
        Said.Clear();
        AdvanceSeconds(time + 1);
        AssertNoAddress();
        Assert.InRange(Said.Count, 2, 6);
    }

    [Fact]
    public void H5_a_lease_for_ever_is_never_asked_for_again()
    {
        StartBound(time: uint.MaxValue, change: a => a.Set(58, 100u).Set(59, 200u));
        Assert.Equal(DhcpLease.Infinite, Client.SecondsLeft);
        AdvanceSeconds(60L * 86400);
        Assert.Empty(Said);
        AssertBound();
        Assert.Equal(DhcpLease.Infinite, Client.SecondsLeft);

        // but it can be
        Client.Renew();
        Net.Poll();
        Assert.Equal(["RENEWING"], Kinds);
        AssertBound();
    }

    [Theory]
    [InlineData(30u)]
    [InlineData(400u)]
    [InlineData(40_000u)]
    public void H5_a_lease_of_many_days_outlasts_the_milliseconds(uint days)
    {
        uint time = days * 86400;
        StartBound(time: time);
        Server.Silent = true;
        long slept = Math.Min(time / 2 - (time / 32) - 10, 200L * 86400);
        AdvanceSeconds(slept);
        Assert.Empty(Said);
        Assert.Equal(time - (uint)slept, Client.SecondsLeft);
        if (days > 400)
        {
            return;
        }

        // T1, T2, and the end
        AdvanceSeconds((time / 2) - slept + 1);
        Assert.Equal(["RENEWING"], Kinds);
        AdvanceSeconds((time / 2) - (time / 8));
        Assert.Equal("REBINDING", Last.Kind);
        AdvanceSeconds((time / 8) - 3);
        AssertLeaseHolds();
        AdvanceSeconds(4);
        AssertNoAddress();
    }

    [Fact]
    public void The_time_runs_from_the_question_not_from_the_answer()
    {
        Start();
        Server.Time = 1000;
        Server.Change = a => Server.Silent = true;
        Net.Advance(2000);
        Assert.Equal("SELECTING", Last.Kind);
        Server.Silent = false;
        Server.Send(Server.Answer(DhcpAnswer.Ack, Last.Xid).ToBytes());
        Net.Poll();
        AssertBound();
        Assert.Equal(998u, Client.SecondsLeft);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(900)]
    public void H6_a_refusal_takes_the_address_at_once_and_connections_are_told(int seconds)
    {
        StartBound(time: 1000);
        int socket = Connect();
        Server.Silent = true;
        AdvanceSeconds(seconds);
        DhcpQuestion question = Last;
        Assert.Equal(seconds < 875 ? DhcpState.Renewing : DhcpState.Rebinding, Client.State);
        Assert.Equal(SocketError.Success, Net.Sockets.GetError(socket));
        Server.Send(new DhcpAnswer(DhcpAnswer.Nak, question.Xid, 0).Set(54, Server.Address).ToBytes());
        uint before = Client.Changes;
        Net.Poll();
        AssertNoAddress();
        Assert.NotEqual(before, Client.Changes);
        Assert.Equal(SocketError.AddressNotAvailable, Net.Sockets.GetError(socket));
        Assert.Equal(DhcpState.Selecting, Client.State);
        Assert.Equal(0u, Client.SecondsLeft);
        Assert.Equal(0, Client.Lease.DnsServerCount + Client.Lease.NtpServerCount + Client.Lease.DomainLength);
    }

    [Fact]
    public void H6_G23_at_the_end_the_address_is_gone_and_connections_are_told()
    {
        StartBound(time: 1000);
        int socket = Connect();
        Server.Silent = true;
        AdvanceSeconds(998);
        AssertLeaseHolds();
        Assert.Equal(TcpState.SynSent, Net.Sockets.GetState(socket));
        AdvanceSeconds(3);
        AssertNoAddress();
        Assert.Equal(SocketError.AddressNotAvailable, Net.Sockets.GetError(socket));
        Assert.Equal("DISCOVER", Last.Kind);
    }

    [Fact]
    public void A_server_that_gives_more_time_and_another_router_is_followed()
    {
        StartBound(time: 1000);
        Server.Change = a => a.Set(3, DhcpAnswer.Addresses("192.168.1.10"));
        Client.Renew();
        Net.Poll();
        AssertBound();
        Assert.Equal(Net.Client.Ip, Net.Stack.IPv4.Gateway);
        Server.Change = a => a.Set(1, DhcpAnswer.Addresses("255.255.0.0"));
        Client.Renew();
        Net.Poll();
        AssertBound();
        Assert.Equal(0xFFFF0000u, Net.Stack.IPv4.Netmask);
    }

    [Fact]
    public void An_address_that_is_ours_already_is_not_asked_for_again_when_the_router_changes()
    {
        Start(c => c.Conflicts = TcpIp.Arp.ConflictPolicy.Probe);
        Net.Advance(10_000);
        AssertBound();
        Net.Announcements.Clear();
        Server.Change = a => a.Set(3, DhcpAnswer.Addresses("192.168.1.10"));
        Client.Renew();
        Net.Poll();
        AssertBound();
        Assert.Equal(Net.Client.Ip, Net.Stack.IPv4.Gateway);
        Net.Advance(10_000);
        Assert.All(Net.Announcements, a => Assert.Equal(Leased, a.ArpSenderIp));

        // where the link comes back it is asked for as ever
        Net.Interface.IsLinkUp = false;
        Net.Poll();
        Net.Interface.IsLinkUp = true;
        Net.Poll();
        Assert.Equal(TcpIp.Arp.AddressState.Probing, Net.Stack.Arp.AddressState);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_seconds_go_on_after_a_month_without_a_link_or_without_a_start(bool isStopped)
    {
        Start();
        Net.Poll();
        Client.Release();
        Net.Advance(2000);
        Said.Clear();
        if (!isStopped)
        {
            Net.Interface.IsLinkUp = false;
            Client.Start();
        }

        // it is polled now and then, not just when it has asked for it
        Net.Application = now =>
        {
            Client.Poll(now);
            return 40_000_007;
        };
        AdvanceSeconds(30 * 86400);
        Net.Application = Client.Poll;
        Client.Start();
        Net.Interface.IsLinkUp = true;
        Server.Time = 1000;
        Net.Advance(2000);
        AssertBound();
        AdvanceSeconds(600);
        Assert.Equal("RENEWING", Last.Kind);
    }

    [Fact]
    public void A_renewal_leaves_connections_alone()
    {
        StartBound(time: 1000);
        int announced = Net.Arps.Count;
        Client.Renew();
        Net.Poll();
        AssertBound();
        Assert.Equal(["RENEWING"], Kinds);

        // nothing but the question for the server's MAC address
        Assert.All(Net.Arps.Skip(announced), a => Assert.Equal(Server.Host.Ip, a.ArpTargetIp));
    }

    [Fact]
    public void Renewal_on_request_asks_now_in_every_state()
    {
        Start(c => c.StartSpread = 10000);
        Net.Advance(1);
        Client.Renew();
        Net.Poll();
        AssertBound();
        Server.Silent = true;
        Client.Renew();
        Net.Poll();
        Assert.Equal("RENEWING", Last.Kind);
        Client.Renew();
        Net.Poll();
        Assert.Equal(["DISCOVER", "SELECTING", "RENEWING", "RENEWING"], Kinds);
        Assert.NotEqual(Said[2].Xid, Said[3].Xid);
        AdvanceSeconds(80_000);
        Assert.Equal("REBINDING", Last.Kind);
        int before = Said.Count;
        Client.Renew();
        Net.Poll();
        Assert.Equal(before + 1, Said.Count);
        Assert.Equal("REBINDING", Last.Kind);
        AssertLeaseHolds();
    }

    [Fact]
    public void A_server_that_did_not_answer_can_be_asked_now()
    {
        Start();
        Server.Silent = true;
        Net.Advance(40_000);
        int before = Said.Count;
        Server.Silent = false;
        Client.Renew();
        Net.Poll();
        Assert.Equal(["DISCOVER", "SELECTING"], Kinds.Skip(before));
        AssertBound();
    }

    [Fact]
    public void A_lease_is_given_back_on_request()
    {
        StartBound();
        int socket = Connect();
        Client.Release();
        Net.Advance(2000);
        Assert.Equal(["RELEASE"], Kinds);
        Assert.Equal(Server.Address, Last.Server);
        Assert.Equal((1u, DhcpState.Stopped), (Client.Counters.Releases, Client.State));
        AssertNoAddress();
        Assert.Equal(SocketError.AddressNotAvailable, Net.Sockets.GetError(socket));
        AdvanceSeconds(100_000);
        Assert.Single(Said);
        Client.Start();
        Net.Poll();
        AssertBound();
    }

    [Fact]
    public void Giving_back_waits_for_nobody()
    {
        // without a lease, and without a link, there is nothing to say
        Start(c => c.LinkLocal = true);
        Server.Silent = true;
        Net.Advance(20_000);
        Assert.NotEqual(0u, Client.LinkLocalAddress);
        Client.Release();
        Net.Poll();
        AssertNoAddress();
        Assert.Equal((0u, DhcpState.Stopped, 0u), (Client.LinkLocalAddress, Client.State, Client.Counters.Releases));

        Server.Silent = false;
        Client.Start();
        Net.Poll();
        AssertBound();
        Net.Interface.IsLinkUp = false;
        Net.Poll();
        Client.Release();
        Net.Poll();
        AssertNoAddress();
        Assert.Equal((DhcpState.Stopped, 1u), (Client.State, Client.Counters.NotSent));
        Assert.DoesNotContain("RELEASE", Kinds);
    }

    [Fact]
    public void Stopping_leaves_the_address_as_it_is()
    {
        StartBound();
        Client.Stop();
        AdvanceSeconds(200_000);
        Assert.Empty(Said);
        Assert.Equal(Leased, Net.Stack.IPv4.Address);
        Assert.Equal(0u, Client.Lease.Address);

        // an address of one's own is the alternative
        Assert.Equal(0, Net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp));
        AdvanceSeconds(10);
        Net.AssertAlive();
    }

    [Fact]
    public void Starting_again_forgets_the_lease()
    {
        StartBound();
        Server.Silent = true;
        Client.Start();
        Net.Poll();
        AssertNoAddress();
        Assert.Equal(["DISCOVER"], Kinds);
    }

    [Fact]
    public void A_server_that_is_behind_a_relay_renews_by_way_of_the_router()
    {
        uint far = Wire.Address("10.9.9.9");
        Start();
        Server.Address = far;
        Server.Change = a => Wire.Put32(a.Head, 24, Wire.Address("192.168.1.254"));
        Net.Poll();
        AssertBound();
        Server.Silent = true;
        Client.Renew();
        Net.Poll();
        Assert.Equal((far, TestNetwork.GatewayMac), (Last.Frame.IpDestination, Last.Frame.Destination));
        DhcpAnswer ack = Server.Answer(DhcpAnswer.Ack, Last.Xid);
        Server.Send(ack.ToBytes(), Leased);
        Net.Poll();
        AssertBound();
        Assert.Equal(2u, Client.Counters.Acks);
    }

    private void AssertLeaseHolds()
    {
        Assert.Equal(Leased, Net.Stack.IPv4.Address);
        Assert.True(Client.IsBound);
    }

    private int Connect()
    {
        int socket = Net.Sockets.Socket();
        Net.Sockets.SetUserTimeout(socket, int.MaxValue);
        Assert.Equal((int)SocketError.InProgress, Net.Sockets.Connect(socket, Net.Client.Ip, 9));
        Net.Poll();
        return socket;
    }
}
