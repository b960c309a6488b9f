// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// What the application wrote and the peer has not acknowledged. Owns <see cref="TcpControlBlock.SndEnd"/>,
    /// <see cref="TcpControlBlock.FinQueued"/>, <see cref="TcpControlBlock.NoDelay"/>, and what is in <see cref="TcpControlBlock.SendQueue"/>.
    /// </summary>
    internal static class SendQueue
    {
        /// <summary>
        /// Nothing is written yet: the first byte follows our SYN.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="iss">ISS.</param>
        internal static void Begin(TcpControlBlock block, uint iss)
        {
            block.SndEnd = iss + 1;
        }

        /// <summary>
        /// Whether small segments are sent at once (no Nagle algorithm).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="noDelay">True to send at once.</param>
        internal static void SetNoDelay(TcpControlBlock block, bool noDelay)
        {
            block.NoDelay = noDelay;
        }

        /// <summary>
        /// Puts an empty frame at the end.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The frame; the caller's reference becomes the queue's.</param>
        internal static void AddFrame(TcpControlBlock block, Frame frame)
        {
            frame.PayloadOffset = TcpTransmitter.TextStart;
            frame.PayloadLength = 0;
            frame.SummedLength = 0;
            frame.Sequence = block.SndEnd;
            frame.Marks = 0;
            block.SendQueue.Enqueue(frame);
        }

        /// <summary>
        /// Text was written behind what the last frame has.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The last frame.</param>
        /// <param name="count">Bytes.</param>
        internal static void AddText(TcpControlBlock block, Frame frame, int count)
        {
            frame.PayloadLength += count;
            block.SendQueue.Bytes += count;
            block.SndEnd += (uint)count;
        }

        /// <summary>
        /// The application has closed its direction: a FIN follows the last byte.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void AddFin(TcpControlBlock block)
        {
            block.FinQueued = true;
        }

        /// <summary>
        /// Takes what is acknowledged off the front of a segment that is sent again, so that it begins at SND.UNA. That is done
        /// now and not with each acknowledgment: a peer that acknowledges byte by byte would have the text moved as often.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">A frame of its queue.</param>
        /// <returns>How many bytes it was.</returns>
        internal static int TakeOffAcknowledged(TcpControlBlock block, Frame frame)
        {
            int known = (int)(block.SndUna - frame.Sequence);
            if (known <= 0)
            {
                return 0;
            }

            frame.PayloadLength -= known;
            frame.Remove(TcpTransmitter.TextStart, known, frame.PayloadLength);
            frame.Sequence = block.SndUna;
            frame.SummedLength = 0;
            block.SendQueue.Bytes -= known;
            return known;
        }

        /// <summary>
        /// Room in the last frame. Only one of which nothing was sent may still grow: what is retransmitted is what was sent.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="limit">Bytes of text in a full segment.</param>
        /// <returns>Bytes.</returns>
        internal static int RoomInTail(TcpControlBlock block, int limit)
        {
            Frame tail = block.SendQueue.Tail;
            return tail == null || SequenceNumber.Before(tail.Sequence, block.SndMax) ? 0 : RoomIn(tail, limit);
        }

        /// <summary>
        /// Room in a frame, up to a full segment.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="limit">Bytes of text in a full segment.</param>
        /// <returns>Bytes.</returns>
        internal static int RoomIn(Frame frame, int limit)
        {
            int capacity = frame.Capacity - TcpTransmitter.TextStart;
            int room = (capacity < limit ? capacity : limit) - frame.PayloadLength;
            return room > 0 ? room : 0;
        }
    }
}
