// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Segments that cannot be kept: one of them passes through until the next poll, others go over into smaller frames.</summary>
public sealed class PassingSegmentTests
{
    [Fact]
    public void What_cannot_be_kept_is_there_to_be_read_and_not_acknowledged()
    {
        ReceiveBench bench = new([4, 4, 4, 1]);
        uint next = bench.Block.RcvNxt;
        Assert.False(bench.Arrive(1400));
        Assert.Same(bench.Block, bench.Queue.PassingTo);
        Assert.Equal(1400, bench.Queue.PassingBytes);
        Assert.Equal(next, bench.Block.RcvNxt);
        Assert.Equal(1, bench.Pool.InUse(3));
        Assert.True(bench.Queue.TakePassing(bench.Block));
        Assert.Null(bench.Queue.PassingTo);
        Assert.Equal([1400], ReceiveBench.Lengths(bench.Block));
        Assert.Equal(0u, bench.Counters.ReceiveQueueFull);
        Assert.False(bench.Queue.TakePassing(bench.Block));
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(100)]
    [InlineData(500)]
    [InlineData(1400)]
    public void A_segment_of_any_size_can_pass(int length)
    {
        ReceiveBench bench = new([1, 1, 1, 1]);
        Assert.False(bench.Arrive(length));
        Assert.Equal(length, bench.Queue.PassingBytes);
        Assert.True(bench.Queue.TakePassing(bench.Block));
        bench.AssertWhole();
    }

    [Fact]
    public void It_is_read_by_the_connection_that_it_is_for()
    {
        ReceiveBench bench = new([4, 4, 4, 1]);
        Assert.False(bench.Arrive(1400));
        Assert.False(bench.Queue.TakePassing(ReceiveBench.Connection()));
        Assert.Same(bench.Block, bench.Queue.PassingTo);
        bench.AssertWhole();
    }

    [Fact]
    public void If_it_is_not_read_it_is_kept_once_there_is_room_and_acknowledged()
    {
        ReceiveBench bench = new([4, 4, 4, 2]);
        bench.Leave(3, 1);
        Assert.False(bench.Arrive(1400));
        bench.GiveBack();
        bench.Queue.EndTurn();
        Assert.Null(bench.Queue.PassingTo);
        Assert.Equal([1400], ReceiveBench.Lengths(bench.Block));
        Assert.True(bench.Block.AcknowledgmentDue == AcknowledgmentDue.Now && bench.Block.OutputPending);
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(4, 4, 8, new[] { 540, 540, 320 }, 0)] // three frames of 594 bytes
    [InlineData(3, 4, 8, new[] { 540, 540, 144, 144, 32 }, 0)] // one of each size stays free
    [InlineData(4, 4, 2, new[] { 540, 540 }, 1)]
    [InlineData(2, 3, 8, new[] { 540, 144, 144, 10, 10, 10 }, 1)]
    [InlineData(1, 1, 8, new[] { 10, 10, 10 }, 1)]
    [InlineData(1, 1, 2, new[] { 10, 10 }, 1)]
    public void Otherwise_it_goes_over_into_smaller_frames_as_far_as_there_are_some(int middle, int small, int limit, int[] lengths, uint full)
    {
        ReceiveBench bench = new([4, small, middle, 1], limit);
        Assert.False(bench.Arrive(1400));
        bench.Queue.EndTurn();
        Assert.Null(bench.Queue.PassingTo);
        Assert.Equal(lengths, ReceiveBench.Lengths(bench.Block));
        Assert.Equal(full, bench.Counters.ReceiveQueueFull);
        Assert.True(bench.Block.AcknowledgmentDue == AcknowledgmentDue.Now && bench.Block.OutputPending);
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(60, 0)]
    [InlineData(62, 3)] // one of four stays free
    public void A_frame_is_of_use_for_that_if_it_takes_eight_bytes_of_text(int capacity, int frames)
    {
        FramePool pool = new([capacity, 1518], [4, 1], WordOrder.LowByteFirst, 0, guard: false);
        TcpReceiveQueue queue = new(pool, new TcpCounters(), 8);
        TcpControlBlock block = ReceiveBench.Connection();
        TcpSegment segment = new() { Frame = pool.Rent(1518), TextOffset = TcpTransmitter.TextStart, TextLength = 1400 };
        Assert.False(queue.Append(block, segment));
        queue.EndTurn();
        Assert.Equal(Enumerable.Repeat(8, frames), ReceiveBench.Lengths(block));
    }

