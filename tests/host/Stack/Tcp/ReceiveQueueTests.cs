// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>In which frames text waits that nobody reads yet: its own, or others where its own are short.</summary>
public sealed class ReceiveQueueTests
{
    [Fact]
    public void The_frame_that_the_text_came_in_waits_and_nothing_is_copied()
    {
        ReceiveBench bench = new([4, 4, 4, 6]);
        Frame frame = bench.Fill(bench.Block, bench.Pool.Rent(1000)!, 700);
        Assert.True(bench.Arrive(frame, 700));
        Assert.Same(frame, bench.Block.ReceiveQueue.Head);
        Assert.Equal(2, frame.References);
        bench.Pool.Return(frame);
        Assert.True(bench.Arrive(20));
        Assert.True(bench.Arrive(30));
        Assert.Equal([700, 20, 30], ReceiveBench.Lengths(bench.Block));
        bench.AssertWhole();
    }

    [Fact]
    public void Who_holds_some_leaves_a_third_of_a_size_and_who_holds_none_leaves_one()
    {
        ReceiveBench bench = new([4, 4, 4, 6]);
        for (int i = 0; i < 4; i++)
        {
            Assert.True(bench.Arrive(1400));
        }

        Assert.False(bench.Arrive(1400));
        bench.Queue.DropPassing(bench.Block);
        Assert.Equal([1400, 1400, 1400, 1400], ReceiveBench.Lengths(bench.Block));
        TcpControlBlock other = ReceiveBench.Connection();
        Assert.True(bench.Arrive(1400, other));
        Assert.Equal([1400], ReceiveBench.Lengths(other));

        // the last one is for what passes through
        TcpControlBlock third = ReceiveBench.Connection();
        Assert.False(bench.Arrive(1400, third));
        Assert.Same(third, bench.Queue.PassingTo);
        bench.AssertWhole(other, third);
    }

    [Theory]
    [InlineData(464, true)] // 54 bytes of headers, 1000 of text and 464 make 1518
    [InlineData(465, false)]
    public void Where_no_more_frames_may_be_held_text_goes_behind_the_last_if_it_fits_there(int length, bool fits)
    {
        ReceiveBench bench = new([4, 4, 4, 6], limit: 2);
        Assert.True(bench.Arrive(1000));
        Assert.True(bench.Arrive(1000));
        Assert.Equal(fits, bench.Arrive(length));
        Assert.Equal(fits ? [1000, 1464] : [1000, 1000], ReceiveBench.Lengths(bench.Block));
        Assert.Null(bench.Queue.PassingTo);
        Assert.Equal(fits ? 0u : 1u, bench.Counters.ReceiveQueueFull);
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(700, 764, true)] // together the largest frame holds them
    [InlineData(700, 765, false)]
    [InlineData(1464, 1, false)]
    public void Two_segments_that_fit_a_frame_share_it_and_make_room(int first, int second, bool fit)
    {
        ReceiveBench bench = new([4, 4, 4, 6], limit: 2);
        Assert.True(bench.Arrive(first));
        Assert.True(bench.Arrive(second));
        int inUse = bench.Pool.InUse(3);
        Assert.Equal(fit, bench.Arrive(1464));
        Assert.Equal(fit ? [first + second, 1464] : [first, second], ReceiveBench.Lengths(bench.Block));
        Assert.Equal(inUse, bench.Pool.InUse(3));
        Assert.Equal(fit ? 1u : 0u, bench.Counters.SegmentsMerged);
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(500, 40, 594)] // as it lies there
    [InlineData(500, 41, 1518)] // too large for it: a larger one takes both
    [InlineData(100, 44, 198)]
    [InlineData(100, 45, 594)]
    [InlineData(300, 400, 1518)]
    public void They_share_the_first_ones_frame_or_a_larger_one(int first, int second, int capacity)
    {
        ReceiveBench bench = new([4, 4, 4, 6], limit: 2);
        Assert.True(bench.Arrive(first));
        Frame frame = bench.Block.ReceiveQueue.Head;
        Assert.True(bench.Arrive(second));
        Assert.True(bench.Arrive(1464));
        Assert.Equal([first + second, 1464], ReceiveBench.Lengths(bench.Block));
        Assert.Equal(capacity, bench.Block.ReceiveQueue.Head.Capacity);
        Assert.Equal(frame.Capacity == capacity, frame == bench.Block.ReceiveQueue.Head);
        Assert.Equal(2, bench.Pool.Classes * 4 + 2 - bench.Pool.Free);
        bench.AssertWhole();
    }

    [Fact]
    public void The_oldest_two_that_fit_are_put_together()
    {
        ReceiveBench bench = new([4, 4, 4, 10], limit: 4);
        foreach (int length in new[] { 800, 700, 600, 500, 1400 })
        {
            Assert.True(bench.Arrive(length));
        }

        Assert.Equal([800, 1300, 500, 1400], ReceiveBench.Lengths(bench.Block));
        Assert.False(bench.Arrive(1400));
        Assert.True(bench.Arrive(10));
        Assert.Equal([800, 1300, 500, 1410], ReceiveBench.Lengths(bench.Block));
        bench.AssertWhole();
    }

