// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Frames;
using TcpIp.IPv4;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace TcpIp.Net
{
    /// <summary>
    /// The calls of <see cref="SocketLayer"/> that may have to wait, as calls that wait. While one does, <see cref="StackRunner"/> runs
    /// the stack. None of them allocates or throws.
    /// </summary>
    /// <remarks>
    /// Each takes its own timeout: milliseconds, <see cref="StackRunner.Forever"/>, or 0 for one poll of the stack. When the time is
    /// over the result is what the call that does not wait would say, WouldBlock, InProgress or NoBufferSpace, and nothing has
    /// happened to the socket. TimedOut is something else: the peer did not answer, and the connection is gone. A call from
    /// background work is refused with WouldDeadlock, before anything is done, even if it would not have had to wait.
    /// What is written has left, as far as TCP lets it, when the call returns.
    /// </remarks>
    public sealed class WaitingSockets
    {
        private readonly StackRunner _runner;
        private readonly SocketLayer _sockets;

        /// <summary>
        /// Initializes a new instance of the <see cref="WaitingSockets"/> class.
        /// </summary>
        /// <param name="runner">Runs the stack.</param>
        public WaitingSockets(StackRunner runner)
        {
            _runner = runner;
            _sockets = runner.Stack.Sockets;
        }

        /// <summary>Gets what runs the stack.</summary>
        public StackRunner Runner => _runner;

        /// <summary>Gets the calls that do not wait. Both kinds work on the same descriptors.</summary>
        public SocketLayer Layer => _sockets;

        /// <summary>
        /// Waits until there is a link. Calls that send wait for it by themselves, within their time.
        /// </summary>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>0, or NetworkDown if the time is over, InvalidArgument, WouldDeadlock.</returns>
        public int WaitForLink(int timeout)
        {
            int result = _runner.Begin(timeout);
            while (result == 0 && !_runner.Stack.IsLinkUp)
            {
                if (!_runner.GoOn())
                {
                    result = (int)SocketError.NetworkDown;
                }
            }

            return result;
        }

        /// <summary>
        /// Waits until we have an address: one that is probed for first takes some seconds.
        /// </summary>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>0, or WouldBlock, InvalidArgument, WouldDeadlock.</returns>
        public int WaitForAddress(int timeout)
        {
            int result = _runner.Begin(timeout);
            while (result == 0 && _runner.Stack.IPv4.Address == IPv4Address.Any)
            {
                if (!_runner.GoOn())
                {
                    result = (int)SocketError.WouldBlock;
                }
            }

            return result;
        }

        /// <summary>
        /// Opens a connection, and waits until it is open; for a link, and an address that is being asked for, it waits too. With a
        /// datagram socket it fixes the peer.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="address">The peer's address.</param>
        /// <param name="port">The peer's port, 1 to 65535.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>0; InProgress if the time is over, and <see cref="WaitConnected"/> may wait on, NetworkDown or
        /// AddressNotAvailable if it was over before a SYN could be sent; WouldDeadlock; an error as of
        /// <see cref="SocketLayer.Connect"/>; or ConnectionRefused, TimedOut, HostUnreachable, NetworkUnreachable.</returns>
        public int Connect(int descriptor, uint address, int port, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            return Open(descriptor, address, port);
        }

        /// <summary>
        /// Looks a host up, opens a connection to it, and waits until it is open, all within one time. With a datagram socket it fixes the peer.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="hostname">The peer's name, or its address in dotted decimal.</param>
        /// <param name="port">The peer's port, 1 to 65535.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>As of the other overload, or of <see cref="Resolve"/>.</returns>
        public int Connect(int descriptor, string hostname, int port, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            uint address;
            result = LookUp(hostname, out address);
            return result != 0 ? result : Open(descriptor, address, port);
        }

        /// <summary>
        /// Looks a host up, with <see cref="StackRunner.Resolver"/>, and waits until its address is known.
        /// </summary>
        /// <param name="hostname">Its name, or its address in dotted decimal, for which nobody has to be asked.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <param name="address">The address, if the result is 0.</param>
        /// <returns>0; HostNotFound, there is no such host, or nothing that looks names up; NoData, it has no IPv4 address; TimedOut, no server
        /// answers; TryAgain, none could tell; WouldBlock if the time is over; InvalidArgument, WouldDeadlock.</returns>
        public int Resolve(string hostname, int timeout, out uint address)
        {
            if (IPv4Address.TryParse(hostname, out address))
            {
                return 0;
            }

            int result = _runner.Begin(timeout);
            return result != 0 ? result : LookUp(hostname, out address);
        }

        /// <summary>
        /// Waits until a connection is open that is being opened.
        /// </summary>
        /// <param name="descriptor">The socket, connected by either kind of call.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>0, or as of <see cref="Connect(int, uint, int, int)"/>; NotConnected if there is nothing to wait for.</returns>
        public int WaitConnected(int descriptor, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            return FinishConnect(descriptor, IsConnected(descriptor));
        }

        /// <summary>
        /// Takes a connection that a peer has opened, or waits for one.
        /// </summary>
        /// <param name="descriptor">A listening socket.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>A descriptor for the connection, or WouldBlock, WouldDeadlock, or an error as of
        /// <see cref="SocketLayer.Accept"/>.</returns>
        public int Accept(int descriptor, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            result = _sockets.Accept(descriptor);
            while (result == (int)SocketError.WouldBlock && _runner.GoOn())
            {
                result = _sockets.Accept(descriptor);
            }

            return result;
        }

        /// <summary>
        /// Takes bytes that have arrived, or waits for some: it returns as soon as there is one.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit, 1 or more.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>How many were read; 0 says that the peer has closed and all has been read; or WouldBlock, WouldDeadlock, or an error
        /// as of <see cref="SocketLayer.Read"/>.</returns>
        public int Read(int descriptor, byte[] buffer, int offset, int count, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            result = _sockets.Read(descriptor, buffer, offset, count);
            while (IsTemporary(result) && _runner.GoOn())
            {
                result = _sockets.Read(descriptor, buffer, offset, count);
            }

            return result;
        }

        /// <summary>
        /// Shows what has arrived where it lies, or waits for something.
        /// </summary>
        /// <param name="descriptor">A connected socket, or a datagram socket.</param>
        /// <param name="view">Is set; valid until the next call.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>How many bytes it shows, or as of <see cref="Read"/>. <see cref="SocketLayer.Consume"/> gives them up.</returns>
        public int Peek(int descriptor, ReceivedView view, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            result = _sockets.Peek(descriptor, view);
            while (IsTemporary(result) && _runner.GoOn())
            {
                result = _sockets.Peek(descriptor, view);
            }

            return result;
        }

        /// <summary>
        /// Writes all of some bytes, and waits for room where there is none.
        /// </summary>
        /// <param name="descriptor">A connected socket, or a datagram socket that has a peer.</param>
        /// <param name="buffer">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns><paramref name="count"/>. Fewer, if the time was over before there was room for the rest; WouldBlock or NoBufferSpace,
        /// if there was room for none. WouldDeadlock, or an error as of <see cref="SocketLayer.Write(int, byte[], int, int)"/>:
        /// then it is not known what has arrived.</returns>
        public int Write(int descriptor, byte[] buffer, int offset, int count, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            int written = 0;
            while (true)
            {
                // the layer checks what is wrong with the arguments
                result = _sockets.Write(descriptor, buffer, offset + written, count - written);
                if (result < 0 && !IsTemporary(result) && !MayCome(descriptor, result))
                {
                    return result;
                }

                written += result > 0 ? result : 0;
                if (written == count)
                {
                    _runner.Flush();
                    return written;
                }

                if (!_runner.GoOn())
                {
                    return written > 0 ? written : result;
                }
            }
        }

        /// <summary>
        /// Writes all of what was laid out at start-up, and waits for room where there is none.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <param name="content">The words and their sum.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>As of the other overload.</returns>
        public int Write(int descriptor, WordBuffer content, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            int written = 0;
            while (true)
            {
                result = _sockets.Write(descriptor, content, written);
                if (result < 0 && !IsTemporary(result))
                {
                    return result;
                }

                written += result > 0 ? result : 0;
                if (written == content.Length)
                {
                    _runner.Flush();
                    return written;
                }

                if (!_runner.GoOn())
                {
                    return written > 0 ? written : result;
                }
            }
        }

        /// <summary>
        /// Shows room in a frame that will be sent, or waits for some.
        /// </summary>
        /// <param name="descriptor">A connected socket, or a datagram socket.</param>
        /// <param name="wanted">Bytes.</param>
        /// <param name="view">Is pointed at the room; valid until the next call.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>The bytes that there is room for; WouldBlock, NoBufferSpace, WouldDeadlock, or as of
        /// <see cref="SocketLayer.Reserve"/>.</returns>
        public int Reserve(int descriptor, int wanted, SendView view, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            result = _sockets.Reserve(descriptor, wanted, view);
            while (IsTemporary(result) && _runner.GoOn())
            {
                result = _sockets.Reserve(descriptor, wanted, view);
            }

            return result;
        }

        /// <summary>
        /// Sends what was written into reserved room. This never has to wait.
        /// </summary>
        /// <param name="descriptor">The socket that has the reservation.</param>
        /// <param name="count">Bytes from the start of the room.</param>
        /// <returns>As of <see cref="SocketLayer.Commit"/>, or WouldDeadlock.</returns>
        public int Commit(int descriptor, int count)
        {
            int result = _runner.Begin(0);
            if (result == 0)
            {
                result = _sockets.Commit(descriptor, count);
                _runner.Flush();
            }

            return result;
        }

        /// <summary>
        /// Sends a datagram, or waits for a frame to put it in, for a link, and for an address that is being asked for.
        /// </summary>
        /// <param name="descriptor">A datagram socket without a peer.</param>
        /// <param name="buffer">The data.</param>
        /// <param name="offset">Index of its first byte.</param>
        /// <param name="count">Bytes of data.</param>
        /// <param name="address">To whom.</param>
        /// <param name="port">To which port, 1 to 65535.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns><paramref name="count"/>, or NoBufferSpace, NetworkDown, WouldDeadlock, or as of <see cref="SocketLayer.SendTo"/>.</returns>
        public int SendTo(int descriptor, byte[] buffer, int offset, int count, uint address, int port, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            result = _sockets.SendTo(descriptor, buffer, offset, count, address, port);
            while ((IsTemporary(result) || MayCome(descriptor, result)) && _runner.GoOn())
            {
                result = _sockets.SendTo(descriptor, buffer, offset, count, address, port);
            }

            _runner.Flush();
            return result;
        }

        /// <summary>
        /// Takes the next datagram, or waits for one.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit.</param>
        /// <param name="source">Is filled with the sender, and whether the datagram was cut off.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>How many bytes were read, or WouldBlock, WouldDeadlock, or as of <see cref="SocketLayer.ReceiveFrom"/>.</returns>
        public int ReceiveFrom(int descriptor, byte[] buffer, int offset, int count, DatagramSource source, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            result = _sockets.ReceiveFrom(descriptor, buffer, offset, count, source);
            while (IsTemporary(result) && _runner.GoOn())
            {
                result = _sockets.ReceiveFrom(descriptor, buffer, offset, count, source);
            }

            return result;
        }

        /// <summary>
        /// Closes our direction, waits until the peer has acknowledged all that was written, and gives the descriptor up.
        /// <see cref="SocketLayer.Close"/> does not wait: what was written then arrives only if the stack goes on being run.
        /// </summary>
        /// <param name="descriptor">The socket; a listener or a datagram socket is closed at once.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>0 if the peer has all; WouldBlock if the time was over before, and the stack goes on trying; or why the connection
        /// ended. In all these cases the descriptor is given up. BadDescriptor, InvalidArgument, WouldDeadlock.</returns>
        public int Close(int descriptor, int timeout)
        {
            int result = _runner.Begin(timeout);
            if (result != 0)
            {
                return result;
            }

            result = _sockets.Shutdown(descriptor);
            while (result == 0 && IsUnacknowledged(_sockets.GetState(descriptor)))
            {
                if (!_runner.GoOn())
                {
                    result = (int)SocketError.WouldBlock;
                }
            }

            if (result == 0)
            {
                result = (int)_sockets.GetError(descriptor);
            }

            // what has no connection has nothing to wait for
            int closed = _sockets.Close(descriptor);
            _runner.Flush();
            return result == (int)SocketError.BadDescriptor || result == (int)SocketError.NotConnected || result == (int)SocketError.OperationNotSupported
                ? closed
                : result;
        }

        private int Open(int descriptor, uint address, int port)
        {
            int result = _sockets.Connect(descriptor, address, port);
            while (MayCome(descriptor, result) && _runner.GoOn())
            {
                result = _sockets.Connect(descriptor, address, port);
            }

            return FinishConnect(descriptor, result);
        }

        private int LookUp(string hostname, out uint address)
        {
            INameResolver resolver = _runner.Resolver;
            if (IPv4Address.TryParse(hostname, out address))
            {
                return 0;
            }

            if (resolver == null)
            {
                return (int)SocketError.HostNotFound;
            }

            int lookup = resolver.Begin(hostname);
            while (lookup == (int)SocketError.NoBufferSpace && _runner.GoOn())
            {
                lookup = resolver.Begin(hostname);
            }

            if (lookup < 0)
            {
                return lookup;
            }

            int result = resolver.GetResult(lookup, out address);
            while (result == (int)SocketError.WouldBlock && _runner.GoOn())
            {
                result = resolver.GetResult(lookup, out address);
            }

            if (result == (int)SocketError.WouldBlock)
            {
                resolver.Cancel(lookup);
            }

            return result;
        }

        private static bool IsTemporary(int result)
        {
            return result == (int)SocketError.WouldBlock
                || result == (int)SocketError.InProgress
                || result == (int)SocketError.NoBufferSpace;
        }

        private static bool IsUnacknowledged(TcpState state)
        {
            return state == TcpState.FinWait1 || state == TcpState.Closing || state == TcpState.LastAck;
        }

        /// <summary>
        /// Whether a call that sends failed for want of a link or an address, and there may be one soon: the address is being asked for. A
        /// connection that has lost its address has lost it for ever.
        /// </summary>
        private bool MayCome(int descriptor, int result)
        {
            if (result != (int)SocketError.AddressNotAvailable)
            {
                return result == (int)SocketError.NetworkDown;
            }

            return _runner.Stack.Arp.AddressState != AddressState.None && _sockets.GetError(descriptor) == SocketError.Success;
        }

        private int FinishConnect(int descriptor, int result)
        {
            while (result == (int)SocketError.InProgress && _runner.GoOn())
            {
                result = IsConnected(descriptor);
            }

            return result;
        }

        private int IsConnected(int descriptor)
        {
            switch (_sockets.GetState(descriptor))
            {
                case TcpState.SynSent:
                case TcpState.SynReceived:
                    return (int)SocketError.InProgress;

                case TcpState.Closed:
                case TcpState.Listen:
                    SocketError error = _sockets.GetError(descriptor);
                    return error == SocketError.Success ? (int)SocketError.NotConnected : (int)error;

                default:
                    return 0;
            }
        }
    }
}
