// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace HostTests.EndToEnd;

/// <summary>A headless Chromium with one tab, told what to do over its DevTools protocol.</summary>
internal sealed class Chromium : IDisposable
{
    public const string Command = "chromium";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly string _profile = Directory.CreateTempSubdirectory("chromium").FullName;
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private int _number;

    private Chromium()
    {
        _process = Tool.Start([Command, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0", "--user-data-dir=" + _profile, "about:blank"]);
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts it.</summary>
    public static async Task<Chromium> StartAsync()
    {
        var browser = new Chromium();
        string file = Path.Combine(browser._profile, "DevToolsActivePort");
        Assert.True(Eventually.Is(() => File.Exists(file) && File.ReadAllLines(file).Length == 2), "Chromium does not start.");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://127.0.0.1:{File.ReadAllLines(file)[0]}/json/new?about:blank");
        using HttpResponseMessage response = await client.SendAsync(request);
        JsonElement tab = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        await browser._socket.ConnectAsync(new Uri(tab.GetProperty("webSocketDebuggerUrl").GetString()!), CancellationToken.None);
        return browser;
    }

    /// <summary>Shows a page as a screen of this size would, light or dark.</summary>
    public async Task OpenAsync(string url, int width, int height, bool dark)
    {
        await DoAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = width < 600 });
        await DoAsync("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } } });
        await DoAsync("Page.navigate", new { url });
    }

    /// <summary>Runs a script in the page.</summary>
    /// <returns>What it evaluates to, as text.</returns>
    public async Task<string> EvaluateAsync(string expression)
    {
        JsonElement result = await DoAsync("Runtime.evaluate", new { expression, awaitPromise = true });
        return result.GetProperty("result").TryGetProperty("value", out JsonElement value) ? Convert.ToString(value, CultureInfo.InvariantCulture)! : string.Empty;
    }

    /// <summary>Waits for a condition of the page's.</summary>
    public async Task WaitForAsync(string expression)
    {
        var watch = Stopwatch.StartNew();
        while (await EvaluateAsync("!!(" + expression + ")") != "True")
        {
            Assert.True(watch.Elapsed < s_limit, expression + " does not come true.");
            await Task.Delay(50);
        }
    }

    /// <summary>Saves what is seen.</summary>
    public async Task SaveAsync(string path)
    {
        JsonElement result = await DoAsync("Page.captureScreenshot", new { format = "png" });
        await File.WriteAllBytesAsync(path, result.GetProperty("data").GetBytesFromBase64());
    }

    public void Dispose()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // what is left of it may still write its last; the folder is a temporary one
        }
    }

    private async Task<JsonElement> DoAsync(string method, object parameters)
    {
        int id = ++_number;
        using var limit = new CancellationTokenSource(s_limit);
        byte[] command = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { id, method, @params = parameters }));
        await _socket.SendAsync(command, WebSocketMessageType.Text, true, limit.Token);
        byte[] buffer = new byte[65536];
        while (true)
        {
            using var message = new MemoryStream();
            WebSocketReceiveResult received;
            do
            {
                received = await _socket.ReceiveAsync(buffer, limit.Token);
                message.Write(buffer, 0, received.Count);
            }
            while (!received.EndOfMessage);

            JsonElement answer = JsonDocument.Parse(message.ToArray()).RootElement;
            if (answer.TryGetProperty("id", out JsonElement number) && number.GetInt32() == id)
            {
                Assert.False(answer.TryGetProperty("error", out JsonElement error), error.ToString());
                return answer.GetProperty("result");
            }
        }
    }
}
