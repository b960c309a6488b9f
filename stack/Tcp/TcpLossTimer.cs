// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What a connection waits for before its retransmission timer expires (RFC 8985).
    /// </summary>
    internal enum TcpLossTimer
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>Segments that may only be late count as lost when it expires (section 6.2 step 5).</summary>
        Reordering,

        /// <summary>The end of what was sent may be lost, and no acknowledgment would tell: it is probed (section 7).</summary>
        TailProbe,
    }
}
