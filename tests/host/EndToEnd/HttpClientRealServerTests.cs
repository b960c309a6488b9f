// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using VirtualBoard;

namespace HostTests.EndToEnd;

/// <summary>The board's HTTP client and servers on this PC that others wrote, by way of the virtual board's way out.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HttpClientRealServerTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public void Dotnets_server_is_asked_in_every_way()
    {
        int port = FreePort();
        using HttpListener server = new() { Prefixes = { $"http://*:{port}/" } };
        server.Start();
        byte[] large = Wire.PatternBytes(1, 100_000);
        List<string> seen = [];
        Task serving = Task.Run(async () =>
        {
            for (int i = 0; i < 7; i++)
            {
                HttpListenerContext context = await server.GetContextAsync();
                using MemoryStream body = new();
                await context.Request.InputStream.CopyToAsync(body);
                seen.Add($"{context.Request.HttpMethod} {context.Request.RawUrl} {context.Request.UserAgent} {body.Length}");
                await AnswerAsync(context, body.ToArray(), large);
            }
        });
        string url = $"http://pc:{port}";
        HttpClientFirmware firmware = new(
            ("GET", url + "/chunked", null), ("GET", url + "/counted", null), ("HEAD", url + "/counted", null), ("POST", url + "/echo", large),
            ("DELETE", url + "/none", null), ("PUT", url + "/moved", [1, 2, 3]));
        Run(firmware, () => serving.IsCompleted);
        Assert.Equal(
            ["GET /chunked board 0", "GET /counted board 0", "HEAD /counted board 0", "POST /echo board 100000", "DELETE /none board 0", "PUT /moved board 3", "PUT /echo board 3"],
            seen);
        Assert.Equal([200, 200, 200, 200, 204, 200], firmware.Answers.Select(a => a.Status));
        Assert.Equal(large, firmware.Answers[0].Body);
        Assert.Equal(large, firmware.Answers[1].Body);
        Assert.Empty(firmware.Answers[2].Body);
        Assert.Equal(large, firmware.Answers[3].Body);
        Assert.Equal([1, 2, 3], firmware.Answers[5].Body);
        Assert.Equal(1u, firmware.Connections);
    }

    [ToolFact("python3")]
    public void Pythons_server_is_asked_and_is_gone_afterwards()
    {
        int port = FreePort();
        string folder = Directory.CreateTempSubdirectory("pages").FullName;
        byte[] file = Encoding.ASCII.GetBytes(new string('p', 30_000));
        File.WriteAllBytes(Path.Combine(folder, "file.txt"), file);
        using Process python = Tool.Start(["python3", "-m", "http.server", $"{port}", "--bind", "127.0.0.1", "--directory", folder]);
        try
        {
            Assert.True(Eventually.Is(() => CanConnect(port)), "python3 does not listen");
            string url = $"http://192.168.1.1:{port}";
            HttpClientFirmware firmware = new(("GET", url + "/file.txt", null), ("GET", url + "/none", null), ("POST", url + "/", [1]), ("GET", "http://pc:1/", null));
            Run(firmware, () => firmware.Answers.Count == 4);
            Assert.Equal([200, 404, 501, (int)TcpIp.SocketError.ConnectionRefused], firmware.Answers.Select(a => a.Status));
            Assert.Equal(file, firmware.Answers[0].Body);
        }
        finally
        {
            python.Kill(entireProcessTree: true);
            python.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task AnswerAsync(HttpListenerContext context, byte[] body, byte[] large)
    {
        HttpListenerResponse response = context.Response;
        switch (context.Request.RawUrl)
        {
            case "/chunked":
                response.SendChunked = true;
                for (int i = 0; i < large.Length; i += 999)
                {
                    await response.OutputStream.WriteAsync(large.AsMemory(i, Math.Min(999, large.Length - i)));
                }

                break;
            case "/counted":
                response.ContentLength64 = large.Length;
                if (context.Request.HttpMethod != "HEAD")
                {
                    await response.OutputStream.WriteAsync(large);
                }

                break;
            case "/moved":
                response.StatusCode = 307;
                response.AddHeader("Location", "echo");
                break;
            case "/none":
                response.StatusCode = 204;
                break;
            default:
                await response.OutputStream.WriteAsync(body);
                break;
        }

        response.Close();
    }

    private static void Run(HttpClientFirmware firmware, Func<bool> isOver)
    {
        using BoardRun run = new(new BoardOptions { ForwardPort = 0 }, firmware.Run);
        long begin = Environment.TickCount64;
        while (!run.Host.HasReturned && run.Host.FirmwareError is null && Environment.TickCount64 - begin < s_limit.TotalMilliseconds)
        {
            Thread.Sleep(20);
        }

        Assert.True(run.Host.HasReturned, run.Host.FirmwareError?.ToString() ?? "The board does not come to an end: " + string.Join(", ", firmware.Answers.Select(a => a.Status)));
        Assert.True(isOver(), "The server was not asked for all.");
        Assert.True(run.Host.Chip.Violations.Count == 0, run.Host.Chip.Violations.ToString());
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool CanConnect(int port)
    {
        try
        {
            using TcpClient client = new("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
