// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Http;
using TcpIp.Sockets;

namespace HostTests.Stack.Http;

/// <summary>
/// The short way through a request, by words of lines that lie in a frame whole, ends where reading byte by byte does: whatever is
/// asked, however it is cut, at even and odd places of a frame.
/// </summary>
public sealed class HttpRequestParserTests
{
    private static readonly string[] s_lines =
    [
        "Host: 192.168.1.50", "Host: x", "User-Agent: curl/8.5.0", "Accept: */*", "X:", "X: ", "a:b", "Connection: keep-alive", "hosT: b",
        "Accept-Language: en-US,en;q=0.9", "Bad Name: x", "Bad\tName: x", ": x", "x", "X: \u00E9", "X: a\tb", "X: a\u007Fb", "X: \0", "X: a\rb", "Na(me: x",
        "Cookie: " + new string('c', 70), "Upgrade-Insecure-Requests: 1", " folded", "Name\u00E9: x", "Date : x",
    ];

    [Theory, BothOrders]
    public void Lines_that_are_read_by_words_are_read_as_byte_by_byte(WordOrder order)
    {
        TestRandom random = new(12);
        HttpRules known = Known(order, "/", "/page");
        for (int i = 0; i < 6000; i++)
        {
            string request = Request(random);
            int offset = 54 + (int)(random.Next() % 3);
            (HttpRequestState state, int read, int line, int status) = Parse(known, order, request, offset, request.Length);
            (HttpRequestState byByte, int readByByte, _, int statusByByte) = Parse(Known(order), order, request, offset, 1);
            (HttpRequestState inParts, int readInParts, _, int statusInParts) = Parse(known, order, request, offset, 1 + (int)(random.Next() % 60));
            Assert.Equal((byByte, readByByte, statusByByte), (state, read, status));
            Assert.Equal((byByte, readByByte, statusByByte), (inParts, readInParts, statusInParts));
            if (state == HttpRequestState.Complete && line >= 0)
            {
                Assert.StartsWith(line == 0 ? "GET / " : "GET /page ", request);
            }
        }
    }

    [Theory, BothOrders]
    public void Fields_that_were_right_once_are_known_again_and_others_are_not_taken_for_them(WordOrder order)
    {
        const string Good = "GET / HTTP/1.1\r\nHost: 192.168.1.50\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n";
        foreach (string good in new[] { Good, Good.Replace("GET /", "GET /page"), Good.Replace("8.5.0", "8.51.0") })
        {
            HttpRules known = Known(order, "/", "/page");
            Assert.Equal((HttpRequestState.Complete, good.Length, good == Good || good.Contains("8.51") ? 0 : 1, 0), Parse(known, order, good, 54, 999));
            for (int at = 0; at < good.Length; at++)
            {
                foreach (char other in "\r\n\0: xX\u00E9")
                {
                    string request = good[..at] + other + good[(at + 1)..];
                    Parse(known, order, good, 54, 999);
                    Assert.Equal(Parse(Known(order), order, request, 54, 1).State, Parse(known, order, request, 54, 999).State);
                }
            }

            // what is only begun is not complete, and what follows stays
            for (int length = 1; length < good.Length; length++)
            {
                Assert.InRange(Parse(known, order, good[..length], 54, 999).State, HttpRequestState.RequestLine, HttpRequestState.FieldValue);
            }

            Assert.Equal((HttpRequestState.Complete, good.Length), Parse(known, order, good + "more", 54, 999) is var r ? (r.State, r.Read) : default);
        }
    }

    private static string Request(TestRandom random)
    {
        string[] starts =
        [
            "GET / HTTP/1.1", "GET /page HTTP/1.1", "GET / HTTP/1.0", "GET /pag HTTP/1.1", "HEAD / HTTP/1.1", "GET / HTTP/1.1 ", "\r\nGET / HTTP/1.1",
        ];
        StringBuilder request = new(starts[random.Next() % starts.Length] + "\r\nHost: 192.168.1.50\r\n");
        for (int count = (int)(random.Next() % 5); count > 0; count--)
        {
            // mostly good ones, so that it goes on
            int among = random.Next() % 4 != 0 ? 10 : s_lines.Length;
            request.Append(s_lines[(random.Next() % 16) == 0 ? 0 : 2 + ((int)random.Next() & 0xFFFF) % (among - 2)]);
            request.Append((random.Next() % 10) switch { 0 => "\n", 1 => "\r\r\n", _ => "\r\n" });
        }

        request.Append((random.Next() % 8) switch { 0 => "\n", 1 => "\rX", 2 => string.Empty, _ => "\r\n" });
        return request.Append("GET /next HTTP/1.1\r\n\r\n").ToString();
    }

    private static HttpRules Known(WordOrder order, params string[] paths)
    {
        HttpRules rules = new(new HttpLimits(), order);
        foreach (string path in paths)
        {
            rules.Known.Add(path);
        }

        return rules;
    }

    private static (HttpRequestState State, int Read, int Line, int Status) Parse(HttpRules known, WordOrder order, string request, int offset, int piece)
    {
        HttpRequestParser parser = new(known);
        ReceivedView view = new();
        byte[] bytes = Encoding.Latin1.GetBytes(request);
        int read = 0;
        while (read < bytes.Length && !parser.IsComplete)
        {
            // as small as can be: what is read behind it is read outside of it
            int count = Math.Min(piece, bytes.Length - read);
            Frame frame = new(offset + count, order) { PayloadOffset = offset, PayloadLength = count };
            for (int i = 0; i < count; i++)
            {
                frame.SetByte(offset + i, bytes[read + i]);
            }

            view.Set(frame);
            read += parser.Parse(view);
        }

        return (parser.State, read, parser.KnownLine, parser.Status + (parser.Closes ? 1000 : 0));
    }
}
