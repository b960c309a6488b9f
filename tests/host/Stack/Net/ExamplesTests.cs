// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.DeviceTests;
using TcpIp.Dhcp;
using TcpIp.Http;
using TcpIp.Net;
using TcpIp.Sockets;

namespace HostTests.Stack.Net;

/// <summary>The examples in the stack's README do what is said there.</summary>
public sealed class ExamplesTests : NetTest
{
    private readonly byte[] _answer = new byte[1000];

    [Fact]
    public void A_stack_is_begun()
    {
        var (driver, _) = MemoryInterface.CreatePair();
        TcpIpStack stack = Examples.Begin(driver, new TestRandom(1));
        Assert.Equal(Wire.Address("192.168.1.50"), stack.IPv4.Address);
        Assert.Equal(Wire.Address("192.168.1.254"), stack.IPv4.Gateway);
    }

    [Fact]
    public void An_address_is_asked_for()
    {
        WaitingNetwork net = Begin();
        DhcpClient dhcp = Examples.BeginDhcp(net.Runner, net.OurInterface, new TestRandom(1));
        net.Runner.Wait(2000);
        Assert.Equal((DhcpState.Selecting, 1u), (dhcp.State, dhcp.Counters.Discovers));
        dhcp.Release();
        net.Runner.Wait(10);
        Assert.Equal(DhcpState.Stopped, dhcp.State);
        net.Ours.Configure(WaitingNetwork.OurAddress, TestNetwork.Netmask, 0);
    }

    [Fact]
    public void A_question_that_never_waits()
    {
        WaitingNetwork net = Begin();
        net.Partner = new AnsweringPartner(net, 80);
        Question question = new();
        int result = (int)SocketError.WouldBlock;
        for (int i = 0; i < 1000 && result == (int)SocketError.WouldBlock; i++)
        {
            result = question.Step(net.Layer, WaitingNetwork.TheirAddress, 80, "name?"u8.ToArray());
            net.Runner.Wait(1);
        }

        Assert.Equal(1, result);
        Assert.Equal(300, question.Received);

        result = (int)SocketError.WouldBlock;
        for (int i = 0; i < 1000 && result == (int)SocketError.WouldBlock; i++)
        {
            result = question.Step(net.Layer, WaitingNetwork.TheirAddress, 81, "name?"u8.ToArray());
            net.Runner.Wait(1);
        }

        Assert.Equal((int)SocketError.ConnectionRefused, result);
    }

    [Fact]
    public void A_question_that_waits()
    {
        WaitingNetwork net = Begin();
        net.Partner = new AnsweringPartner(net, 80);
        byte[] request = "name?"u8.ToArray();
        Assert.Equal(300, Examples.Ask(net.Sockets, WaitingNetwork.TheirAddress, 80, request, _answer));
        Assert.Equal((int)SocketError.ConnectionRefused, Examples.Ask(net.Sockets, WaitingNetwork.TheirAddress, 81, request, _answer));
        Assert.Equal(300, Examples.AskWithTcpClient(net.Sockets, "10.0.0.2", 80, request, _answer));
        Assert.Equal(-1, Examples.AskWithTcpClient(net.Sockets, "10.0.0.2", 81, request, _answer));
    }

