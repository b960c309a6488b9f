// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using System.Text.RegularExpressions;
using TcpIp.Http;

namespace HostTests.Stack.Http;

/// <summary>The web server where something just fits or just does not, comes at a bad time, or is asked for in a way that few ask in.</summary>
public sealed class HttpEdgeTests : StackTest
{
    private const string End = " HTTP/1.1\r\nHost: board\r\n\r\n";
    private const string Form = "POST /names HTTP/1.1\r\nHost: b\r\nContent-Type: application/x-www-form-urlencoded\r\n";

    private readonly byte[] _buffer = new byte[2000];
    private int _port = 50000;
    private HttpServer _server = null!;
    private HttpEvents _events = null!;

    /// <summary>What is kept of a request ends where the room does: so does a Host, and nothing behind it is looked at.</summary>
    [Fact]
    public void A_Host_that_fills_the_room_to_its_last_byte_is_borne()
    {
        for (int length = 200; length < 260; length++)
        {
            TestNetwork net = Serve();
            _server.AnswerTo("board.local");
            _server.AnswerToAddresses();
            foreach (string host in new[] { "[" + new string('a', length - 1), new string('1', length), "[" + new string(':', length - 2) + "]" })
            {
                Assert.Matches("^(400|421|431)$", Open(net).Get($"GET /hello HTTP/1.1\r\nHost: {host}\r\n\r\n").Status);
            }
        }
    }

    [Theory]
    [InlineData("[::1]", "200")]
    [InlineData("[2001:db8::192.168.1.50]:80", "200")]
    [InlineData("[::1]:", "200")]
    [InlineData("[", "400")]
    [InlineData("[::1", "400")]
    [InlineData("[::1]x", "400")]
    [InlineData("[::1]]", "400")]
    [InlineData("[::1]:x", "400")]
    [InlineData("[a b]", "400")]
    [InlineData("[u@b]", "400")]
    [InlineData("[<b>]:80", "400")]
    public void In_brackets_there_is_an_address(string host, string status)
    {
        TestNetwork net = Serve();
        Assert.Equal(status, Open(net).Get($"GET /hello HTTP/1.1\r\nHost: {host}\r\n\r\n").Status);
        if (!host.Contains(' '))
        {
            Assert.Equal(status, Open(net).Get($"GET http://{host}/hello HTTP/1.1\r\nHost: b\r\n\r\n").Status);
        }
    }

    [Fact]
    public void Fields_that_were_right_in_one_domain_are_looked_at_again_in_another()
    {
        TestNetwork net = Serve();
        _server.AnswerTo("board");
        byte[] domain = Encoding.ASCII.GetBytes("home.arpa");
        _server.SetDomain(domain, domain.Length);
        string request = "GET / HTTP/1.1\r\nHost: board.home.arpa\r\nUser-Agent: the same each time\r\n";
        Assert.Equal("200", Open(net).Get(request + "\r\n").Status);
        _server.SetDomain(domain, 0);
        Assert.Equal("421", Open(net).Get(request + "\r\n").Status);
        Assert.Equal("421", Open(net).Get(request + "X: y\r\n\r\n").Status);
    }

    /// <summary>RFC 9110 section 15.4.5: a browser that has the content throws it away if it is told now that it must not be stored.</summary>
    [Fact]
    public void That_nothing_has_changed_says_no_more_of_keeping_it_than_the_content_does()
    {
        TestNetwork net = Serve();
        string content = Open(net).Get("GET /style.css" + End).Header;
        string same = Open(net).Get("GET /style.css HTTP/1.1\r\nHost: b\r\nIf-None-Match: *\r\n\r\n").Header;
        Assert.Contains("\r\nCache-Control: no-cache\r\n", content);
        Assert.Contains("\r\nCache-Control: no-cache\r\n", same);
    }

