// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Arp;
using TcpIp.Dhcp;

namespace HostTests.EndToEnd;

/// <summary>The DHCP client and Kea, ISC's server.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelKeaTests : KernelDhcpTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kea").FullName;

    [KernelFact("kea-dhcp4", "ping")]
    public void ALeaseOfKeaIsObtainedUsedRenewedRefusedAndGivenBack()
    {
        StartServer("192.168.1.100", "192.168.1.110");
        DhcpClient client = Start(new DhcpConfiguration { HostName = "board-7", StartSpread = 1, Conflicts = ConflictPolicy.None, LinkLocal = false });
        Wait(() => client.IsBound);
        AssertLeased(client, "192.168.1.100", "192.168.1.110");
        Assert.InRange(client.SecondsLeft, 100u, 120u);
        Ping(client.Lease.Address);

        client.Renew();
        Wait(() => client.Counters.Acks == 2 && client.State == DhcpState.Bound);

        // the plug is pulled: the address is asked for again, and still ours
        Replug();
        Wait(() => client.Counters.Acks == 3 && client.State == DhcpState.Bound);
        AssertLeased(client, "192.168.1.100", "192.168.1.110");

        // a server that knows of nothing, and has other addresses to give. Kea says no only to who asks as after a start (INIT-REBOOT)
        StopServer();
        StartServer("192.168.1.120", "192.168.1.130");
        Replug();
        Wait(() => client.Counters.Naks == 1 && client.IsBound);
        AssertLeased(client, "192.168.1.120", "192.168.1.130");
        Ping(client.Lease.Address);

        client.Release();
        Wait(() => client.State == DhcpState.Stopped && Log().Contains("DHCP4_RELEASE ", StringComparison.Ordinal));
        Assert.Equal(0u, Stack.IPv4.Address);
        Assert.All(["DHCP4_LEASE_ADVERT", "DHCP4_LEASE_ALLOC"], word => Assert.Contains(word, Log()));
        AssertNothingBad(client.Counters);
        AssertClean();
    }

    [KernelFact("kea-dhcp4", "ping")]
    public void TheRouterIsWhatTheDefaultRouteOfKeaSays()
    {
        // RFC 3442: 10.0.0.0/8 by 192.168.1.7, all else by 192.168.1.9, and option 3 does not count
        StartServer("192.168.1.100", "192.168.1.110", """{ "code": 121, "csv-format": false, "data": "080AC0A8010700C0A80109" }""");
        DhcpClient client = Start(new DhcpConfiguration { StartSpread = 1, LinkLocal = false });
        Wait(() => client.IsBound);
        AssertLeased(client, "192.168.1.100", "192.168.1.110");
        Ping(client.Lease.Address);
        AssertNothingBad(client.Counters);
        AssertClean();
    }

    [KernelFact("kea-dhcp4", "ping")]
    public void AnAnswerOfKeaWithMoreThanEveryClientTakesIsTaken()
    {
        // four options of 250 bytes that nobody has asked for: Kea goes beyond what the client says that it takes
        string bytes = new('A', 500);
        StartServer("192.168.1.100", "192.168.1.110", string.Join(",", Enumerable.Range(224, 4).Select(code => $$"""{ "code": {{code}}, "csv-format": false, "always-send": true, "data": "{{bytes}}" }""")));
        DhcpClient client = Start(new DhcpConfiguration { StartSpread = 1, LinkLocal = false });
        Wait(() => client.IsBound);
        Assert.InRange(client.Lease.Address, Wire.Address("192.168.1.100"), Wire.Address("192.168.1.110"));
        Ping(client.Lease.Address);
        AssertNothingBad(client.Counters);
        AssertClean();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Directory.Delete(_folder, recursive: true);
    }

    private void StartServer(string first, string last, string moreOptions = "")
    {
        string file = Path.Combine(_folder, "kea.conf");
        File.WriteAllText(
            file,
            $$"""
            { "Dhcp4": {
                "interfaces-config": { "interfaces": [ "tap0" ], "dhcp-socket-type": "raw" },
                "lease-database": { "type": "memfile", "persist": false },
                "authoritative": true, "valid-lifetime": 120, "renew-timer": 60, "rebind-timer": 105,
                "subnet4": [ { "subnet": "192.168.1.0/24", "pools": [ { "pool": "{{first}} - {{last}}" } ], "option-data": [
                    { "name": "routers", "data": "{{(moreOptions.Length == 0 ? "192.168.1.9" : "192.168.1.8")}}" },
                    { "name": "domain-name-servers", "data": "192.168.1.53" },
                    { "name": "ntp-servers", "data": "192.168.1.123" },
                    {{(moreOptions.Length == 0 ? "" : moreOptions + ",")}}
                    { "name": "domain-name", "data": "example.org" } ] } ],
                "loggers": [ { "name": "kea-dhcp4", "severity": "INFO", "output_options": [ { "output": "stdout" } ] } ]
            } }
            """,
            new UTF8Encoding(false));
        StartServer("DHCP4_STARTED", "env", "KEA_PIDFILE_DIR=" + _folder, "KEA_LOCKFILE_DIR=none", "kea-dhcp4", "-c", file);
    }
}
