// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Decides what may be sent: what was lost first, then what is new, as far as the peer's window and the network allow. Owns
    /// <see cref="TcpControlBlock.OutputPending"/>, <see cref="TcpControlBlock.SynPending"/> and <see cref="TcpControlBlock.LastSentAt"/>.
    /// </summary>
    internal sealed partial class TcpOutput
    {
        private readonly EthernetLayer _ethernet;
        private readonly TcpTransmitter _transmitter;
        private readonly TcpLossDetection _detection;
        private readonly TcpCongestion _congestion;
        private readonly TcpCounters _counters;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpOutput"/> class.
        /// </summary>
        /// <param name="ethernet">Tells whether there is room to send.</param>
        /// <param name="transmitter">Makes the segments.</param>
        /// <param name="detection">Knows what is lost.</param>
        /// <param name="congestion">Knows what the network is trusted with.</param>
        /// <param name="counters">The layer's counters.</param>
        internal TcpOutput(EthernetLayer ethernet, TcpTransmitter transmitter, TcpLossDetection detection, TcpCongestion congestion, TcpCounters counters)
        {
            _ethernet = ethernet;
            _transmitter = transmitter;
            _detection = detection;
            _congestion = congestion;
            _counters = counters;
        }

        /// <summary>Gets a value indicating whether there is room for one more segment.</summary>
        internal bool HasRoom => _ethernet.HasRoom;

        /// <summary>
        /// Something may be sent: the next <see cref="Send"/> sees to it.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void Request(TcpControlBlock block)
        {
            block.OutputPending = true;
        }

        /// <summary>
        /// Our SYN is to be sent, or sent again.
        /// </summary>
        /// <param name="block">A block in SYN-SENT or SYN-RECEIVED.</param>
        internal static void RequestSyn(TcpControlBlock block)
        {
            block.SynPending = true;
            block.OutputPending = true;
        }

        /// <summary>
        /// There is nothing to send any more.
        /// </summary>
        /// <param name="block">A block that has ended.</param>
        internal static void Cancel(TcpControlBlock block)
        {
            block.OutputPending = false;
        }

        /// <summary>
        /// Sends what the connection may send: text, FIN, and the acknowledgment that is owed if none of these carried it.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Success, or why our SYN went nowhere.</returns>
        internal SocketError Send(TcpControlBlock block, int now)
        {
            SocketError result = SocketError.Success;
            block.OutputPending = false;
            if (block.SendQueue.Head != null || block.SendTimer != SendTimerKind.None || block.FinQueued || block.SynPending)
            {
                // else there is nothing to send, to repeat or to wait for but an acknowledgment
                switch (block.State)
                {
                    case TcpState.SynSent:
                    case TcpState.SynReceived:
                        result = SendSyn(block, now);
                        break;

                    case TcpState.Established:
                    case TcpState.CloseWait:
                    case TcpState.FinWait1:
                    case TcpState.Closing:
                    case TcpState.LastAck:
                        SendText(block, now);
                        break;

                    default:
                        break;
                }
            }

            if (block.AcknowledgmentDue == AcknowledgmentDue.Now)
            {
                if (_ethernet.HasRoom)
                {
                    _transmitter.SendAck(block, now);
                }
                else
                {
                    block.OutputPending = true;
                }
            }

            return result;
        }

        /// <summary>
        /// Sends the first segment again that counts as lost, whatever the network is trusted with (RFC 6675 section 5 step 4.3).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void RetransmitFirst(TcpControlBlock block, int now)
        {
            // a segment that finds no room is as lost as before: the next acknowledgment or the timer sees to it
            if (!_ethernet.HasRoom)
            {
                block.OutputPending = true;
                return;
            }

            _counters._fastRetransmissions++;
            SendTimer.RestartRetransmission(block, now + block.Rto);
            Frame frame = NextLost(block.SendQueue.Head);
            if (frame != null)
            {
                // a FIN that is lost waits for nothing: it goes with the output that follows
                Retransmit(block, frame, now);
            }
        }

        /// <summary>
        /// Whether unsent text would go if the network were trusted with it: a segment that the peer's window takes, and that does
        /// not wait to be filled up.
        /// </summary>
        /// <param name="block">The connection, with something under way.</param>
        /// <returns>Whether it would.</returns>
        internal static bool HasMore(TcpControlBlock block)
        {
            Frame frame = FirstUnsent(block);
            if (frame == null || SendWindow.From(block, frame.Sequence) < frame.PayloadLength)
            {
                return false;
            }

            return block.NoDelay || block.FinQueued || (int)(block.SndEnd - block.SndNxt) >= EffectiveMss.SegmentSize(block);
        }

        private SocketError SendSyn(TcpControlBlock block, int now)
        {
            if (!block.SynPending)
            {
                return SocketError.Success;
            }

            if (!_ethernet.HasRoom)
            {
                block.OutputPending = true;
                return SocketError.Success;
            }

            block.SynPending = false;
            block.LastSentAt = now;
            SendTimer.RestartRetransmission(block, now + block.Rto);
            if (block.Retransmits == 0)
            {
                UserTimeout.Restart(block, now);
            }

            return _transmitter.SendControl(
                block,
                block.Iss,
                block.State == TcpState.SynSent ? TcpHeader.Syn : TcpHeader.Syn | TcpHeader.Ack,
                now);
        }

        private void SendText(TcpControlBlock block, int now)
        {
            // in one piece: each step needs what the ones before have found out, and a call for each would cost more than the steps
            Frame frame = FirstUnsent(block);
            if (frame != null && block.SndUna == block.SndMax && (uint)(now - block.LastSentAt) > (uint)block.Rto)
            {
                _congestion.NoteIdle(block);
            }

            bool blocked = false;
            int pipe = TcpLossDetection.Pipe(block);
            Frame lost = block.LostSegments > 0 ? NextLost(block.SendQueue.Head) : null;
            while (lost != null)
            {
                if (!_ethernet.HasRoom)
                {
                    block.OutputPending = true;
                    return;
                }

                int length = SentLength(block, lost);
                if (pipe > 0 && pipe + length > block.CongestionWindow)
                {
                    frame = null;
                    break;
                }

                if (SendWindow.From(block, lost.Sequence) < length)
                {
                    // the window has shrunk: what lies behind its edge waits (RFC 9293 SHLD-15)
                    blocked = true;
                    break;
                }

                Retransmit(block, lost, now);
                pipe += length;
                lost = block.LostSegments > 0 ? NextLost(lost.Next) : null;
            }

            int window = block.DuplicateAcks == 0 ? block.CongestionWindow : block.CongestionWindow + TcpCongestion.AllowanceBeyond(block);
            while (frame != null)
            {
                if (!_ethernet.HasRoom)
                {
                    block.OutputPending = true;
                    return;
                }

                int length = frame.PayloadLength;
                int sent = (int)(block.SndNxt - frame.Sequence);
                int room = SendWindow.From(block, frame.Sequence);
                int trusted = window - pipe + sent;
                if (pipe > 0 && trusted < room)
                {
                    // with nothing under way one segment is always trusted: it may be older, and larger, than what it is counted in
                    room = trusted;
                }

                // a window probe is not under way in this sense: it does not move SND.NXT, and need not be acknowledged
                bool inFlight = block.SndUna != block.SndNxt;
                if (room < length)
                {
                    // sender's silly window avoidance (section 3.8.6.2.1): a part is worth it only if it is half of what the
                    // peer ever offered; else the timer overrides, or the window opens
                    int fresh = room - sent;
                    if (fresh <= 0 || fresh < block.MaxSndWnd >> 1)
                    {
                        blocked = true;
                        break;
                    }

                    length = room;
                }
                else if (inFlight && !block.NoDelay && !block.FinQueued && IsShort(block, length))
                {
                    // Nagle: a short segment waits while another is under way; the acknowledgment sends it
                    break;
                }

                // behind a part there is no room for more
                TransmitNew(block, frame, length, now);
                pipe += length - sent;
                frame = frame.Next;
            }

            SendFin(block, now);

            // with nothing under way but a probe, no acknowledgment will come to open the window: ask for it
            if (blocked && pipe <= 0)
            {
                if (block.SendTimer != SendTimerKind.Persist)
                {
                    SendTimer.StartPersist(block, now);
                    if (block.SndUna == block.SndMax)
                    {
                        // else the peer owes an acknowledgment for longer: it has taken back what it had offered
                        UserTimeout.Restart(block, now);
                    }
                }
            }
            else
            {
                if (block.SndUna != block.SndMax)
                {
                    // even if all of it is said to have arrived: only what is acknowledged needs no timer (RFC 2018 section 8)
                    SendTimer.StartRetransmission(block, now);
                }
                else if (block.SendTimer == SendTimerKind.Persist)
                {
                    SendTimer.Stop(block);
                }

                _detection.ScheduleTailProbe(block, now);
            }
        }

        /// <summary>Whether text that has not been sent is less than a full segment, in its frame and in all.</summary>
        private static bool IsShort(TcpControlBlock block, int length)
        {
            int full = EffectiveMss.SegmentSize(block);
            return length < full && (int)(block.SndEnd - block.SndNxt) < full;
        }

        private void SendFin(TcpControlBlock block, int now)
        {
            bool first = block.FinQueued && block.SndNxt == block.SndEnd;
            if (!first && !block.FinLost)
            {
                return;
            }

            if (!_ethernet.HasRoom)
            {
                block.OutputPending = true;
            }
            else if (first)
            {
                _transmitter.SendControl(block, block.SndNxt, TcpHeader.Fin | TcpHeader.Ack, now);
                Advance(block, block.SndEnd + 1, now);
            }
            else
            {
                RetransmitFin(block, now);
            }
        }

        private void TransmitNew(TcpControlBlock block, Frame frame, int length, int now)
        {
            if ((int)(frame.Sequence - block.SndMax) < 0)
            {
                // a part was sent before, or was the byte of a probe
                length -= SendQueue.TakeOffAcknowledged(block, frame);
                TcpLossDetection.MarkIfRepeated(block, frame);
            }

            bool last = frame.Next == null && length == frame.PayloadLength;
            int flags = TcpHeader.Ack;
            if (last)
            {
                flags |= TcpHeader.Psh;
                if (block.FinQueued)
                {
                    flags |= TcpHeader.Fin;
                }
            }

            frame.SentAt = now;
            _transmitter.SendText(block, frame, length, flags);
            uint end = frame.Sequence + (uint)length;
            Advance(block, (flags & TcpHeader.Fin) != 0 ? end + 1 : end, now);
        }

        private void Retransmit(TcpControlBlock block, Frame frame, int now)
        {
            SendQueue.TakeOffAcknowledged(block, frame);
            int length = SentLength(block, frame);
            bool last = frame.Next == null && length == frame.PayloadLength;
            int flags = last ? TcpHeader.Ack | TcpHeader.Psh : TcpHeader.Ack;
            if (last && SendSequence.HasSentFin(block))
            {
                flags |= TcpHeader.Fin;
            }

            _detection.NoteRetransmission(block, frame);
            frame.SentAt = now;
            _transmitter.SendText(block, frame, length, flags);
            SentAgain(block, now);
        }

        private void RetransmitFin(TcpControlBlock block, int now)
        {
            TcpLossDetection.NoteFinRetransmission(block);
            _transmitter.SendControl(block, block.SndEnd, TcpHeader.Fin | TcpHeader.Ack, now);
            SentAgain(block, now);
        }

        private void SentAgain(TcpControlBlock block, int now)
        {
            _counters._retransmissions++;
            block.LastSentAt = now;
        }

        private static int SentLength(TcpControlBlock block, Frame frame)
        {
            int sent = (int)(block.SndMax - frame.Sequence);
            return frame.PayloadLength < sent ? frame.PayloadLength : sent;
        }

        private static void Advance(TcpControlBlock block, uint next, int now)
        {
            if (block.SndUna == block.SndMax)
            {
                UserTimeout.Restart(block, now);
            }

            block.LastSentAt = now;
            SendSequence.Advance(block, next);
            SendTimer.StartRetransmission(block, now);
        }

        private static Frame NextLost(Frame frame)
        {
            while (frame != null && (frame.Marks & TcpLossDetection.Lost) == 0)
            {
                frame = frame.Next;
            }

            return frame;
        }

        private static Frame FirstUnsent(TcpControlBlock block)
        {
            Frame frame = block.SendQueue.Head;
            uint next = block.SndNxt;
            while (frame != null && (int)(frame.Sequence + (uint)frame.PayloadLength - next) <= 0)
            {
                frame = frame.Next;
            }

            return frame;
        }
    }
}