    [Fact]
    public void The_last_two_can_be_put_together_and_the_next_goes_behind_them()
    {
        ReceiveBench bench = new([4, 4, 4, 10], limit: 3);
        foreach (int length in new[] { 1400, 600, 500, 1300, 100 })
        {
            Assert.True(bench.Arrive(length));
        }

        Assert.Equal([1400, 1100, 1400], ReceiveBench.Lengths(bench.Block));
        bench.AssertWhole();
    }

    [Fact]
    public void Without_a_larger_frame_two_are_not_put_together()
    {
        // nobody has to give one up for it, for nothing would be won
        ReceiveBench bench = new([4, 4, 4, 3], limit: 2);
        Assert.True(bench.Arrive(500));
        Assert.True(bench.Arrive(500));
        bench.Spare.Enqueue(bench.Pool.Rent(1518)!);
        bench.Leave(3, 1);
        Assert.False(bench.Arrive(500));
        Assert.Equal([500, 500], ReceiveBench.Lengths(bench.Block));
        Assert.Single(bench.Spare);
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(0, true)] // two frames come back for the one that is taken: it may be one of the reserve
    [InlineData(1, false)]
    public void To_put_two_together_one_frame_of_the_reserve_may_be_used(int less, bool merged)
    {
        ReceiveBench bench = new([4, 4, 4, 6], limit: 2, reserve: 15);
        Assert.True(bench.Arrive(100));
        Assert.True(bench.Arrive(100));
        bench.Leave(0, 4 - less);
        Assert.Equal(merged, bench.Arrive(1400));
        Assert.Equal(merged ? [200, 1400] : [100, 100], ReceiveBench.Lengths(bench.Block));
        bench.AssertWhole();
    }

    [Fact]
    public void Where_frames_of_its_size_are_short_text_goes_over_into_a_larger_one()
    {
        ReceiveBench bench = new([4, 4, 2, 6]);
        Assert.True(bench.Arrive(400));
        Assert.True(bench.Arrive(400));
        List<Frame> frames = ReceiveBench.Frames(bench.Block);
        Assert.Equal([594, 1518], frames.Select(f => f.Capacity));
        Assert.Equal(1, bench.Pool.InUse(2));
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(2, false)] // a third of the larger ones is left to others
    [InlineData(3, true)]
    public void That_leaves_as_many_of_the_larger_size_as_who_holds_some_must(int larger, bool taken)
    {
        ReceiveBench bench = new([4, 4, 2, 6]);
        Assert.True(bench.Arrive(500));
        bench.Leave(3, larger);
        Assert.Equal(taken, bench.Arrive(500));
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(13, true)]
    [InlineData(14, false)] // of sixteen two wait, and one more would be one of these
    public void That_leaves_the_reserve(int reserve, bool taken)
    {
        ReceiveBench bench = new([4, 4, 2, 6], reserve: reserve);
        Assert.True(bench.Arrive(400));
        Assert.Equal(taken, bench.Arrive(400));
        bench.AssertWhole();
    }

    [Fact]
    public void No_larger_frame_is_taken_beyond_the_number_that_may_be_held()
    {
        ReceiveBench bench = new([4, 4, 2, 6], limit: 1);
        Assert.True(bench.Arrive(500));
        Assert.False(bench.Arrive(500));
        Assert.Equal([500], ReceiveBench.Lengths(bench.Block));
        bench.AssertWhole();
    }

    [Fact]
    public void Text_is_not_cut_into_smaller_frames_as_long_as_something_is_held()
    {
        ReceiveBench bench = new([4, 4, 8, 2]);
        Assert.True(bench.Arrive(1400));
        Assert.False(bench.Arrive(1400));
        Assert.Equal([1400], ReceiveBench.Lengths(bench.Block));
        Assert.Equal(0, bench.Pool.InUse(2));
        bench.AssertWhole();
    }

    [Fact]
    public void What_can_be_done_without_gives_way()
    {
        ReceiveBench bench = new([4, 4, 4, 2]);
        bench.Spare.Enqueue(bench.Pool.Rent(1518)!);
        Assert.True(bench.Arrive(1400));
        Assert.Equal([1400], ReceiveBench.Lengths(bench.Block));
        Assert.Empty(bench.Spare);
        bench.AssertWhole();
    }

    [Fact]
    public void What_was_kept_before_its_turn_stays_where_it_is_however_short_frames_are()
    {
        ReceiveBench bench = new([4, 4, 4, 4], limit: 3, reserve: 16);
        Assert.True(bench.Join(1400));
        Assert.True(bench.Join(1400));
        Assert.True(bench.Join(1400));
        Assert.False(bench.Join(1400));
        Assert.Equal([1400, 1400, 1400], ReceiveBench.Lengths(bench.Block));
        bench.AssertWhole();
    }

    [Fact]
    public void What_was_kept_before_its_turn_stays_in_its_frame_where_two_others_make_room_for_it()
    {
        ReceiveBench bench = new([4, 4, 4, 4], limit: 2, reserve: 15);
        Assert.True(bench.Join(300));
        Assert.True(bench.Join(10));
        Assert.True(bench.Join(1400));
        Assert.Equal([310, 1400], ReceiveBench.Lengths(bench.Block));
        bench.AssertWhole();
    }
}
