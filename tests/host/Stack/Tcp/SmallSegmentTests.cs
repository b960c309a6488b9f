// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Tcp;

/// <summary>A peer that sends many small segments, and an application that does not read them.</summary>
public sealed class SmallSegmentTests : StackTest
{
    [Theory, BothOrders]
    public void Small_segments_that_nobody_reads_share_frames(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
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
    public void With_the_pool_empty_a_small_segment_is_dropped_and_counted()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(configure: c =>
        {
            c.FrameCapacities = [64, 1518];
            c.FrameCounts = [20, 2];
            c.ReceiveReserve = 2;
        });
        Frame[] taken = [net.Stack.Pool.Rent(1500)!, net.Stack.Pool.Rent(1500)!];
        for (int i = 0; i < 5; i++)
        {
            peer.Send("PA", length: 6);
            peer.TakeAll();
        }

        Assert.Equal(1u, net.Stack.Tcp.Counters.ReceiveQueueFull);
        Array.ForEach(taken, net.Stack.Pool.Return);
        Assert.Equal(Wire.PatternBytes(1, 24), net.Read(socket));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(536)]
    [InlineData(1000)]
    public void What_the_window_promises_is_kept_in_segments_of_any_size(int size)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        int count = 0;
        while (peer.SndNxt + size <= 1 + net.Configuration.TcpReceiveWindow && count++ < 400)
        {
            peer.Send("PA", length: size);
            peer.TakeAll();
        }

        Assert.Equal(0u, net.Stack.Tcp.Counters.ReceiveQueueFull);
        Assert.Equal(Wire.PatternBytes(1, (int)peer.SndNxt - 1), net.Read(socket));
    }
}
