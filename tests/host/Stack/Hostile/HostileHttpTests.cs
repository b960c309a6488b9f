// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Stack.Hostile;

/// <summary>Input 71 of HOSTILE.md: requests to the web server. What each is answered with is told one by one in HttpServerTests.</summary>
public sealed class HostileHttpTests : HostileTest
{
    public static TheoryData<string, string> Requests() => new()
    {
        { "GET /" + new string('a', 5000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "414" },
        { "GET / HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"X{i}: y\r\n")) + "\r\n", "431 200" },
        { new string('G', 4000), "501 400 414 431" },
        { "GET / HTTP/1.1\r\nHost: " + new string('h', 8000), "431 408" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4294967306\r\n\r\n0123456789", "405 400 413" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "405 400 413" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5abc\r\n\r\nabcde", "405 400 413" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", "405 400 413" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "405 400 413" },
        { "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100000000\r\nabc", "405 400 413" },
        { "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", "413" },
        { "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
        { "\0\0\0\0\r\n\r\n", "400" },
        { "GET /..%2f..%2fetc HTTP/1.1\r\nHost: x\r\n\r\n", "404" },
        { "GET /../../etc HTTP/1.1\r\nHost: x\r\n\r\n", "404 400" },
        { "GET /%00%ff%zz HTTP/1.1\r\nHost: x\r\n\r\n", "404 400" },
        { "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", "501" },
        { "GET / HTTP/1.1\r\nHost: x\r\nA\r: b\r\n\r\n", "400" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void X71_requests_that_broke_web_servers(string request, string statuses)
    {
        foreach (int segment in new[] { 1000, 7 })
        {
            long before = Net.AllocatedInPoll;
            TestBrowser browser = new(Net, NextPort());
            for (int at = 0; at < request.Length && browser.Received.Length == 0; at += segment)
            {
                browser.Send(request.Substring(at, Math.Min(segment, request.Length - at)));
            }

            // where no line ends for ever, the server's patience does
            for (int seconds = 0; seconds < 40 && !browser.Ended && !browser.WasReset; seconds++)
            {
                Net.Advance(1000);
                browser.Pump();
            }

            Assert.Equal(0, Net.AllocatedInPoll - before);
            Assert.True(browser.Ended || browser.WasReset, "the server has not closed: " + browser.Received);
            Assert.True(browser.Received.Length == 0 || statuses.Split(' ').Contains(browser.Status), browser.Received);
            if (!browser.WasReset)
            {
                browser.Close();
            }

            Assert.Equal(0, Server.Clients);
            AssertServed();
        }
    }

    [Fact]
    public void X71_a_request_one_byte_in_a_segment()
    {
        long before = Net.AllocatedInPoll;
        Assert.Equal("200", new TestBrowser(Net, NextPort()).Get(Good, segment: 1).Status);
        Assert.Equal(0, Net.AllocatedInPoll - before);
        AssertServed();
    }

    [Fact]
    public void X71_good_requests_with_each_byte_changed()
    {
        TestRandom random = new(71);
        byte[] good = Encoding.ASCII.GetBytes(Good);
        for (int at = 0; at < good.Length; at++)
        {
            byte[] request = [.. good];
            request[at] = (byte)random.Next();
            TestBrowser browser = new(Net, NextPort());
            long before = Net.AllocatedInPoll;
            browser.Send(Encoding.Latin1.GetString(request));
            Net.Advance(31_000);
            browser.Pump();
            Assert.Equal(0, Net.AllocatedInPoll - before);
            Assert.True(browser.Ended || browser.WasReset);
            if (!browser.WasReset)
            {
                browser.Close();
            }

            Assert.Equal(0, Server.Clients);
        }

        AssertServed();
    }
}