    [Fact]
    public void Pages_are_served_while_a_call_waits()
    {
        WaitingNetwork net = Begin();
        ZeroAllocation.WebClient browser = new(net.Theirs.Sockets, WaitingNetwork.OurAddress, 80, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        net.Partner = new ScriptedPartner(_ => browser.Step());
        WaitingSockets sockets = Examples.Start(net.Runner, [new ZeroAllocation.DigitsPage(WordOrder.LowByteFirst, 300)]);
        sockets.Runner.Wait(500);
        Assert.InRange(browser.Pages, 20, 500);
    }

    [Fact]
    public void A_reading_is_posted_and_a_page_downloaded()
    {
        WaitingNetwork net = Begin();
        string? posted = null;
        HttpServer server = new(net.Theirs.Sockets, WordOrder.LowByteFirst, 80, new HttpLimits());
        server.Add(HttpMethods.Post, "/readings", context => context.Reply((posted = Encoding.ASCII.GetString(_answer, 0, context.ReadBody(_answer, 0, 100))) == "21.5" ? 201 : 400), HttpOptions.None);
        server.Add(new HttpDocument("/page", "text/plain", new string('x', 700), WordOrder.LowByteFirst));
        net.Partner = new ScriptedPartner(now => server.Poll(now));
        Reporter reporter = new(net.Runner, null, "http://10.0.0.2/readings");
        Assert.Equal(201, reporter.Report("21.5!"u8.ToArray(), 4));
        Assert.Equal("21.5", posted);
        Assert.StartsWith("201 Created", Encoding.ASCII.GetString(reporter.Answer));
        Assert.Equal(400, reporter.Report("21.5!"u8.ToArray(), 5));
        Assert.Equal((int)SocketError.ConnectionRefused, new Reporter(net.Runner, null, "http://10.0.0.2:81/").Report([], 0));

        TcpIp.Http.HttpClient client = new(net.Ours, new HttpClientConfiguration());
        net.Runner.Background = [client];
        Download download = new();
        client.Begin(new HttpRequest("GET", "http://10.0.0.2/page", WordOrder.LowByteFirst));
        int result = (int)SocketError.WouldBlock;
        for (int i = 0; i < 1000 && result == (int)SocketError.WouldBlock; i++)
        {
            net.Runner.Wait(1);
            result = download.Step(client);
        }

        Assert.Equal((200, 700), (result, download.Received));
    }

    [Fact]
    public void A_log_is_posted_line_by_line()
    {
        WaitingNetwork net = Begin();
        string? posted = null;
        HttpServer server = new(net.Theirs.Sockets, WordOrder.LowByteFirst, 80, new HttpLimits());
        server.Add(HttpMethods.Post, "/log", context => context.Reply((posted = Encoding.ASCII.GetString(_answer, 0, context.ReadBody(_answer, 0, 100))).Length > 0 ? 201 : 400), HttpOptions.None);
        net.Partner = new ScriptedPartner(now => server.Poll(now));
        TcpIp.Http.HttpClient client = new(net.Ours, new HttpClientConfiguration());
        net.Runner.Background = [client];
        client.Begin(HttpRequest.Streamed("POST", "http://10.0.0.2/log", "text/plain", string.Empty, WordOrder.LowByteFirst));
        LogUpload upload = new();
        byte[] log = Encoding.ASCII.GetBytes("first line\nsecond line\nthird line\n");
        int result = (int)SocketError.WouldBlock;
        for (int i = 0; i < 1000 && result == (int)SocketError.WouldBlock; i++)
        {
            net.Runner.Wait(1);
            result = upload.Step(client, log, Math.Min(i / 20 * 11, log.Length), i > 100);
        }

        Assert.Equal((201, "first line\nsecond line\nthird line\n"), (result, posted));

        // calls that wait write all before they come back; a body that somebody must write is nothing for Fetch
        posted = null;
        HttpRequest request = HttpRequest.Streamed("POST", "http://10.0.0.2/log", "text/plain", string.Empty, WordOrder.LowByteFirst);
        Assert.Equal((int)SocketError.InvalidArgument, client.Fetch(net.Runner, request, _answer));
        Assert.Equal(0, client.Begin(request));
        Assert.Equal(11, client.Write(net.Runner, log, 0, 11));
        Assert.Equal(12, client.Write(net.Runner, log, 11, 12));
        Assert.Equal((int)SocketError.InvalidArgument, client.Write(null, log, 11, 12));
        Assert.Equal(0, client.EndBody());
        Assert.Equal(201, client.WaitForAnswer(net.Runner));
        Assert.Equal("first line\nsecond line\n", posted);
        Assert.Equal((int)SocketError.InvalidState, client.Write(net.Runner, log, 0, 1));
    }

    [Theory]
    [InlineData("GET", "/style.css", null, 200, "a { }")]
    [InlineData("GET", "/api/led/2", null, 200, "{\"on\":0}")]
    [InlineData("POST", "/api/led/2", "on=1", 200, "{\"on\":1}")]
    [InlineData("POST", "/api/led/2", "on=0", 200, "{\"on\":0}")]
    [InlineData("POST", "/api/led/2", "on=2", 422, "422 ")]
    [InlineData("POST", "/api/led/9", "on=1", 404, "404 ")]
    [InlineData("GET", "/api/led/x", null, 404, "404 ")]
    public void A_lamp_is_switched_over_http(string method, string path, string? form, int status, string body)
    {
        WaitingNetwork net = Begin();
        Examples.BeginHttp(net.Runner, "a { }");
        HttpClients.ClientStreet.FakeNames names = new();
        names.Add("board.local", WaitingNetwork.OurAddress);
        TcpIp.Http.HttpClient client = new(net.Theirs, new HttpClientConfiguration { Resolver = names });
        net.Partner = new ScriptedPartner(now => client.Poll(now));
        HttpRequest request = new(method, "http://board.local" + path, form == null ? null : "application/x-www-form-urlencoded", "Authorization: Basic YWRtaW46c2VjcmV0\r\n", WordOrder.LowByteFirst);
        request.SetBody(Encoding.ASCII.GetBytes(form ?? ""), 0, form?.Length ?? 0);
        client.Begin(request);
        int length = 0;
        for (int i = 0; i < 1000 && client.State != HttpClientState.Done; i++)
        {
            net.Runner.Wait(1);
            length += Math.Max(0, client.Read(_answer, length, 1000 - length));
        }

        Assert.Equal(status, client.Result);
        Assert.StartsWith(body, Encoding.ASCII.GetString(_answer, 0, length));
    }

    [Fact]
    public void An_echo_server_that_outlives_a_rude_client()
    {
        WaitingNetwork net = Begin();
        CallingPartner caller = new(net, 7, 3);
        int rude = -1;
        bool isRude = true;
        net.Partner = new ScriptedPartner(now =>
        {
            if (rude < 0)
            {
                rude = net.Theirs.Sockets.Socket();
                net.Theirs.Sockets.Connect(rude, WaitingNetwork.OurAddress, 7);
            }

            // once it is being served
            net.Theirs.Sockets.Write(rude, _answer, 0, isRude ? 1 : 0);
            if (isRude && net.Theirs.Sockets.Read(rude, _answer, 0, 100) > 0)
            {
                net.Theirs.Sockets.Abort(rude);
                isRude = false;
            }

            if (!isRude)
            {
                caller.Poll(now);
            }
        });
        Examples.Echo(net.Sockets, 7, 4);
        net.Runner.Wait(100);
        Assert.Equal((3, 0), (caller.Answered, caller.Failed));
    }

    [Fact]
    public void A_datagram_that_is_lost_is_asked_again()
    {
        WaitingNetwork net = Begin();
        net.Partner = new EchoPartner(net);
        net.Runner.Wait(3000);
        Assert.Equal(4, Examples.AskInADatagram(net.Sockets, "10.0.0.2", 7, "time"u8.ToArray(), _answer));
        net.TheirInterface.LoseEvery = 2;
        Assert.Equal(4, Examples.AskInADatagram(net.Sockets, "10.0.0.2", 7, "time"u8.ToArray(), _answer));
        Assert.Equal(4, Examples.AskInADatagram(net.Sockets, "10.0.0.2", 7, "time"u8.ToArray(), _answer));
        Assert.Equal(1u, net.TheirInterface.Lost);
        Assert.Equal(-1, Examples.AskInADatagram(net.Sockets, "10.0.0.2", 8, "time"u8.ToArray(), _answer));
    }

    [Fact]
    public void A_report_is_laid_out_in_a_frame_and_a_datagram_is_added_up_in_one()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        Assert.Equal(9, Examples.Report(net.Sockets, socket, new SendView(), "temp"u8.ToArray(), -17));
        net.Runner.Wait(10);
        Assert.Equal(9, net.Theirs.Sockets.Read(theirs, _answer, 0, 100));
        Assert.Equal("temp=-17\n", System.Text.Encoding.ASCII.GetString(_answer, 0, 9));

        net.Partner = new EchoPartner(net, 9);
        int datagrams = net.Layer.Socket(SocketType.Datagram);
        net.Sockets.SendTo(datagrams, [200, 100, 3], 0, 3, WaitingNetwork.TheirAddress, 9, 1000);
        Assert.Equal(303, Examples.SumOfNext(net.Sockets, datagrams, new ReceivedView()));
        Assert.Equal((int)SocketError.WouldBlock, Examples.SumOfNext(net.Sockets, datagrams, new ReceivedView()));
        net.Layer.Close(datagrams);
    }

    [Fact]
    public void The_boards_runner_tells_the_time_and_sleeps()
    {
        WaitingNetwork net = Begin();
        BoardRunner runner = new(net.Ours);
        long before = Environment.TickCount64;
        Assert.Equal(0, runner.Wait(60));
        Assert.InRange(Environment.TickCount64 - before, 50, 20000);
    }

    /// <summary>Answers whatever it is asked with 300 bytes, and closes.</summary>
    private sealed class AnsweringPartner(WaitingNetwork net, int port) : IBackgroundWork
    {
        private readonly int _listener = net.TheirListener(port);
        private readonly byte[] _buffer = new byte[300];
        private int _socket = -1;

        public int Poll(int now)
        {
            SocketLayer sockets = net.Theirs.Sockets;
            if (_socket < 0)
            {
                _socket = sockets.Accept(_listener);
            }
            else if (sockets.Read(_socket, _buffer, 0, 300) > 0)
            {
                sockets.Write(_socket, _buffer, 0, 300);
                sockets.Close(_socket);
                _socket = -1;
            }

            return 0;
        }
    }
}
