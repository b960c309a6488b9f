// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;
using TcpIp.Sockets;

namespace HostTests.Stack.HttpClients;

/// <summary>Servers that say what is none, or what two readers could read in two ways; that fall silent, close, or never end.</summary>
public sealed class HostileServerTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    public static TheoryData<string, string> BadAnswers => new()
    {
        { "no HTTP", "hello" + new string(' ', 20) },
        { "another protocol", "ICY 200 OK\r\n\r\n" },
        { "another version", "HTTP/2.0 200 OK\r\n\r\n" },
        { "a version of letters", "HTTP/1.x 200 OK\r\n\r\n" },
        { "no status", "HTTP/1.1\r\n\r\n" },
        { "a short status", "HTTP/1.1 20\r\n\r\n" },
        { "a status of letters", "HTTP/1.1 2OO OK\r\n\r\n" },
        { "a long status", "HTTP/1.1 2000 OK\r\n\r\n" },
        { "a status that there is not", "HTTP/1.1 099 OK\r\n\r\n" },
        { "a status beyond all", "HTTP/1.1 600 OK\r\n\r\n" },
        { "a line feed alone", "HTTP/1.1 200 OK\nContent-Length: 0\n\n" },
        { "a line feed alone in the header", Ok + "Content-Length: 0\n\r\n" },
        { "a carriage return alone", Ok + "X: a\rb\r\nContent-Length: 0\r\n\r\n" },
        { "a second carriage return", Ok + "X: a\r\r\nContent-Length: 0\r\n\r\n" },
        { "no colon", Ok + "Content-Length 0\r\n\r\n" },
        { "no name", Ok + ": 0\r\n\r\n" },
        { "white space before the colon", Ok + "Content-Length : 0\r\n\r\n" },
        { "white space before the first field", Ok + " X: 1\r\nContent-Length: 0\r\n\r\n" },
        { "a name that is no token", Ok + "X(y): 0\r\n\r\n" },
        { "NUL in a value", Ok + "X: a\0b\r\nContent-Length: 0\r\n\r\n" },
        { "a control character in a value", Ok + "X: aa\u0001b\r\nContent-Length: 0\r\n\r\n" },
        { "DEL in a value", Ok + "X: aa\u007fb\r\nContent-Length: 0\r\n\r\n" },
        { "DEL in a value that is understood", Ok + "Connection: aa\u007fb\r\nContent-Length: 0\r\n\r\n" },
        { "two lengths", Ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!" },
        { "a list of lengths", Ok + "Content-Length: 5, 5\r\n\r\nhello" },
        { "a length with a sign", Ok + "Content-Length: +5\r\n\r\nhello" },
        { "a negative length", Ok + "Content-Length: -5\r\n\r\nhello" },
        { "a hexadecimal length", Ok + "Content-Length: 0x5\r\n\r\nhello" },
        { "an empty length", Ok + "Content-Length:\r\n\r\nhello" },
        { "a length in two parts", Ok + "Content-Length: 1 0\r\n\r\nhello" },
        { "a length beyond all", Ok + "Content-Length: 99999999999999999999\r\n\r\nhello" },
        { "a length of 32 bits and one", Ok + "Content-Length: 4294967301\r\n\r\nhello" },
        { "a folded length", Ok + "Content-Length: 1\r\n 0\r\n\r\nhello" },
        { "a length, folded, that is the same", Ok + "Content-Length: 5\r\n 5\r\n\r\nhello" },
        { "a folded connection", Ok + "Connection: keep-alive\r\n close\r\nContent-Length: 5\r\n\r\nhello" },
        { "a length and chunks", Ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "chunks and a length", Ok + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" },
        { "chunks twice", Ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "chunks of chunks", Ok + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" },
        { "another encoding", Ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" },
        { "an encoding that is none", Ok + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" },
        { "a folded encoding", Ok + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" },
        { "chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "chunks without a body", "HTTP/1.1 204 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "another protocol than asked for", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n" },
        { "a body of an interim answer", "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nhello" },
        { "chunks of an interim answer", "HTTP/1.1 102 P\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "a chunk without a size", Ok + "Transfer-Encoding: chunked\r\n\r\n\r\nhello" },
        { "a chunk with an extension only", Ok + "Transfer-Encoding: chunked\r\n\r\n;a=b\r\nhello" },
        { "a size with a sign", Ok + "Transfer-Encoding: chunked\r\n\r\n-1\r\nhello" },
        { "a size of letters", Ok + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n" },
        { "a size with a space", Ok + "Transfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n" },
        { "a size beyond all", Ok + "Transfer-Encoding: chunked\r\n\r\n80000000\r\nhello" },
        { "a size of 64 bits and five", Ok + "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello" },
        { "a size with too many noughts", Ok + "Transfer-Encoding: chunked\r\n\r\n00000000000000005\r\nhello" },
        { "a size that ends with a line feed", Ok + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n" },
        { "a long extension", Ok + "Transfer-Encoding: chunked\r\n\r\n5;" + new string('a', 300) + "\r\nhello\r\n0\r\n\r\n" },
        { "a control character in an extension", Ok + "Transfer-Encoding: chunked\r\n\r\n5;\u0001\r\nhello\r\n0\r\n\r\n" },
        { "a chunk that is longer than it says", Ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n" },
        { "a chunk that ends with a line feed", Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n" },
        { "a trailer without a colon", Ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nhello\r\n\r\n" },
        { "a folded trailer", Ok + "Transfer-Encoding: chunked\r\nX: y\r\n\r\n0\r\n hello\r\n\r\n" },
        { "white space before the first field, after another answer", "HTTP/1.1 103 Early\r\nX: y\r\n\r\n" + Ok + " z\r\nContent-Length: 0\r\n\r\n" },
    };

    [Theory, MemberData(nameof(BadAnswers))]
    public void What_is_no_answer_or_could_be_two_is_refused(string what, string text)
    {
        foreach (int piece in new[] { int.MaxValue, 2, 1 })
        {
            ClientStreet street = new() { Says = _ => new Answer(text) { Piece = piece } };
            Assert.True((int)HttpClientError.BadAnswer == street.Get(), what + ": " + street.Client.Result);
            Assert.Equal(1u, street.Client.Counters.BadAnswers);
            Assert.Equal(1u, street.Client.Counters.Failures);

            // what follows on that connection is nobody's answer
            street.Says = _ => new Answer(Ok + "Content-Length: 5\r\n\r\nhello");
            Assert.Equal(200, street.Get());
            Assert.Equal("hello", street.Body);
            Assert.Equal(2u, street.Client.Counters.Connections);
            street.AssertNothingLeaks();
        }
    }

    [Theory]
    [InlineData("a header without end", "HTTP/1.1 200 OK\r\n", "X: y\r\n")]
    [InlineData("a line without end", "HTTP/1.1 200 ", "aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("a name without end", "HTTP/1.1 200 OK\r\n", "aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("a value without end", "HTTP/1.1 200 OK\r\nX: ", "aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("a value folded without end", "HTTP/1.1 200 OK\r\nX: 1\r\n", " a\r\n")]
    [InlineData("interim answers without end", "", "HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("a trailer without end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n")]
    public void What_has_no_end_is_given_up(string what, string begin, string rest)
    {
        ClientStreet street = new() { Says = _ => new Answer(begin + string.Concat(Enumerable.Repeat(rest, 20_000))) };
        Assert.True((int)HttpClientError.TooLong == street.Get(), what + ": " + street.Client.Result);
        street.Says = _ => new Answer(Ok + "Content-Length: 5\r\n\r\nhello");
        Assert.Equal(200, street.Get());
        street.AssertNothingLeaks();
    }

    [Fact]
    public void A_value_that_is_asked_for_must_fit()
    {
        ClientStreet street = new(c => c.FieldBytes = 32) { Says = _ => new Answer(Ok + "X-A: " + new string('a', 33) + "\r\nContent-Length: 0\r\n\r\n") };
        Assert.Equal(200, street.Get());
        street.Client.AskForField("X-A");
        Assert.Equal((int)HttpClientError.TooLong, street.Get());
    }

    [Theory]
    [InlineData(Ok + "Content-Length: 10\r\n\r\nhello")]
    [InlineData(Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello")]
    [InlineData(Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData(Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    [InlineData(Ok + "Transfer-Encoding: chunked\r\n\r\n6\r\nhello")]
    [InlineData(Ok + "Content-Le")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("")]
    public void An_answer_that_is_cut_off_is_not_taken_for_whole(string text)
    {
        ClientStreet street = new() { Says = _ => new Answer(text) { Closes = true } };
        Assert.Equal((int)HttpClientError.Incomplete, street.Get());
        Assert.Equal((int)HttpClientError.Incomplete, street.LastRead);
        Assert.Single(street.Requests);
        street.Says = _ => new Answer(text) { Resets = true };
        Assert.Equal((int)SocketError.ConnectionReset, street.Get());
        street.AssertNothingLeaks();
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData(Ok + "Content-Length: 10\r\n\r\nhello")]
    [InlineData(Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public void Silence_is_borne_for_a_time(string text)
    {
        ClientStreet street = new(c => c.Timeout = 3000) { Says = _ => new Answer(text) };
        int begin = street.Now;
        Assert.Equal((int)SocketError.TimedOut, street.Get());
        Assert.InRange(street.Now - begin, 3000, 3300);
        street.AssertNothingLeaks();
    }

    [Fact]
    public void A_trickle_is_borne_for_a_time_too()
    {
        ClientStreet street = new(c => c.TotalTimeout = 5000) { Says = _ => new Answer(Ok + "Content-Length: 100000\r\n\r\n" + new string('x', 100_000)) { Piece = 1 } };
        int begin = street.Now;
        Assert.Equal((int)SocketError.TimedOut, street.Get());
        Assert.InRange(street.Now - begin, 5000, 5300);
        Assert.True(street.Body.Length > 100);
    }

    [Fact]
    public void An_application_that_is_slow_to_read_is_not_the_server_s_fault()
    {
        ClientStreet street = new(c => c.Timeout = 1000) { Reads = false };
        Assert.Equal(0, street.Client.Begin(street.Request("GET")));
        street.Run(10_000);
        Assert.Equal(HttpClientState.Answering, street.Client.State);
        street.Reads = true;
        street.Run(10);
        Assert.Equal("hello", street.Body);
        Assert.Equal(HttpClientState.Done, street.Client.State);
    }

    [Fact]
    public void Nobody_there_is_told()
    {
        ClientStreet street = new(port: 81);
        Assert.Equal((int)SocketError.ConnectionRefused, street.Get());
        Assert.Equal((int)SocketError.HostNotFound, street.Fetch(new HttpRequest("GET", "http://nobody.test/", WordOrder.LowByteFirst)));
        street.Names.IsSlow = true;
        Assert.Equal((int)SocketError.TimedOut, street.Get());
        Assert.Equal(1, street.Names.Cancelled);
        street.AssertNothingLeaks();
    }

    [Fact]
    public void All_sockets_taken_is_told()
    {
        ClientStreet street = new();
        List<int> taken = [];
        for (int socket = street.Stack.Sockets.Socket(); socket >= 0; socket = street.Stack.Sockets.Socket())
        {
            taken.Add(socket);
        }

        Assert.Equal((int)SocketError.TooManyOpenSockets, street.Get());
        taken.ForEach(s => street.Stack.Sockets.Close(s));
        Assert.Equal(200, street.Get());
    }

    [Fact]
    public void Any_bytes_at_all_are_borne()
    {
        Random random = new(5);
        string[] parts = ["HTTP/1.1 200 OK", "\r\n", "\r", "\n", "Content-Length: 3", "Transfer-Encoding: chunked", "3", "abc", "0", ":", " ", "\0", "ÿ", "X", "HTTP/1.1 100 C\r\n\r\n"];
        ClientStreet street = new(c => c.Timeout = 500);
        for (int i = 0; i < 1500; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => parts[random.Next(parts.Length)]));
            text = random.Next(2) == 0 ? Ok + text : text;
            bool closes = random.Next(3) > 0;
            street.Says = _ => new Answer(text) { Closes = closes, Piece = random.Next(3) == 0 ? 3 : int.MaxValue };
            int result = street.Get();
            Assert.True(result >= 200 || result is -101 or -102 or -103 or -13, text + ": " + result);
        }

        street.AssertNothingLeaks();
    }
}
