// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// The budget of challenge ACKs (RFC 5961 section 7): each connection and each half-open one has its own, so that no peer spends
    /// another's (a budget that all share also tells an outsider who else is connected).
    /// </summary>
    internal static class TcpChallenge
    {
        /// <summary>Milliseconds between two challenge ACKs to one peer.</summary>
        internal const int Interval = 500;

        /// <summary>
        /// Whether a peer may be sent a challenge ACK; it counts either way.
        /// </summary>
        /// <param name="lastAt">When the last one was sent, or a time at least the interval ago.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <returns>Whether it may.</returns>
        internal static bool IsAllowed(int lastAt, int now, TcpCounters counters)
        {
            if ((uint)(now - lastAt) < Interval)
            {
                counters._challengeAcksLimited++;
                return false;
            }

            counters._challengeAcks++;
            return true;
        }
    }
}
