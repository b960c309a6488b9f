// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Dhcp;

namespace HostTests.Stack.Dhcp;

/// <summary>Where options stand, and what is made of them: RFC 2132, RFC 3396, RFC 3442.</summary>
public sealed class OptionTests : DhcpTest
{
    private const int File = 108;
    private const int ServerName = 44;

    [Fact]
    public void H8_padding_is_skipped_wherever_it_stands()
    {
        StartBound(change: a =>
        {
            a.Options.Insert(0, (0, []));
            a.Options.Insert(3, (0, []));
            a.Options.Insert(3, (0, []));
            a.Options.Add((0, []));
            a.Tail = [255, 0, 0, 0];
        });
        AssertWhole();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void H8_options_may_stand_in_file_and_sname(int overload)
    {
        StartBound(change: a =>
        {
            if ((overload & 1) != 0)
            {
                a.Overload(overload, File, 128, 3, 6, 15);
            }

            if ((overload & 2) != 0)
            {
                a.Overload(overload, ServerName, 64, 51, 1, 42);
            }
        });
        AssertWhole();
    }

    [Fact]
    public void H8_options_that_come_in_pieces_are_put_together()
    {
        StartBound(change: a =>
        {
            a.Set(15, "org").Options.Insert(0, (15, Encoding.ASCII.GetBytes("example.")));
            a.Set(6, [1, 53, 9, 9, 9, 9]).Options.Insert(2, (6, [192, 168]));

            // even an empty piece is one
            a.Set(51, [1, 81, 128]).Options.Insert(3, (51, [0]));
            a.Options.Insert(4, (51, []));
        });
        AssertWhole();
    }

    [Fact]
    public void H8_the_pieces_are_put_together_in_the_order_options_file_sname()
    {
        StartBound(change: a =>
        {
            a.Set(15, "rg").Overload(3, ServerName, 64, 15);
            a.Set(15, "ple.o").Overload(3, File, 128, 15);
            a.Set(15, "exam");
        });
        AssertWhole();
    }

    [Fact]
    public void H8_in_the_fields_an_option_overload_means_nothing()
    {
        StartBound(change: a =>
        {
            a.Set(52, 2).Overload(1, File, 128, 15, 52);
            a.Set(52, 1);
        });
        AssertWhole();
    }

    [Fact]
    public void H8_without_overload_the_fields_are_not_read()
    {
        StartBound(change: a => Encoding.ASCII.GetBytes("\u0006\u0004boot").CopyTo(a.Head, File));
        AssertWhole();
    }

    [Fact]
    public void Unknown_options_are_skipped_the_longest_too()
    {
        StartBound(change: a =>
        {
            a.Options.Insert(0, (43, new byte[100]));
            a.Options.Insert(2, (224, [1]));
        });
        AssertWhole();
    }

    [Theory]
    [InlineData("0 192.168.1.254", "192.168.1.254")]
    [InlineData("8 10 192.168.1.3 0 192.168.1.254", "192.168.1.254")]
    [InlineData("24 10 1 2 192.168.1.3 32 10 1 2 3 192.168.1.4 0 192.168.1.254 0 192.168.1.9", "192.168.1.254")]
    [InlineData("9 10 128 192.168.1.3 25 10 1 2 128 192.168.1.4", "0.0.0.0")]
    public void The_route_to_everywhere_is_taken_from_the_routes_and_the_router_is_ignored(string routes, string router)
    {
        StartBound(change: a => a.Set(3, DhcpAnswer.Addresses("192.168.1.10")).Set(121, Routes(routes)));
        AssertBound();
        Assert.Equal(Wire.Address(router), Client.Lease.Router);
    }

    [Fact]
    public void Without_a_byte_of_routes_the_router_counts()
    {
        StartBound(change: a => a.Options.Add((121, [])));
        AssertWhole();
    }

    [Fact]
    public void Routes_may_come_in_pieces()
    {
        byte[] routes = Routes("24 10 1 2 192.168.1.3 0 192.168.1.254");
        StartBound(change: a => a.Set(121, routes[9..]).Set(3, DhcpAnswer.Addresses("192.168.1.10")).Options.Insert(1, (121, routes[..9])));
        Assert.Equal(TestNetwork.GatewayIp, Client.Lease.Router);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("192.168.2.254")]
    [InlineData("192.168.1.255")]
    [InlineData("192.168.1.0")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public void X68_a_router_that_cannot_be_is_left_out(string router)
    {
        StartBound(change: a => a.Set(3, DhcpAnswer.Addresses(router)));
        AssertBound();
        Assert.Equal(0u, Client.Lease.Router);
        Assert.Equal(2u, Client.Counters.BadRouter);
    }

    [Fact]
    public void No_router_is_no_fault()
    {
        StartBound(change: a => a.Set(3, DhcpAnswer.Addresses("0.0.0.0")));
        AssertBound();
        Assert.Equal((0u, 0u), (Client.Lease.Router, Client.Counters.BadRouter));
    }

    [Fact]
    public void In_a_network_of_one_the_router_may_be_anybody()
    {
        StartBound(change: a => a.Set(1, DhcpAnswer.Addresses("255.255.255.255")).Set(3, DhcpAnswer.Addresses("10.0.0.1")));
        AssertBound();
        Assert.Equal(Wire.Address("10.0.0.1"), Net.Stack.IPv4.Gateway);
        Assert.Equal(0u, Client.Counters.BadRouter);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.0.255.0")]
    [InlineData("0.0.0.255")]
    [InlineData("255.255.255.253")]
    public void X68_a_netmask_that_cannot_be_is_replaced(string netmask)
    {
        StartBound(change: a => a.Set(1, DhcpAnswer.Addresses(netmask)));
        AssertBound();
        Assert.Equal(0xFFFFFF00u, Client.Lease.Netmask);
        Assert.Equal(2u, Client.Counters.BadNetmask);
    }

    [Fact]
    public void Servers_that_no_host_can_be_are_left_out_and_so_is_a_part_of_an_address()
    {
        StartBound(c => c.DnsServers = 4, change: a =>
            a.Set(6, [.. DhcpAnswer.Addresses("0.0.0.0", "1.1.1.1", "255.255.255.255", "224.0.0.1", "8.8.8.8"), 9, 9, 9]));
        Assert.Equal(2, Client.Lease.DnsServerCount);
        Assert.Equal([Wire.Address("1.1.1.1"), Wire.Address("8.8.8.8")], new[] { 0, 1 }.Select(Client.Lease.GetDnsServer));
    }

    [Fact]
    public void Nothing_of_an_earlier_lease_is_left()
    {
        StartBound();
        Server.Change = a => a.Remove(6).Remove(15).Remove(42).Remove(3);
        Client.Renew();
        Net.Poll();
        AssertBound();
        Assert.Equal((0, 0, 0, 0u), (Client.Lease.DnsServerCount, Client.Lease.NtpServerCount, Client.Lease.DomainLength, Client.Lease.Router));
    }

    private static byte[] Routes(string text) =>
        [.. text.Split(' ').SelectMany(part => part.Contains('.') ? DhcpAnswer.Addresses(part) : [byte.Parse(part)])];

    private void AssertWhole()
    {
        AssertBound();
        DhcpLease lease = Client.Lease;
        Assert.Equal((TestNetwork.GatewayIp, 86400u), (lease.Router, lease.Time));
        Assert.Equal([Wire.Address("192.168.1.53"), Wire.Address("9.9.9.9")], new[] { 0, 1 }.Select(lease.GetDnsServer));
        Assert.Equal(Wire.Address("192.168.1.123"), lease.GetNtpServer(0));
        Assert.Equal("example.org", Encoding.ASCII.GetString(lease.Domain, 0, lease.DomainLength));
        Assert.Equal(0u, Client.Counters.BadOptions);
    }
}
