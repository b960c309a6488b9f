// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// Challenge ACKs (RFC 5961): a peer whose RST or SYN may be forged is asked whether it means it. Owns
    /// <see cref="TcpControlBlock.ChallengedAt"/> and <see cref="TcpControlBlock.ChallengedSyn"/>, and the former of half-open connections.
    /// </summary>
    /// <remarks>
    /// Each connection and each half-open one has its own budget (section 7), so that no peer spends another's: a budget that all share
    /// also tells an outsider who else is connected.
    /// </remarks>
    internal static class TcpChallenge
    {
        /// <summary>Milliseconds between two challenge ACKs to one peer.</summary>
        internal const int Interval = 500;

        /// <summary>
        /// Milliseconds for which a challenge of a SYN is answered by a RST at the latest: on the longest way that TCP is used on an
        /// answer takes less.
        /// </summary>
        private const int AnswerTime = 3000;

        /// <summary>
        /// A block is taken: its peer may be challenged at once.
        /// </summary>
        /// <param name="block">The block.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void Begin(TcpControlBlock block, int now)
        {
            block.ChallengedAt = now - Interval;
        }

        /// <summary>
        /// A half-open connection begins: its peer may be challenged at once.
        /// </summary>
        /// <param name="entry">The half-open connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void Begin(TcpHalfOpen entry, int now)
        {
            entry.ChallengedAt = now - Interval;
        }

        /// <summary>
        /// Asks the peer of a connection, unless it was asked just now.
        /// </summary>
        /// <param name="transmitter">Sends the challenge.</param>
        /// <param name="block">The connection.</param>
        /// <param name="segment">What it sent.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void Send(TcpTransmitter transmitter, TcpControlBlock block, TcpSegment segment, int now)
        {
            if (IsAllowed(transmitter.Counters, block.ChallengedAt, now))
            {
                block.ChallengedAt = now;
                block.ChallengedSyn = (segment.Flags & TcpHeader.Syn) != 0;
                transmitter.SendAck(block, now);
            }
        }

        /// <summary>
        /// Asks the peer of a half-open connection, unless it was asked just now.
        /// </summary>
        /// <param name="transmitter">Sends the challenge.</param>
        /// <param name="entry">The half-open connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void Send(TcpTransmitter transmitter, TcpHalfOpen entry, int now)
        {
            if (IsAllowed(transmitter.Counters, entry.ChallengedAt, now))
            {
                entry.ChallengedAt = now;
                transmitter.SendHalfOpen(entry, false, null);
            }
        }

        /// <summary>
        /// Whether a RST is the answer to a challenge of a SYN: it comes back from the same port, and knows nothing of the connection.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it may be.</returns>
        internal static bool AwaitsReset(TcpControlBlock block, int now)
        {
            return block.ChallengedSyn && (uint)(now - block.ChallengedAt) < AnswerTime;
        }

        private static bool IsAllowed(TcpCounters counters, int lastAt, int now)
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
