// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Arp;
using TcpIp.Dhcp;
using TcpIp.Link;
using TcpIp.Sockets;

namespace HostTests.Stack.Dhcp;

/// <summary>How a lease is obtained: RFC 2131 sections 3.1, 4.1 and 4.4.1.</summary>
public sealed class ObtainingTests : DhcpTest
{
    [Theory, BothOrders]
    public void H9_a_lease_is_obtained_from_a_server_that_answers_to_us_alone(WordOrder order)
    {
        Start(order: order);
        Net.Poll();
        Assert.Equal(["DISCOVER", "SELECTING"], Kinds);
        AssertBound();
        Assert.Equal(Leased, Net.Stack.IPv4.Address);
        Assert.Equal(TestNetwork.GatewayIp, Net.Stack.IPv4.Gateway);
    }

    [Fact]
    public void An_offer_that_came_in_a_turn_in_which_only_the_stack_was_polled_is_taken_in_the_next()
    {
        Start();
        Server.Silent = true;
        Net.Poll();
        Net.Application = null;
        Server.Send(Server.Answer(DhcpAnswer.Offer, Last.Xid).ToBytes());
        Net.Advance(5);
        Net.Application = Client.Poll;
        Net.Poll();
        Assert.Equal("SELECTING", Last.Kind);
    }

    [Fact]
    public void H9_a_lease_is_obtained_from_a_server_that_answers_to_all()
    {
        Start();
        Server.AlwaysBroadcasts = true;
        Net.Poll();
        AssertBound();
    }

    [Fact]
    public void H9_whoever_wants_to_be_answered_to_all_says_so()
    {
        Start(c => c.BroadcastFlag = true);
        Net.Poll();
        Assert.All(Said, q => Assert.True(q.Broadcast));
        AssertBound();
    }

    [Fact]
    public void What_the_server_gave_can_be_read()
    {
        Start();
        uint before = Client.Changes;
        Net.Poll();
        DhcpLease lease = Client.Lease;
        Assert.Equal(Leased, lease.Address);
        Assert.Equal(TestNetwork.Netmask, lease.Netmask);
        Assert.Equal(TestNetwork.GatewayIp, lease.Router);
        Assert.Equal(Server.Address, lease.Server);
        Assert.Equal(86400u, lease.Time);
        Assert.Equal(86400u, Client.SecondsLeft);
        Assert.Equal(2, lease.DnsServerCount);
        Assert.Equal([Wire.Address("192.168.1.53"), Wire.Address("9.9.9.9"), 0u, 0u], new[] { 0, 1, 2, -1 }.Select(lease.GetDnsServer));
        Assert.Equal(1, lease.NtpServerCount);
        Assert.Equal([Wire.Address("192.168.1.123"), 0u, 0u], new[] { 0, 1, -1 }.Select(lease.GetNtpServer));
        Assert.Equal("example.org", Encoding.ASCII.GetString(lease.Domain, 0, lease.DomainLength));
        Assert.NotEqual(before, Client.Changes);
        Assert.Equal((1u, 1u, 1u, 1u, 2u), (Client.Counters.Discovers, Client.Counters.Offers, Client.Counters.Requests, Client.Counters.Acks, Client.Counters.Received));

        Client.ClearCounters();
        Assert.Equal((0u, 0u, 0u, 0u, 0u), (Client.Counters.Discovers, Client.Counters.Offers, Client.Counters.Requests, Client.Counters.Acks, Client.Counters.Received));
    }

    [Fact]
    public void A_domain_name_that_does_not_fit_is_not_kept_in_part()
    {
        Start(c => c.DomainBytes = 11);
        Net.Poll();
        Assert.Equal(11, Client.Lease.DomainLength);
        Server.Change = answer => answer.Set(15, "example.org.");
        Client.Renew();
        Net.Poll();
        Assert.Equal(0, Client.Lease.DomainLength);
    }

    [Fact]
    public void The_server_hears_who_asks_and_for_what()
    {
        Start(c => c.HostName = "board-7");
        Net.Poll();
        foreach (DhcpQuestion question in Said)
        {
            Assert.Equal("board-7", Encoding.ASCII.GetString(question.Options[12]));
            Assert.Equal([5, 220], question.Options[57]);

            // routes before routers (RFC 3442); the client identifier of RFC 4361
            Assert.Equal([1, 121, 3, 6, 15, 42], question.Options[55]);
            Assert.Equal([255, 0, 0, 0, 1, 0, 3, 0, 1, 0x02, 0xAA, 0xBB, 0xCC, 0xDD, 0x01], question.Options[61]);
        }

        Assert.Equal(Leased, Last.Requested);
        Assert.Equal(Server.Address, Last.Server);
        Assert.Equal(Said[0].Xid, Last.Xid);
    }

