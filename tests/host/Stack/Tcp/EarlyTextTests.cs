// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Text that arrives before its turn: what is kept of it, who gives it up, and how it joins the rest (SHLD-31).</summary>
public sealed class EarlyTextTests : StackTest
{
    private readonly ReceiveBench _bench = new([20, 4, 4, 6], limit: 12);
    private readonly TcpSegment _segment = new();
    private readonly TcpReassembly _reassembly;

    public EarlyTextTests() => _reassembly = new TcpReassembly([], _bench.Pool, _bench.Queue, _bench.Counters, 8);

    private TcpControlBlock Block => _bench.Block;

    [Theory]
    [InlineData(new[] { 20, 5, 10, 5, 40, 5 }, "10+5 20+5 40+5")]
    [InlineData(new[] { 40, 5, 20, 5, 10, 5 }, "10+5 20+5 40+5")]
    [InlineData(new[] { 10, 5, 10, 5 }, "10+5")] // the same again
    [InlineData(new[] { 10, 5, 11, 3 }, "10+5")]
    [InlineData(new[] { 10, 5, 10, 8 }, "10+5 15+3")] // of what arrives twice the first copy stays
    [InlineData(new[] { 10, 5, 12, 8 }, "10+5 15+5")]
    [InlineData(new[] { 10, 5, 15, 5 }, "10+5 15+5")]
    [InlineData(new[] { 10, 5, 8, 5 }, "8+2 10+5")]
    [InlineData(new[] { 10, 5, 5, 5 }, "5+5 10+5")]
    [InlineData(new[] { 10, 5, 5, 6 }, "5+5 10+5")]
    [InlineData(new[] { 10, 5, 5, 20 }, "5+5 10+5")] // what lies behind it comes again
    [InlineData(new[] { 10, 5, 20, 5, 12, 10 }, "10+5 15+5 20+5")]
    [InlineData(new[] { 10, 5, 15, 5, 12, 6 }, "10+5 15+5")]
    [InlineData(new[] { 10, 5, 14, 1 }, "10+5")]
    [InlineData(new[] { 10, 5, 14, 2 }, "10+5 15+1")]
    public void What_is_kept_is_in_order_and_nothing_twice(int[] arrivals, string kept)
    {
        for (int i = 0; i < arrivals.Length; i += 2)
        {
            Keep(arrivals[i], arrivals[i + 1]);
        }

        Assert.Equal(kept, Kept());
        Assert.Equal(0u, _bench.Counters.OutOfOrderDropped);
        Assert.Equal(kept.Split(' ').Length, Block.OutOfOrderQueue.Count);

        // once the gap closes, all of it is read
        Assert.True(_bench.Arrive(int.Parse(kept.Split('+')[0], System.Globalization.CultureInfo.InvariantCulture) - 1));
        _reassembly.MoveInOrder(Block);
        _reassembly.Clear(Block);
        _bench.AssertWhole();
    }

    [Fact]
    public void It_waits_in_the_frame_that_it_came_in()
    {
        Frame frame = Keep(10, 5);
        Assert.Same(frame, Block.OutOfOrderQueue.Head);
        Assert.Equal((1, TcpTransmitter.TextStart), (frame.References, frame.PayloadOffset));
        Frame second = Keep(12, 5);
        Assert.Equal((1, TcpTransmitter.TextStart + 3), (second.References, second.PayloadOffset));
        _reassembly.Clear(Block);
        Assert.Null(Block.OutOfOrderQueue.Head);
        _bench.AssertWhole();
    }

    [Theory]
    [InlineData(30, 5, new[] { 1, 2 })]
    [InlineData(11, 2, new[] { 2 })] // all of it has come before, and its block is told first
    [InlineData(15, 1, new[] { 2, 2 })]
    [InlineData(16, 1, new[] { 1, 2 })]
    [InlineData(15, 0, new[] { 2 })] // a FIN alone
    [InlineData(16, 0, new[] { 1 })]
    [InlineData(5, 5, new[] { 2, 1 })]
    public void A_block_is_as_recent_as_the_last_segment_that_told_of_it_RFC2018_4(int at, int length, int[] numbers)
    {
        Keep(10, 5);
        Keep(at, length, TcpHeader.Fin);
        Assert.Equal(numbers, Queue().Select(f => f.SentAt));
        Assert.Equal(2, Block.EarlyArrivals);
        _reassembly.Clear(Block);
    }

