// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What happens when a segment arrives and there is no connection yet: RFC 9293 sections 3.10.7.1 (CLOSED), 3.10.7.2
    /// (LISTEN) and 3.10.7.3 (SYN-SENT), in their order.
    /// </summary>
    internal sealed class TcpOpening
    {
        /// <summary>The peer's maximum segment size where it names none (RFC 9293 MUST-15).</summary>
        internal const int DefaultMss = WireSizes.SegmentForAll;

        /// <summary>Smaller segments than this are not worth their headers, whatever the peer says.</summary>
        private const int SmallestMss = 64;

        /// <summary>Connections that may be established in a row faster than eight a millisecond.</summary>
        private const uint MostAhead = 8000;

        private readonly TcpLayer _tcp;
        private readonly TcpOutput _output;
        private readonly TcpTransmitter _transmitter;
        private readonly TcpCongestion _congestion;
        private readonly TcpAcknowledgment _acknowledgment;
        private readonly TcpCounters _counters;
        private uint _openOrder;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpOpening"/> class.
        /// </summary>
        /// <param name="tcp">The layer, which owns the table of blocks.</param>
        /// <param name="output">Sends what follows the handshake.</param>
        /// <param name="transmitter">Makes the answers.</param>
        /// <param name="acknowledgment">Moves SND.UNA.</param>
        /// <param name="congestion">Knows what the network is trusted with at first.</param>
        /// <param name="counters">The layer's counters.</param>
        internal TcpOpening(
            TcpLayer tcp,
            TcpOutput output,
            TcpTransmitter transmitter,
            TcpAcknowledgment acknowledgment,
            TcpCongestion congestion,
            TcpCounters counters)
        {
            _tcp = tcp;
            _output = output;
            _transmitter = transmitter;
            _congestion = congestion;
            _acknowledgment = acknowledgment;
            _counters = counters;
        }

        /// <summary>
        /// Section 3.10.7.1: there is no such connection.
        /// </summary>
        /// <param name="segment">The segment.</param>
        internal void Closed(TcpSegment segment)
        {
            _counters._noSocket++;
            if ((segment.Flags & TcpHeader.Rst) == 0)
            {
                _transmitter.SendReset(segment);
            }
        }

        /// <summary>
        /// Section 3.10.7.2: a listener hears of a peer.
        /// </summary>
        /// <param name="listener">The block in LISTEN.</param>
        /// <param name="segment">The segment.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Listen(TcpControlBlock listener, TcpSegment segment, int now)
        {
            // first, check for a RST; second, check for an ACK
            int flags = segment.Flags;
            if ((flags & TcpHeader.Rst) != 0)
            {
                return;
            }

            if ((flags & TcpHeader.Ack) != 0)
            {
                if (_tcp.SynQueue.MayBeLater(segment, now))
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
            if (!_tcp.SynQueue.Add(listener, segment, now))
            {
                _counters._synDropped++;
                return;
            }

            _counters._passiveOpens++;
        }

        /// <summary>
        /// Section 3.10.7.3: we are opening the connection.
        /// </summary>
        /// <param name="block">The block in SYN-SENT.</param>
        /// <param name="segment">The segment.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void SynSent(TcpControlBlock block, TcpSegment segment, int now)
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
                    _counters._failedOpens++;
                    _tcp.Abandon(block, SocketError.ConnectionRefused);
                }

                return;
            }

            // fourth, check the SYN bit (the third step, security, is not there); fifth, without it drop the segment
            if ((flags & TcpHeader.Syn) == 0)
            {
                _counters._malformed++;
                return;
            }

            // what our SYN told of the window was told before there was a RCV.NXT: from 0 on
            block.Irs = segment.Sequence;
            block.RcvNxt = segment.Sequence + 1;
            block.RcvEdge += block.RcvNxt;
            block.SackPermitted = segment.SackPermitted && _transmitter.OffersSack;
            TakePeer(block, segment.Sequence, segment.MaximumSegmentSize, segment.Window);
            if (acknowledges)
            {
                BecomeEstablished(block, segment, now, block.Retransmits == 0);
                _acknowledgment.Advance(block, segment.Acknowledgment, now);
                block.AckPending = true;
                _output.Send(block, now);
            }
            else
            {
                // both SYNs crossed on the way: simultaneous open (MUST-10)
                block.State = TcpState.SynReceived;
                _tcp.SendSyn(block, now);
            }
        }

        /// <summary>
        /// The peer's SYN arrives again in SYN-RECEIVED. With an acknowledgment of ours it is the last step of a simultaneous
        /// open (RFC 9293 figure 8): it goes on without the SYN. Without, our answer was lost, and is repeated.
        /// </summary>
        /// <param name="block">The block in SYN-RECEIVED.</param>
        /// <param name="segment">A segment, with a SYN or not.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether there is something left of the segment.</returns>
        internal bool PassSyn(TcpControlBlock block, TcpSegment segment, int now)
        {
            if (!TcpAcceptability.IsRepeatedSyn(block.Irs, segment))
            {
                return true;
            }

            if ((segment.Flags & TcpHeader.Ack) != 0 && segment.Acknowledgment == block.SndMax)
            {
                segment.Flags &= ~TcpHeader.Syn;
                segment.Sequence++;
                return true;
            }

            _congestion.SynWasLost(block);
            _transmitter.SendControl(block, block.Iss, TcpHeader.Syn | TcpHeader.Ack, now);
            return false;
        }

        /// <summary>
        /// The handshake is complete.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="segment">The segment that completed it.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="timed">Whether our SYN was sent once, so that its acknowledgment is a round trip (RFC 6298 section 3).</param>
        internal void BecomeEstablished(TcpControlBlock block, TcpSegment segment, int now, bool timed)
        {
            TimeHandshake(block, now, timed);
            BecomeEstablished(block, segment.Sequence, segment.Acknowledgment, segment.Window, now);
        }

        /// <summary>
        /// The handshake is complete, and its time taken.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="sequence">SEG.SEQ of the segment that completed it.</param>
        /// <param name="acknowledgment">SEG.ACK.</param>
        /// <param name="window">SEG.WND.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void BecomeEstablished(TcpControlBlock block, uint sequence, uint acknowledgment, int window, int now)
        {
            block.State = TcpState.Established;
            block.SoftError = SocketError.Success;
            block.KeepAliveAt = now + block.KeepAliveIdle;
            block.SndWl1 = sequence;
            block.SndWl2 = acknowledgment;
            block.SndWnd = window;
            block.MaxSndWnd = window;
            _counters._established++;

            // later than the last one, also of the same millisecond; many of one millisecond run ahead a little
            uint order = (uint)now << 3;
            _openOrder = _openOrder - order < MostAhead ? _openOrder + 1 : order;
            block.OpenOrder = _openOrder;
        }

        /// <summary>
        /// Takes from the handshake what it says of the network.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="timed">Whether our SYN was sent once, so that its acknowledgment is a round trip (RFC 6298 section 3).</param>
        internal void TimeHandshake(TcpControlBlock block, int now, bool timed)
        {
            if (block.Retransmits > 0)
            {
                // a SYN was lost: RFC 6298 section 5.7 and RFC 5681 section 3.1 begin with more care
                block.Rto = RetransmissionTimer.AfterSynTimeout;
                _congestion.SynWasLost(block);
            }
            else if (timed)
            {
                _acknowledgment.MeasureSyn(block, now - block.UnacknowledgedSince);
            }
        }

        /// <summary>
        /// The peer has repeated its SYN, so our answer was lost, though no timer of ours has expired (RFC 5681 section 3.1).
        /// </summary>
        /// <param name="block">The connection, the peer's SYN taken.</param>
        internal void AnswerWasLost(TcpControlBlock block)
        {
            _congestion.SynWasLost(block);
        }

        /// <summary>
        /// Takes over what the peer's SYN said of itself.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="sequence">IRS.</param>
        /// <param name="mss">The peer's maximum segment size, or 0 where it named none.</param>
        /// <param name="window">The peer's window in bytes. It counts too, so that text may follow the handshake at once.</param>
        internal void TakePeer(TcpControlBlock block, uint sequence, int mss, int window)
        {
            if (mss == 0)
            {
                mss = DefaultMss;
            }

            block.SndMss = mss < SmallestMss ? SmallestMss : mss > TcpTransmitter.OurMss ? TcpTransmitter.OurMss : mss;
            block.SndWnd = window;
            block.MaxSndWnd = window;
            block.SndWl1 = sequence;
            _congestion.Begin(block);
        }
    }
}
