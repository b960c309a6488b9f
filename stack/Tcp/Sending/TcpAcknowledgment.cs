// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// What follows when the peer acknowledges something new: frames, round trip time, congestion window and timer. Owns
    /// <see cref="TcpControlBlock.AcknowledgedAt"/>.
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
            RetransmissionTimeout.Measure(block, milliseconds, _minimumRto);
        }

        /// <summary>
        /// Undoes what timeouts have made of the RTO that say nothing of the path.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void RestoreTimeout(TcpControlBlock block)
        {
            RetransmissionTimeout.Restore(block, _minimumRto);
        }

        /// <summary>
        /// SND.UNA moves: frames that are wholly acknowledged go back to the pool, timers and windows follow.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="acknowledgment">SEG.ACK, after SND.UNA and not after the highest number sent.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Advance(TcpControlBlock block, uint acknowledgment, int now)
        {
            int bytes = (int)(acknowledgment - block.SndUna);
            SendSequence.Acknowledge(block, acknowledgment);
            Measure(block, Release(block, acknowledgment, now));

            RetransmissionTimeout.ForgetExpiries(block);
            SendTimer.ForgetProbes(block);
            UserTimeout.Restart(block, now);
            block.AcknowledgedAt = now;
            if (block.SoftError != SocketError.Success)
            {
                // it has passed, and does not say why the connection fails another day
                TcpErrors.Forget(block);
            }

            if (acknowledgment == block.SndMax)
            {
                TcpLossDetection.ForgetFlight(block);
            }

            RestartTimer(block, now);

            bool partial = _congestion.NoteAcknowledgment(block, bytes);
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
        internal void ProcessDuplicate(TcpControlBlock block, int now)
        {
            if (_congestion.NoteDuplicate(block, TcpOutput.HasMore(block)))
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

            if ((block.TailProbe & TailLossProbe.Repeats) != 0 && !TcpSack.TellsOfDuplicate(segment, block.TailProbeEnd))
            {
                if (acknowledgment != block.TailProbeEnd)
                {
                    _congestion.NoteRepair(block, block.TailProbeEnd);
                }
                else if (acknowledgment != block.SndUna || segment.SackBlocks > 0 || segment.Length() > 0 || segment.Window != block.SndWnd)
                {
                    // the probe may have arrived, or what it repeats: what comes next tells. A mere duplicate is the answer to the
                    // second of the two
                    return;
                }
            }

            TailLossProbe.End(block);
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
                TailLossProbe.End(block);
                _output.RetransmitFirst(block, now);
            }

            TcpOutput.Request(block);
        }

        /// <summary>
        /// Takes the selective acknowledgment of a segment in.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="segment">The segment.</param>
        /// <param name="moved">Whether it has moved SND.UNA.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void ProcessSelective(TcpControlBlock block, TcpSegment segment, bool moved, int now)
        {
            // if it has moved SND.UNA, the first segment that it covers was timed
            bool news = false;
            if (segment.SackBlocks > 0)
            {
                int roundTrip = TcpSack.Read(block, segment, _detection, moved ? TcpLossDetection.Distrusted : TcpLossDetection.Untimed, now);
                news = roundTrip != TcpSack.NoNews;
                if (Measure(block, roundTrip) && SendTimer.AwaitsAcknowledgment(block) && block.RetransmitAt - now > block.Rto)
                {
                    // what was backed off while nothing came through is right again, now that something does
                    SendTimer.RestartRetransmission(block, now + block.Rto);
                }
            }

            if (news || (moved && block.SndUna != block.SndMax))
            {
                DetectLosses(block, now);
            }
        }

        /// <summary>
        /// RFC 6298 section 5.2 and 5.3.
        /// </summary>
        private void RestartTimer(TcpControlBlock block, int now)
        {
            if (block.SendTimer == SendTimerKind.Persist)
            {
                // the output that follows decides whether there is something to wait for but the window
                return;
            }

            if (block.SndUna == block.SndMax)
            {
                SendTimer.Stop(block);
                return;
            }

            int timeout = block.Rto;
            Frame head = block.SendQueue.Head;
            if (head != null && (head.Marks & TcpLossDetection.Sacked) != 0)
            {
                // who has the first segment would acknowledge it: the peer has thrown away what it had (RFC 2018 section 8). It is
                // there, so a timeout that was backed off while it was silent is not waited for
                timeout = RetransmissionTimeout.Timeout(block, _minimumRto);
            }

            SendTimer.RestartRetransmission(block, now + timeout);
        }

        private bool Measure(TcpControlBlock block, int roundTrip)
        {
            if (roundTrip < 0)
            {
                return false;
            }

            RetransmissionTimeout.Measure(block, roundTrip, _minimumRto);
            TailLossProbe.NoteTimed(block);
            return true;
        }

        /// <summary>
        /// Returns what is acknowledged to the pool.
        /// </summary>
        /// <returns>The round trip that it tells of, as <see cref="TcpLossDetection.NoteDelivery"/> says it.</returns>
        private int Release(TcpControlBlock block, uint acknowledgment, int now)
        {
            int roundTrip = TcpLossDetection.Untimed;
            FrameQueue queue = block.SendQueue;
            Frame frame = queue.Head;
            while (frame != null && (int)(frame.Sequence + (uint)frame.PayloadLength - acknowledgment) <= 0)
            {
                // what was selectively acknowledged before has been there for longer
                if ((frame.Marks & TcpLossDetection.Sacked) == 0)
                {
                    roundTrip = _detection.NoteDelivery(block, frame, roundTrip, now);
                }

                _detection.ClearLost(block, frame);
                _pool.Return(queue.Dequeue());
                frame = queue.Head;
            }

            if (frame != null && (int)(frame.Sequence - acknowledgment) < 0)
            {
                if ((frame.Marks & TcpLossDetection.Repeated) != 0)
                {
                    roundTrip = TcpLossDetection.Distrusted;
                }

                if (acknowledgment == block.SndMax)
                {
                    // all that was sent of it has arrived
                    _detection.ClearLost(block, frame);
                }
            }

            return roundTrip;
        }
    }
}
