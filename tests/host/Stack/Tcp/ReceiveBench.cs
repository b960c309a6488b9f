// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>
/// A receive queue alone, over a pool of a few frames: segments arrive in frames of the fitting size, as the driver fills them, and
/// nobody reads unless the test does.
/// </summary>
internal sealed class ReceiveBench : IFrameKeeper
{
    /// <summary>Text that the largest frame can take.</summary>
    public const int Largest = 1518 - TcpTransmitter.TextStart;

    private readonly List<Frame> _taken = [];
    private readonly TcpSegment _segment = new();

    /// <param name="counts">Frames of 64, 198, 594 and 1518 bytes.</param>
    /// <param name="limit">Frames that a connection may hold.</param>
    /// <param name="reserve">Frames that are to stay free.</param>
    public ReceiveBench(int[] counts, int limit = 8, int reserve = 0)
    {
        Pool = new FramePool([64, 198, 594, 1518], counts, WordOrder.LowByteFirst, reserve, guard: true);
        Pool.Register(this, this);
        Queue = new TcpReceiveQueue(Pool, Counters, limit);
        Block = Connection();
    }

    public FramePool Pool { get; }

    public TcpCounters Counters { get; } = new();

    public TcpReceiveQueue Queue { get; }

    /// <summary>Gets the connection that is meant where none is named.</summary>
    public TcpControlBlock Block { get; }

    /// <summary>Gets the frames that somebody keeps and can do without.</summary>
    public Queue<Frame> Spare { get; } = new();

    public static TcpControlBlock Connection()
    {
        // its numbers wrap in the first segment
        TcpControlBlock block = new(0) { Irs = 0xFFFFFFC0, RcvNxt = 0xFFFFFFC1 };
        block.ResetConnection();
        return block;
    }

    /// <summary>The lengths of what the frames of a queue hold.</summary>
    public static int[] Lengths(TcpControlBlock block) => [.. Frames(block).Select(f => f.PayloadLength)];

    public static List<Frame> Frames(TcpControlBlock block)
    {
        List<Frame> frames = [];
        for (Frame? frame = block.ReceiveQueue.Head; frame != null; frame = frame.Next)
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>A segment arrives in its turn.</summary>
    /// <returns>Whether there was room for all of it.</returns>
    public bool Arrive(int length, TcpControlBlock? to = null)
    {
        Frame frame = Fill(to ?? Block, Pool.Rent(TcpTransmitter.TextStart + length)!, length);
        bool taken = Arrive(frame, length, to);
        Pool.Return(frame);
        return taken;
    }

    public bool Arrive(Frame frame, int length, TcpControlBlock? to = null)
    {
        _segment.Frame = frame;
        _segment.TextOffset = TcpTransmitter.TextStart;
        _segment.TextLength = length;
        return Queue.Append(to ?? Block, _segment);
    }

    /// <summary>Text that was kept until its turn comes now.</summary>
    public bool Join(int length)
    {
        Frame frame = Fill(Block, Pool.Rent(TcpTransmitter.TextStart + length)!, length);
        bool taken = Queue.Append(Block, frame, TcpTransmitter.TextStart, length, true);
        Pool.Return(frame);
        return taken;
    }

    /// <summary>Writes the text that is due into a frame.</summary>
    public Frame Fill(TcpControlBlock block, Frame frame, int length)
    {
        frame.CopyBytesFrom(TcpTransmitter.TextStart, Wire.PatternBytes((int)(block.RcvNxt - block.Irs), length), 0, length);
        return frame;
    }

    /// <summary>Others rent all frames of a size but some.</summary>
    public void Leave(int sizeClass, int count)
    {
        while (Pool.Total(sizeClass) - Pool.InUse(sizeClass) > count)
        {
            Frame frame = Pool.Rent(Pool.Capacity(sizeClass))!;
            Assert.Equal(sizeClass, frame.SizeClass);
            _taken.Add(frame);
        }
    }

    /// <summary>Others give their frames back.</summary>
    public void GiveBack()
    {
        _taken.ForEach(Pool.Return);
        _taken.Clear();
    }

    bool IFrameKeeper.GiveUp(int sizeClass)
    {
        if (Spare.Count == 0)
        {
            return false;
        }

        Pool.Return(Spare.Dequeue());
        return true;
    }

    /// <summary>What the queues hold is the text that was sent, in order, and every frame is where it belongs.</summary>
    public void AssertWhole(params TcpControlBlock[] others)
    {
        foreach (TcpControlBlock block in others.Append(Block))
        {
            uint next = block.Irs + 1;
            foreach (Frame frame in Frames(block))
            {
                byte[] text = new byte[frame.PayloadLength];
                frame.CopyBytesTo(frame.PayloadOffset, text, 0, text.Length);
                Assert.Equal(next, frame.Sequence);
                Assert.Equal(Wire.PatternBytes((int)(next - block.Irs), text.Length), text);
                Assert.Equal(1, frame.References);
                Assert.True(frame.PayloadOffset >= TcpTransmitter.TextStart, "text lies where the headers were");
                next += (uint)text.Length;
            }

            Assert.Equal(next, block.RcvNxt);
            Assert.Equal((int)(next - block.Irs - 1), block.ReceiveQueue.Bytes);
            Assert.Equal(Frames(block).Count, block.ReceiveQueue.Count);
            block.ReceiveQueue.Clear(Pool);
        }

        if (Queue.PassingTo != null)
        {
            Queue.DropPassing(Queue.PassingTo);
        }

        GiveBack();
        while (Spare.Count > 0)
        {
            Pool.Return(Spare.Dequeue());
        }

        Assert.Equal(Enumerable.Range(0, Pool.Classes).Sum(Pool.Total), Pool.Free);
        Assert.Equal(0u, Pool.DoubleReturns);
        Assert.Equal(0u, Pool.UsesAfterReturn);
    }
}