    [Fact]
    public void A_FIN_that_comes_early_is_remembered_with_its_number()
    {
        Keep(10, 5);
        Assert.False(Block.EarlyFin);
        Keep(20, 5, TcpHeader.Fin | TcpHeader.Ack);
        Assert.True(Block.EarlyFin);
        Assert.Equal(Block.RcvNxt + 24, Block.EarlyFinAt);
        Keep(30, 5, TcpHeader.Ack);
        Assert.Equal(Block.RcvNxt + 24, Block.EarlyFinAt);
        _reassembly.Clear(Block);
    }

    [Fact]
    public void No_more_is_kept_than_a_connection_may()
    {
        for (int i = 0; i < 8; i++)
        {
            Keep(10 + (10 * i), 5);
        }

        Assert.Equal(0u, _bench.Counters.OutOfOrderDropped);
        Keep(100, 5);
        Assert.Equal(8, Block.OutOfOrderQueue.Count);
        Assert.Equal(1u, _bench.Counters.OutOfOrderDropped);
        _reassembly.Clear(Block);
        _bench.AssertWhole();
    }

    [Theory]
    [InlineData(3, true)] // of six a third is left to others
    [InlineData(2, false)]
    public void Frames_that_others_need_are_not_kept(int free, bool kept)
    {
        _bench.Leave(3, free);
        Keep(10, 1400);
        Assert.Equal(kept ? "10+1400" : string.Empty, Kept());
        Assert.Equal(kept ? 0u : 1u, _bench.Counters.OutOfOrderDropped);
        _reassembly.Clear(Block);
        _bench.AssertWhole();
    }

    [Theory]
    [InlineData(9, "10+5", 8)]
    [InlineData(10, "", 14)] // nothing lies between
    [InlineData(12, "", 14)] // a part has come with it
    [InlineData(14, "", 14)]
    [InlineData(15, "", 14)] // all of it
    [InlineData(18, "", 17)]
    public void What_is_in_order_now_joins_what_the_application_reads(int next, string left, int read)
    {
        Keep(10, 5);
        Assert.True(_bench.Arrive(next - 1));
        _reassembly.MoveInOrder(Block);
        Assert.Equal(left, Kept());
        Assert.Equal(read, Block.ReceiveQueue.Bytes);
        _reassembly.Clear(Block);
        _bench.AssertWhole();
    }

