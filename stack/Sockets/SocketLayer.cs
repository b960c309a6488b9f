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
    /// A descriptor is a ticket for a control block: the block's place in the table and how often the place was given out. A
    /// ticket of an earlier owner is refused. Results are counts or descriptors, never negative, or a negative <see cref="SocketError"/>.
    /// The calls are those of RFC 9293 section 3.9.1; none of them allocates or throws. What a call has for the peer is sent in the
    /// next poll of the stack.
    /// </remarks>
    public sealed partial class SocketLayer
    {
        /// <summary>Two hours in milliseconds, for <see cref="SetKeepAlive"/>.</summary>
        public const int DefaultKeepAlive = 7200000;

        private const int ShortestKeepAlive = 1000;

        private readonly TcpLayer _tcp;
        private readonly UdpLayer _udp;
        private readonly IcmpEcho _echo;
        private readonly IPv4Layer _ipv4;
        private readonly FramePool _pool;
        private readonly TcpControlBlock[] _blocks;
        private readonly TcpUserCalls _calls;
        private readonly int _sendFrames;
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
            _echo = echo;
            _ipv4 = ipv4;
            _pool = pool;
            _blocks = tcp.Blocks;
            _sendFrames = configuration.TcpSendFrames;
            _calls = new TcpUserCalls(tcp, configuration);
        }

        /// <summary>Gets the number of TCP sockets in the table, used or not.</summary>
        public int Count => _blocks.Length;

        /// <summary>
        /// Gets the number of rows that <see cref="GetStatus"/> knows, used or not: the sockets of TCP, those of UDP, and the
        /// connections that peers are opening, which are no sockets yet.
        /// </summary>
        public int RowCount => _blocks.Length + _udp.Blocks.Length + _tcp.SynQueue.Entries.Length;

        /// <summary>
        /// Takes a control block for TCP and marks it initial.
        /// </summary>
        /// <returns>A descriptor, or <see cref="SocketError.TooManyOpenSockets"/>.</returns>
        public int Socket()
        {
            TcpControlBlock block = _tcp.Allocate(null);
            if (block == null)
            {
                return (int)SocketError.TooManyOpenSockets;
            }

            block.Attached = true;
            return block.Descriptor;
        }

        /// <summary>
        /// Gives the socket a port.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="port">1 to 65535.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument, InvalidState, AddressInUse.</returns>
        public int Bind(int descriptor, int port)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return BindDatagram(descriptor, port);
            }

            if (port < 1 || port > 65535)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (block.LocalPort != 0)
            {
                return (int)SocketError.InvalidState;
            }

            if (_tcp.Ports.IsPortBound(port))
            {
                return (int)SocketError.AddressInUse;
            }

            block.LocalPort = port;
            return 0;
        }

        /// <summary>
        /// Waits for peers to connect (a passive OPEN).
        /// </summary>
        /// <param name="descriptor">A socket that has a port.</param>
        /// <param name="backlog">Connections that may wait to be accepted, 1 or more.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument, InvalidState.</returns>
        public int Listen(int descriptor, int backlog)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (backlog < 1)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (block.State != TcpState.Closed || block.LocalPort == 0 || block.RemotePort != 0)
            {
                return (int)SocketError.InvalidState;
            }

            block.Backlog = backlog;
            block.State = TcpState.Listen;
            return 0;
        }

        /// <summary>
        /// Takes a connection that a peer has opened.
        /// </summary>
        /// <param name="descriptor">A listening socket.</param>
        /// <returns>A descriptor of its own for the connection, or BadDescriptor, InvalidState, WouldBlock.</returns>
        public int Accept(int descriptor)
        {
            TcpControlBlock listener = Find(descriptor);
            if (listener == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (listener.State != TcpState.Listen)
            {
                return (int)SocketError.InvalidState;
            }

            TcpControlBlock oldest = _tcp.Backlog.FindOldest(listener);
            if (oldest == null)
            {
                return (int)SocketError.WouldBlock;
            }

            TcpBacklog.Remove(oldest);
            oldest.Attached = true;
            return oldest.Descriptor;
        }

        /// <summary>
        /// Opens a connection (an active OPEN): writes the peer's address and port into the control block and sends a SYN.
        /// <see cref="GetState"/> and <see cref="GetError"/> tell how it ends. With a datagram socket it only fixes the peer.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="address">The peer's address.</param>
        /// <param name="port">The peer's port, 1 to 65535.</param>
        /// <returns>InProgress (0 for datagrams), or BadDescriptor, InvalidArgument, InvalidState, IsConnected, AddressNotAvailable,
        /// NetworkDown, NetworkUnreachable, AddressInUse.</returns>
        public int Connect(int descriptor, uint address, int port)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return ConnectDatagram(descriptor, address, port);
            }

            if (port < 1 || port > 65535 || !_ipv4.IsHost(address))
            {
                return (int)SocketError.InvalidArgument;
            }

            if (block.State != TcpState.Closed || block.RemotePort != 0)
            {
                return block.State == TcpState.Listen || block.State == TcpState.Closed
                    ? (int)SocketError.InvalidState
                    : (int)SocketError.IsConnected;
            }

            SocketError refusal = _ipv4.CanSendTo(address);
            if (refusal != SocketError.Success)
            {
                return (int)refusal;
            }

            address = _ipv4.MapLoopback(address);
            if (!_ipv4.HasRoute(address))
            {
                return (int)SocketError.NetworkUnreachable;
            }

            if (block.LocalPort == 0)
            {
                block.LocalPort = _tcp.Ports.PickEphemeralPort();
            }

            if (_tcp.Ports.IsConnectionKnown(block.LocalPort, address, port))
            {
                return (int)SocketError.AddressInUse;
            }

            _calls.Open(block, address, port);
            return (int)SocketError.InProgress;
        }

        /// <summary>
        /// Closes our direction: what was written is sent, then a FIN. Reading goes on.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <returns>0, or BadDescriptor, NotConnected, or why the connection ended.</returns>
        public int Shutdown(int descriptor)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (block.FinQueued)
            {
                return 0;
            }

            if (block.State != TcpState.Established && block.State != TcpState.CloseWait && block.State != TcpState.SynReceived)
            {
                return block.Error != SocketError.Success ? (int)block.Error : (int)SocketError.NotConnected;
            }

            _calls.CloseSending(block);
            return 0;
        }

        /// <summary>
        /// Gives the descriptor up. What was written still arrives; the control block lives on until the peer knows, and through TIME-WAIT.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <returns>0, or BadDescriptor.</returns>
        public int Close(int descriptor)
        {
            Cancel(descriptor);
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return CloseDatagram(descriptor);
            }

            _calls.Close(block);
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
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return CloseDatagram(descriptor);
            }

            if (block.State == TcpState.Listen)
            {
                // it has no connection of its own; those that wait behind it are reset
                _calls.Close(block);
                return 0;
            }

            block.Attached = false;
            _tcp.Reset(block, SocketError.ConnectionAborted);
            return 0;
        }

        /// <summary>
        /// Whether small segments are sent at once, instead of waiting for the acknowledgment of what is under way (Nagle).
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="noDelay">True to send at once.</param>
        /// <returns>0, or BadDescriptor.</returns>
        public int SetNoDelay(int descriptor, bool noDelay)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            block.NoDelay = noDelay;
            return 0;
        }

        /// <summary>
        /// Has a silent peer probed, so that one that is gone is noticed (RFC 9293 section 3.8.4). Off unless set.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="idle">Milliseconds of silence after which to probe, 1000 or more; <see cref="DefaultKeepAlive"/> is the
        /// shortest that RFC 9293 takes for a default (MUST-28). 0 to stop.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument.</returns>
        public int SetKeepAlive(int descriptor, int idle)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (idle != 0 && idle < ShortestKeepAlive)
            {
                return (int)SocketError.InvalidArgument;
            }

            block.KeepAliveIdle = idle;
            block.KeepAliveProbes = 0;
            block.KeepAliveAt = _tcp.Now + idle;
            _tcp.RequestOutput(block);
            return 0;
        }

        /// <summary>
        /// How long a peer may owe an acknowledgment, or leave our SYN or our window probes unanswered, before the connection is
        /// given up (RFC 9293 section 3.8.3, R2).
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="milliseconds">1 or more; 0 for what the stack's configuration says.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument.</returns>
        public int SetUserTimeout(int descriptor, int milliseconds)
        {
            TcpControlBlock block = Find(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (milliseconds < 0)
            {
                return (int)SocketError.InvalidArgument;
            }

            block.UserTimeout = milliseconds;
            _tcp.RequestOutput(block);
            return 0;
        }

        /// <summary>
        /// The state of the connection.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <returns>The state; CLOSED for a descriptor that names no socket.</returns>
        public TcpState GetState(int descriptor)
        {
            TcpControlBlock block = Find(descriptor);
            return block == null ? TcpState.Closed : block.State;
        }

        /// <summary>
        /// Why the connection ended.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <returns>Success while it lives or after an orderly end; BadDescriptor for a descriptor that names no socket.</returns>
        public SocketError GetError(int descriptor)
        {
            TcpControlBlock block = Find(descriptor);
            return block == null ? SocketError.BadDescriptor : block.Error;
        }

        /// <summary>
        /// Copies a row of the socket table out, as netstat would list it.
        /// </summary>
        /// <param name="row">0 to <see cref="RowCount"/> - 1.</param>
        /// <param name="status">Is filled.</param>
        /// <returns>Whether the row is in use.</returns>
        public bool GetStatus(int row, SocketStatus status)
        {
            if (row < 0 || row >= RowCount || status == null)
            {
                return false;
            }

            int beginning = row - _blocks.Length - _udp.Blocks.Length;
            if (beginning >= 0)
            {
                TcpHalfOpen entry = _tcp.SynQueue.Entries[beginning];
                status.Set(entry, _tcp.Now);
                return entry.Listener != null;
            }

            if (row >= _blocks.Length)
            {
                return GetDatagramStatus(row, status);
            }

            TcpControlBlock block = _blocks[row];
            status.Set(block, block.Ticket, _tcp.Now);
            return block.InUse;
        }

        private TcpControlBlock Find(int descriptor)
        {
            int index = descriptor & SocketControlBlock.IndexMask;
            if (index >= _blocks.Length)
            {
                return null;
            }

            TcpControlBlock block = _blocks[index];
            return block.Descriptor == descriptor && descriptor >= 0 ? block : null;
        }
    }
}
