// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What a sender waits for. There is one timer: each of these excludes the others (RFC 8985 section 8 wants it so).
    /// </summary>
    internal enum SendTimerKind
    {
        /// <summary>Nothing is under way, and nothing waits for a window.</summary>
        None,

        /// <summary>What is under way counts as lost when it expires (RFC 6298).</summary>
        Retransmission,

        /// <summary>Segments that may only be late count as lost when it expires (RFC 8985 section 6.2 step 5); the retransmission timer goes on.</summary>
        Reordering,

        /// <summary>The end of what was sent may be lost, and no acknowledgment would tell: it is probed (RFC 8985 section 7); the
        /// retransmission timer goes on.</summary>
        TailProbe,

        /// <summary>There is something to send and the window forbids it: the window is probed (RFC 9293 section 3.8.6.1).</summary>
        Persist,
    }
}