    [Fact]
    public void What_finds_no_place_among_what_is_read_comes_again()
    {
        ReceiveBench bench = new([4, 4, 4, 6], limit: 1);
        TcpReassembly reassembly = new(null!, bench.Pool, bench.Queue, bench.Counters, 4);
        Keep(reassembly, bench, 1001, 1000);
        Keep(reassembly, bench, 2001, 1000);
        Assert.True(bench.Arrive(1000));
        reassembly.MoveInOrder(bench.Block);
        Assert.Equal(1000, bench.Block.ReceiveQueue.Bytes);

        // what lies behind it waits still
        Assert.Equal(1, bench.Block.OutOfOrderQueue.Count);
        reassembly.Clear(bench.Block);
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(5, new[] { "5 5 3", "5 5" }, 0, "5 3")] // who has most gives, and what would be read last
    [InlineData(5, new[] { "5 5", "5 3 5" }, 1, "5 3")]
    [InlineData(5, new[] { "5 5", "5 5" }, 0, "5")] // of two that have as much the first
    [InlineData(3, new[] { "5 5 5", "3 5" }, 1, "5")] // of the size that is wanted
    [InlineData(3, new[] { "3 5 5", "3 3" }, 0, "5 5")]
    [InlineData(FramePool.AnySize, new[] { "5 3", "5" }, 0, "5")]
    [InlineData(FramePool.AnySize, new[] { "", "5" }, 1, "")]
    [InlineData(5, new[] { "3", "" }, -1, "")]
    [InlineData(FramePool.AnySize, new[] { "", "" }, -1, "")]
    public void Who_needs_a_frame_more_gets_one_that_came_early(int sizeClass, string[] kept, int from, string left)
    {
        TestNetwork net = Begin(configure: c => c.FrameCounts = [12, 6, 6, 6, 6, 8]);
        TcpReassembly reassembly = net.Stack.Tcp.Reassembly;
        FrameQueue[] queues = [net.Stack.Tcp.Blocks[2].OutOfOrderQueue, net.Stack.Tcp.Blocks[4].OutOfOrderQueue];
        for (int i = 0; i < queues.Length; i++)
        {
            foreach (string name in kept[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                queues[i].Enqueue(net.Stack.Pool.Rent(net.Stack.Pool.Capacity(name[0] - '0'))!);
            }
        }

        int free = net.Stack.Pool.Free;
        Assert.Equal(from >= 0, reassembly.GiveUp(sizeClass));
        Assert.Equal(free + (from >= 0 ? 1 : 0), net.Stack.Pool.Free);
        Assert.Equal(from >= 0 ? 1u : 0u, net.Stack.Tcp.Counters.OutOfOrderDropped);
        for (int i = 0; i < queues.Length; i++)
        {
            List<string> classes = [];
            for (Frame? frame = queues[i].Head; frame != null; frame = frame.Next)
            {
                classes.Add(frame.SizeClass.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            Assert.Equal(i == from ? left : kept[i], string.Join(' ', classes));
            queues[i].Clear(net.Stack.Pool);
        }
    }

    [Fact]
    public void A_frame_that_somebody_else_looks_at_is_not_given_up()
    {
        // it would not come free
        TestNetwork net = Begin();
        FrameQueue queue = net.Stack.Tcp.Blocks[0].OutOfOrderQueue;
        Frame first = net.Stack.Pool.Rent(1000)!;
        Frame last = net.Stack.Pool.Rent(1000)!;
        queue.Enqueue(first);
        queue.Enqueue(last);
        last.Retain();
        Assert.True(net.Stack.Tcp.Reassembly.GiveUp(FramePool.AnySize));
        Assert.Same(last, queue.Head);
        Assert.False(net.Stack.Tcp.Reassembly.GiveUp(FramePool.AnySize));
        net.Stack.Pool.Return(last);
        queue.Clear(net.Stack.Pool);
    }

    private Frame Keep(int at, int length, int flags = TcpHeader.Ack)
    {
        return Keep(_reassembly, _bench, at, length, flags);
    }

    /// <summary>A segment arrives; 1 is the number that is due.</summary>
    private Frame Keep(TcpReassembly reassembly, ReceiveBench bench, int at, int length, int flags = TcpHeader.Ack)
    {
        Frame frame = bench.Pool.Rent(TcpTransmitter.TextStart + length)!;
        frame.CopyBytesFrom(TcpTransmitter.TextStart, Wire.PatternBytes(at, length), 0, length);
        _segment.Frame = frame;
        _segment.Sequence = bench.Block.Irs + (uint)at;
        _segment.TextOffset = TcpTransmitter.TextStart;
        _segment.TextLength = length;
        _segment.Flags = flags;
        reassembly.KeepSegment(bench.Block, _segment);
        bench.Pool.Return(frame);
        return frame;
    }

    private List<Frame> Queue()
    {
        List<Frame> frames = [];
        for (Frame? frame = Block.OutOfOrderQueue.Head; frame != null; frame = frame.Next)
        {
            frames.Add(frame);
        }

        return frames;
    }

    private string Kept() => string.Join(' ', Queue().Select(f => $"{f.Sequence - Block.Irs}+{f.PayloadLength}"));
}
