// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <content>
    /// Where there is no connection yet: RFC 9293 sections 3.10.7.1 (CLOSED), 3.10.7.2 (LISTEN) and 3.10.7.3 (SYN-SENT), in their order.
    /// </content>
    internal sealed partial class SegmentArrives
    {
        /// <summary>
        /// Section 3.10.7.1, CLOSED: there is no such connection.
        /// </summary>
        /// <param name="segment">The segment.</param>
        internal void InClosed(TcpSegment segment)
        {
            _counters._noSocket++;
            if ((segment.Flags & TcpHeader.Rst) == 0)
            {
                _transmitter.SendReset(segment);
            }
        }

        /// <summary>
        /// Section 3.10.7.2, LISTEN: a listener hears of a peer that has begun no connection.
        /// </summary>
        /// <param name="listener">The block in LISTEN.</param>
        /// <param name="segment">The segment.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void InListen(TcpControlBlock listener, TcpSegment segment, int now)
        {
            // first, check for a RST; second, check for an ACK
            int flags = segment.Flags;
            if ((flags & TcpHeader.Rst) != 0)
            {
                return;
            }

            if ((flags & TcpHeader.Ack) != 0)
            {
                if (_synQueue.MayBeLater(segment, now))
                {
                    _counters._noSocket++;
                    return;
                }

                _transmitter.SendReset(segment);
                return;
            }

            // third, check for a SYN. With a FIN beside it, it is not an honest one
            if ((flags & TcpHeader.Syn) == 0 || (flags & TcpHeader.Fin) != 0)
            {
                _counters._malformed++;
                return;
            }

            // text on a SYN is not taken: the acknowledgment covers the SYN alone, so the peer sends it again
            if (!_synQueue.Add(listener, segment, now))
            {
                _counters._synDropped++;
                return;
            }

            _counters._passiveOpens++;
        }

        /// <summary>
        /// Section 3.10.7.3, SYN-SENT: we are opening the connection.
        /// </summary>
        /// <param name="block">The block in SYN-SENT.</param>
        /// <param name="segment">The segment.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void InSynSent(TcpControlBlock block, TcpSegment segment, int now)
        {
            // first, check the ACK bit
            int flags = segment.Flags;
            bool acknowledges = (flags & TcpHeader.Ack) != 0;
            if (acknowledges
                && (SequenceNumber.BeforeOrAt(segment.Acknowledgment, block.Iss) || SequenceNumber.Before(block.SndMax, segment.Acknowledgment)))
            {
                _counters._badAcknowledgment++;
                if ((flags & TcpHeader.Rst) == 0)
                {
                    _transmitter.SendReset(segment);
                }

                return;
            }

            // second, check the RST bit
            if ((flags & TcpHeader.Rst) != 0)
            {
                if (acknowledges)
                {
                    _counters._resetsReceived++;
                    _ending.FailToOpen(block, SocketError.ConnectionRefused);
                }

                return;
            }

            // fourth, check the SYN bit (the third step, security, is not there); fifth, without it drop the segment
            if ((flags & TcpHeader.Syn) == 0)
            {
                _counters._malformed++;
                return;
            }

            TcpReceiveQueue.Begin(block, segment.Sequence);
            TcpReceiveWindow.BeginAtPeer(block);
            _handshake.TakePeer(
                block, segment.Sequence, segment.MaximumSegmentSize, segment.Window, segment.SackPermitted && _transmitter.OffersSack);
            if (acknowledges)
            {
                _handshake.TakeRoundTrip(block, now - block.LastSentAt);
                _handshake.Complete(block, segment.Sequence, segment.Acknowledgment, segment.Window, now);
                _acknowledgment.Advance(block, segment.Acknowledgment, now);
                AcknowledgmentPolicy.OweNow(block);
            }
            else
            {
                // both SYNs crossed on the way: simultaneous open (MUST-10)
                TcpTransitions.CrossSyns(block);
                TcpOutput.RequestSyn(block);
            }

            _output.Send(block, now);
        }
    }
}
