// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <content>
    /// What is sent because nothing is heard: probes of the end of a flight, and of a window that does not open.
    /// </content>
    internal sealed partial class TcpOutput
    {
        /// <summary>
        /// Sends something more, so that the peer acknowledges what it has: new text if there is some, else the last segment
        /// again (RFC 8985 section 7.3).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void SendTailProbe(TcpControlBlock block, int now)
        {
            if (!_ethernet.HasRoom)
            {
                return;
            }

            Frame last = null;
            Frame frame = block.SendQueue.Head;
            while (frame != null && SequenceNumber.Before(frame.Sequence, block.SndNxt))
            {
                last = frame;
                frame = frame.Next;
            }

            bool fits = frame != null && frame.Sequence == block.SndNxt
                && SendWindow.From(block, frame.Sequence) >= frame.PayloadLength;
            if (fits)
            {
                TransmitNew(block, frame, frame.PayloadLength, now);
            }
            else if (last != null)
            {
                Retransmit(block, last, now);
            }
            else
            {
                return;
            }

            _counters._tailProbes++;
            TailLossProbe.Begin(block, !fits);
            SendTimer.RestartRetransmission(block, now + block.Rto);
        }

        /// <summary>
        /// The persist timer has expired. If the window is closed, one byte goes out so that the peer tells it again (RFC 9293
        /// section 3.8.6.1). If it is merely small, it has been waited for long enough, and what fits is sent (section 3.8.6.2.1).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it was a probe: the timer goes on.</returns>
        internal bool SendPersistent(TcpControlBlock block, int now)
        {
            Frame frame = block.SendQueue.Head;
            if (frame == null)
            {
                return false;
            }

            SendQueue.TakeOffAcknowledged(block, frame);
            TcpLossDetection.MarkIfRepeated(block, frame);
            bool probe = block.SndWnd == 0;
            int length = probe ? 1 : block.SndWnd;
            if (length > frame.PayloadLength)
            {
                length = frame.PayloadLength;
            }

            _transmitter.SendText(block, frame, length, TcpHeader.Ack | TcpHeader.Psh);
            uint end = frame.Sequence + (uint)length;
            if (!probe)
            {
                frame.SentAt = now;
                Advance(block, end, now);
                return false;
            }

            _counters._windowProbes++;
            SendSequence.NoteProbe(block, end);

            return true;
        }
    }
}
