// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What is known of the last tail loss probe (RFC 8985 section 7). Owns <see cref="TcpControlBlock.TailProbe"/> and
    /// <see cref="TcpControlBlock.TailProbeEnd"/>.
    /// </summary>
    internal static class TailLossProbe
    {
        /// <summary>Flag: its answer has not come.</summary>
        internal const int Open = 1;

        /// <summary>Flag: it was text that had been sent before (TLP.is_retrans).</summary>
        internal const int Repeats = 2;

        /// <summary>Flag: no round trip was timed since (section 7.3): no other is sent before that.</summary>
        internal const int Untimed = 4;

        /// <summary>
        /// A probe was sent.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="repeats">Whether it was text that had been sent before.</param>
        internal static void Begin(TcpControlBlock block, bool repeats)
        {
            block.TailProbe = repeats ? Open | Untimed | Repeats : Open | Untimed;
            block.TailProbeEnd = block.SndNxt;
        }

        /// <summary>
        /// Its answer has come, or what it was to repair belongs to another loss.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void End(TcpControlBlock block)
        {
            block.TailProbe &= Untimed;
        }

        /// <summary>
        /// A round trip was timed.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void NoteTimed(TcpControlBlock block)
        {
            block.TailProbe &= ~Untimed;
        }
    }
}
