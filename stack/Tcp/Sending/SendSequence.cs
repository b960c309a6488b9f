// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// The send sequence variables (RFC 9293 section 3.3.1, figure 3). Owns <see cref="TcpControlBlock.Iss"/>,
    /// <see cref="TcpControlBlock.SndUna"/>, <see cref="TcpControlBlock.SndNxt"/> and <see cref="TcpControlBlock.SndMax"/>.
    /// </summary>
    internal static class SendSequence
    {
        /// <summary>
        /// A SYN is about to be sent, or was sent before there was a block.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="iss">ISS.</param>
        internal static void Begin(TcpControlBlock block, uint iss)
        {
            block.Iss = iss;
            block.SndUna = iss;
            block.SndNxt = iss + 1;
            block.SndMax = iss + 1;
        }

        /// <summary>
        /// Something was sent.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="next">The number behind it.</param>
        internal static void Advance(TcpControlBlock block, uint next)
        {
            if ((int)(block.SndNxt - next) < 0)
            {
                block.SndNxt = next;
                if ((int)(block.SndMax - next) < 0)
                {
                    block.SndMax = next;
                }
            }
        }

        /// <summary>
        /// A window probe was sent: it does not move SND.NXT, and need not be acknowledged.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="end">The number behind its byte.</param>
        internal static void NoteProbe(TcpControlBlock block, uint end)
        {
            if (SequenceNumber.Before(block.SndMax, end))
            {
                block.SndMax = end;
            }
        }

        /// <summary>
        /// SND.UNA moves.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="acknowledgment">SEG.ACK.</param>
        internal static void Acknowledge(TcpControlBlock block, uint acknowledgment)
        {
            block.SndUna = acknowledgment;
            if ((int)(block.SndNxt - acknowledgment) < 0)
            {
                block.SndNxt = acknowledgment;
            }
        }

        /// <summary>
        /// The sequence number of a segment that has no text: behind all that was sent, even if some of it will be sent again.
        /// A window probe does not count: a peer that did not take it would find the number outside its window.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>SEG.SEQ.</returns>
        internal static uint Next(TcpControlBlock block) => block.SendTimer == SendTimerKind.Persist ? block.SndNxt : block.SndMax;

        /// <summary>
        /// Whether our FIN has been sent.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether a FIN stands in the sequence space that was sent.</returns>
        internal static bool HasSentFin(TcpControlBlock block) => block.SndMax == block.SndEnd + 1;
    }
}
