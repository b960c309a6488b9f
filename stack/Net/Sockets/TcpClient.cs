// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Tcp;

namespace TcpIp.Net.Sockets
{
    /// <summary>
    /// A connection, under the name and with the members of System.Net.Sockets. Other than there the constructor takes the calls of
    /// the stack to use, and an object that was closed can be connected again: nothing is allocated then.
    /// </summary>
    /// <remarks>
    /// Missing, compared with System.Net.Sockets: the constructor with a local endpoint, Client (<see cref="Descriptor"/> leads to the
    /// stack's calls), LingerState (<see cref="NetworkStream.Close(int)"/>), ExclusiveAddressUse, IPv6.
    /// </remarks>
    public sealed class TcpClient : IDisposable
    {
        private readonly WaitingSockets _sockets;
        private readonly NetworkStream _stream;
        private int _connectTimeout = StackRunner.Forever;
        private bool _noDelay;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpClient"/> class.
        /// </summary>
        /// <param name="sockets">The calls that wait.</param>
        public TcpClient(WaitingSockets sockets)
        {
            _sockets = sockets;
            _stream = new NetworkStream(sockets, -1, true);
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpClient"/> class and connects it.
        /// </summary>
        /// <param name="sockets">The calls that wait.</param>
        /// <param name="hostname">The peer's name, or its address in dotted decimal.</param>
        /// <param name="port">The peer's port.</param>
        /// <exception cref="SocketException">As of <see cref="Connect(string, int)"/>.</exception>
        public TcpClient(WaitingSockets sockets, string hostname, int port)
            : this(sockets)
        {
            Connect(hostname, port);
        }

        /// <summary>
        /// Gets a value indicating whether the connection is open, as far as we know: neither end has closed, or only the peer has.
        /// </summary>
        public bool Connected
        {
            get
            {
                TcpState state = _sockets.Layer.GetState(Descriptor);
                return state == TcpState.Established || state == TcpState.CloseWait;
            }
        }

        /// <summary>Gets the bytes that have arrived and were not read; 0 where there is no connection.</summary>
        public int Available
        {
            get
            {
                int available = _sockets.Layer.GetAvailable(Descriptor);
                return available < 0 ? 0 : available;
            }
        }

        /// <summary>Gets the stack's socket, for its other calls, or -1.</summary>
        public int Descriptor => _stream.Descriptor;

        /// <summary>Gets or sets a value indicating whether small writes are sent at once (no Nagle algorithm).</summary>
        public bool NoDelay
        {
            get => _noDelay;
            set
            {
                _noDelay = value;
                _sockets.Layer.SetNoDelay(Descriptor, value);
            }
        }

        /// <summary>
        /// Gets or sets the milliseconds after which <see cref="Connect(IPEndPoint)"/> gives up; <see cref="StackRunner.Forever"/>, which
        /// it is at first, leaves it to TCP, which begins once there is a link: so it waits until a cable is plugged in.
        /// </summary>
        public int ConnectTimeout
        {
            get => _connectTimeout;
            set => _connectTimeout = value;
        }

        /// <summary>
        /// Gets or sets the milliseconds after which a read gives up; 0, which it is at first, for never.
        /// </summary>
        /// <exception cref="SocketException">InvalidArgument: it is set to a negative number.</exception>
        public int ReceiveTimeout
        {
            get => _stream.ReadTimeout == StackRunner.Forever ? 0 : _stream.ReadTimeout;
            set => _stream.ReadTimeout = value == 0 ? StackRunner.Forever : value;
        }

        /// <summary>
        /// Gets or sets the milliseconds after which a write gives up; 0, which it is at first, for never.
        /// </summary>
        /// <exception cref="SocketException">InvalidArgument: it is set to a negative number.</exception>
        public int SendTimeout
        {
            get => _stream.WriteTimeout == StackRunner.Forever ? 0 : _stream.WriteTimeout;
            set => _stream.WriteTimeout = value == 0 ? StackRunner.Forever : value;
        }

        /// <summary>Gets the calls that wait.</summary>
        internal WaitingSockets Sockets => _sockets;

        /// <summary>
        /// Looks a peer up, connects to it, and waits until the connection is open.
        /// </summary>
        /// <param name="hostname">The peer's name, or its address in dotted decimal. Names need a <see cref="StackRunner.Resolver"/>.</param>
        /// <param name="port">The peer's port, 1 to 65535.</param>
        /// <exception cref="SocketException">HostNotFound, NoData, TryAgain, or as of the other overload.</exception>
        public void Connect(string hostname, int port)
        {
            SocketException.Check(TryConnect(hostname, port));
        }

        /// <summary>
        /// Connects to a peer, and waits until the connection is open.
        /// </summary>
        /// <param name="address">The peer's address.</param>
        /// <param name="port">The peer's port, 1 to 65535.</param>
        /// <exception cref="SocketException">As of the other overload.</exception>
        public void Connect(IPAddress address, int port)
        {
            SocketException.Check((object)address == null ? (int)SocketError.InvalidArgument : TryConnect(address.Value, port));
        }

        /// <summary>
        /// Connects to a peer, and waits until the connection is open.
        /// </summary>
        /// <param name="remoteEP">The peer.</param>
        /// <exception cref="SocketException">InvalidArgument, IsConnected, TooManyOpenSockets, AddressNotAvailable, AddressInUse,
        /// NetworkUnreachable, HostUnreachable, ConnectionRefused, TimedOut, WouldDeadlock. The object can be used for another
        /// attempt.</exception>
        public void Connect(IPEndPoint remoteEP)
        {
            SocketException.Check(remoteEP == null ? (int)SocketError.InvalidArgument : TryConnect(remoteEP.AddressValue, remoteEP.Port));
        }

        /// <summary>
        /// What to read from and write to. It is the same object for each connection of this one.
        /// </summary>
        /// <returns>The stream.</returns>
        /// <exception cref="SocketException">NotConnected: there is no connection.</exception>
        public NetworkStream GetStream()
        {
            SocketException.Check(Descriptor < 0 ? (int)SocketError.NotConnected : 0);
            return _stream;
        }

        /// <summary>
        /// Closes the connection without waiting, as <see cref="NetworkStream.Close()"/> does.
        /// </summary>
        public void Close() => _stream.Close();

        /// <inheritdoc/>
        public void Dispose() => Close();

        /// <summary>
        /// Takes a connection over.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        internal void Attach(int descriptor)
        {
            _sockets.Layer.SetNoDelay(descriptor, _noDelay);
            _stream.Attach(descriptor);
        }

        private int TryConnect(string hostname, int port)
        {
            int socket = TakeSocket();
            return socket < 0 ? socket : Take(socket, _sockets.Connect(socket, hostname, port, _connectTimeout));
        }

        private int TryConnect(uint address, int port)
        {
            int socket = TakeSocket();
            return socket < 0 ? socket : Take(socket, _sockets.Connect(socket, address, port, _connectTimeout));
        }

        private int TakeSocket() => Descriptor >= 0 ? (int)SocketError.IsConnected : _sockets.Layer.Socket();

        private int Take(int socket, int result)
        {
            if (result < 0)
            {
                _sockets.Layer.Abort(socket);
                return result;
            }

            Attach(socket);
            return 0;
        }
    }
}
