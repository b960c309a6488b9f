// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Text;
using TcpIp.Arp;
using TcpIp.Dhcp;
using TcpIp.Link;

namespace HostTests.EndToEnd;

/// <summary>The DHCP client and dnsmasq, in a namespace of their own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelDhcpTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly KernelStation _station = new("dhcp", new StackConfiguration());
    private readonly StringBuilder _log = new();
    private readonly string _leases = Path.GetTempFileName();
    private DhcpClient? _client;
    private Process? _server;

    public void Dispose()
    {
        StopServer();
        File.Delete(_leases);
        _station.Dispose();
    }

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
        Assert.Equal(0u, _station.Stack.IPv4.Address);
        string log = Log();
        Assert.All(["DHCPDISCOVER", "DHCPOFFER", "DHCPREQUEST", "DHCPACK", "DHCPNAK", "board-7"], word => Assert.Contains(word, log));
        DhcpCounters c = client.Counters;
        Assert.Equal(0u, c.BadHeader + c.BadLength + c.BadOptions + c.BadPort + c.BadAddress + c.BadLease + c.BadNetmask + c.BadRouter + c.NoServer);
        _station.AssertClean();
    }

    [KernelFact("dnsmasq", "ping")]
    public void FromALinkLocalAddressDnsmasqIsStillFound()
    {
        DhcpClient client = Start(new DhcpConfiguration { StartSpread = 1, LinkLocalAfter = 0 });
        Wait(() => IPv4Address.IsLinkLocal(_station.Stack.IPv4.Address));
        StartServer("192.168.1.100,192.168.1.110");
        Wait(() => client.IsBound);
        AssertLeased(client, "192.168.1.100", "192.168.1.110");
        Ping(client.Lease.Address);
        _station.AssertClean();
    }

    private static uint Parse(string address) => IPv4Address.Parse(address);

    private static void AssertLeased(DhcpClient client, string first, string last)
    {
        Assert.InRange(client.Lease.Address, Parse(first), Parse(last));
        Assert.Equal(0xFFFFFF00u, client.Lease.Netmask);
        Assert.Equal(Parse("192.168.1.9"), client.Lease.Router);
        Assert.Equal(Parse("192.168.1.53"), client.Lease.GetDnsServer(0));
        Assert.Equal(Parse("192.168.1.123"), client.Lease.GetNtpServer(0));
        Assert.Equal("example.org", Encoding.ASCII.GetString(client.Lease.Domain, 0, client.Lease.DomainLength));
    }

    private DhcpClient Start(DhcpConfiguration configuration)
    {
        MacAddress address = _station.Wire.MacAddress;
        _client = new DhcpClient(_station.Stack, address, new TestRandom(7), configuration);
        _client.Start();
        return _client;
    }

    private void Wait(Func<bool> condition) => _station.Run(s_limit, Task.CompletedTask, () =>
    {
        _client!.Poll(_station.Wire.Now);
        return condition();
    });

    private void Ping(uint address)
    {
        Task<(int ExitCode, string Output, string Errors)> ping = Task.Factory.StartNew(
            () => _station.Namespace.Run(s_limit, "ping", "-c", "1", "-W", "5", IPv4Address.ToString(address)), TaskCreationOptions.LongRunning);
        _station.Run(s_limit, ping, () =>
        {
            _client!.Poll(_station.Wire.Now);
            return true;
        });
        Assert.True(ping.Result.ExitCode == 0, ping.Result.Output + ping.Result.Errors);
    }

    private void StartServer(string range)
    {
        File.WriteAllText(_leases, string.Empty);
        _server = _station.Namespace.Start(
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
        DataReceivedEventHandler note = (_, line) =>
        {
            lock (_log)
            {
                _log.Append(line.Data).Append('\n');
            }
        };
        _server.OutputDataReceived += note;
        _server.ErrorDataReceived += note;
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        string words = "IP range " + range.Split(',')[0];
        Assert.True(SpinWait.SpinUntil(() => _server.HasExited || Log().Contains(words, StringComparison.Ordinal), s_limit), Log());
        Assert.False(_server.HasExited, Log());
    }

    private void StopServer()
    {
        if (_server != null)
        {
            _server.Kill(entireProcessTree: true);
            _server.WaitForExit();
            _server.Dispose();
            _server = null;
        }
    }

    private string Log()
    {
        lock (_log)
        {
            return _log.ToString();
        }
    }
}
