// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Frames;

/// <summary>A queue of frames, step by step beside a list that does the same.</summary>
public sealed class FrameQueueTests
{
    private readonly FrameQueue _queue = new();
    private readonly List<Frame> _model = [];
    private int _bytes;
    private int _next;

    [Fact]
    public void Each_step_at_each_place_leaves_a_queue_in_order()
    {
        for (int length = 0; length < 5; length++)
        {
            for (int at = -1; at < length; at++)
            {
                Make(length);
                InsertAfter(at);
                Make(length);
                if (at >= 0)
                {
                    Replace(at);
                    Make(length);
                    Remove(at);
                    Make(length);
                    if (at < length - 1)
                    {
                        RemoveNext(at);
                    }
                }

                Enqueue();
                Dequeue();
            }
        }
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Any_steps_one_after_the_other(uint seed)
    {
        TestRandom random = new(seed);
        for (int i = 0; i < 500; i++)
        {
            int at = _model.Count == 0 ? -1 : random.Below(_model.Count);
            switch (random.Below(7))
            {
                case 0:
                case 1:
                    Enqueue();
                    break;
                case 2:
                    InsertAfter(at);
                    break;
                case 3 when at >= 0:
                    Replace(at);
                    break;
                case 4 when at >= 0:
                    Remove(at);
                    break;
                case 5 when at >= 0 && at < _model.Count - 1:
                    RemoveNext(at);
                    break;
                default:
                    Dequeue();
                    break;
            }
        }
    }

    [Fact]
    public void A_queue_that_is_cleared_gives_all_its_frames_back()
    {
        FramePool pool = new([64], [4], WordOrder.LowByteFirst, 0, true);
        FrameQueue queue = new();
        for (int i = 0; i < 4; i++)
        {
            Frame frame = pool.Rent(20);
            frame.PayloadLength = 20;
            queue.Enqueue(frame);
        }

        Assert.Equal((4, 80, 0), (queue.Count, queue.Bytes, pool.Free));
        queue.Clear(pool);
        Assert.Equal((0, 0, 4), (queue.Count, queue.Bytes, pool.Free));
        Assert.Null(queue.Head);
        Assert.Null(queue.Tail);
        Assert.Equal(0u, pool.DoubleReturns);
        queue.Clear(pool);
        Assert.Equal(4, pool.Free);
    }

    private void Make(int length)
    {
        while (_model.Count > 0)
        {
            Dequeue();
        }

        Dequeue();
        for (int i = 0; i < length; i++)
        {
            Enqueue();
        }
    }

    private void Enqueue()
    {
        Frame frame = New();
        _queue.Enqueue(frame);
        _model.Add(frame);
        _bytes += frame.PayloadLength;
        Check();
    }

    private void InsertAfter(int at)
    {
        Frame frame = New();
        _queue.InsertAfter(at < 0 ? null! : _model[at], frame);
        _model.Insert(at + 1, frame);
        _bytes += frame.PayloadLength;
        Check();
    }

    private void Replace(int at)
    {
        // by one with the same payload
        Frame frame = New();
        frame.PayloadLength = _model[at].PayloadLength;
        _queue.Replace(_model[at], frame);
        _model[at] = frame;
        Check();
    }

    private void Remove(int at)
    {
        Frame frame = _model[at];
        _queue.Remove(frame);
        _model.RemoveAt(at);
        _bytes -= frame.PayloadLength;
        Assert.Null(frame.Next);
        Check();
    }

    private void RemoveNext(int at)
    {
        // its payload went into the one before it
        _queue.RemoveNext(_model[at]);
        _model.RemoveAt(at + 1);
        Check();
    }

    private void Dequeue()
    {
        Frame frame = _queue.Dequeue();
        if (_model.Count == 0)
        {
            Assert.Null(frame);
        }
        else
        {
            Assert.Same(_model[0], frame);
            Assert.Null(frame.Next);
            _bytes -= frame.PayloadLength;
            _model.RemoveAt(0);
        }

        Check();
    }

    private void Check()
    {
        List<Frame> frames = [];
        for (Frame frame = _queue.Head; frame != null; frame = frame.Next)
        {
            Assert.True(frames.Count <= _model.Count);
            frames.Add(frame);
        }

        Assert.Equal(_model, frames);
        Assert.Same(_model.LastOrDefault(), _queue.Tail);
        Assert.Equal((_model.Count, _bytes), (_queue.Count, _queue.Bytes));
    }

    private Frame New()
    {
        // one that was in another queue before
        Frame frame = new(2, WordOrder.LowByteFirst) { PayloadLength = 1 << (_next++ % 20) };
        frame.Next = frame;
        return frame;
    }
}
