// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Frames;

/// <summary>The pool: a fixed number of frames in a few sizes, and what it notices.</summary>
public sealed class FramePoolTests
{
    [Theory, BothOrders]
    public void A_frame_of_the_smallest_size_that_fits_is_rented(WordOrder order)
    {
        FramePool pool = Pool(order);
        foreach ((int length, int sizeClass) in new[] { (0, 0), (1, 0), (60, 0), (61, 1), (200, 1), (201, 2), (1514, 2) })
        {
            Assert.Equal(sizeClass, pool.ClassFor(length));
            Frame frame = pool.Rent(length);
            Assert.Equal(sizeClass, frame.SizeClass);
            Assert.Equal(length, frame.Length);
            Assert.True(frame.Capacity >= length);
            Assert.Equal(order == WordOrder.LowByteFirst, frame.LowByteFirst);
            pool.Return(frame);
        }

        Assert.Equal(-1, pool.ClassFor(1515));
        Assert.Null(pool.Rent(1515));
        Assert.Null(pool.RentForReceive(int.MaxValue));
    }

    [Fact]
    public void An_exhausted_size_falls_to_the_next_larger_one_and_is_counted()
    {
        FramePool pool = Pool();
        Frame[] frames = new Frame[9];
        for (int i = 0; i < 9; i++)
        {
            frames[i] = pool.Rent(10);
            Assert.Equal(i / 3, frames[i].SizeClass);
            Assert.Equal(10, frames[i].Length);
        }

        Assert.Equal(9, frames.Distinct().Count());
        Assert.Null(pool.Rent(10));
        Assert.Equal(0, pool.Free);
        Assert.Equal(7u, pool.Exhausted(0));
        Assert.Equal([3, 3, 3], new[] { pool.HighWater(0), pool.HighWater(1), pool.HighWater(2) });
        Array.ForEach(frames, pool.Return);
        Assert.Equal(9, pool.Free);
        Assert.Equal(3, pool.HighWater(0));
        Assert.Equal(0, pool.InUse(0));
        Assert.Equal(3, pool.FreeLargest());
    }

    [Fact]
    public void A_larger_size_that_is_exhausted_is_never_served_by_a_smaller_one()
    {
        FramePool pool = Pool();
        for (int i = 0; i < 3; i++)
        {
            Assert.NotNull(pool.Rent(1514));
        }

        Assert.Null(pool.Rent(1514));
        Assert.Equal(6, pool.Free);
        Assert.Equal(0, pool.FreeLargest());
    }

    [Fact]
    public void Queues_leave_the_reserve_and_reception_half_of_it()
    {
        FramePool pool = Pool(reserve: 4);
        int received = 0;
        int kept = 0;
        while (pool.RentForReceive(60) != null)
        {
            received++;
            kept += pool.MayKeep(0) ? 1 : 0;
            Assert.Equal(pool.MayKeep(0), pool.Free >= 4);
            Assert.Equal(pool.MayKeep(1), pool.Free > 4);
        }

        Assert.Equal(5, kept);
        Assert.Equal(7, received);
        Assert.NotNull(pool.Rent(60));
        Assert.NotNull(pool.Rent(60));
        Assert.Null(pool.Rent(60));
    }

    [Fact]
    public void A_frame_with_several_owners_comes_back_with_the_last_of_them()
    {
        FramePool pool = Pool();
        Frame frame = pool.Rent(60);
        frame.Retain();
        frame.Retain();
        pool.Return(frame);
        pool.Return(frame);
        Assert.Equal(8, pool.Free);
        pool.Return(frame);
        Assert.Equal(9, pool.Free);
        Assert.Equal(0u, pool.DoubleReturns);
    }

