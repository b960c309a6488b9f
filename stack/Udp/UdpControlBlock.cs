// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Udp
{
    /// <summary>
    /// The control information of a UDP socket: ports, the peer if there is one, and what has arrived.
    /// </summary>
    internal sealed class UdpControlBlock
    {
        /// <summary>How often the place was given out: a descriptor of an earlier owner does not fit.</summary>
        internal int Generation;

        /// <summary>Whether an application has the block.</summary>
        internal bool InUse;

        /// <summary>Our port, or 0 while there is none.</summary>
        internal int LocalPort;

        /// <summary>The peer's address, if the socket is connected.</summary>
        internal uint RemoteAddress;

        /// <summary>The peer's port, or 0 if the socket takes datagrams from anybody.</summary>
        internal int RemotePort;

        /// <summary>Whether the application may send to all hosts at once.</summary>
        internal bool Broadcast;

        /// <summary>How many routers its datagrams may pass.</summary>
        internal int TimeToLive;

        /// <summary>The rows of the groups that the socket has joined: a bit each.</summary>
        internal int Groups;

        /// <summary>TTL of what is sent to groups: 1 for our link only.</summary>
        internal int MulticastTimeToLive;

        /// <summary>What an ICMP error said of the peer: told once, to the next call.</summary>
        internal SocketError Error;

        /// <summary>Datagrams that have arrived and were not read, in the frames they came in.</summary>
        internal readonly FrameQueue ReceiveQueue = new FrameQueue();
    }
}