    [Fact]
    public void Who_holds_something_gets_no_smaller_frames_and_the_peer_is_told_what_was_taken()
    {
        ReceiveBench bench = new([4, 4, 8, 2]);
        Assert.True(bench.Arrive(1400));
        Assert.False(bench.Arrive(1400));
        Assert.Same(bench.Block, bench.Queue.PassingTo);
        bench.Queue.EndTurn();
        Assert.Equal([1400], ReceiveBench.Lengths(bench.Block));
        Assert.Equal(1u, bench.Counters.ReceiveQueueFull);
        Assert.True(bench.Block.AcknowledgmentDue == AcknowledgmentDue.Now && bench.Block.OutputPending);
        bench.AssertWhole();
    }

    [Fact]
    public void What_has_come_again_and_was_kept_meanwhile_does_not_come_twice()
    {
        ReceiveBench bench = new([4, 4, 4, 3]);
        bench.Leave(3, 1);
        Assert.False(bench.Arrive(1400));
        bench.GiveBack();
        Assert.True(bench.Arrive(1400));
        Assert.False(bench.Queue.TakePassing(bench.Block));
        bench.Queue.EndTurn();
        Assert.Null(bench.Queue.PassingTo);
        Assert.False(bench.Block.AcknowledgmentDue == AcknowledgmentDue.Now || bench.Block.OutputPending);
        Assert.Equal([1400], ReceiveBench.Lengths(bench.Block));
        bench.AssertWhole();
    }

    [Fact]
    public void While_one_passes_for_a_connection_it_gets_no_smaller_frames()
    {
        ReceiveBench bench = new([4, 4, 4, 2]);
        bench.Leave(3, 1);
        Assert.False(bench.Arrive(1400));
        bench.GiveBack();
        Assert.False(bench.Arrive(1400));
        Assert.Equal(0, bench.Block.ReceiveQueue.Count);
        Assert.True(bench.Queue.TakePassing(bench.Block));
        Assert.Equal(0u, bench.Counters.ReceiveQueueFull);
        bench.AssertWhole();
    }

    [Fact]
    public void One_passes_at_a_time_and_the_next_goes_over_at_once()
    {
        ReceiveBench bench = new([4, 4, 4, 2]);
        bench.Leave(3, 1);
        TcpControlBlock other = ReceiveBench.Connection();
        Assert.False(bench.Arrive(1400, other));
        bench.GiveBack();
        bench.Leave(3, 1);
        Assert.True(bench.Arrive(1400));
        Assert.Same(other, bench.Queue.PassingTo);
        Assert.Equal([540, 540, 320], ReceiveBench.Lengths(bench.Block));
        bench.AssertWhole(other);
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    public void Who_holds_something_gives_way_to_who_holds_nothing(bool first, bool second, bool givesWay)
    {
        ReceiveBench bench = new([8, 4, 4, 2]);
        TcpControlBlock other = ReceiveBench.Connection();
        Assert.True(!first || bench.Arrive(1, other));
        Assert.True(!second || bench.Arrive(1));
        bench.Leave(3, 1);
        bench.Leave(2, 1);
        bench.Leave(1, 1);
        bench.Leave(0, 1);
        Assert.False(bench.Arrive(1400, other));
        bench.GiveBack();
        bench.Leave(3, 1);
        bench.Leave(2, 1);
        bench.Leave(1, 1);
        bench.Leave(0, 1);
        Assert.False(bench.Arrive(1400));
        Assert.Same(givesWay ? bench.Block : other, bench.Queue.PassingTo);
        Assert.Equal(1u, bench.Counters.ReceiveQueueFull);
        bench.AssertWhole(other);
    }

    [Fact]
    public void A_buffer_that_is_no_frame_of_the_pool_neither_waits_nor_passes()
    {
        // fragments were put together in it, and it is needed for the next
        ReceiveBench bench = new([4, 4, 4, 2]);
        Frame buffer = new(1600, WordOrder.LowByteFirst);
        Assert.False(bench.Arrive(bench.Fill(bench.Block, buffer, 1500), 1500));
        Assert.Null(bench.Queue.PassingTo);
        Assert.Equal(0, buffer.References);
        Assert.Equal(1500 > ReceiveBench.Largest ? 1u : 0u, bench.Counters.ReceiveQueueFull);
        Assert.Equal(0, bench.Block.ReceiveQueue.Count);
        Assert.True(bench.Arrive(bench.Fill(bench.Block, buffer, 1400), 1400));
        Assert.Equal([1400], ReceiveBench.Lengths(bench.Block));
        bench.AssertWhole();
    }

    [Fact]
    public void Who_holds_as_much_as_it_may_lets_nothing_pass()
    {
        ReceiveBench bench = new([4, 4, 4, 6], limit: 1);
        Assert.True(bench.Arrive(1000));
        Assert.False(bench.Arrive(1000));
        Assert.Null(bench.Queue.PassingTo);
        Assert.Equal(1u, bench.Counters.ReceiveQueueFull);
        bench.AssertWhole();
    }
}
