// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Which segments are lost. Where the peer acknowledges selectively, time tells (RACK, RFC 8985): a segment is lost if one
    /// that was sent later has arrived, and reordering does not explain it. So a retransmission that is lost is noticed too. Owns the
    /// marks of what is in the send queue, their count, <see cref="TcpControlBlock.FinLost"/>, and the RACK variables.
    /// </summary>
    internal sealed class TcpLossDetection
    {
        /// <summary>Mark: the peer has the segment, though something before it is missing.</summary>
        internal const int Sacked = 1;

        /// <summary>Mark: the segment counts as lost and is to be sent again.</summary>
        internal const int Lost = 2;

        /// <summary>Mark: the segment was sent more than once (Karn's algorithm does not time it).</summary>
        internal const int Repeated = 4;

        /// <summary>A round trip: none was timed yet by this acknowledgment.</summary>
        internal const int Untimed = -1;

        /// <summary>A round trip: what the acknowledgment covers was sent more than once, so nobody knows what it answers.</summary>
        internal const int Distrusted = -2;

        /// <summary>Segments beyond a gap that make it a loss rather than reordering (RFC 8985 section 6.2 step 4).</summary>
        private const int DuplicateThreshold = 3;

        /// <summary>G of RFC 6298 in milliseconds: two times that are the same may be almost so far apart.</summary>
        private const int ClockGranularity = 1;

        /// <summary>TLP.max_ack_delay: how long a peer may keep an acknowledgment of a lone segment, in milliseconds.</summary>
        private const int LongestAckDelay = 200;

        /// <summary>Below that the clock of a board and its idle sleep are too coarse, in milliseconds.</summary>
        private const int ShortestTailProbe = 20;

        private readonly TcpCounters _counters;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpLossDetection"/> class.
        /// </summary>
        /// <param name="counters">The layer's counters.</param>
        internal TcpLossDetection(TcpCounters counters)
        {
            _counters = counters;
        }

        /// <summary>
        /// Bytes that are on their way in the network, as far as is known: sent, neither acknowledged nor lost (RFC 6675's "pipe").
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Bytes.</returns>
        internal static int Pipe(TcpControlBlock block)
        {
            // a FIN takes a number but no room
            uint end = (int)(block.SndEnd - block.SndNxt) < 0 ? block.SndEnd : block.SndNxt;
            int pipe = (int)(end - block.SndUna);
            if (block.LostSegments == 0 && !block.SackPermitted)
            {
                return pipe;
            }

            Frame frame = block.SendQueue.Head;
            while (frame != null && (int)(frame.Sequence - end) < 0)
            {
                if ((frame.Marks & (Sacked | Lost)) != 0)
                {
                    // of the first one a part may be acknowledged, of the last one a part may be unsent
                    uint from = (int)(frame.Sequence - block.SndUna) < 0 ? block.SndUna : frame.Sequence;
                    uint to = frame.Sequence + (uint)frame.PayloadLength;
                    pipe -= (int)(((int)(end - to) < 0 ? end : to) - from);
                }

                frame = frame.Next;
            }

            return pipe;
        }

        /// <summary>
        /// Marks a segment as lost.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">A segment of its send queue.</param>
        internal void MarkLost(TcpControlBlock block, Frame frame)
        {
            if ((frame.Marks & (Sacked | Lost)) == 0)
            {
                frame.Marks |= Lost;
                block.LostSegments++;
            }
        }

        /// <summary>
        /// Takes the mark of a loss off: the segment was sent again, or has arrived.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">A segment of its send queue.</param>
        internal void ClearLost(TcpControlBlock block, Frame frame)
        {
            if ((frame.Marks & Lost) != 0)
            {
                frame.Marks &= ~Lost;
                block.LostSegments--;
            }
        }

        /// <summary>
        /// Our FIN, if it was sent, has to be sent again.
        /// </summary>
        internal static void MarkFinLost(TcpControlBlock block)
        {
            block.FinLost = SendSequence.HasSentFin(block);
        }

        /// <summary>
        /// The first segment that is not acknowledged is lost, or our FIN if there is none.
        /// </summary>
        /// <param name="block">The connection, with something under way.</param>
        internal void MarkFirstLost(TcpControlBlock block)
        {
            Frame frame = block.SendQueue.Head;
            if (frame == null)
            {
                MarkFinLost(block);
            }
            else
            {
                MarkLost(block, frame);
            }
        }

        /// <summary>
        /// Nothing was heard for too long: whatever was sent and has not arrived is lost.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="forget">Whether to forget as well what is said to have arrived: after a timeout it may have been thrown away
        /// (RFC 2018 section 8). What is still there is told again with the answer to the first segment.</param>
        internal void MarkAllLost(TcpControlBlock block, bool forget)
        {
            Frame frame = block.SendQueue.Head;
            if (frame == null)
            {
                MarkFinLost(block);
            }

            while (frame != null && SequenceNumber.Before(frame.Sequence, block.SndMax))
            {
                if (forget && (frame.Marks & Sacked) != 0)
                {
                    // it was timed when it arrived: if it is told again, that is no round trip
                    frame.Marks = (frame.Marks & ~Sacked) | Repeated;
                }

                MarkLost(block, frame);
                frame = frame.Next;
            }
        }

        /// <summary>
        /// The peer has a segment, though something before it is missing.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">A segment of its send queue.</param>
        internal void MarkSacked(TcpControlBlock block, Frame frame)
        {
            ClearLost(block, frame);
            frame.Marks |= Sacked;
        }

        /// <summary>
        /// A segment of which a part may have been sent before goes out: if so, nobody knows what its acknowledgment will answer.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">A segment of its send queue.</param>
        internal static void MarkIfRepeated(TcpControlBlock block, Frame frame)
        {
            if (SequenceNumber.Before(frame.Sequence, block.SndMax))
            {
                frame.Marks |= Repeated;
            }
        }

        /// <summary>
        /// A segment goes out again.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">A segment of its send queue.</param>
        internal void NoteRetransmission(TcpControlBlock block, Frame frame)
        {
            ClearLost(block, frame);
            frame.Marks |= Repeated;
        }

        /// <summary>
        /// Our FIN, sent with no text, goes out again.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void NoteFinRetransmission(TcpControlBlock block)
        {
            block.FinLost = false;
        }

        /// <summary>
        /// All that was sent is acknowledged: nothing is left that could be compared with what arrived last; and after a long silence
        /// its time would lie ahead.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void ForgetFlight(TcpControlBlock block)
        {
            block.FinLost = false;
            block.RackRtt = -1;
        }

        /// <summary>
        /// A segment has arrived (RFC 8985 section 6.2 steps 1 to 3).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The segment, not known before to have arrived.</param>
        /// <param name="roundTrip">The round trip that the acknowledgment has told of so far, in milliseconds, or <see cref="Untimed"/>,
        /// <see cref="Distrusted"/>.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>The round trip that it tells of now: that of the first segment it covers. If it covers one that was sent again, it
        /// tells of none (Karn's algorithm, RFC 6298 section 3): what was sent once and has arrived meanwhile had to wait for the repair.</returns>
        internal int NoteDelivery(TcpControlBlock block, Frame frame, int roundTrip, int now)
        {
            int rtt = now - frame.SentAt;
            uint end = frame.Sequence + (uint)frame.PayloadLength;
            bool repeated = (frame.Marks & Repeated) != 0;
            if (!repeated)
            {
                // a clock that has stepped back measures nothing: less than 0 is none
                if (roundTrip == Untimed)
                {
                    roundTrip = rtt;
                }

                if (rtt < block.MinimumRtt && rtt >= 0)
                {
                    block.MinimumRtt = rtt;
                }

                if (block.RackRtt >= 0 && SequenceNumber.Before(end, block.RackFack))
                {
                    block.ReorderingSeen = true;
                }
            }
            else
            {
                roundTrip = Distrusted;
                if (rtt < block.MinimumRtt)
                {
                    // it is the first copy that has arrived, and nobody knows when it did
                    return roundTrip;
                }
            }

            if (block.RackRtt < 0 || SequenceNumber.Before(block.RackFack, end))
            {
                block.RackFack = end;
            }

            if (block.RackRtt < 0 || IsLater(frame.SentAt, end, block.RackSentAt, block.RackEnd))
            {
                block.RackSentAt = frame.SentAt;
                block.RackEnd = end;
                block.RackRtt = rtt;
            }

            return roundTrip;
        }

        /// <summary>
        /// Looks for segments that were sent before one that has arrived (RFC 8985 section 6.2 steps 4 and 5).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether a segment was found lost that did not count as lost before.</returns>
        internal bool Detect(TcpControlBlock block, int now)
        {
            if (block.SendTimer == SendTimerKind.Reordering)
            {
                SendTimer.StopLossTimer(block);
            }

            if (block.RackRtt < 0)
            {
                return false;
            }

            bool found = false;
            int patience = block.RackRtt + ReorderingWindow(block);
            int longest = 0;
            Frame frame = block.SendQueue.Head;
            while (frame != null && SequenceNumber.Before(frame.Sequence, block.SndNxt))
            {
                if ((frame.Marks & (Sacked | Lost)) == 0
                    && IsLater(block.RackSentAt, block.RackEnd, frame.SentAt, frame.Sequence + (uint)frame.PayloadLength))
                {
                    int remaining = frame.SentAt + patience - now;
                    if ((frame.Marks & Repeated) != 0)
                    {
                        // its number tells nothing of when it was sent among others of the same millisecond
                        remaining += ClockGranularity;
                    }

                    // if it were to wait for longer than anything does, it was sent so long ago that the clock has passed its middle
                    if (remaining <= 0 || remaining > patience + ClockGranularity)
                    {
                        MarkLost(block, frame);
                        _counters._segmentsLost++;
                        found = true;
                    }
                    else if (remaining > longest)
                    {
                        longest = remaining;
                    }
                }

                frame = frame.Next;
            }

            if (longest > 0)
            {
                SendTimer.StartLossTimer(block, SendTimerKind.Reordering, now + longest);
            }

            return found;
        }

        /// <summary>
        /// Decides whether the end of what was sent is to be probed: with nothing sent behind it, no acknowledgment would tell of
        /// its loss before the retransmission timer expires (RFC 8985 section 7.2).
        /// </summary>
        /// <param name="block">The connection; it has just sent something, or got an acknowledgment.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void ScheduleTailProbe(TcpControlBlock block, int now)
        {
            if (block.SendTimer == SendTimerKind.Reordering)
            {
                return;
            }

            SendTimer.StopLossTimer(block);
            Frame head = block.SendQueue.Head;
            if (!block.SackPermitted || block.TailProbe != 0 || block.InRecovery || block.LostSegments > 0 || block.Srtt8 == 0
                || block.Retransmits > 0 || block.SendTimer != SendTimerKind.Retransmission || head == null || CountSacked(block) > 0)
            {
                return;
            }

            int wait = block.Srtt8 >> 2;
            if (head.Next == null || !SequenceNumber.Before(head.Next.Sequence, block.SndNxt))
            {
                wait += LongestAckDelay;
            }

            if (wait < ShortestTailProbe)
            {
                wait = ShortestTailProbe;
            }

            // from the last time that something was sent or acknowledged; what else is sent meanwhile does not put it off
            int since = (uint)(now - block.LastSentAt) < (uint)(now - block.AcknowledgedAt) ? block.LastSentAt : block.AcknowledgedAt;
            SendTimer.StartLossTimer(block, SendTimerKind.TailProbe, since + wait);
        }

        private static int ReorderingWindow(TcpControlBlock block)
        {
            if (!block.ReorderingSeen && (block.InRecovery || CountSacked(block) >= DuplicateThreshold))
            {
                return 0;
            }

            int window = block.MinimumRtt >> 2;
            int most = block.Srtt8 >> 3;
            window = window < most ? window : most;
            return window < ClockGranularity ? ClockGranularity : window;
        }

        private static int CountSacked(TcpControlBlock block)
        {
            int count = 0;
            Frame frame = block.SendQueue.Head;
            while (frame != null && SequenceNumber.Before(frame.Sequence, block.SndNxt))
            {
                count += frame.Marks & Sacked;
                frame = frame.Next;
            }

            return count;
        }

        /// <summary>
        /// Whether one segment was sent after another; of those of one moment, the numbers tell.
        /// </summary>
        private static bool IsLater(int sentAt, uint end, int otherSentAt, uint otherEnd)
        {
            int difference = sentAt - otherSentAt;
            return difference > 0 || (difference == 0 && SequenceNumber.Before(otherEnd, end));
        }
    }
}
