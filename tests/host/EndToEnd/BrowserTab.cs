// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace HostTests.EndToEnd;

/// <summary>A tab of a browser, told what to do over its DevTools protocol.</summary>
internal class BrowserTab : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private int _number;

    protected BrowserTab()
    {
    }

    /// <summary>Opens one more.</summary>
    /// <param name="port">The port that the browser is told on.</param>
    public static async Task<BrowserTab> OpenAsync(int port)
    {
        var tab = new BrowserTab();
        await tab.ConnectAsync(port);
        return tab;
    }

    /// <summary>Shows a page as a screen of this size would, light or dark.</summary>
    public async Task OpenAsync(string url, int width, int height, bool dark)
    {
        await DoAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = width < 600 });
        await DoAsync("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } } });
        await DoAsync("Page.navigate", new { url });
    }

    /// <summary>Loads the page again.</summary>
    public Task ReloadAsync() => DoAsync("Page.reload", new { });

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

    public virtual void Dispose() => _socket.Dispose();

    /// <summary>Opens this one. It counts as seen, as many as there are.</summary>
    protected async Task ConnectAsync(int port)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://127.0.0.1:{port}/json/new?about:blank");
        using HttpResponseMessage response = await client.SendAsync(request);
        JsonElement tab = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        await _socket.ConnectAsync(new Uri(tab.GetProperty("webSocketDebuggerUrl").GetString()!), CancellationToken.None);
        await DoAsync("Emulation.setFocusEmulationEnabled", new { enabled = true });
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