    [Fact]
    public void A_double_return_is_counted_and_does_no_harm()
    {
        FramePool pool = Pool();
        Frame frame = pool.Rent(60);
        pool.Return(frame);
        pool.Return(frame);
        Assert.Equal(1u, pool.DoubleReturns);
        Assert.Equal(9, pool.Free);
        Assert.Equal(9, Enumerable.Range(0, 9).Select(_ => pool.Rent(60)).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public void A_write_to_a_returned_frame_is_noticed(int word)
    {
        FramePool pool = Pool();
        Frame frame = pool.Rent(60);
        pool.Return(frame);
        frame.Words[word % frame.Words.Length] ^= 1;
        Assert.Same(frame, pool.Rent(60));
        Assert.Equal(1u, pool.UsesAfterReturn);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_rented_frame_is_whole_and_with_the_guard_of_no_use_to_who_counts_on_its_last_owner(bool guard)
    {
        FramePool pool = new([64], [2], WordOrder.LowByteFirst, 0, guard);
        Frame frame = pool.Rent(60)!;
        for (int i = 0; i < 2; i++)
        {
            frame.PayloadOffset = 54;
            frame.PayloadLength = 6;
            frame.SummedLength = 6;
            frame.SetByte(0, 1);
            pool.Return(frame);
            Assert.Same(frame, pool.Rent(50));
            Assert.Equal((50, 1), (frame.Length, frame.References));
            int left = guard ? 0xDEAD : 6;
            Assert.Equal((guard ? 0xDEAD : 54, left, left), (frame.PayloadOffset, frame.PayloadLength, frame.SummedLength));
        }

        // who wrote did so while it was his, and without the guard nobody looks
        Assert.Equal(0u, pool.UsesAfterReturn);
        pool.Return(frame);
        frame.SetByte(0, 1);
        pool.Rent(60);
        Assert.Equal(guard ? 1u : 0u, pool.UsesAfterReturn);
    }

    [Fact]
    public void The_most_that_were_ever_out_at_once_are_remembered_for_each_size()
    {
        FramePool pool = new([60, 128], [4, 5], WordOrder.LowByteFirst, 0, false);
        Assert.Equal((0, 0), (pool.HighWater(0), pool.HighWater(1)));
        Frame first = pool.Rent(60)!;
        Frame second = pool.Rent(60)!;
        pool.Return(first);
        pool.Return(second);
        Frame third = pool.Rent(60)!;
        Assert.Equal((2, 0), (pool.HighWater(0), pool.HighWater(1)));
        Assert.Equal((1, 0), (pool.InUse(0), pool.InUse(1)));
        pool.Return(third);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(60, 0)]
    [InlineData(61, 1)]
    [InlineData(128, 1)]
    [InlineData(129, -1)]
    public void What_arrives_gets_a_frame_of_the_smallest_size_that_holds_it(int length, int sizeClass)
    {
        FramePool pool = new([60, 128], [2, 2], WordOrder.LowByteFirst, 0, false);
        Assert.Equal(sizeClass, pool.RentForReceive(length)?.SizeClass ?? -1);
        Assert.Equal((0u, 0u), (pool.Exhausted(0), pool.Exhausted(1)));
    }

    [Fact]
    public void Bad_sizes_are_refused_at_start_up()
    {
        Assert.Throws<ArgumentException>(() => new FramePool([], [], WordOrder.LowByteFirst, 0, false));
        Assert.Throws<ArgumentException>(() => new FramePool([60], [1, 2], WordOrder.LowByteFirst, 0, false));
        Assert.Throws<ArgumentException>(() => new FramePool([60, 60], [1, 1], WordOrder.LowByteFirst, 0, false));
        Assert.Throws<ArgumentException>(() => new FramePool([100, 60], [1, 1], WordOrder.LowByteFirst, 0, false));
        Assert.Throws<ArgumentException>(() => new FramePool([60], [-1], WordOrder.LowByteFirst, 0, false));
        Assert.Throws<ArgumentException>(() => new FramePool([1], [1], WordOrder.LowByteFirst, 0, false));
        Assert.Throws<ArgumentException>(() => new FramePool([0, 60], [1, 1], WordOrder.LowByteFirst, 0, false));
        Assert.Throws<ArgumentException>(() => new FramePool([60, 60], [1, 0], WordOrder.LowByteFirst, 0, false));
        Assert.Equal(1, new FramePool([2, 3], [0, 1], WordOrder.LowByteFirst, 0, false).Free);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    public void After_any_sequence_of_rents_and_returns_the_sums_are_right(uint seed)
    {
        FramePool pool = Pool();
        TestRandom random = new(seed);
        List<Frame> held = [];
        for (int i = 0; i < 5000; i++)
        {
            if (held.Count > 0 && random.Below(2) == 0)
            {
                int pick = random.Below(held.Count);
                pool.Return(held[pick]);
                held.RemoveAt(pick);
            }
            else if (pool.Rent(random.Below(1514)) is Frame frame)
            {
                Assert.DoesNotContain(frame, held);
                held.Add(frame);
            }

            Assert.Equal(9 - held.Count, pool.Free);
            for (int c = 0; c < 3; c++)
            {
                Assert.Equal(held.Count(f => f.SizeClass == c), pool.InUse(c));
            }
        }

        held.ForEach(pool.Return);
        Assert.Equal(0u, pool.DoubleReturns + pool.UsesAfterReturn);
    }

    private static FramePool Pool(WordOrder order = WordOrder.LowByteFirst, int reserve = 0) =>
        new([60, 200, 1514], [3, 3, 3], order, reserve, true);
}
