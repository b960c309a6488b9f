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
