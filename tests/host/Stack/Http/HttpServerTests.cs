// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;
using TcpIp.Http;

namespace HostTests.Stack.Http;

/// <summary>The web server over real segments (RFC 9110, RFC 9112).</summary>
public sealed class HttpServerTests : StackTest
{
    private const string Good = "GET / HTTP/1.1\r\nHost: 192.168.1.50\r\nUser-Agent: test\r\nAccept: */*\r\n\r\n";

    private int _port = 40000;
    private HttpServer _server = null!;

    [Theory, BothOrders]
    public void H22_a_GET_is_answered_with_the_page_and_the_connection_stays(WordOrder order)
    {
        TestNetwork net = Serve(order);
        TestBrowser browser = Open(net).Get(Good);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", browser.Received);
        Assert.Contains("\r\nConnection: keep-alive\r\n", browser.Header);
        Assert.Equal("counter:     1\n" + new string('.', 285), browser.Body);
        Assert.Equal(browser.Body.Length, browser.ContentLength);
        Assert.Equal(0, _server.Clients);
        Assert.Equal(1u, _server.Counters.Pages);
        Assert.StartsWith("counter:     2", Open(net).Get(Good).Body);
    }

    [Theory, BothOrders]
    public void H22_a_request_may_be_split_at_every_byte(WordOrder order)
    {
        TestNetwork net = Serve(order);
        for (int split = 1; split < Good.Length; split++)
        {
            TestBrowser browser = Open(net);
            browser.Send(Good[..split]).Send(Good[split..]);
            browser.Get(string.Empty);
            Assert.Equal("200", browser.Status);
            net.Advance(61000);
        }
    }

    [Theory, BothOrders]
    public void H22_a_request_may_come_byte_by_byte(WordOrder order)
    {
        TestNetwork net = Serve(order);
        Assert.Equal("200", Open(net).Get(Good, segment: 1).Status);
    }

