// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.HttpClients;

/// <summary>Connections that stay open, that end when nobody looks, and answers that lead elsewhere.</summary>
public sealed class ConnectionTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    [Fact]
    public void A_connection_is_closed_when_it_is_not_used_any_more()
    {
        ClientStreet street = new(c => c.IdleTimeout = 3000);
        Assert.Equal(200, street.Get());
        street.Run(2900);
        Assert.Equal(200, street.Get());
        Assert.Equal(1u, street.Client.Counters.Connections);
        street.Run(3100);
        street.OnServer((sockets, socket) => Assert.Equal((int)SocketError.BadDescriptor, sockets.Close(socket)));
        Assert.Equal(200, street.Get());
        Assert.Equal(2u, street.Client.Counters.Connections);
    }

    [Fact]
    public void A_connection_that_waits_is_closed_and_not_reset()
    {
        ClientStreet street = new();
        Assert.Equal(200, street.Get());
        street.Client.Cancel();
        street.Run(100);
        street.OnServer((sockets, socket) => Assert.Equal((int)SocketError.BadDescriptor, sockets.Close(socket)));
        Assert.Equal(0u, street.Stack.Tcp.Counters.ResetsSent);
        Assert.Equal((int)SocketError.InvalidState, street.Client.Result);
    }

    [Fact]
    public void None_stays_open_if_none_is_to()
    {
        ClientStreet street = new(c => c.IdleTimeout = 0);
        Assert.Equal(200, street.Get());
        Assert.Equal(200, street.Get());
        Assert.Equal(2u, street.Client.Counters.Connections);
    }

    [Fact]
    public void What_tells_nobody_that_it_is_there_is_looked_for_again()
    {
        // a name that is found after a while
        ClientStreet street = new();
        street.Names.IsSlow = true;
        Assert.Equal(0, street.Client.Begin(street.Request("GET")));
        street.Run(500);
        Assert.Equal(HttpClientState.Resolving, street.Client.State);
        street.Names.IsSlow = false;
        street.Run(100);
        Assert.Equal(200, street.Client.Result);

        // and frames that others give back
        List<Frame> taken = [];
        for (int i = 0; i < street.Stack.Pool.Classes; i++)
        {
            while (street.Stack.Pool.Rent(street.Stack.Pool.Capacity(i)) is Frame frame)
            {
                taken.Add(frame);
            }
        }

        Assert.Equal(0, street.Client.Begin(street.Request("GET")));
        street.Run(500);
        Assert.Equal(HttpClientState.Sending, street.Client.State);
        taken.ForEach(street.Stack.Pool.Return);
        street.Run(100);
        Assert.Equal(200, street.Client.Result);
        Assert.Equal(1u, street.Client.Counters.Connections);
    }

    [Fact]
    public void The_end_of_a_request_does_not_wait_for_an_acknowledgment()
    {
        ClientStreet street = new();
        Assert.Equal(200, street.Get());
        HttpRequest request = street.Request("PUT");
        request.SetBody(new byte[2000], 0, 2000);
        int begin = street.Now;
        Assert.Equal(200, street.Fetch(request));
        Assert.InRange(street.Now - begin, 1, 50);
    }

    [Fact]
    public void Another_server_gets_a_connection_of_its_own()
    {
        ClientStreet street = new();
        Assert.Equal(200, street.Get());
        street.Names.Add("other.test", street.Server);
        Assert.Equal(200, street.Fetch(new HttpRequest("GET", "http://other.test/", WordOrder.LowByteFirst)));
        Assert.Equal((int)SocketError.ConnectionRefused, street.Fetch(new HttpRequest("GET", "http://other.test:81/", WordOrder.LowByteFirst)));
        Assert.Equal(3u, street.Client.Counters.Connections);
        street.AssertNothingLeaks();
    }

    [Fact]
    public void What_the_server_says_unasked_is_no_answer()
    {
        ClientStreet street = new() { Says = n => new Answer(n == 0 ? Ok + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong" : Ok) };
        Assert.Equal(200, street.Get());
        Assert.Equal(200, street.Get());
        Assert.Equal("hello", street.Body);
        Assert.Equal(2u, street.Client.Counters.Connections);
        street.Run(100);
        street.OnServer((sockets, socket) => sockets.Write(socket, "HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), 0, 30));
        street.Run(100);
        Assert.Equal(200, street.Get());
        Assert.Equal(3u, street.Client.Counters.Connections);
        street.AssertNothingLeaks();
    }

    [Fact]
    public void A_connection_that_the_server_has_closed_is_not_used()
    {
        ClientStreet street = new();
        Assert.Equal(200, street.Get());
        street.Run(100);
        street.OnServer((sockets, socket) => sockets.Shutdown(socket));
        street.Run(100);
        SocketStatus status = new();
        Assert.DoesNotContain(
            Enumerable.Range(0, street.Stack.Sockets.RowCount), row => street.Stack.Sockets.GetStatus(row, status) && status.State is TcpState.Established or TcpState.CloseWait);
        Assert.Equal(200, street.Fetch(street.Request("POST")));
        Assert.Equal(2u, street.Client.Counters.Connections);
        Assert.Equal(0u, street.Client.Counters.Retries);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong")]
    [InlineData("")]
    public void What_comes_just_before_a_request_is_not_its_answer(string text)
    {
        ClientStreet street = new();
        Assert.Equal(200, street.Get());
        street.Run(100);
        street.Polls = false;
        street.OnServer((sockets, socket) =>
        {
            sockets.Write(socket, System.Text.Encoding.ASCII.GetBytes(text), 0, text.Length);
            sockets.Shutdown(socket);
        });
        street.Run(50);
        street.Polls = true;
        Assert.Equal(200, street.Fetch(street.Request("POST")));
        Assert.Equal("hello", street.Body);
        Assert.Equal(2u, street.Client.Counters.Connections);
        street.AssertNothingLeaks();
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    public void What_may_be_done_twice_is_asked_again_once_if_the_connection_was_stale(string method, bool isAskedAgain)
    {
        foreach (bool resets in new[] { false, true })
        {
            ClientStreet street = new() { Says = n => n == 1 ? new Answer("") { Closes = !resets, Resets = resets } : new Answer(method == "HEAD" && n > 0 ? Ok[..^5] : Ok) };
            Assert.Equal(200, street.Get());
            HttpRequest request = street.Request(method);
            int result = street.Fetch(request);
            Assert.Equal(isAskedAgain ? 200 : resets ? (int)SocketError.ConnectionReset : (int)HttpClientError.Incomplete, result);
            Assert.Equal(isAskedAgain ? 3 : 2, street.Requests.Count);
            Assert.Equal(isAskedAgain ? 1u : 0u, street.Client.Counters.Retries);
            street.AssertNothingLeaks();
        }
    }

    [Fact]
    public void It_is_asked_again_only_once()
    {
        ClientStreet street = new() { Says = n => n == 0 ? new Answer(Ok) : new Answer("") { Closes = true } };
        Assert.Equal(200, street.Get());
        Assert.Equal((int)HttpClientError.Incomplete, street.Get());
        Assert.Equal(3, street.Requests.Count);
    }

    [Fact]
    public void It_is_not_asked_again_if_an_answer_had_begun()
    {
        ClientStreet street = new() { Says = n => n == 0 ? new Answer(Ok) : new Answer("HTTP/1.1") { Closes = true } };
        Assert.Equal(200, street.Get());
        Assert.Equal((int)HttpClientError.Incomplete, street.Get());
        Assert.Equal(2, street.Requests.Count);
    }

    [Fact]
    public void A_server_may_refuse_before_all_is_sent()
    {
        ClientStreet street = new() { Says = n => new Answer(n == 0 ? "HTTP/1.1 413 No\r\nContent-Length: 3\r\n\r\nbig" : Ok) { IsHasty = n == 0 } };
        HttpRequest request = street.Request("POST", "/", "text/plain");
        request.SetBody(new byte[50_000], 0, 50_000);
        Assert.Equal(413, street.Fetch(request));
        Assert.Equal("big", street.Body);
        Assert.Equal(200, street.Get());
        Assert.Equal(2u, street.Client.Counters.Connections);
        street.AssertNothingLeaks();
    }

    [Fact]
    public void Two_at_once_are_refused_and_one_can_be_cancelled()
    {
        ClientStreet street = new() { Says = _ => null };
        HttpRequest request = street.Request("GET");
        Assert.Equal((int)SocketError.InvalidState, street.Client.Result);
        Assert.Equal((int)SocketError.InvalidState, street.Client.Read(new byte[1], 0, 1));
        Assert.Equal(0, street.Client.Begin(request));
        Assert.True(street.Client.NeedsPoll);
        street.Run(100);
        Assert.Equal(HttpClientState.Waiting, street.Client.State);
        Assert.Equal((int)SocketError.WouldBlock, street.Client.Result);
        Assert.Equal((int)SocketError.InvalidState, street.Client.Begin(request));
        Assert.Equal((int)SocketError.InvalidState, street.Client.Begin(request, "/"u8.ToArray(), 0, 1));
        Assert.Equal((int)SocketError.InvalidArgument, street.Client.Begin(null!));
        street.Client.Cancel();
        street.Says = _ => new Answer(Ok);
        Assert.Equal(200, street.Fetch(request));
        street.AssertNothingLeaks();
    }

    [Theory]
    [InlineData(301, "GET", "GET", false)]
    [InlineData(301, "POST", "GET", false)]
    [InlineData(302, "POST", "GET", false)]
    [InlineData(302, "PUT", "PUT", true)]
    [InlineData(303, "POST", "GET", false)]
    [InlineData(303, "PUT", "GET", false)]
    [InlineData(303, "HEAD", "HEAD", false)]
    [InlineData(307, "POST", "POST", true)]
    [InlineData(308, "DELETE", "DELETE", false)]
    public void A_redirect_is_followed_with_the_right_method(int status, string method, string then, bool hasBody)
    {
        ClientStreet street = new(c => c.Redirects = 3)
        {
            Says = n => new Answer(n == 0 ? $"HTTP/1.1 {status} X\r\nLocation: /new?x#y\r\nContent-Length: 2\r\n\r\n" + (method == "HEAD" ? "" : "no")
                : method == "HEAD" ? Ok[..^5] : Ok),
        };
        bool hadBody = method is "POST" or "PUT";
        HttpRequest request = street.Request(method, "/old", hadBody ? "text/plain" : null, "X-Key: 7\r\n");
        request.SetBody("abc"u8.ToArray(), 0, 3);
        Assert.Equal(200, street.Fetch(request));
        Assert.Equal(
            then + " /new?x HTTP/1.1\r\nHost: server.test\r\nX-Key: 7\r\n" + (hasBody ? "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc" : "\r\n"),
            street.Requests[1].Text);
        Assert.Equal(1u, street.Client.Counters.Connections);
        Assert.Equal(1u, street.Client.Counters.Redirects);
        Assert.Equal(1u, street.Client.Counters.Answers);

        // the request itself is as it was
        street.Says = _ => new Answer(method == "HEAD" ? Ok[..^5] : Ok);
        Assert.Equal(200, street.Fetch(request));
        Assert.StartsWith(method + " /old ", street.Requests[2].Text);
        street.AssertNothingLeaks();
    }

    [Theory]
    [InlineData("http://other.test/x", "GET /x HTTP/1.1\r\nHost: other.test\r\n\r\n")]
    [InlineData("//other.test:80", "GET / HTTP/1.1\r\nHost: other.test\r\n\r\n")]
    [InlineData("HTTP://SERVER.TEST/x", "GET /x HTTP/1.1\r\nHost: server.test\r\nAuthorization: secret\r\n\r\n")]
    [InlineData("x", "GET /a/x HTTP/1.1\r\nHost: server.test\r\nAuthorization: secret\r\n\r\n")]
    [InlineData("./x/../y", "GET /a/y HTTP/1.1\r\nHost: server.test\r\nAuthorization: secret\r\n\r\n")]
    [InlineData("../../x", "GET /x HTTP/1.1\r\nHost: server.test\r\nAuthorization: secret\r\n\r\n")]
    [InlineData("?x", "GET /a/b?x HTTP/1.1\r\nHost: server.test\r\nAuthorization: secret\r\n\r\n")]
    [InlineData("#x", "GET /a/b?c/d HTTP/1.1\r\nHost: server.test\r\nAuthorization: secret\r\n\r\n")]
    [InlineData("", "GET /a/b?c/d HTTP/1.1\r\nHost: server.test\r\nAuthorization: secret\r\n\r\n")]
    public void A_location_may_leave_out_what_stays_and_secrets_stay_with_their_server(string location, string request)
    {
        ClientStreet street = new(c => c.Redirects = 1) { Says = n => new Answer(n == 0 ? $"HTTP/1.1 302 X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n" : Ok) };
        street.Names.Add("other.test", street.Server);
        Assert.Equal(200, street.Fetch(street.Request("GET", "/a/b?c/d", null, "Authorization: secret\r\n")));
        Assert.Equal(request, street.Requests[1].Text);
    }

    /// <summary>Most servers name themselves whole where they send on, and close behind that: an address needs nobody who knows names.</summary>
    [Theory]
    [InlineData("http://10.0.0.2/x", 200)]
    [InlineData("//10.0.0.2:80/x", 200)]
    [InlineData("http://10.0.0.256/", (int)SocketError.HostNotFound)]
    [InlineData("http://10.0.0.02/", (int)SocketError.HostNotFound)]
    [InlineData("http://10.0.2/", (int)SocketError.HostNotFound)]
    [InlineData("http://10.0.0.2.0/", (int)SocketError.HostNotFound)]
    [InlineData("http://10.0.0.2./", (int)SocketError.HostNotFound)]
    [InlineData("http://10.0..2/", (int)SocketError.HostNotFound)]
    [InlineData("http://a0.0.0.2/", (int)SocketError.HostNotFound)]
    public void A_location_by_address_is_followed_without_a_resolver(string location, int result)
    {
        ClientStreet street = new(c =>
        {
            c.Resolver = null;
            c.Redirects = 1;
        })
        {
            Says = n => n > 0 ? new Answer(Ok) : new Answer($"HTTP/1.1 302 X\r\nLocation: {location}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n") { Closes = true },
        };
        Assert.Equal(result, street.Fetch(new HttpRequest("GET", "http://10.0.0.2/", WordOrder.LowByteFirst)));
        street.AssertNothingLeaks();
    }

    [Theory]
    [InlineData("https://server.test/", HttpClientError.SchemeNotSupported)]
    [InlineData("mailto:x", HttpClientError.SchemeNotSupported)]
    [InlineData("http://", HttpClientError.InvalidUrl)]
    [InlineData("//x@server.test", HttpClientError.InvalidUrl)]
    [InlineData("/a b", HttpClientError.InvalidUrl)]
    [InlineData("/\u00ff", HttpClientError.InvalidUrl)]
    [InlineData("//0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789.test", HttpClientError.TooLong)]
    public void A_location_that_leads_nowhere_is_told(string location, HttpClientError error)
    {
        ClientStreet street = new(c => c.Redirects = 1) { Says = _ => new Answer($"HTTP/1.1 302 X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n") };
        Assert.Equal((int)error, street.Get());
        Assert.Single(street.Requests);
        street.AssertNothingLeaks();
    }

    [Fact]
    public void A_circle_has_an_end()
    {
        ClientStreet street = new(c => c.Redirects = 5) { Says = _ => new Answer("HTTP/1.1 302 X\r\nLocation: /\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n") };
        Assert.Equal((int)HttpClientError.TooManyRedirects, street.Get());
        Assert.Equal(6, street.Requests.Count);
        street.AssertNothingLeaks();
    }

    [Fact]
    public void Each_failure_has_words_of_its_own()
    {
        string[] words = [.. Enum.GetValues<HttpClientError>().Select(e => TcpIp.Http.HttpClient.Describe((int)e)), TcpIp.Http.HttpClient.Describe(-13)];
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.Contains("TLS", TcpIp.Http.HttpClient.Describe((int)HttpClientError.SchemeNotSupported));
        Assert.Equal(SocketErrorText.Of(SocketError.TimedOut), words[^1]);
    }
}
