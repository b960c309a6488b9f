// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Tcp;

/// <summary>The shortest timeout as the stack comes: with whom it repeats nothing in vain, and how soon it repeats what is lost.</summary>
public sealed class MinimumTimeoutTests : StackTest
{
    private static readonly int s_minimum = new StackConfiguration().TcpMinimumRto;

    [Fact]
    public void F16_the_shortest_timeout_is_300_ms_and_doubles_as_any_other()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(configure: c => c.TcpMinimumRto = s_minimum);
        net.Write(socket, Wire.PatternBytes(1, 100));
        int sent = peer.Expect("PA").Time;
        net.Advance(5000);
        Assert.Equal([300, 900, 2100, 4500], peer.TakeAll().Select(seen => seen.Time - sent));
        peer.Send("A", ack: 101);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(200)]
    [InlineData(250)]
    public void F16_nothing_is_repeated_to_a_peer_that_delays_its_acknowledgments_as_usual_systems_do(int delay)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(configure: c => c.TcpMinimumRto = s_minimum);
        for (int i = 0; i < 50; i++)
        {
            // every third is answered at once, so that the peer's delay is never what is expected
            net.Write(socket, Wire.PatternBytes(peer.RcvNxt, 100));
            peer.Expect("PA", seq: peer.RcvNxt, len: 100);
            net.Advance(i % 3 == 0 ? 1 : delay);
            peer.Send("A");
        }

        Assert.Equal(0u, net.Stack.Tcp.Counters.Retransmissions);
    }

    [Fact]
    public void F16_of_a_peer_that_delays_for_as_long_as_it_may_a_few_at_most_are_repeated()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(configure: c => c.TcpMinimumRto = s_minimum);
        for (int i = 0; i < 50; i++)
        {
            long start = peer.RcvNxt;
            net.Write(socket, Wire.PatternBytes(start, 100));
            peer.Expect("PA", seq: start, len: 100);
            net.Advance(500);
            peer.TakeAll();
            peer.Send("A", ack: start + 100);
            peer.RcvNxt = start + 100;
        }

        Assert.InRange(net.Stack.Tcp.Counters.Retransmissions, 1u, 2u);
    }
}
