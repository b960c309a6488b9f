// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Text;
using TcpIp.Http;
using TcpIp.Sockets;

namespace HostTests.Stack.HttpClients;

/// <summary>A body whose length nobody knows: it is written while the request is under way, and goes in chunks.</summary>
public sealed class StreamedBodyTests
{
    private const int WouldBlock = (int)SocketError.WouldBlock;
    private const int InvalidState = (int)SocketError.InvalidState;

    private readonly byte[] _bytes = Wire.PatternBytes(0, 30_000);
    private ClientStreet _street = new();
    private int _written;
    private int _refused;
    private long _allocated;

    [Theory]
    [InlineData(0, 100, 0)]
    [InlineData(1, 100, 0)]
    [InlineData(100, 7, 0)]
    [InlineData(5000, 333, 0)]
    [InlineData(30_000, 30_000, 0)]
    [InlineData(20_000, 1000, 0.1)]
    public void What_is_written_arrives_and_the_connection_serves_the_next_request(int total, int piece, double loss)
    {
        _street = new ClientStreet(c => c.TotalTimeout = 600_000, loss: loss);
        for (int i = 0; i < 2; i++)
        {
            _written = 0;
            HttpRequest request = Streamed("POST");
            Write(total, piece);
            Assert.Equal(200, _street.Fetch(request, 600_000));
            string text = _street.Requests[i].Text;
            string header = text[..(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
            Assert.Equal("POST /up HTTP/1.1\r\nHost: server.test\r\nX-Key: 7\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n", header);
            Assert.Equal(_bytes[..total], Decode(text[header.Length..]));
            Assert.Equal("hello", _street.Body);
        }

        Assert.Equal(1u, _street.Client.Counters.Connections);
        Assert.Equal(0, _allocated);
        _street.AssertNothingLeaks();
    }

    [Fact]
    public void Before_there_is_a_connection_nothing_is_taken_and_what_is_taken_leaves_without_waiting_for_the_end()
    {
        Assert.Equal(0, _street.Client.Begin(Streamed("PUT")));
        Assert.Equal(WouldBlock, _street.Client.Write(_bytes, 0, 10));
        _street.Run(1000, () => (_written = _street.Client.Write(_bytes, 0, 10)) > 0);
        Assert.Equal(10, _written);
        _street.Run(50);
        Assert.Contains("\r\n000a\r\n", _street.Unanswered);
        Assert.DoesNotContain("\r\n0\r\n", _street.Unanswered);
        Assert.Equal(0, _street.Client.EndBody());
        Assert.Equal(InvalidState, _street.Client.Write(_bytes, 0, 1));
        Assert.Equal(InvalidState, _street.Client.EndBody());
        _street.Run(1000, () => _street.Client.State == HttpClientState.Done);
        Assert.Equal(200, _street.Client.Result);
        Assert.Equal(InvalidState, _street.Client.Write(_bytes, 0, 1));
        _street.AssertNothingLeaks();
    }

    [Fact]
    public void A_small_piece_does_not_wait_until_the_one_before_it_is_acknowledged()
    {
        Assert.Equal(0, _street.Client.Begin(Streamed("POST")));
        _street.Run(1000, () => _street.Client.Write(_bytes, 0, 10) > 0);
        for (int i = 0; i < 5; i++)
        {
            // two milliseconds there: with Nagle's algorithm the second one waits for an acknowledgment that is delayed, too
            _street.Run(1);
            Assert.Equal(10, _street.Client.Write(_bytes, 0, 10));
            _street.Run(4);
            Assert.Equal(i + 2, _street.Unanswered.Split("\r\n000a\r\n").Length - 1);
        }
    }

    [Fact]
    public void A_server_that_answers_before_the_end_is_heard_and_gets_no_more()
    {
        _street.Says = n => n == 0 ? new Answer("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n") { IsHasty = true } : new Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Write(30_000, 100, endless: true);
        Assert.Equal(413, _street.Fetch(Streamed("POST")));
        Assert.Equal(InvalidState, _refused);
        Assert.Equal(InvalidState, _street.Client.EndBody());

        // what it was not sent to the end it cannot tell from the next request
        _street.Acts = null;
        Assert.Equal(200, _street.Get());
        Assert.Equal(2u, _street.Client.Counters.Connections);
        _street.AssertNothingLeaks();
    }

    [Fact]
    public void An_application_that_is_slow_to_write_is_not_the_servers_fault_but_all_has_a_limit()
    {
        _street = new ClientStreet(c =>
        {
            c.Timeout = 1000;
            c.TotalTimeout = 20_000;
        });
        int next = 5000;
        _street.Acts = () =>
        {
            if (_street.Now - next >= 0 && _written < 3 && _street.Client.Write(_bytes, _written, 1) == 1)
            {
                next = _street.Now + 5000;
                _written++;
            }
            else if (_written == 3)
            {
                _street.Client.EndBody();
            }
        };
        next = _street.Now + 5000;
        Assert.Equal(200, _street.Fetch(Streamed("POST")));
        Assert.InRange(_street.Now - (next - 5000), 0, 500);

        _written = 3;
        _street.Acts = null;
        int before = _street.Now;
        Assert.Equal((int)SocketError.TimedOut, _street.Fetch(Streamed("POST")));
        Assert.InRange(_street.Now - before, 20_000, 20_200);
        Assert.Equal((int)SocketError.TimedOut, _street.Client.Write(_bytes, 0, 1));
        Assert.Equal((int)SocketError.TimedOut, _street.Client.EndBody());
        _street.AssertNothingLeaks();
    }

    [Fact]
    public void A_server_that_takes_nothing_is_given_up()
    {
        _street = new ClientStreet(c => c.Timeout = 3000) { ServerReads = 0 };
        Write(int.MaxValue, 1000, endless: true);
        int before = _street.Now;
        Assert.Equal((int)SocketError.TimedOut, _street.Fetch(Streamed("POST")));
        Assert.InRange(_street.Now - before, 3000, 6000);
        Assert.InRange(_written, 1000, 100_000);
    }

    [Theory]
    [InlineData("POST", 301, true)]
    [InlineData("POST", 302, true)]
    [InlineData("POST", 303, true)]
    [InlineData("PUT", 303, true)]
    [InlineData("POST", 307, false)]
    [InlineData("POST", 308, false)]
    [InlineData("PUT", 301, false)]
    [InlineData("PUT", 302, false)]
    public void It_follows_only_where_the_body_is_not_wanted_again(string method, int status, bool follows)
    {
        _street = new ClientStreet(c => c.Redirects = 3);
        _street.Says = n => n == 0 ? new Answer($"HTTP/1.1 {status} Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n") : new Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Write(100, 10);
        Assert.Equal(follows ? 200 : status, _street.Fetch(Streamed(method)));
        Assert.Equal(follows ? 2 : 1, _street.Requests.Count);
        if (follows)
        {
            Assert.StartsWith("GET /other HTTP/1.1\r\n", _street.Requests[1].Text);
            Assert.DoesNotContain("chunked", _street.Requests[1].Text);
        }

        _street.AssertNothingLeaks();
    }

    [Theory]
    [InlineData("PUT", 0, 200)]
    [InlineData("PUT", 100, (int)HttpClientError.Incomplete)]
    [InlineData("POST", 0, (int)HttpClientError.Incomplete)]
    public void A_connection_that_ends_as_it_is_used_again_costs_what_was_written(string method, int written, int result)
    {
        // the server closes once it has the second request's first segment
        Assert.Equal(200, _street.Get());
        bool closed = false;
        _street.Acts = () =>
        {
            if (_street.Client.State == HttpClientState.Sending && !closed && (written == 0 || _street.Client.Write(_bytes, 0, written) == written))
            {
                closed = true;
                _street.OnServer((sockets, socket) => sockets.Close(socket));
            }
            else if (closed && _street.Client.State == HttpClientState.Sending && _street.Client.Counters.Retries > 0)
            {
                _street.Client.EndBody();
            }
        };
        Assert.Equal(result, _street.Fetch(Streamed(method)));
        Assert.Equal(result == 200 ? 1u : 0u, _street.Client.Counters.Retries);
    }

    [Fact]
    public void Another_target_is_asked_in_chunks_too()
    {
        byte[] target = "/other?n=1"u8.ToArray();
        Write(10, 10);
        Assert.Equal(0, _street.Client.Begin(Streamed("POST"), target, 0, target.Length));
        _street.Run(1000, () => _street.Client.State == HttpClientState.Done);
        Assert.Equal("POST /other?n=1 HTTP/1.1\r\nHost: server.test\r\nX-Key: 7\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n000a\r\n"
            + Encoding.Latin1.GetString(_bytes, 0, 10) + "\r\n0\r\n\r\n", _street.Requests[0].Text);
    }

    [Fact]
    public void What_cannot_be_asked_is_refused_at_once()
    {
        Client_InvalidArguments(_street.Client);
        HttpRequest request = Streamed("POST");
        Assert.Equal((int)SocketError.OperationNotSupported, request.SetBody(_bytes, 0, 1));
        Assert.Equal(InvalidState, _street.Client.Write(_bytes, 0, 1));
        Assert.Equal(InvalidState, _street.Client.EndBody());

        // a request that has its length
        Assert.Equal(0, _street.Client.Begin(_street.Request("POST", type: "text/plain")));
        Assert.Equal(InvalidState, _street.Client.Write(_bytes, 0, 1));
        Assert.Equal(InvalidState, _street.Client.EndBody());
        Assert.Throws<ArgumentException>(() => HttpRequest.Streamed("POST", "http://server.test/", null!, "Transfer-Encoding: chunked\r\n", WordOrder.LowByteFirst));
    }

    private static void Client_InvalidArguments(TcpIp.Http.HttpClient client)
    {
        byte[] bytes = new byte[10];
        Assert.Equal((int)SocketError.InvalidArgument, client.Write(null!, 0, 1));
        Assert.Equal((int)SocketError.InvalidArgument, client.Write(bytes, -1, 1));
        Assert.Equal((int)SocketError.InvalidArgument, client.Write(bytes, 0, -1));
        Assert.Equal((int)SocketError.InvalidArgument, client.Write(bytes, 5, 6));
    }

    private static byte[] Decode(string chunks)
    {
        List<byte> bytes = [];
        int at = 0;
        while (true)
        {
            int line = chunks.IndexOf("\r\n", at, StringComparison.Ordinal);
            int size = int.Parse(chunks[at..line], NumberStyles.HexNumber);
            Assert.InRange(size, 0, 1460);
            bytes.AddRange(Encoding.Latin1.GetBytes(chunks.Substring(line + 2, size)));
            at = line + 2 + size + 2;
            if (size == 0)
            {
                Assert.Equal(chunks.Length, at);
                return [.. bytes];
            }
        }
    }

    private HttpRequest Streamed(string method) => HttpRequest.Streamed(method, "http://server.test/up", "text/plain", "X-Key: 7\r\n", WordOrder.LowByteFirst);

    /// <summary>Has the application write so many bytes, in pieces, as fast as they are taken, and then end the body.</summary>
    private void Write(int total, int piece, bool endless = false) => _street.Acts = () =>
    {
        AllocationMark mark = AllocationMark.Now();
        int taken = 1;
        while (taken > 0 && (_written < total || endless))
        {
            taken = _street.Client.Write(_bytes, endless ? 0 : _written, Math.Min(piece, total - _written));
            _written += Math.Max(taken, 0);
            _refused = Math.Min(taken, 0);
        }

        if (_written == total && !endless)
        {
            _street.Client.EndBody();
            _written = total;
        }

        _allocated += mark.Since();
    };
}
