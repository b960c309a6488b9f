// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// Computes the retransmission timeout from measured round trip times (RFC 6298).
    /// </summary>
    internal static class RetransmissionTimer
    {
        /// <summary>RTO before the first measurement in milliseconds (RFC 6298 section 2.1).</summary>
        internal const int Initial = 1000;

        /// <summary>RTO for data after a SYN had to be repeated, in milliseconds (RFC 6298 section 5.7).</summary>
        internal const int AfterSynTimeout = 3000;

        /// <summary>The longest RTO in milliseconds (RFC 6298 section 2.5: at least 60 s).</summary>
        internal const int Maximum = StackConfiguration.MaximumRto;

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
        /// Doubles the timeout after an expiry (RFC 6298 section 5.5).
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void BackOff(TcpControlBlock block)
        {
            int rto = block.Rto << 1;
            block.Rto = rto > Maximum ? Maximum : rto;
        }
    }
}
