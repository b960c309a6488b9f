// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Udp
{
    /// <summary>
    /// The control information of a UDP socket: ports, the peer if there is one, and what has arrived.
    /// </summary>
    internal sealed class UdpControlBlock : SocketControlBlock
    {
        /// <summary>Whether the application may send to all hosts at once.</summary>
        internal bool Broadcast;

        /// <summary>The rows of the groups that the socket has joined: a bit each.</summary>
        internal int Groups;

        /// <summary>TTL of what is sent to groups: 1 for our link only.</summary>
        internal int MulticastTimeToLive;

        /// <summary>Whether the port may be shared with others that say so too.</summary>
        internal bool ReuseAddress;

        /// <summary>Whether what is sent to a group comes back to members here.</summary>
        internal bool MulticastLoopback;

        /// <summary>A number that is higher the later the port was given.</summary>
        internal int BoundAt;

        /// <summary>Datagrams that have arrived and were not read, in the frames they came in.</summary>
        internal readonly FrameQueue ReceiveQueue = new FrameQueue();

        /// <summary>
        /// Initializes a new instance of the <see cref="UdpControlBlock"/> class.
        /// </summary>
        /// <param name="index">The block's place in the table of all sockets.</param>
        internal UdpControlBlock(int index)
            : base(index)
        {
        }
    }
}
