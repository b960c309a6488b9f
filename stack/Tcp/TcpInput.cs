// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// What happens when a segment arrives for a connection: RFC 9293 section 3.10.7.4, in its order. Hold the two side by side.
    /// The states before there is a connection (sections 3.10.7.1 to 3.10.7.3) are in <see cref="TcpOpening"/>.
    /// </summary>
    internal sealed class TcpInput
    {
        /// <summary>
        /// Milliseconds for which a challenge of a SYN is answered by a RST at the latest: on the longest way that TCP is used on an
        /// answer takes less.
        /// </summary>
        private const int ChallengeAnswerTime = 3000;

        private readonly TcpLayer _tcp;
        private readonly TcpOutput _output;
        private readonly TcpTransmitter _transmitter;
        private readonly TcpOpening _opening;
        private readonly TcpAcknowledgment _acknowledgment;
        private readonly TcpReceiveQueue _receiveQueue;
        private readonly TcpReassembly _reassembly;
        private readonly TcpCounters _counters;
        private readonly int _delayedAck;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpInput"/> class.
        /// </summary>
        /// <param name="tcp">The layer, which owns the table of blocks.</param>
        /// <param name="output">Sends what may be sent after a segment.</param>
        /// <param name="transmitter">Makes the answers.</param>
        /// <param name="opening">Deals with connections that are not open yet.</param>
        /// <param name="acknowledgment">Moves SND.UNA.</param>
        /// <param name="receiveQueue">Takes what arrives in order.</param>
        /// <param name="reassembly">Keeps what arrives before its turn.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="configuration">Sizes and times.</param>
        internal TcpInput(
            TcpLayer tcp,
            TcpOutput output,
            TcpTransmitter transmitter,
            TcpOpening opening,
            TcpAcknowledgment acknowledgment,
            TcpReceiveQueue receiveQueue,
            TcpReassembly reassembly,
            TcpCounters counters,
            StackConfiguration configuration)
        {
            _tcp = tcp;
            _output = output;
            _transmitter = transmitter;
            _opening = opening;
            _acknowledgment = acknowledgment;
            _counters = counters;
            _delayedAck = configuration.TcpDelayedAck;
            _receiveQueue = receiveQueue;
            _reassembly = reassembly;
        }

        /// <summary>
        /// SEGMENT ARRIVES (section 3.10.7.4): in all states but CLOSED, LISTEN and SYN-SENT, which <see cref="TcpOpening"/> deals with.
        /// </summary>
        /// <param name="block">The block.</param>
        /// <param name="segment">The segment.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void SegmentArrives(TcpControlBlock block, TcpSegment segment, int now)
        {
            if (block.State == TcpState.SynReceived && !_opening.PassSyn(block, segment, now))
            {
                return;
            }

            // whatever it says, the peer is there
            block.KeepAliveProbes = 0;
            block.KeepAliveAt = now + block.KeepAliveIdle;

            // first, check the sequence number; second, the RST bit; fourth, the SYN bit
            switch (TcpAcceptability.Judge(block.RcvNxt, block.RcvEdge, segment))
            {
                case TcpVerdict.NotAcceptable:
                    NotAcceptable(block, segment, now);
                    return;

                case TcpVerdict.Reset:
                    TakeReset(block, now);
                    return;

                case TcpVerdict.Challenge:
                    Challenge(block, segment, now);
                    return;

                default:
                    break;
            }

            TcpAcceptability.Trim(block, segment);

            // fifth, check the ACK field
            if ((segment.Flags & TcpHeader.Ack) == 0)
            {
                _counters._malformed++;
                return;
            }

            if (!CheckAck(block, segment, now))
            {
                return;
            }

            // sixth, check the URG bit: urgent data is read in line, the pointer moves nothing (RFC 6093)
            // seventh, process the segment text; eighth, check the FIN bit
            if (segment.TextLength > 0)
            {
                ProcessText(block, segment, now);
            }

            if (block.State != TcpState.Closed)
            {
                CheckFin(block, segment, now);
            }

            if (block.State != TcpState.Closed)
            {
                _output.Send(block, now);
            }
        }

        private void NotAcceptable(TcpControlBlock block, TcpSegment segment, int now)
        {
            _counters._unacceptable++;
            int flags = segment.Flags;
            if ((flags & TcpHeader.Rst) != 0)
            {
                return;
            }

            // MUST-66: with our window closed nothing that has text is acceptable, but what it acknowledges still counts. Else
            // two ends whose windows are both closed would never hear of each other's opening.
            if (block.RcvEdge == block.RcvNxt && (flags & (TcpHeader.Ack | TcpHeader.Syn)) == TcpHeader.Ack
                && SequenceNumber.InWindow(segment.Sequence, block.RcvNxt - TcpAcceptability.LargestWindow, TcpAcceptability.LargestWindow + 2)
                && TcpAcceptability.AcknowledgesNew(block, segment.Acknowledgment)
                && block.State != TcpState.SynReceived)
            {
                // its number may be old, but as it acknowledges more than any before, what it says of the window is new
                if ((block.TailProbe & TcpLossDetection.ProbeOpen) != 0)
                {
                    _acknowledgment.EndTailProbe(block, segment);
                }

                _acknowledgment.Advance(block, segment.Acknowledgment, now);
                TcpAcknowledgment.TakeWindow(block, segment);
                block.OutputPending = true;
                if (!FollowFin(block, now))
                {
                    return;
                }
            }

            if (block.State == TcpState.TimeWait && (flags & TcpHeader.Fin) != 0
                && segment.Sequence + (uint)segment.Length() == block.RcvNxt)
            {
                // the peer's FIN again: our acknowledgment was lost
                _tcp.EnterTimeWait(block, now);
            }

            // a peer that repeats text has lost our acknowledgment, and needs it; without text it is enough to be told now and then
            if (segment.TextLength == 0 || (flags & TcpHeader.Syn) != 0)
            {
                Challenge(block, segment, now);
                return;
            }

            // what lies further back than any window was is no repetition of what has arrived
            uint end = segment.Sequence + (uint)segment.TextLength;
            if (block.SackPermitted && block.RcvNxt - end <= TcpAcceptability.LargestWindow && _output.HasRoom)
            {
                _transmitter.SendDuplicateAck(block, segment.Sequence, end, now);
            }
            else
            {
                block.AckPending = true;
            }

            _output.Send(block, now);
        }

        private void TakeReset(TcpControlBlock block, int now)
        {
            if (block.State == TcpState.TimeWait)
            {
                // RFC 1337: an old RST must not cut TIME-WAIT short. But if we have just asked a peer that sends a SYN whether it
                // means it, then this is its answer: it comes back from the same port, and knows nothing of the connection
                if (block.ChallengedSyn && (uint)(now - block.ChallengedAt) < ChallengeAnswerTime)
                {
                    _counters._resetsReceived++;
                    _tcp.Abandon(block, SocketError.Success);
                }

                return;
            }

            _counters._resetsReceived++;
            if (block.State == TcpState.SynReceived)
            {
                _counters._failedOpens++;
                _tcp.Abandon(block, SocketError.ConnectionRefused);
            }
            else
            {
                _tcp.Abandon(block, SocketError.ConnectionReset);
            }
        }

        private bool CheckAck(TcpControlBlock block, TcpSegment segment, int now)
        {
            uint acknowledgment = segment.Acknowledgment;
            if (block.State == TcpState.SynReceived)
            {
                if (!TcpAcceptability.AcknowledgesNew(block, acknowledgment))
                {
                    _counters._badAcknowledgment++;
                    _transmitter.SendReset(segment);
                    return false;
                }

                // both ends have sent their SYN twice, once with an acknowledgment: it may be for either
                _opening.BecomeEstablished(block, segment, now, false);
                if (block.FinQueued)
                {
                    // the application closed while the handshake was under way
                    block.State = TcpState.FinWait1;
                }
            }

            if (!TcpAcceptability.CanAcknowledge(block, acknowledgment))
            {
                _counters._badAcknowledgment++;
                Challenge(block, segment, now);
                return false;
            }

            if ((block.TailProbe & TcpLossDetection.ProbeOpen) != 0)
            {
                _acknowledgment.EndTailProbe(block, segment);
            }

            bool moves = SequenceNumber.Before(block.SndUna, acknowledgment);
            if (moves)
            {
                _acknowledgment.Advance(block, acknowledgment, now);
                if (block.Descriptor < 0)
                {
                    _tcp.Table.NoteProgress(block, now);
                }
            }
            else if (!block.SackPermitted && acknowledgment == block.SndUna && block.SndUna != block.SndMax && !block.PersistRunning
                && segment.TextLength == 0 && (segment.Flags & TcpHeader.Fin) == 0 && segment.Window == block.SndWnd)
            {
                // RFC 5681 section 2: only an acknowledgment that says nothing else is a duplicate
                _acknowledgment.Duplicate(block, now);
            }

            if (block.SackPermitted)
            {
                _acknowledgment.Selective(block, segment, moves, now);
            }

            // the peer answers: while a window is closed that is all that is asked of it (MUST-37). But what nobody owns any more it
            // must not hold forever (RFC 6429)
            if (block.PersistRunning && block.Descriptor >= 0)
            {
                block.UnacknowledgedSince = now;
            }

            // what acknowledges more than any segment before is newer, even if it fills a gap before text that has told of a window
            if (moves || (SequenceNumber.BeforeOrAt(block.SndUna, acknowledgment)
                && (SequenceNumber.Before(block.SndWl1, segment.Sequence)
                    || (block.SndWl1 == segment.Sequence && SequenceNumber.BeforeOrAt(block.SndWl2, acknowledgment)))))
            {
                TcpAcknowledgment.TakeWindow(block, segment);
            }

            return FollowFin(block, now);
        }

        /// <summary>
        /// Goes on to the next state once our FIN is acknowledged.
        /// </summary>
        /// <returns>False if that was the end of the connection.</returns>
        private bool FollowFin(TcpControlBlock block, int now)
        {
            if (block.SndUna != block.SndEnd + 1)
            {
                return true;
            }

            switch (block.State)
            {
                case TcpState.FinWait1:
                    _tcp.EnterFinWait2(block, now);
                    return true;

                case TcpState.Closing:
                    _tcp.EnterTimeWait(block, now);
                    return true;

                case TcpState.LastAck:
                    _tcp.Abandon(block, SocketError.Success);
                    return false;

                default:
                    return true;
            }
        }

        private void ProcessText(TcpControlBlock block, TcpSegment segment, int now)
        {
            if (block.State != TcpState.Established && block.State != TcpState.FinWait1 && block.State != TcpState.FinWait2)
            {
                // the peer has sent a FIN before: nothing can follow it
                segment.TextLength = 0;
                return;
            }

            if (block.Descriptor < 0 && block.Listener == null)
            {
                // nobody will ever read it, and the peer must know (RFC 1122 section 4.2.2.13, RFC 2525 section 2.17)
                _tcp.Reset(block, SocketError.ConnectionAborted);
                return;
            }

            if (block.Descriptor < 0)
            {
                _tcp.Table.NoteProgress(block, now);
            }

            if (segment.Sequence != block.RcvNxt)
            {
                _counters._outOfOrder++;
                _reassembly.Keep(block, segment);
                segment.Flags &= ~TcpHeader.Fin;
                block.AckPending = true;
                return;
            }

            if (!_receiveQueue.Append(block, segment))
            {
                segment.Flags &= ~TcpHeader.Fin;
                if (_receiveQueue.PassingTo != block)
                {
                    // part of it may have been taken, and reach what came before its turn
                    _reassembly.Join(block);
                    block.AckPending = true;
                }

                return;
            }

            if (block.OutOfOrderQueue.Head != null)
            {
                // a gap closes, or part of it: the sender wants to know at once (RFC 5681 section 4.2)
                _reassembly.Join(block);
                block.AckPending = true;
                return;
            }

            // RFC 9293 SHLD-19: at least every second segment is acknowledged
            if (block.DelayedAckRunning && !TcpReceiveWindow.IsReadersTurn(block))
            {
                block.AckPending = true;
            }
            else if (block.DelayedAckRunning)
            {
                block.DelayedAckAt = now + 1 - block.DelayedAckAt < 0 ? now + 1 : block.DelayedAckAt;
            }
            else
            {
                block.DelayedAckRunning = true;
                block.DelayedAckAt = now + _delayedAck;
            }
        }

        private void CheckFin(TcpControlBlock block, TcpSegment segment, int now)
        {
            if ((segment.Flags & TcpHeader.Fin) != 0)
            {
                uint at = segment.Sequence + (uint)segment.TextLength;
                if (at == block.RcvNxt)
                {
                    ProcessFin(block, now);
                    return;
                }

                // there is a gap before it; or text that is said to follow it came first, and one of the two is not true. Then
                // the segment is in the receive queue already
                if (SequenceNumber.Before(block.RcvNxt, at))
                {
                    _reassembly.Keep(block, segment);
                }

                block.AckPending = true;
            }

            if (block.EarlyFin && SequenceNumber.BeforeOrAt(block.EarlyFinAt, block.RcvNxt))
            {
                if (block.EarlyFinAt == block.RcvNxt)
                {
                    ProcessFin(block, now);
                }

                // text went on where it should have stood: it was none, and 2^32 bytes later its number would come again
                block.EarlyFin = false;
            }
        }

        private void ProcessFin(TcpControlBlock block, int now)
        {
            block.EarlyFin = false;
            switch (block.State)
            {
                case TcpState.Established:
                    block.State = TcpState.CloseWait;
                    break;

                case TcpState.FinWait1:
                    // had our FIN been acknowledged, the state would be FIN-WAIT-2 by now
                    block.State = TcpState.Closing;
                    break;

                case TcpState.FinWait2:
                    _tcp.EnterTimeWait(block, now);
                    break;

                default:
                    // a FIN that was seen before
                    block.AckPending = true;
                    return;
            }

            block.RcvNxt++;
            if (SequenceNumber.Before(block.RcvEdge, block.RcvNxt))
            {
                block.RcvEdge = block.RcvNxt;
            }

            block.FinReceived = true;
            _reassembly.Clear(block);
            block.AckPending = true;
        }

        private void Challenge(TcpControlBlock block, TcpSegment segment, int now)
        {
            if (TcpChallenge.IsAllowed(block.ChallengedAt, now, _counters))
            {
                block.ChallengedAt = now;
                block.ChallengedSyn = (segment.Flags & TcpHeader.Syn) != 0;
                _transmitter.SendAck(block, now);
            }
        }
    }
}
