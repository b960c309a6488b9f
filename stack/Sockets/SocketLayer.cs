// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Icmp;
using TcpIp.IPv4;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp.Sockets
{
    /// <summary>
    /// What an application sees of the stack: socket, connect, write, read, close. No call waits; a call that would have to says
    /// <see cref="SocketError.WouldBlock"/>, and is made again after a poll.
    /// </summary>
    /// <remarks>
    /// <para>A descriptor is a ticket for a control block: the block's place in the table of sockets and how often the place was given out.
    /// A ticket of an earlier owner is refused. Results are counts or descriptors, never negative, or a negative <see cref="SocketError"/>.
    /// The calls are those of RFC 9293 section 3.9.1; none of them allocates or throws. What a call has for the peer is sent in the
    /// next poll of the stack.</para>
    /// <para>Here the control block is found, and the calls of its kind are called. Which call is allowed in which state is one table
    /// (see the stack's README); a call that a kind of socket does not have says <see cref="SocketError.OperationNotSupported"/>.</para>
    /// </remarks>
    public sealed partial class SocketLayer
    {
        private readonly SocketControlBlock[] _table;
        private readonly TcpLayer _tcp;
        private readonly UdpLayer _udp;
        private readonly StreamCalls _streams;
        private readonly DatagramCalls _datagrams;
        private readonly EchoCalls _echoes;
        private SendView _reserved;

        /// <summary>
        /// Initializes a new instance of the <see cref="SocketLayer"/> class.
        /// </summary>
        /// <param name="tcp">The layer below, for streams.</param>
        /// <param name="udp">The layer below, for datagrams.</param>
        /// <param name="echo">The layer below, for echoes.</param>
        /// <param name="ipv4">Knows our address.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="configuration">Sizes.</param>
        internal SocketLayer(TcpLayer tcp, UdpLayer udp, IcmpEcho echo, IPv4Layer ipv4, FramePool pool, StackConfiguration configuration)
        {
            _tcp = tcp;
            _udp = udp;
            _streams = new StreamCalls(tcp, pool, configuration);
            _datagrams = new DatagramCalls(udp, ipv4);
            _echoes = new EchoCalls(echo, ipv4);
            _table = new SocketControlBlock[tcp.Blocks.Length + udp.Blocks.Length + echo.Blocks.Length];
            AddToTable(tcp.Blocks);
            AddToTable(udp.Blocks);
            AddToTable(echo.Blocks);
        }

        /// <summary>
        /// Gets a value indicating whether the last poll has found frames, or another one in the same millisecond: there may be more in the
        /// controller, and somebody who seems to be silent may have spoken.
        /// </summary>
        public bool HasArrivals => _tcp.HasArrivals;

        /// <summary>Gets the number of TCP sockets in the table, used or not.</summary>
        public int Count => _streams.Count;

        /// <summary>
        /// Gets the number of rows that <see cref="GetStatus"/> knows, used or not: the sockets of TCP, of UDP and for echoes, and the
        /// connections that peers are opening, which are no sockets yet.
        /// </summary>
        public int RowCount => _table.Length + _streams.HalfOpen.Length;

        /// <summary>
        /// Gets a number that is another one after each poll in which anything may have happened to a stream or a listener: who has
        /// asked all there is to ask need not ask again while it stays the same.
        /// </summary>
        public int Changes => _tcp.Changes;

        /// <summary>
        /// Gets a number that counts up, and wraps, with each datagram that has come for a socket, and with each word that one of its own did
        /// not arrive: who has read all there was need not look again while it stays the same.
        /// </summary>
        public int Datagrams => _udp.Arrivals;

        /// <summary>
        /// Takes a control block for TCP and marks it initial.
        /// </summary>
        /// <returns>A descriptor, or <see cref="SocketError.TooManyOpenSockets"/>.</returns>
        public int Socket()
        {
            return _streams.Open();
        }

        /// <summary>
        /// Takes a control block of a kind and marks it initial.
        /// </summary>
        /// <param name="type">The kind.</param>
        /// <returns>A descriptor, or TooManyOpenSockets, InvalidArgument.</returns>
        public int Socket(SocketType type)
        {
            switch (type)
            {
                case SocketType.Stream:
                    return _streams.Open();
                case SocketType.Datagram:
                    return _datagrams.Open();
                case SocketType.Echo:
                    return _echoes.Open();
                default:
                    return (int)SocketError.InvalidArgument;
            }
        }

        /// <summary>
        /// Gives the socket a port.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="port">1 to 65535; 0 for one that no socket has, which <see cref="GetLocalPort"/> tells.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidArgument, InvalidState, AddressInUse.</returns>
        public int Bind(int descriptor, int port)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream != null)
            {
                return _streams.Bind(stream, port);
            }

            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? _datagrams.Bind(datagrams, port) : Refuse(block);
        }

        /// <summary>
        /// Gives the socket a port, and says who may reach it there.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="address">0.0.0.0, or our address, which is the same: there is one, and when it changes the socket goes along; or one of 127.0.0.0/8,
        /// and nobody but this board reaches it: others are told that nobody is there.</param>
        /// <param name="port">1 to 65535; 0 for one that no socket has.</param>
        /// <returns>0, or AddressNotAvailable, and what <see cref="Bind(int, int)"/> says.</returns>
        public int Bind(int descriptor, uint address, int port)
        {
            bool isLoopback = IPv4Address.IsLoopback(address);
            SocketControlBlock block = Find(descriptor);
            if (!isLoopback && address != IPv4Address.Any && address != _tcp.IPv4.Address && block != null && !(block is EchoControlBlock))
            {
                return (int)SocketError.AddressNotAvailable;
            }

            int result = Bind(descriptor, port);
            if (result == 0)
            {
                block.IsLocalOnly = isLoopback;
            }

            return result;
        }

        /// <summary>
        /// Waits for peers to connect (a passive OPEN).
        /// </summary>
        /// <param name="descriptor">A socket that has a port.</param>
        /// <param name="backlog">Connections that may wait to be accepted, 1 or more.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidArgument, InvalidState.</returns>
        public int Listen(int descriptor, int backlog)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            return stream != null ? StreamCalls.Listen(stream, backlog) : Refuse(block);
        }

        /// <summary>
        /// Takes a connection that a peer has opened.
        /// </summary>
        /// <param name="descriptor">A listening socket.</param>
        /// <returns>A descriptor of its own for the connection, or BadDescriptor, OperationNotSupported, InvalidState,
        /// WouldBlock.</returns>
        public int Accept(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            return stream != null ? _streams.Accept(stream) : Refuse(block);
        }

        /// <summary>
        /// Opens a connection (an active OPEN): writes the peer's address and port into the control block and sends a SYN.
        /// <see cref="GetState"/> and <see cref="GetError"/> tell how it ends. With a datagram socket it only fixes the peer, and our port
        /// if there is none; the peer may be a group, or all if <see cref="SetBroadcast"/> allows it, or another one than before.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="address">The peer's address.</param>
        /// <param name="port">The peer's port, 1 to 65535.</param>
        /// <returns>InProgress (0 for datagrams), or BadDescriptor, OperationNotSupported, InvalidArgument, InvalidState, IsConnected,
        /// AddressNotAvailable, NetworkDown, NetworkUnreachable, AddressInUse.</returns>
        public int Connect(int descriptor, uint address, int port)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream != null)
            {
                return _streams.Connect(stream, address, port);
            }

            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? _datagrams.Connect(datagrams, address, port) : Refuse(block);
        }

        /// <summary>
        /// Closes our direction: what was written is sent, then a FIN. Reading goes on.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, NotConnected, or why the connection ended.</returns>
        public int Shutdown(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            return stream != null ? _streams.Shutdown(stream) : Refuse(block);
        }

        /// <summary>
        /// Gives the descriptor up. What was written still arrives; the control block lives on until the peer knows, and through TIME-WAIT.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <returns>0, or BadDescriptor.</returns>
        public int Close(int descriptor)
        {
            Cancel(descriptor);
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream == null)
            {
                return CloseWithoutConnection(block);
            }

            _streams.Close(stream);
            return 0;
        }

        /// <summary>
        /// Gives the descriptor up and ends the connection at once, with a RST where the peer must be told.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <returns>0, or BadDescriptor.</returns>
        public int Abort(int descriptor)
        {
            Cancel(descriptor);
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream == null)
            {
                return CloseWithoutConnection(block);
            }

            _streams.Abort(stream);
            return 0;
        }

        private void AddToTable(SocketControlBlock[] blocks)
        {
            for (int i = 0; i < blocks.Length; i++)
            {
                _table[blocks[i].Index] = blocks[i];
            }
        }

        /// <summary>
        /// Finds the control block that a descriptor is a ticket for.
        /// </summary>
        private SocketControlBlock Find(int descriptor)
        {
            int index = descriptor & SocketControlBlock.IndexMask;
            if (index >= _table.Length)
            {
                return null;
            }

            // what a block has that nobody holds names another place, so that no descriptor is equal to it
            SocketControlBlock block = _table[index];
            return block.Descriptor == descriptor ? block : null;
        }

        /// <summary>
        /// What is said of a socket that is not of the kind that the call is for, or of none.
        /// </summary>
        private static int Refuse(SocketControlBlock block)
        {
            return block == null ? (int)SocketError.BadDescriptor : (int)SocketError.OperationNotSupported;
        }

        private int CloseWithoutConnection(SocketControlBlock block)
        {
            UdpControlBlock datagrams = block as UdpControlBlock;
            if (datagrams != null)
            {
                _datagrams.Close(datagrams);
                return 0;
            }

            EchoControlBlock echo = block as EchoControlBlock;
            if (echo == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            _echoes.Close(echo);
            return 0;
        }
    }
}