    [Fact]
    public void A_client_identifier_of_ones_own_is_sent_as_it_is()
    {
        byte[] id = [1, 0x02, 0xAA, 0xBB, 0xCC, 0xDD, 0x01];
        Start(c => c.ClientId = id);
        Net.Poll();
        Assert.All(Said, q => Assert.Equal(id, q.Options[61]));
        Assert.All(Said, q => Assert.False(q.Options.ContainsKey(12)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void H1_the_question_is_repeated_after_4_8_16_32_and_64_seconds_give_or_take_one(uint seed)
    {
        Start(c => c.LinkLocal = false, seed: seed);
        Server.Silent = true;
        Net.Advance(400_000);
        Assert.All(Kinds, kind => Assert.Equal("DISCOVER", kind));
        int[] gaps = [.. Said.Zip(Said.Skip(1), (a, b) => b.Time - a.Time)];
        int[] expected = [4, 8, 16, 32, .. Enumerable.Repeat(64, gaps.Length - 4)];
        Assert.True(gaps.Length >= 7);
        Assert.All(gaps.Zip(expected), g => Assert.InRange(g.First, (g.Second * 1000) - 1000, (g.Second * 1000) + 1000));
        Assert.True(gaps.Select((g, i) => g - (expected[i] * 1000)).Distinct().Count() > 3, "not random");
        Assert.Single(Said.Select(q => q.Xid).Distinct());
        Assert.All(Said, q => Assert.InRange(q.Secs - ((q.Time - Said[0].Time) / 1000), -1, 1));
    }

    [Fact]
    public void H2_the_number_of_a_question_is_random()
    {
        HashSet<uint> numbers = [];
        for (uint seed = 1; seed <= 5; seed++)
        {
            Start(seed: seed);
            Net.Poll();
            numbers.Add(Last.Xid);
        }

        Assert.Equal(5, numbers.Count);
    }

    [Fact]
    public void H1_an_offer_is_asked_for_four_times_within_a_minute_and_then_all_begins_anew()
    {
        Start();
        Server.Change = answer => Server.Silent = true;
        Net.Advance(59_000);
        Assert.Equal(["DISCOVER", "SELECTING", "SELECTING", "SELECTING", "SELECTING"], Kinds);
        Assert.All(Said.Skip(1), q => Assert.Equal(Said[0].Secs, q.Secs));
        Assert.Equal(DhcpState.Requesting, Client.State);
        Server.Silent = false;
        Server.Change = null;
        Net.Advance(10_000);
        Assert.Equal(["DISCOVER", "SELECTING"], Kinds.Skip(5));
        Assert.NotEqual(Said[0].Xid, Last.Xid);
        AssertBound();
    }

    [Fact]
    public void The_first_offer_is_taken_and_others_are_left()
    {
        Start();
        DhcpServer other = new(Net, "192.168.1.2", 0x020000000002) { Leased = Wire.Address("192.168.1.99") };
        Server.Change = answer => other.Send(other.Answer(DhcpAnswer.Offer, Said[0].Xid).ToBytes());
        Net.Poll();

        // who came first is asked, and the other one's offers are counted
        Assert.Equal(other.Address, Last.Server);
        Assert.Equal(Wire.Address("192.168.1.99"), Last.Requested);
        Assert.Equal(1u, Client.Counters.Unexpected);
        other.Send(other.Answer(DhcpAnswer.Ack, Said[0].Xid).ToBytes());
        Net.Poll();
        AssertBound();
        Assert.Equal(other.Address, Client.Lease.Server);
    }

    [Theory]
    [InlineData("10.1.2.3", "255.0.0.0")]
    [InlineData("172.16.1.2", "255.255.0.0")]
    [InlineData("192.168.1.77", "255.255.255.0")]
    public void H10_an_offer_without_mask_router_and_DNS_is_good(string address, string netmask)
    {
        Start();
        Server.Leased = Wire.Address(address);
        Server.Change = answer => answer.Remove(1).Remove(3).Remove(6).Remove(15).Remove(42);
        Net.Poll();
        AssertBound();
        Assert.Equal(Wire.Address(netmask), Client.Lease.Netmask);
        Assert.Equal(0u, Client.Lease.Router);
        Assert.Equal((0, 0, 0), (Client.Lease.DnsServerCount, Client.Lease.NtpServerCount, Client.Lease.DomainLength));
        Assert.Equal(0u, Client.Counters.BadNetmask);
    }

    [Fact]
    public void H6_a_server_that_offers_and_refuses_is_asked_more_and_more_seldom()
    {
        Start(c => c.LinkLocal = false);
        Server.Refuses = true;
        Net.Advance(130_000);
        int[] discovers = [.. Said.Where(q => q.Kind == "DISCOVER").Select(q => q.Time)];
        Assert.InRange(discovers.Length, 6, 8);
        Assert.Equal(Said.Count / 2, (int)Client.Counters.Naks);
        int[] gaps = [.. discovers.Zip(discovers.Skip(1), (a, b) => b - a)];
        Assert.InRange(gaps[0], 0, 1000);
        Assert.All(gaps.Skip(1).Zip([4, 8, 16, 32]), g => Assert.InRange(g.First, (g.Second * 1000) - 1000, (g.Second * 1000) + 2000));

        // and once it gives, all is forgotten
        Server.Refuses = false;
        Net.Advance(70_000);
        AssertBound();
        Server.Refuses = true;
        Client.Renew();
        Net.Poll();
        AssertNoAddress();
        Server.Refuses = false;
        Net.Advance(5100);
        AssertBound();
    }

    [Fact]
    public void Starting_anew_forgets_that_it_was_refused()
    {
        Start();
        Server.Refuses = true;
        Net.Advance(130_000);
        Said.Clear();
        int begun = Net.Now;
        Client.Start();
        Net.Advance(6000);
        int[] discovers = [.. Said.Where(q => q.Kind == "DISCOVER").Select(q => q.Time - begun)];
        Assert.Equal(3, discovers.Length);
        Assert.InRange(discovers[1], 0, 1000);
    }

    [Fact]
    public void A_network_of_two_has_no_address_of_all()
    {
        Start();
        Server.Leased = Wire.Address("192.168.1.255");
        Server.Change = a => a.Set(1, 0xFFFFFFFEu).Set(3, DhcpAnswer.Addresses("192.168.1.254"));
        Net.Poll();
        AssertBound();
        Assert.Equal(TestNetwork.GatewayIp, Client.Lease.Router);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_first_message_comes_at_random_within_the_spread(uint seed)
    {
        Start(c => c.StartSpread = 10000, seed: seed);
        int begun = Net.Now;
        Net.Advance(10_000);
        Assert.InRange(Said[0].Time - begun, 1, 9999);
        AssertBound();
    }

    [Fact]
    public void Without_a_link_nothing_is_sent_and_with_it_all_begins()
    {
        Start();
        Net.Interface.IsLinkUp = false;
        Net.Advance(60_000);
        Assert.Empty(Said);
        Assert.Equal(DhcpState.Init, Client.State);
        Assert.Equal(0u, Client.LinkLocalAddress);
        Net.Interface.IsLinkUp = true;
        Net.Advance(10);
        AssertBound();
    }

    [Fact]
    public void A_client_that_was_not_started_does_nothing()
    {
        Start();
        Client.Stop();
        Client.Renew();
        Client.Release();
        Net.Advance(100_000);
        Assert.Empty(Said);
        Assert.Equal(DhcpState.Stopped, Client.State);
        Assert.Equal(TestNetwork.StackIp, Net.Stack.IPv4.Address);
        Net.AssertAlive();
    }

    [Fact]
    public void H7_the_link_is_asked_before_the_address_is_used()
    {
        Start(c => c.Conflicts = ConflictPolicy.Probe);
        Net.Poll();
        Assert.Equal(DhcpState.Checking, Client.State);
        Assert.False(Client.IsBound);
        Assert.Equal(Leased, Client.Lease.Address);
        Net.Advance(7000);
        Assert.Equal(3, Net.Arps.Count(a => a.ArpSenderIp == 0 && a.ArpTargetIp == Leased));
        AssertBound();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a socket is missing")]
    [InlineData("another one has the port")]
    public void Whoever_makes_a_client_wrongly_is_told(string? what)
    {
        TestNetwork net = Begin(configure: c => c.UdpSockets = what == "a socket is missing" ? 0 : 2);
        MacAddress mac = new([2, 0, 0, 0, 0, 1]);
        TestRandom random = new(1);
        DhcpConfiguration good = new();
        if (what == null)
        {
            Assert.Equal("stack", Assert.Throws<ArgumentNullException>(() => new DhcpClient(null!, mac, random, good)).ParamName);
            Assert.Equal("hardware", Assert.Throws<ArgumentNullException>(() => new DhcpClient(net.Stack, null!, random, good)).ParamName);
            Assert.Equal("random", Assert.Throws<ArgumentNullException>(() => new DhcpClient(net.Stack, mac, null!, good)).ParamName);
            Assert.Equal("configuration", Assert.Throws<ArgumentNullException>(() => new DhcpClient(net.Stack, mac, random, null!)).ParamName);
            Assert.Throws<ArgumentOutOfRangeException>(() => new DhcpClient(net.Stack, mac, random, new DhcpConfiguration { HostName = string.Empty }));
            return;
        }

        int other = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Bind(other, 68);
        SocketError error = what == "a socket is missing" ? SocketError.TooManyOpenSockets : SocketError.AddressInUse;
        string message = Assert.Throws<ArgumentException>(() => new DhcpClient(net.Stack, mac, random, good)).Message;
        Assert.Contains(SocketErrorText.Of(error), message);

        // and what it took is given back
        net.Sockets.Close(other);
        Assert.Equal(what == "a socket is missing", net.Sockets.Socket(SocketType.Datagram) < 0);
        Assert.Equal(what == "a socket is missing", net.Sockets.Socket(SocketType.Datagram) < 0);
    }

    [Theory]
    [InlineData("-board")]
    [InlineData("board-")]
    [InlineData("my board")]
    [InlineData("bo\u00e4rd")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void A_name_that_no_host_can_have_is_refused(string name)
    {
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(new DhcpConfiguration { HostName = name }.Validate);
        Assert.Equal("HostName", e.ParamName);
        new DhcpConfiguration { HostName = "A-z0.9".Replace(".", string.Empty) }.Validate();
        new DhcpConfiguration { HostName = new string('9', 63) }.Validate();
    }

    [Fact]
    public void A_size_out_of_its_range_is_named()
    {
        (string Name, DhcpConfiguration Wrong)[] wrong =
        [
            ("ClientId", new DhcpConfiguration { ClientId = [1] }),
            ("ClientId", new DhcpConfiguration { ClientId = new byte[65] }),
            ("LinkLocalAfter", new DhcpConfiguration { LinkLocalAfter = -1 }),
            ("StartSpread", new DhcpConfiguration { StartSpread = 0 }),
            ("StartSpread", new DhcpConfiguration { StartSpread = 10001 }),
            ("DnsServers", new DhcpConfiguration { DnsServers = -1 }),
            ("DnsServers", new DhcpConfiguration { DnsServers = 17 }),
            ("NtpServers", new DhcpConfiguration { NtpServers = 17 }),
            ("NtpServers", new DhcpConfiguration { NtpServers = -1 }),
            ("DomainBytes", new DhcpConfiguration { DomainBytes = -1 }),
            ("DomainBytes", new DhcpConfiguration { DomainBytes = 256 }),
            ("MessageBytes", new DhcpConfiguration { MessageBytes = 547 }),
            ("MessageBytes", new DhcpConfiguration { MessageBytes = 1473 }),
        ];
        Assert.All(wrong, w => Assert.Equal(w.Name, Assert.Throws<ArgumentOutOfRangeException>(w.Wrong.Validate).ParamName));
        new DhcpConfiguration { ClientId = new byte[64], LinkLocalAfter = 0, StartSpread = 10000, DnsServers = 16, NtpServers = 0, DomainBytes = 255 }.Validate();
        new DhcpConfiguration { ClientId = new byte[2], DnsServers = 0, NtpServers = 16, DomainBytes = 0, MessageBytes = 548 }.Validate();
    }

    [Fact]
    public void The_longest_names_fit_a_message()
    {
        Start(c =>
        {
            c.HostName = new string('a', 63);
            c.ClientId = new byte[64];
        });
        Net.Poll();
        AssertBound();
        Assert.All(Said, q => Assert.InRange(q.Frame.Text.Length, 301, 548));
    }
}
