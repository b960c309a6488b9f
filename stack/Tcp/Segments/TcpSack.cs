// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Selective acknowledgment (RFC 2018): what has arrived after a gap, told to the peer and heard from it.
    /// </summary>
    /// <remarks>
    /// Blocks are sent on acknowledgments without text only: the text of our segments always begins at the same offset.
    /// </remarks>
    internal static class TcpSack
    {
        /// <summary>Blocks told to the peer at most: with the two bytes that put them on whole words, four fill the 40 bytes of options.</summary>
        private const int MostBlocks = 4;

        private const int BlockLength = 8;

        /// <summary>What <see cref="Read"/> returns if all was known before.</summary>
        internal const int NoNews = -3;

        /// <summary>Two no-operations, which put the blocks on whole words, kind and length.</summary>
        private const int Prefix = 4;

        /// <summary>
        /// Bytes that the option takes in an acknowledgment.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="duplicate">Whether to tell of text that had arrived before.</param>
        /// <returns>Bytes, a multiple of 4; 0 where there is nothing to tell.</returns>
        internal static int OptionLength(TcpControlBlock block, bool duplicate)
        {
            if (!block.SackPermitted)
            {
                return 0;
            }

            int blocks = duplicate ? 1 : 0;
            Frame frame = block.OutOfOrderQueue.Head;
            while (frame != null && blocks < MostBlocks)
            {
                blocks++;
                frame = LastOfBlock(frame).Next;
            }

            return blocks == 0 ? 0 : Prefix + (blocks * BlockLength);
        }

        /// <summary>
        /// Writes the option: the block with the text that arrived last, then those that were told first most recently (RFC 2018
        /// section 4). So the peer learns of each block several times, even if acknowledgments are lost.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The frame.</param>
        /// <param name="offset">Where to, even.</param>
        /// <param name="length">What <see cref="OptionLength"/> has said.</param>
        /// <param name="duplicateStart">Sequence number of text that had arrived before: a block that tells of it comes first (RFC 2883
        /// section 4).</param>
        /// <param name="duplicateEnd">The number behind it; the same number where there is none.</param>
        internal static void Write(
            TcpControlBlock block,
            Frame frame,
            int offset,
            int length,
            uint duplicateStart,
            uint duplicateEnd)
        {
            frame.SetUInt16(offset, (TcpOptions.KindNoOperation << 8) | TcpOptions.KindNoOperation);
            frame.SetUInt16(offset + 2, (TcpOptions.KindSack << 8) | (length - 2));
            int end = offset + length;
            offset += Prefix;
            if (duplicateStart != duplicateEnd)
            {
                offset = WriteBlock(frame, offset, duplicateStart, duplicateEnd);
            }

            bool any = false;
            int number = 0;
            while (offset < end)
            {
                // the latest of those that are left. There are few, so they are looked through again rather than sorted
                Frame latest = null;
                int latestNumber = 0;
                Frame first = block.OutOfOrderQueue.Head;
                while (first != null)
                {
                    int arrival = LatestArrival(first);
                    if ((!any || arrival - number < 0) && (latest == null || arrival - latestNumber > 0))
                    {
                        latest = first;
                        latestNumber = arrival;
                    }

                    first = LastOfBlock(first).Next;
                }

                offset = WriteBlock(frame, offset, latest.Sequence, End(LastOfBlock(latest)));
                number = latestNumber;
                any = true;
            }
        }

        /// <summary>
        /// Notes what the peer says has arrived: the scoreboard is the marks on the segments of the send queue.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="segment">A segment with the option.</param>
        /// <param name="detection">Is told of each segment that has arrived.</param>
        /// <param name="roundTrip">The round trip that the acknowledgment has told of so far.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns><see cref="NoNews"/>, or the round trip that it tells of now, as <see cref="TcpLossDetection.NoteDelivery"/> says it.</returns>
        internal static int Read(TcpControlBlock block, TcpSegment segment, TcpLossDetection detection, int roundTrip, int now)
        {
            bool news = false;
            int offset = segment.SackOffset;
            for (int i = segment.SackBlocks; i > 0; i--)
            {
                uint start = TcpOptions.ReadUInt32(segment.Frame, offset);
                uint end = TcpOptions.ReadUInt32(segment.Frame, offset + 4);
                offset += BlockLength;

                // what was acknowledged before (RFC 2883), and what was never sent, tells nothing
                uint reach = end - block.SndUna;
                if (start - block.SndUna >= reach || reach > block.SndMax - block.SndUna)
                {
                    continue;
                }

                Frame frame = block.SendQueue.Head;
                while (frame != null && SequenceNumber.Before(frame.Sequence, end))
                {
                    if ((frame.Marks & TcpLossDetection.Sacked) == 0
                        && SequenceNumber.BeforeOrAt(start, frame.Sequence) && SequenceNumber.BeforeOrAt(End(frame), end))
                    {
                        news = true;
                        roundTrip = detection.NoteDelivery(block, frame, roundTrip, now);
                        detection.MarkSacked(block, frame);
                    }

                    frame = frame.Next;
                }
            }

            return news ? roundTrip : NoNews;
        }

        /// <summary>
        /// Whether the first block tells of text that has arrived twice (D-SACK, RFC 2883 section 4.1): it lies before what is
        /// acknowledged, as it ends at a number that is.
        /// </summary>
        /// <param name="segment">A segment that acknowledges at least as far.</param>
        /// <param name="end">The number behind the text.</param>
        /// <returns>Whether it does.</returns>
        internal static bool TellsOfDuplicate(TcpSegment segment, uint end)
        {
            return segment.SackBlocks > 0 && TcpOptions.ReadUInt32(segment.Frame, segment.SackOffset + 4) == end;
        }

        private static uint End(Frame frame) => frame.Sequence + (uint)frame.PayloadLength;

        private static Frame LastOfBlock(Frame frame)
        {
            Frame next = frame.Next;
            while (next != null && next.Sequence == End(frame))
            {
                frame = next;
                next = frame.Next;
            }

            return frame;
        }

        private static int LatestArrival(Frame first)
        {
            Frame last = LastOfBlock(first);
            int latest = first.SentAt;
            while (first != last)
            {
                first = first.Next;
                if (first.SentAt - latest > 0)
                {
                    latest = first.SentAt;
                }
            }

            return latest;
        }

        private static int WriteBlock(Frame frame, int offset, uint start, uint end)
        {
            frame.SetUInt32(offset, start);
            frame.SetUInt32(offset + 4, end);
            return offset + BlockLength;
        }
    }
}
