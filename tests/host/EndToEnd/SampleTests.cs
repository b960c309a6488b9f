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

        // the textbook's steps in their order, each with what it causes; the server may be slow, and answer when it is being read already
        const string Answer = "<- (FIN )?ACK .*26 bytes of data";
        string[] story =
        [
            "It is 192.168.1.1.", "1. socket", "CLOSED", "2. connect", "-> SYN ", "<- SYN ACK ", "-> ACK ", "ESTABLISHED", "3. write", "-> ACK .*18 bytes of data",
            $"({Answer}[^$]*?4. read|4. read[^$]*?{Answer})", "26 bytes, and then 0", "5. close", "-> FIN ACK", "<- ACK", "The block is free again", "The address was given back",
        ];
        Assert.Matches(string.Join("[^$]*?", story), output);
        Assert.Equal(1, Regex.Count(output, "SYN ACK"));
    }

    [Fact]
    public async Task The_walk_with_System_Net_gets_the_page()
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
        (int exitCode, string output, string errors) = await Task.Run(() => Tool.Run(s_limit, [.. BoardProcess.Command, "--forward", "0", "--sample", "socket-walk", "--seconds", "50"]));
        Assert.True(exitCode == 0, output + errors);
        Assert.Equal("GET / HTTP/1.0\r\n\r\n", await server);
        string[] story =
        [
            "not nanoFramework's own", "Our address is 192.168.1.50.", "pc is 192.168.1.1.", "1. socket", "2. connect", @"from 192.168.1.50:\d+ to 192.168.1.1:8000", "3. send: 18 bytes",
            "4. receive: 26 bytes, and then 0", "5. close",
        ];
        Assert.Matches(string.Join("[^$]*?", story), output);
        Assert.DoesNotContain("nhandled", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_server_the_walk_with_System_Net_says_so()
    {
        (int exitCode, string output, string errors) = Tool.Run(s_limit, [.. BoardProcess.Command, "--forward", "0", "--sample", "socket-walk", "--seconds", "50"]);
        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("It failed, 10061: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Echoes_come_from_System_Net()
    {
        using var board = new BoardProcess([], "--forward", "0:7", "--udp", "0:7", "--sample", "socket-echo", "--address", "static");
        int port = new Uri(board.WaitUntilOpen()).Port;
        Match said = Match.Empty;
        Assert.True(Eventually.Is(() => (said = Regex.Match(board.Output, @"Datagrams to UDP port (\d+)")).Success), board.Output);
        using CancellationTokenSource limit = new(s_limit);
        await Task.WhenAll(Enumerable.Range(1, 4).Select(n => EchoAsync(port, n * 7001, n, limit.Token)));

        // who resets is nobody's trouble
        for (int i = 0; i < 4; i++)
        {
            using TcpClient client = new() { LingerState = new LingerOption(true, 0) };
            await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            await client.GetStream().WriteAsync(new byte[10], limit.Token);
        }

        await EchoAsync(port, 10, 9, limit.Token);
        using UdpClient datagrams = new();
        datagrams.Connect(IPAddress.Loopback, int.Parse(said.Groups[1].Value));
        foreach (int length in new[] { 0, 1, 1472 })
        {
            byte[] sent = Wire.PatternBytes(length, length);
            await datagrams.SendAsync(sent, limit.Token);
            Assert.Equal(sent, (await datagrams.ReceiveAsync(limit.Token)).Buffer);
        }

        Assert.Equal(0, board.Stop());
    }

    [Fact]
    public void Without_a_server_the_walk_says_so()
    {
        (int exitCode, string output, string errors) = Tool.Run(s_limit, [.. BoardProcess.Command, "--forward", "0", "--sample", "walk", "--seconds", "50"]);
        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("It failed: ", output, StringComparison.Ordinal);
        Assert.Contains("Does something listen on port 8000 there?", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sensor_sends_a_reading_each_second()
    {
        UdpClient listener;
        try
        {
            listener = new UdpClient(new IPEndPoint(IPAddress.Loopback, UdpSensor.Program.Port));
        }
        catch (SocketException)
        {
            // the port belongs to somebody else here
            return;
        }

        using (listener)
        using (var board = new BoardProcess([], "--forward", "0", "--sample", "udp-sensor", "--address", "static"))
        {
            using CancellationTokenSource limit = new(s_limit);
            List<string> readings = [];
            while (readings.Count < 3)
            {
                readings.Add(Encoding.ASCII.GetString((await listener.ReceiveAsync(limit.Token)).Buffer));
            }

            Assert.Equal(["reading=1\n", "reading=2\n", "reading=3\n"], readings);
            Assert.Contains("Readings go to 192.168.1.1, port 5005.", board.Output, StringComparison.Ordinal);
            Assert.Equal(0, board.Stop());
        }
    }

    [Fact]
    public async Task Readings_are_posted_over_one_connection()
    {
        using HttpListener server = new() { Prefixes = { "http://*:8000/" } };
        try
        {
            server.Start();
        }
        catch (HttpListenerException)
        {
            // the port belongs to somebody else here
            return;
        }

        using var board = new BoardProcess([], "--forward", "0", "--sample", "post-reading", "--address", "static");
        HashSet<int> ports = [];
        for (int i = 1; i <= 3; i++)
        {
            HttpListenerContext context = await server.GetContextAsync().WaitAsync(s_limit);
            ports.Add(context.Request.RemoteEndPoint.Port);
            using StreamReader reader = new(context.Request.InputStream);
            Assert.Equal(("POST", "/readings", "application/json"), (context.Request.HttpMethod, context.Request.RawUrl, context.Request.ContentType));
            Assert.Equal("pc:8000", context.Request.Headers["Host"]);
            Assert.Equal($"{{\"reading\":{i}}}", await reader.ReadToEndAsync());
            context.Response.StatusCode = i == 2 ? 404 : 204;
            context.Response.Close();
        }

        Assert.Single(ports);
        Assert.True(Eventually.Is(() => board.Output.Contains("Reading 3: status 204.", StringComparison.Ordinal)), board.Output);
        Assert.Contains("Reading 2: status 404.", board.Output, StringComparison.Ordinal);
        Assert.Equal(0, board.Stop());
    }

    [Fact]
    public void Nobody_there_to_post_to_is_said_in_words()
    {
        using var board = new BoardProcess([], "--forward", "0", "--sample", "post-reading", "--address", "static");
        Assert.True(Eventually.Is(() => board.Output.Contains("Reading 1: ", StringComparison.Ordinal)), board.Output);
        Assert.Contains("Reading 1: " + TcpIp.Http.HttpClient.Describe((int)TcpIp.SocketError.ConnectionRefused), board.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ping_is_answered_four_times()
    {
        (int exitCode, string output, string errors) = Tool.Run(s_limit, [.. BoardProcess.Command, "--forward", "0", "--sample", "ping", "--seconds", "50"]);
        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("PING pc (192.168.1.1): 56 bytes of data\n", output, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(output, @"\n\d: 56 bytes from 192\.168\.1\.1, ttl 64, \d+ ms"));
        Assert.Contains("\n4 asked for, 4 answered\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Echoes_come_back_over_tcp_and_udp()
    {
        using var board = new BoardProcess([], "--forward", "0:7", "--udp", "0:7", "--sample", "echo", "--address", "static");
        int port = new Uri(board.WaitUntilOpen()).Port;
        Match said = Match.Empty;
        Assert.True(Eventually.Is(() => (said = Regex.Match(board.Output, @"Datagrams to UDP port (\d+)")).Success), board.Output);
        using CancellationTokenSource limit = new(s_limit);

        // several at once, each of whom gets what is his, however much it is
        await Task.WhenAll(Enumerable.Range(1, 4).Select(n => EchoAsync(port, n * 7001, n, limit.Token)));

        // and those who say nothing do not keep others out
        List<TcpClient> silent = [];
        for (int i = 0; i < 4; i++)
        {
            silent.Add(new TcpClient());
            await silent[i].ConnectAsync(IPAddress.Loopback, port, limit.Token);
        }

        await EchoAsync(port, 10, 9, limit.Token);
        silent.ForEach(client => client.Dispose());

        using UdpClient datagrams = new();
        datagrams.Connect(IPAddress.Loopback, int.Parse(said.Groups[1].Value));
        foreach (int length in new[] { 0, 1, 1472 })
        {
            byte[] sent = Wire.PatternBytes(length, length);
            await datagrams.SendAsync(sent, limit.Token);
            Assert.Equal(sent, (await datagrams.ReceiveAsync(limit.Token)).Buffer);
        }

        Assert.Equal(0, board.Stop());
    }

    [Fact]
    public async Task The_rest_server_keeps_values_and_gives_bodies_and_forms_back()
    {
        using var board = new BoardProcess([], "--forward", "0", "--sample", "rest-server", "--address", "static");
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(board.WaitUntilOpen()), Timeout = s_limit };
        Assert.Contains("POST /echo", await client.GetStringAsync("/"), StringComparison.Ordinal);

        Assert.Equal("[]", await client.GetStringAsync("/api/values"));
        Assert.Equal("201 {\"id\":3,\"value\":-12}", await AskAsync(client, HttpMethod.Put, "/api/values/3", "-12"));
        Assert.Equal("200 {\"id\":3,\"value\":2147483647}", await AskAsync(client, HttpMethod.Put, "/api/values/3", "2147483647"));
        Assert.Equal("201 {\"id\":0,\"value\":5}", await AskAsync(client, HttpMethod.Put, "/api/values/0", "5"));
        Assert.Equal("[{\"id\":0,\"value\":5},{\"id\":3,\"value\":2147483647}]", await client.GetStringAsync("/api/values"));
        Assert.Equal("{\"id\":0,\"value\":5}", await client.GetStringAsync("/api/values/0"));
        Assert.Equal("204 ", await AskAsync(client, HttpMethod.Delete, "/api/values/0"));
        foreach ((HttpMethod method, string path, string? body, string status) in new (HttpMethod, string, string?, string)[]
        {
            (HttpMethod.Get, "/api/values/0", null, "404"), (HttpMethod.Get, "/api/values/8", null, "404"), (HttpMethod.Get, "/api/values/x", null, "404"),
            (HttpMethod.Delete, "/api/values/0", null, "404"), (HttpMethod.Put, "/api/values/1", "", "422"), (HttpMethod.Put, "/api/values/1", "-", "422"),
            (HttpMethod.Put, "/api/values/1", "1x", "422"), (HttpMethod.Put, "/api/values/1", "2147483648", "422"), (HttpMethod.Put, "/api/values/1", "-99999999999", "422"),
            (HttpMethod.Put, "/api/values/1", "1.5", "422"), (HttpMethod.Post, "/api/values/1", "1", "405"), (HttpMethod.Post, "/form", "a=1", "415"),
        })
        {
            Assert.StartsWith(status, await AskAsync(client, method, path, body));
        }

        foreach (int length in new[] { 0, 1, 511, 512, 1460, 5000, 60_000 })
        {
            byte[] sent = Wire.PatternBytes(length, length);
            foreach (bool isChunked in new[] { false, true })
            {
                using HttpRequestMessage request = new(HttpMethod.Post, "/echo") { Content = new ByteArrayContent(sent) };
                request.Headers.TransferEncodingChunked = isChunked;
                using HttpResponseMessage response = await client.SendAsync(request);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.True(isChunked || response.Content.Headers.ContentLength == length, "the length was told, and so it is told");
                Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync());
            }
        }

        using FormUrlEncodedContent form = new(new Dictionary<string, string> { ["name"] = "J\u00f6rg & x=y", ["empty"] = "", ["n"] = "7" });
        using HttpResponseMessage said = await client.PostAsync("/form", form);
        Assert.Equal("name=J\u00f6rg & x=y\nempty=\nn=7\n", await said.Content.ReadAsStringAsync());
        Assert.Equal(0, board.Stop());
    }

    [ToolFact("curl")]
    public void Curl_gets_the_same_from_the_rest_server()
    {
        using var board = new BoardProcess([], "--forward", "0", "--sample", "rest-server", "--address", "static");
        string url = board.WaitUntilOpen();
        string file = OutputFolder.PathOf("rest-body.bin");
        File.WriteAllBytes(file, Wire.PatternBytes(3, 20_000));
        string[][] ways = [["--data-binary", "@" + file], ["--data-binary", "@" + file, "-H", "Transfer-Encoding: chunked"], ["--data-binary", "@" + file, "-H", "Expect: 100-continue"]];
        foreach (string[] way in ways)
        {
            string got = OutputFolder.PathOf("rest-answer.bin");
            (int exitCode, _, string errors) = Tool.Run(s_limit, ["curl", "-sS", "--noproxy", "*", "-o", got, .. way, url + "echo"]);
            Assert.True(exitCode == 0, errors);
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(got));
        }

        Assert.Equal("a=1\nb=x y\u00e4\nc=\n", Tool.Run(s_limit, ["curl", "-sS", "--noproxy", "*", "-d", "a=1", "--data-urlencode", "b=x y\u00e4", "-d", "c", url + "form"]).Output);
        Assert.Equal(0, board.Stop());
    }

    private static async Task EchoAsync(int port, int length, int seed, CancellationToken cancellation)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
        byte[] sent = Wire.PatternBytes(seed, length);
        Task writing = Task.Run(
            async () =>
            {
                await client.GetStream().WriteAsync(sent, cancellation);
                client.Client.Shutdown(SocketShutdown.Send);
            },
            cancellation);
        using MemoryStream received = new();
        await client.GetStream().CopyToAsync(received, cancellation);
        await writing;
        Assert.Equal(sent, received.ToArray());
    }

    private static async Task<string> AskAsync(HttpClient client, HttpMethod method, string path, string? body = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = body == null ? null : new StringContent(body) };
        using HttpResponseMessage response = await client.SendAsync(request);
        return (int)response.StatusCode + " " + await response.Content.ReadAsStringAsync();
    }
}
