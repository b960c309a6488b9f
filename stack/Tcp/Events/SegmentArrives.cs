// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// SEGMENT ARRIVES (RFC 9293 section 3.10.7), in its order: hold the two side by side. Here is section 3.10.7.4, for connections; the
    /// states before there is one are in the other part.
    /// </summary>
    internal sealed partial class SegmentArrives
    {
        private readonly TcpTable _table;
        private readonly TcpEnding _ending;
        private readonly TcpTransitions _transitions;
        private readonly TcpOutput _output;
        private readonly TcpTransmitter _transmitter;
        private readonly Handshake _handshake;
        private readonly TcpAcknowledgment _acknowledgment;
        private readonly TcpReceiveQueue _receiveQueue;
        private readonly TcpReassembly _reassembly;
        private readonly TcpSynQueue _synQueue;
        private readonly TcpCounters _counters;
        private readonly int _delayedAck;

        /// <summary>Initializes the event.</summary>
        /// <param name="table">Hears of peers that move their connections on.</param>
        /// <param name="ending">Ends connections.</param>
        /// <param name="transitions">Changes their states.</param>
        /// <param name="output">Sends what may be sent after a segment.</param>
        /// <param name="transmitter">Makes the answers.</param>
        /// <param name="handshake">Completes the handshake.</param>
        /// <param name="acknowledgment">Moves SND.UNA.</param>
        /// <param name="receiveQueue">Takes what arrives in order.</param>
        /// <param name="reassembly">Keeps what arrives before its turn.</param>
        /// <param name="synQueue">Knows the connections that peers have begun.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="configuration">Sizes and times.</param>
        internal SegmentArrives(
            TcpTable table,
            TcpEnding ending,
            TcpTransitions transitions,
            TcpOutput output,
            TcpTransmitter transmitter,
            Handshake handshake,
            TcpAcknowledgment acknowledgment,
            TcpReceiveQueue receiveQueue,
            TcpReassembly reassembly,
            TcpSynQueue synQueue,
            TcpCounters counters,
            StackConfiguration configuration)
        {
            _table = table;
            _ending = ending;
            _transitions = transitions;
            _output = output;
            _transmitter = transmitter;
            _handshake = handshake;
            _acknowledgment = acknowledgment;
            _receiveQueue = receiveQueue;
            _reassembly = reassembly;
            _synQueue = synQueue;
            _counters = counters;
            _delayedAck = configuration.TcpDelayedAck;
        }

        /// <summary>
        /// SEGMENT ARRIVES (section 3.10.7.4): in all states but CLOSED, LISTEN and SYN-SENT.
        /// </summary>
        /// <param name="block">The block.</param>
        /// <param name="segment">The segment.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Process(TcpControlBlock block, TcpSegment segment, int now)
        {
            if (block.State == TcpState.SynReceived && !CompletesHandshake(block, segment, now))
            {
                return;
            }

            if (block.KeepAliveIdle > 0)
            {
                // whatever it says, the peer is there
                KeepAlive.Restart(block, now);
            }

            // what nearly all segments are needs no judge: it begins at RCV.NXT, its text fits, and it neither begins nor ends anything
            bool inOrder = segment.Sequence == block.RcvNxt && (segment.Flags & (TcpHeader.Rst | TcpHeader.Syn | TcpHeader.Fin)) == 0
                && segment.TextLength <= (int)(block.RcvEdge - block.RcvNxt);

            // first, check the sequence number; second, the RST bit; fourth, the SYN bit
            switch (inOrder ? TcpVerdict.Acceptable : TcpAcceptability.Judge(block.RcvNxt, block.RcvEdge, segment))
            {
                case TcpVerdict.NotAcceptable:
                    ProcessUnacceptable(block, segment, now);
                    return;

                case TcpVerdict.Reset:
                    ProcessReset(block, now);
                    return;

                case TcpVerdict.Challenge:
                    TcpChallenge.Send(_transmitter, block, segment, now);
                    return;

                default:
                    break;
            }

            if (!inOrder)
            {
                segment.Trim(block.RcvNxt, block.RcvEdge);
            }

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
            int length = segment.TextLength;
            if (length > 0)
            {
                length = ProcessText(block, segment, now);
                if (block.State == TcpState.Closed)
                {
                    return;
                }
            }

            if (block.EarlyFin || (segment.Flags & TcpHeader.Fin) != 0)
            {
                CheckFin(block, segment, length, now);
            }

            _output.Send(block, now);
        }

        /// <summary>
        /// SYN-RECEIVED after both SYNs crossed.
        /// </summary>
        /// <returns>Whether the connection is established, and goes on with the segment.</returns>
        private bool CompletesHandshake(TcpControlBlock block, TcpSegment segment, int now)
        {
            HandshakeVerdict verdict = SynReceived.Judge(block.Irs, block.Iss, block.RcvEdge, true, segment, _counters);
            if (verdict == HandshakeVerdict.RepeatedSyn
                && (segment.Flags & TcpHeader.Ack) != 0 && segment.Acknowledgment == block.SndMax)
            {
                // the last step of a simultaneous open (figure 8)
                segment.TakeOffSyn();
                verdict = HandshakeVerdict.Complete;
            }

            switch (verdict)
            {
                case HandshakeVerdict.RepeatedSyn:
                    _handshake.NoteLostAnswer(block);
                    _transmitter.SendControl(block, block.Iss, TcpHeader.Syn | TcpHeader.Ack, now);
                    return false;

                case HandshakeVerdict.Challenge:
                    TcpChallenge.Send(_transmitter, block, segment, now);
                    return false;

                case HandshakeVerdict.Unknown:
                    _transmitter.SendReset(segment);
                    return false;

                case HandshakeVerdict.Reset:
                    _ending.FailToOpen(block, SocketError.ConnectionRefused);
                    return false;

                case HandshakeVerdict.Complete:
                    // both ends have sent their SYN twice, once with an acknowledgment: it may be for either, so it is not timed
                    _handshake.TakeRoundTrip(block, -1);
                    _handshake.Complete(block, segment.Sequence, segment.Acknowledgment, segment.Window, now);
                    return true;

                default:
                    return false;
            }
        }

        private void ProcessUnacceptable(TcpControlBlock block, TcpSegment segment, int now)
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
                && TcpAcceptability.AcknowledgesNew(block, segment.Acknowledgment))
            {
                // its number may be old, but as it acknowledges more than any before, what it says of the window is new
                if ((block.TailProbe & TailLossProbe.Open) != 0)
                {
                    _acknowledgment.EndTailProbe(block, segment);
                }

                _acknowledgment.Advance(block, segment.Acknowledgment, now);
                SendWindow.Take(block, segment);
                TcpOutput.Request(block);
                if (block.SndUna == block.SndEnd + 1 && !FollowFin(block, now))
                {
                    return;
                }
            }

            if (block.State == TcpState.TimeWait && (flags & TcpHeader.Fin) != 0
                && segment.Sequence + (uint)segment.Length() == block.RcvNxt)
            {
                _transitions.RestartTimeWait(block, now);
            }

            // a peer that repeats text has lost our acknowledgment, and needs it; without text it is enough to be told now and then
            if (segment.TextLength == 0 || (flags & TcpHeader.Syn) != 0)
            {
                TcpChallenge.Send(_transmitter, block, segment, now);
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
                AcknowledgmentPolicy.OweNow(block);
            }

            _output.Send(block, now);
        }

        private void ProcessReset(TcpControlBlock block, int now)
        {
            if (block.State == TcpState.TimeWait)
            {
                // RFC 1337: an old RST must not cut TIME-WAIT short, unless we have just asked for it
                if (TcpChallenge.AwaitsReset(block, now))
                {
                    _counters._resetsReceived++;
                    _ending.End(block, SocketError.Success);
                }

                return;
            }

            _counters._resetsReceived++;
            _ending.End(block, SocketError.ConnectionReset);
        }

        private bool CheckAck(TcpControlBlock block, TcpSegment segment, int now)
        {
            uint acknowledgment = segment.Acknowledgment;
            if (!TcpAcceptability.CanAcknowledge(block, acknowledgment))
            {
                _counters._badAcknowledgment++;
                TcpChallenge.Send(_transmitter, block, segment, now);
                return false;
            }

            if ((block.TailProbe & TailLossProbe.Open) != 0)
            {
                _acknowledgment.EndTailProbe(block, segment);
            }

            bool moves = (int)(block.SndUna - acknowledgment) < 0;
            if (moves)
            {
                _acknowledgment.Advance(block, acknowledgment, now);
                if (block.Descriptor < 0)
                {
                    _table.NoteProgress(block, now);
                }
            }
            else
            {
                if (!block.SackPermitted && acknowledgment == block.SndUna && block.SndUna != block.SndMax
                    && block.SendTimer != SendTimerKind.Persist
                    && segment.TextLength == 0 && (segment.Flags & TcpHeader.Fin) == 0 && segment.Window == block.SndWnd)
                {
                    // RFC 5681 section 2: only an acknowledgment that says nothing else is a duplicate
                    _acknowledgment.ProcessDuplicate(block, now);
                }

                if (block.SendTimer == SendTimerKind.Persist || block.SndWnd == 0)
                {
                    NoteAnswer(block, segment, now);
                }
            }

            // where all is acknowledged, nothing is lost
            if (block.SackPermitted && (segment.SackBlocks > 0 || (moves && block.SndUna != block.SndMax)))
            {
                _acknowledgment.ProcessSelective(block, segment, moves, now);
            }

            // what acknowledges more than any segment before is newer, even if it fills a gap before text that has told of a window
            if (moves || (SequenceNumber.BeforeOrAt(block.SndUna, acknowledgment)
                && (SequenceNumber.Before(block.SndWl1, segment.Sequence)
                    || (block.SndWl1 == segment.Sequence && SequenceNumber.BeforeOrAt(block.SndWl2, acknowledgment)))))
            {
                SendWindow.Take(block, segment);
            }

            return block.SndUna != block.SndEnd + 1 || FollowFin(block, now);
        }

        /// <summary>
        /// Takes note that the peer is there, though it has taken nothing: its window is closed, or was.
        /// </summary>
        private static void NoteAnswer(TcpControlBlock block, TcpSegment segment, int now)
        {
            // the peer answers: while a window is closed that is all that is asked of it (MUST-37), of a FIN too, which needs room as
            // text does. But what nobody owns any more it must not hold forever (RFC 6429)
            if (block.Descriptor >= 0)
            {
                UserTimeout.Restart(block, now);
            }

            // a FIN alone has no probes, its timeout is backed off like theirs: it goes as soon as there is room, as text does
            if (segment.Window > 0 && block.SendQueue.Head == null && block.SndUna != block.SndMax)
            {
                TcpLossDetection.MarkFinLost(block);
            }
        }

        /// <summary>
        /// Goes on to the next state, now that our FIN is acknowledged.
        /// </summary>
        /// <returns>False if that was the end of the connection.</returns>
        private bool FollowFin(TcpControlBlock block, int now)
        {
            if (_transitions.FinAcknowledged(block, now))
            {
                return true;
            }

            _ending.End(block, SocketError.Success);
            return false;
        }

        /// <summary>
        /// The seventh step.
        /// </summary>
        /// <returns>Bytes of text after which a FIN of the segment has its number; -1 if it was kept with the text for later, or comes again.</returns>
        private int ProcessText(TcpControlBlock block, TcpSegment segment, int now)
        {
            if (block.State != TcpState.Established && block.State != TcpState.FinWait1 && block.State != TcpState.FinWait2)
            {
                // the peer has sent a FIN before: nothing can follow it
                return 0;
            }

            if (block.Descriptor < 0 && block.Listener == null)
            {
                // nobody will ever read it, and the peer must know (RFC 1122 section 4.2.2.13, RFC 2525 section 2.17)
                _ending.Reset(block, SocketError.ConnectionAborted, now);
                return -1;
            }

            if (block.Descriptor < 0)
            {
                _table.NoteProgress(block, now);
            }

            if (segment.Sequence != block.RcvNxt)
            {
                _counters._outOfOrder++;
                _reassembly.KeepSegment(block, segment);
                AcknowledgmentPolicy.OweNow(block);
                return -1;
            }

            int length = segment.TextLength;
            if (!_receiveQueue.Append(block, segment))
            {
                if (_receiveQueue.PassingTo == block)
                {
                    return -1;
                }

                // part of it may have been taken, and reach what came before its turn
                length = -1;
            }
            else if (block.OutOfOrderQueue.Head == null)
            {
                AcknowledgmentPolicy.OweForText(block, now, _delayedAck);
                return length;
            }

            // a gap closes, or part of it: the sender wants to know at once (RFC 5681 section 4.2)
            _reassembly.MoveInOrder(block);
            AcknowledgmentPolicy.OweNow(block);
            return length;
        }

        /// <summary>
        /// The eighth step.
        /// </summary>
        private void CheckFin(TcpControlBlock block, TcpSegment segment, int length, int now)
        {
            if (length >= 0 && (segment.Flags & TcpHeader.Fin) != 0)
            {
                uint at = segment.Sequence + (uint)length;
                if (at == block.RcvNxt)
                {
                    ProcessFin(block, now);
                    return;
                }

                // there is a gap before it; or text that is said to follow it came first, and one of the two is not true. Then
                // the segment is in the receive queue already
                if (!block.FinReceived && SequenceNumber.Before(block.RcvNxt, at))
                {
                    _reassembly.KeepSegment(block, segment);
                }

                AcknowledgmentPolicy.OweNow(block);
            }

            if (block.EarlyFin && TcpReassembly.TakeEarlyFin(block))
            {
                ProcessFin(block, now);
            }
        }

        private void ProcessFin(TcpControlBlock block, int now)
        {
            if (_transitions.FinArrives(block, now))
            {
                TcpReceiveQueue.TakeFin(block);
                TcpReceiveWindow.IncludeFin(block);
                _reassembly.Clear(block);
                AcknowledgmentPolicy.OweForFin(block);
            }
            else
            {
                AcknowledgmentPolicy.OweNow(block);
            }
        }
    }
}
