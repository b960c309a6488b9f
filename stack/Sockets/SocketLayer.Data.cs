// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Icmp;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp.Sockets
{
    /// <content>
    /// The calls that move data: bytes, words and datagrams, copied or in place, and echoes.
    /// </content>
    public sealed partial class SocketLayer
    {
        /// <summary>Gets the most bytes of data in an echo request: what takes more than one packet leaves in fragments.</summary>
        public int LargestEcho => _echoes.LargestData;

        /// <summary>
        /// Copies bytes into frames of the send queue. They leave in the next poll, if a segment is full or waiting longer would not help.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <param name="buffer">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <returns>How many were taken, or BadDescriptor, OperationNotSupported, InvalidArgument, WouldBlock, NoBufferSpace, Shutdown,
        /// NotConnected, InProgress, or why the connection ended; of a datagram socket also MessageTooLong, AddressNotAvailable,
        /// NetworkDown.</returns>
        public int Write(int descriptor, byte[] buffer, int offset, int count)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream != null)
            {
                return _streams.Write(stream, buffer, offset, count);
            }

            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? _datagrams.Write(datagrams, buffer, offset, count) : Refuse(block);
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
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            return stream != null ? _streams.Write(stream, content, offset) : Refuse(block);
        }

        /// <summary>
        /// Takes bytes that have arrived, in order.
        /// </summary>
        /// <param name="descriptor">A connected socket, or a datagram socket: the next datagram is taken, whole or cut off.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit.</param>
        /// <returns>How many were read; 0 says that the peer has closed and all has been read, or that the datagram was empty; or
        /// BadDescriptor, OperationNotSupported, InvalidArgument, WouldBlock, NotConnected, InProgress, or why the connection ended; of a
        /// datagram socket, what an ICMP error said of the peer.</returns>
        public int Read(int descriptor, byte[] buffer, int offset, int count)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream != null)
            {
                return _streams.Read(stream, buffer, offset, count);
            }

            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? _datagrams.Receive(datagrams, buffer, offset, count, null) : Refuse(block);
        }

        /// <summary>
        /// Shows what has arrived where it lies, so that nothing needs to be copied.
        /// </summary>
        /// <param name="descriptor">A connected socket, or a datagram socket: then it shows one whole datagram.</param>
        /// <param name="view">Is set to the next bytes in a row; valid until the next call for this socket or the next poll.</param>
        /// <returns>How many bytes it shows; 0 at the end, or for an empty datagram; or an error as of <see cref="Read"/>.</returns>
        public int Peek(int descriptor, ReceivedView view)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream != null)
            {
                return _streams.Peek(stream, view);
            }

            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? DatagramCalls.Peek(datagrams, view, null) : Refuse(block);
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
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            if (datagrams == null)
            {
                return Refuse(block);
            }

            return source == null ? (int)SocketError.InvalidArgument : DatagramCalls.Peek(datagrams, view, source);
        }

        /// <summary>
        /// Gives up bytes that <see cref="Peek(int, ReceivedView)"/> has shown; their frame goes back to its pool with the last one.
        /// </summary>
        /// <param name="descriptor">A connected socket, or a datagram socket: its datagram is given up whole.</param>
        /// <param name="count">How many, not more than were shown.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidArgument.</returns>
        public int Consume(int descriptor, int count)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream != null)
            {
                return _streams.Consume(stream, count);
            }

            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? _datagrams.Consume(datagrams, count) : Refuse(block);
        }

        /// <summary>
        /// Sends a datagram.
        /// </summary>
        /// <param name="descriptor">A datagram socket; it gets a port at random if it has none.</param>
        /// <param name="buffer">The data.</param>
        /// <param name="offset">Index of its first byte.</param>
        /// <param name="count">Bytes of data, <see cref="UdpLayer.LargestData"/> at most. More than <see cref="UdpLayer.MaximumData"/>
        /// take several packets, all of which must arrive.</param>
        /// <param name="address">To whom, a host or a group; a broadcast address only after <see cref="SetBroadcast"/>.</param>
        /// <param name="port">To which port, 1 to 65535.</param>
        /// <returns>How many bytes were sent, that is all, or BadDescriptor, OperationNotSupported, InvalidArgument, IsConnected,
        /// MessageTooLong, AddressNotAvailable, NetworkDown, NoBufferSpace, NetworkUnreachable, HostUnreachable, and for more than one
        /// packet WouldBlock while the next hop's MAC address is being asked for or too much waits for the controller.</returns>
        public int SendTo(int descriptor, byte[] buffer, int offset, int count, uint address, int port)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? _datagrams.SendTo(datagrams, buffer, offset, count, address, port) : Refuse(block);
        }

        /// <summary>
        /// Sends a datagram to all hosts of the link as one who has no address, from 0.0.0.0 to 255.255.255.255, whether we have one or
        /// not: for those who ask for an address, and for nobody else (RFC 1122 section 3.2.1.3 (a)).
        /// </summary>
        /// <remarks>
        /// Answers are received without an address only on the port of those who ask for one, 68: what is sent to all, and what is sent to
        /// our station alone, whatever its IPv4 address.
        /// </remarks>
        /// <param name="descriptor">A datagram socket without a peer.</param>
        /// <param name="buffer">The data.</param>
        /// <param name="offset">Index of its first byte.</param>
        /// <param name="count">Bytes of data, <see cref="UdpLayer.MaximumData"/> at most.</param>
        /// <param name="port">To which port, 1 to 65535.</param>
        /// <returns>How many bytes were sent, that is all, or BadDescriptor, OperationNotSupported, InvalidArgument, IsConnected,
        /// MessageTooLong, NetworkDown, NoBufferSpace.</returns>
        public int SendWithoutAddress(int descriptor, byte[] buffer, int offset, int count, int port)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? _datagrams.SendWithoutAddress(datagrams, buffer, offset, count, port) : Refuse(block);
        }

        /// <summary>
        /// Takes the next datagram, whole or cut off, never more than one.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit.</param>
        /// <param name="source">Is filled with the sender, and whether the datagram was cut off.</param>
        /// <returns>How many bytes were read, 0 for an empty datagram; or BadDescriptor, OperationNotSupported, InvalidArgument,
        /// WouldBlock, or what an ICMP error said of the peer.</returns>
        public int ReceiveFrom(int descriptor, byte[] buffer, int offset, int count, DatagramSource source)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            if (datagrams == null)
            {
                return Refuse(block);
            }

            return source == null ? (int)SocketError.InvalidArgument : _datagrams.Receive(datagrams, buffer, offset, count, source);
        }

        /// <summary>
        /// Shows room in a frame of the send queue, to be written to and then sent with <see cref="Commit"/>. There is one
        /// reservation at a time: a second one, on whatever socket, takes the first one's place.
        /// </summary>
        /// <param name="descriptor">A connected socket, or a datagram socket.</param>
        /// <param name="wanted">Bytes: 1 or more, for a datagram 0 to <see cref="UdpLayer.MaximumData"/>.</param>
        /// <param name="view">Is pointed at the room; valid until it is committed or cancelled, the socket is written to or closed, or
        /// the next poll.</param>
        /// <returns>The bytes that there is room for in a row: as many as wanted, or what fits a segment if that is less. Or
        /// BadDescriptor, OperationNotSupported, InvalidArgument, MessageTooLong, WouldBlock, NoBufferSpace, Shutdown, NotConnected,
        /// InProgress, or why the connection ended.</returns>
        public int Reserve(int descriptor, int wanted, SendView view)
        {
            GiveUpReservation();
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream != null)
            {
                return KeepReservation(view, _streams.Reserve(stream, wanted, view));
            }

            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? KeepReservation(view, _datagrams.Reserve(datagrams, wanted, view)) : Refuse(block);
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
            int result = CheckReservation(descriptor, count);
            if (result != 0)
            {
                return result;
            }

            // a socket that has a reservation is open
            SocketControlBlock block = _table[descriptor & SocketControlBlock.IndexMask];
            TcpControlBlock stream = block as TcpControlBlock;
            result = stream != null
                ? _streams.Commit(stream, _reserved, count)
                : _datagrams.Commit((UdpControlBlock)block, _reserved, count);
            if (result != (int)SocketError.WouldBlock && result != (int)SocketError.NotConnected)
            {
                GiveUpReservation();
            }

            return result;
        }

        /// <summary>
        /// Sends what was written into reserved room as a datagram, as <see cref="SendTo"/> does. The room is given up, but for
        /// InvalidArgument and IsConnected.
        /// </summary>
        /// <param name="descriptor">The datagram socket that has the reservation.</param>
        /// <param name="count">Bytes of data from the start of the room.</param>
        /// <param name="address">To whom; a broadcast address only after <see cref="SetBroadcast"/>.</param>
        /// <param name="port">To which port, 1 to 65535.</param>
        /// <returns><paramref name="count"/>, or BadDescriptor, OperationNotSupported, InvalidArgument, InvalidState, IsConnected,
        /// AddressNotAvailable, NetworkDown, NetworkUnreachable, HostUnreachable.</returns>
        public int CommitTo(int descriptor, int count, uint address, int port)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            if (datagrams == null)
            {
                return Refuse(block);
            }

            int result = CheckReservation(descriptor, count);
            if (result != 0)
            {
                return result;
            }

            result = _datagrams.CommitTo(datagrams, _reserved, count, address, port);
            if (result != (int)SocketError.InvalidArgument && result != (int)SocketError.IsConnected)
            {
                GiveUpReservation();
            }

            return result;
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

            GiveUpReservation();
            return 0;
        }

        /// <summary>
        /// Asks a host for an echo. The request leaves in the next poll; <see cref="ReceiveEcho"/> tells how it ends. With
        /// <see cref="SetTimeToLive"/> set to 1, 2, 3 and so on, the routers on the way answer one after the other.
        /// </summary>
        /// <param name="descriptor">An echo socket that waits for no other echo.</param>
        /// <param name="address">Whom to ask: one host.</param>
        /// <param name="length">Bytes of data, 0 to <see cref="LargestEcho"/>.</param>
        /// <param name="timeout">Milliseconds to wait for an answer, 1 or more.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidArgument, InvalidState, MessageTooLong, AddressNotAvailable,
        /// NetworkDown, NetworkUnreachable.</returns>
        public int SendEcho(int descriptor, uint address, int length, int timeout)
        {
            SocketControlBlock block = Find(descriptor);
            EchoControlBlock echo = block as EchoControlBlock;
            return echo != null ? _echoes.Send(echo, address, length, timeout) : Refuse(block);
        }

        /// <summary>
        /// What became of the request.
        /// </summary>
        /// <param name="descriptor">An echo socket.</param>
        /// <param name="result">Is filled when it has ended, well or not.</param>
        /// <returns>Bytes of data in the reply; or BadDescriptor, OperationNotSupported, InvalidArgument, InvalidState if nothing was
        /// asked for, WouldBlock while the answer may yet come; or how it ended: TimedOut, TimeToLiveExceeded, HostUnreachable,
        /// NetworkUnreachable. It is told once.</returns>
        public int ReceiveEcho(int descriptor, EchoResult result)
        {
            SocketControlBlock block = Find(descriptor);
            EchoControlBlock echo = block as EchoControlBlock;
            return echo != null ? EchoCalls.Receive(echo, result) : Refuse(block);
        }

        private int KeepReservation(SendView view, int result)
        {
            if (result >= 0)
            {
                _reserved = view;
            }

            return result;
        }

        private int CheckReservation(int descriptor, int count)
        {
            if (_reserved == null || _reserved.Descriptor != descriptor)
            {
                SocketControlBlock block = Find(descriptor);
                return block == null || block is EchoControlBlock ? Refuse(block) : (int)SocketError.InvalidState;
            }

            return count < 0 || count > _reserved.Length ? (int)SocketError.InvalidArgument : 0;
        }

        private void GiveUpReservation()
        {
            if (_reserved != null)
            {
                _tcp.Pool.Return(_reserved.Frame);
                _reserved.Clear();
                _reserved = null;
            }
        }
    }
}
