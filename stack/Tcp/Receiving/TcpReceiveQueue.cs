// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Puts text that arrives in order where the application reads it: as a rule the frame itself waits, and nothing is copied.
    /// A peer that sends many small segments would fill its share of frames with headers, so then text is put together. And where
    /// frames of a size are short, text goes over into others. Owns <see cref="TcpControlBlock.Irs"/>, <see cref="TcpControlBlock.RcvNxt"/>,
    /// <see cref="TcpControlBlock.FinReceived"/>, and what is in <see cref="TcpControlBlock.ReceiveQueue"/>.
    /// </summary>
    /// <remarks>
    /// The last frame of a size is not kept. But the application works after each poll, and if it reads then, nothing is kept for later:
    /// so text passes through in such a frame, one at a time, unacknowledged until it is read. If it is not by the next poll, it is kept
    /// if it can be by then, goes over into smaller frames as far as there are some, or comes again. A connection that holds nothing comes
    /// before one that does.
    /// </remarks>
    internal sealed class TcpReceiveQueue
    {
        private readonly FramePool _pool;
        private readonly TcpCounters _counters;
        private readonly int _limit;

        /// <summary>The connection whose text passes through until the next poll, or null. A field, for it is asked for in each poll.</summary>
        internal TcpControlBlock PassingTo;

        private Frame _passing;

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

        /// <summary>Gets the bytes that pass through.</summary>
        internal int PassingBytes => _passing.PayloadLength;

        /// <summary>
        /// Takes the text of a segment that begins at RCV.NXT. RCV.NXT moves behind it.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="segment">The segment, trimmed to the window.</param>
        /// <returns>Whether there was room for all of it.</returns>
        internal bool Append(TcpControlBlock block, TcpSegment segment)
        {
            Frame frame = segment.Frame;
            if (Append(block, frame, segment.TextOffset, segment.TextLength, false))
            {
                return true;
            }

            FrameQueue queue = block.ReceiveQueue;
            if (_passing != null && queue.Count == 0 && PassingTo.ReceiveQueue.Count > 0)
            {
                // who holds something gives way to who holds nothing
                EndPassing();
                _counters._receiveQueueFull++;
            }

            if (_passing == null && frame.Class != null && queue.Count < _limit)
            {
                frame.Retain();
                frame.PayloadOffset = segment.TextOffset;
                frame.PayloadLength = segment.TextLength;
                frame.Sequence = block.RcvNxt;
                _passing = frame;
                PassingTo = block;
                return false;
            }

            return PassingTo != block && AppendInPieces(block, frame, segment.TextOffset, segment.TextLength);
        }

        /// <summary>
        /// The peer's numbers are known: what it sends first follows its SYN.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="irs">IRS.</param>
        internal static void Begin(TcpControlBlock block, uint irs)
        {
            block.Irs = irs;
            block.RcvNxt = irs + 1;
        }

        /// <summary>
        /// Nothing is known of the peer yet: we are asking for it.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void AwaitPeer(TcpControlBlock block)
        {
            block.RcvNxt = 0;
        }

        /// <summary>
        /// The peer has closed its direction, and all of it has arrived.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void TakeFin(TcpControlBlock block)
        {
            block.RcvNxt++;
            block.FinReceived = true;
        }

        /// <summary>
        /// The application has read from the front.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The first frame.</param>
        /// <param name="count">Bytes of it.</param>
        internal void Drop(TcpControlBlock block, Frame frame, int count)
        {
            frame.PayloadOffset += count;
            frame.PayloadLength -= count;
            block.ReceiveQueue.Bytes -= count;
            if (frame.PayloadLength == 0)
            {
                _pool.Return(block.ReceiveQueue.Dequeue());
            }
        }

        /// <summary>
        /// Nobody will read what has arrived.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void Clear(TcpControlBlock block)
        {
            block.ReceiveQueue.Clear(_pool);
        }

        /// <summary>
        /// The application reads: text that passes through is a connection's like any other now.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether there was some.</returns>
        internal bool TakePassing(TcpControlBlock block)
        {
            Frame frame = _passing;
            if (PassingTo != block || frame.Sequence != block.RcvNxt)
            {
                return false;
            }

            KeepFrame(block, frame, frame.PayloadOffset, frame.PayloadLength);
            EndPassing();
            return true;
        }

        /// <summary>
        /// The application had its turn: what it did not read goes over into smaller frames, as far as there are some, or comes again.
        /// </summary>
        internal void EndTurn()
        {
            TcpControlBlock block = PassingTo;
            if (_passing.Sequence == block.RcvNxt)
            {
                int offset = _passing.PayloadOffset;
                int length = _passing.PayloadLength;
                if (!Append(block, _passing, offset, length, false))
                {
                    AppendInPieces(block, _passing, offset, length);
                }

                AcknowledgmentPolicy.OweNow(block);
                TcpOutput.Request(block);
            }

            EndPassing();
        }

        /// <summary>
        /// Forgets text that passes through.
        /// </summary>
        private void EndPassing()
        {
            Frame frame = _passing;
            _passing = null;
            PassingTo = null;
            _pool.Return(frame);
        }

        /// <summary>
        /// Forgets text that passes through for a connection.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void DropPassing(TcpControlBlock block)
        {
            if (PassingTo == block)
            {
                EndPassing();
            }
        }

        /// <summary>
        /// Takes text that begins at RCV.NXT. RCV.NXT moves behind it.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The frame that holds the text. The caller's reference stays the caller's.</param>
        /// <param name="offset">Offset of the text in the frame.</param>
        /// <param name="length">Bytes of text.</param>
        /// <param name="held">Whether the frame is one that the connection has kept so far: then it takes nothing from others.</param>
        /// <returns>Whether there was room. If not, it comes again.</returns>
        internal bool Append(TcpControlBlock block, Frame frame, int offset, int length, bool held)
        {
            FrameQueue queue = block.ReceiveQueue;
            bool room = MayKeep(queue, frame, held);
            if (!room && MergeFrames(queue))
            {
                room = MayKeep(queue, frame, held);
            }

            if (room)
            {
                KeepFrame(block, frame, offset, length);
                return true;
            }

            KeepPriority priority = Priority(queue);
            if (queue.Tail != null && Spare(queue.Tail) >= length)
            {
                CopyBehind(queue.Tail, frame, offset, length);
                queue.Bytes += length;
                block.RcvNxt += (uint)length;
                return true;
            }

            if (queue.Count >= _limit)
            {
                return false;
            }

            // where frames of its size are short it goes over into a larger one, or early text and parked frames give way
            if (CopyText(block, frame, offset, length, int.MaxValue, priority))
            {
                return true;
            }

            if (_pool.MakeRoom(frame, priority))
            {
                KeepFrame(block, frame, offset, length);
                return true;
            }

            return false;
        }

        /// <summary>
        /// Takes text over into frames that are smaller than it: one segment of a connection that holds nothing is worth several of them.
        /// Who holds something gets none.
        /// </summary>
        private bool AppendInPieces(TcpControlBlock block, Frame frame, int offset, int length)
        {
            if (block.ReceiveQueue.Count > 0)
            {
                _counters._receiveQueueFull++;
                return false;
            }

            int end = offset + length;
            uint start = block.RcvNxt;
            while (offset < end && block.ReceiveQueue.Count < _limit
                && CopyText(block, frame, offset, end - offset, TcpTransmitter.SmallestFrame, KeepPriority.First))
            {
                offset += (int)(block.RcvNxt - start);
                start = block.RcvNxt;
            }

            if (offset < end)
            {
                _counters._receiveQueueFull++;
            }

            return offset == end;
        }

        private static void KeepFrame(TcpControlBlock block, Frame frame, int offset, int length)
        {
            frame.Retain();
            frame.PayloadOffset = offset;
            frame.PayloadLength = length;
            frame.Sequence = block.RcvNxt;
            block.ReceiveQueue.Enqueue(frame);
            block.RcvNxt += (uint)length;
        }

        private static KeepPriority Priority(FrameQueue queue) => queue.Count == 0 ? KeepPriority.First : KeepPriority.Further;

        /// <summary>
        /// Whether the frame itself may wait. The first one of a connection may if one of its size is left, more only if a third of them are.
        /// </summary>
        private bool MayKeep(FrameQueue queue, Frame frame, bool held)
        {
            return queue.Count < _limit && (held || _pool.MayKeep(frame, Priority(queue)));
        }

        /// <summary>
        /// Takes text over into another frame, as much as fits.
        /// </summary>
        private bool CopyText(TcpControlBlock block, Frame frame, int offset, int length, int least, KeepPriority priority)
        {
            Frame copy = _pool.RentToKeep(TcpTransmitter.TextStart + length, least, priority, 0, false);
            if (copy == null)
            {
                return false;
            }

            copy.PayloadOffset = TcpTransmitter.TextStart;
            copy.PayloadLength = 0;
            copy.Sequence = block.RcvNxt;
            CopyBehind(copy, frame, offset, copy.Length - TcpTransmitter.TextStart);
            block.ReceiveQueue.Enqueue(copy);
            block.RcvNxt += (uint)copy.PayloadLength;
            return true;
        }

        private static int Spare(Frame frame) => frame.Capacity - frame.PayloadOffset - frame.PayloadLength;

        /// <summary>
        /// Puts the text of two frames together, the oldest ones that fit. If no two do, the queue holds more than half of what its
        /// frames can, and the window's promise is kept.
        /// </summary>
        private bool MergeFrames(FrameQueue queue)
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
                int length = TcpTransmitter.TextStart + first.PayloadLength + second.PayloadLength;
                Frame larger = _pool.RentToKeep(length, length, KeepPriority.First, -1, false);
                if (larger == null)
                {
                    return false;
                }

                larger.PayloadOffset = TcpTransmitter.TextStart;
                larger.PayloadLength = 0;
                larger.Sequence = first.Sequence;
                CopyBehind(larger, first, first.PayloadOffset, first.PayloadLength);
                queue.Replace(first, larger);
                _pool.Return(first);
                first = larger;
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
