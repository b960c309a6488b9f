// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;
using System.Text.RegularExpressions;
using HostTests.Repository;
using VirtualBoard;

namespace HostTests.EndToEnd;

/// <summary>The README's program of one's own: it is what is compiled here, and it runs on the virtual board.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class OwnProgramTests
{
    private const string Source = "tests/host/EndToEnd/OwnProgram.cs";

    [Fact]
    public void It_serves_one_client_after_the_other_and_outlives_rude_and_silent_ones()
    {
        using BoardRun run = new(new BoardOptions { ForwardPort = 0 }, OwnProgram.Program.Main);
        Assert.True(run.Forwarder!.WaitUntilReady(TimeSpan.FromSeconds(60)));
        for (int i = 0; i < 3; i++)
        {
            using Socket socket = Connect(run);
            socket.Send(RawHttp.Get);
            Assert.EndsWith("\r\n\r\nHello from C#.\n", RawHttp.ReadToEnd(socket));

            using Socket rude = Connect(run);
            rude.LingerState = new LingerOption(true, 0);
            rude.Close();
        }

        using Socket silent = Connect(run);
        using Socket next = Connect(run);
        next.Send(RawHttp.Get);
        Assert.EndsWith("Hello from C#.\n", RawHttp.ReadToEnd(next));
        Assert.Null(run.Host.FirmwareError);
        Assert.Equal(0, run.Host.Chip.Violations.Count);
    }

    [Fact]
    public void README_shows_it_to_the_letter()
    {
        string readme = Read("README.md");
        Assert.Contains("```csharp\n" + Program() + "```", readme);
    }

    /// <summary>The program as it stands in firmware/Program.cs.</summary>
    private static string Program()
    {
        string source = Read(Source);
        string program = Regex.Match(source, @"// \[program\]\n(.*)\z", RegexOptions.Singleline).Groups[1].Value;
        Assert.Contains("namespace HostTests.EndToEnd.OwnProgram\n", program);
        return program.Replace("namespace HostTests.EndToEnd.OwnProgram\n", "namespace Firmware\n");
    }

    private static Socket Connect(BoardRun run)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000 };
        socket.Connect("127.0.0.1", run.Forwarder!.Port);
        return socket;
    }

    private static string Read(string file) => File.ReadAllText(RepositoryFiles.FullPath(file)).Replace("\r\n", "\n");
}
