// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// Probes of a silent peer (RFC 9293 section 3.8.4). Owns <see cref="TcpControlBlock.KeepAliveIdle"/>,
    /// <see cref="TcpControlBlock.KeepAliveProbes"/> and <see cref="TcpControlBlock.KeepAliveAt"/>.
    /// </summary>
    internal static class KeepAlive
    {
        /// <summary>Milliseconds between probes that are not answered.</summary>
        private const int Interval = 75000;

        /// <summary>Probes without an answer after which the peer is gone: one alone may be lost (RFC 9293 MUST-25).</summary>
        private const int Limit = 9;

        /// <summary>
        /// Turns probing on or off.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="idle">Milliseconds of silence after which to probe, or 0.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void Set(TcpControlBlock block, int idle, int now)
        {
            block.KeepAliveIdle = idle;
            Restart(block, now);
        }

        /// <summary>
        /// The peer was heard, or is to be waited for from now on.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void Restart(TcpControlBlock block, int now)
        {
            block.KeepAliveProbes = 0;
            block.KeepAliveAt = now + block.KeepAliveIdle;
        }

        /// <summary>
        /// Whether a connection is of the kind that is probed: open, and with nothing under way, which would be a probe itself.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether it is.</returns>
        internal static bool IsRunning(TcpControlBlock block)
        {
            return block.KeepAliveIdle > 0
                && (block.State == TcpState.Established || block.State == TcpState.CloseWait || block.State == TcpState.FinWait2)
                && block.SndUna == block.SndMax;
        }

        /// <summary>
        /// A probe is due.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether to send it; false if so many were not answered that the peer is gone.</returns>
        internal static bool CountProbe(TcpControlBlock block, int now)
        {
            if (block.KeepAliveProbes >= Limit)
            {
                return false;
            }

            block.KeepAliveProbes++;
            block.KeepAliveAt = now + Interval;
            return true;
        }
    }
}
