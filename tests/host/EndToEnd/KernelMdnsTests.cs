// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Text;
using TcpIp.Dns;
using TcpIp.Mdns;

namespace HostTests.EndToEnd;

/// <summary>The responder and avahi, in a namespace of their own, with a bus of their own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelMdnsTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly KernelStation _station = new("mdns", new StackConfiguration { MulticastGroups = 1, UdpSockets = 3 });
    private readonly StringBuilder _log = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("avahi").FullName;
    private readonly List<Process> _servers = [];
    private readonly MdnsResponder _responder;
    private readonly DnsResolver _resolver;

    public KernelMdnsTests()
    {
        _responder = new MdnsResponder(_station.Stack, new TestRandom(7), new MdnsConfiguration
        {
            HostName = "board",
            Services = [new MdnsService { Name = "Board page", Text = ["path=/"] }],
        });
        _resolver = new DnsResolver(_station.Stack, new TestRandom(8), new DnsConfiguration());
    }

    public void Dispose()
    {
        foreach (Process server in _servers)
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
        _station.Dispose();
    }

    [KernelFact("avahi-daemon", "avahi-resolve", "avahi-browse", "dbus-daemon", "unshare")]
    public void Avahi_finds_the_board_and_its_page_and_the_board_finds_avahi()
    {
        StartAvahi("kernel");
        _responder.Start();
        Wait(() => _responder.State == MdnsState.Established);
        Assert.Equal("board.local\t192.168.1.50", Run("avahi-resolve", "-4", "-n", "board.local"));
        Assert.Equal("192.168.1.50\tboard.local", Run("avahi-resolve", "-a", "192.168.1.50"));
        string found = Run("avahi-browse", "--resolve", "--parsable", "--terminate", "--no-db-lookup", "_http._tcp");
        Assert.Contains("=;tap0;IPv4;Board\\032page;_http._tcp;local;board.local;192.168.1.50;80;\"path=/\"", found);
        Assert.Contains("_http._tcp", Run("avahi-browse", "--all", "--parsable", "--terminate", "--no-db-lookup"));
        Assert.Equal(KernelNamespace.KernelAddress.ToString(), LookUp("kernel.local"));
        Assert.Equal((0u, 0u), (_responder.Counters.Malformed, _responder.Counters.Conflicts));

        // a goodbye is believed
        _responder.Stop();
        int end = _station.Wire.Now + 2000;
        Wait(() => _station.Wire.Now - end > 0);
        Assert.DoesNotContain("Board", Run("avahi-browse", "--parsable", "--terminate", "--no-db-lookup", "_http._tcp"));
    }

    [KernelFact("avahi-daemon", "avahi-resolve", "avahi-browse", "dbus-daemon", "unshare")]
    public void A_name_that_avahi_has_is_avahis()
    {
        StartAvahi("board");
        _responder.Start();
        Wait(() => _responder.State == MdnsState.Established);
        Assert.Equal("board-2.local", _responder.GetHostName());
        Assert.Equal("board-2.local\t192.168.1.50", Run("avahi-resolve", "-4", "-n", "board-2.local"));
        Assert.Equal(KernelNamespace.KernelAddress.ToString(), LookUp("board.local"));
    }

    private string LookUp(string name)
    {
        int lookup = _resolver.Begin(name);
        int result = (int)SocketError.WouldBlock;
        uint address = 0;
        Wait(() =>
        {
            result = result == (int)SocketError.WouldBlock ? _resolver.GetResult(lookup, out address) : result;
            return result != (int)SocketError.WouldBlock;
        });
        return result == 0 ? IPv4Address.ToString(address) : ((SocketError)result).ToString();
    }

    private void Wait(Func<bool> condition, Task? partner = null) => _station.Run(s_limit, partner ?? Task.CompletedTask, () =>
    {
        _responder.Poll(_station.Wire.Now);
        _resolver.Poll(_station.Wire.Now);
        return condition();
    });

    private string Run(params string[] command)
    {
        string bus = $"DBUS_SYSTEM_BUS_ADDRESS=unix:path={_folder}/bus";
        Task<(int ExitCode, string Output, string Errors)> run = Task.Factory.StartNew(
            () => _station.Namespace.Run(s_limit, ["env", bus, .. command]), TaskCreationOptions.LongRunning);
        Wait(() => true, run);
        Assert.True(run.Result.ExitCode == 0, run.Result.Output + run.Result.Errors + Log());
        return run.Result.Output.Trim();
    }

    private void StartAvahi(string hostName)
    {
        File.WriteAllText(
            Path.Combine(_folder, "bus.conf"),
            $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>system</type>
              <listen>unix:path={_folder}/bus</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow send_destination="*" eavesdrop="true"/>
                <allow eavesdrop="true"/>
                <allow own="*"/>
                <allow user="*"/>
              </policy>
            </busconfig>
            """);
        File.WriteAllText(
            Path.Combine(_folder, "avahi.conf"),
            $"""
            [server]
            host-name={hostName}
            use-ipv4=yes
            use-ipv6=no
            allow-interfaces=tap0
            [wide-area]
            enable-wide-area=no
            [publish]
            publish-hinfo=no
            publish-workstation=no
            """);
        Start(() => File.Exists(Path.Combine(_folder, "bus")), "dbus-daemon", "--nofork", $"--config-file={_folder}/bus.conf");

        // it keeps its socket in /run, where another one may have its own
        Start(
            () => Log().Contains("Server startup complete", StringComparison.Ordinal),
            "unshare",
            "--mount",
            "sh",
            "-c",
            $"mount -t tmpfs tmpfs /run && exec env DBUS_SYSTEM_BUS_ADDRESS=unix:path={_folder}/bus avahi-daemon --no-drop-root --no-chroot --no-rlimits -f {_folder}/avahi.conf");
    }

    private void Start(Func<bool> isReady, params string[] command)
    {
        Process server = _station.Namespace.Start(command);
        _servers.Insert(0, server);
        DataReceivedEventHandler note = (_, line) =>
        {
            lock (_log)
            {
                _log.Append(line.Data).Append('\n');
            }
        };
        server.OutputDataReceived += note;
        server.ErrorDataReceived += note;
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        Assert.True(SpinWait.SpinUntil(() => server.HasExited || isReady(), s_limit), Log());
        Assert.False(server.HasExited, Log());
    }

    private string Log()
    {
        lock (_log)
        {
            return _log.ToString();
        }
    }
}
