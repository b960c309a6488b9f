// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// The states of a connection (RFC 9293 section 3.3.2, figure 5).
    /// </summary>
    public enum TcpState
    {
        /// <summary>No connection.</summary>
        Closed,

        /// <summary>Waiting for a connection request from any peer.</summary>
        Listen,

        /// <summary>A SYN was sent, nothing has come back.</summary>
        SynSent,

        /// <summary>SYNs have gone both ways, ours is not acknowledged yet.</summary>
        SynReceived,

        /// <summary>The connection is open both ways.</summary>
        Established,

        /// <summary>We have closed; our FIN is not acknowledged yet.</summary>
        FinWait1,

        /// <summary>We have closed, and the peer knows; the peer may still send.</summary>
        FinWait2,

        /// <summary>The peer has closed; we may still send.</summary>
        CloseWait,

        /// <summary>Both have closed at once; our FIN is not acknowledged yet.</summary>
        Closing,

        /// <summary>The peer closed first, then we; our FIN is not acknowledged yet.</summary>
        LastAck,

        /// <summary>All is done; the block waits so that a late segment finds no stranger in its place.</summary>
        TimeWait,
    }
}
