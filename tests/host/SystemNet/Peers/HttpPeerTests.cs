// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HostTests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace HostTests.SystemNet.Peers;

/// <summary>HTTP over the chip's model and our System.Net, with a server and clients that others wrote.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HttpPeerTests
{
    private const int BoardPort = 80;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Kestrel_is_asked_over_one_connection()
    {
        byte[] large = Wire.PatternBytes(1, 60_000);
        HashSet<string> connections = [];
        int port = LocalPorts.Free();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using WebApplication server = builder.Build();
        server.Run(async context =>
        {
            connections.Add(context.Connection.Id);
            switch (context.Request.Method + " " + context.Request.Path)
            {
                case "GET /counted":
                    context.Response.ContentLength = large.Length;
                    await context.Response.Body.WriteAsync(large);
                    break;
                case "GET /chunked":
                    for (int i = 0; i < large.Length; i += 7001)
                    {
                        await context.Response.Body.WriteAsync(large.AsMemory(i, Math.Min(7001, large.Length - i)));
                        await context.Response.Body.FlushAsync();
                    }

                    break;
                case "POST /readings":
                    JsonElement reading = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
                    context.Response.ContentType = context.Request.ContentType;
                    await context.Response.WriteAsync($"{{\"next\":{reading.GetProperty("reading").GetInt32() + 1}}}");
                    break;
                case "POST /echo":
                    await context.Request.Body.CopyToAsync(context.Response.Body);
                    break;
                default:
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    break;
            }
        });
        await server.StartAsync();
        using SystemNetBoard board = new();
        await Task.Run(() =>
        {
            using HttpSession session = new(SystemNetBoard.Pc, port);
            Assert.Equal(large, session.Ask("GET", "/counted").Body);
            Assert.Equal(large, session.Ask("GET", "/chunked").Body);
            for (int i = 1; i <= 5; i++)
            {
                (int status, Dictionary<string, string> fields, byte[] body) = session.Ask("POST", "/readings", Encoding.ASCII.GetBytes($"{{\"reading\":{i}}}"), "application/json");
                Assert.Equal((200, "application/json", $"{{\"next\":{i + 1}}}"), (status, fields["Content-Type"], Encoding.ASCII.GetString(body)));
            }

            Assert.Equal(large, session.Ask("POST", "/echo", large).Body);
            Assert.Equal(404, session.Ask("GET", "/nothing").Status);
            server.StopAsync().GetAwaiter().GetResult();
            session.AwaitEnd();
        }).WaitAsync(s_limit);
        Assert.Single(connections);
        board.AssertClean();
    }

    [Fact]
    public async Task Dotnets_client_asks_from_many_tasks_at_once()
    {
        const int Tasks = 4;
        using SystemNetBoard board = new(BoardPort);
        HttpPages pages;
        using (pages = new HttpPages(BoardPort))
        using (HttpClient client = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Tasks }) { BaseAddress = new Uri($"http://127.0.0.1:{board.ForwardedPort}/"), Timeout = s_limit })
        {
            await Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => AskAll(client, task)));
        }

        Assert.Equal(Tasks * 11, pages.Requests);
        board.AssertClean();
    }

    [ToolFact("curl")]
    public async Task Curl_gets_and_posts()
    {
        using SystemNetBoard board = new(BoardPort);
        string file = OutputFolder.PathOf("peer-body.bin");
        await File.WriteAllBytesAsync(file, Wire.PatternBytes(9, 30_000));
        HttpPages pages;
        using (pages = new HttpPages(BoardPort))
        {
            string url = $"http://127.0.0.1:{board.ForwardedPort}";

            // three over one connection, and then each over one of its own
            string several = Curl([.. One($"{url}/bytes/0"), "--next", .. One($"{url}/bytes/40000"), "--next", .. One($"{url}/none")]);
            Assert.Equal("200 0 1\n200 40000 0\n404 0 0\n", several);
            string answer = OutputFolder.PathOf("peer-answer.bin");
            string[][] ways = [[], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"], ["-H", "Connection: close"]];
            foreach (string[] way in ways)
            {
                string said = Curl(["--silent", "--show-error", "--max-time", "20", "--output", answer, "--write-out", "%{http_code}\\n", "--data-binary", "@" + file, .. way, $"{url}/echo"]);
                Assert.Equal("200\n", said);
                Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(answer));
            }
        }

        Assert.Equal(7, pages.Requests);
        board.AssertClean();
    }

    private static async Task AskAll(HttpClient client, int task)
    {
        foreach (int length in new[] { 0, 1, 1459, 1460, 1461, 30_000 })
        {
            Assert.Equal(Wire.PatternBytes(1, length), await client.GetByteArrayAsync($"bytes/{length}"));
        }

        byte[] sent = Wire.PatternBytes(task, 10_000 + task);
        foreach (bool isChunked in new[] { false, true })
        {
            foreach (bool isExpected in new[] { false, true })
            {
                using HttpRequestMessage request = new(HttpMethod.Post, "echo") { Content = new ByteArrayContent(sent) };
                request.Headers.TransferEncodingChunked = isChunked;
                request.Headers.ExpectContinue = isExpected;
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                using HttpResponseMessage response = await client.SendAsync(request);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync());
            }
        }

        using HttpResponseMessage none = await client.GetAsync("none");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private static string[] One(string url) =>
        ["--silent", "--show-error", "--max-time", "20", "--output", "/dev/null", "--write-out", "%{http_code} %{size_download} %{num_connects}\\n", url];

    private static string Curl(params string[] arguments)
    {
        (int exitCode, string output, string errors) = Tool.Run(s_limit, ["curl", .. arguments]);
        Assert.True(exitCode == 0, output + errors);
        return output;
    }
}
