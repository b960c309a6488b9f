// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// A connection in SYN-RECEIVED that a peer is opening: what its SYN said, and what ours did. It has no control block until
    /// the peer has shown that it hears us, so that a flood of SYNs takes none.
    /// </summary>
    internal sealed class TcpHalfOpen
    {
        /// <summary>The listening block, or null where the entry is free.</summary>
        internal TcpControlBlock Listener;

        /// <summary>The peer's address.</summary>
        internal uint RemoteAddress;

        /// <summary>The peer's port.</summary>
        internal int RemotePort;

        /// <summary>IRS: initial receive sequence number.</summary>
        internal uint Irs;

        /// <summary>ISS: initial send sequence number.</summary>
        internal uint Iss;

        /// <summary>The window that our SYN told of, in bytes.</summary>
        internal int ReceiveWindow;

        /// <summary>The window that the peer's SYN told of, in bytes.</summary>
        internal int SendWindow;

        /// <summary>The peer's maximum segment size as it said, or 0.</summary>
        internal int MaximumSegmentSize;

        /// <summary>Both ends acknowledge selectively.</summary>
        internal bool SackPermitted;

        /// <summary>When the SYN arrived, in milliseconds.</summary>
        internal int StartedAt;

        /// <summary>When our SYN is to be sent again, in milliseconds.</summary>
        internal int RetransmitAt;

        /// <summary>How often our SYN was sent again; -1 while there is no room to send it at all.</summary>
        internal int Retransmits;

        /// <summary>Whether our SYN was sent again because the peer's came again: its acknowledgment is no round trip.</summary>
        internal bool Repeated;
    }
}
