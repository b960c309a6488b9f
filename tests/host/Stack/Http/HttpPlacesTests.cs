// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;

namespace HostTests.Stack.Http;

/// <summary>
/// Who gives way when all places of the web server are taken and somebody waits: whoever has made no progress for longest.
/// </summary>
public sealed class HttpPlacesTests
{
    private const int Places = 8;

    /// <summary>A second, and the time that a page takes.</summary>
    private const int Second = 1100;

    private static string Endless => HttpStreet.Page[..^2] + string.Concat(Enumerable.Repeat("X-Filler: 0123456789\r\n", 300));

    [Fact]
    public void Connections_that_fell_silent_just_now_delay_a_newcomer_by_a_second()
    {
        HttpStreet street = new(Places, sockets: 20);
        HttpVisitor[] silent = street.AddMany(Places, () => new HttpVisitor { StaysOpen = true });
        street.Run(50);
        Assert.InRange(street.Newcomer(), 850, Second);
        Assert.Equal(1u, street.Server.Counters.GaveWay);

        // with a FIN, and nothing that a browser would show
        Assert.Single(silent, s => s.WasTurnedOut);
        Assert.DoesNotContain(silent, s => s.WasReset || s.Received.Length > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_that_came_while_nobody_looked_is_answered_before_anybody_is_turned_out(bool hasAsked)
    {
        const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        TestNetwork net = new(WordOrder.LowByteFirst);
        HttpServer server = new(net.Sockets, WordOrder.LowByteFirst, 80, 2, [new TestPage("/", 300, WordOrder.LowByteFirst)]);
        net.Application = server.Poll;
        TestBrowser[] spare = [new TestBrowser(net, 40001).Send(Get), new TestBrowser(net, 40002).Send(Get)];
        TestBrowser waits = new TestBrowser(net, 40003).Send(Get);
        net.Advance(50);
        Assert.Equal((2, 0u), (server.Clients, server.Counters.GaveWay));

        // the board has something else to do for a while. As many frames as a poll takes lie before the request
        int now = net.Now + 200;
        for (int i = 0; i < TcpIpStack.ReceiveBurst; i++)
        {
            net.Interface.Deliver(net.EchoRequest(i));
        }

        if (hasAsked)
        {
            spare[0].Peer.Send("PA", text: Get, poll: false);
        }

        for (int turn = 0; turn < 3; turn++)
        {
            Turn(net, server, now++);
        }

        Assert.Equal(1u, server.Counters.GaveWay);
        spare[0].Pump();
        spare[1].Pump();
        waits.Pump();
        Assert.False(spare[0].WasReset || spare[1].WasReset);

        // the other one, who has really asked nothing, makes room; or the first, if he has asked nothing either
        Assert.Equal(hasAsked ? (2, false, true) : (1, true, false), (spare[0].Received.Split("HTTP/1.1 200").Length - 1, spare[0].Ended && !hasAsked, spare[1].Ended));
        Assert.Equal("200", waits.Status);
    }

    [Fact]
    public void Who_asks_nothing_makes_room_even_while_others_talk_all_the_time()
    {
        const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        TestNetwork net = new(WordOrder.LowByteFirst);
        HttpServer server = new(net.Sockets, WordOrder.LowByteFirst, 80, 2, [new TestPage("/", 300, WordOrder.LowByteFirst)]);
        net.Application = server.Poll;
        _ = new TestBrowser(net, 40001).Send(Get);
        _ = new TestBrowser(net, 40002).Send(Get);
        TestBrowser waits = new TestBrowser(net, 40003).Send(Get);
        int passed = 0;
        while (server.Counters.GaveWay == 0)
        {
            net.Interface.Deliver(net.EchoRequest());
            Turn(net, server, net.Now + ++passed);
            Assert.InRange(passed, 0, 250);
        }

        Assert.InRange(passed, 190, 250);
        Turn(net, server, net.Now + passed);
        Assert.Equal("200", waits.Pump().Status);
    }

    /// <summary>One turn of an application's loop, and no more.</summary>
    private static void Turn(TestNetwork net, HttpServer server, int now)
    {
        int wait = net.Stack.BeginTurn(now);
        server.Poll(now);
        net.Stack.Flush(wait);
        net.Collect();
    }

    [Fact]
    public void Connections_that_were_silent_for_long_delay_nobody()
    {
        HttpStreet street = new(Places, sockets: 20);
        street.AddMany(Places, () => new HttpVisitor { StaysOpen = true });
        street.Run(5000);
        Assert.Equal(Places, street.Server.Clients);
        for (int i = 0; i < 4; i++)
        {
            Assert.InRange(street.Newcomer(), 0, 100);
        }
    }

    [Fact]
    public void Without_anybody_waiting_a_silent_connection_keeps_its_place_for_ten_seconds()
    {
        HttpStreet street = new(Places, sockets: 20);
        street.AddMany(Places, () => new HttpVisitor { StaysOpen = true });
        street.Run(9900);
        Assert.Equal(Places, street.Server.Clients);
        street.Run(300 + HttpServer.DrainTimeout);
        Assert.Equal(0, street.Server.Clients);
        Assert.Equal(0u, street.Server.Counters.GaveWay);
    }

    [Fact]
    public void Connections_that_are_silent_in_the_accept_queue_too_delay_a_newcomer_by_a_second()
    {
        HttpStreet street = new(Places, sockets: 30);
        street.AddMany(Places + 6, () => new HttpVisitor { StaysOpen = true });
        street.Run(100);
        Assert.InRange(street.Newcomer(), 0, Second);

        // those from the queue, whose time began when they were established, are no obstacle either
        Assert.InRange(street.Newcomer(), 0, Second);
    }

    [Fact]
    public void The_time_of_a_connection_begins_when_it_is_established_not_when_it_gets_a_place()
    {
        HttpStreet street = new(Places, sockets: 30);
        street.AddMany(2 * Places, () => new HttpVisitor { StaysOpen = true });

        // those from the queue have the places now, since a moment ago; silent they were all the time
        street.Run(1200);
        Assert.Equal((uint)Places, street.Server.Counters.GaveWay);
        Assert.InRange(street.Newcomer(), 0, 100);
    }

    [Theory]
    [InlineData(900.0)]
    [InlineData(300.0)]
    [InlineData(20.0)]
    public void A_byte_now_and_then_is_no_progress(double interval)
    {
        HttpStreet street = new(Places, sockets: 20);
        HttpVisitor[] slow = street.AddMany(Places, () => new HttpVisitor { Request = Endless, Interval = interval, StaysOpen = true });
        street.Run(2000);
        Assert.InRange(street.Newcomer(), 0, Second);
        Assert.InRange(street.Newcomer(), 0, Second);

        // who has begun with a request is told
        HttpVisitor[] out408 = [.. slow.Where(s => s.WasTurnedOut)];
        Assert.NotEmpty(out408);
        Assert.All(out408, s => Assert.StartsWith("HTTP/1.1 408 Request Timeout\r\n", s.Received));
        Assert.DoesNotContain(slow, s => s.WasReset);
    }

    [Fact]
    public void A_request_that_comes_fast_enough_but_does_not_end_has_three_seconds()
    {
        HttpStreet street = new(Places, sockets: 20);
        street.AddMany(Places, () => new HttpVisitor { Request = Endless, Interval = 1.5, StaysOpen = true });
        street.Run(100);
        Assert.InRange(street.Newcomer(), 2500, 3200);
    }

    [Fact]
    public void Readers_with_a_closed_window_delay_a_newcomer_by_a_second()
    {
        HttpStreet street = new(Places, sockets: 20);
        HttpVisitor[] readers = street.AddMany(Places, () => new HttpVisitor { Request = HttpStreet.LargePage, Reads = 0 });
        street.Run(200);
        Assert.InRange(street.Newcomer(), 0, Second);
        Assert.InRange(street.Newcomer(), 0, Second);

        // who does not read keeps no frames with what he does not read
        street.Run(10);
        Assert.Equal(street.Server.Counters.GaveWay, (uint)readers.Count(r => r.WasReset));
    }

    [Fact]
    public void Readers_that_take_a_byte_now_and_then_delay_a_newcomer_by_a_second()
    {
        HttpStreet street = new(Places, sockets: 20);
        street.AddMany(Places, () => new HttpVisitor { Request = HttpStreet.LargePage, ReadInterval = 100 });
        street.Run(2000);
        Assert.InRange(street.Newcomer(), 0, Second);
    }

    [Fact]
    public void Readers_that_are_slow_on_purpose_delay_a_newcomer_by_ten_seconds_at_most()
    {
        HttpStreet street = new(Places, sockets: 20);
        street.AddMany(Places, () => new HttpVisitor { Request = HttpStreet.LargePage, ReadInterval = 0.7 });
        street.Run(200);
        Assert.InRange(street.Newcomer(), 0, 10_200);
    }

    [Fact]
    public void Clients_that_have_their_answer_and_do_not_close_delay_a_newcomer_by_a_second()
    {
        HttpStreet street = new(Places, sockets: 20);
        HttpVisitor[] done = street.AddMany(Places, () => new HttpVisitor { Request = HttpStreet.Page, StaysOpen = true });
        street.Run(50);
        Assert.All(done, d => Assert.NotNull(d.ServedAt));
        Assert.Equal(Places, street.Server.Clients);
        Assert.InRange(street.Newcomer(), 0, Second);
        Assert.DoesNotContain(done, d => d.WasReset);
    }

    [Fact]
    public void Who_makes_progress_is_not_turned_out_for_whoever_waits()
    {
        HttpStreet street = new(Places, sockets: 20);
        HttpVisitor[] readers = street.AddMany(3, () => new HttpVisitor { Request = HttpStreet.LargePage, ReadInterval = 0.3 });
        HttpVisitor[] silent = street.AddMany(Places - 3, () => new HttpVisitor { StaysOpen = true });
        for (int i = 0; i < 20; i++)
        {
            Assert.InRange(street.Newcomer(), 0, Second);
        }

        street.Run(9000);
        Assert.All(silent, s => Assert.True(s.WasTurnedOut));
        Assert.All(readers, r => Assert.NotNull(r.ServedAt));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(10)]
    public void Twelve_viewers_with_a_spare_connection_each_do_not_wait(int sockets)
    {
        HttpStreet street = new(Places, sockets);
        List<HttpVisitor> loads = [];
        HttpVisitor?[] spares = new HttpVisitor?[12];
        int[] next = [.. Enumerable.Range(0, 12).Select(i => street.Now + (i * 5000 / 12))];
        street.Also = () =>
        {
            for (int i = 0; i < next.Length; i++)
            {
                if (street.Now - next[i] >= 0)
                {
                    // a browser opens a spare connection beside each page that it loads, if it has none
                    next[i] += 5000;
                    loads.Add(street.Add(new HttpVisitor { Request = HttpStreet.Page }));
                    spares[i] = spares[i] is null or { IsOver: true } ? street.Add(new HttpVisitor()) : spares[i];
                }
            }
        };
        street.Run(60_000);
        street.Also = null;
        street.Run(20_000);
        int longest = loads.Max(load => load.ServedAt is int at ? at - load.BeganAt : int.MaxValue);
        Assert.InRange(longest, 0, 3000);
        Assert.InRange(loads.Count, 140, 150);
    }
}
