// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Tcp;

namespace TcpIp.Sockets
{
    /// <content>
    /// The calls for streams that move data: SEND and RECEIVE of RFC 9293 section 3.9.1, by bytes, by words and in place.
    /// </content>
    internal sealed partial class StreamCalls
    {
        /// <summary>Copies bytes into the send queue.</summary>
        /// <returns>As of <see cref="SocketLayer.Write(int, byte[], int, int)"/>.</returns>
        internal int Write(TcpControlBlock block, byte[] buffer, int offset, int count)
        {
            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.Send, block);
            if (answer != CallTable.Ok || count == 0)
            {
                return answer;
            }

            int limit = block.SegmentSize();
            int written = 0;
            while (written < count)
            {
                int room = RoomInTail(block, limit);
                Frame frame = block.SendQueue.Tail;
                if (room == 0)
                {
                    frame = AddFrame(block, limit, count - written, true);
                    if (frame == null)
                    {
                        break;
                    }

                    room = RoomIn(frame, limit);
                }

                int part = count - written < room ? count - written : room;
                frame.CopyBytesFrom(TcpTransmitter.TextStart + frame.PayloadLength, buffer, offset + written, part);
                CountText(block, frame, part);
                written += part;
            }

            return FinishSend(block, written);
        }

        /// <summary>Copies words into the send queue.</summary>
        /// <returns>As of <see cref="SocketLayer.Write(int, WordBuffer, int)"/>.</returns>
        internal int Write(TcpControlBlock block, WordBuffer content, int offset)
        {
            if (content == null || offset < 0 || offset > content.Length || (offset & 1) != 0)
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.Send, block);
            int count = content.Length - offset;
            if (answer != CallTable.Ok || count == 0)
            {
                return answer;
            }

            int limit = block.SegmentSize();
            int written = 0;
            while (written < count)
            {
                Frame frame = AddFrame(block, limit, count - written, false);
                if (frame == null)
                {
                    break;
                }

                int room = RoomIn(frame, limit);
                int part = count - written;
                if (part > room)
                {
                    // what follows must begin with a whole word
                    part = room & ~1;
                }

                frame.CopyWordsFrom(TcpTransmitter.TextStart, content.Words, (offset + written) >> 1, (part + 1) >> 1);
                CountText(block, frame, part);
                if (part == content.Length)
                {
                    frame.PayloadSum = content.Sum();
                    frame.SummedLength = part;
                }

                written += part;
            }

