// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Firmware;
using VirtualBoard;
using Xunit.Abstractions;

namespace HostTests.EndToEnd;

/// <summary>More who want the page than there are places: all are served, none waits for long, and no place is lost.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class CrowdTests(ITestOutputHelper output)
{
    private const int Viewers = 12;
    private const int MostWait = 3000;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [KernelFact]
    public void Twelve_viewers_with_a_spare_connection_each_are_served_by_the_kernel()
    {
        using var network = new KernelNamespace();
        using BoardRun run = network.Do(() => new BoardRun(new BoardOptions { TapName = "tap0", Duration = s_limit }));
        Assert.True(Eventually.Is(() => run.Answers), "The board does not answer.");
        Look(() =>
        {
            Socket socket = network.OpenSocket(SocketType.Stream, (int)s_limit.TotalMilliseconds);
            socket.Connect(KernelNamespace.StackAddress, Board.HttpPort);
            return socket;
        });
        Assert.True(run.Host.Chip.Violations.Count == 0, run.Host.Chip.Violations.ToString());
    }

    [Fact]
    public void Twelve_viewers_with_a_spare_connection_each_are_served_through_the_forwarder()
    {
        using ForwardedBoard board = new();
        Look(board.Connect);
        board.AssertClean();
    }

    [TapFact("wrk", "curl")]
    public void Wrk_is_answered_on_each_of_sixteen_connections()
    {
        using var board = new TapBoard("wrk");
        foreach (string path in (string[])["status", "api/status"])
        {
            string told = board.Run(s_limit, "wrk", "-t", "1", "-c", "16", "-d", "5s", "--timeout", "3s", TapBoard.Url + path);
            output.WriteLine(told);
            Assert.InRange(Requests(told), 100, int.MaxValue);
            AssertAnswered(told);
        }

        AssertNoPlaceIsLost(board);
        board.AssertClean(repeatedPercent: 5);
    }

    [TapFact("wrk", "curl")]
    public void Wrk_with_more_connections_than_there_is_room_for_takes_no_place_for_good()
    {
        using var board = new TapBoard("wrk-many");
        string told = board.Run(s_limit, "wrk", "-t", "2", "-c", "64", "-d", "5s", "--timeout", "10s", TapBoard.PageUrl);
        output.WriteLine(told);
        AssertAnswered(told);
        AssertNoPlaceIsLost(board);
        board.AssertClean(repeatedPercent: 5);
    }

    private static int Requests(string told) => int.Parse(Regex.Match(told, @"(\d+) requests in ").Groups[1].Value, CultureInfo.InvariantCulture);

    private static void AssertAnswered(string told)
    {
        Assert.DoesNotContain("Non-2xx", told, StringComparison.Ordinal);
        Match errors = Regex.Match(told, @"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)");
        int failed = errors.Success ? errors.Groups.Values.Skip(1).Sum(group => int.Parse(group.Value, CultureInfo.InvariantCulture)) : 0;

        // who was silent for a while may send its next request just when it is turned out
        Assert.InRange(failed, 0, Requests(told) / 100);
    }

    private static void AssertNoPlaceIsLost(TapBoard board)
    {
        // as many at once as there are places, and each is served at once
        string[] urls = [.. Enumerable.Range(0, Application.HttpConnections).Select(_ => TapBoard.PageUrl)];
        Timely.Is(MostWait, () =>
        {
            var watch = Stopwatch.StartNew();
            string told = board.Run(s_limit, ["curl", "--silent", "--parallel", "--parallel-immediate", "--max-time", "20", "--write-out", "\n%{http_code}\n", .. urls]);
            Assert.Equal(urls.Length, Regex.Count(told, "^200$", RegexOptions.Multiline));
            return (int)watch.ElapsedMilliseconds;
        });
        Assert.True(
            Eventually.Is(() => JsonDocument.Parse(board.Run(s_limit, "curl", "--silent", "--max-time", "20", TapBoard.Url + "api/status")).RootElement.GetProperty("web").GetProperty("clients").GetInt32() == 1),
            "Places are still taken.");
    }

    private void Look(Func<Socket> connect)
    {
        Timely.Is(MostWait, () =>
        {
            Viewer[] viewers = [.. Enumerable.Range(0, Viewers).Select(_ => new Viewer(connect))];
            List<Task> tasks = [];
            foreach (Viewer viewer in viewers)
            {
                // not all in one millisecond
                tasks.Add(Task.Factory.StartNew(() => viewer.Look(s_look), TaskCreationOptions.LongRunning));
                Thread.Sleep(50);
            }

            Task.WaitAll([.. tasks]);
            Array.ForEach(viewers, viewer => viewer.Dispose());
            output.WriteLine($"waits {string.Join(", ", viewers.Select(v => (int)v.LongestWait.TotalMilliseconds))} ms, answers {viewers.Sum(v => v.Answers)}, repeated {viewers.Sum(v => v.Repeated)}");
            int longest = (int)viewers.Max(viewer => viewer.LongestWait).TotalMilliseconds;
            if (longest <= MostWait)
            {
                Assert.All(viewers, viewer => Assert.InRange(viewer.Answers, 7, 12));
            }

            return longest;
        });
        Assert.True(Eventually.Is(() => Application.Current.Http.Clients == 0), "Places are still taken.");
    }
}
