// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Dhcp;

namespace HostTests.EndToEnd;

/// <summary>The DHCP client and dnsmasq.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelDhcpTests : KernelDhcpTest
{
    private readonly string _leases = Path.GetTempFileName();

    [KernelFact("dnsmasq", "ping")]
    public void ALeaseOfDnsmasqIsObtainedUsedRenewedRefusedAndGivenBack()
    {
        StartServer("192.168.1.100,192.168.1.110");
        DhcpClient client = Start(new DhcpConfiguration { HostName = "board-7", StartSpread = 1, Conflicts = ConflictPolicy.None, LinkLocal = false });
        Wait(() => client.IsBound);
        AssertLeased(client, "192.168.1.100", "192.168.1.110");
        Assert.InRange(client.SecondsLeft, 100u, 120u);
        Ping(client.Lease.Address);

        client.Renew();
        Wait(() => client.Counters.Acks == 2 && client.State == DhcpState.Bound);

        // another network: the server says no, and gives an address of its own
        StopServer();
        StartServer("192.168.1.120,192.168.1.130");
        client.Renew();
        Wait(() => client.Counters.Naks == 1 && client.IsBound);
        AssertLeased(client, "192.168.1.120", "192.168.1.130");
        Ping(client.Lease.Address);

        client.Release();
        Wait(() => client.State == DhcpState.Stopped && Log().Contains("DHCPRELEASE", StringComparison.Ordinal));
        Assert.Equal(0u, Stack.IPv4.Address);
        string log = Log();
        Assert.All(["DHCPDISCOVER", "DHCPOFFER", "DHCPREQUEST", "DHCPACK", "DHCPNAK", "board-7"], word => Assert.Contains(word, log));
        AssertNothingBad(client.Counters);
        AssertClean();
    }

    [KernelFact("dnsmasq", "ping")]
    public void FromALinkLocalAddressDnsmasqIsStillFound()
    {
        DhcpClient client = Start(new DhcpConfiguration { StartSpread = 1, LinkLocalAfter = 0 });
        Wait(() => IPv4Address.IsLinkLocal(Stack.IPv4.Address));
        StartServer("192.168.1.100,192.168.1.110");
        Wait(() => client.IsBound);
        AssertLeased(client, "192.168.1.100", "192.168.1.110");
        Ping(client.Lease.Address);
        AssertClean();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        File.Delete(_leases);
    }

    private void StartServer(string range)
    {
        File.WriteAllText(_leases, string.Empty);
        StartServer(
            "IP range " + range.Split(',')[0],
            "dnsmasq",
            "--no-daemon",
            "--conf-file=/dev/null",
            "--user=root",
            "--pid-file=",
            "--port=0",
            "--interface=tap0",
            "--bind-interfaces",
            "--no-ping",
            "--dhcp-authoritative",
            "--log-dhcp",
            "--domain=example.org",
            $"--dhcp-leasefile={_leases}",
            $"--dhcp-range={range},255.255.255.0,120",
            "--dhcp-option=option:router,192.168.1.9",
            "--dhcp-option=option:dns-server,192.168.1.53",
            "--dhcp-option=option:ntp-server,192.168.1.123");
    }
}
