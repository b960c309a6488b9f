// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Http;
using TcpIp.Sockets;
using Configuration = TcpIp.Http.HttpClientConfiguration;

namespace HostTests.Stack.HttpClients;

/// <summary>What the client asks, and what it makes of right answers, however they are cut into segments.</summary>
public sealed class HttpClientTests
{
    private static readonly int[] s_pieces = [int.MaxValue, 100, 7, 2, 1];

    [Fact]
    public void A_page_is_fetched()
    {
        ClientStreet street = new();
        Assert.Equal(200, street.Get("/a/b?c=d"));
        Assert.Equal("hello", street.Body);
        Assert.Equal(5, street.Client.ContentLength);
        Assert.Equal("GET /a/b?c=d HTTP/1.1\r\nHost: server.test\r\n\r\n", street.Requests.Single().Text);
        street.AssertNothingLeaks();
    }

    [Theory]
    [InlineData("GET", false, false)]
    [InlineData("HEAD", true, false)]
    [InlineData("DELETE", false, false)]
    [InlineData("DELETE", false, true)]
    [InlineData("POST", false, true)]
    [InlineData("PUT", false, true)]
    [InlineData("PATCH", false, true)]
    [InlineData("OPTIONS", false, false)]
    [InlineData("REPORT", false, true)]
    public void Each_method_is_sent_with_its_body(string method, bool isHead, bool hasBody)
    {
        ClientStreet street = new() { Says = _ => new Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + (isHead ? "" : "hello")) };
        HttpRequest request = street.Request(method, "/x", hasBody ? "text/plain" : null, "X-Key: 7\r\nAccept: */*\r\n");
        foreach (int length in new[] { 0, 1, 11, 5000, 4 })
        {
            byte[] body = Encoding.ASCII.GetBytes("--" + new string('b', length));
            Assert.Equal(hasBody ? 0 : (int)SocketError.OperationNotSupported, request.SetBody(body, 2, length));
            Assert.Equal(200, street.Fetch(request));
            Assert.Equal(isHead ? "" : "hello", street.Body);
            Assert.Equal(
                method + " /x HTTP/1.1\r\nHost: server.test\r\nX-Key: 7\r\nAccept: */*\r\n"
                + (hasBody ? "Content-Type: text/plain\r\nContent-Length: " + length.ToString().PadLeft(8) + "\r\n\r\n" + new string('b', length) : "\r\n"),
                street.Requests[^1].Text);
        }

