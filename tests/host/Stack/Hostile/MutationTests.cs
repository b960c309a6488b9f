// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;
using TcpIp.Sockets;

namespace HostTests.Stack.Hostile;

/// <summary>
/// Input 72 of HOSTILE.md: every frame of good exchanges, spoilt by a machine in every way, at the moment when it is due.
/// </summary>
public sealed class MutationTests
{
    /// <summary>Spoilt frames for one stack before another one begins: some of them change what it knows.</summary>
    private const int Batch = 60;

    public static TheoryData<string, WordOrder> Exchanges()
    {
        TheoryData<string, WordOrder> data = [];
        for (int i = 0; i < GoodFrames.Names.Length; i++)
        {
            data.Add(GoodFrames.Names[i], i % 2 == 0 ? WordOrder.LowByteFirst : WordOrder.HighByteFirst);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void X72_a_spoilt_frame_harms_nothing_and_the_next_client_is_served(string name, WordOrder order)
    {
        int count = 0;
        long allocated = 0;
        List<Func<GoodFrames.Exchange, byte[]>> steps = GoodFrames.Steps(name);
        for (int step = 0; step < steps.Count; step++)
        {
            // one pass to learn how many there are and to have all code compiled, then the one that counts
            for (int pass = 0; pass < 2; pass++)
            {
                GoodFrames.Exchange exchange = Play(steps, step, order, out byte[] good);
                int batch = 0;
                foreach (byte[] spoilt in Mutations.Of(good))
                {
                    long before = exchange.Net.AllocatedInPoll;
                    int sent = exchange.Net.FramesSent;
                    exchange.Net.Deliver(spoilt);
                    if (pass == 1 && exchange.Net.FramesSent < 64)
                    {
                        // behind the 64th frame the wire itself makes buffers
                        allocated += exchange.Net.AllocatedInPoll - before;
                    }

                    Assert.InRange(exchange.Net.FramesSent - sent, 0, 20);
                    Invariants.Check(exchange.Net.Stack, exchange.Net.Configuration);
                    count++;
                    if (++batch % Batch == 0)
                    {
                        AssertServes(exchange);
                        exchange = Play(steps, step, order, out _);
                    }
                    else if (batch % 5 == 0)
                    {
                        exchange.Net.Advance(30);
                    }
                }

                AssertServes(exchange);
            }
        }

        Assert.Equal(0, allocated);
        Assert.InRange(count, 500, 60_000);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    public void X72_several_bytes_at_once_with_right_checksums(uint seed)
    {
        TestRandom random = new(seed);
        foreach (string name in GoodFrames.Names)
        {
            List<Func<GoodFrames.Exchange, byte[]>> steps = GoodFrames.Steps(name);
            for (int i = 0; i < 60; i++)
            {
                GoodFrames.Exchange exchange = Play(steps, random.Below(steps.Count), WordOrder.LowByteFirst, out byte[] good);
                for (int n = 0; n < 8; n++)
                {
                    byte[] frame = [.. good];
                    for (int changes = 1 + random.Below(4); changes > 0; changes--)
                    {
                        frame[12 + random.Below(frame.Length - 12)] = (byte)random.Next();
                    }

                    exchange.Net.Deliver(Wire.Get16(frame, 12) == 0x0800 ? FrameBuilder.Repair(frame) : frame);
                    Invariants.Check(exchange.Net.Stack, exchange.Net.Configuration);
                    exchange.Net.Advance(random.Below(300));
                }

                AssertServes(exchange);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void The_exchanges_are_good_as_long_as_nothing_is_spoilt(string name, WordOrder order)
    {
        List<Func<GoodFrames.Exchange, byte[]>> steps = GoodFrames.Steps(name);
        GoodFrames.Exchange exchange = Play(steps, steps.Count - 1, order, out byte[] last);
        exchange.Net.Deliver(last);
        TestNetwork net = exchange.Net;
        uint bad = net.Stack.IPv4.Counters.BadLength + net.Stack.IPv4.Counters.BadChecksum + net.Stack.IPv4.Counters.BadOption
            + net.Stack.Icmp.Counters.BadChecksum + net.Stack.Icmp.Counters.BadLength + net.Stack.Icmp.Counters.ErrorsMalformed
            + net.Stack.Udp.Counters.BadChecksum + net.Stack.Udp.Counters.BadLength + net.Stack.Tcp.Counters.BadChecksum
            + net.Stack.Tcp.Counters.BadLength + net.Stack.Tcp.Counters.BadAcknowledgment + net.Stack.Arp.Counters.Malformed;
        Assert.Equal(0u, bad);
        AssertServes(exchange);
    }

    /// <summary>A new network on which an exchange has come so far that a certain frame is due.</summary>
    private static GoodFrames.Exchange Play(
        List<Func<GoodFrames.Exchange, byte[]>> steps, int due, WordOrder order, out byte[] frame)
    {
        TestNetwork net = new(order, c => c.TcpSynQueue = 80);
        HttpServer server = new(net.Sockets, order, 80, 2, [new TestPage("/", 100, order)]);
        int echo = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Bind(echo, 7);
        DatagramSource source = new();
        byte[] buffer = new byte[100];
        net.Application = now =>
        {
            net.Sockets.ReceiveFrom(echo, buffer, 0, buffer.Length, source);
            return server.Poll(now);
        };
        GoodFrames.Exchange exchange = new(net);
        for (int i = 0; i < due; i++)
        {
            net.Deliver(steps[i](exchange));
        }

        frame = steps[due](exchange);
        return exchange;
    }

    /// <summary>A good ping, a good page, and in the end nothing is missing.</summary>
    private static void AssertServes(GoodFrames.Exchange exchange)
    {
        TestNetwork net = exchange.Net;

        // the neighbours' addresses may have been spoilt: they say who they are, as they would before long
        net.Deliver(FrameBuilder.Arp(
            TestHost.BroadcastMac, exchange.Mac, 1, exchange.Mac, exchange.Ip, 0, TestNetwork.StackIp));
        net.AssertAlive();
        TestBrowser browser = new(net, 50_000);
        browser.Get(HostileTest.Good);
        Assert.Equal("200", browser.Status);
        net.Finish();
    }
}
