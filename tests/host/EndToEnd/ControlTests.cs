// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HostTests.EndToEnd;

/// <summary>A running board takes commands, and answers each with one line.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ControlTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [UnixFact]
    public void Over_a_socket_the_board_tells_what_it_has_and_does_what_it_is_told()
    {
        // not in the output folder: the path of a socket has to be short
        string path = Path.Combine(Path.GetTempPath(), $"board-{Environment.ProcessId}.sock");
        using var board = new BoardProcess([], "--forward", "0", "--control", path);
        using Control control = new(path);
        Assert.StartsWith("error: ", control.Ask("nonsense"), StringComparison.Ordinal);
        Assert.StartsWith("error: 'link sideways' is not known. There are link down, ", control.Ask("link sideways"), StringComparison.Ordinal);
        board.WaitUntilOpen();

        Assert.Matches(@"^192\.168\.1\.50/24 from 192\.168\.1\.1, 3\d+ s left of 3600, Bound, router 192\.168\.1\.1, DNS 192\.168\.1\.1, NTP 192\.168\.1\.1$", control.Ask("lease"));
        Assert.Equal("192.168.1.1", control.Ask("lookup pc"));
        Assert.Equal("192.168.1.50", control.Ask("  lookup   board.home.arpa "));
        Assert.StartsWith("HostNotFound: ", control.Ask("lookup nobody"), StringComparison.Ordinal);
        Assert.StartsWith("InvalidArgument: ", control.Ask("lookup a..b"), StringComparison.Ordinal);
        Assert.Matches(@"^(.*; )?tcp 80 \* Listen 0/0; .*udp 68 \* 0/0", control.Ask("sockets"));
        Assert.Matches(@" dhcp\.Acks=1 .*dns\.Found=2 ", control.Ask("counters"));
        string time = string.Empty;
        Assert.True(Eventually.Is(() => !(time = control.Ask("time")).StartsWith("not known", StringComparison.Ordinal)));
        Assert.Matches(@" UTC, from 192\.168\.1\.1, there and back in \d+ ms$", time);
        Assert.InRange(Math.Abs((DateTime.UtcNow - DateTime.Parse(time[..19], null)).TotalSeconds), 0, 10);

        Assert.Equal("forgotten, a server is asked", control.Ask("lease forget"));
        Assert.True(Eventually.Is(() => control.Ask("lease").StartsWith("none, ", StringComparison.Ordinal) || control.Ask("counters").Contains("dhcp.Acks=2", StringComparison.Ordinal)));
        Assert.True(Eventually.Is(() => control.Ask("lease").Contains(", Bound,", StringComparison.Ordinal)));

        Assert.Equal("unplugged", control.Ask("link down"));
        Assert.True(Eventually.Is(() => board.Output.Contains("There is no link.", StringComparison.Ordinal)));
        Assert.Equal("plugged in", control.Ask("link up"));
        Assert.True(Eventually.Is(() => board.Output.LastIndexOf("The link is up.", StringComparison.Ordinal) > board.Output.IndexOf("There is no link.", StringComparison.Ordinal)));

        Assert.Equal("ending", control.Ask("quit"));
        Assert.Equal(0, board.WaitForExit());
        Assert.Contains("The address was given back.\nEnded after ", board.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_board_with_a_lease_answers_to_its_name_in_the_domain_of_that()
    {
        using var board = new BoardProcess([], "--forward", "0");
        using var client = new HttpClient { BaseAddress = new Uri(board.WaitUntilOpen()) };
        foreach ((string host, HttpStatusCode status) in new[] { ("board.home.arpa", HttpStatusCode.OK), ("board.example", HttpStatusCode.MisdirectedRequest) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Firmware.StatusApi.StatusPath);
            request.Headers.Host = host;
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [UnixFact]
    public void A_FIFO_brings_commands_and_the_answers_go_to_the_console()
    {
        string path = Path.Combine(Path.GetTempPath(), $"board-{Environment.ProcessId}.fifo");
        Fifo.Make(path);
        try
        {
            using var board = new BoardProcess([], "--forward", "0", "--address", "static", "--control", path);
            board.WaitUntilOpen();

            // each writer comes and goes
            File.AppendAllText(path, "lease\n");
            Assert.True(Eventually.Is(() => board.Output.Contains("192.168.1.50 is fixed; there is no lease\n", StringComparison.Ordinal)), board.Output);
            File.AppendAllText(path, "lease forget\nquit\n");
            int exitCode = board.WaitForExit();
            Assert.True(exitCode == 0, $"{exitCode}: {board.Output}");
            Assert.Contains("error: the address is fixed; there is no lease\nending\n", board.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_standard_input_brings_commands_and_its_end_ends_nothing()
    {
        ProcessStartInfo start = new(BoardProcess.Command[0], [BoardProcess.Command[1], "--forward", "0", "--address", "static", "--seconds", "4"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.WriteLine("link up");
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("plugged in\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        
        // not before its time, and not long after it
        Assert.Matches("Ended after 0:00:(0[4-9]|1[0-9]),", output);
    }

    [UnixFact]
    public void What_is_neither_a_FIFO_nor_a_socket_is_refused_and_left_alone()
    {
        string path = OutputFolder.PathOf("control.txt");
        File.WriteAllText(path, "precious");
        (int exitCode, _, string errors) = Tool.Run(s_limit, [.. BoardProcess.Command, "--forward", "0", "--control", path]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("--control: '", errors, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(path));
    }

    /// <summary>A connection to a board's socket.</summary>
    private sealed class Control : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        private readonly StreamReader _answers;

        public Control(string path)
        {
            Assert.True(Eventually.Is(() =>
            {
                try
                {
                    _socket.Connect(new UnixDomainSocketEndPoint(path));
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            }));
            _answers = new StreamReader(new NetworkStream(_socket));
        }

        public string Ask(string command)
        {
            _socket.Send(Encoding.UTF8.GetBytes(command + "\n"));
            return _answers.ReadLine()!;
        }

        public void Dispose() => _socket.Dispose();
    }
}
