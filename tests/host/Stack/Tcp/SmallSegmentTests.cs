// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp.Frames;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>A peer that sends many small segments, and an application that does not read them.</summary>
public sealed class SmallSegmentTests : StackTest
{
    [Theory, BothOrders]
    public void Small_segments_that_nobody_reads_share_frames(WordOrder order)
    {
        TestNetwork net = Begin(order);
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        int free = net.Stack.Pool.Free;
        for (int i = 0; i < 200; i++)
        {
            peer.Send("PA", length: 1 + (i % 9));
            net.Advance(100);
            peer.TakeAll();
        }

        Assert.InRange(free - net.Stack.Pool.Free, 1, 4);
        Assert.Equal(0u, net.Stack.Tcp.Counters.ReceiveQueueFull);
        Assert.True(net.Stack.Tcp.Counters.SegmentsMerged > 150);
        byte[] read = net.Read(socket);
        Assert.Equal(peer.SndNxt - 1, read.Length);
        Assert.Equal(Wire.PatternBytes(1, read.Length), read);
    }

    [Fact]
    public void What_does_not_fit_a_frame_any_more_is_dropped_and_taken_when_it_comes_again()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        for (int i = 0; i < 4; i++)
        {
            peer.Send("PA", length: 10);
            peer.TakeAll();
        }

        peer.Send("A", length: 1450);
        long next = peer.SndNxt;
        peer.Send("A", length: 1000);
        Assert.Equal((uint)next, peer.TakeAll()[^1].AckNumber - peer.Iss);
        Assert.Equal(1u, net.Stack.Tcp.Counters.ReceiveQueueFull);
        Assert.Equal(Wire.PatternBytes(1, (int)next - 1), net.Read(socket));
        peer.TakeAll();
        peer.Send("PA", seq: next, length: 1000);
        net.Advance(200);
        Assert.Equal(Wire.PatternBytes(next, 1000), net.Read(socket));
    }

    [Fact]
    public void With_the_pool_empty_a_small_segment_is_dropped_and_counted()
    {
        TestNetwork net = Begin(configure: c =>
        {
            c.FrameCapacities = [64, 1518];
            c.FrameCounts = [20, 1];
            c.ReceiveReserve = 2;
        });
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        Frame taken = net.Stack.Pool.Rent(1500)!;
        for (int i = 0; i < 5; i++)
        {
            peer.Send("PA", length: 6);
            peer.TakeAll();
        }

        Assert.Equal(1u, net.Stack.Tcp.Counters.ReceiveQueueFull);
        net.Stack.Pool.Return(taken);
        Assert.Equal(Wire.PatternBytes(1, 24), net.Read(socket));
    }
}
