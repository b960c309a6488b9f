// Licensed under the MIT license. See LICENSE in the repository root.

extern alias behaviours;

using System.Net.Sockets;
using HostTests.EndToEnd;
using HostTests.Repository;
using TcpIp.Threading;
using VirtualBoard;
using Hello = behaviours::Hello;

namespace HostTests.SystemNet;

/// <summary>The program that README.md of System.Net shows: it is what is compiled here, and it runs on the virtual board.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ReadmeProgramTests
{
    [Fact]
    public void It_serves_one_client_after_the_other_and_outlives_rude_and_silent_ones()
    {
        using BoardRun run = new(new BoardOptions { ForwardPort = 0 }, Hello.Program.Main);
        try
        {
            Assert.True(run.Forwarder!.WaitUntilReady(TimeSpan.FromSeconds(60)), $"{run.Host.FirmwareError}");
            for (int i = 0; i < 3; i++)
            {
                AssertServed(run);
                using Socket rude = Connect(run);
                rude.LingerState = new LingerOption(true, 0);
                rude.Close();
            }

            using Socket silent = Connect(run);
            AssertServed(run);
            Assert.Null(run.Host.FirmwareError);
            Assert.Equal(0, run.Host.Chip.Violations.Count);
        }
        finally
        {
            // the network thread ends at its next turn, before the power does
            EthernetInterface.Current?.Stop();
            Thread.Sleep(500);
        }
    }

    [Fact]
    public void README_shows_it_to_the_letter()
    {
        string source = Read("tests/host-build/system-net/behaviours/ReadmeProgram.cs");
        Assert.Contains("```csharp\n" + source.Split("// [program]\n")[1] + "```", Read("stack/SystemNet/README.md"));
    }

    private static void AssertServed(BoardRun run)
    {
        using Socket socket = Connect(run);
        socket.Send(RawHttp.Get);
        Assert.EndsWith("\r\n\r\nHello from System.Net.\n", RawHttp.ReadToEnd(socket));
    }

    private static Socket Connect(BoardRun run)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000 };
        socket.Connect("127.0.0.1", run.Forwarder!.Port);
        return socket;
    }

    private static string Read(string file) => File.ReadAllText(RepositoryFiles.FullPath(file)).Replace("\r\n", "\n");
}
