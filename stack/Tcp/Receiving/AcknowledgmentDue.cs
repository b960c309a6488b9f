// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// When the peer is owed an acknowledgment.
    /// </summary>
    internal enum AcknowledgmentDue
    {
        /// <summary>The peer has been told of all that has arrived.</summary>
        Sent,

        /// <summary>A while may pass in which a segment with text may carry it.</summary>
        Soon,

        /// <summary>Once the application has had its turn: it may close, and then its FIN carries it.</summary>
        AfterTurn,

        /// <summary>With the next output, on a segment of its own if no other carries it.</summary>
        Now,
    }
}