    [Theory, BothOrders]
    public void A_page_larger_than_the_send_queue_arrives_whole(WordOrder order)
    {
        TestNetwork net = Serve(order);
        TestBrowser browser = Open(net).Get("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(20000, browser.Body.Length);
        Assert.Equal(20000, browser.ContentLength);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/large")]
    public void H27_HEAD_has_the_header_of_GET_and_no_body(string path)
    {
        TestNetwork net = Serve();
        TestBrowser get = Open(net).Get("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        TestBrowser head = Open(net).Get("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(get.Header, head.Received);
    }

    [Fact]
    public void A_HEAD_of_what_is_not_there_has_no_body_either()
    {
        TestNetwork net = Serve();
        TestBrowser head = Open(net).Get("HEAD /nope HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("404", head.Status);
        Assert.Equal(string.Empty, head.Body);
    }

    [Theory]
    [InlineData("GET /nope HTTP/1.1|Host: x||", "404")]
    [InlineData("GET /large/ HTTP/1.1|Host: x||", "404")]
    [InlineData("GET // HTTP/1.1|Host: x||", "404")]
    [InlineData("GET /..%2f..%2fetc HTTP/1.1|Host: x||", "404")]
    [InlineData("GET /LARGE HTTP/1.1|Host: x||", "404")]
    [InlineData("GET /?a=b HTTP/1.1|Host: x||", "200")]
    [InlineData("GET /large?x=/y HTTP/1.1|Host: x||", "200")]
    [InlineData("GET http://192.168.1.50/ HTTP/1.1|Host: x||", "200")]
    [InlineData("GET http://192.168.1.50:80/large HTTP/1.1|Host: x||", "200")]
    [InlineData("GET / HTTP/1.0||", "200")]
    [InlineData("GET / HTTP/1.1||", "400")]
    [InlineData("GET / HTTP/1.1|Host: x|Host: x||", "400")]
    [InlineData("GET / HTTP/1.1|hOsT: x||", "200")]
    [InlineData("GET / HTTP/1.1|Host:x||", "200")]
    [InlineData("GET / HTTP/1.1|Host:||", "200")]
    [InlineData("GET / HTTP/1.1|Hos: x||", "400")]
    [InlineData("GET / HTTP/1.1|Hostt: x||", "400")]
    [InlineData("GET / HTTP/1.1|XHost: x||", "400")]
    [InlineData("||GET / HTTP/1.1|Host: x||", "200")]
    [InlineData("GET / HTTP/1.1|Host : x||", "400")]
    [InlineData("GET / HTTP/1.1| Host: x||", "400")]
    [InlineData("GET / HTTP/1.1|Host: x| folded||", "400")]
    [InlineData("GET / HTTP/1.1|Host: x|no colon||", "400")]
    [InlineData("GET / HTTP/1.1|Host: x|: empty||", "400")]
    [InlineData("GET  / HTTP/1.1|Host: x||", "400")]
    [InlineData("GET / HTTP/1.1 |Host: x||", "400")]
    [InlineData(" GET / HTTP/1.1|Host: x||", "400")]
    [InlineData("GET /|", "400")]
    [InlineData("GET|", "400")]
    [InlineData("/ HTTP/1.1|Host: x||", "400")]
    [InlineData("GET nope HTTP/1.1|Host: x||", "400")]
    [InlineData("GET / HTTP/x.1|Host: x||", "400")]
    [InlineData("GET / HTTP/11|Host: x||", "400")]
    [InlineData("GET / http/1.1|Host: x||", "400")]
    [InlineData("GET / FTP/1.1|Host: x||", "400")]
    [InlineData("GET / HTTP/2.0|Host: x||", "505")]
    [InlineData("GET / HTTP/0.9|Host: x||", "505")]
    [InlineData("GET / HTTP/3.7|Host: x||", "505")]
    [InlineData("POST / HTTP/1.1|Host: x|Content-Length: 0||", "405")]
    [InlineData("PUT / HTTP/1.1|Host: x||", "405")]
    [InlineData("DELETE / HTTP/1.1|Host: x||", "405")]
        [InlineData("TRACE / HTTP/1.1|Host: x||", "405")]
    [InlineData("PATCH / HTTP/1.1|Host: x||", "405")]
    [InlineData("BREW / HTTP/1.1|Host: x||", "501")]
    [InlineData("get / HTTP/1.1|Host: x||", "501")]
    [InlineData("GETS / HTTP/1.1|Host: x||", "501")]
    [InlineData("GE / HTTP/1.1|Host: x||", "501")]
    public void H25_H26_requests_and_their_answers(string request, string status)
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net).Get(request.Replace("|", "\r\n"));
        Assert.Equal(status, browser.Status);
        Assert.Equal(browser.Body.Length, browser.ContentLength);
        Assert.Equal(status == "405", Regex.IsMatch(browser.Header, "\r\nAllow: GET, HEAD, OPTIONS *\r\n"));
        Assert.Equal("200", Open(net).Get(Good).Status);
    }

    [Fact]
    public void H26_bare_line_feeds_end_lines_too()
    {
        TestNetwork net = Serve();
        Assert.Equal("200", Open(net).Get("GET / HTTP/1.1\nHost: x\n\n").Status);
    }

    [Theory]
    [InlineData("G\0T / HTTP/1.1|Host: x||")]
    [InlineData("GET /\0 HTTP/1.1|Host: x||")]
    [InlineData("GET /\u007F HTTP/1.1|Host: x||")]
    [InlineData("GET /\u00E9 HTTP/1.1|Host: x||")]
    [InlineData("GET / HTTP/1.1|Ho\0st: x||")]
    [InlineData("GET / HTTP/1.1|Ho\rst: x||")]
    [InlineData("\u0016\u0003\u0001\u0002|")]
    public void X71_control_and_foreign_bytes_are_a_bad_request(string request)
    {
        TestNetwork net = Serve();
        Assert.Equal("400", Open(net).Get(request.Replace("|", "\r\n")).Status);
    }

    [Theory]
    [InlineData(100, "200")]
    [InlineData(180, "200")]
    [InlineData(190, "200")]
    [InlineData(1000, "200")]
    [InlineData(2000, "200")]
    [InlineData(2300, "414")]
    [InlineData(5000, "414")]
    public void H25_X71_a_target_that_is_too_long(int length, string status)
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net);
        browser.Get("GET /?" + new string('a', length) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(status, browser.Status);
        Assert.Equal("200", Open(net).Get(Good).Status);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(30)]
    public void H25_X71_a_header_that_never_ends(int segment)
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net).Send("GET / HTTP/1.1\r\nHost: x\r\n");
        for (int i = 0; i < 2000 && browser.Received.Length == 0; i++)
        {
            browser.Send("X-" + i + ": " + new string('y', segment) + "\r\n");
        }

