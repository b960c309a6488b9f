// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;
using TcpIp.IPv4;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp.Sockets
{
    /// <content>
    /// What can be set of a socket, and what can be asked.
    /// </content>
    public sealed partial class SocketLayer
    {
        /// <summary>Two hours in milliseconds, for <see cref="SetKeepAlive"/>.</summary>
        public const int DefaultKeepAlive = 7200000;

        /// <summary>A bit of <see cref="GetReadiness"/>: there is something to read or to accept, or an end or an error to be told.</summary>
        public const int ReadyToRead = 1;

        /// <summary>A bit of <see cref="GetReadiness"/>: there is room to write, or an error to be told. Frames may be short all the same.</summary>
        public const int ReadyToWrite = 2;

        /// <summary>A bit of <see cref="GetReadiness"/>: the connection has failed, or an ICMP error has come.</summary>
        public const int HasFailed = 4;

        /// <summary>
        /// Whether small segments are sent at once, instead of waiting for the acknowledgment of what is under way (Nagle). What a listener is told
        /// holds for the connections that come by it from then on.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="noDelay">True to send at once.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported.</returns>
        public int SetNoDelay(int descriptor, bool noDelay)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream == null)
            {
                return Refuse(block);
            }

            SendQueue.SetNoDelay(stream, noDelay);
            return 0;
        }

        /// <summary>
        /// Has a silent peer probed, so that one that is gone is noticed (RFC 9293 section 3.8.4). Off unless set.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="idle">Milliseconds of silence after which to probe, 1000 or more; <see cref="DefaultKeepAlive"/> is the
        /// shortest that RFC 9293 takes for a default (MUST-28). 0 to stop.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidArgument.</returns>
        public int SetKeepAlive(int descriptor, int idle)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            return stream != null ? _streams.SetKeepAlive(stream, idle) : Refuse(block);
        }

        /// <summary>
        /// How long a peer may owe an acknowledgment, or leave our SYN or our window probes unanswered, before the connection is
        /// given up (RFC 9293 section 3.8.3, R2).
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <param name="milliseconds">1 or more; 0 for what the stack's configuration says.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidArgument.</returns>
        public int SetUserTimeout(int descriptor, int milliseconds)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            return stream != null ? _streams.SetUserTimeout(stream, milliseconds) : Refuse(block);
        }

        /// <summary>
        /// Sets how many routers what a socket sends may pass (RFC 1122 section 3.2.1.7). It is
        /// <see cref="IPv4Layer.DefaultTimeToLive"/> unless set.
        /// </summary>
        /// <param name="descriptor">A socket of any kind.</param>
        /// <param name="timeToLive">1 to 255.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument.</returns>
        public int SetTimeToLive(int descriptor, int timeToLive)
        {
            SocketControlBlock block = Find(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (timeToLive < 1 || timeToLive > 255)
            {
                return (int)SocketError.InvalidArgument;
            }

            block.TimeToLive = timeToLive;
            return 0;
        }

        /// <summary>
        /// Whether a datagram socket may send to all hosts at once. Not unless set: a mistyped address should not reach everybody.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="broadcast">True to allow it.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported.</returns>
        public int SetBroadcast(int descriptor, bool broadcast)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            if (datagrams == null)
            {
                return Refuse(block);
            }

            datagrams.Broadcast = broadcast;
            return 0;
        }

        /// <summary>
        /// Whether a datagram socket shares its port with others of which this is set too when they are given it. Not unless set. What is sent to
        /// all or to a group comes to each of them; anything else to the one that was bound last.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="reuseAddress">True to share it.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported.</returns>
        public int SetReuseAddress(int descriptor, bool reuseAddress)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            if (datagrams == null)
            {
                return Refuse(block);
            }

            datagrams.ReuseAddress = reuseAddress;
            return 0;
        }

        /// <summary>
        /// Whether what a datagram socket sends to a group comes to this stack's members of it too, itself included. Not unless set.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="multicastLoopback">True to have it come back.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported.</returns>
        public int SetMulticastLoopback(int descriptor, bool multicastLoopback)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            if (datagrams == null)
            {
                return Refuse(block);
            }

            datagrams.MulticastLoopback = multicastLoopback;
            return 0;
        }

        /// <summary>
        /// Sets the time to live of datagrams to multicast groups. At first it is 1: no router passes them on (RFC 1112 section 6.1).
        /// <see cref="SetTimeToLive"/> is for all other datagrams.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="timeToLive">1 for our link, up to 255.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidArgument.</returns>
        public int SetMulticastTimeToLive(int descriptor, int timeToLive)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            if (datagrams == null)
            {
                return Refuse(block);
            }

            if (timeToLive < 1 || timeToLive > 255)
            {
                return (int)SocketError.InvalidArgument;
            }

            datagrams.MulticastTimeToLive = timeToLive;
            return 0;
        }

        /// <summary>
        /// Joins a multicast group: datagrams to it are received, on the socket's port. Several sockets may be in one group; the
        /// group is left when all have left it or were closed.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="group">The group's address, 224.0.0.1 to 239.255.255.255.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidArgument, InvalidState if the socket is in the group, NoBufferSpace
        /// if there is no room for one more group, here (<see cref="StackConfiguration.MulticastGroups"/>) or in the controller.</returns>
        public int JoinGroup(int descriptor, uint group)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? _datagrams.JoinGroup(datagrams, group) : Refuse(block);
        }

        /// <summary>
        /// Leaves a multicast group.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="group">The group's address.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidState if the socket is not in the group.</returns>
        public int LeaveGroup(int descriptor, uint group)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? _datagrams.LeaveGroup(datagrams, group) : Refuse(block);
        }

        /// <summary>
        /// The state of the connection.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <returns>The state; CLOSED for a socket that is no stream, and for a descriptor that names no socket.</returns>
        public TcpState GetState(int descriptor)
        {
            TcpControlBlock stream = Find(descriptor) as TcpControlBlock;
            return stream == null ? TcpState.Closed : stream.State;
        }

        /// <summary>
        /// Why the connection ended. Of a datagram socket, what an ICMP error said of the peer, and of an echo how it ended; the next call
        /// that receives says it too.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <returns>Success while a connection lives or after an orderly end, and where there is nothing to tell; BadDescriptor for a
        /// descriptor that names no socket.</returns>
        public SocketError GetError(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            return block == null ? SocketError.BadDescriptor : block.Error;
        }

        /// <summary>
        /// How much there is to read, without reading it.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <returns>Bytes that a connection has received; bytes of the next datagram; 1 if a connection waits behind a listener to be
        /// accepted; else 0. Or BadDescriptor, OperationNotSupported.</returns>
        public int GetAvailable(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream != null)
            {
                return _streams.GetAvailable(stream);
            }

            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? DatagramCalls.GetAvailable(datagrams) : Refuse(block);
        }

        /// <summary>
        /// How many peers wait behind a listener: those whose connections can be accepted, and those who have done their part and for whom there is
        /// no control block, so that others have to end first.
        /// </summary>
        /// <param name="descriptor">The listener.</param>
        /// <returns>How many, 0 for any other stream; or BadDescriptor, OperationNotSupported.</returns>
        public int GetWaiting(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            return stream != null ? _streams.GetWaiting(stream) : Refuse(block);
        }

        /// <summary>
        /// Which calls would not have to wait, without making them: who has many sockets, or many threads, asks this of each.
        /// </summary>
        /// <param name="descriptor">A stream or a datagram socket.</param>
        /// <returns><see cref="ReadyToRead"/>, <see cref="ReadyToWrite"/>, <see cref="HasFailed"/>, added up; 0 for none, as of a socket that is not
        /// connected; or BadDescriptor, OperationNotSupported.</returns>
        public int GetReadiness(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream != null)
            {
                return _streams.GetReadiness(stream);
            }

            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? DatagramCalls.GetReadiness(datagrams) : Refuse(block);
        }

        /// <summary>
        /// Our port.
        /// </summary>
        /// <param name="descriptor">A stream or a datagram socket.</param>
        /// <returns>1 to 65535; 0 while there is none; or BadDescriptor, OperationNotSupported.</returns>
        public int GetLocalPort(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            return block == null || block is EchoControlBlock ? Refuse(block) : block.LocalPort;
        }

        /// <summary>
        /// The peer's port.
        /// </summary>
        /// <param name="descriptor">A stream or a datagram socket.</param>
        /// <returns>1 to 65535; 0 where there is no peer; or BadDescriptor, OperationNotSupported.</returns>
        public int GetRemotePort(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            return block == null || block is EchoControlBlock ? Refuse(block) : block.RemotePort;
        }

        /// <summary>
        /// The peer's address; of an echo, whom it was asked of, or who answered.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        /// <returns>The address; 0.0.0.0 where there is no peer, and for a descriptor that names no socket.</returns>
        public uint GetRemoteAddress(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            return block == null ? IPv4Address.Any : block.RemoteAddress;
        }

        /// <summary>
        /// Who has sent the next datagram, which <see cref="Peek(int, ReceivedView)"/> shows and <see cref="Read"/> takes.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <returns>The address; 0.0.0.0 where there is no datagram, or it is no datagram socket.</returns>
        public uint GetSourceAddress(int descriptor)
        {
            UdpControlBlock datagrams = Find(descriptor) as UdpControlBlock;
            return datagrams == null ? IPv4Address.Any : DatagramCalls.GetSourceAddress(datagrams);
        }

        /// <summary>
        /// From which port the next datagram was sent.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <returns>1 to 65535; 0 from one who wants no answer, or where there is no datagram; or BadDescriptor,
        /// OperationNotSupported.</returns>
        public int GetSourcePort(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            UdpControlBlock datagrams = block as UdpControlBlock;
            return datagrams != null ? DatagramCalls.GetSourcePort(datagrams) : Refuse(block);
        }

        /// <summary>
        /// How long a connection has been open, whether it was accepted at once or not.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <returns>Milliseconds since it was established, right for three days; or BadDescriptor, OperationNotSupported.</returns>
        public int GetAge(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            return stream != null ? _streams.GetAge(stream) : Refuse(block);
        }

        /// <summary>
        /// How much more than was acknowledged the peer takes: 0 says that it has stopped reading.
        /// </summary>
        /// <param name="descriptor">A connected socket.</param>
        /// <returns>SND.WND in bytes (RFC 9293 section 3.3.1), or BadDescriptor, OperationNotSupported.</returns>
        public int GetSendWindow(int descriptor)
        {
            SocketControlBlock block = Find(descriptor);
            TcpControlBlock stream = block as TcpControlBlock;
            return stream != null ? stream.SndWnd : Refuse(block);
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

            if (row >= _table.Length)
            {
                TcpHalfOpen entry = _streams.HalfOpen[row - _table.Length];
                status.Set(entry, _streams.Now);
                return entry.Listener != null;
            }

            SocketControlBlock block = _table[row];
            TcpControlBlock stream = block as TcpControlBlock;
            if (stream != null)
            {
                status.Set(stream, _streams.Now);
                return stream.InUse;
            }

            UdpControlBlock datagrams = block as UdpControlBlock;
            if (datagrams != null)
            {
                status.Set(datagrams);
            }
            else
            {
                status.Set((EchoControlBlock)block, _streams.Now);
            }

            return block.Attached;
        }
    }
}
