// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// SEGMENT ARRIVES in SYN-RECEIVED (RFC 9293 section 3.10.7.4, its steps as far as they concern this state): the same for a half-open
    /// connection that a peer has begun, which has no control block yet, and for one that both ends open at once.
    /// </summary>
    internal static class SynReceived
    {
        /// <summary>
        /// Takes the steps up to the acknowledgment of our SYN.
        /// </summary>
        /// <param name="irs">IRS.</param>
        /// <param name="iss">ISS.</param>
        /// <param name="edge">RCV.NXT + RCV.WND.</param>
        /// <param name="sent">Whether our SYN has left, so that it can be acknowledged.</param>
        /// <param name="segment">The segment.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <returns>What is left to do.</returns>
        internal static HandshakeVerdict Judge(uint irs, uint iss, uint edge, bool sent, TcpSegment segment, TcpCounters counters)
        {
            int flags = segment.Flags;
            if ((flags & (TcpHeader.Syn | TcpHeader.Rst)) == TcpHeader.Syn && segment.Sequence == irs)
            {
                return HandshakeVerdict.RepeatedSyn;
            }

            // first, check the sequence number; second, the RST bit; fourth, the SYN bit
            switch (TcpAcceptability.Judge(irs + 1, edge, segment))
            {
                case TcpVerdict.NotAcceptable:
                    counters._unacceptable++;
                    return (flags & TcpHeader.Rst) != 0 ? HandshakeVerdict.Dropped : HandshakeVerdict.Challenge;

                case TcpVerdict.Reset:
                    counters._resetsReceived++;
                    return HandshakeVerdict.Reset;

                case TcpVerdict.Challenge:
                    return HandshakeVerdict.Challenge;

                default:
                    break;
            }

            // fifth, check the ACK field
            if ((flags & TcpHeader.Ack) == 0)
            {
                counters._malformed++;
                return HandshakeVerdict.Dropped;
            }

            if (segment.Acknowledgment != iss + 1 || !sent)
            {
                counters._badAcknowledgment++;
                return HandshakeVerdict.Unknown;
            }

            return HandshakeVerdict.Complete;
        }
    }
}
