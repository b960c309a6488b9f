// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;

namespace HostTests.Stack.Arp;

/// <summary>Frames that wait for neighbours who do not answer: which of them gives way to others.</summary>
public sealed class ParkedFramesTests : StackTest
{
    private const int Small = 60;
    private const int Large = 1514;

    private static readonly uint s_ip = Wire.Address("192.168.1.66");

    [Theory]
    [InlineData(0, 10, 20, 0)]
    [InlineData(20, 0, 10, 1)]
    [InlineData(20, 10, 0, 2)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(10, 0, 0, 1)]
    [InlineData(2400, 2600, 2700, 0)] // the clock comes round
    [InlineData(2600, 2400, 2700, 1)]
    public void The_one_that_has_waited_longest_gives_way(int first, int second, int third, int expected)
    {
        TestNetwork net = Begin();
        int[] times = [first, second, third];
        var frames = new Frame[3];
        foreach (int i in Enumerable.Range(0, 3))
        {
            // each has a row, in this order, before the first one waits
            net.Stack.Arp.Resolve(s_ip + (uint)i, 1);
        }

        foreach (int i in Enumerable.Range(0, 3).OrderBy(i => times[i]))
        {
            net.Advance(net.Start + times[i] - net.Now);
            frames[i] = Park(net, s_ip + (uint)i, Small);
        }

        Assert.True(net.Stack.Arp.Parked.GiveUp(FramePool.AnySize));
        Assert.Equal([expected], Enumerable.Range(0, 3).Where(i => frames[i].References == 0));
        Assert.Equal(1u, net.Stack.Arp.Counters.ParkedDropped);
    }

    [Fact]
    public void One_of_the_size_that_is_wanted_gives_way_though_another_has_waited_longer()
    {
        TestNetwork net = Begin();
        Frame large = Park(net, s_ip, Large);
        net.Advance(10);
        Frame small = Park(net, s_ip + 1, Small);
        int size = small.SizeClass;
        Assert.True(net.Stack.Arp.Parked.GiveUp(size));
        Assert.Equal((1, 0), (large.References, small.References));
        Assert.False(net.Stack.Arp.Parked.GiveUp(size));
        Assert.True(net.Stack.Arp.Parked.GiveUp(FramePool.AnySize));
        Assert.Equal(0, large.References);
        Assert.False(net.Stack.Arp.Parked.GiveUp(FramePool.AnySize));
    }

    [Fact]
    public void One_that_somebody_else_holds_too_does_not_for_that_would_free_nothing()
    {
        TestNetwork net = Begin();
        Frame held = Park(net, s_ip, Small);
        held.Retain();
        net.Advance(10);
        Frame other = Park(net, s_ip + 1, Small);
        Assert.True(net.Stack.Arp.Parked.GiveUp(FramePool.AnySize));
        Assert.Equal((2, 0), (held.References, other.References));
        Assert.False(net.Stack.Arp.Parked.GiveUp(FramePool.AnySize));
        net.Stack.Pool.Return(held);
    }

    /// <summary>A packet for a neighbour who does not answer.</summary>
    private static Frame Park(TestNetwork net, uint neighbour, int length)
    {
        Frame frame = net.Stack.Pool.Rent(length)!;
        Assert.True(net.Stack.Arp.Send(frame, neighbour));
        net.Stack.Pool.Return(frame);
        Assert.Equal(1, frame.References);
        return frame;
    }
}
