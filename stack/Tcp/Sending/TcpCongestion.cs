// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// How much the network is trusted with: slow start, congestion avoidance, fast retransmit (RFC 5681), growth by bytes (RFC
    /// 3465), limited transmit (RFC 3042) and NewReno's fast recovery (RFC 6582). Owns <see cref="TcpControlBlock.CongestionWindow"/>,
    /// <see cref="TcpControlBlock.SlowStartThreshold"/>, <see cref="TcpControlBlock.AcknowledgedBytes"/>,
    /// <see cref="TcpControlBlock.DuplicateAcks"/>, and what is known of the recovery.
    /// </summary>
    internal sealed class TcpCongestion
    {
        /// <summary>Duplicate acknowledgments that tell of a loss (RFC 5681 section 3.2).</summary>
        private const int DuplicateThreshold = 3;

        /// <summary>Segments that may follow duplicate acknowledgments before they tell of a loss (RFC 3042 section 2).</summary>
        private const int LimitedTransmit = 2;

        private readonly bool _enabled;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpCongestion"/> class.
        /// </summary>
        /// <param name="enabled">False to trust the network with all that the peer's window allows.</param>
        internal TcpCongestion(bool enabled)
        {
            _enabled = enabled;
        }

        /// <summary>
        /// The initial window: up to four small segments, three middling ones or two large ones (RFC 5681 section 3.1).
        /// </summary>
        /// <param name="block">The connection, its MSS known.</param>
        internal void Begin(TcpControlBlock block)
        {
            block.CongestionWindow = _enabled ? InitialWindow(block.SndMss) : TcpAcceptability.LargestWindow;
            block.SlowStartThreshold = int.MaxValue;
            block.DuplicateAcks = 0;
            block.AcknowledgedBytes = 0;
            block.InRecovery = false;
        }

        /// <summary>
        /// The peer has acknowledged something new.
        /// </summary>
        /// <param name="block">The connection, SND.UNA moved.</param>
        /// <param name="bytes">How far it moved.</param>
        /// <returns>Whether the first segment that is not acknowledged was lost too, and is to be sent again at once.</returns>
        internal bool NoteAcknowledgment(TcpControlBlock block, int bytes)
        {
            int mss = block.SndMss;
            block.DuplicateAcks = 0;
            bool repairing = block.Recovered;
            bool full = (int)(block.SndUna - block.RecoveryPoint) >= 0;
            if (full)
            {
                // from here on it does not count: in 2^31 bytes it would lie ahead again
                block.Recovered = false;
            }

            if (block.InRecovery)
            {
                if (full)
                {
                    // RFC 6582 section 3.2 step 3, full acknowledgment: leave recovery with what is safe
                    block.InRecovery = false;
                    SetWindow(block, block.SlowStartThreshold);
                    return false;
                }

                if (!block.SackPermitted)
                {
                    // partial acknowledgment: what left the network makes room, and the next hole is known
                    int window = block.CongestionWindow - bytes + (bytes >= mss ? mss : 0);
                    SetWindow(block, window < mss ? mss : window);
                }

                return true;
            }

            if (block.CongestionWindow < TcpAcceptability.LargestWindow)
            {
                // two segments an acknowledgment at most; one after a timeout, where it may cover what had arrived before (RFC 3465
                // sections 2.2 and 2.3, L)
                GrowByBytes(block, bytes, repairing ? mss : mss << 1);
            }

            return false;
        }

        /// <summary>
        /// The peer has repeated itself: something after a gap has reached it.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="hasMore">Whether the peer's window lets unsent text go, which can bring more duplicates.</param>
        /// <returns>Whether the first segment that is not acknowledged is to be sent again at once.</returns>
        internal bool NoteDuplicate(TcpControlBlock block, bool hasMore)
        {
            block.DuplicateAcks++;
            int mss = block.SndMss;
            if (block.InRecovery)
            {
                // each says that one more segment has left the network (RFC 5681 section 3.2 step 4)
                if (block.CongestionWindow < TcpAcceptability.LargestWindow)
                {
                    block.CongestionWindow += mss;
                }

                return false;
            }

            int threshold = DuplicateThreshold;
            if (!hasMore)
            {
                // with few segments under way and none to follow three duplicates can never come: one less than there are must do
                // (RFC 5827 section 2)
                int expected = SegmentsUnderWay(block) - 1;
                if (expected > 0 && expected < threshold)
                {
                    threshold = expected;
                }
            }

            // RFC 6582 section 3.2 step 1: duplicates of what was sent before the last recovery tell nothing new
            if (block.DuplicateAcks < threshold || !EnterRecovery(block))
            {
                return false;
            }

            // what the duplicates tell of has left the network (RFC 5681 section 3.2 step 3)
            SetWindow(block, block.SlowStartThreshold + (threshold * mss));
            return true;
        }

        /// <summary>
        /// Bytes that may be under way beyond the congestion window: a segment for each of the first duplicates, since each says
        /// that one has left the network, and what follows keeps duplicates coming (RFC 3042). cwnd itself does not change. For who
        /// acknowledges selectively there are none: there what has arrived is not counted as under way.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Bytes.</returns>
        internal static int AllowanceBeyond(TcpControlBlock block)
        {
            int duplicates = block.DuplicateAcks;
            if (block.InRecovery || (block.Recovered && SequenceNumber.Before(block.SndUna, block.RecoveryPoint)))
            {
                return 0;
            }

            return (duplicates < LimitedTransmit ? duplicates : LimitedTransmit) * block.SndMss;
        }

        /// <summary>
        /// A loss was noticed: half of what was under way, once for each window (RFC 5681 section 3.2, RFC 6675 section 5).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>False if it belongs to a loss that was noticed before.</returns>
        internal bool EnterRecovery(TcpControlBlock block)
        {
            // while a loss is being repaired, or what was sent before it
            if (block.Recovered && SequenceNumber.Before(block.SndUna, block.RecoveryPoint))
            {
                return false;
            }

            Reduce(block);
            block.RecoveryPoint = block.SndMax;
            block.Recovered = true;
            block.InRecovery = true;
            return true;
        }

        /// <summary>
        /// A loss was repaired before it was noticed (RFC 8985 section 7.4.2): the reaction is the same, and over with the
        /// acknowledgment that tells of it.
        /// </summary>
        /// <param name="block">The connection, SND.UNA not moved yet.</param>
        /// <param name="end">The number behind what was sent then.</param>
        internal void NoteRepair(TcpControlBlock block, uint end)
        {
            if (EnterRecovery(block))
            {
                block.RecoveryPoint = end;
            }
        }

        /// <summary>
        /// The retransmission timer has expired: half of what was under way, and start again with one segment.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void NoteTimeout(TcpControlBlock block)
        {
            // a second timeout of the same segment says nothing new about the network (RFC 5681 section 3.1)
            if (block.Retransmits <= 1)
            {
                block.SlowStartThreshold = Half(block, (int)(block.SndMax - block.SndUna));
            }

            block.AcknowledgedBytes = 0;
            SetWindow(block, block.SndMss);
            block.RecoveryPoint = block.SndMax;
            block.Recovered = true;
            block.InRecovery = false;
            block.DuplicateAcks = 0;
        }

        /// <summary>
        /// Nothing was under way for longer than a retransmission timeout: what was learnt is no longer true (RFC 5681 section 4.1).
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void NoteIdle(TcpControlBlock block)
        {
            int window = InitialWindow(block.SndMss);
            if (block.CongestionWindow > window)
            {
                SetWindow(block, window);
            }
        }

        /// <summary>
        /// Our SYN had to be repeated: begin with one segment (RFC 5681 section 3.1).
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void NoteLostSyn(TcpControlBlock block)
        {
            SetWindow(block, block.SndMss);
        }

        /// <summary>
        /// Trusts the network with half of what is under way; what limited transmit has sent beyond the window does not count (RFC
        /// 5681 section 3.2 step 2).
        /// </summary>
        /// <param name="block">The connection, SND.UNA where it was when the loss was noticed.</param>
        private void Reduce(TcpControlBlock block)
        {
            int flight = (int)(block.SndMax - block.SndUna);
            int beyond = flight - block.CongestionWindow;
            int limit = LimitedTransmit * block.SndMss;
            if (beyond > 0)
            {
                flight -= beyond < limit ? beyond : limit;
            }

            block.SlowStartThreshold = Half(block, flight);

            // of the next segment as large a part is earned as before
            block.AcknowledgedBytes >>= 1;
            SetWindow(block, block.SlowStartThreshold);
        }

        private void SetWindow(TcpControlBlock block, int window)
        {
            if (_enabled)
            {
                block.CongestionWindow = window;
            }
        }

        private static int InitialWindow(int mss) => mss * (mss > 2190 ? 2 : mss > 1095 ? 3 : 4);

        private static int SegmentsUnderWay(TcpControlBlock block)
        {
            int count = 0;
            Frame frame = block.SendQueue.Head;
            while (frame != null && SequenceNumber.Before(frame.Sequence, block.SndMax))
            {
                count++;
                frame = frame.Next;
            }

            return count;
        }

        /// <summary>
        /// By bytes, not by acknowledgments: a peer that acknowledges every second segment, or loses acknowledgments, does not halve
        /// the growth, and one that acknowledges each byte does not speed it up.
        /// </summary>
        private static void GrowByBytes(TcpControlBlock block, int bytes, int most)
        {
            if (block.CongestionWindow < block.SlowStartThreshold)
            {
                block.CongestionWindow += bytes < most ? bytes : most;
                return;
            }

            // a segment for each whole window (RFC 5681 section 3.1)
            block.AcknowledgedBytes += bytes;
            if (block.AcknowledgedBytes >= block.CongestionWindow)
            {
                block.AcknowledgedBytes -= block.CongestionWindow;
                block.CongestionWindow += block.SndMss;
            }
        }

        private static int Half(TcpControlBlock block, int flight)
        {
            int half = flight >> 1;
            int least = block.SndMss << 1;
            return half > least ? half : least;
        }
    }
}
