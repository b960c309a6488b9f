// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;
using TcpIp.Tcp;

namespace HostTests.Stack.Fairness;

/// <summary>SYNs from addresses that never answer, of this link and of others: honest clients are served all the same.</summary>
public sealed class SynFloodTests
{
    [Theory]
    [InlineData(10, false, 3000)]
    [InlineData(40, false, 3000)]
    [InlineData(200, false, 3000)]
    [InlineData(1000, false, 10_000)]
    [InlineData(10, true, 3000)]
    [InlineData(40, true, 3000)]
    [InlineData(200, true, 3000)]
    [InlineData(1000, true, 10_000)]
    public void Each_honest_client_is_served_in_time(int perSecond, bool onLink, int limit)
    {
        foreach (bool asksFirst in new[] { true, false })
        {
            Street street = new();
            HttpServer server = new(street.Stack.Sockets, street.Interface.WordOrder, 80, 8, [new TestPage("/", 400, street.Interface.WordOrder)]);
            street.Programs.Add(server.Poll);
            street.Flood(perSecond, 25_000, onLink);
            street.Run(2000);
            List<StreetClient> clients = [];
            for (int i = 0; i < 8; i++)
            {
                uint ip = i % 2 == 0 ? Wire.Address("192.168.1.10") + (uint)i : Wire.Address("203.0.113.1") + (uint)i;
                clients.Add(new StreetClient(street, ip, 41000 + i, asksFirst));
                street.Run(1037);
            }

            street.Run(limit);
            Assert.All(clients, c => Assert.InRange(c.ServedAfter, 0, limit));
            Assert.All(clients, c => Assert.Contains("counter:", c.Text.ToString()));
            Assert.True(street.Stack.Tcp.Counters.SynCookiesSent > 0);
            street.Finish();
        }
    }

    [Fact]
    public void A_handshake_that_was_begun_before_the_flood_is_completed_in_it()
    {
        // a client whose way takes longer than our first timeout, so that its entry has aged
        Street street = new();
        _ = new StreetServer(street);
        street.Delay = 700;
        StreetClient client = new(street, Wire.Address("203.0.113.7"), 40000);
        street.Flood(1000, 5000, onLink: false);
        street.Run(8000, () => client.ServedAfter >= 0 || client.WasReset);
        Assert.False(client.WasReset);
        Assert.InRange(client.ServedAfter, 0, 8000);
        street.Finish();
    }

    [Fact]
    public void A_flood_of_neighbours_that_are_not_there_has_us_ask_for_few_of_them()
    {
        Street street = new();
        _ = new StreetServer(street);
        street.Flood(1000, 5000, onLink: true);
        street.Run(5000);
        Assert.InRange(street.Stack.Arp.Counters.RequestsSent, 0u, 60u);
        Assert.InRange(street.Stack.Tcp.HalfOpen, 1, street.Configuration.TcpSynQueue);
        Assert.Equal(1, street.Stack.Tcp.BlocksInUse);
        street.Finish();
    }

    [Fact]
    public void Acknowledgments_that_are_guessed_open_nothing()
    {
        Street street = new();
        StreetServer server = new(street);
        street.Flood(100, 12_000, onLink: false);
        street.Run(1000);
        uint resets = street.Stack.Tcp.Counters.ResetsSent;
        for (int i = 0; i < 10_000; i++)
        {
            uint ip = 0x2D000000 | (street.Random.Next() & 0xFFFFFF);
            street.SendSegment(ip, TestNetwork.GatewayMac, 1024 + i, 80, street.Random.Next(), street.Random.Next(), SeenFrame.Ack, 8192);
            street.Run(1);
        }

        street.Run(100);
        Assert.Equal(0, server.Accepted);
        Assert.Equal(1, street.Stack.Tcp.BlocksInUse);
        Assert.Equal(10_000u, street.Stack.Tcp.Counters.ResetsSent - resets);
        StreetClient client = new(street, Wire.Address("192.168.1.10"), 40000);
        Assert.True(street.Run(3000, () => client.ServedAfter >= 0));
        street.Finish();
    }

    [Fact]
    public void Resets_that_are_guessed_end_no_handshake()
    {
        Street street = new();
        _ = new StreetServer(street);
        street.Delay = 300;
        StreetClient client = new(street, Wire.Address("203.0.113.7"), 40000);
        for (int i = 0; i < 500; i++)
        {
            street.SendSegment(client.Ip, TestNetwork.GatewayMac, 40000, 80, street.Random.Next(), 0, SeenFrame.Rst, 0);
            street.Run(1);
        }

        Assert.True(street.Run(3000, () => client.ServedAfter >= 0));
        street.Finish();
    }
}
