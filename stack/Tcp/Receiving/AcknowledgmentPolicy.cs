// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// When to acknowledge (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2). Owns <see cref="TcpControlBlock.AcknowledgmentDue"/> and
    /// <see cref="TcpControlBlock.AcknowledgmentAt"/>.
    /// </summary>
    internal static class AcknowledgmentPolicy
    {
        /// <summary>Milliseconds after which to try again where there was no frame.</summary>
        private const int NoFrameRetry = 10;

        /// <summary>
        /// The peer must hear at once.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void OweNow(TcpControlBlock block)
        {
            block.AcknowledgmentDue = AcknowledgmentDue.Now;
        }

        /// <summary>
        /// The peer's FIN has arrived. Who reads of it closes more often than not: it is acknowledged behind the application's turn.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void OweForFin(TcpControlBlock block)
        {
            bool mayClose = block.State == TcpState.CloseWait && block.Descriptor >= 0;
            block.AcknowledgmentDue = mayClose && block.AcknowledgmentDue != AcknowledgmentDue.Now
                ? AcknowledgmentDue.AfterTurn
                : AcknowledgmentDue.Now;
        }

        /// <summary>
        /// Text has arrived in its turn, and nothing about it is pressing.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="delay">Milliseconds for which an acknowledgment may be kept.</param>
        internal static void OweForText(TcpControlBlock block, int now, int delay)
        {
            if (block.AcknowledgmentDue == AcknowledgmentDue.Sent)
            {
                block.AcknowledgmentDue = AcknowledgmentDue.Soon;
                block.AcknowledgmentAt = now + delay;
            }
            else if (!TcpReceiveWindow.IsReadersTurn(block))
            {
                // RFC 9293 SHLD-19: at least every second segment is acknowledged
                block.AcknowledgmentDue = AcknowledgmentDue.Now;
            }
            else if (block.AcknowledgmentAt - now > 1)
            {
                block.AcknowledgmentAt = now + 1;
            }
        }

        /// <summary>
        /// A segment has told the peer.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void Acknowledged(TcpControlBlock block)
        {
            block.AcknowledgmentDue = AcknowledgmentDue.Sent;
        }

        /// <summary>
        /// There was no frame for a segment that acknowledges. It has no sequence number, and so no timer that would repeat it: it gets one.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void RetrySoon(TcpControlBlock block, int now)
        {
            if (block.AcknowledgmentDue != AcknowledgmentDue.Soon)
            {
                block.AcknowledgmentDue = AcknowledgmentDue.Soon;
                block.AcknowledgmentAt = now + NoFrameRetry;
            }
        }
    }
}
