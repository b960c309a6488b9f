// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Net.Sockets
{
    /// <summary>
    /// Waits for peers to connect, under the name and with the members of System.Net.Sockets. Other than there the constructor takes
    /// the calls of the stack to use.
    /// </summary>
    /// <remarks>
    /// Missing, compared with System.Net.Sockets: AcceptSocket and Server (<see cref="Descriptor"/> leads to the stack's calls), port 0
    /// for any port.
    /// </remarks>
    public sealed class TcpListener
    {
        private const int DefaultBacklog = 4;

        private readonly WaitingSockets _sockets;
        private readonly uint _address;
        private readonly int _port;
        private int _descriptor = -1;
        private int _acceptTimeout = StackRunner.Forever;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpListener"/> class. It does not listen yet.
        /// </summary>
        /// <param name="sockets">The calls that wait.</param>
        /// <param name="localaddr"><see cref="IPAddress.Any"/>, or the address that we have when <see cref="Start()"/> is called.</param>
        /// <param name="port">The port, 1 to 65535; 0 for one that no socket has.</param>
        /// <exception cref="ArgumentNullException">There is no address.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The port is out of its range.</exception>
        public TcpListener(WaitingSockets sockets, IPAddress localaddr, int port)
            : this(sockets, new IPEndPoint(localaddr, port))
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpListener"/> class. It does not listen yet.
        /// </summary>
        /// <param name="sockets">The calls that wait.</param>
        /// <param name="localEP">Address and port, as of the other overload.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        public TcpListener(WaitingSockets sockets, IPEndPoint localEP)
        {
            if (localEP == null)
            {
                throw new ArgumentNullException(nameof(localEP));
            }

            _sockets = sockets;
            _address = localEP.AddressValue;
            _port = localEP.Port;
        }

        /// <summary>Gets where it listens, with the port that port 0 has become. Each access makes an object.</summary>
        public IPEndPoint LocalEndpoint => new IPEndPoint(IPAddress.FromValue(_address), _descriptor < 0 ? _port : _sockets.Layer.GetLocalPort(_descriptor));

        /// <summary>Gets the stack's socket, for its other calls, or -1 while it does not listen.</summary>
        public int Descriptor => _descriptor;

        /// <summary>
        /// Gets or sets the milliseconds after which <see cref="AcceptTcpClient()"/> gives up, or <see cref="StackRunner.Forever"/>, which
        /// it is at first.
        /// </summary>
        public int AcceptTimeout
        {
            get => _acceptTimeout;
            set => _acceptTimeout = value;
        }

        /// <summary>
        /// Begins to listen; four connections may wait to be accepted.
        /// </summary>
        /// <exception cref="SocketException">As of the other overload.</exception>
        public void Start() => Start(DefaultBacklog);

        /// <summary>
        /// Begins to listen. If it does already, nothing happens.
        /// </summary>
        /// <param name="backlog">Connections that may wait to be accepted, 1 or more.</param>
        /// <exception cref="SocketException">InvalidArgument for the backlog, AddressNotAvailable if the address is not ours,
        /// AddressInUse, TooManyOpenSockets.</exception>
        public void Start(int backlog)
        {
            if (_descriptor < 0)
            {
                _descriptor = SocketException.Check(TryStart(backlog));
            }
        }

        /// <summary>
        /// Stops listening. Connections that wait to be accepted are reset.
        /// </summary>
        public void Stop()
        {
            _sockets.Layer.Close(_descriptor);
            _sockets.Runner.Flush();
            _descriptor = -1;
        }

        /// <summary>
        /// Whether a connection waits to be accepted. It lets the stack work once, so that a loop that asks makes progress.
        /// </summary>
        /// <returns>Whether one does.</returns>
        /// <exception cref="SocketException">BadDescriptor: it does not listen.</exception>
        public bool Pending()
        {
            _sockets.Runner.Wait(0);
            return SocketException.Check(_sockets.Layer.GetAvailable(_descriptor)) > 0;
        }

        /// <summary>
        /// Takes a connection, or waits for one. This makes a new object.
        /// </summary>
        /// <returns>The connection.</returns>
        /// <exception cref="SocketException">As of the other overload.</exception>
        public TcpClient AcceptTcpClient()
        {
            TcpClient client = new TcpClient(_sockets);
            AcceptTcpClient(client);
            return client;
        }

        /// <summary>
        /// Takes a connection, or waits for one, without making an object.
        /// </summary>
        /// <param name="client">Gets the connection. It must be closed, and use the same stack.</param>
        /// <exception cref="SocketException">TimedOut, BadDescriptor while it does not listen, WouldDeadlock; InvalidArgument if
        /// there is no client or it uses another stack; IsConnected if it is not closed.</exception>
        public void AcceptTcpClient(TcpClient client)
        {
            if (client == null || client.Sockets.Layer != _sockets.Layer)
            {
                SocketException.Check((int)SocketError.InvalidArgument);
            }

            if (client.Descriptor >= 0)
            {
                SocketException.Check((int)SocketError.IsConnected);
            }

            client.Attach(SocketException.Check(_sockets.Accept(_descriptor, _acceptTimeout)));
        }

        private int TryStart(int backlog)
        {
            if (_address != IPv4Address.Any && _address != _sockets.Runner.Stack.IPv4.Address)
            {
                return (int)SocketError.AddressNotAvailable;
            }

            int socket = _sockets.Layer.Socket();
            if (socket < 0)
            {
                return socket;
            }

            int result = _sockets.Layer.Bind(socket, _port);
            if (result == 0)
            {
                result = _sockets.Layer.Listen(socket, backlog);
            }

            if (result != 0)
            {
                _sockets.Layer.Close(socket);
                return result;
            }

            return socket;
        }
    }
}
