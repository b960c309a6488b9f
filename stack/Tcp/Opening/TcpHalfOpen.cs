// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// A connection in SYN-RECEIVED that a peer is opening: what its SYN said, and what ours did. It has no control block until
    /// the peer has shown that it hears us, so that a flood of SYNs takes none.
    /// </summary>
    internal sealed class TcpHalfOpen
    {
        /// <summary>A mark: both ends acknowledge selectively.</summary>
        internal const int SackPermitted = 1;

        /// <summary>
        /// A mark: the peer has acknowledged our SYN, so it is there and hears us; it waits for a control block, or for a place among
        /// those that wait to be accepted.
        /// </summary>
        internal const int Proven = 2;

        /// <summary>A mark: ISS is a cookie, from which the entry can be made anew, so it may be forgotten.</summary>
        internal const int HasCookie = 4;

        /// <summary>A mark: what is kept of a proven peer has text.</summary>
        internal const int HasText = 16;

        /// <summary>A mark: the peer has sent text, kept or not. It goes before peers that are silent.</summary>
        internal const int Speaks = 32;

        /// <summary>A mark: our SYN was sent again because the peer's came again, so its acknowledgment is no round trip.</summary>
        internal const int Repeated = 8;

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

        /// <summary>What is so of it: <see cref="SackPermitted"/>, <see cref="Proven"/>, <see cref="HasCookie"/>, <see cref="Repeated"/>.</summary>
        internal int Marks;

        /// <summary>The first text that a proven peer has sent, with the whole segment around it, so that it need not come again; or null.</summary>
        internal Frame Kept;

        /// <summary>When the last challenge ACK was sent; long enough ago where there was none.</summary>
        internal int ChallengedAt;

        /// <summary>When ours was first sent, in milliseconds; until then, when the peer's arrived.</summary>
        internal int StartedAt;

        /// <summary>When our SYN is to be sent again, in milliseconds.</summary>
        internal int RetransmitAt;

        /// <summary>How often our SYN was sent again; -1 while it was not sent at all: there is no place for the connection, or no room to send.</summary>
        internal int Retransmits;
    }
}
