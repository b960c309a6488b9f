// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Frames;

/// <summary>How many frames who keeps some for later has to leave, of each size and over all.</summary>
public sealed class FrameKeepingTests
{
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 1, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(4, 3, 3)]
    [InlineData(5, 4, 3)]
    [InlineData(6, 5, 4)]
    [InlineData(8, 7, 5)]
    [InlineData(12, 11, 8)]
    public void The_first_leaves_one_of_its_size_and_more_leave_a_third(int total, int first, int further)
    {
        foreach ((KeepPriority priority, int most) in new[] { (KeepPriority.First, first), (KeepPriority.Further, further), (KeepPriority.Spare, further) })
        {
            FramePool pool = new([64, 1518], [40, total], WordOrder.LowByteFirst, 0, false);
            int kept = 0;
            while (pool.Rent(1500) is Frame frame && pool.MayKeep(frame, priority))
            {
                kept++;
            }

            Assert.Equal(most, kept);
            pool = new([64, 1518], [40, total], WordOrder.LowByteFirst, 0, false);
            for (kept = 0; pool.RentToKeep(1500, int.MaxValue, priority, 0, false) != null; kept++)
            {
                Assert.Equal(total - kept - 1, pool.FreeLargest());
            }

            Assert.Equal(most, kept);
            Assert.Equal(total - kept - (total - further), pool.FreeLargestToKeep());
        }
    }

    [Fact]
    public void The_reserve_stays_over_all_sizes()
    {
        foreach ((KeepPriority priority, int left) in new[] { (KeepPriority.First, 7), (KeepPriority.Further, 7), (KeepPriority.Spare, 8) })
        {
            FramePool pool = new([64, 1518], [10, 10], WordOrder.LowByteFirst, 7, false);
            for (int i = 0; i < 8; i++)
            {
                pool.Rent(60);
            }

            int kept = 0;
            while (pool.Rent(1500) is Frame frame && pool.MayKeep(frame, priority))
            {
                kept++;
            }

            Assert.Equal(20 - 8 - left, kept);
        }

        FramePool other = new([64, 1518], [10, 10], WordOrder.LowByteFirst, 7, false);
        for (int more = 0; more < 3; more++)
        {
            List<Frame> rented = [];
            while (other.RentToKeep(60, int.MaxValue, KeepPriority.First, more, false) is Frame frame)
            {
                rented.Add(frame);
            }

            Assert.Equal(7 + more, other.Free);
            rented.ForEach(other.Return);
        }
    }

    [Fact]
    public void Where_the_fitting_size_is_short_a_larger_one_serves_and_then_the_next_smaller_one_that_is_of_use()
    {
        FramePool pool = new([64, 200, 600, 1518], [9, 2, 2, 2], WordOrder.LowByteFirst, 0, false);
        Assert.Equal(2, pool.RentToKeep(500, 100, KeepPriority.First, 0, false)!.SizeClass);
        Frame large = pool.RentToKeep(500, 100, KeepPriority.First, 0, false)!;
        Assert.Equal((3, 500), (large.SizeClass, large.Length));
        Assert.Null(pool.RentToKeep(500, 201, KeepPriority.First, 0, false));
        Frame small = pool.RentToKeep(500, 200, KeepPriority.First, 0, false)!;
        Assert.Equal((1, 200), (small.SizeClass, small.Length));
        Assert.Null(pool.RentToKeep(500, 65, KeepPriority.First, 0, false));
        Assert.Equal(0, pool.RentToKeep(500, 64, KeepPriority.First, 0, false)!.SizeClass);
        Assert.Null(pool.RentToKeep(1519, 0, KeepPriority.First, 0, false));
    }

    [Fact]
    public void A_buffer_that_is_no_frame_of_the_pool_is_never_kept()
    {
        FramePool pool = new([64, 1518], [5, 5], WordOrder.LowByteFirst, 0, false);
        Frame buffer = new(3000, WordOrder.LowByteFirst);
        Assert.False(pool.MayKeep(buffer, KeepPriority.First));
        Assert.False(pool.MakeRoom(buffer, KeepPriority.First));

        // whatever others could give up for it
        Keeper keeper = new(pool);
        pool.Register(keeper, null!);
        keeper.Kept.Push(pool.Rent(60)!);
        Assert.False(pool.MakeRoom(buffer, KeepPriority.First));
        Assert.Empty(keeper.Asked);
    }

    [Fact]
    public void Room_for_a_frame_of_the_smallest_size_is_made_as_well()
    {
        FramePool pool = new([64, 1518], [2, 9], WordOrder.LowByteFirst, 0, false);
        Keeper keeper = new(pool);
        pool.Register(keeper, null!);
        keeper.Kept.Push(pool.Rent(60)!);
        Frame mine = pool.Rent(60)!;
        Assert.True(pool.MakeRoom(mine, KeepPriority.First));
        Assert.Equal([0], keeper.Asked);
        Assert.Empty(keeper.Kept);
    }

    [Fact]
    public void Where_nobody_keeps_anything_nobody_is_asked()
    {
        FramePool pool = new([64], [2], WordOrder.LowByteFirst, 0, false);
        pool.Rent(60);
        Frame mine = pool.Rent(60)!;
        Assert.False(pool.MakeRoom(mine, KeepPriority.First));
        Keeper keeper = new(pool);
        pool.Register(null!, keeper);
        Assert.False(pool.MakeRoom(mine, KeepPriority.First));
        Assert.Equal([0], keeper.Asked);
        pool.Register(keeper, null!);
        Assert.False(pool.MakeRoom(mine, KeepPriority.First));
        Assert.Equal([0, 0], keeper.Asked);
    }

    [Fact]
    public void Where_only_the_reserve_is_short_a_frame_of_any_size_makes_room()
    {
        FramePool pool = new([64, 1518], [4, 2], WordOrder.LowByteFirst, 5, false);
        Keeper keeper = new(pool);
        pool.Register(keeper, null!);
        keeper.Kept.Push(pool.Rent(1500)!);
        Frame mine = pool.Rent(60)!;
        Assert.True(pool.MakeRoom(mine, KeepPriority.First));
        Assert.Equal([0, FramePool.AnySize], keeper.Asked);

        // where only the size is, one of another size is no help
        pool = new([64, 1518], [1, 4], WordOrder.LowByteFirst, 3, false);
        keeper = new(pool);
        pool.Register(keeper, null!);
        keeper.Kept.Push(pool.Rent(1500)!);
        mine = pool.Rent(60)!;
        Assert.False(pool.MakeRoom(mine, KeepPriority.First));
        Assert.Equal([0], keeper.Asked);
    }

    [Fact]
    public void What_can_be_done_without_is_asked_for_in_its_turn_and_only_if_it_helps()
    {
        FramePool pool = new([64, 1518], [3, 2], WordOrder.LowByteFirst, 2, false);
        Keeper first = new(pool);
        Keeper second = new(pool);
        pool.Register(first, second);
        second.Kept.Push(pool.Rent(1500)!);
        Frame mine = pool.Rent(1500)!;

        // there is room already: nobody is asked
        Frame small = pool.Rent(60)!;
        Assert.True(pool.MakeRoom(small, KeepPriority.First));
        Assert.Empty(first.Asked);
        pool.Return(small);

        // the first has none of the size, the second has
        Assert.False(pool.MayKeep(mine, KeepPriority.First));
        Assert.True(pool.MakeRoom(mine, KeepPriority.First));
        Assert.Equal([1], first.Asked);
        Assert.Equal([1], second.Asked);
        Assert.Empty(second.Kept);

        // nobody has any: an end all the same
        second.Kept.Push(pool.Rent(60)!);
        Frame last = pool.Rent(1500)!;
        Assert.False(pool.MakeRoom(last, KeepPriority.First));
        Assert.Single(second.Kept);

        // where the reserve is short, any size will do
        pool.Return(last);
        second.Kept.Push(pool.Rent(60)!);
        small = pool.Rent(60)!;
        Assert.Equal(1, pool.Free);
        Assert.Null(pool.RentToKeep(60, int.MaxValue, KeepPriority.First, 0, false));
        Assert.Equal(2, second.Kept.Count);
        pool.RentToKeep(60, int.MaxValue, KeepPriority.First, 0, true);
        Assert.Empty(second.Kept);
        Assert.Equal(FramePool.AnySize, second.Asked[^1]);
    }

    [Fact]
    public void Who_waits_for_a_frame_of_the_largest_size_hears_once_when_one_comes_back()
    {
        FramePool pool = new([64, 1518], [3, 3], WordOrder.LowByteFirst, 0, false);
        Frame small = pool.Rent(60)!;
        Frame[] large = [pool.Rent(1500)!, pool.Rent(1500)!, pool.Rent(1500)!];
        pool.Return(large[0]);
        Assert.False(pool.HasLargestReturned);
        pool.AwaitLargest();
        pool.Return(small);
        Assert.False(pool.HasLargestReturned);
        pool.Return(large[1]);
        Assert.True(pool.HasLargestReturned);
        pool.HasLargestReturned = false;
        pool.Return(large[2]);
        Assert.False(pool.HasLargestReturned);
    }

    private sealed class Keeper(FramePool pool) : IFrameKeeper
    {
        public Stack<Frame> Kept { get; } = new();

        public List<int> Asked { get; } = [];

        public bool GiveUp(int sizeClass)
        {
            Asked.Add(sizeClass);
            if (Kept.Count == 0 || (sizeClass != FramePool.AnySize && Kept.Peek().SizeClass != sizeClass))
            {
                return false;
            }

            pool.Return(Kept.Pop());
            return true;
        }
    }
}
