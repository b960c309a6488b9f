// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Text;
using TcpIp.Arp;
using TcpIp.Dhcp;
using TcpIp.Link;

namespace HostTests.EndToEnd;

/// <summary>What tests of the DHCP client and a real server share: both are in a namespace of their own.</summary>
public abstract class KernelDhcpTest : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly KernelStation _station = new("dhcp", new StackConfiguration());
    private readonly StringBuilder _log = new();
    private DhcpClient? _client;
    private Process? _server;

    /// <inheritdoc/>
    public void Dispose()
    {
        StopServer();
        Dispose(true);
        _station.Dispose();
        GC.SuppressFinalize(this);
    }

    internal TcpIpStack Stack => _station.Stack;

    internal static void AssertNothingBad(DhcpCounters c)
    {
        Assert.Equal(0u, c.BadHeader + c.BadLength + c.BadOptions + c.BadPort + c.BadAddress + c.BadLease + c.BadNetmask + c.BadRouter + c.NoServer);
    }

    private static uint Parse(string address) => IPv4Address.Parse(address);

    internal static void AssertLeased(DhcpClient client, string first, string last)
    {
        Assert.InRange(client.Lease.Address, Parse(first), Parse(last));
        Assert.Equal(0xFFFFFF00u, client.Lease.Netmask);
        Assert.Equal(Parse("192.168.1.9"), client.Lease.Router);
        Assert.Equal(Parse("192.168.1.53"), client.Lease.GetDnsServer(0));
        Assert.Equal(Parse("192.168.1.123"), client.Lease.GetNtpServer(0));
        Assert.Equal("example.org", Encoding.ASCII.GetString(client.Lease.Domain, 0, client.Lease.DomainLength));
    }

    internal DhcpClient Start(DhcpConfiguration configuration)
    {
        MacAddress address = _station.Wire.MacAddress;
        _client = new DhcpClient(_station.Stack, address, new TestRandom(7), configuration);
        _client.Start();
        return _client;
    }

    internal void Wait(Func<bool> condition) => _station.Run(s_limit, Task.CompletedTask, () =>
    {
        _client!.Poll(_station.Wire.Now);
        return condition();
    });

    internal void Ping(uint address)
    {
        Task<(int ExitCode, string Output, string Errors)> ping = Task.Factory.StartNew(
            () => _station.Namespace.Run(s_limit, Pings.Command(1, IPv4Address.ToString(address))), TaskCreationOptions.LongRunning);
        _station.Run(s_limit, ping, () =>
        {
            _client!.Poll(_station.Wire.Now);
            return true;
        });
        Assert.True(ping.Result.ExitCode == 0, ping.Result.Output + ping.Result.Errors);
    }

    /// <summary>Pulls the plug, and puts it in again.</summary>
    internal void Replug()
    {
        _station.Wire.IsLinkUp = false;
        int end = _station.Wire.Now + 300;
        Wait(() => _station.Wire.Now - end > 0);
        _station.Wire.IsLinkUp = true;
    }

    internal void AssertClean() => _station.AssertClean();

    /// <summary>Starts a server, and waits until it says so.</summary>
    /// <param name="words">What it says.</param>
    /// <param name="command">Program and arguments.</param>
    internal void StartServer(string words, params string[] command)
    {
        int before = Log().Length;
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
        Assert.True(SpinWait.SpinUntil(() => _server.HasExited || Log()[before..].Contains(words, StringComparison.Ordinal), s_limit), Log());
        Assert.False(_server.HasExited, Log());
    }

    internal void StopServer()
    {
        if (_server != null)
        {
            _server.Kill(entireProcessTree: true);
            _server.WaitForExit();
            _server.Dispose();
            _server = null;
        }
    }

    internal string Log()
    {
        lock (_log)
        {
            return _log.ToString();
        }
    }

    /// <summary>Takes away what the test has left.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
