// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;

namespace HostTests.Stack.Fairness;

/// <summary>Many honest clients at once: as many as the firmware is made for wait for nothing, and of eight times as many each is served.</summary>
public sealed class CrowdTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void Of_8_clients_at_once_none_waits_for_a_repeated_SYN(int apart, bool asksFirst)
    {
        for (uint seed = 1; seed <= 5; seed++)
        {
            List<StreetClient> clients = Serve(StackConfiguration.ForClients(Firmware.Application.HttpConnections), 8, apart, asksFirst, seed, 2000);
            Assert.All(clients, c => Assert.Equal(1, c.Syns));
            Assert.All(clients, c => Assert.InRange(c.ServedAfter, 0, 900));
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(5, false)]
    public void Of_64_clients_at_once_each_is_served(int apart, bool asksFirst)
    {
        List<StreetClient> clients = Serve(StackConfiguration.ForClients(Firmware.Application.HttpConnections), 64, apart, asksFirst, 1, 12_000);
        Assert.All(clients, c => Assert.InRange(c.ServedAfter, 0, 12_000));
        Assert.All(clients, c => Assert.False(c.WasReset));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(30)]
    [InlineData(StackConfiguration.MaximumClients)]
    public void Any_number_of_clients_that_the_sizes_are_made_for_is_served_at_once(int number)
    {
        List<StreetClient> clients = Serve(StackConfiguration.ForClients(number), number, 0, true, 1, 3000, places: number);
        Assert.All(clients, c => Assert.Equal(1, c.Syns));
        Assert.All(clients, c => Assert.InRange(c.ServedAfter, 0, 3000));
    }

    [Fact]
    public void The_smallest_stack_serves_4_clients_at_once_one_after_the_other()
    {
        List<StreetClient> clients = Serve(StackConfiguration.Smallest(), 4, 0, true, 1, 20_000, places: 1);
        Assert.All(clients, c => Assert.InRange(c.ServedAfter, 0, 20_000));
    }

    private static List<StreetClient> Serve(
        StackConfiguration configuration, int number, int apart, bool asksFirst, uint seed, int limit, int places = 8)
    {
        Street street = new(seed: seed, configuration: configuration);
        HttpServer server = new(
            street.Stack.Sockets, street.Interface.WordOrder, 80, places, [new TestPage("/", 400, street.Interface.WordOrder)]);
        street.Programs.Add(server.Poll);
        street.Run(500);
        List<StreetClient> clients = [];
        for (int i = 0; i < number; i++)
        {
            clients.Add(new StreetClient(street, Wire.Address("192.168.1.60") + (uint)i, 41000 + i, asksFirst));
            if (apart > 0)
            {
                street.Run(apart);
            }
        }

        street.Run(limit, () => clients.All(c => c.ServedAfter >= 0));
        street.Run(1000);
        street.Finish();
        return clients;
    }
}
