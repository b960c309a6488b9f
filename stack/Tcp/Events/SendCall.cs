// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// SEND (RFC 9293 section 3.10.2), in ESTABLISHED and CLOSE-WAIT: text is segmentized into frames of the send queue. What may leave
    /// leaves in the next poll, so that calls that follow each other share segments.
    /// </summary>
    internal sealed class SendCall
    {
        private readonly TcpLayer _tcp;
        private readonly FramePool _pool;
        private readonly int _sendFrames;

        /// <summary>Initializes the call.</summary>
        /// <param name="tcp">The layer, which sends.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="sendFrames">Frames that a connection may hold.</param>
        internal SendCall(TcpLayer tcp, FramePool pool, int sendFrames)
        {
            _tcp = tcp;
            _pool = pool;
            _sendFrames = sendFrames;
        }

        /// <summary>
        /// Copies bytes into the send queue.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="buffer">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many, 1 or more.</param>
        /// <returns>How many were taken, or WouldBlock, NoBufferSpace.</returns>
        internal int Send(TcpControlBlock block, byte[] buffer, int offset, int count)
        {
            int limit = EffectiveMss.SegmentSize(block);
            int written = 0;
            while (written < count)
            {
                int room = SendQueue.RoomInTail(block, limit);
                Frame frame = block.SendQueue.Tail;
                if (room == 0)
                {
                    frame = AddFrame(block, limit, count - written, true);
                    if (frame == null)
                    {
                        break;
                    }

                    room = SendQueue.RoomIn(frame, limit);
                }

                int part = count - written < room ? count - written : room;
                _pool.Copier.CopyIn(frame, TcpTransmitter.TextStart + frame.PayloadLength, buffer, offset + written, part);
                SendQueue.AddText(block, frame, part);
                written += part;
            }

            return Finish(block, written);
        }

        /// <summary>
        /// Copies words into the send queue that are laid out as they go over the wire.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="content">The words and their sum.</param>
        /// <param name="offset">Bytes of it that were written before, even, and not all.</param>
        /// <returns>How many bytes were taken, or WouldBlock, NoBufferSpace.</returns>
        internal int Send(TcpControlBlock block, WordBuffer content, int offset)
        {
            int limit = EffectiveMss.SegmentSize(block);
            int count = content.Length - offset;
            int written = 0;
            while (written < count)
            {
                Frame frame = AddFrame(block, limit, count - written, false);
                if (frame == null)
                {
                    break;
                }

                int room = SendQueue.RoomIn(frame, limit);
                int part = count - written;
                if (part > room)
                {
                    // what follows must begin with a whole word
                    part = room & ~1;
                }

                frame.CopyWordsFrom(TcpTransmitter.TextStart, content.Words, (offset + written) >> 1, (part + 1) >> 1);
                SendQueue.AddText(block, frame, part);
                if (part == content.Length)
                {
                    frame.PayloadSum = content.Sum();
                    frame.SummedLength = part;
                }

                written += part;
            }

            return Finish(block, written);
        }

        /// <summary>
        /// Puts text that stands in a frame already into the send queue.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The frame; the caller's reference stays the caller's.</param>
        /// <param name="start">Where the text begins: where that of a segment does, or behind what the last frame has.</param>
        /// <param name="count">Bytes.</param>
        /// <returns>The bytes; or WouldBlock if the queue is full; or InvalidState if what the text was to continue has been sent or written to.</returns>
        internal int SendInPlace(TcpControlBlock block, Frame frame, int start, int count)
        {
            if (start == TcpTransmitter.TextStart)
            {
                if (block.SendQueue.Count >= _sendFrames)
                {
                    return (int)SocketError.WouldBlock;
                }

                frame.Retain();
                SendQueue.AddFrame(block, frame);
            }
            else if (block.SendQueue.Tail != frame
                || start != TcpTransmitter.TextStart + frame.PayloadLength
                || SendQueue.RoomInTail(block, EffectiveMss.SegmentSize(block)) < count)
            {
                return (int)SocketError.InvalidState;
            }

            SendQueue.AddText(block, frame, count);
            return Finish(block, count);
        }

        /// <summary>
        /// Finds room for text that is to be written in place: behind what the last frame has, or in a frame that is not in the queue yet.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="length">Bytes, no more than a full segment has.</param>
        /// <param name="limit">Bytes of text in a full segment.</param>
        /// <returns>A frame with a reference for the caller, or null.</returns>
        internal Frame FindRoom(TcpControlBlock block, int length, int limit)
        {
            if (SendQueue.RoomInTail(block, limit) < length)
            {
                return RentFrame(block, limit, length, int.MaxValue, true);
            }

            Frame frame = block.SendQueue.Tail;
            frame.Retain();
            return frame;
        }

        /// <summary>
        /// Whether there is a place for text, as far as the connection's own share goes; frames may be short all the same.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether there is.</returns>
        internal bool HasRoom(TcpControlBlock block)
        {
            return block.SendQueue.Count < _sendFrames || SendQueue.RoomInTail(block, EffectiveMss.SegmentSize(block)) > 0;
        }

        /// <summary>
        /// Has what was written sent in the next poll; of nothing, says why.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="count">Bytes that were written.</param>
        /// <returns>The bytes, or WouldBlock, NoBufferSpace.</returns>
        internal int Finish(TcpControlBlock block, int count)
        {
            if (count == 0)
            {
                return block.SendQueue.Count >= _sendFrames ? (int)SocketError.WouldBlock : (int)SocketError.NoBufferSpace;
            }

            _tcp.RequestOutput(block);
            return count;
        }

        private Frame AddFrame(TcpControlBlock block, int limit, int wanted, bool growing)
        {
            Frame frame = RentFrame(block, limit, wanted, TcpTransmitter.SmallestFrame, growing);
            if (frame != null)
            {
                SendQueue.AddFrame(block, frame);
            }

            return frame;
        }

        /// <summary>
        /// Rents a frame for the send queue. One is left for text that arrives in order, or who always writes would never read. Who has
        /// nothing under way gets one of a smaller size where the fitting ones are short; with something under way, waiting for the
        /// acknowledgment is better than small segments.
        /// </summary>
        private Frame RentFrame(TcpControlBlock block, int limit, int wanted, int least, bool growing)
        {
            int held = block.SendQueue.Count;
            if (held >= _sendFrames)
            {
                return null;
            }

            int fitting = TcpTransmitter.TextStart + (wanted < limit ? wanted : limit);
            if (held == 0)
            {
                return _pool.RentToKeep(fitting, least, KeepPriority.First, 1, true);
            }

            // what waits for an acknowledgment anyway (Nagle) may yet grow to a full segment
            Frame frame = null;
            if (growing && !block.NoDelay && block.SndUna != block.SndEnd)
            {
                frame = _pool.RentToKeep(TcpTransmitter.TextStart + limit, int.MaxValue, KeepPriority.Further, 1, false);
            }

            return frame != null ? frame : _pool.RentToKeep(fitting, int.MaxValue, KeepPriority.Further, 1, false);
        }
    }
}
