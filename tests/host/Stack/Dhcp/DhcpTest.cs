// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dhcp;
using TcpIp.Link;

namespace HostTests.Stack.Dhcp;

/// <summary>What all tests of the client share: a network with a server, and the client's messages, each checked by the referee.</summary>
public abstract class DhcpTest : StackTest
{
    internal static readonly uint Leased = Wire.Address("192.168.1.77");

    internal TestNetwork Net { get; private set; } = null!;

    internal DhcpServer Server { get; private set; } = null!;

    internal DhcpClient Client { get; private set; } = null!;

    /// <summary>Gets what the client has said.</summary>
    internal List<DhcpQuestion> Said { get; } = [];

    internal IEnumerable<string> Kinds => Said.Select(q => q.Kind);

    internal DhcpQuestion Last => Said[^1];

    /// <summary>Makes network, server and client, and lets the client begin.</summary>
    internal void Start(
        Action<DhcpConfiguration>? configure = null,
        WordOrder order = WordOrder.LowByteFirst,
        uint seed = 1,
        Action<StackConfiguration>? stack = null,
        int start = TestNetwork.DefaultStart)
    {
        Net = Begin(order, stack, seed, start);
        Server = new DhcpServer(Net);
        DhcpConfiguration configuration = new() { StartSpread = 1, Conflicts = TcpIp.Arp.ConflictPolicy.None, LinkLocal = false };
        configure?.Invoke(configuration);
        Client = new DhcpClient(Net.Stack, new MacAddress([0x02, 0xAA, 0xBB, 0xCC, 0xDD, 0x01]), new TestRandom(seed + 100), configuration);
        Net.Application = Client.Poll;
        Net.Listener = frame =>
        {
            if (frame.IsUdp && frame.DestinationPort == 67)
            {
                DhcpQuestion question = new(frame);
                Said.Add(question);
                Server.Hear(question);
            }
        };
        Client.Start();
    }

    /// <summary>The same, until there is a lease.</summary>
    internal void StartBound(Action<DhcpConfiguration>? configure = null, uint time = 86400, Action<DhcpAnswer>? change = null, int start = TestNetwork.DefaultStart)
    {
        Start(configure, start: start);
        Server.Time = time;
        Server.Change = change;
        Net.Poll();
        Assert.Equal(DhcpState.Bound, Client.State);
        Said.Clear();
    }

    internal void AssertBound()
    {
        Assert.Equal(DhcpState.Bound, Client.State);
        Assert.True(Client.IsBound);
        Assert.Equal(Client.Lease.Address, Net.Stack.IPv4.Address);
        Assert.Equal(Client.Lease.Netmask, Net.Stack.IPv4.Netmask);
        Assert.Equal(Client.Lease.Router, Net.Stack.IPv4.Gateway);
    }

    internal void AssertNoAddress()
    {
        Assert.False(Client.IsBound);
        Assert.Equal(0u, Net.Stack.IPv4.Address);
        Assert.Equal(0u, Client.Lease.Address);
    }

    internal void AdvanceSeconds(long seconds)
    {
        while (seconds > 0)
        {
            int step = (int)Math.Min(seconds, 1_000_000);
            Net.Advance(step * 1000);
            seconds -= step;
        }
    }
}
