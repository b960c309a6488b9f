// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Measured and computed values at the ends of their ranges.</summary>
public sealed class BoundsTests : StackTest
{
    private const int Window = 65535;

    [Fact]
    public void F16_an_acknowledgment_that_is_looked_at_after_more_than_60_seconds_counts_as_60()
    {
        (TestNetwork net, TcpPeer peer, int socket) = WithOneByteUnderWay();

        // it has come, but the application was away and did not poll: the stack looks at it before its timers
        peer.Send("A", ack: 2, poll: false);
        net.Stack.Poll(net.Now + 70_000);
        SocketStatus status = StatusOf(net, socket);
        Assert.Equal(7_500, status.RoundTripTime);
        Assert.Equal(60_000, status.RetransmissionTimeout);
        Assert.Equal(0, status.Retransmissions);
        net.Advance(80_000);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void F16_a_clock_that_steps_back_measures_nothing()
    {
        (TestNetwork net, TcpPeer peer, int socket) = WithOneByteUnderWay();
        int before = StatusOf(net, socket).RetransmissionTimeout;
        peer.Send("A", ack: 2, poll: false);
        net.Stack.Poll(net.Now - 5);
        SocketStatus status = StatusOf(net, socket);
        Assert.Equal(before, status.RetransmissionTimeout);
        Assert.Equal(0, status.RoundTripTime);
        Assert.Equal(0, status.SendQueueBytes);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void F16_the_first_sample_of_60_seconds_and_the_shortest_give_a_timeout_in_its_bounds()
    {
        TcpControlBlock block = new(0);
        RetransmissionTimeout.Measure(block, int.MaxValue, 1000);
        Assert.Equal(60_000, block.Srtt8 >> 3);
        Assert.Equal(60_000, block.Rto);
        RetransmissionTimeout.BackOff(block);
        Assert.Equal(60_000, block.Rto);

        block = new(0);
        RetransmissionTimeout.Measure(block, 0, 1000);
        Assert.NotEqual(0, block.Srtt8);
        Assert.Equal(1_000, block.Rto);
        int variance = block.RttVar4;
        RetransmissionTimeout.Measure(block, -1, 1000);
        Assert.Equal(1_000, block.Rto);
        Assert.Equal(variance, block.RttVar4);

        // a path that never varies: the clock does, by a millisecond
        Assert.Equal(2_001, RetransmissionTimeout.Timeout(new(0) { Srtt8 = 2_000 << 3 }, 1000));
        Assert.Equal(1_000, RetransmissionTimeout.Timeout(new(0), 300));
    }

    /// <summary>The peer's window in 45 equal segments.</summary>
    private const int Segment = 1456;

    [Fact]
    public void F20_the_congestion_window_ends_where_no_window_is_larger()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        peer.Window = Window;
        int socket = peer.OpenTo(net.Listen());
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port);
        int largest = 0;
        for (long next = 1; next < 200 * Segment; next += Segment)
        {
            net.Write(socket, Wire.PatternBytes(next, Segment));
            peer.Expect("PA", seq: next, len: Segment);
            peer.Send("A");
            Assert.True(block.CongestionWindow >= largest);
            largest = block.CongestionWindow;
        }

        // the last step may go beyond it, for the window of the peer limits as well
        Assert.InRange(largest, Window, Window + 1460);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void F21_duplicates_in_recovery_do_not_inflate_the_congestion_window_without_end()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        peer.Window = Window;
        int socket = peer.OpenTo(net.Listen());
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port);
        net.Write(socket, Wire.PatternBytes(1, 3 * Segment));
        peer.TakeAll();
        for (int i = 0; i < 1000; i++)
        {
            peer.Send("A", ack: 1);
        }

        Assert.InRange(block.CongestionWindow, Window, Window + 1460);
        Assert.Equal(1u, net.Stack.Tcp.Counters.FastRetransmissions);
        net.Sockets.Abort(socket);
    }

    private static SocketStatus StatusOf(TestNetwork net, int socket)
    {
        SocketStatus status = new();
        for (int row = 0; row < net.Sockets.Count; row++)
        {
            if (net.Sockets.GetStatus(row, status) && status.Descriptor == socket)
            {
                return status;
            }
        }

        throw new InvalidOperationException("no such socket");
    }

    private (TestNetwork Net, TcpPeer Peer, int Socket) WithOneByteUnderWay()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer(port: 7);
        int socket = peer.OpenFrom();
        net.Write(socket, Wire.PatternBytes(1, 1));
        peer.Expect("PA", seq: 1, len: 1);
        return (net, peer, socket);
    }
}
