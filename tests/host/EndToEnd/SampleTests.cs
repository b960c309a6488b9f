// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace HostTests.EndToEnd;

/// <summary>The samples run on the virtual board in place of the firmware, and reach a server on this PC.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class SampleTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_walk_shows_each_step_with_its_segments()
    {
        using TcpListener listener = new(IPAddress.Loopback, Walk.Program.Port);
        try
        {
            listener.Start();
        }
        catch (SocketException)
        {
            // the port belongs to somebody else here
            return;
        }

        Task<string> server = Task.Run(async () =>
        {
            using Socket client = await listener.AcceptSocketAsync();
            byte[] buffer = new byte[100];
            int length = await client.ReceiveAsync(buffer);
            await client.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.0 200 OK\r\n\r\nHello.\n"));
            client.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await client.ReceiveAsync(buffer.AsMemory(length)));
            return Encoding.ASCII.GetString(buffer, 0, length);
        });
        (int exitCode, string output, string errors) = await Task.Run(() => Tool.Run(s_limit, [.. BoardProcess.Command, "--forward", "0", "--sample", "walk", "--seconds", "50"]));
        Assert.True(exitCode == 0, output + errors);
        Assert.Equal("GET / HTTP/1.0\r\n\r\n", await server);

        // the textbook's steps in their order, each with what it causes
        string[] story =
        [
            "It is 192.168.1.1.", "1. socket", "CLOSED", "2. connect", "-> SYN ", "<- SYN ACK ", "-> ACK ", "ESTABLISHED", "3. write", "-> ACK .*18 bytes of data",
            "<- (FIN )?ACK .*26 bytes of data", "4. read", "26 bytes, and then 0", "5. close", "-> FIN ACK", "<- ACK", "The block is free again", "The address was given back",
        ];
        Assert.Matches(string.Join("[^$]*?", story), output);
        Assert.Equal(1, Regex.Count(output, "SYN ACK"));
    }

    [Fact]
    public void Without_a_server_the_walk_says_so()
    {
        (int exitCode, string output, string errors) = Tool.Run(s_limit, [.. BoardProcess.Command, "--forward", "0", "--sample", "walk", "--seconds", "50"]);
        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("It failed: ", output, StringComparison.Ordinal);
        Assert.Contains("Does something listen on port 8000 there?", output, StringComparison.Ordinal);
    }
}
