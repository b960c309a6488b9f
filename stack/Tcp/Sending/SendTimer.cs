// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// The timer of the sending direction. Owns <see cref="TcpControlBlock.SendTimer"/>, <see cref="TcpControlBlock.SendTimerAt"/>,
    /// <see cref="TcpControlBlock.RetransmitAt"/> and <see cref="TcpControlBlock.Probes"/>.
    /// </summary>
    internal static class SendTimer
    {
        /// <summary>Milliseconds between two probes of a closed window at most.</summary>
        private const int LongestProbeInterval = 60000;

        /// <summary>Doubled so often, the shortest RTO is longer than that; once less, the longest still fits a number.</summary>
        private const int MostDoublings = 16;

        /// <summary>
        /// Whether something is under way that is sent again if nothing is heard.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether the retransmission timer runs, or one that goes before it.</returns>
        internal static bool AwaitsAcknowledgment(TcpControlBlock block)
        {
            return block.SendTimer != SendTimerKind.None && block.SendTimer != SendTimerKind.Persist;
        }

        /// <summary>
        /// Whether segments are looked at before the retransmission timer expires.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether they are.</returns>
        internal static bool IsLossTimer(TcpControlBlock block)
        {
            return block.SendTimer == SendTimerKind.Reordering || block.SendTimer == SendTimerKind.TailProbe;
        }

        /// <summary>
        /// Something is under way: the retransmission timer runs, from now on if it did not before (RFC 6298 section 5.1).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void StartRetransmission(TcpControlBlock block, int now)
        {
            if (block.SendTimer == SendTimerKind.None || block.SendTimer == SendTimerKind.Persist)
            {
                block.SendTimer = SendTimerKind.Retransmission;
                block.RetransmitAt = now + block.Rto;
                block.SendTimerAt = block.RetransmitAt;
            }
        }

        /// <summary>
        /// The retransmission timer runs anew (RFC 6298 section 5.3). A shorter one that goes before it stays.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="at">When it expires.</param>
        internal static void RestartRetransmission(TcpControlBlock block, int at)
        {
            block.RetransmitAt = at;
            if (!IsLossTimer(block) || block.SendTimerAt - at > 0)
            {
                block.SendTimer = SendTimerKind.Retransmission;
                block.SendTimerAt = at;
            }
        }

        /// <summary>
        /// Segments are looked at before the retransmission timer expires, unless that is sooner.
        /// </summary>
        /// <param name="block">The connection, with something under way.</param>
        /// <param name="kind">Why: Reordering or TailProbe.</param>
        /// <param name="at">When.</param>
        internal static void StartLossTimer(TcpControlBlock block, SendTimerKind kind, int at)
        {
            if (AwaitsAcknowledgment(block) && block.RetransmitAt - at > 0)
            {
                block.SendTimer = kind;
                block.SendTimerAt = at;
            }
        }

        /// <summary>
        /// There is no reason any more to look before the retransmission timer expires.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void StopLossTimer(TcpControlBlock block)
        {
            if (IsLossTimer(block))
            {
                block.SendTimer = SendTimerKind.Retransmission;
                block.SendTimerAt = block.RetransmitAt;
            }
        }

        /// <summary>
        /// The window forbids what there is to send, and nothing is under way whose acknowledgment would open it.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void StartPersist(TcpControlBlock block, int now)
        {
            block.SendTimer = SendTimerKind.Persist;
            block.SendTimerAt = now + block.Rto;
            block.Probes = 0;
        }

        /// <summary>
        /// A window probe has left: the next one follows after twice the time (RFC 9293 section 3.8.6.1).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void BackOffPersist(TcpControlBlock block, int now)
        {
            if (block.Probes < MostDoublings)
            {
                block.Probes++;
            }

            int interval = block.Probes < MostDoublings ? block.Rto << block.Probes : LongestProbeInterval;
            block.SendTimerAt = now + (interval > LongestProbeInterval ? LongestProbeInterval : interval);
        }

        /// <summary>
        /// The peer lives: probes begin with a short interval again.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void ForgetProbes(TcpControlBlock block)
        {
            block.Probes = 0;
        }

        /// <summary>
        /// What is waited for is due: nothing of it was heard, for nothing could be sent.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void ExpireNow(TcpControlBlock block, int now)
        {
            if (block.SendTimer == SendTimerKind.Persist)
            {
                block.Probes = 0;
                block.SendTimerAt = now;
            }
            else if (block.SendTimer != SendTimerKind.None)
            {
                RestartRetransmission(block, now);
            }
        }

        /// <summary>
        /// Nothing is waited for.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void Stop(TcpControlBlock block)
        {
            block.SendTimer = SendTimerKind.None;
        }

        /// <summary>
        /// Has the timer expire no later than the application's patience does.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="end">When that is.</param>
        internal static void EndBy(TcpControlBlock block, int end)
        {
            if (block.SendTimer == SendTimerKind.Persist)
            {
                if (block.SendTimerAt - end > 0)
                {
                    block.SendTimerAt = end;
                }
            }
            else if (block.SendTimer != SendTimerKind.None && block.RetransmitAt - end > 0)
            {
                RestartRetransmission(block, end);
            }
        }
    }
}