    [Fact]
    public void A_counted_answer_too_says_that_scripts_of_other_sites_may_see_it()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net).Get("GET /counted" + End);
        Assert.Contains("\r\nAccess-Control-Allow-Origin: *", browser.Header);
        Assert.Equal("ok", browser.Body);
        Assert.Contains("\r\nAccess-Control-Allow-Origin: *", Open(net).Get("HEAD /counted" + End).Header);
    }

    [Fact]
    public void HEAD_of_events_has_their_header_and_takes_no_place_of_a_viewer()
    {
        TestNetwork net = Serve();
        TestBrowser head = Open(net).Get("HEAD /events" + End);
        Assert.Equal(0, _events.Viewers);
        Assert.Equal(0u, _server.Counters.HandlerFailures);
        TestBrowser viewer = Open(net).Send("GET /events" + End);
        Assert.Equal(viewer.Header, head.Received);
        Assert.True(head.Ended);
        viewer.Close();
    }

    [Fact]
    public void HEAD_of_what_goes_on_later_tells_an_old_client_of_no_chunks()
    {
        TestNetwork net = Serve();
        Assert.Contains("\r\nTransfer-Encoding: ", Open(net).Get("HEAD /later" + End).Received);
        Assert.DoesNotContain("chunked", Open(net).Get("HEAD /later HTTP/1.0\r\n\r\n").Received);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/style.css")]
    public void A_page_that_was_asked_for_with_a_body_says_that_nothing_follows(string path)
    {
        foreach (string method in new[] { "GET", "HEAD" })
        {
            TestNetwork net = Serve();
            TestBrowser browser = Open(net).Get($"{method} {path} HTTP/1.1\r\nHost: b\r\nContent-Length: 2\r\n\r\nxy");
            Assert.Contains("\r\nConnection: close", browser.Header);
            Assert.True(browser.Ended);
        }
    }

    /// <summary>A page has one header for all. While one client's waits for room, another's is sent, and says something else.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_page_that_has_to_wait_for_room_says_of_its_own_connection_whether_it_goes_on(bool closes)
    {
        string stays = "GET /" + End;
        string last = "GET / HTTP/1.1\r\nHost: board\r\nConnection: close\r\n\r\n";
        for (int count = 1; count < 20; count++)
        {
            TestNetwork net = Serve();
            TestBrowser slow = Open(net);
            slow.Peer.Window = 0;
            slow.Peer.Send("PA", text: string.Concat(Enumerable.Repeat(stays, count - 1)) + (closes ? last : stays));
            net.Advance(10);
            Assert.Equal("200", Open(net).Send(closes ? stays : last).Status);
            slow.Peer.Window = 8000;
            slow.Peer.Send("A");
            for (int i = 0; i < 50; i++)
            {
                net.Advance(10);
                slow.Pump();
            }

            Assert.Equal(count, Regex.Count(slow.Received, "HTTP/1.1 200"));
            Assert.Equal(closes ? 1 : 0, Regex.Count(slow.Received, "Connection: close"));
            Assert.Equal(closes, slow.Ended);
        }
    }

    [Fact]
    public void A_body_that_fills_the_room_exactly_is_taken_and_one_byte_more_is_not()
    {
        bool hasFit = false;
        bool hasNot = false;
        for (int length = 150; length < 260; length++)
        {
            string body = new('x', length);
            string[] bodies =
            [
                $"Content-Length: {length}\r\n\r\n{body}",
                $"Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n",
                $"Transfer-Encoding: chunked\r\n\r\n{length - 1:x}\r\n{body[1..]}\r\n1\r\nx\r\n0\r\nX: y\r\n\r\n",
            ];
            TestNetwork net = Serve();
            string[] all = bodies.Select(b => Open(net).Get("POST /count HTTP/1.1\r\nHost: b\r\n" + b, 50)).Select(b => b.Status + " " + b.Body).ToArray();
            Assert.True(all.Distinct().Count() == 1, length + ": " + string.Join(", ", all));
            hasFit |= all[0] == "200 " + length;
            hasNot |= all[0].StartsWith("413", StringComparison.Ordinal);
        }

        Assert.True(hasFit && hasNot);
    }

    [Fact]
    public void A_body_that_streams_is_over_with_its_last_byte()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net);
        browser.Send("POST /five HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /hello" + End);
        net.Advance(10);
        Assert.Equal(2, Regex.Count(browser.Pump().Received, "HTTP/1.1 200"));
        browser.Close();
    }

    [Theory]
    [InlineData("a=1&b=2", 2)]
    [InlineData("a&b&c", 3)]
    [InlineData("a=1&b&=3&", 3)]
    [InlineData("&&a=1&&&b=2&", 2)]
    [InlineData("&", 0)]
    public void Names_of_a_form_are_read_without_their_values(string form, int names)
    {
        TestNetwork net = Serve();
        Assert.Equal(names.ToString(), Open(net).Get($"{Form}Content-Length: {form.Length}\r\n\r\n{form}").Body);
    }

    /// <summary>Of a query for which there is no room the beginning is kept: what is whole of it.</summary>
    [Fact]
    public void The_beginning_of_a_value_is_not_taken_for_the_value()
    {
        TestNetwork net = Serve();
        int last = 0;
        for (int length = 100; length < 300; length++)
        {
            string value = new('a', length);
            string answer = Open(net).Get("GET /query?a=1&name=" + value + End).Body;
            Assert.Contains(answer, new[] { "1 -1", "1 " + length });
            last = answer == "1 -1" ? last : length;
        }

        Assert.InRange(last, 150, 200);
        Assert.Equal("-1 -1", Open(net).Get("GET /query?a=" + new string('a', 300) + "&name=x" + End).Body);
    }

    [Theory]
    [InlineData("Content-Encoding: gzip\r\nContent-Encoding: identity\r\n", "415")]
    [InlineData("Content-Encoding: identity\r\nContent-Encoding: gzip\r\n", "415")]
    [InlineData("Content-Encoding: identity\r\nContent-Encoding: Identity\r\n", "200")]
    public void A_body_that_is_compressed_in_one_of_several_ways_is_compressed(string fields, string status)
    {
        TestNetwork net = Serve();
        Assert.Equal(status, Open(net).Get($"POST /count HTTP/1.1\r\nHost: b\r\n{fields}Content-Length: 1\r\n\r\nx").Status);
    }

    /// <summary>The browser asks before it sends what a page elsewhere wants, and sends it if it may: it must hear of each method by itself.</summary>
    [Fact]
    public void Scripts_of_other_sites_may_ask_in_the_ways_that_are_open_and_in_no_other()
    {
        TestNetwork net = Serve();
        TestBrowser preflight = Open(net).Get("OPTIONS /mixed HTTP/1.1\r\nHost: b\r\nOrigin: http://x\r\nAccess-Control-Request-Method: DELETE\r\n\r\n");
        Assert.Contains("\r\nAllow: GET, HEAD, POST, PUT, DELETE, OPTIONS", preflight.Header);
        Assert.Matches("\r\nAccess-Control-Allow-Methods: GET, HEAD, PUT ?\r\n", preflight.Header);
        Assert.Single(Regex.Matches(preflight.Header, "Access-Control-Allow-Origin"));
        Assert.DoesNotContain("Access-Control", Open(net).Get("OPTIONS /hello" + End).Header);
        Assert.DoesNotContain("Access-Control", Open(net).Get("POST /mixed HTTP/1.1\r\nHost: b\r\nContent-Length: 0\r\n\r\n").Header);
        Assert.Contains("Access-Control-Allow-Origin", Open(net).Get("PUT /mixed HTTP/1.1\r\nHost: b\r\nContent-Length: 0\r\n\r\n").Header);
    }

    /// <summary>A form can be sent from any page to any address: a list of our own names does not keep those out, who says them is right.</summary>
    [Theory]
    [InlineData("POST", "/count", "Host: b\r\nOrigin: http://b\r\n", "200")]
    [InlineData("POST", "/count", "Origin: http://b:8080\r\nX: y\r\nHost: b:8080\r\n", "200")]
    [InlineData("POST", "/count", "Host: b\r\nOrigin: https://b\r\n", "200")]
    [InlineData("POST", "/count", "Host: b\r\n", "200")]
    [InlineData("POST", "/count", "Host: b\r\nOrigin: http://a\r\n", "403")]
    [InlineData("POST", "/count", "Host: b\r\nOrigin: http://b.evil\r\n", "403")]
    [InlineData("POST", "/count", "Host: b\r\nOrigin: http://b:8080\r\n", "403")]
    [InlineData("POST", "/count", "Host: 10.0.0.1\r\nOrigin: http://10.0.0.2\r\n", "403")]
    [InlineData("POST", "/count", "Host: b\r\nOrigin: null\r\n", "403")]
    [InlineData("POST", "/count", "Host: b\r\nOrigin:\r\n", "403")]
    [InlineData("DELETE", "/any", "Host: b\r\nOrigin: http://a\r\n", "403")]
    [InlineData("PUT", "/any", "Host: b\r\nOrigin: http://a\r\n", "403")]
    [InlineData("PATCH", "/any", "Host: b\r\nOrigin: http://a\r\n", "403")]
    [InlineData("GET", "/any", "Host: b\r\nOrigin: http://a\r\n", "200")]
    [InlineData("PUT", "/mixed", "Host: b\r\nOrigin: http://a\r\n", "200")]
    public void A_page_of_another_site_changes_nothing_here(string method, string path, string fields, string status)
    {
        TestNetwork net = Serve();

        // so that the server knows the fields up to Host
        Assert.Equal("200", Open(net).Get($"GET / HTTP/1.1\r\n{Regex.Match(fields, "Host: .*\r\n").Value}User-Agent: x\r\n\r\n").Status);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(status, Open(net).Get($"{method} {path} HTTP/1.1\r\n{fields}Content-Length: 0\r\n\r\n").Status);
        }
    }

    [Fact]
    public void The_name_of_another_site_may_be_too_long_to_be_kept()
    {
        for (int length = 1; length < 250; length++)
        {
            TestNetwork net = Serve();
            Assert.Matches("^(403|431)$", Open(net).Get($"POST /count HTTP/1.1\r\nHost: b\r\nOrigin: http://{new string('a', length)}\r\nContent-Length: 0\r\n\r\n").Status);
        }
    }

    /// <summary>A handler that goes on until the body is over would be called for ever where the client has closed before.</summary>
    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nhello", "/last", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "/last", true)]
    [InlineData("Content-Length: 10\r\n\r\nhello", "/echo", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "/echo", false)]
    public void A_body_that_the_client_breaks_off_is_waited_for_no_longer(string request, string path, bool isTold)
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net).Send($"POST {path} HTTP/1.1\r\nHost: b\r\n{request}");
        net.Advance(10);
        Assert.Equal(1, _server.Clients);
        browser.Close();
        net.Advance(10);
        browser.Pump();
        Assert.Equal(isTold ? "400" : "200", browser.Status);
        Assert.Equal(!isTold, browser.WasReset);
        Assert.Equal(0, _server.Clients);
    }

    /// <summary>More than <see cref="HttpContext.Room"/> cannot be written in one piece: that is not left out in silence.</summary>
    [Fact]
    public void What_fits_no_frame_is_no_whole_answer()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net).Send("GET /block" + End);
        net.Advance(10);
        browser.Pump();
        Assert.True(browser.WasReset);
        Assert.DoesNotContain("\r\n0\r\n\r\n", browser.Received);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(150)]
    public void A_client_with_room_for_no_header_gets_none_rather_than_half_of_one(int mss)
    {
        TestNetwork net = Serve();
        TestBrowser browser = new(net, _port++, false);
        browser.Peer.Handshake(mss);
        browser.Send("GET /hello" + End);
        net.Advance(10);
        browser.Pump();
        Assert.True(browser.WasReset || browser.Received.StartsWith("HTTP/1.1 200 OK\r\n", StringComparison.Ordinal), browser.Received);
    }

    /// <summary>It acknowledges each probe of its window, but takes nothing, for ever.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public void A_viewer_that_does_not_read_loses_its_place(int eventsPerSecond)
    {
        TestNetwork net = Serve();
        TestBrowser viewer = Open(net).Send("GET /events" + End);
        TestBrowser other = Open(net).Send("GET /events" + End);
        Assert.Equal(2, _events.Viewers);
        viewer.Peer.Window = 0;
        viewer.Peer.Send("A");
        int tenths = 0;
        while (_events.Viewers == 2 && tenths < 3000)
        {
            tenths++;
            if (eventsPerSecond > 0 && tenths % (10 / eventsPerSecond) == 0)
            {
                _events.Publish();
            }

            net.Advance(100);
            other.Pump();
            if (viewer.Peer.TakeAll().Count > 0)
            {
                viewer.Peer.Send("A");
            }
        }

        Assert.InRange(tenths, 1, eventsPerSecond == 0 ? 310 : 2000);
        Assert.False(other.WasReset);
        Assert.Equal(1, _events.Viewers);
        other.Close();
    }

    /// <summary>RFC 9112 section 2.2: some clients send an empty line behind a body. It begins no request that could be late.</summary>
    [Fact]
    public void An_empty_line_behind_a_body_is_no_request_that_takes_too_long()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net).Send("POST /count HTTP/1.1\r\nHost: b\r\nContent-Length: 4\r\n\r\nabcd\r\n");
        net.Advance(11_000);
        browser.Pump();
        Assert.DoesNotContain("408", browser.Received);
        Assert.True(browser.Ended);
        Assert.Equal(0u, _server.Counters.TimedOut);
        browser.Close();
        Assert.Equal(0u, _server.Counters.Aborted);
    }

    private static void Names(HttpContext context)
    {
        int count = 0;
        while (count < 100 && context.NextName() != null)
        {
            count++;
        }

        context.WriteDecimal(count);
    }

    private static void Query(HttpContext context)
    {
        HttpValue first = context.Query("a");
        HttpValue second = context.Query("name");
        context.WriteDecimal(first == null ? -1 : first.Length);
        context.Write(" ");
        context.WriteDecimal(second == null ? -1 : second.Length);
    }

    private static void Later(HttpContext context)
    {
        context.Write("x");
        if (context.Step == 0)
        {
            context.Continue(1);
        }
    }

    /// <summary>Reads all, and only then answers.</summary>
    private void Last(HttpContext context)
    {
        while (context.ReadBody(_buffer, 0, _buffer.Length) > 0)
        {
        }

        if (!context.IsBodyOver)
        {
            context.Continue(1);
        }
    }

    private void Echo(HttpContext context)
    {
        if (context.Step == 0)
        {
            context.Begin(200, "text/plain");
        }

        int count = context.ReadBody(_buffer, 0, context.Room);
        while (count > 0)
        {
            context.Write(_buffer, 0, count);
            count = context.ReadBody(_buffer, 0, context.Room);
        }

        if (!context.IsBodyOver)
        {
            context.Continue(1);
        }
    }

    private TestBrowser Open(TestNetwork net) => new(net, _port++);

    private TestNetwork Serve()
    {
        const WordOrder Order = WordOrder.LowByteFirst;
        TestNetwork net = Begin(Order, c => c.TcpSockets = 20);
        _server = new HttpServer(net.Sockets, Order, 80, new HttpLimits { Connections = 4, Viewers = 2 });
        _server.Add(new TestPage("/", 300, Order));
        _server.Add(new HttpDocument("/style.css", "text/css; charset=utf-8", "body{color:red}", Order));
        _server.Add(HttpMethods.Get, "/hello", c => c.Write("hello"), HttpOptions.None);
        _server.Add(HttpMethods.Get, "/counted", Counted, HttpOptions.CrossOrigin);
        _server.Add(HttpMethods.Get, "/later", Later, HttpOptions.None);
        _server.Add(HttpMethods.Post, "/count", c => c.WriteDecimal(c.ReadBody(_buffer, 0, _buffer.Length)), HttpOptions.None);
        _server.Add(HttpMethods.Post, "/five", c => c.WriteDecimal(c.ReadBody(_buffer, 0, 5)), HttpOptions.StreamsBody);
        _server.Add(HttpMethods.Post, "/names", Names, HttpOptions.Form);
        _server.Add(HttpMethods.Get, "/query", Query, HttpOptions.None);
        _server.Add(HttpMethods.Post, "/last", Last, HttpOptions.StreamsBody);
        _server.Add(HttpMethods.Post, "/echo", Echo, HttpOptions.StreamsBody);
        _server.Add(HttpMethods.Post, "/mixed", c => c.Write("x"), HttpOptions.None);
        _server.Add(HttpMethods.Get | HttpMethods.Put, "/mixed", c => c.Write("x"), HttpOptions.CrossOrigin);
        _server.Add(HttpMethods.Delete, "/mixed", c => c.Write("x"), HttpOptions.Protected);
        _server.Add((HttpMethods)63, "/any", c => c.Write("x"), HttpOptions.None);
        WordBuffer block = new(new string('x', 1460), Order);
        _server.Add(HttpMethods.Get, "/block", c => c.Write(block), HttpOptions.None);
        _events = new HttpEvents("/events", new WordBuffer("data: " + new string('0', 1000) + "\n\n", Order));
        _server.Add(_events);
        net.Application = _server.Poll;
        return net;
    }

    private static void Counted(HttpContext context)
    {
        context.Begin(200, "text/plain", 2);
        context.Write("ok");
    }
}
