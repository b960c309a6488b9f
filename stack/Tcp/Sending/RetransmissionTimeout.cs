// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// The retransmission timeout, from measured round trip times (RFC 6298). Owns <see cref="TcpControlBlock.Srtt8"/>,
    /// <see cref="TcpControlBlock.RttVar4"/>, <see cref="TcpControlBlock.Rto"/> and <see cref="TcpControlBlock.Retransmits"/>.
    /// </summary>
    internal static class RetransmissionTimeout
    {
        /// <summary>RTO before the first measurement in milliseconds (RFC 6298 section 2.1).</summary>
        internal const int Initial = 1000;

        /// <summary>RTO for data after a SYN had to be repeated, in milliseconds (RFC 6298 section 5.7).</summary>
        internal const int AfterSynTimeout = 3000;

        /// <summary>The longest RTO in milliseconds (RFC 6298 section 2.5: at least 60 s).</summary>
        internal const int Maximum = StackConfiguration.MaximumRto;

        /// <summary>
        /// A SYN is about to be sent, or was sent before there was a block.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="retransmits">How often it was sent again.</param>
        internal static void Begin(TcpControlBlock block, int retransmits)
        {
            block.Rto = Initial;
            block.Retransmits = retransmits;
        }

        /// <summary>
        /// A SYN was lost: text begins with more care (section 5.7).
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void BeginAfterLostSyn(TcpControlBlock block)
        {
            block.Rto = AfterSynTimeout;
        }

        /// <summary>
        /// Takes a measurement in. SRTT is kept in eighths and RTTVAR in quarters of a millisecond, so that alpha = 1/8 and
        /// beta = 1/4 are shifts.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="milliseconds">A round trip time of a segment that was sent once (Karn's algorithm).</param>
        /// <param name="minimum">The shortest RTO in milliseconds.</param>
        internal static void Measure(TcpControlBlock block, int milliseconds, int minimum)
        {
            if (milliseconds < 0)
            {
                return;
            }

            if (milliseconds > Maximum)
            {
                milliseconds = Maximum;
            }

            if (block.Srtt8 == 0)
            {
                block.Srtt8 = milliseconds << 3;
                block.RttVar4 = milliseconds << 1;
            }
            else
            {
                // RTTVAR <- 3/4 RTTVAR + 1/4 |SRTT - R|, then SRTT <- 7/8 SRTT + 1/8 R
                int delta = milliseconds - (block.Srtt8 >> 3);
                block.Srtt8 += delta;
                if (delta < 0)
                {
                    delta = -delta;
                }

                block.RttVar4 += delta - (block.RttVar4 >> 2);
            }

            if (block.Srtt8 == 0)
            {
                // 0 means "no sample yet"
                block.Srtt8 = 1;
            }

            block.Rto = Timeout(block, minimum);
        }

        /// <summary>
        /// The timeout that follows from what was measured, not backed off.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="minimum">The shortest RTO in milliseconds.</param>
        /// <returns>Milliseconds.</returns>
        internal static int Timeout(TcpControlBlock block, int minimum)
        {
            if (block.Srtt8 == 0)
            {
                return Initial;
            }

            // RTO <- SRTT + max(G, 4 RTTVAR), the clock granularity G being a millisecond
            int variance = block.RttVar4 > 0 ? block.RttVar4 : 1;
            int rto = (block.Srtt8 >> 3) + variance;
            return rto < minimum ? minimum : rto > Maximum ? Maximum : rto;
        }

        /// <summary>
        /// Undoes what timeouts have made of the RTO that say nothing of the path.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="minimum">The shortest RTO in milliseconds.</param>
        internal static void Restore(TcpControlBlock block, int minimum)
        {
            block.Rto = Timeout(block, minimum);
        }

        /// <summary>
        /// The timer has expired: the timeout doubles (section 5.5).
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void BackOff(TcpControlBlock block)
        {
            block.Retransmits++;
            int rto = block.Rto << 1;
            block.Rto = rto > Maximum ? Maximum : rto;
        }

        /// <summary>
        /// The peer has acknowledged something new.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void ForgetExpiries(TcpControlBlock block)
        {
            block.Retransmits = 0;
        }
    }
}
