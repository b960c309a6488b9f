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
            return Append(block, segment.Frame, segment.TextOffset, segment.TextLength);
        }

        /// <summary>
        /// Takes text that begins at RCV.NXT. RCV.NXT moves behind it.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The frame that holds the text. The caller's reference stays the caller's.</param>
        /// <param name="offset">Offset of the text in the frame.</param>
        /// <param name="length">Bytes of text.</param>
        /// <returns>Whether there was room.</returns>
        internal bool Append(TcpControlBlock block, Frame frame, int offset, int length)
        {
            FrameQueue queue = block.ReceiveQueue;
            bool room = HasRoom(queue);
            if (!room && Merge(queue))
            {
                room = HasRoom(queue);
            }

            if (room)
            {
                frame.Retain();
                frame.PayloadOffset = offset;
                frame.PayloadLength = length;
                frame.Sequence = block.RcvNxt;
                queue.Enqueue(frame);
            }
            else if (queue.Tail != null && Spare(queue.Tail) >= length)
            {
                CopyBehind(queue.Tail, frame, offset, length);
                queue.Bytes += length;
            }
            else
            {
                _counters._receiveQueueFull++;
                return false;
            }

            block.RcvNxt += (uint)length;
            return true;
        }

        private bool HasRoom(FrameQueue queue) => queue.Count < _limit && _pool.MayKeep(0);

        private static int Spare(Frame frame) => frame.Capacity - frame.PayloadOffset - frame.PayloadLength;

        /// <summary>
        /// Puts the text of two frames together, the oldest ones that fit. If no two do, the queue holds more than half of what its
        /// frames can, and the window's promise is kept.
        /// </summary>
        private bool Merge(FrameQueue queue)
        {
            int most = _pool.LargestCapacity - TcpTransmitter.TextStart;
            Frame first = queue.Head;
            while (first != null && first.Next != null && first.PayloadLength + first.Next.PayloadLength > most)
            {
                first = first.Next;
            }

            if (first == null || first.Next == null)
            {
                return false;
            }

            Frame second = first.Next;
            if (Spare(first) < second.PayloadLength)
            {
                Frame large = _pool.RentForReceive(_pool.LargestCapacity);
                if (large == null)
                {
                    return false;
                }

                large.PayloadOffset = TcpTransmitter.TextStart;
                large.Sequence = first.Sequence;
                CopyBehind(large, first, first.PayloadOffset, first.PayloadLength);
                queue.Replace(first, large);
                _pool.Return(first);
                first = large;
            }

            CopyBehind(first, second, second.PayloadOffset, second.PayloadLength);
            queue.RemoveNext(first);
            _pool.Return(second);
            _counters._segmentsMerged++;
            return true;
        }

        private static void CopyBehind(Frame frame, Frame source, int offset, int length)
        {
            frame.CopyFrom(frame.PayloadOffset + frame.PayloadLength, source, offset, length);
            frame.PayloadLength += length;
        }
    }
}
