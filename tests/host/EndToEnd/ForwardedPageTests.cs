// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Net;
using System.Text;
using VirtualBoard;

namespace HostTests.EndToEnd;

/// <summary>The firmware's page as a program on this PC sees it: over loopback, a second stack, the wire, the chip and the driver.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ForwardedPageTests : IDisposable
{
    private readonly ForwardedBoard _board = new();

    public void Dispose() => _board.Dispose();

    [Fact]
    public async Task GET_shows_the_page()
    {
        using HttpResponseMessage response = await _board.Client.GetAsync(Firmware.StatusPage.StatusPath);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.True(response.Headers.ConnectionClose);
        Assert.Equal(1, StatusPageText.Parse(Encoding.UTF8.GetString(body)).PagesServed);
        _board.AssertClean();
    }

    [Fact]
    public async Task HEAD_shows_the_same_header_without_the_page()
    {
        using HttpResponseMessage get = await _board.Client.GetAsync(Firmware.StatusPage.StatusPath);
        using var request = new HttpRequestMessage(HttpMethod.Head, Firmware.StatusPage.StatusPath);
        using HttpResponseMessage head = await _board.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        _board.AssertClean();
    }

    [Fact]
    public async Task Unknown_path_is_not_found()
    {
        using HttpResponseMessage response = await _board.Client.GetAsync("/favicon.ico");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("404 Not Found\n", await response.Content.ReadAsStringAsync());
        _board.AssertClean();
    }

    [Fact]
    public async Task POST_is_not_allowed()
    {
        using var content = new StringContent(new string('x', 5000));
        using HttpResponseMessage response = await _board.Client.PostAsync(Firmware.StatusPage.StatusPath, content);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD", "OPTIONS"], response.Content.Headers.Allow.Order());
        _board.AssertClean();
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost : board\r\n\r\n")]
    public void Bad_request_is_told(string request)
    {
        using var socket = _board.Connect();
        socket.Send(Encoding.ASCII.GetBytes(request));
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", RawHttp.ReadToEnd(socket), StringComparison.Ordinal);
        socket.Dispose();
        _board.AssertClean();
    }

    [Fact]
    public async Task Twenty_requests_in_a_row_are_served()
    {
        for (int i = 1; i <= 20; i++)
        {
            StatusPageText page = StatusPageText.Parse(await _board.Client.GetStringAsync(Firmware.StatusPage.StatusPath));
            Assert.Equal(i, page.PagesServed);
        }

        _board.AssertClean();
    }

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    public async Task Requests_at_once_are_served(int count)
    {
        string[] pages = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => _board.Client.GetStringAsync(Firmware.StatusPage.StatusPath)));
        int[] served = [.. pages.Select(page => StatusPageText.Parse(page).PagesServed).Order()];
        Assert.Equal(Enumerable.Range(1, count), served);
        _board.AssertClean();
    }

    [Fact]
    public async Task Two_boards_in_one_process_do_not_meet()
    {
        using var other = new ForwardedBoard();
        Assert.Equal(1, StatusPageText.Parse(await _board.Client.GetStringAsync(Firmware.StatusPage.StatusPath)).PagesServed);
        Assert.Equal(1, StatusPageText.Parse(await other.Client.GetStringAsync(Firmware.StatusPage.StatusPath)).PagesServed);
        other.AssertClean();
        _board.AssertClean();
    }

    [Fact]
    public async Task Bad_wire_only_costs_time()
    {
        var watch = Stopwatch.StartNew();
        using var bad = new ForwardedBoard(ImpairmentSettings.Parse("lose=2,duplicate=3,reorder=3,corrupt=2,jitter=1"));
        for (int i = 0; i < 5; i++)
        {
            string[] pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => bad.Client.GetStringAsync(Firmware.StatusPage.StatusPath)));
            Assert.All(pages, page => StatusPageText.Parse(page));
        }

        bad.AssertClean();
        _board.AssertClean();
        Assert.True(bad.Run.Host.Wire.FramesLost > 0);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2));
    }
}
