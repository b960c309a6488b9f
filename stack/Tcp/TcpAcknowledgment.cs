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
        private readonly FramePool _pool;
        private readonly int _minimumRto;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpAcknowledgment"/> class.
        /// </summary>
        /// <param name="output">Repeats what was lost.</param>
        /// <param name="pool">Where acknowledged frames go back to.</param>
        /// <param name="configuration">Times.</param>
        internal TcpAcknowledgment(TcpOutput output, FramePool pool, StackConfiguration configuration)
        {
            _output = output;
            _pool = pool;
            _minimumRto = configuration.TcpMinimumRto;
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
            block.SndUna = acknowledgment;
            if (SequenceNumber.Before(block.SndNxt, acknowledgment))
            {
                block.SndNxt = acknowledgment;
            }

            FrameQueue queue = block.SendQueue;
            Frame frame = queue.Head;
            while (frame != null && (int)(frame.Sequence + (uint)frame.PayloadLength - acknowledgment) <= 0)
            {
                _pool.Return(queue.Dequeue());
                frame = queue.Head;
            }

            if (block.RttRunning && SequenceNumber.BeforeOrAt(block.RttSequence, acknowledgment))
            {
                block.RttRunning = false;
                RetransmissionTimer.Measure(block, now - block.RttStartedAt, _minimumRto);
            }

            // RFC 6298 section 5.2 and 5.3
            block.Retransmits = 0;
            block.Probes = 0;
            block.UnacknowledgedSince = now;
            block.RetransmitRunning = block.SndUna != block.SndMax;
            block.RetransmitAt = now + block.Rto;
            if (TcpCongestion.Acknowledged(block, bytes))
            {
                _output.RetransmitFirst(block, now);
            }
        }

        /// <summary>
        /// The peer repeats its acknowledgment.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Duplicate(TcpControlBlock block, int now)
        {
            if (TcpCongestion.Duplicate(block))
            {
                _output.RetransmitFirst(block, now);
            }
        }
    }
}