        Assert.Equal("431", browser.Status);
        Assert.True(browser.Ended);
        browser.Close();
        Assert.Equal("200", Open(net).Get(Good).Status);
    }

    [Fact]
    public void H22_pipelined_requests_are_answered_in_order()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net).Send(Good + Good.Replace("GET /", "GET /large") + Good + new string('x', 500) + "\r\n");
        net.Advance(100);
        browser.Pump();
        string[] answers = browser.Received.Split("HTTP/1.1 ")[1..];
        Assert.Equal(["200", "200", "200", "400"], answers.Select(a => a[..3]));
        Assert.EndsWith("\ncounter:     2\n" + new string('.', 285), answers[2]);
        Assert.True(browser.Ended);
        browser.Close();
    }

    [Fact]
    public void A_body_behind_a_POST_does_not_reset_the_answer()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net);
        browser.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n" + new string('b', 9000));
        Assert.Equal("405", browser.Status);
        Assert.False(browser.WasReset);
        browser.Close();
    }

    [Fact]
    public void H28_a_silent_client_is_given_up_after_10_seconds_and_its_slot_is_free()
    {
        TestNetwork net = Serve(connections: 2);
        TestBrowser[] silent = [Open(net), Open(net)];
        net.Advance(9900);
        Assert.Equal(2, _server.Clients);
        net.Advance(200);
        Assert.All(silent, s => Assert.Equal("408", s.Pump().Status));
        Assert.All(silent, s => Assert.True(s.Ended));
        net.Advance(2000);
        Assert.Equal(0, _server.Clients);
        TestBrowser waiting = Open(net);
        waiting.Send(Good);
        net.Advance(10);
        waiting.Pump();
        Assert.Equal("200", waiting.Status);
        Assert.Equal(2u, _server.Counters.TimedOut);
        Assert.DoesNotContain(silent, s => s.WasReset);
        waiting.Close();
    }

    [Fact]
    public void H28_a_client_that_sends_a_byte_a_second_is_given_up_after_half_a_minute()
    {
        TestNetwork net = Serve();
        TestBrowser slow = Open(net);
        slow.Send("GET / HTTP/1.1\r\nX: ");
        int seconds = 0;
        while (_server.Clients > 0 && seconds < 60)
        {
            slow.Send("y");
            net.Advance(1000);
            seconds++;
        }

        Assert.InRange(seconds, 25, 33);
        Assert.Equal("200", Open(net).Get(Good).Status);
    }

    [Fact]
    public void A_client_that_takes_nothing_of_the_answer_is_given_up()
    {
        TestNetwork net = Serve();
        TestBrowser stuck = Open(net);
        stuck.Peer.Send("PA", win: 0, text: "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        for (int i = 0; i < 40; i++)
        {
            net.Advance(1000);
            if (stuck.Peer.TakeAll().Any(s => s.Text.Length > 0))
            {
                stuck.Peer.Send("A", ack: 1, win: 0);
            }
        }

        Assert.Equal(0, _server.Clients);
        Assert.Equal("200", Open(net).Get(Good).Status);
    }

    [Fact]
    public void A_client_that_resets_in_the_middle_frees_its_slot()
    {
        TestNetwork net = Serve(connections: 1);
        foreach (string part in new[] { string.Empty, "GET / HT", "GET /large HTTP/1.1\r\nHost: x\r\n\r\n" })
        {
            TestBrowser browser = Open(net);
            if (part.Length > 0)
            {
                browser.Peer.Send("PA", text: part);
            }

            browser.Peer.Send("R");
            net.Poll();
            Assert.Equal(0, _server.Clients);
        }

        Assert.Equal("200", Open(net).Get(Good).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n")]
    public void A_client_that_closes_before_its_request_is_complete_frees_its_slot(string part)
    {
        TestNetwork net = Serve(connections: 1);
        TestBrowser browser = Open(net);
        if (part.Length > 0)
        {
            browser.Send(part);
        }

        browser.Close();
        Assert.True(browser.Ended || browser.WasReset);
        Assert.Equal(0, _server.Clients);
        Assert.Equal(1u, _server.Counters.Aborted);
        browser.Peer.Send("A");
        Assert.Equal("200", Open(net).Get(Good).Status);
    }

    [Fact]
    public void A_client_that_half_closes_after_its_request_gets_the_whole_answer()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net);
        browser.Peer.Send("FPA", text: "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        browser.Pump();
        Assert.Equal(20000, browser.Body.Length);
        Assert.True(browser.Ended);
        Assert.False(browser.WasReset);
    }

    [Theory, BothOrders]
    public void X53_8_clients_at_once_in_turns_of_a_few_bytes(WordOrder order)
    {
        TestNetwork net = Serve(order, connections: 8);
        TestBrowser[] browsers = [.. Enumerable.Range(0, 8).Select(_ => Open(net))];
        for (int i = 0; i < Good.Length; i += 5)
        {
            foreach (TestBrowser browser in browsers)
            {
                browser.Send(Good.Substring(i, Math.Min(5, Good.Length - i)));
            }
        }

        net.Advance(100);
        foreach (TestBrowser browser in browsers)
        {
            browser.Get(string.Empty);
            Assert.Equal("200", browser.Status);
            Assert.Equal(300, browser.Body.Length);
        }

        Assert.Equal(8u, _server.Counters.Pages);
    }

    [Fact]
    public void Lost_segments_of_the_answer_are_sent_again()
    {
        TestNetwork net = Serve();
        TestBrowser browser = Open(net);
        browser.Peer.Send("PA", text: "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        for (int i = 0; i < 200 && !browser.Ended; i++)
        {
            if (i % 2 == 0)
            {
                // each second flight is lost
                browser.Peer.TakeAll();
                net.Advance(5000);
            }

            browser.Pump();
        }

        Assert.Equal(20000, browser.Body.Length);
        browser.Close();
    }

    [Theory, BothOrders]
    public void Serving_pages_allocates_nothing(WordOrder order)
    {
        TestNetwork net = Serve(order);
        net.Interface.WarmUp();
        string[] requests = [Good, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n", "BREW /nope HTTP/1.1\r\nHost: x\r\n\r\n"];
        for (int i = 0; i < 30; i++)
        {
            Open(net).Get(requests[i % 3]);
            net.Advance(61000);
        }

        long before = net.AllocatedInPoll;
        for (int i = 0; i < 30; i++)
        {
            Open(net).Get(requests[i % 3]);
            net.Advance(61000);
        }

        Assert.Equal(0, net.AllocatedInPoll - before);
    }

    [Fact]
    public void A_client_that_makes_room_for_another_is_not_reset_for_text_that_nobody_has_read()
    {
        TestNetwork net = Serve(connections: 1);
        TestBrowser deaf = Open(net);
        deaf.Peer.Send("PA", text: "GET /large HTTP/1.1\r\nHost: x\r\n\r\nand more");
        net.Advance(500);
        TestBrowser waiting = Open(net);
        waiting.Send(Good);
        net.Advance(1000);
        Assert.Equal("200", waiting.Pump().Status);
        Assert.Equal(1u, _server.Counters.GaveWay);
        Assert.DoesNotContain(deaf.Peer.TakeAll(), segment => (segment.Flags & SeenFrame.Rst) != 0);
        waiting.Close();
        deaf.Peer.Send("R", ack: 0);
    }

    [Fact]
    public void A_server_that_cannot_begin_says_why_and_leaves_no_socket_behind()
    {
        TestNetwork net = Serve();
        HttpPage[] pages = [];
        int free = net.Stack.Tcp.BlocksInUse;
        Assert.Contains("port 80: Another socket has the port.", Message(80, 1));
        Assert.Contains("port 70000: An argument is out of its range.", Message(70000, 1));
        Assert.Equal("Connections", Assert.Throws<ArgumentOutOfRangeException>(
            () => new HttpServer(net.Sockets, WordOrder.LowByteFirst, 81, 0, pages)).ParamName);
        Assert.Equal("pages", Assert.Throws<ArgumentNullException>(
            () => new HttpServer(net.Sockets, WordOrder.LowByteFirst, 81, 1, null!)).ParamName);
        Assert.Equal(free, net.Stack.Tcp.BlocksInUse);
        while (net.Sockets.Socket() >= 0)
        {
        }

        Assert.Contains("port 81: All sockets of this kind are in use.", Message(81, 1));

        string Message(int port, int connections)
        {
            return Assert.Throws<ArgumentException>(
                () => new HttpServer(net.Sockets, WordOrder.LowByteFirst, port, connections, pages)).Message;
        }
    }

    private TestNetwork Serve(WordOrder order = WordOrder.LowByteFirst, int connections = 4)
    {
        TestNetwork net = Begin(order, c => c.TcpSockets = 1 + (2 * connections) + 8);
        _server = new HttpServer(
            net.Sockets, order, 80, connections, [new TestPage("/", 300, order), new TestPage("/large", 20000, order)]);
        net.Application = _server.Poll;
        return net;
    }

    private TestBrowser Open(TestNetwork net) => new(net, _port++);
}
