// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Tcp;

namespace TcpIp.Sockets
{
    /// <content>
    /// The calls that move data: write and read.
    /// </content>
    public sealed partial class SocketLayer
    {
        /// <summary>
        /// Copies bytes into frames of the send queue. They leave in the next poll, if a segment is full or waiting longer would not help.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <param name="buffer">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <returns>How many were taken, or BadDescriptor, InvalidArgument, WouldBlock, NoBufferSpace, Shutdown,
        /// NotConnected, InProgress, or why the connection ended; of a datagram socket also MessageTooLong, AddressNotAvailable,
        /// NetworkDown.</returns>
        public int Write(int descriptor, byte[] buffer, int offset, int count)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return WriteDatagram(descriptor, buffer, offset, count);
            }

            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            int refusal = CanWrite(block);
            if (refusal != 0 || count == 0)
            {
                return refusal;
            }

            int written = 0;
            while (written < count)
            {
                int room = RoomInTail(block);
                Frame frame = block.SendQueue.Tail;
                if (room == 0)
                {
                    frame = NewFrame(block, count - written, true);
                    if (frame == null)
                    {
                        break;
                    }

                    room = RoomIn(block, frame);
                }

                int part = count - written < room ? count - written : room;
                frame.CopyBytesFrom(TcpTransmitter.TextStart + frame.PayloadLength, buffer, offset + written, part);
                Grow(block, frame, part);
                written += part;
            }