            return FinishSend(block, written);
        }

        /// <summary>Points a view at room in the send queue.</summary>
        /// <returns>As of <see cref="SocketLayer.Reserve"/>.</returns>
        internal int Reserve(TcpControlBlock block, int wanted, SendView view)
        {
            if (view == null || wanted < 1)
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.Send, block);
            if (answer != CallTable.Ok)
            {
                return answer;
            }

            int limit = block.SegmentSize();
            int length = wanted < limit ? wanted : limit;
            int start = TcpTransmitter.TextStart;
            Frame frame;
            if (RoomInTail(block, limit) >= length)
            {
                // what is reserved must not go back to the pool before it is committed
                frame = block.SendQueue.Tail;
                frame.Retain();
                start += frame.PayloadLength;
            }
            else
            {
                frame = RentFrame(block, limit, length, int.MaxValue, true);
                if (frame == null)
                {
                    return FinishSend(block, 0);
                }
            }

            view.Set(frame, start, length, block.Descriptor);
            return length;
        }

        /// <summary>Puts what was written into reserved room into the send queue.</summary>
        /// <returns>The bytes; WouldBlock if the queue is full and they may be committed later; or an error, after which they may not.</returns>
        internal int Commit(TcpControlBlock block, SendView view, int count)
        {
            int answer = CallTable.Answer(CallTable.Send, block);
            if (answer != CallTable.Ok || count == 0)
            {
                return answer;
            }

            Frame frame = view.Frame;
            if (view.Start == TcpTransmitter.TextStart)
            {
                if (block.SendQueue.Count >= _sendFrames)
                {
                    return (int)SocketError.WouldBlock;
                }

                // the queue takes a reference of its own, so that either way the reservation's is given up
                frame.Retain();
                AppendFrame(block, frame);
            }
            else if (block.SendQueue.Tail != frame
                || view.Start != TcpTransmitter.TextStart + frame.PayloadLength
                || RoomInTail(block, block.SegmentSize()) < count)
            {
                return (int)SocketError.InvalidState;
            }

            CountText(block, frame, count);
            return FinishSend(block, count);
        }

        /// <summary>Copies out what has arrived.</summary>
        /// <returns>As of <see cref="SocketLayer.Read"/>.</returns>
        internal int Read(TcpControlBlock block, byte[] buffer, int offset, int count)
        {
            if (buffer == null || offset < 0 || count < 1 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            Frame frame = block.ReceiveQueue.Head;
            if (frame == null)
            {
                _tcp.TakePassing(block);
                frame = block.ReceiveQueue.Head;
                if (frame == null)
                {
                    return CallTable.Answer(CallTable.Receive, block);
                }
            }

            int read = 0;
            while (frame != null && read < count)
            {
                int part = count - read < frame.PayloadLength ? count - read : frame.PayloadLength;
                frame.CopyBytesTo(frame.PayloadOffset, buffer, offset + read, part);
                read += part;
                RemoveText(block, frame, part);
                frame = block.ReceiveQueue.Head;
            }

            UpdateWindow(block);
            return read;
        }

        /// <summary>Shows the frame with what has arrived first.</summary>
        /// <returns>As of <see cref="SocketLayer.Peek(int, ReceivedView)"/>.</returns>
        internal int Peek(TcpControlBlock block, ReceivedView view)
        {
            if (view == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            Frame frame = block.ReceiveQueue.Head;
            if (frame == null)
            {
                _tcp.TakePassing(block);
                frame = block.ReceiveQueue.Head;
                if (frame == null)
                {
                    return CallTable.Answer(CallTable.Receive, block);
                }
            }

            view.Set(frame);
            return frame.PayloadLength;
        }

        /// <summary>Gives up what was shown.</summary>
        /// <returns>As of <see cref="SocketLayer.Consume"/>.</returns>
        internal int Consume(TcpControlBlock block, int count)
        {
            Frame frame = block.ReceiveQueue.Head;
            if (count < 0 || frame == null || count > frame.PayloadLength)
            {
                return (int)SocketError.InvalidArgument;
            }

            RemoveText(block, frame, count);
            UpdateWindow(block);
            return 0;
        }

        /// <summary>How much has arrived, or whether a connection waits to be accepted.</summary>
        /// <returns>As of <see cref="SocketLayer.GetAvailable"/>.</returns>
        internal int GetAvailable(TcpControlBlock block)
        {
            return block.State != TcpState.Listen ? block.ReceiveQueue.Bytes + _tcp.PassingBytes(block) : block.Waiting > 0 ? 1 : 0;
        }

        private static void CountText(TcpControlBlock block, Frame frame, int count)
        {
            frame.PayloadLength += count;
            block.SendQueue.Bytes += count;
            block.SndEnd += (uint)count;
        }

        private static int RoomInTail(TcpControlBlock block, int limit)
        {
            // only a frame of which nothing was sent may still grow: what is retransmitted is what was sent
            Frame tail = block.SendQueue.Tail;
            if (tail == null || SequenceNumber.Before(tail.Sequence, block.SndMax))
            {
                return 0;
            }

            return RoomIn(tail, limit);
        }

        private static int RoomIn(Frame frame, int limit)
        {
            int capacity = frame.Capacity - TcpTransmitter.TextStart;
            int room = (capacity < limit ? capacity : limit) - frame.PayloadLength;
            return room > 0 ? room : 0;
        }

        private Frame AddFrame(TcpControlBlock block, int limit, int wanted, bool growing)
        {
            Frame frame = RentFrame(block, limit, wanted, TcpTransmitter.SmallestFrame, growing);
            if (frame != null)
            {
                AppendFrame(block, frame);
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

        private static void AppendFrame(TcpControlBlock block, Frame frame)
        {
            frame.PayloadOffset = TcpTransmitter.TextStart;
            frame.Sequence = block.SndEnd;
            frame.Marks = 0;
            block.SendQueue.Enqueue(frame);
        }

        /// <summary>
        /// Has what was written sent in the next poll; of nothing, says why.
        /// </summary>
        private int FinishSend(TcpControlBlock block, int count)
        {
            if (count == 0)
            {
                return block.SendQueue.Count >= _sendFrames ? (int)SocketError.WouldBlock : (int)SocketError.NoBufferSpace;
            }

            _tcp.RequestOutput(block);
            return count;
        }

        private void RemoveText(TcpControlBlock block, Frame frame, int count)
        {
            frame.PayloadOffset += count;
            frame.PayloadLength -= count;
            block.ReceiveQueue.Bytes -= count;
            if (frame.PayloadLength == 0)
            {
                _pool.Return(block.ReceiveQueue.Dequeue());
            }
        }

        private void UpdateWindow(TcpControlBlock block)
        {
            if (!block.FinReceived && _window.WantsUpdate(block))
            {
                block.AckPending = true;
                _tcp.RequestOutput(block);
            }
        }
    }
}
