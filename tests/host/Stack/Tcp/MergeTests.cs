// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Tcp;

/// <summary>Small segments that fill a connection's share of frames are put together.</summary>
public sealed class MergeTests : StackTest
{
    private const int TextStart = 54;

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Two_segments_that_just_fill_a_frame_are_put_together_and_two_that_do_not_fit_are_not(int more, bool merged)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(configure: c => c.TcpReceiveFrames = 2);
        int most = net.Stack.Pool.LargestCapacity - TextStart;
        peer.Send("PA", length: 10 + more);
        peer.Send("PA", length: most - 10);

        // the second one's frame has no room for this
        const int Third = 30;
        peer.Send("PA", length: Third);
        Assert.Equal(merged ? 1u : 0u, net.Stack.Tcp.Counters.SegmentsMerged);
        Assert.Equal(Wire.PatternBytes(1, most + more + (merged ? Third : 0)), net.Read(socket));
        peer.RcvNxt = 1;
        peer.TakeAll();
    }
}
