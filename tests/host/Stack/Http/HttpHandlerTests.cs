// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using System.Text.RegularExpressions;
using TcpIp.Http;

namespace HostTests.Stack.Http;

/// <summary>Handlers, bodies, long answers, events: what the web server does beside pages, over real segments.</summary>
public sealed class HttpHandlerTests : StackTest
{
    private const string End = " HTTP/1.1\r\nHost: board\r\n\r\n";

    private readonly byte[] _buffer = new byte[100];
    private readonly List<string> _seen = [];
    private int _port = 50000;
    private HttpServer _server = null!;
    private HttpEvents _events = null!;
    private int _token;

    [Theory, BothOrders]
    public void A_handler_answers_with_what_it_writes(WordOrder order)
    {
        TestNetwork net = Serve(order);
        TestBrowser browser = Open(net).Get("GET /hello" + End);
        Assert.StartsWith("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nCache-Control: no-store\r\nContent-Type: text/plain", browser.Header);
        Assert.Equal("hello 21 \u00C2\u00B0C \u00E2\u0082\u00AC \u00F0\u009F\u0098\u0080 -7\n", browser.Body);
        Assert.Equal(browser.Body.Length, browser.ContentLength);
        TestBrowser head = Open(net).Get("HEAD /hello" + End);
        Assert.Equal(browser.Header, head.Received);
    }

    [Theory]
    [InlineData("GET /api/led/3" + End, "led 3")]
    [InlineData("GET /api/led/a%2Fb%20c" + End, "led a/b c")]
    [InlineData("GET /api/./x/../led/%33?x=1" + End, "led 3")]
    [InlineData("GET /%61pi/led/3" + End, "led 3")]
    [InlineData("POST /api/led/7 HTTP/1.1\r\nHost: b\r\nContent-Length: 4\r\n\r\non=1", "set 7 1")]
    [InlineData("POST /api/led/7 HTTP/1.1\r\nHost: b\r\nContent-Length: 17\r\n\r\nx=on%3D5&o%6E=%31", "set 7 1")]
    [InlineData("POST /api/led/7 HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n2;e=f\r\non\r\n02\r\n=0\r\n0\r\nTrailer: x\r\n\r\n", "set 7 0")]
    [InlineData("GET /query?a=b&name=J%C3%B6rg+x&c" + End, "query J\u00C3\u00B6rg x")]
    [InlineData("GET /query?nam=x&names=y" + End, "query -")]
    [InlineData("GET /query?name" + End, "query ")]
    [InlineData("GET /query" + End, "query -")]
    [InlineData("GET /field HTTP/1.1\r\nHost: b\r\nX-TOKEN:\t abc \t\r\n\r\n", "field abc")]
    [InlineData("GET /field" + End, "field -")]
    [InlineData("DELETE /api/led/1" + End, "gone")]
    [InlineData("GET http://board:80/hello HTTP/1.1\r\nHost: other\r\n\r\n", "hello")]
    [InlineData("GET HTTP://board/api/led/4 HTTP/1.1\r\nHost: other\r\n\r\n", "led 4")]
    public void A_handler_is_told_what_was_asked(string request, string answer)
    {
        TestNetwork net = Serve();
        for (int segment = request.Length; segment >= 1; segment = segment > 7 ? segment / 2 : segment - 1)
        {
            TestBrowser browser = Open(net).Get(request, segment);
            Assert.Equal("200", browser.Status);
            Assert.StartsWith(answer, browser.Body);
            net.Advance(61_000);
        }
    }

