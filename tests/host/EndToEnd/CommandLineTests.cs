// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;

namespace HostTests.EndToEnd;

/// <summary>The virtual board as a program: what it prints, how it ends.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class CommandLineTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [SignalFact]
    public async Task Forwards_says_where_and_ends_well_on_SIGTERM()
    {
        string capture = OutputFolder.PathOf("forwarded.pcapng");
        using var board = new BoardProcess([], "--forward", "0", "--pcap", capture);
        var url = new Uri(board.WaitUntilOpen());
        Assert.Equal("127.0.0.1", url.Host);
        Assert.NotEqual(0, url.Port);
        using (var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }))
        {
            StatusPageText.Parse(await client.GetStringAsync(url + "status"));
        }

        // the page can be opened some time before the board looks for changes and says where it is
        Assert.True(Eventually.Is(() => board.Output.Contains("The page is at http://192.168.1.50/", StringComparison.Ordinal)), board.Output);
        Assert.True(board.Stop() == 0, board.Output);

        // nothing but this, for a file has no status line
        string[] lines = board.Output.Split('\n');
        Assert.Matches(@"^Open http://127\.0\.0\.1:\d+/ .*Ctrl-C", Assert.Single(lines, l => l.StartsWith("Open ", StringComparison.Ordinal)));
        Assert.Matches(
            @"^ENC28J60 found, silicon revision B\d\. MAC address [^\n]*\nThe link is up\.\n(A DHCP server is looked for\.\n)?" +
            @"192\.168\.1\.50 was given by the DHCP server 192\.168\.1\.1\.\nThe link is asked whether [^\n]*\n" +
            @"192\.168\.1\.50 is the address, from the DHCP server 192\.168\.1\.1, for 60 minutes\.\nThe page is at http://192\.168\.1\.50/\n(The page is at http://board\.local/\n)?" +
            @"Ended after 0:\d\d:\d\d, in \d+ out \d+, dropped \d+ errors 0, violations 0\n$",
            string.Join('\n', lines.Where(l => !l.StartsWith("Open ", StringComparison.Ordinal))));
        Assert.InRange(new FileInfo(capture).Length, 1000, 100_000);

        // The port's last connections are in TIME-WAIT now, which must not keep the next board from it.
        using var next = new BoardProcess([], "--forward", $"{url.Port}", "--address", "static");
        Assert.Equal(url, new Uri(next.WaitUntilOpen()));
        Assert.Equal(0, next.Stop());
    }

    [Fact]
    public void Ends_by_itself_when_its_time_is_over()
    {
        (int exitCode, string output, string errors) = Run("--forward", "0", "--address", "static", "--seconds", "6.5");
        Assert.True(exitCode == 0, output + errors);
        Assert.Matches(@"Open http://127\.0\.0\.1:\d+/ ", output);
        Assert.Matches("Ended after 0:00:(0[6-9]|1[0-9]),", output);
    }

    [Fact]
    public void Port_in_use_is_explained()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        int port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        (int exitCode, _, string errors) = Run("--forward", $"{port}");
        Assert.Equal(2, exitCode);
        Assert.Contains($"Port {port} of 127.0.0.1 is used by another program.", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--forward", "abc")]
    [InlineData("--seconds", "NaN")]
    [InlineData("--impair", "")]
    [InlineData("--pcap", "no-such-folder/file.pcapng")]
    [InlineData("--tap", "lo")]
    [InlineData("--no-such-option", "1")]
    public void What_is_wrong_is_one_line_and_exit_code_two(string option, string value)
    {
        (int exitCode, string output, string errors) = Run(option, value);
        Assert.Equal(2, exitCode);
        Assert.Equal(string.Empty, output);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Help_names_options_page_examples_and_exit_codes()
    {
        (int exitCode, string output, _) = Run("--help");
        Assert.Equal(0, exitCode);
        Assert.All(
            ["--forward", "--outside", "--udp", "--tap", "--address", "--sample", "--control", "--page", "--pcap", "--impair", "--seed", "--seconds", "http://127.0.0.1:8080/", "http://192.168.1.50/", "Ctrl-C", "Examples:",
                "Exit codes:", "  0  ", "  1  ", "  2  "],
            part => Assert.Contains(part, output, StringComparison.Ordinal));
    }

    private static (int ExitCode, string Output, string Errors) Run(params string[] arguments) => Tool.Run(s_limit, [.. BoardProcess.Command, .. arguments]);
}
