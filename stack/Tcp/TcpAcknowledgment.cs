// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// What follows when the peer acknowledges something new: frames, round trip time, congestion window and timer.
    /// </summary>
    internal sealed class TcpAcknowledgment
    {
        private readonly TcpOutput _output;
        private readonly TcpLossDetection _detection;
        private readonly TcpCongestion _congestion;
        private readonly FramePool _pool;
        private readonly int _minimumRto;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpAcknowledgment"/> class.
        /// </summary>
        /// <param name="output">Repeats what was lost.</param>
        /// <param name="detection">Knows what is lost.</param>
        /// <param name="congestion">Knows what the network is trusted with.</param>
        /// <param name="pool">Where acknowledged frames go back to.</param>
        /// <param name="configuration">Times.</param>
        internal TcpAcknowledgment(TcpOutput output, TcpLossDetection detection, TcpCongestion congestion, FramePool pool, StackConfiguration configuration)
        {
            _output = output;
            _detection = detection;
            _congestion = congestion;
            _pool = pool;
            _minimumRto = configuration.TcpMinimumRto;
        }

        /// <summary>
        /// Takes the round trip of our SYN, if it was sent once (RFC 6298 section 2.2).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="milliseconds">From SYN to acknowledgment.</param>
        internal void MeasureSyn(TcpControlBlock block, int milliseconds)
        {
            RetransmissionTimer.Measure(block, milliseconds, _minimumRto);
        }

        /// <summary>
        /// Undoes what timeouts have made of the RTO that say nothing of the path.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void RestoreTimeout(TcpControlBlock block)
        {
            block.Rto = RetransmissionTimer.Timeout(block, _minimumRto);
        }

        /// <summary>
        /// SND.UNA moves: frames that are wholly acknowledged go back to the pool, timers and windows follow.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="acknowledgment">SEG.ACK, after SND.UNA and not after the highest number sent.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Advance(TcpControlBlock block, uint acknowledgment, int now)
        {
            _detection.BeginAcknowledgment();
            int bytes = (int)(acknowledgment - block.SndUna);
            block.SndUna = acknowledgment;
            if (SequenceNumber.Before(block.SndNxt, acknowledgment))
            {
                block.SndNxt = acknowledgment;
            }

            Release(block, acknowledgment, now);
            Measure(block);

            // RFC 6298 section 5.2 and 5.3
            block.Retransmits = 0;
            block.Probes = 0;
            block.UnacknowledgedSince = now;
            block.RetransmitRunning = block.SndUna != block.SndMax;
            block.RetransmitAt = now + block.Rto;
            Frame head = block.SendQueue.Head;
            if (head != null && (head.Marks & TcpLossDetection.Sacked) != 0)
            {
                // who has the first segment would acknowledge it: the peer has thrown away what it had (RFC 2018 section 8). It is
                // there, so a timeout that was backed off while it was silent is not waited for
                block.RetransmitAt = now + RetransmissionTimer.Timeout(block, _minimumRto);
            }

            if (block.SndUna == block.SndMax)
            {
                // nothing is left that could be compared with what arrived last; and after a long silence its time would lie ahead
                block.FinLost = false;
                block.LossTimer = TcpLossTimer.None;
                block.RackRtt = -1;
            }

            bool partial = _congestion.Acknowledged(block, bytes);
            if (!block.SackPermitted && partial)
            {
                // RFC 6582 section 3.2 step 3: the next hole is known
                _detection.MarkFirstLost(block);
                _output.RetransmitFirst(block, now);
            }
        }

        /// <summary>
        /// The peer repeats its acknowledgment, and cannot say what it has.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Duplicate(TcpControlBlock block, int now)
        {
            if (_congestion.Duplicate(block, TcpOutput.HasMore(block)))
            {
                _detection.MarkFirstLost(block);
                _output.RetransmitFirst(block, now);
            }
        }

        /// <summary>
        /// Draws the conclusion from what answers a tail loss probe (RFC 8985 section 7.4.2). Did the probe repeat text, and is
        /// more acknowledged than it carried, with no word that it came twice, then it has repaired a loss that nothing else told of.
        /// </summary>
        /// <param name="block">The connection, a probe under way, SND.UNA not moved yet.</param>
        /// <param name="segment">A segment that acknowledges.</param>
        internal void EndTailProbe(TcpControlBlock block, TcpSegment segment)
        {
            uint acknowledgment = segment.Acknowledgment;
            if (SequenceNumber.Before(acknowledgment, block.TailProbeEnd))
            {
                return;
            }

            if ((block.TailProbe & TcpLossDetection.ProbeRepeats) != 0 && !TcpSack.TellsOfDuplicate(segment, block.TailProbeEnd))
            {
                if (acknowledgment != block.TailProbeEnd)
                {
                    _congestion.WasRepaired(block, block.TailProbeEnd);
                }
                else if (acknowledgment != block.SndUna || segment.SackBlocks > 0 || segment.Length() > 0 || segment.Window != block.SndWnd)
                {
                    // the probe may have arrived, or what it repeats: what comes next tells. A mere duplicate is the answer to the
                    // second of the two
                    return;
                }
            }

            block.TailProbe &= TcpLossDetection.ProbeUntimed;
        }

        /// <summary>
        /// Looks for losses after an acknowledgment from a peer that acknowledges selectively, or when it is time to.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void DetectLosses(TcpControlBlock block, int now)
        {
            if (_detection.Detect(block, now) && _congestion.EnterRecovery(block))
            {
                // what a probe has repaired belongs to this loss, and is not held against the network once more
                block.TailProbe &= TcpLossDetection.ProbeUntimed;
                _output.RetransmitFirst(block, now);
            }

            block.OutputPending = true;
        }

        /// <summary>
        /// Takes the selective acknowledgment of a segment in.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="segment">The segment.</param>
        /// <param name="moved">Whether it has moved SND.UNA.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Selective(TcpControlBlock block, TcpSegment segment, bool moved, int now)
        {
            if (!moved)
            {
                _detection.BeginAcknowledgment();
            }

            bool news = segment.SackBlocks > 0 && TcpSack.Read(block, segment, _detection, now);
            if (news && Measure(block) && block.RetransmitRunning && block.RetransmitAt - now > block.Rto)
            {
                // what was backed off while nothing came through is right again, now that something does
                block.RetransmitAt = now + block.Rto;
            }

            if (news || (moved && block.SndUna != block.SndMax))
            {
                DetectLosses(block, now);
            }
        }

        /// <summary>
        /// Takes the window that the peer tells of.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="segment">A segment that is newer than the one that the window was taken from.</param>
        internal static void TakeWindow(TcpControlBlock block, TcpSegment segment)
        {
            block.SndWnd = segment.Window;
            if (SequenceNumber.Before(block.SndWl1, segment.Sequence))
            {
                block.SndWl1 = segment.Sequence;
            }

            block.SndWl2 = segment.Acknowledgment;
            if (segment.Window > block.MaxSndWnd)
            {
                block.MaxSndWnd = segment.Window;
            }
        }

        private bool Measure(TcpControlBlock block)
        {
            int roundTrip = _detection.TakeRoundTrip();
            if (roundTrip < 0)
            {
                return false;
            }

            RetransmissionTimer.Measure(block, roundTrip, _minimumRto);
            block.TailProbe &= ~TcpLossDetection.ProbeUntimed;
            return true;
        }

        /// <summary>
        /// Returns what is acknowledged to the pool.
        /// </summary>
        private void Release(TcpControlBlock block, uint acknowledgment, int now)
        {
            FrameQueue queue = block.SendQueue;
            Frame frame = queue.Head;
            while (frame != null && (int)(frame.Sequence + (uint)frame.PayloadLength - acknowledgment) <= 0)
            {
                // what was selectively acknowledged before has been there for longer
                if ((frame.Marks & TcpLossDetection.Sacked) == 0)
                {
                    _detection.Delivered(block, frame, now);
                }

                _detection.ClearLost(block, frame);
                _pool.Return(queue.Dequeue());
                frame = queue.Head;
            }

            if (frame != null && SequenceNumber.Before(frame.Sequence, acknowledgment))
            {
                if ((frame.Marks & TcpLossDetection.Repeated) != 0)
                {
                    _detection.DistrustRoundTrip();
                }

                if (acknowledgment == block.SndMax)
                {
                    // all that was sent of it has arrived
                    _detection.ClearLost(block, frame);
                }
            }
        }
    }
}
