// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace HostTests.EndToEnd;

/// <summary>The board and a real kernel, with the programs that everybody uses. All traffic stays in a network namespace that has no way out.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class TapTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_longLimit = TimeSpan.FromSeconds(120);

    [TapFact("dnsmasq", "curl", "ip")]
    public void The_firmware_gets_its_address_from_dnsmasq_and_gives_it_back()
    {
        string path = Path.Combine(Path.GetTempPath(), $"board-tap-{Environment.ProcessId}.fifo");
        Fifo.Make(path);
        using var board = new BoardProcess(NetworkNamespace.New, "--tap", TapBoard.Interface, "--control", path);
        string[] inside = NetworkNamespace.Of(board.Id);
        Assert.True(Eventually.Is(() => Tool.Run(s_limit, [.. inside, "ip", "address", "show", TapBoard.Interface]).Output.Contains("192.168.1.1/", StringComparison.Ordinal)));
        using System.Diagnostics.Process server = Tool.Start(
        [
            .. inside, "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--user=root", "--pid-file=", "--port=0", "--interface=" + TapBoard.Interface, "--bind-interfaces",
            "--dhcp-authoritative", "--log-dhcp", "--dhcp-leasefile=/dev/null", "--dhcp-range=192.168.1.100,192.168.1.100,255.255.255.0,120",
        ]);
        var log = new System.Text.StringBuilder();
        server.ErrorDataReceived += (_, line) => log.AppendLine(line.Data);
        server.BeginErrorReadLine();
        server.BeginOutputReadLine();
        try
        {
            Assert.Equal("http://192.168.1.100/", board.WaitUntilOpen());
            const string Given = "192.168.1.100 is the address, from the DHCP server 192.168.1.1, for 2 minutes.";
            Assert.True(Eventually.Is(() => board.Output.Contains(Given, StringComparison.Ordinal)), board.Output);
            (int exitCode, string page, string errors) = Tool.Run(s_limit, [.. inside, "curl", "--silent", "--show-error", "--max-time", "20", "http://192.168.1.100/status"]);
            Assert.True(exitCode == 0, errors);
            StatusPageText.Parse(page);
            File.AppendAllText(path, "quit\n");
            Assert.Equal(0, board.WaitForExit());
            Assert.Contains("DHCPRELEASE(tap0) 192.168.1.100", log.ToString(), StringComparison.Ordinal);
            Assert.Contains("board", log.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            File.Delete(path);
        }
    }

    [TapFact("ping", "curl")]
    public void Ping_is_answered()
    {
        using var board = new TapBoard("ping");
        Assert.Equal(20, Pings.CountReplies(board.Run(s_limit, Pings.Command(20, TapBoard.Address, "-i", "0.05"))));

        // odd lengths, nothing at all, and the longest that fits a frame, with a pattern that ping checks
        foreach (string size in (string[])["0", "1", "57", "1471", "1472"])
        {
            string output = board.Run(s_limit, Pings.Command(3, TapBoard.Address, "-i", "0.05", "-M", "do", "-p", "a55a", "-s", size));
            Assert.Equal(3, Pings.CountReplies(output));
            Assert.DoesNotContain("wrong data", output, StringComparison.Ordinal);
        }

        board.AssertClean();
    }

    [TapFact("ping", "curl")]
    public void Ping_larger_than_the_MTU_is_answered_in_fragments()
    {
        using var board = new TapBoard("ping-fragments");
        foreach (string size in (string[])["1473", "1474", "2000", "2040"])
        {
            string output = board.Run(s_limit, Pings.Command(5, TapBoard.Address, "-i", "0.05", "-M", "dont", "-p", "a55a", "-s", size));
            Assert.Equal(5, Pings.CountReplies(output));
            Assert.DoesNotContain("wrong data", output, StringComparison.Ordinal);
        }

        board.AssertClean();
    }

    [TapFact("arping", "curl")]
    public void ARP_is_answered()
    {
        using var board = new TapBoard("arping");
        Assert.Equal(3, Arping.CountReplies(board.Run(s_limit, Arping.Command(3, TapBoard.Interface, TapBoard.Address)), TapBoard.Address));
        board.AssertClean();
    }

    [TapFact("curl")]
    public void Curl_gets_the_page()
    {
        using var board = new TapBoard("curl");
        string get = board.Run(s_limit, "curl", "--silent", "--include", "--max-time", "20", TapBoard.PageUrl);
        Assert.StartsWith("HTTP/1.1 200 OK\n", get, StringComparison.Ordinal);
        string body = get[(get.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        StatusPageText.Parse(body);
        Assert.Contains($"Content-Length: {body.Length}\n", get, StringComparison.Ordinal);

        string head = board.Run(s_limit, "curl", "--silent", "--head", "--max-time", "20", TapBoard.PageUrl);
        Assert.StartsWith("HTTP/1.1 200 OK\n", head, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {body.Length}\n", head, StringComparison.Ordinal);

        string missing = board.Run(s_limit, "curl", "--silent", "--include", "--max-time", "20", TapBoard.Url + "missing");
        Assert.StartsWith("HTTP/1.1 404 Not Found\n", missing, StringComparison.Ordinal);
        board.AssertClean();
    }

    [TapFact("curl")]
    public void Five_hundred_connections_in_a_row_are_served()
    {
        using var board = new TapBoard("sequential");
        string output = board.Run(
            s_longLimit, "curl", "--silent", "--max-time", "100", "--write-out", "\n%{http_code}\n", TapBoard.PageUrl + "?[1-500]");
        Assert.Equal(500, CountPages(output));
        Assert.Equal(501, board.GetPage().PagesServed);
        board.AssertClean();
    }

    [TapFact("curl")]
    public void Eight_connections_at_once_are_served()
    {
        using var board = new TapBoard("parallel");
        for (int i = 0; i < 5; i++)
        {
            string output = board.Run(
                s_longLimit, "curl", "--silent", "--parallel", "--parallel-immediate", "--parallel-max", "8", "--max-time", "100",
                "--write-out", "\n%{http_code}\n", TapBoard.PageUrl + "?[1-8]");
            Assert.Equal(8, CountPages(output));
        }

        board.AssertClean(repeatedPercent: 5);
    }

    [TapFact("chromium", "curl")]
    public void Chromium_shows_the_page()
    {
        using var board = new TapBoard("chromium");
        string profile = Directory.CreateTempSubdirectory("virtual-board-").FullName;
        try
        {
            string[] browser =
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server", "--window-size=800,600",
                "--user-data-dir=" + profile,
            ];
            string screenshot = OutputFolder.PathOf("chromium.png");
            File.Delete(screenshot);
            board.Run(s_longLimit, [.. browser, "--screenshot=" + screenshot, TapBoard.PageUrl]);
            byte[] picture = File.ReadAllBytes(screenshot);
            Assert.Equal(800, BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)));
            Assert.InRange(picture.Length, 10_000, 1_000_000);

            // the page as the browser has understood it
            string document = board.Run(s_longLimit, [.. browser, "--dump-dom", TapBoard.PageUrl]);
            Assert.Contains("<h1>Hello from a managed TCP/IP stack</h1>", document, StringComparison.Ordinal);
            Assert.Matches(@"<td>Link</td><td>\s+up</td>", document);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }

        board.AssertClean(repeatedPercent: 5);
    }

    private static int CountPages(string output)
    {
        int answers = Regex.Count(output, "^200$", RegexOptions.Multiline);
        Assert.Equal(answers, Regex.Count(output, "without one allocation"));
        return answers;
    }
}
