// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Text;
using TcpIp.Dns;

namespace HostTests.EndToEnd;

/// <summary>The resolver and the servers that people run, in a namespace of their own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelDnsTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly KernelStation _station;
    private readonly DnsResolver _resolver;
    private readonly StringBuilder _log = new();
    private readonly string _file = Path.GetTempFileName();
    private Process? _server;

    public KernelDnsTests()
    {
        _station = new KernelStation("dns", new StackConfiguration());
        _resolver = new DnsResolver(_station.Stack, new TestRandom(7), new DnsConfiguration());
        _resolver.SetServer(0, IPv4Address.Parse(KernelNamespace.KernelAddress.ToString()));
    }

    public void Dispose()
    {
        if (_server != null)
        {
            _server.Kill(entireProcessTree: true);
            _server.WaitForExit();
            _server.Dispose();
        }

        File.Delete(_file);
        _station.Dispose();
    }

    [KernelFact("dnsmasq")]
    public void Dnsmasq_tells_addresses_aliases_and_what_is_not_there()
    {
        string many = string.Join('\n', Enumerable.Range(1, 60).Select(i => $"198.51.100.{i} many.example.org"));
        File.WriteAllText(_file, many + "\n");
        Start(
            "started",
            "dnsmasq",
            "--no-daemon",
            "--conf-file=/dev/null",
            "--user=root",
            "--pid-file=",
            "--no-resolv",
            "--no-hosts",
            "--log-queries",
            $"--addn-hosts={_file}",
            "--interface=tap0",
            "--bind-interfaces",
            "--address=/www.example.org/203.0.113.80",
            "--host-record=web.example.org,203.0.113.81",
            "--cname=alias.example.org,web.example.org",
            "--cname=second.example.org,alias.example.org",
            "--local=/example.org/",
            "--host-record=six.example.org,2001:db8::1");
        Assert.Equal("203.0.113.80", LookUp("www.example.org"));
        Assert.Equal("203.0.113.81", LookUp("alias.example.org"));
        Assert.Equal("203.0.113.81", LookUp("SECOND.example.org."));
        Assert.Equal("HostNotFound", LookUp("nobody.example.org"));
        Assert.Equal("NoData", LookUp("six.example.org"));

        // sixty addresses do not fit a datagram: over TCP they do
        Assert.StartsWith("198.51.100.", LookUp("many.example.org"), StringComparison.Ordinal);
        Assert.Equal(1u, _resolver.Counters.Streams);

        // without a server above it has nothing to say of others
        Assert.Equal("TryAgain", LookUp("example.com"));
        Assert.Equal(0u, _resolver.Counters.Malformed + _resolver.Counters.NotOurs + _resolver.Counters.Timeouts);
        _station.AssertClean();
    }

    [KernelFact("unbound")]
    public void Unbound_tells_addresses_aliases_and_what_is_not_there()
    {
        string many = string.Concat(Enumerable.Range(1, 60).Select(i => $"    local-data: \"many.example.org. 60 IN A 198.51.100.{i}\"\n"));
        File.WriteAllText(
            _file,
            $"""
            server:
                verbosity: 1
                use-syslog: no
                logfile: ""
                do-daemonize: no
                username: ""
                chroot: ""
                pidfile: ""
                interface: {KernelNamespace.KernelAddress}
                do-ip6: no
                access-control: 0.0.0.0/0 allow
                module-config: "iterator"
                local-zone: "example.org." static
                local-data: "example.org. 3600 IN SOA ns.example.org. host.example.org. 1 3600 1200 604800 60"
                local-data: "www.example.org. 120 IN A 203.0.113.80"
                local-data: "alias.example.org. 120 IN CNAME www.example.org."
                local-data: "six.example.org. 120 IN AAAA 2001:db8::1"
            {many}remote-control:
                control-enable: no
            """);
        Start("start of service", "unbound", "-d", "-c", _file);
        Assert.Equal("203.0.113.80", LookUp("www.example.org"));
        Assert.Equal("203.0.113.80", LookUp("Alias.Example.Org"));
        Assert.Equal("HostNotFound", LookUp("nobody.example.org"));
        Assert.Equal("NoData", LookUp("six.example.org"));
        Assert.StartsWith("198.51.100.", LookUp("many.example.org"), StringComparison.Ordinal);
        Assert.Equal(1u, _resolver.Counters.Streams);

        // what does not exist is remembered for as long as the zone says
        uint asked = _resolver.Counters.Queries;
        Assert.Equal("HostNotFound", LookUp("nobody.example.org"));
        Assert.Equal(asked, _resolver.Counters.Queries);
        Assert.Equal(0u, _resolver.Counters.Malformed + _resolver.Counters.NotOurs);
        _station.AssertClean();
    }

    private string LookUp(string name)
    {
        int lookup = _resolver.Begin(name);
        int result = (int)SocketError.WouldBlock;
        uint address = 0;
        _station.Run(s_limit, Task.CompletedTask, () =>
        {
            _resolver.Poll(_station.Wire.Now);
            result = result == (int)SocketError.WouldBlock ? _resolver.GetResult(lookup, out address) : result;
            return result != (int)SocketError.WouldBlock;
        });
        return result == 0 ? IPv4Address.ToString(address) : ((SocketError)result).ToString();
    }

    private void Start(string ready, params string[] command)
    {
        _server = _station.Namespace.Start(command);
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
        Assert.True(SpinWait.SpinUntil(() => _server.HasExited || Log().Contains(ready, StringComparison.Ordinal), s_limit), Log());
        Assert.False(_server.HasExited, Log());
    }

    private string Log()
    {
        lock (_log)
        {
            return _log.ToString();
        }
    }
}