    [Theory]
    [InlineData("GET /none" + End, "404")]
    [InlineData("PUT /api/led/3 HTTP/1.1\r\nHost: b\r\nContent-Length: 0\r\n\r\n", "405")]
    [InlineData("POST /api/led/3" + End, "411")]
    [InlineData("POST /api/led/3 HTTP/1.1\r\nHost: b\r\nContent-Length: 1000\r\n\r\n", "413")]
    [InlineData("POST /api/led/3 HTTP/1.1\r\nHost: b\r\nContent-Length: 99999999999\r\n\r\n", "413")]
    [InlineData("POST /form HTTP/1.1\r\nHost: b\r\nContent-Length: 2\r\n\r\na=", "415")]
    [InlineData("POST /form HTTP/1.1\r\nHost: b\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\na=", "415")]
    [InlineData("POST /api/led/3 HTTP/1.1\r\nHost: b\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\na=", "415")]
    [InlineData("POST /api/led/3 HTTP/1.1\r\nHost: b\r\nExpect: 200-ok\r\nContent-Length: 2\r\n\r\na=", "417")]
    [InlineData("GET /secret" + End, "401")]
    [InlineData("GET /secret HTTP/1.1\r\nHost: b\r\nAuthorization: Basic QWxhZGRpbjpPcGVuU2VzYW1l\r\n\r\n", "401")]
    [InlineData("GET /secret HTTP/1.1\r\nHost: b\r\nAuthorization: bAsIc QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n", "200")]
    [InlineData("GET /throws" + End, "500")]
    [InlineData("GET /throws-later" + End, "500")]
    [InlineData("GET /field HTTP/1.1\r\nHost: b\r\nX-Token: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n", "431")]
    [InlineData("OPTIONS /api/led/3" + End, "204")]
    [InlineData("OPTIONS *" + End, "204")]
    [InlineData("GET /style.css HTTP/1.1\r\nHost: b\r\nIf-None-Match: \"x\", *\r\n\r\n", "200")]
    [InlineData("GET /style.css HTTP/1.1\r\nHost: b\r\nIf-None-Match: *\r\n\r\n", "304")]
    [InlineData("GET http:///hello HTTP/1.1\r\nHost: b\r\n\r\n", "400")]
    [InlineData("GET ftp://b/hello HTTP/1.1\r\nHost: b\r\n\r\n", "400")]
    [InlineData("GET http://u@b/hello HTTP/1.1\r\nHost: b\r\n\r\n", "400")]
    [InlineData("GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", "400")]
    [InlineData("GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", "400")]
    [InlineData("GET /hello HTTP/1.1\r\nHost: a:b\r\n\r\n", "400")]
    [InlineData("GET /he%zzllo" + End, "400")]
    [InlineData("GET /hello#x" + End, "400")]
    public void Each_status_is_given_where_it_is_due(string request, string status)
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net).Get(request);
        Assert.Equal(status, browser.Status);
        if (status[0] is '4' or '5')
        {
            Assert.StartsWith(status, browser.Body);
            TestBrowser head = Open(net).Get("HEAD" + request[request.IndexOf(' ')..]);
            Assert.EndsWith("\r\n\r\n", head.Received);
        }

        Assert.Equal("200", Open(net).Get("GET /hello" + End).Status);
    }

    [Theory]
    [InlineData("GET http://board?x HTTP/1.1\r\nHost: b\r\n\r\n")]
    [InlineData("GET http://board HTTP/1.1\r\nHost: b\r\n\r\n")]
    [InlineData("GET http://board?x=/y HTTP/1.1\r\nHost: b\r\n\r\n")]
    public void An_empty_path_of_an_address_is_the_root(string request)
    {
        TestNetwork net = Serve();
        Assert.Equal("200", Open(net).Get(request).Status);
    }

    /// <summary>What two readers could read in two ways is refused, and the connection ends: what is behind it is never a request.</summary>
    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("Content-Length: 5, 5\r\n\r\nhello")]
    [InlineData("Content-Length: +5\r\n\r\nhello")]
    [InlineData("Content-Length: -5\r\n\r\nhello")]
    [InlineData("Content-Length: 0x5\r\n\r\nhello")]
    [InlineData("Content-Length: 5 5\r\n\r\nhello")]
    [InlineData("Content-Length:\r\n\r\nhello")]
    [InlineData("Content-Length : 5\r\n\r\nhello")]
    [InlineData(" Content-Length: 5\r\n\r\nhello")]
    [InlineData("X: y\r\n Content-Length: 5\r\n\r\nhello")]
    [InlineData("X: y\rContent-Length: 5\r\n\r\nhello")]
    [InlineData("X: y\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("Content-Length: 5\r\n\nhello")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding:\u000Bchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n100000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nffffffff\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5;\rx\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n;\r\nhello\r\n0\r\n\r\n")]
    [InlineData("content-LENGTH: 5\r\nContent-length: 6\r\n\r\nhello")]
    [InlineData("Content-Length: 5\0\r\n\r\nhello")]
    [InlineData("Content-Length: 5;\r\n\r\nhello")]
    [InlineData("Content-Length: 5.0\r\n\r\nhello")]
    [InlineData("Content-Length: 5_0\r\n\r\nhello")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\nhello")]
    [InlineData("Content-Length: 18446744073709551621\r\n\r\nhello")]
    [InlineData("Content-Length: 4294967301\r\n\r\nhello")]
    [InlineData("Content-Length\0: 5\r\n\r\nhello")]
    [InlineData("Content-Length\u00A0: 5\r\n\r\nhello")]
    [InlineData("\u00EF\u00BB\u00BFContent-Length: 5\r\n\r\nhello")]
    [InlineData("Content-Length: \u00B2\r\n\r\nhello")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: identity\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chun\r\n ked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5_0\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\0\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\n X: y\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\nX : y\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\nno field\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\r\n\r\n")]
    [InlineData("Host: c\r\nContent-Length: 5\r\n\r\nhello")]
    public void No_request_is_smuggled(string fields)
    {
        foreach (int segment in new[] { 1000, 1, 3 })
        {
            TestNetwork net = Serve();
            _seen.Clear();
            TestBrowser browser = Open(net);
            browser.Send("POST /echo HTTP/1.1\r\nHost: b\r\n" + fields + "GET /smuggled" + End, segment);
            net.Advance(20_000);
            browser.Pump();
            Assert.DoesNotContain("smuggled", _seen);
            Assert.True(browser.Ended || browser.WasReset);
            Assert.True(browser.WasReset || Regex.IsMatch(browser.Received, "^HTTP/1.1 (4|501)"), browser.Received);
            Assert.True(segment < 1000 || !browser.WasReset);
            if (!browser.WasReset)
            {
                browser.Close();
            }

            Assert.Equal(0, _server.Clients);
        }
    }

    /// <summary>Of a line of a request, too, all readers must read the same, or nothing that follows it.</summary>
    [Theory]
    [InlineData("GET  /hello HTTP/1.1\r\n")]
    [InlineData("GET /hello  HTTP/1.1\r\n")]
    [InlineData("GET /hello HTTP/1.1 \r\n")]
    [InlineData("GET\t/hello\tHTTP/1.1\r\n")]
    [InlineData("GET /hello\u000BHTTP/1.1\r\n")]
    [InlineData("GET /hello\u000CHTTP/1.1\r\n")]
    [InlineData("GET /hello\u00A0HTTP/1.1\r\n")]
    [InlineData("GET /hello HTTP/01.1\r\n")]
    [InlineData("GET /hello HTTP/1.10\r\n")]
    [InlineData("GET /hello HTTP/1.1x\r\n")]
    [InlineData("GET /hello HTTP/1,1\r\n")]
    [InlineData("GET /hello HTTP/+1.1\r\n")]
    [InlineData("GET /hello http/1.1\r\n")]
    [InlineData("GET /hello HTTP/1.1\r\r\n")]
    [InlineData("GET /hello HTTP\r\n")]
    [InlineData("GET /hello\r\n")]
    [InlineData(" GET /hello HTTP/1.1\r\n")]
    [InlineData("\r\n GET /hello HTTP/1.1\r\n")]
    [InlineData("G\0ET /hello HTTP/1.1\r\n")]
    [InlineData("GET: /hello HTTP/1.1\r\n")]
    [InlineData("GET /hel\0lo HTTP/1.1\r\n")]
    [InlineData("GET /hel lo HTTP/1.1\r\n")]
    [InlineData("GET \\hello HTTP/1.1\r\n")]
    [InlineData("GET hello HTTP/1.1\r\n")]
    [InlineData("GET //b/hello HTTP/2.0\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n")]
    public void A_line_that_could_be_read_in_two_ways_ends_the_connection(string line)
    {
        foreach (int segment in new[] { 1000, 1, 3 })
        {
            TestNetwork net = Serve();
            _seen.Clear();
            TestBrowser browser = Open(net);
            browser.Send(line + "Host: b\r\n\r\nGET /smuggled" + End, segment);
            net.Advance(20_000);
            browser.Pump();
            Assert.Empty(_seen);
            Assert.True(browser.Ended || browser.WasReset);
            Assert.True(browser.WasReset || Regex.IsMatch(browser.Received, "^HTTP/1.1 (400|501|505)"), browser.Received);
            if (!browser.WasReset)
            {
                browser.Close();
            }

            Assert.Equal(0, _server.Clients);
        }
    }

    [Fact]
    public void A_bare_line_feed_is_borne_but_nothing_follows()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net).Send("GET /hello HTTP/1.1\nHost: b\n\nGET /smuggled" + End);
        net.Advance(10);
        Assert.Equal("200", browser.Pump().Status);
        Assert.Contains("\r\nConnection: close     \r\n", browser.Header);
        Assert.True(browser.Ended);
        Assert.DoesNotContain("smuggled", _seen);
        browser.Close();
    }

    [Theory, BothOrders]
    public void A_body_of_any_length_streams_through_a_handler(WordOrder order)
    {
        TestNetwork net = Serve(order);
        string body = string.Concat(Enumerable.Range(0, 1500).Select(i => i.ToString("000000") + "\n"));
        TestBrowser counted = Open(net).Get($"POST /echo HTTP/1.1\r\nHost: b\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Assert.Equal(body, counted.Body);
        Assert.Equal(body.Length, counted.ContentLength);
        string chunks = string.Concat(body.Chunk(777).Select(c => c.Length.ToString("x") + "\r\n" + new string(c) + "\r\n")) + "0\r\n\r\n";
        TestBrowser chunked = Open(net).Get($"POST /echo HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        Assert.Contains("\r\nTransfer-Encoding: chunked\r\n", chunked.Header);
        Assert.Equal(body, Unchunk(chunked.Body));
    }

    [Theory, BothOrders]
    public void An_answer_of_any_length_goes_in_chunks(WordOrder order)
    {
        TestNetwork net = Serve(order);
        string expected = string.Concat(Enumerable.Range(0, 3000).Select(i => "line " + i + "\n"));
        TestBrowser browser = Open(net).Get("GET /long" + End);
        Assert.Equal(expected, Unchunk(browser.Body));
        Assert.EndsWith("\r\n\r\n", Open(net).Get("HEAD /long" + End).Received);

        // who does not know chunks gets it up to the end of the connection
        TestBrowser old = Open(net).Get("GET /long HTTP/1.0\r\n\r\n");
        Assert.Equal(expected, old.Body);
        Assert.DoesNotContain("chunked", old.Header);
        Assert.Contains("Connection: close", old.Header);
    }

    [Fact]
    public void A_form_is_read_name_by_name()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net).Get(
            "POST /form HTTP/1.1\r\nHost: b\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: 30\r\n\r\na=1&b=x+y%26z&c&=d&e%3D=%C3%B6");
        Assert.Equal("a=1\nb=x y&z\nc=\n=d\ne==\u00C3\u00B6\n", browser.Body);
    }

    [Fact]
    public void Ten_requests_are_answered_on_one_connection()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net);
        for (int i = 0; i < 10; i++)
        {
            browser.Send(i % 2 == 0 ? "GET /hello" + End : "POST /api/led/7 HTTP/1.1\r\nHost: b\r\nContent-Length: 4\r\n\r\non=1");
            net.Advance(10);
            browser.Pump();
            Assert.Equal(i + 1, Regex.Count(browser.Received, "HTTP/1.1 200 OK"));
        }

        Assert.False(browser.Ended);
        Assert.Equal(1u, _server.Counters.Connections);
        net.Advance(10_100);
        browser.Pump();
        Assert.True(browser.Ended);
        Assert.DoesNotContain("408", browser.Received);
        Assert.Equal(0u, _server.Counters.TimedOut);
        browser.Close();
    }

    [Fact]
    public void A_client_that_waits_to_be_asked_for_its_body_is_asked_or_refused()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net);
        browser.Send("POST /api/led/7 HTTP/1.1\r\nHost: b\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", browser.Received);
        browser.Send("on=1");
        Assert.Contains("HTTP/1.1 200 OK\r\n", browser.Received);
        browser.Close();

        TestBrowser refused = Open(net);
        refused.Send("POST /none HTTP/1.1\r\nHost: b\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
        Assert.Equal("404", refused.Status);
        Assert.True(refused.Ended);
        refused.Close();
    }

    [Fact]
    public void Content_that_a_client_has_is_not_sent_again()
    {
        TestNetwork net = Serve();
        TestBrowser first = Open(net).Get("GET /style.css" + End);
        Assert.Equal("body{color:\u00C3\u00B6}", first.Body);
        string tag = Regex.Match(first.Header, "ETag: (\"[0-9a-f]{8}\")\r\n").Groups[1].Value;
        TestBrowser again = Open(net).Get($"GET /style.css HTTP/1.1\r\nHost: b\r\nIf-None-Match: \"0\", {tag}\r\n\r\n");
        Assert.Equal("304", again.Status);
        Assert.Contains("ETag: " + tag, again.Header);
        Assert.DoesNotContain("Content-", again.Header);
    }

    [Fact]
    public void Scripts_of_other_sites_may_ask_where_it_is_allowed()
    {
        TestNetwork net = Serve();
        TestBrowser preflight = Open(net).Get("OPTIONS /open HTTP/1.1\r\nHost: b\r\nOrigin: http://x\r\nAccess-Control-Request-Method: GET\r\n\r\n");
        Assert.Equal("204", preflight.Status);
        Assert.Contains("Access-Control-Allow-Origin: *", preflight.Header);
        Assert.Contains("Access-Control-Allow-Methods: ", preflight.Header);
        Assert.Contains("Access-Control-Allow-Origin: *", Open(net).Get("GET /open" + End).Header);
        Assert.DoesNotContain("Access-Control", Open(net).Get("GET /hello" + End).Header);
    }

    [Fact]
    public void With_names_of_its_own_a_server_answers_to_no_other()
    {
        TestNetwork net = Serve();
        _server.AnswerTo("Board.local");
        _server.AnswerTo("10.0.0.1");
        foreach (string host in new[] { "board.LOCAL", "board.local:80", "10.0.0.1" })
        {
            Assert.Equal("200", Open(net).Get($"GET /hello HTTP/1.1\r\nHost: {host}\r\n\r\n").Status);
            Assert.Equal("200", Open(net).Get($"GET http://{host}/hello HTTP/1.1\r\nHost: evil\r\n\r\n").Status);
        }

        Assert.Equal("421", Open(net).Get("GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n").Status);
        Assert.Equal("421", Open(net).Get("GET / HTTP/1.1\r\nHost: board.local.evil\r\n\r\n").Status);
        Assert.Equal("421", Open(net).Get("GET http://evil/ HTTP/1.1\r\nHost: board.local\r\n\r\n").Status);
        Assert.Equal("200", Open(net).Get("GET / HTTP/1.0\r\n\r\n").Status);
    }

    [Fact]
    public void Ends_of_names_addresses_and_the_networks_domain_are_ours_where_it_is_said_so()
    {
        TestNetwork net = Serve();
        _server.AnswerTo(".Local");
        _server.AnswerTo("board");
        string Ask(string host) => Open(net).Get($"GET /hello HTTP/1.1\r\nHost: {host}\r\n\r\n").Status;
        string[] ours = ["board-2.LOCAL", "a.b.local:80", "board", "BOARD.", "x.local."];
        string[] others = ["local", "xlocal", ".locale", "board.local.evil", "board2", "aboard", ".", "", "1.2.3.4", "board.lan"];
        Assert.All(ours, host => Assert.Equal("200", Ask(host)));
        Assert.All(others, host => Assert.Equal("421", Ask(host)));

        _server.AnswerToAddresses();
        Assert.All(["1.2.3.4", "192.168.1.50:8080", "127.0.0.1"], host => Assert.Equal("200", Ask(host)));
        Assert.All(["1.2.3", "1.2.3.4.5", "1.2.3.a", "1.2.3.4.com", "[::1]", "12345"], host => Assert.Equal("421", Ask(host)));

        byte[] domain = System.Text.Encoding.ASCII.GetBytes("home.Arpa...");
        _server.SetDomain(domain, 9);
        Assert.All(["board.home.arpa", "Board.HOME.Arpa.", "board:80"], host => Assert.Equal("200", Ask(host)));
        Assert.All(["home.arpa", "boardhome.arpa", "board-home.arpa", "board.home.arpb", "boards.home.arpa", "evil.home.arpa", "board.board.home.arpa"], host => Assert.Equal("421", Ask(host)));
        _server.SetDomain(domain, 0);
        Assert.Equal("421", Ask("board.home.arpa"));
    }

    [Fact]
    public void While_somebody_waits_an_answer_says_that_it_is_the_last_on_its_connection()
    {
        TestNetwork net = Serve();
        TestBrowser[] slow = [Open(net).Send("GET /"), Open(net).Send("GET /"), Open(net).Send("GET /")];
        TestBrowser browser = Open(net);
        Assert.DoesNotContain("Connection: close", browser.Send("GET /hello" + End).Header);
        TestBrowser next = Open(net).Send("GET /hello" + End);
        Assert.Contains("Connection: close", browser.Send("GET /hello" + End).Pump().Received);
        browser.Close();
        net.Advance(10);
        Assert.Equal("200", next.Pump().Status);

        // nobody waits any more
        Assert.DoesNotContain("Connection: close", slow[0].Send("hello" + End).Pump().Received);
    }

    [Theory, BothOrders]
    public void Viewers_get_each_event_and_leave_their_places(WordOrder order)
    {
        TestNetwork net = Serve(order);
        TestBrowser[] viewers = [Open(net), Open(net)];
        foreach (TestBrowser viewer in viewers)
        {
            viewer.Send("GET /events" + End);
            Assert.Contains("\r\nContent-Type: text/event-stream\r\n", viewer.Header);
            Assert.Equal("data:     0\n\n", viewer.Body);
        }

        Assert.Equal(2, _events.Viewers);
        Assert.Equal("503", Open(net).Get("GET /events" + End).Status);
        _events.Message.WriteDecimal(5, 6, 17);
        _events.Publish();
        net.Advance(10);
        Assert.All(viewers, v => Assert.Equal("data:     0\n\ndata:    17\n\n", v.Pump().Body));

        // one leaves, one is gone: it acknowledges nothing
        viewers[0].Close();
        net.Advance(10);
        Assert.Equal(1, _events.Viewers);
        net.Advance(31_000);
        net.Advance(31_000);
        Assert.Equal(0, _events.Viewers);
        Assert.Equal(0, _server.Clients);
        Assert.Equal("200", Open(net).Get("GET /hello" + End).Status);
    }

    [Fact]
    public void A_viewer_hears_something_each_quarter_of_a_minute()
    {
        TestNetwork net = Serve();
        TestBrowser viewer = Open(net).Send("GET /events" + End);
        net.Advance(15_100);
        Assert.EndsWith("\n\n:\n\n\n", viewer.Pump().Body);
        viewer.Close();
    }

    [Fact]
    public void What_a_handler_throws_is_counted()
    {
        TestNetwork net = Serve();
        Open(net).Get("GET /throws" + End);
        Open(net).Get("GET /throws-later" + End);
        Assert.Equal(2u, _server.Counters.HandlerFailures);
        TestBrowser late = Open(net).Send("GET /throws-too-late" + End);
        net.Advance(10);
        Assert.True(late.Pump().WasReset);
        Assert.Equal(3u, _server.Counters.HandlerFailures);
        Assert.Equal(0, _server.Clients);
    }

    [Theory, BothOrders]
    public void Handlers_allocate_nothing(WordOrder order)
    {
        TestNetwork net = Serve(order);
        net.Interface.WarmUp();
        string[] requests =
        [
            "GET /hello" + End, "HEAD /hello" + End, "GET /none" + End, "OPTIONS /open" + End, "GET /query?name=x" + End, "GET /secret" + End,
            "POST /api/led/7 HTTP/1.1\r\nHost: b\r\nContent-Length: 4\r\n\r\non=1",
            "POST /echo HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET /style.css HTTP/1.1\r\nHost: b\r\nIf-None-Match: *\r\n\r\n", "GET /long" + End, "bad\r\n",
        ];
        long before = 0;
        for (int i = 0; i < 4 * requests.Length; i++)
        {
            before = i == 2 * requests.Length ? net.AllocatedInPoll : before;
            Open(net).Get(requests[i % requests.Length]);
            net.Advance(61_000);
        }

        Assert.Equal(0, net.AllocatedInPoll - before);
    }

    private static string Unchunk(string body)
    {
        StringBuilder text = new();
        int at = 0;
        while (true)
        {
            int line = body.IndexOf("\r\n", at, StringComparison.Ordinal);
            int size = Convert.ToInt32(body[at..line], 16);
            if (size == 0)
            {
                Assert.Equal("\r\n\r\n", body[line..]);
                return text.ToString();
            }

            text.Append(body, line + 2, size);
            Assert.Equal("\r\n", body.Substring(line + 2 + size, 2));
            at = line + 4 + size;
        }
    }

    private TestBrowser Open(TestNetwork net) => new(net, _port++);

    private TestNetwork Serve(WordOrder order = WordOrder.LowByteFirst)
    {
        TestNetwork net = Begin(order, c => c.TcpSockets = 20);
        _server = new HttpServer(net.Sockets, order, 80, new HttpLimits { Connections = 4, Viewers = 2 });
        _token = _server.AskForField("X-Token");
        _server.SetCredentials("Aladdin", "open sesame");
        _server.Add(new TestPage("/", 300, order));
        _server.Add(new HttpDocument("/style.css", "text/css; charset=utf-8", "body{color:\u00F6}", order));
        _server.Add(HttpMethods.Get, "/hello", Hello, HttpOptions.None);
        _server.Add(HttpMethods.Get, "/open", Hello, HttpOptions.CrossOrigin);
        _server.Add(HttpMethods.Get, "/secret", Hello, HttpOptions.Protected);
        _server.Add(HttpMethods.Get, "/api/led/{id}", ShowLed, HttpOptions.None);
        _server.Add(HttpMethods.Post, "/api/led/{id}", SetLed, HttpOptions.None);
        _server.Add(HttpMethods.Delete, "/api/led/{id}", c => c.Write("gone"), HttpOptions.None);
        _server.Add(HttpMethods.Get, "/query", Query, HttpOptions.None);
        _server.Add(HttpMethods.Get, "/field", Field, HttpOptions.None);
        _server.Add(HttpMethods.Get, "/long", Long, HttpOptions.None);
        _server.Add(HttpMethods.Post | HttpMethods.Put, "/echo", Echo, HttpOptions.StreamsBody);
        _server.Add(HttpMethods.Post, "/form", Form, HttpOptions.Form);
        _server.Add(HttpMethods.Get, "/smuggled", _ => _seen.Add("smuggled"), HttpOptions.None);
        _server.Add(HttpMethods.Get, "/throws", _ => throw new InvalidOperationException(), HttpOptions.None);
        _server.Add(HttpMethods.Get, "/throws-later", c => { c.Write("x"); throw new InvalidOperationException(); }, HttpOptions.None);
        _server.Add(HttpMethods.Get, "/throws-too-late", ThrowTooLate, HttpOptions.None);
        _events = new HttpEvents("/events", new WordBuffer("data:     0\n\n", order));
        _server.Add(_events);
        net.Application = _server.Poll;
        return net;
    }

    private static void Hello(HttpContext context)
    {
        context.Write("hello 21 \u00B0C \u20AC \U0001F600 ");
        context.WriteDecimal(-7);
        context.WriteByte('\n');
    }

    private static void ShowLed(HttpContext context)
    {
        context.Write("led ");
        context.Write(context.Parameter(0));
    }

    private static void SetLed(HttpContext context)
    {
        context.Write("set ");
        context.WriteDecimal(context.Parameter(0).ToInt32(-1));
        context.Write(" ");
        context.Write(context.Form("on"));
    }

    private static void Query(HttpContext context)
    {
        HttpValue value = context.Query("name");
        context.Write("query ");
        if (value == null)
        {
            context.Write("-");
        }

        context.Write(value);
    }

    private void Field(HttpContext context)
    {
        HttpValue value = context.Field(_token);
        context.Write("field ");
        if (value == null)
        {
            context.Write("-");
        }

        context.Write(value);
    }

    private static void Long(HttpContext context)
    {
        int line = context.Step;
        while (line < 3000 && context.Room >= 20)
        {
            context.Write("line ");
            context.WriteDecimal(line++);
            context.Write("\n");
        }

        if (line < 3000)
        {
            context.Continue(line);
        }
    }

    private void Echo(HttpContext context)
    {
        if (context.Step == 0)
        {
            if (context.BodyLength < 0)
            {
                context.Begin(200, "text/plain");
            }
            else
            {
                context.Begin(200, "text/plain", context.BodyLength);
            }
        }

        while (context.Room >= _buffer.Length)
        {
            int count = context.ReadBody(_buffer, 0, _buffer.Length);
            if (count <= 0)
            {
                break;
            }

            context.Write(_buffer, 0, count);
        }

        if (!context.IsBodyOver)
        {
            context.Continue(1);
        }
    }

    private static void Form(HttpContext context)
    {
        HttpValue name = context.NextName();
        while (name != null)
        {
            context.Write(name);
            context.Write("=");
            context.Write(context.NextValue());
            context.Write("\n");
            name = context.NextName();
        }
    }

    private static void ThrowTooLate(HttpContext context)
    {
        if (context.Step == 1)
        {
            throw new InvalidOperationException();
        }

        context.Write("x");
        context.Continue(1);
    }
}
