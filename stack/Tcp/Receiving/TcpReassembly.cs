// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Keeps text that arrived before its turn, in the frames it came in, until the gap before it closes (RFC 9293 section
    /// 3.10.7.4, RFC 1122 SHLD-31). Of bytes that arrive twice before their turn the first copy stays; a segment in its turn is
    /// taken whole. Owns <see cref="TcpControlBlock.EarlyArrivals"/>, <see cref="TcpControlBlock.EarlyFin"/>,
    /// <see cref="TcpControlBlock.EarlyFinAt"/>, and what is in <see cref="TcpControlBlock.OutOfOrderQueue"/>.
    /// </summary>
    /// <remarks>
    /// It gives way where others need frames, even if the peer was told that it has arrived: RFC 2018 section 8 allows that, and the
    /// peer sends it again. From then on no acknowledgment tells of it, for what is told is what is in the queue.
    /// </remarks>
    internal sealed class TcpReassembly : IFrameKeeper
    {
        private readonly TcpControlBlock[] _blocks;
        private readonly FramePool _pool;
        private readonly TcpReceiveQueue _receiveQueue;
        private readonly TcpCounters _counters;
        private readonly int _limit;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpReassembly"/> class.
        /// </summary>
        /// <param name="blocks">The table of blocks.</param>
        /// <param name="pool">Where frames go back to.</param>
        /// <param name="receiveQueue">Takes what is in order.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="limit">Frames that a connection may keep.</param>
        internal TcpReassembly(TcpControlBlock[] blocks, FramePool pool, TcpReceiveQueue receiveQueue, TcpCounters counters, int limit)
        {
            _blocks = blocks;
            _pool = pool;
            _receiveQueue = receiveQueue;
            _counters = counters;
            _limit = limit;
        }

        /// <summary>
        /// Keeps a segment that begins after RCV.NXT, as far as its text is new.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="segment">The segment, trimmed to the window.</param>
        internal void KeepSegment(TcpControlBlock block, TcpSegment segment)
        {
            uint start = segment.Sequence;
            uint end = start + (uint)segment.TextLength;
            if ((segment.Flags & TcpHeader.Fin) != 0)
            {
                block.EarlyFin = true;
                block.EarlyFinAt = end;
            }

            int number = ++block.EarlyArrivals;
            FrameQueue queue = block.OutOfOrderQueue;
            Frame previous = null;
            Frame next = queue.Head;
            while (next != null && SequenceNumber.BeforeOrAt(next.Sequence, start))
            {
                previous = next;
                next = next.Next;
            }

            int cutLeft = 0;
            if (previous != null)
            {
                cutLeft = (int)(previous.Sequence + (uint)previous.PayloadLength - start);
                if (cutLeft < 0)
                {
                    cutLeft = 0;
                }
                else
                {
                    // it has news of this one, even if all of it has come before: the block that it lies in is told first
                    previous.SentAt = number;
                }
            }

            int length = (int)(end - start);
            if (next != null && SequenceNumber.Before(next.Sequence, end))
            {
                // what lies behind the frame that is there already will come again
                length = (int)(next.Sequence - start);
            }

            length -= cutLeft;
            if (length <= 0)
            {
                return;
            }

            if (queue.Count >= _limit || !_pool.MayKeep(segment.Frame, KeepPriority.Spare))
            {
                _counters._outOfOrderDropped++;
                return;
            }

            Frame frame = segment.Frame;
            frame.Retain();
            frame.PayloadOffset = segment.TextOffset + cutLeft;
            frame.PayloadLength = length;
            frame.Sequence = start + (uint)cutLeft;
            frame.SentAt = number;
            queue.InsertAfter(previous, frame);
        }

        /// <summary>
        /// Forgets what is kept: the peer's FIN has come, and nothing can stand behind it, or the connection has ended.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void Clear(TcpControlBlock block)
        {
            block.EarlyFin = false;
            block.OutOfOrderQueue.Clear(_pool);
        }

        /// <summary>
        /// Whether the turn of a FIN has come that arrived before it. It is kept no longer if so; nor if text went on where it should have
        /// stood: it was none, and 2^32 bytes later its number would come again.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether the FIN is next.</returns>
        internal static bool TakeEarlyFin(TcpControlBlock block)
        {
            if (!block.EarlyFin || SequenceNumber.Before(block.RcvNxt, block.EarlyFinAt))
            {
                return false;
            }

            block.EarlyFin = false;
            return block.EarlyFinAt == block.RcvNxt;
        }

        /// <summary>
        /// Drops a frame for who needs it more: of the connection with the most of them, the one that would be read last.
        /// </summary>
        /// <param name="sizeClass">Its size class, or <see cref="FramePool.AnySize"/>.</param>
        /// <returns>Whether there was one.</returns>
        public bool GiveUp(int sizeClass)
        {
            FrameQueue queue = null;
            Frame last = null;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                FrameQueue other = blocks[i].OutOfOrderQueue;
                if (other.Count == 0 || (queue != null && other.Count <= queue.Count))
                {
                    continue;
                }

                Frame found = FindLast(other, sizeClass);
                if (found != null)
                {
                    queue = other;
                    last = found;
                }
            }

            if (last == null)
            {
                return false;
            }

            queue.Remove(last);
            _pool.Return(last);
            _counters._outOfOrderDropped++;
            return true;
        }

        /// <summary>
        /// Moves what is in order now to the receive queue.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void MoveInOrder(TcpControlBlock block)
        {
            FrameQueue queue = block.OutOfOrderQueue;
            Frame frame = queue.Head;
            while (frame != null && SequenceNumber.BeforeOrAt(frame.Sequence, block.RcvNxt))
            {
                queue.Dequeue();
                int known = (int)(block.RcvNxt - frame.Sequence);
                if (known < frame.PayloadLength)
                {
                    // where there is no room for it, it comes again
                    _receiveQueue.Append(block, frame, frame.PayloadOffset + known, frame.PayloadLength - known, true);
                }

                _pool.Return(frame);
                frame = queue.Head;
            }
        }

        private static Frame FindLast(FrameQueue queue, int sizeClass)
        {
            Frame last = null;
            for (Frame frame = queue.Head; frame != null; frame = frame.Next)
            {
                if (frame.References == 1 && (sizeClass == FramePool.AnySize || frame.SizeClass == sizeClass))
                {
                    last = frame;
                }
            }

            return last;
        }
    }
}
