// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dns;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace TcpIp.Threading
{
    /// <summary>
    /// Sockets for many threads: each call may be made by any thread at any time, and may wait. Numbers, arrays and text cross this border.
    /// </summary>
    /// <remarks>
    /// <para>A handle is a number that is not negative; it carries a generation, so that one of an earlier socket is refused. A result is a count, a handle
    /// or 0; a negative one is a <see cref="SocketError"/>. Addresses are numbers whose highest byte is the first. A timeout is milliseconds: 0 does
    /// not wait, <see cref="Forever"/> has no end; when it is over the call says <see cref="SocketError.WouldBlock"/> (where it waited for a frame, a link or
    /// an address, NoBufferSpace, NetworkDown, AddressNotAvailable; where it opens a connection, InProgress), and nothing has happened to
    /// the socket. <see cref="SocketError.TimedOut"/> is something else: the peer does not answer, and the connection is gone.</para>
    /// <para>A call that waits while another thread closes its socket says <see cref="SocketError.ConnectionAborted"/>; one that comes later,
    /// <see cref="SocketError.BadDescriptor"/>. What is sent has left, as far as TCP lets it, when the call returns. None of the calls allocates. None throws but
    /// what a driver throws in the poll with which a call ends: the call has been made then, and its result is lost.</para>
    /// </remarks>
    public sealed partial class SocketHost
    {
        /// <summary>A timeout that has no end.</summary>
        public const int Forever = -1;

        /// <summary>For <see cref="Shutdown"/>: nothing more is received.</summary>
        public const int Receiving = 0;

        /// <summary>For <see cref="Shutdown"/>: nothing more is sent.</summary>
        public const int Sending = 1;

        /// <summary>For <see cref="Shutdown"/>: neither.</summary>
        public const int Both = 2;

        /// <summary>For <see cref="Poll"/>: whether a receive or an accept would not wait.</summary>
        public const int PollRead = 0;

        /// <summary>For <see cref="Poll"/>: whether a send would not wait; of a connection that is being opened, whether it is open.</summary>
        public const int PollWrite = 1;

        /// <summary>For <see cref="Poll"/>: whether the connection has failed.</summary>
        public const int PollError = 2;

        // a link comes up within two seconds, an address that is leased and asked for takes seven
        private const int NetworkPatience = 15000;

        // text of a segment in a full Ethernet frame (RFC 9293 section 3.7.1)
        private const int LargestSegment = 1460;

        private readonly TcpIpStack _stack;
        private readonly SocketLayer _layer;
        private readonly StackOwner _owner;

        // the lock itself: taking it by way of the owner would be a call more each time
        private readonly HostThreads _threads;
        private readonly DnsResolver _resolver;
        private readonly HostSocket[] _places;
        private readonly ReceivedView _view = new ReceivedView();
        private readonly int _sendBuffer;
        private readonly int _receiveBuffer;

        // a descriptor that nobody knows yet but the thread that has the lock
        private int _opening = -1;

        /// <summary>
        /// Initializes a new instance of the <see cref="SocketHost"/> class.
        /// </summary>
        /// <param name="stack">The stack.</param>
        /// <param name="owner">Who polls the stack, and has the waiters.</param>
        /// <param name="threads">Who has the lock and the time.</param>
        /// <param name="resolver">What looks names up.</param>
        /// <param name="configuration">What the stack was made with.</param>
        internal SocketHost(TcpIpStack stack, StackOwner owner, HostThreads threads, DnsResolver resolver, StackConfiguration configuration)
        {
            _stack = stack;
            _layer = stack.Sockets;
            _owner = owner;
            _threads = threads;
            _resolver = resolver;
            _sendBuffer = configuration.TcpSendFrames * LargestSegment;
            _receiveBuffer = configuration.TcpReceiveWindow;
            _places = new HostSocket[configuration.TcpSockets + configuration.UdpSockets];
            for (int i = 0; i < _places.Length; i++)
            {
                _places[i] = new HostSocket();
            }
        }

        /// <summary>Gets the number of handles that are open.</summary>
        public int OpenHandles
        {
            get
            {
                int open = 0;
                for (int i = 0; i < _places.Length; i++)
                {
                    open += _places[i].Handle >= 0 ? 1 : 0;
                }

                return open;
            }
        }

        /// <summary>What a thread wants of the stack; each is done at once, under the lock.</summary>
        private enum Operation
        {
            Connect,
            FinishConnect,
            Send,
            SendTo,
            Receive,
            Peek,
            PollRead,
            PollWrite,
            PollError,
        }

        /// <summary>
        /// Makes a socket for connections.
        /// </summary>
        /// <returns>A handle, or TooManyOpenSockets.</returns>
        public int OpenStream()
        {
            int handle = -1;
            return Open(SocketType.Stream, ref handle);
        }

        /// <summary>
        /// Makes a socket for connections, and has the caller's own variable know it before anything can come between: a thread that may be aborted
        /// (<c>Thread.Abort</c>) finds there what it has to close.
        /// </summary>
        /// <param name="handle">Gets the handle; it stays as it is if there is none.</param>
        /// <returns>The handle, or TooManyOpenSockets.</returns>
        public int OpenStream(ref int handle) => Open(SocketType.Stream, ref handle);

        /// <summary>
        /// Makes a socket for datagrams.
        /// </summary>
        /// <returns>A handle, or TooManyOpenSockets.</returns>
        public int OpenDatagram()
        {
            int handle = -1;
            return Open(SocketType.Datagram, ref handle);
        }

        /// <summary>
        /// Makes a socket for datagrams, as <see cref="OpenStream(ref int)"/> does one for connections.
        /// </summary>
        /// <param name="handle">Gets the handle; it stays as it is if there is none.</param>
        /// <returns>The handle, or TooManyOpenSockets.</returns>
        public int OpenDatagram(ref int handle) => Open(SocketType.Datagram, ref handle);

        /// <summary>
        /// Gives a socket its own end.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <param name="address">0.0.0.0; our address, and when that changes the socket goes along; or one of 127.0.0.0/8, and only this board reaches
        /// it.</param>
        /// <param name="port">1 to 65535; 0 for one that no socket has, which <see cref="GetLocalPort"/> tells.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument, InvalidState, AddressInUse, AddressNotAvailable.</returns>
        public int Bind(int handle, uint address, int port)
        {
            _threads.Enter();
            try
            {
                HostSocket socket = Find(handle);
                int result = socket == null ? (int)SocketError.BadDescriptor : _layer.Bind(handle, address, port);
                if (result == 0)
                {
                    socket.BoundAddress = address;
                }

                return result;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Has peers connect.
        /// </summary>
        /// <param name="handle">A stream that has a port.</param>
        /// <param name="backlog">Connections that may wait to be accepted, 1 or more.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidArgument, InvalidState.</returns>
        public int Listen(int handle, int backlog)
        {
            _threads.Enter();
            try
            {
                return Find(handle) == null ? (int)SocketError.BadDescriptor : _layer.Listen(handle, backlog);
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Takes a connection that a peer has opened, or waits for one.
        /// </summary>
        /// <param name="handle">A listening socket.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>A handle for the connection, or WouldBlock, BadDescriptor, ConnectionAborted, OperationNotSupported, InvalidState.</returns>
        public int Accept(int handle, int timeout)
        {
            int accepted = -1;
            return Accept(handle, timeout, ref accepted);
        }

        /// <summary>
        /// Takes a connection that a peer has opened, as <see cref="Accept(int, int)"/> does, and has the caller's own variable know it at once, as
        /// <see cref="OpenStream(ref int)"/> does.
        /// </summary>
        /// <param name="handle">A listening socket.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <param name="accepted">Gets the connection's handle; it stays as it is if there is none.</param>
        /// <returns>As of <see cref="Accept(int, int)"/>.</returns>
        public int Accept(int handle, int timeout, ref int accepted)
        {
            int result = TryAccept(handle, ref accepted);
            if (timeout == 0 || result != (int)SocketError.WouldBlock)
            {
                return result;
            }

            int beganAt = _threads.Now();
            do
            {
                // another thread may be faster, or the connection end meanwhile
                result = Call(Operation.PollRead, handle, null, 0, 0, 0, 0, null, WaitKind.Read, Left(timeout, beganAt));
                if (result > 0)
                {
                    result = TryAccept(handle, ref accepted);
                }
            }
            while (result == (int)SocketError.WouldBlock && Left(timeout, beganAt) != 0);

            return Ended(result);
        }

        /// <summary>
        /// Opens a connection, and waits until it is open; for a link or an address that may come it waits too, 15 seconds at most.
        /// With a datagram socket it fixes the peer, which may be a group or all, or another one.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <param name="address">The peer's address.</param>
        /// <param name="port">The peer's port, 1 to 65535.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>0; InProgress if the time is over, and the connection may still come: <see cref="Poll"/> for write tells; NetworkDown,
        /// AddressNotAvailable; or BadDescriptor, ConnectionAborted, InvalidArgument, InvalidState, IsConnected, NetworkUnreachable, AddressInUse,
        /// ConnectionRefused, TimedOut, HostUnreachable, ConnectionReset.</returns>
        public int Connect(int handle, uint address, int port, int timeout)
        {
            int beganAt = _threads.Now();
            int result = Call(Operation.Connect, handle, null, 0, 0, address, port, null, WaitKind.Write, timeout);
            if (result != (int)SocketError.InProgress || timeout == 0)
            {
                return result;
            }

            return Ended(Call(Operation.FinishConnect, handle, null, 0, 0, 0, 0, null, WaitKind.Write, Left(timeout, beganAt)));
        }

        /// <summary>
        /// Asks or waits until a socket is ready for something.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <param name="mode"><see cref="PollRead"/>, <see cref="PollWrite"/> or <see cref="PollError"/>.</param>
        /// <param name="microseconds">How long at most, rounded up to milliseconds; negative for ever.</param>
        /// <returns>1 if it is, 0 if the time is over; or BadDescriptor, ConnectionAborted, InvalidArgument.</returns>
        public int Poll(int handle, int mode, int microseconds)
        {
            if (mode < PollRead || mode > PollError)
            {
                return (int)SocketError.InvalidArgument;
            }

            int timeout = microseconds < 0 ? Forever : microseconds == 0 ? 0 : ((microseconds - 1) / 1000) + 1;
            int result = Call(Operation.PollRead + mode, handle, null, 0, 0, 0, 0, null, (WaitKind)(1 << mode), timeout);
            return result == (int)SocketError.WouldBlock ? 0 : result;
        }

        /// <summary>
        /// Ends one direction or both. Calls that wait to receive end then, with 0.
        /// </summary>
        /// <param name="handle">A connected stream, or a datagram socket, of which nothing is told to anybody.</param>
        /// <param name="how"><see cref="Receiving"/>, <see cref="Sending"/> or <see cref="Both"/>.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument, NotConnected, or why the connection ended.</returns>
        public int Shutdown(int handle, int how)
        {
            _threads.Enter();
            try
            {
                HostSocket socket = Find(handle);
                int result = socket == null ? (int)SocketError.BadDescriptor : how < Receiving || how > Both ? (int)SocketError.InvalidArgument : 0;
                if (result == 0 && !socket.IsDatagram)
                {
                    result = how != Receiving ? _layer.Shutdown(handle)
                        : _layer.GetRemotePort(handle) == 0 ? (int)SocketError.NotConnected
                        : 0;
                }

                if (result == 0 && how != Sending)
                {
                    // whoever is let go looks when the lock is free
                    _owner.Release(handle);
                    socket.IsReceiveShut = true;
                }

                _owner.Settle();
                return result;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Gives a socket up: its handle fits no longer, and whoever waits for it goes on with ConnectionAborted. What was written still arrives, unless
        /// <see cref="HostOption.Linger"/> says otherwise.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <returns>0; WouldBlock if the time of <see cref="HostOption.Linger"/> was over before the peer had all, and the stack goes on; or BadDescriptor.</returns>
        public int Close(int handle)
        {
            bool lingers = false;
            try
            {
                int result = BeginClose(handle, ref lingers);
                if (lingers)
                {
                    result = AwaitAcknowledgment(handle, result) ? 0 : (int)SocketError.WouldBlock;
                    EndClose(handle);
                    lingers = false;
                }

                return result;
            }
            finally
            {
                // whoever is aborted while it waits
                if (lingers)
                {
                    EndClose(handle);
                }
            }
        }

        /// <summary>
        /// Bytes that can be received without waiting.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <returns>Bytes of a connection, or of the next datagram; or BadDescriptor.</returns>
        public int GetAvailable(int handle)
        {
            _threads.Enter();
            try
            {
                HostSocket socket = Find(handle);
                int result = socket == null ? (int)SocketError.BadDescriptor : socket.IsReceiveShut ? 0 : _layer.GetAvailable(handle);
                return result > 0 && _layer.GetState(handle) == TcpState.Listen ? 0 : result;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Whether a socket listens.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <returns>Whether it does; a handle of no socket does not.</returns>
        public bool IsListening(int handle)
        {
            _threads.Enter();
            try
            {
                return Find(handle) != null && _layer.GetState(handle) == TcpState.Listen;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Whether a connection waits to be accepted.
        /// </summary>
        /// <param name="handle">A listening socket.</param>
        /// <returns>Whether one does.</returns>
        public bool HasConnectionWaiting(int handle)
        {
            _threads.Enter();
            try
            {
                return Find(handle) != null && _layer.GetState(handle) == TcpState.Listen && _layer.GetAvailable(handle) > 0;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Whether a connection is open in one direction at least, or a datagram socket has a peer.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <returns>Whether it is.</returns>
        public bool IsConnected(int handle)
        {
            _threads.Enter();
            try
            {
                HostSocket socket = Find(handle);
                return socket != null
                    && (socket.IsDatagram ? _layer.GetRemotePort(handle) != 0 : _layer.GetState(handle) >= TcpState.Established);
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Our address of a socket.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <returns>What it was bound to; of a connection our address; else 0.0.0.0.</returns>
        public uint GetLocalAddress(int handle)
        {
            _threads.Enter();
            try
            {
                HostSocket socket = Find(handle);
                return socket == null ? IPv4Address.Any
                    : IPv4Address.IsLoopback(socket.BoundAddress) ? socket.BoundAddress
                    : socket.BoundAddress != IPv4Address.Any || _layer.GetRemotePort(handle) > 0 ? _stack.IPv4.Address
                    : IPv4Address.Any;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Our port of a socket.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <returns>1 to 65535; 0 while there is none; or BadDescriptor.</returns>
        public int GetLocalPort(int handle)
        {
            _threads.Enter();
            try
            {
                return Find(handle) == null ? (int)SocketError.BadDescriptor : _layer.GetLocalPort(handle);
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// The peer's address.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <returns>The address; 0.0.0.0 where there is no peer, as before a connection is open.</returns>
        public uint GetRemoteAddress(int handle)
        {
            _threads.Enter();
            try
            {
                HostSocket socket = Find(handle);
                return socket == null || !HasPeer(socket) ? IPv4Address.Any : _layer.GetRemoteAddress(handle);
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// The peer's port.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <returns>1 to 65535; 0 where there is no peer, as before a connection is open; or BadDescriptor.</returns>
        public int GetRemotePort(int handle)
        {
            _threads.Enter();
            try
            {
                HostSocket socket = Find(handle);
                return socket == null ? (int)SocketError.BadDescriptor : HasPeer(socket) ? _layer.GetRemotePort(handle) : 0;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Not whom a connection is asked of, or was in vain: the stack tells that too. Under the lock.
        /// </summary>
        private bool HasPeer(HostSocket socket)
        {
            TcpState state = _layer.GetState(socket.Handle);
            return state != TcpState.SynSent && state != TcpState.SynReceived && !socket.HasFailedToOpen;
        }

        private int Open(SocketType type, ref int handle)
        {
            _threads.Enter();
            try
            {
                CloseOpening();
                _opening = _layer.Socket(type);
                if (type == SocketType.Datagram)
                {
                    _layer.SetMulticastLoopback(_opening, true);
                }

                return Open(type == SocketType.Datagram, ref handle);
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Makes a handle of the descriptor that is being opened. Under the lock.
        /// </summary>
        private int Open(bool isDatagram, ref int handle)
        {
            int opened = _opening;
            if (opened >= 0)
            {
                _places[PlaceOf(opened)].Open(opened, isDatagram);
                handle = opened;
                _opening = -1;
            }

            return opened;
        }

        /// <summary>
        /// Closes what a thread was opening that was aborted: nobody has it. Under the lock.
        /// </summary>
        private void CloseOpening()
        {
            if (_opening >= 0)
            {
                HostSocket socket = Find(_opening);
                if (socket != null)
                {
                    socket.Handle = -1;
                }

                _layer.Close(_opening);
                _opening = -1;
            }
        }

        private static int PlaceOf(int handle) => handle & (StackConfiguration.MaximumSockets - 1);

        /// <summary>
        /// Finds what belongs to a handle. Under the lock.
        /// </summary>
        private HostSocket Find(int handle)
        {
            int place = PlaceOf(handle);
            if (handle < 0 || place >= _places.Length)
            {
                return null;
            }

            HostSocket socket = _places[place];
            return socket.Handle == handle ? socket : null;
        }

        /// <summary>
        /// Closes a socket, or, if it lingers, its sending direction.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <param name="lingers">Becomes true if it lingers: <see cref="EndClose"/> is still to come.</param>
        /// <returns>0, or the seconds that it lingers, or BadDescriptor.</returns>
        private int BeginClose(int handle, ref bool lingers)
        {
            _threads.Enter();
            try
            {
                HostSocket socket = Find(handle);
                if (socket == null)
                {
                    return (int)SocketError.BadDescriptor;
                }

                // a thread that is cut short in here leaves a handle that can be closed again
                int linger = socket.IsDatagram ? -1 : socket.Options[(int)HostOption.Linger];
                if (linger == 0)
                {
                    _layer.Abort(handle);
                }
                else if (linger > 0 && _layer.Shutdown(handle) == 0)
                {
                    lingers = true;
                }
                else
                {
                    _layer.Close(handle);
                    linger = 0;
                }

                socket.Handle = -1;

                // before the poll, in which a driver may throw; whoever is let go looks when the lock is free
                _owner.Release(handle);
                _owner.Settle();
                return linger;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Waits until the peer has acknowledged all.
        /// </summary>
        /// <returns>Whether it has.</returns>
        private bool AwaitAcknowledgment(int handle, int seconds)
        {
            int beganAt = _threads.Now();
            int timeout = seconds > int.MaxValue / 1000 ? int.MaxValue : seconds * 1000;
            Waiter waiter = null;
            int ticket = 0;
            try
            {
                _owner.Take(handle, WaitKind.Acknowledged, ref waiter, ref ticket);
                bool isWaiting;
                do
                {
                    // first of all: what came before the waiter was taken has let nobody go
                    isWaiting = LooksAgain(handle, waiter);
                }
                while (isWaiting && _owner.Wait(waiter, beganAt, timeout, true));

                StackOwner.Give(waiter, ticket);
                return !isWaiting;
            }
            finally
            {
                StackOwner.Give(waiter, ticket);
            }
        }

        private bool LooksAgain(int handle, Waiter waiter)
        {
            _threads.Enter();
            try
            {
                if (waiter != null)
                {
                    waiter.IsSet = false;
                }

                return _owner.IsUnacknowledged(handle);
            }
            finally
            {
                _threads.Leave();
            }
        }

        private void EndClose(int handle)
        {
            _threads.Enter();
            try
            {
                _layer.Close(handle);
                _owner.Settle();
            }
            finally
            {
                _threads.Leave();
            }
        }
    }
}