            return Written(block, written);
        }

        /// <summary>
        /// Copies words that are laid out as they go over the wire into frames of the send queue: no byte is touched, and what
        /// was summed before is not summed again.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <param name="content">The words and their sum.</param>
        /// <param name="offset">Bytes of it that were written before, even.</param>
        /// <returns>How many bytes were taken, or an error as of the other overload.</returns>
        public int Write(int descriptor, WordBuffer content, int offset)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (content == null || offset < 0 || offset > content.Length || (offset & 1) != 0)
            {
                return (int)SocketError.InvalidArgument;
            }

            int refusal = CanWrite(block);
            int count = content.Length - offset;
            if (refusal != 0 || count == 0)
            {
                return refusal;
            }

            int written = 0;
            while (written < count)
            {
                Frame frame = NewFrame(block, count - written, false);
                if (frame == null)
                {
                    break;
                }

                int room = RoomIn(block, frame);
                int part = count - written;
                if (part > room)
                {
                    // what follows must begin with a whole word
                    part = room & ~1;
                }

                frame.CopyWordsFrom(TcpTransmitter.TextStart, content.Words, (offset + written) >> 1, (part + 1) >> 1);
                Grow(block, frame, part);
                if (part == content.Length)
                {
                    frame.PayloadSum = content.Sum();
                    frame.SummedLength = part;
                }

                written += part;
            }

            return Written(block, written);
        }

        /// <summary>
        /// Takes bytes that have arrived, in order.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit.</param>
        /// <returns>How many were read; 0 says that the peer has closed and all has been read; or BadDescriptor, InvalidArgument,
        /// WouldBlock, NotConnected, InProgress, or why the connection ended.</returns>
        public int Read(int descriptor, byte[] buffer, int offset, int count)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (buffer == null || offset < 0 || count < 1 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            Frame frame = block.ReceiveQueue.Head;
            if (frame == null)
            {
                frame = TakePassing(block);
                if (frame == null)
                {
                    return NothingToRead(block);
                }
            }

            int read = 0;
            while (frame != null && read < count)
            {
                int part = count - read < frame.PayloadLength ? count - read : frame.PayloadLength;
                frame.CopyBytesTo(frame.PayloadOffset, buffer, offset + read, part);
                read += part;
                Take(block, frame, part);
                frame = block.ReceiveQueue.Head;
            }

            UpdateWindow(block);
            return read;
        }

        /// <summary>
        /// Shows what has arrived where it lies, so that nothing needs to be copied.
        /// </summary>
        /// <param name="descriptor">A connected socket, or a datagram socket: then it shows one whole datagram.</param>
        /// <param name="view">Is set to the next bytes in a row; valid until the next call for this socket or the next poll.</param>
        /// <returns>How many bytes it shows; 0 at the end, or for an empty datagram; or an error as of <see cref="Read"/>.</returns>
        public int Peek(int descriptor, ReceivedView view)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return PeekDatagram(descriptor, view);
            }

            if (view == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            Frame frame = block.ReceiveQueue.Head;
            if (frame == null)
            {
                frame = TakePassing(block);
                if (frame == null)
                {
                    return NothingToRead(block);
                }
            }

            view.Set(frame);
            return frame.PayloadLength;
        }

        /// <summary>
        /// Gives up bytes that <see cref="Peek(int, ReceivedView)"/> has shown; their frame goes back to its pool with the last one.
        /// </summary>
        /// <param name="descriptor">A connected socket, or a datagram socket: its datagram is given up whole.</param>
        /// <param name="count">How many, not more than were shown.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument.</returns>
        public int Consume(int descriptor, int count)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return ConsumeDatagram(descriptor, count);
            }

            Frame frame = block.ReceiveQueue.Head;
            if (count < 0 || frame == null || count > frame.PayloadLength)
            {
                return (int)SocketError.InvalidArgument;
            }

            Take(block, frame, count);
            UpdateWindow(block);
            return 0;
        }

        private Frame TakePassing(TcpControlBlock block)
        {
            _tcp.TakePassing(block);
            return block.ReceiveQueue.Head;
        }

        private static int NothingToRead(TcpControlBlock block)
        {
            // before the orderly end: a reset behind the peer's FIN has taken away what was not read, and that is no end
            if (block.Error != SocketError.Success)
            {
                return (int)block.Error;
            }

            if (block.FinReceived)
            {
                return 0;
            }

            switch (block.State)
            {
                case TcpState.Closed:
                case TcpState.Listen:
                    return (int)SocketError.NotConnected;
                case TcpState.SynSent:
                case TcpState.SynReceived:
                    return (int)SocketError.InProgress;
                default:
                    return (int)SocketError.WouldBlock;
            }
        }

        private static int CanWrite(TcpControlBlock block)
        {
            if (block.Error != SocketError.Success)
            {
                return (int)block.Error;
            }

            if (block.FinQueued)
            {
                return (int)SocketError.Shutdown;
            }

            switch (block.State)
            {
                case TcpState.Established:
                case TcpState.CloseWait:
                    return 0;
                case TcpState.SynSent:
                case TcpState.SynReceived:
                    return (int)SocketError.InProgress;
                default:
                    return (int)SocketError.NotConnected;
            }
        }

        private static void Grow(TcpControlBlock block, Frame frame, int count)
        {
            frame.PayloadLength += count;
            block.SendQueue.Bytes += count;
            block.SndEnd += (uint)count;
        }

        private int RoomInTail(TcpControlBlock block)
        {
            // only a frame of which nothing was sent may still grow: what is retransmitted is what was sent
            Frame tail = block.SendQueue.Tail;
            if (tail == null || SequenceNumber.Before(tail.Sequence, block.SndMax))
            {
                return 0;
            }

            return RoomIn(block, tail);
        }

        private static int RoomIn(TcpControlBlock block, Frame frame)
        {
            int limit = block.SegmentSize();
            int capacity = frame.Capacity - TcpTransmitter.TextStart;
            int room = (capacity < limit ? capacity : limit) - frame.PayloadLength;
            return room > 0 ? room : 0;
        }

        private Frame NewFrame(TcpControlBlock block, int wanted, bool growing)
        {
            Frame frame = RentFrame(block, wanted, TcpTransmitter.SmallestFrame, growing);
            if (frame != null)
            {
                Append(block, frame);
            }

            return frame;
        }

        /// <summary>
        /// Rents a frame for the send queue. One is left for text that arrives in order, or who always writes would never read. Who has
        /// nothing under way gets one of a smaller size where the fitting ones are short; with something under way, waiting for the
        /// acknowledgment is better than small segments.
        /// </summary>
        private Frame RentFrame(TcpControlBlock block, int wanted, int least, bool growing)
        {
            int held = block.SendQueue.Count;
            if (held >= _sendFrames)
            {
                return null;
            }

            int limit = block.SegmentSize();
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

        private static void Append(TcpControlBlock block, Frame frame)
        {
            frame.PayloadOffset = TcpTransmitter.TextStart;
            frame.Sequence = block.SndEnd;
            frame.Marks = 0;
            block.SendQueue.Enqueue(frame);
        }

        private int Written(TcpControlBlock block, int count)
        {
            if (count == 0)
            {
                return block.SendQueue.Count >= _sendFrames ? (int)SocketError.WouldBlock : (int)SocketError.NoBufferSpace;
            }

            _tcp.RequestOutput(block);
            return count;
        }

        private void Take(TcpControlBlock block, Frame frame, int count)
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
            if (!block.FinReceived && _tcp.Window.WantsUpdate(block))
            {
                block.AckPending = true;
                _tcp.RequestOutput(block);
            }
        }
    }
}
