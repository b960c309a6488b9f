// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp.Sockets
{
    /// <content>
    /// The calls that let an application write into frames, and read datagrams out of them, without a copy in between.
    /// </content>
    public sealed partial class SocketLayer
    {
        /// <summary>
        /// Shows room in a frame of the send queue, to be written to and then sent with <see cref="Commit"/>. There is one
        /// reservation at a time: a second one, on whatever socket, takes the first one's place.
        /// </summary>
        /// <param name="descriptor">A connected socket, or a datagram socket.</param>
        /// <param name="wanted">Bytes: 1 or more, for a datagram 0 to <see cref="UdpLayer.MaximumData"/>.</param>
        /// <param name="view">Is pointed at the room; valid until it is committed or cancelled, the socket is written to or closed, or
        /// the next poll.</param>
        /// <returns>The bytes that there is room for in a row: as many as wanted, or what fits a segment if that is less. Or
        /// BadDescriptor, InvalidArgument, MessageTooLong, WouldBlock, NoBufferSpace, Shutdown, NotConnected, InProgress, or why the
        /// connection ended.</returns>
        public int Reserve(int descriptor, int wanted, SendView view)
        {
            Release();
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return ReserveDatagram(descriptor, wanted, view);
            }

            if (view == null || wanted < 1)
            {
                return (int)SocketError.InvalidArgument;
            }

            int refusal = CanWrite(block);
            if (refusal != 0)
            {
                return refusal;
            }

            int limit = block.SegmentSize();
            int length = wanted < limit ? wanted : limit;
            int start = TcpTransmitter.TextStart;
            Frame frame;
            if (RoomInTail(block) >= length)
            {
                // what is reserved must not go back to the pool before it is committed
                frame = block.SendQueue.Tail;
                frame.Retain();
                start += frame.PayloadLength;
            }
            else
            {
                frame = RentFrame(block, length, int.MaxValue, true);
                if (frame == null)
                {
                    return Written(block, 0);
                }
            }

            Hold(view, frame, start, length, descriptor);
            return length;
        }

        /// <summary>
        /// Sends what was written into reserved room: over a connection in the next poll, as <see cref="Write(int, byte[], int, int)"/>
        /// does; a datagram at once, to the peer that the socket is connected to. The room is given up, whatever of it was used, but
        /// for InvalidArgument, WouldBlock and NotConnected, after which it may be committed again.
        /// </summary>
        /// <param name="descriptor">The socket that has the reservation.</param>
        /// <param name="count">Bytes from the start of the room. 0 sends an empty datagram, or nothing over a connection.</param>
        /// <returns><paramref name="count"/>, or BadDescriptor; InvalidArgument for more than was reserved; InvalidState if the socket
        /// has no reservation (any more), or if what it was to continue has been sent or written to; or an error as of
        /// <see cref="Write(int, byte[], int, int)"/>.</returns>
        public int Commit(int descriptor, int count)
        {
            int refusal = CanCommit(descriptor, count);
            if (refusal != 0)
            {
                return refusal;
            }

            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                UdpControlBlock datagrams = FindDatagram(descriptor);
                if (datagrams.RemotePort == 0)
                {
                    return (int)SocketError.NotConnected;
                }

                SocketError error = datagrams.Error;
                datagrams.Error = SocketError.Success;
                if (error != SocketError.Success)
                {
                    Release();
                    return (int)error;
                }

                return SendReserved(datagrams, count, datagrams.RemoteAddress, datagrams.RemotePort);
            }

            refusal = CanWrite(block);
            if (refusal != 0 || count == 0)
            {
                Release();
                return refusal;
            }

            return Append(block, count);
        }

        /// <summary>
        /// Sends what was written into reserved room as a datagram, as <see cref="SendTo"/> does. The room is given up, but for
        /// InvalidArgument and IsConnected.
        /// </summary>
        /// <param name="descriptor">The datagram socket that has the reservation.</param>
        /// <param name="count">Bytes of data from the start of the room.</param>
        /// <param name="address">To whom; a broadcast address only after <see cref="SetBroadcast"/>.</param>
        /// <param name="port">To which port, 1 to 65535.</param>
        /// <returns><paramref name="count"/>, or BadDescriptor, InvalidArgument, InvalidState, IsConnected, AddressNotAvailable, NetworkDown,
        /// NetworkUnreachable, HostUnreachable.</returns>
        public int CommitTo(int descriptor, int count, uint address, int port)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            int refusal = CanCommit(descriptor, count);
            if (refusal != 0)
            {
                return refusal;
            }

            if (!CanSendTo(block, address, port))
            {
                return (int)SocketError.InvalidArgument;
            }

            return block.RemotePort != 0 ? (int)SocketError.IsConnected : SendReserved(block, count, address, port);
        }

        /// <summary>
        /// Gives reserved room up without sending anything.
        /// </summary>
        /// <param name="descriptor">The socket that has the reservation.</param>
        /// <returns>0, or InvalidState if it has none.</returns>
        public int Cancel(int descriptor)
        {
            if (_reserved == null || _reserved.Descriptor != descriptor)
            {
                return (int)SocketError.InvalidState;
            }

            Release();
            return 0;
        }

        /// <summary>
        /// Shows the next datagram where it lies, and where it came from. <see cref="Consume"/> gives it up.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="view">Is set to the data; valid until the next call for this socket or the next poll.</param>
        /// <param name="source">Is filled with the sender.</param>
        /// <returns>How many bytes it shows, 0 for an empty datagram; or an error as of <see cref="ReceiveFrom"/>.</returns>
        public int Peek(int descriptor, ReceivedView view, DatagramSource source)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (source == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            int length = PeekDatagram(descriptor, view);
            if (length >= 0)
            {
                Describe(block.ReceiveQueue.Head, source);
                source.IsTruncated = false;
            }

            return length;
        }

        /// <summary>
        /// How much there is to read, without reading it.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <returns>Bytes that a connection has received; bytes of the next datagram; 1 if a connection waits behind a listener to be
        /// accepted; else 0. Or BadDescriptor.</returns>
        public int GetAvailable(int descriptor)
        {
            TcpControlBlock block = Find(descriptor);
            if (block != null)
            {
                return block.State != TcpState.Listen ? block.ReceiveQueue.Bytes + _tcp.PassingBytes(block) : block.Waiting > 0 ? 1 : 0;
            }

            UdpControlBlock datagrams = FindDatagram(descriptor);
            if (datagrams == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            return datagrams.ReceiveQueue.Head == null ? 0 : datagrams.ReceiveQueue.Head.PayloadLength;
        }

        /// <summary>
        /// How long a connection has been open, whether it was accepted at once or not.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <returns>Milliseconds since it was established, right for three days; or BadDescriptor.</returns>
        public int GetAge(int descriptor)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            // the last of many in one millisecond may be a little ahead
            int eighths = (int)(((uint)_tcp.Now << 3) - block.OpenOrder);
            return eighths > 0 ? eighths >> 3 : 0;
        }

        /// <summary>
        /// How much more than was acknowledged the peer takes: 0 says that it has stopped reading.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <returns>SND.WND in bytes (RFC 9293 section 3.3.1), or BadDescriptor.</returns>
        public int GetSendWindow(int descriptor)
        {
            TcpControlBlock block = Find(descriptor);
            return block == null ? (int)SocketError.BadDescriptor : block.SndWnd;
        }

        private int ReserveDatagram(int descriptor, int wanted, SendView view)
        {
            if (FindDatagram(descriptor) == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (view == null || wanted < 0)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (wanted > UdpLayer.MaximumData)
            {
                return (int)SocketError.MessageTooLong;
            }

            Frame frame = _udp.Rent(wanted);
            if (frame == null)
            {
                return (int)SocketError.NoBufferSpace;
            }

            Hold(view, frame, UdpLayer.DataStart, wanted, descriptor);
            return wanted;
        }

        private int CanCommit(int descriptor, int count)
        {
            if (_reserved == null || _reserved.Descriptor != descriptor)
            {
                return Find(descriptor) == null && FindDatagram(descriptor) == null
                    ? (int)SocketError.BadDescriptor
                    : (int)SocketError.InvalidState;
            }

            return count < 0 || count > _reserved.Length ? (int)SocketError.InvalidArgument : 0;
        }

        private int Append(TcpControlBlock block, int count)
        {
            Frame frame = _reserved.Frame;
            if (_reserved.Start == TcpTransmitter.TextStart)
            {
                if (block.SendQueue.Count >= _sendFrames)
                {
                    return (int)SocketError.WouldBlock;
                }

                // the queue takes a reference of its own, so that either way the reservation's is given up
                frame.Retain();
                Append(block, frame);
            }
            else if (block.SendQueue.Tail != frame
                || _reserved.Start != TcpTransmitter.TextStart + frame.PayloadLength
                || RoomInTail(block) < count)
            {
                Release();
                return (int)SocketError.InvalidState;
            }

            Grow(block, frame, count);
            Release();
            return Written(block, count);
        }

        private int SendReserved(UdpControlBlock block, int count, uint address, int port)
        {
            SocketError result = _ipv4.CanSendTo(address);
            if (result == SocketError.Success)
            {
                result = _udp.Send(block, _ipv4.MapLoopback(address), port, _reserved.Frame, count);
            }

            Release();
            return result == SocketError.Success ? count : (int)result;
        }

        private int PeekDatagram(int descriptor, ReceivedView view)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (view == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            Frame frame = block.ReceiveQueue.Head;
            if (frame == null)
            {
                return NothingToRead(block);
            }

            view.Set(frame);
            return frame.PayloadLength;
        }

        private int ConsumeDatagram(int descriptor, int count)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            Frame frame = block.ReceiveQueue.Head;
            if (count < 0 || frame == null || count > frame.PayloadLength)
            {
                return (int)SocketError.InvalidArgument;
            }

            _udp.Drop(block);
            return 0;
        }

        private void Hold(SendView view, Frame frame, int start, int length, int descriptor)
        {
            view.Set(frame, start, length, descriptor);
            _reserved = view;
        }

        private void Release()
        {
            if (_reserved != null)
            {
                _pool.Return(_reserved.Frame);
                _reserved.Clear();
                _reserved = null;
            }
        }
    }
}