        // all of them over one connection
        Assert.Equal(1u, street.Client.Counters.Connections);
        street.AssertNothingLeaks();
    }

    [Fact]
    public void A_post_without_a_body_says_so()
    {
        ClientStreet street = new();
        Assert.Equal(200, street.Fetch(street.Request("POST")));
        Assert.EndsWith("\r\nContent-Length:        0\r\n\r\n", street.Requests[0].Text);
    }

    public static TheoryData<string, string, int> Answers => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", 200 },
        { "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", "hello", 200 },
        { "HTTP/1.1 200 \r\ncontent-length:5 \t \r\n\r\nhello", "hello", 200 },
        { "HTTP/1.1 404 N\u00f6t found\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "hello", 404 },
        { "HTTP/1.1 500 X\r\nTransfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello", 500 },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b;c=\"d\"\r\nh\r\n00A;\t\r\nello world\r\n0;x\r\nTrailer: 1\r\nContent-Length: 7\r\n\r\n", "hello world", 200 },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", 200 },
        { "HTTP/1.1 204 No Content\r\n\r\n", "", 204 },
        { "HTTP/1.1 304 Not Modified\r\nContent-Length: 700\r\n\r\n", "", 304 },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", 200 },
        { "HTTP/1.1 200 OK\r\nServer: a\r\n b\r\n\tc\r\nContent-Length: 5\r\n\r\nhello", "hello", 200 },
        { "HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n", "", 200 },
        { "HTTP/1.1 301 Moved\r\nLocation: /other\r\nContent-Length: 2\r\n\r\nhi", "hi", 301 },
        { "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello", "hello", 200 },
        { "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("Connection: keep-alive\r\n", 100)) + "Content-Length: 5\r\n\r\nhello", "hello", 200 },
    };

    [Theory, MemberData(nameof(Answers))]
    public void A_right_answer_is_understood_however_it_is_cut(string text, string body, int status)
    {
        foreach (int piece in s_pieces)
        {
            ClientStreet street = new() { Says = _ => new Answer(text) { Piece = piece }, ReadSize = piece == 1 ? 1 : 4000 };
            Assert.Equal(status, street.Get());
            Assert.Equal(body, street.Body);
            Assert.Equal(0, street.LastRead);

            // and the next one finds its begin
            Assert.Equal(status, street.Get());
            Assert.Equal(body, street.Body);
            Assert.Equal(1u, street.Client.Counters.Connections);
            Assert.Equal(0u, street.Client.Counters.Failures);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    public void Where_the_server_closes_a_new_connection_is_made(string text, string body)
    {
        foreach (int piece in s_pieces)
        {
            ClientStreet street = new() { Says = _ => new Answer(text) { Closes = true, Piece = piece } };
            Assert.Equal(200, street.Get());
            Assert.Equal(body, street.Body);
            Assert.Equal(200, street.Get());
            Assert.Equal(body, street.Body);
            Assert.Equal(2u, street.Client.Counters.Connections);
            Assert.Equal(0u, street.Client.Counters.Retries);
            street.AssertNothingLeaks();
        }
    }

    [Fact]
    public void Fields_that_are_asked_for_are_kept()
    {
        ClientStreet street = new()
        {
            Says = _ => new Answer("HTTP/1.1 200 OK\r\nETAG:  \"a b\" \r\nX-Long: 1\r\n 2\r\nEtag: no\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n"),
        };
        int tag = street.Client.AskForField("ETag");
        int folded = street.Client.AskForField("x-long");
        int empty = street.Client.AskForField("X-Empty");
        int none = street.Client.AskForField("X-None");
        Assert.Equal(-1, street.Client.FieldLength(tag));
        Assert.Equal(200, street.Get());
        byte[] buffer = new byte[4];
        Assert.True(street.Client.FieldIs(tag, "\"a b\""));
        Assert.False(street.Client.FieldIs(tag, "\"a c\""));
        Assert.True(street.Client.FieldIs(folded, "1 2"));
        Assert.Equal(0, street.Client.FieldLength(empty));
        Assert.Equal(-1, street.Client.FieldLength(none));
        Assert.Equal(-1, street.Client.CopyField(none, buffer, 0));
        Assert.Equal(3, street.Client.CopyField(tag, buffer, 1));
        Assert.Equal("\0\"a ", Encoding.ASCII.GetString(buffer));
        Assert.Throws<ArgumentException>(() => street.Client.AskForField("Content-Length"));
        Assert.Throws<ArgumentException>(() => street.Client.AskForField("a b"));
        Assert.Throws<ArgumentException>(() => street.Client.AskForField(new string('a', 65)));
        int longest = street.Client.AskForField(new string('a', 64));
        street.Says = _ => new Answer("HTTP/1.1 200 OK\r\n" + new string('A', 65) + ": 65\r\n" + new string('a', 100) + ": 100\r\n" + new string('A', 64) + ": 64\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(200, street.Get());
        Assert.True(street.Client.FieldIs(longest, "64"));
    }

    [Fact]
    public void A_body_is_read_where_it_lies()
    {
        string body = string.Concat(Enumerable.Range(0, 3000).Select(i => (char)('a' + (i % 26))));
        ClientStreet street = new()
        {
            Reads = false,
            Says = _ => new Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Chunks(body, 700) + "0\r\n\r\n"),
        };
        Assert.Equal(0, street.Client.Begin(street.Request("GET")));
        ReceivedView view = new();
        StringBuilder seen = new();
        street.Run(60_000, () =>
        {
            int count = street.Client.Peek(view);
            while (count > 0)
            {
                int some = Math.Min(count, 301);
                seen.Append(string.Concat(Enumerable.Range(0, some).Select(i => (char)view.GetByte(i))));
                Assert.Equal((int)SocketError.InvalidArgument, street.Client.Consume(count + 1));
                Assert.Equal(0, street.Client.Consume(some));
                count = street.Client.Peek(view);
            }

            Assert.Equal(count == 0, street.Client.NeedsPoll);
            return count == 0;
        });
        Assert.Equal(body, seen.ToString());
        Assert.Equal(HttpClientState.Done, street.Client.State);
        street.AssertNothingLeaks();
    }

    [Fact]
    public void What_stands_between_chunks_is_bounded_each_time_not_over_all()
    {
        string body = new('c', 3000);
        ClientStreet street = new() { Says = _ => new Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Chunks(body, 1) + "0\r\n\r\n") };
        Assert.Equal(200, street.Get());
        Assert.Equal(body, street.Body);
    }

    [Theory]
    [InlineData("hell0")]
    [InlineData("")]
    public void What_is_left_unread_does_not_become_the_next_answer(string come)
    {
        ClientStreet street = new() { Reads = false, Says = n => new Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + (n == 0 ? come : "hell1")) };
        Assert.Equal(0, street.Client.Begin(street.Request("GET")));
        street.Run(1000);
        Assert.Equal(HttpClientState.Answering, street.Client.State);
        street.Reads = true;
        Assert.Equal(200, street.Get());
        Assert.Equal("hell1", street.Body);
        Assert.Equal(2u, street.Client.Counters.Connections);
        street.AssertNothingLeaks();
    }

    [Fact]
    public void A_request_can_have_another_target_each_time()
    {
        ClientStreet street = new();
        HttpRequest request = new("POST", "http://server.test/none", "text/plain", "X: 1\r\n", WordOrder.LowByteFirst);
        byte[] body = Encoding.ASCII.GetBytes("abc");
        Assert.Equal(0, request.SetBody(body, 0, 3));
        byte[] target = Encoding.ASCII.GetBytes("  /set?value=1234567890#no");
        Assert.Equal(0, street.Client.Begin(request, target, 2, target.Length - 2));
        street.Run(1000);
        Assert.Equal(200, street.Client.Result);
        Assert.Equal("POST /set?value=1234567890 HTTP/1.1\r\nHost: server.test\r\nX: 1\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc", street.Requests[0].Text);
        Assert.Equal((int)HttpClientError.InvalidUrl, street.Client.Begin(request, target, 1, 5));
        Assert.Equal((int)HttpClientError.InvalidUrl, street.Client.Begin(request, Encoding.ASCII.GetBytes("/a b"), 0, 4));
        Assert.Equal((int)HttpClientError.InvalidUrl, street.Client.Begin(request, Encoding.ASCII.GetBytes("/\r\nX: y"), 0, 7));
        Assert.Equal((int)HttpClientError.TooLong, street.Client.Begin(request, Encoding.ASCII.GetBytes("/" + new string('a', 300)), 0, 301));
        Assert.Equal((int)SocketError.InvalidArgument, street.Client.Begin(request, target, 20, 10));
        request = new("POST", "http://server.test/none", "text/plain", "X: " + new string('x', 500) + "\r\n", WordOrder.LowByteFirst);
        Assert.Equal((int)HttpClientError.TooLong, street.Client.Begin(request, target, 2, target.Length - 2));
        Assert.Equal(200, street.Get());
        street.AssertNothingLeaks();
    }

    [Fact]
    public void Requests_allocate_nothing()
    {
        ClientStreet street = new(c => c.Redirects = 2)
        {
            Says = n => n % 3 == 0
                ? new Answer("HTTP/1.1 302 Found\r\nLocation: ../b\r\nContent-Length: 2\r\n\r\nno")
                : new Answer((n % 5 == 0 ? "HTTP/1.1 200 OK\r\nConnection: close\r\n" : "HTTP/1.1 200 OK\r\nServer: x\r\n") + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n") { Closes = n % 5 == 0 },
        };
        HttpRequest request = street.Request("POST", "/a/", "text/plain");
        request.SetBody(new byte[100], 0, 100);
        street.Names.IsSlow = false;
        street.Fetch(request);
        street.Fetch(request);
        long before = street.Allocated;
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(200, street.Fetch(request));
            Assert.Equal("hello", street.Body);
        }

        Assert.Equal(0, street.Allocated - before);
    }

    [Fact]
    public void Lost_frames_change_nothing()
    {
        string body = new('x', 20_000);
        ClientStreet street = new(c => c.TotalTimeout = 1_000_000, loss: 0.1)
        {
            Says = _ => new Answer("HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + body) { Piece = 1000 },
        };
        HttpRequest request = street.Request("PUT");
        request.SetBody(new byte[5000], 0, 5000);
        Assert.Equal(200, street.Fetch(request));
        Assert.Equal(body, street.Body);
        Assert.Equal(5000, street.Requests[0].Text.Length - street.Requests[0].Text.IndexOf("\r\n\r\n") - 4);
    }

    [Theory]
    [InlineData("GET", "https://server.test/", "no TLS")]
    [InlineData("GET", "ftp://server.test/", "Only http://")]
    [InlineData("GET", "server.test/", "no URL")]
    [InlineData("GET", "http:///x", "no URL")]
    [InlineData("GET", "http://user@server.test/", "no URL")]
    [InlineData("GET", "http://[::1]/", "no URL")]
    [InlineData("GET", "http://a:70000/", "no URL")]
    [InlineData("GET", "http://a:/ /", "no URL")]
    [InlineData("GET", "http://a/\u00f6", "no URL")]
    [InlineData("GE T", "http://a/", "no method")]
    [InlineData("", "http://a/", "no method")]
    [InlineData("CONNECT", "http://a/", "no method")]
    public void What_cannot_be_asked_is_refused_when_the_request_is_made(string method, string url, string why)
    {
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => new HttpRequest(method, url, WordOrder.LowByteFirst)).Message);
    }

    [Theory]
    [InlineData("Host: x\r\n")]
    [InlineData("A: b\r\ncontent-LENGTH: 3\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n")]
    [InlineData("Connection: close\r\n")]
    [InlineData("A: b")]
    [InlineData("A: b\n")]
    [InlineData("A b\r\n")]
    [InlineData("A : b\r\n")]
    [InlineData(": b\r\n")]
    [InlineData("A: b\r\n\r\nGET")]
    [InlineData("A: b\0\r\n")]
    [InlineData("A: \u20ac\r\n")]
    public void Fields_that_are_none_or_the_clients_own_are_refused(string fields)
    {
        Assert.Throws<ArgumentException>(() => new HttpRequest("GET", "http://a/", null!, fields, WordOrder.LowByteFirst));
    }

    [Theory]
    [InlineData("http://SERVER.test", "/", "server.test")]
    [InlineData("HTTP://server.test:80?a", "/?a", "server.test")]
    [InlineData("http://server.test:/a#b", "/a", "server.test")]
    [InlineData("http://server.test/a/./b/../c/..", "/a/", "server.test")]
    [InlineData("http://server.test/../..//a/.?b/../c", "//a/?b/../c", "server.test")]
    [InlineData("http://server.test:8080/", "/", "server.test:8080")]
    public void A_url_is_asked_for_in_its_normal_form(string url, string target, string host)
    {
        ClientStreet street = new(port: url.Contains("8080") ? 8080 : 80);
        Assert.Equal(200, street.Fetch(new HttpRequest("GET", url, WordOrder.LowByteFirst)));
        Assert.Equal($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n", street.Requests[0].Text);
    }

    [Fact]
    public void An_address_needs_no_names()
    {
        ClientStreet street = new(c => c.Resolver = null);
        Assert.Equal(200, street.Fetch(new HttpRequest("GET", "http://10.0.0.2/x", WordOrder.LowByteFirst)));
        Assert.Equal((int)SocketError.HostNotFound, street.Get());
        Assert.Equal(200, street.Fetch(new HttpRequest("GET", "http://10.0.0.2/x", WordOrder.LowByteFirst)));
    }

    [Fact]
    public void A_configuration_out_of_range_is_named()
    {
        ClientStreet street = new();
        (string, Configuration)[] bad =
        [
            ("Redirects", new() { Redirects = 21 }), ("UrlBytes", new() { UrlBytes = 63 }), ("FieldBytes", new() { FieldBytes = 31 }),
            ("HeaderBytes", new() { HeaderBytes = 255 }), ("Timeout", new() { Timeout = 99 }), ("TotalTimeout", new() { TotalTimeout = 86400001 }),
            ("IdleTimeout", new() { IdleTimeout = -1 }),
        ];
        Assert.All(bad, b => Assert.Equal(b.Item1, Assert.Throws<ArgumentOutOfRangeException>(() => new TcpIp.Http.HttpClient(street.Stack, b.Item2)).ParamName));
        Assert.Equal("stack", Assert.Throws<ArgumentNullException>(() => new TcpIp.Http.HttpClient(null!, new())).ParamName);
        Assert.Equal("configuration", Assert.Throws<ArgumentNullException>(() => new TcpIp.Http.HttpClient(street.Stack, null!)).ParamName);
    }

    internal static string Chunks(string body, int size)
    {
        return string.Concat(body.Chunk(size).Select(c => c.Length.ToString("x") + "\r\n" + new string(c) + "\r\n"));
    }
}
