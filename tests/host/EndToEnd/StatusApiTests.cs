// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Text;
using System.Text.Json;
using Firmware;
using VirtualBoard.Forward;

namespace HostTests.EndToEnd;

/// <summary>The status as JSON, the output that is switched, and the page's text; over loopback, a second stack, the wire, the chip and the driver.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class StatusApiTests : IDisposable
{
    /// <summary>What the page and all that it fetches at first may take on the wire.</summary>
    private const int MostBytes = 12_000;

    private readonly ForwardedBoard _board = new();

    public void Dispose() => _board.Dispose();

    [Fact]
    public async Task The_status_is_JSON_and_says_what_is()
    {
        Assert.True(Eventually.Is(() => Application.Current.Network.State == NetworkState.Ready));
        using HttpResponseMessage response = await _board.Client.GetAsync(StatusApi.StatusPath);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        JsonElement status = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Application application = Application.Current;
        JsonElement network = status.GetProperty("network");
        Assert.Equal("ready", network.GetProperty("state").GetString());
        Assert.Equal(1, network.GetProperty("link").GetInt32());
        Assert.Equal(application.Network.Dhcp == null ? "fixed" : "DHCP", network.GetProperty("from").GetString());
        Assert.Equal(IPv4Address.ToString(application.Stack.IPv4.Address), network.GetProperty("address").GetString());
        Assert.Equal(IPv4Address.ToString(application.Stack.IPv4.Netmask), network.GetProperty("netmask").GetString());
        Assert.Equal(IPv4Address.ToString(application.Stack.IPv4.Gateway), network.GetProperty("gateway").GetString());
        Assert.Equal(application.Network.Dhcp?.Lease.Time ?? 0, network.GetProperty("lease").GetUInt32());
        Assert.InRange(status.GetProperty("up").GetUInt32(), 0u, 600u);
        Assert.Equal(0, status.GetProperty("led").GetInt32());
        Assert.Equal(1, status.GetProperty("input").GetInt32());
        Assert.Equal(application.Ethernet.Revision, status.GetProperty("chip").GetProperty("revision").GetInt32());
        Assert.True(status.GetProperty("traffic").GetProperty("bytesIn").GetUInt32() > status.GetProperty("traffic").GetProperty("framesIn").GetUInt32());

        JsonElement[] pools = [.. status.GetProperty("pools").EnumerateArray()];
        Assert.Equal(application.Stack.Pool.Classes, pools.Length);
        for (int i = 0; i < pools.Length; i++)
        {
            Assert.Equal(application.Stack.Pool.Capacity(i), pools[i].GetProperty("size").GetInt32());
            Assert.Equal(application.Stack.Pool.Total(i), pools[i].GetProperty("total").GetInt32());
            Assert.InRange(pools[i].GetProperty("used").GetInt32(), 0, pools[i].GetProperty("most").GetInt32());
        }

        JsonElement[] sockets = [.. status.GetProperty("sockets").EnumerateArray()];
        Assert.Contains(sockets, socket => socket.GetProperty("state").GetString() == "LISTEN" && socket.GetProperty("port").GetInt32() == Board.HttpPort);
        Assert.Contains(sockets, socket => socket.GetProperty("state").GetString() == "ESTABLISHED" && socket.GetProperty("peerPort").GetInt32() > 0);
        JsonElement neighbour = Assert.Single(status.GetProperty("neighbours").EnumerateArray(), neighbour => neighbour.GetProperty("state").GetString() == "reachable");
        Assert.Equal("192.168.1.1", neighbour.GetProperty("address").GetString());
        Assert.Equal(BoardSubnet.PartnerMac.ToString(), neighbour.GetProperty("mac").GetString());
        Assert.InRange(status.GetProperty("longestPoll").GetInt32(), 1, application.LongestPoll);
        Assert.True(Eventually.Is(() => NameOf(_board) == "board.local"));
        _board.AssertClean();
    }

    [Fact]
    public async Task The_numbers_alone_have_the_names_and_values_that_they_have_in_the_status()
    {
        Assert.True(Eventually.Is(() => NameOf(_board) == "board.local"));
        _board.Run.Host.Hardware.Gpio.Drive(Board.InputPin, false);
        await PostAsync("on=1");
        JsonElement before = JsonDocument.Parse(await _board.Client.GetStringAsync(StatusApi.StatusPath)).RootElement;
        using HttpResponseMessage response = await _board.Client.GetAsync(LiveStatus.LivePath);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        string text = await response.Content.ReadAsStringAsync();
        JsonElement after = JsonDocument.Parse(await _board.Client.GetStringAsync(StatusApi.StatusPath)).RootElement;
        Dictionary<string, (long Least, long Most)> between = Numbers(before).Join(Numbers(after), b => b.Key, a => a.Key, (b, a) => (b.Key, b.Value, a.Value)).ToDictionary(n => n.Key, n => (n.Item2, n.Item3));
        KeyValuePair<string, long>[] live = [.. Numbers(JsonDocument.Parse(text).RootElement)];
        Assert.Equal(28 + (5 * Application.Current.Stack.Pool.Classes), live.Length);
        foreach ((string name, long value) in live.Where(n => !n.Key.EndsWith("used", StringComparison.Ordinal)))
        {
            Assert.True(value >= between[name].Least && value <= between[name].Most, $"{name}: {value} is not within {between[name]}");
        }

        // of a page in the browser there is all the rest: nothing is in one and in neither
        string[] rest = [.. Numbers(after).Select(n => n.Key).Except(live.Select(n => n.Key)).Select(n => n.Split('/')[1]).Distinct()];
        Assert.Equal(["network", "sockets"], rest);
        _board.AssertClean();
    }

    [Fact]
    public async Task Who_comes_and_goes_is_a_change()
    {
        Assert.True(Eventually.Is(() => NameOf(_board) == "board.local"));
        using (HttpClient page = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_board.Run.Url) })
        {
            // over one connection, as a page asks
            async Task<long> Changes() => JsonDocument.Parse(await page.GetStringAsync(LiveStatus.LivePath)).RootElement.GetProperty("changes").GetInt64();
            long first = 0;
            Assert.True(Eventually.Is(() => first == (first = Changes().Result)));
            Assert.True(Eventually.Is(() => Application.Current.Http.Clients == 1));
            using (_board.Connect())
            {
                Assert.True(Eventually.Is(() => Application.Current.Http.Clients == 2));
                Assert.NotEqual(first, await Changes());
            }

            Assert.True(Eventually.Is(() => Application.Current.Http.Clients == 1));
            Assert.NotEqual(first, await Changes());
        }

        _board.AssertClean();
    }

    [Fact]
    public async Task With_many_connections_it_takes_several_frames_and_is_JSON_still()
    {
        System.Net.Sockets.Socket[] idle = [.. Enumerable.Range(0, 6).Select(_ => _board.Connect())];
        JsonElement[] sockets = [];
        for (int i = 0; i < 50 && sockets.Length < 8; i++)
        {
            string text = await _board.Client.GetStringAsync(StatusApi.StatusPath);
            sockets = [.. JsonDocument.Parse(text).RootElement.GetProperty("sockets").EnumerateArray()];
            Assert.True(sockets.Length < 8 || text.Length > 1460, text);
        }

        Assert.InRange(sockets.Length, 8, int.MaxValue);
        Array.ForEach(idle, socket => socket.Dispose());
        _board.AssertClean();
    }

    [Fact]
    public async Task HEAD_tells_the_status_without_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, StatusApi.StatusPath);
        using HttpResponseMessage head = await _board.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        _board.AssertClean();
    }

    [Fact]
    public async Task The_output_is_switched_and_the_input_is_shown()
    {
        VirtualBoard.Hardware.GpioPins pins = _board.Run.Host.Hardware.Gpio;
        Assert.False(pins.Level(Board.OutputPin));
        foreach (int on in new[] { 1, 1, 0, 1 })
        {
            Assert.Equal($"{{\"led\":{on}}}", await (await PostAsync($"on={on}")).Content.ReadAsStringAsync());
            Assert.Equal(on == 1, pins.Level(Board.OutputPin));
            pins.Drive(Board.InputPin, on == 0);
            JsonElement status = JsonDocument.Parse(await _board.Client.GetStringAsync(StatusApi.StatusPath)).RootElement;
            Assert.Equal(on, status.GetProperty("led").GetInt32());
            Assert.Equal(1 - on, status.GetProperty("input").GetInt32());
        }

        _board.AssertClean();
    }

    [Theory]
    [InlineData("on=2")]
    [InlineData("on=-1")]
    [InlineData("on=")]
    [InlineData("on=yes")]
    [InlineData("off=1")]
    [InlineData("")]
    public async Task What_is_neither_on_nor_off_is_refused(string form)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(form)).StatusCode);
        Assert.False(_board.Run.Host.Hardware.Gpio.Level(Board.OutputPin));
        _board.AssertClean();
    }

    [Fact]
    public async Task Other_methods_and_types_are_refused()
    {
        using HttpResponseMessage get = await _board.Client.GetAsync(StatusApi.LedPath + "?on=1");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Contains("POST", get.Content.Headers.Allow);
        using HttpResponseMessage posted = await _board.Client.PostAsync(StatusApi.StatusPath, new StringContent("on=1"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        using HttpResponseMessage text = await _board.Client.PostAsync(StatusApi.LedPath, new StringContent("on=1"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        Assert.False(_board.Run.Host.Hardware.Gpio.Level(Board.OutputPin));
        _board.AssertClean();
    }

    [Theory]
    [InlineData("board.local", true)]
    [InlineData("board-2.local:8080", true)]
    [InlineData("board", true)]
    [InlineData("localhost:8080", true)]
    [InlineData("192.168.1.50", true)]
    [InlineData("169.254.7.8", true)]
    [InlineData("evil.example", false)]
    [InlineData("board.local.evil.example", false)]
    public async Task It_answers_to_its_own_names_only(string host, bool isOurs)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, StatusApi.LedPath) { Content = new StringContent("on=1", Encoding.ASCII, "application/x-www-form-urlencoded") };
        request.Headers.Host = host;
        using HttpResponseMessage response = await _board.Client.SendAsync(request);
        Assert.Equal(isOurs ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest, response.StatusCode);
        Assert.Equal(isOurs, _board.Run.Host.Hardware.Gpio.Level(Board.OutputPin));
        _board.AssertClean();
    }

    [Fact]
    public async Task The_page_and_its_first_status_are_small_and_need_nothing_from_elsewhere()
    {
        using HttpResponseMessage response = await _board.Client.GetAsync(LivePage.PagePath);
        string page = await response.Content.ReadAsStringAsync();
        string status = await _board.Client.GetStringAsync(StatusApi.StatusPath);
        Assert.InRange(response.Headers.ToString().Length + response.Content.Headers.ToString().Length + Encoding.UTF8.GetByteCount(page), 4000, MostBytes - (2 * status.Length));
        Assert.Contains($"<title>{Board.PageTitle}</title>", page, StringComparison.Ordinal);
        Assert.Contains("rel=icon", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org/2000/svg", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.Contains("'" + StatusApi.StatusPath + "'", page, StringComparison.Ordinal);
        Assert.Contains("'" + StatusApi.LedPath + "'", page, StringComparison.Ordinal);

        // who has it already is told so
        using var again = new HttpRequestMessage(HttpMethod.Get, LivePage.PagePath);
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using HttpResponseMessage same = await _board.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        _board.AssertClean();
    }

    /// <summary>All numbers of a status, each with its way to it.</summary>
    private static IEnumerable<KeyValuePair<string, long>> Numbers(JsonElement element, string way = "") => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Numbers(p.Value, way + "/" + p.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((e, i) => Numbers(e, way + "/" + i)),
        JsonValueKind.Number => [new(way, element.GetInt64())],
        _ => [],
    };

    private static string? NameOf(ForwardedBoard board) =>
        JsonDocument.Parse(board.Client.GetStringAsync(StatusApi.StatusPath).Result).RootElement.GetProperty("network").GetProperty("name").GetString();

    private Task<HttpResponseMessage> PostAsync(string form) =>
        _board.Client.PostAsync(StatusApi.LedPath, new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded"));
}
