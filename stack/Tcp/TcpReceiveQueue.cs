// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Puts text that arrives in order where the application reads it: as a rule the frame itself waits, and nothing is copied.
    /// A peer that sends many small segments would fill its share of frames with headers, so then text is put together.
    /// </summary>
    internal sealed class TcpReceiveQueue
    {
        private readonly FramePool _pool;
        private readonly TcpCounters _counters;
        private readonly int _limit;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpReceiveQueue"/> class.
        /// </summary>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="limit">Frames that a connection may hold.</param>
        internal TcpReceiveQueue(FramePool pool, TcpCounters counters, int limit)
        {
            _pool = pool;
            _counters = counters;
            _limit = limit;
        }

        /// <summary>
        /// Takes the text of a segment that begins at RCV.NXT. RCV.NXT moves behind it.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="segment">The segment, trimmed to the window.</param>
        /// <returns>Whether there was room.</returns>
        internal bool Append(TcpControlBlock block, TcpSegment segment)
        {
            FrameQueue queue = block.ReceiveQueue;
            int length = segment.TextLength;
            if (queue.Count < _limit && _pool.MayKeep(0))
            {
                Frame frame = segment.Frame;
                frame.Retain();
                frame.PayloadOffset = segment.TextOffset;
                frame.PayloadLength = length;
                frame.Sequence = segment.Sequence;
                queue.Enqueue(frame);
            }
            else if (queue.Tail == null || !Merge(queue, segment.Frame, segment.TextOffset, length))
            {
                _counters.ReceiveQueueFull++;
                return false;
            }

            block.RcvNxt += (uint)length;
            return true;
        }

        private bool Merge(FrameQueue queue, Frame source, int offset, int length)
        {
            Frame tail = queue.Tail;
            int end = tail.PayloadOffset + tail.PayloadLength;
            if (tail.Capacity - end < length)
            {
                tail = Enlarge(queue, length);
                if (tail == null)
                {
                    return false;
                }

                end = tail.PayloadOffset + tail.PayloadLength;
            }

            tail.CopyFrom(end, source, offset, length);
            tail.PayloadLength += length;
            queue.Bytes += length;
            _counters.SegmentsMerged++;
            return true;
        }

        /// <summary>
        /// Moves the newest text into a larger frame, in which more finds room.
        /// </summary>
        private Frame Enlarge(FrameQueue queue, int more)
        {
            Frame small = queue.Tail;
            int wanted = TcpTransmitter.TextStart + small.PayloadLength + more;
            if (wanted > _pool.LargestCapacity)
            {
                return null;
            }

            Frame large = _pool.RentForReceive(_pool.LargestCapacity);
            if (large == null)
            {
                return null;
            }

            large.PayloadOffset = TcpTransmitter.TextStart;
            large.PayloadLength = small.PayloadLength;
            large.Sequence = small.Sequence;
            large.CopyFrom(TcpTransmitter.TextStart, small, small.PayloadOffset, small.PayloadLength);
            queue.ReplaceTail(large);
            _pool.Return(small);
            return large;
        }
    }
}
