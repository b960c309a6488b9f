// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using TcpIp.Http;

namespace HostTests.Stack;

/// <summary>The smallest stack is one that can be used.</summary>
public sealed class SmallestStackTests : StackTest
{
    [Theory, BothOrders]
    public void It_serves_pages_and_answers_echoes(WordOrder order)
    {
        TestNetwork net = Begin(order, c => Become(c, StackConfiguration.Smallest()));
        HttpServer server = new(net.Sockets, order, 80, 1, [new TestPage("/", 900, order), new TestPage("/large", 20000, order)]);
        net.Application = server.Poll;
        for (int i = 0; i < 20; i++)
        {
            TestBrowser small = new(net, 40000 + i);
            small.Get("GET / HTTP/1.1\r\nHost: board\r\nUser-Agent: a browser of today that has much to say of itself\r\n\r\n");
            Assert.Equal("200", small.Status);
            Assert.Equal(900, small.Body.Length);
            TestBrowser large = new(net, 50000 + i);
            large.Get("GET /large HTTP/1.1\r\nHost: board\r\n\r\n");
            Assert.Equal(20000, large.Body.Length);
            net.AssertAlive();
            net.Advance(100);
        }
    }

    private static void Become(StackConfiguration configuration, StackConfiguration other)
    {
        foreach (PropertyInfo property in typeof(StackConfiguration).GetProperties().Where(p => p.CanWrite && p.Name != nameof(other.GuardFrames)))
        {
            property.SetValue(configuration, property.GetValue(other));
        }
    }
}
