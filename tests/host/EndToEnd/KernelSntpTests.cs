// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Text;
using TcpIp.Sntp;

namespace HostTests.EndToEnd;

/// <summary>The SNTP client and chrony, in a namespace of their own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelSntpTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly KernelStation _station = new("sntp", new StackConfiguration());
    private readonly StringBuilder _log = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("chrony").FullName;
    private Process? _server;

    public void Dispose()
    {
        if (_server != null)
        {
            _server.Kill(entireProcessTree: true);
            _server.WaitForExit();
            _server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
        _station.Dispose();
    }

    [KernelFact("chronyd")]
    public void The_time_of_chrony_is_taken_and_a_clock_that_is_not_set_is_not()
    {
        SntpClient client = new(_station.Stack, new TestRandom(7), new SntpConfiguration { StartSpread = 1 });

        // a clock that nothing sets: it says so
        StartServer(string.Empty);
        client.SetServer(0, IPv4Address.Parse(KernelNamespace.KernelAddress.ToString()));
        Wait(client, () => client.Counters.Unsynchronized + client.Counters.Kisses + client.Counters.Unanswered > 0);
        Assert.False(client.IsSet);
        StopServer();

        StartServer("local stratum 5\n");
        client.Start();
        Wait(client, () =>
        {
            // it takes a moment until its own clock is what it goes by
            if (client.State == SntpState.Waiting && !client.IsSet)
            {
                client.Start();
            }

            return client.IsSet;
        });
        long truth = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Assert.InRange(client.GetTime(_station.Wire.Now) - truth, -500, 500);
        Assert.InRange(client.Stratum, 5, 6);
        Assert.InRange(client.RoundTrip, 0, 2000);
        Assert.Equal(0u, client.Counters.NotOurs + client.Counters.Bogus);
        _station.AssertClean();
    }

    private void Wait(SntpClient client, Func<bool> condition) => _station.Run(s_limit, Task.CompletedTask, () =>
    {
        client.Poll(_station.Wire.Now);
        return condition();
    });

    private void StartServer(string more)
    {
        string file = Path.Combine(_folder, "chrony.conf");
        File.WriteAllText(file, $"allow all\nbindaddress {KernelNamespace.KernelAddress}\ncmdport 0\npidfile {_folder}/chronyd.pid\nbindcmdaddress /\n{more}");
        _server = _station.Namespace.Start("chronyd", "-x", "-d", "-u", "root", "-f", file);
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
        Assert.True(SpinWait.SpinUntil(() => _server.HasExited || Log().Contains("starting", StringComparison.Ordinal), s_limit), Log());
        Thread.Sleep(500);
        Assert.False(_server.HasExited, Log());
    }

    private void StopServer()
    {
        _server!.Kill(entireProcessTree: true);
        _server.WaitForExit();
        _server.Dispose();
        _server = null;
        lock (_log)
        {
            _log.Clear();
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
