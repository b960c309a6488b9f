// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// The options behind a TCP header (RFC 9293 section 3.2): the maximum segment size and selective acknowledgment. Others,
    /// known or not, are passed over (MUST-6).
    /// </summary>
    internal static class TcpOptions
    {
        /// <summary>Kind: one byte that fills up.</summary>
        internal const int KindNoOperation = 1;

        /// <summary>Kind: blocks that have arrived after a gap (RFC 2018 section 3).</summary>
        internal const int KindSack = 5;

        /// <summary>Bytes that the maximum segment size takes.</summary>
        internal const int MaximumSegmentSizeLength = 4;

        /// <summary>Bytes that "SACK permitted" takes, filled up to a whole 32-bit word.</summary>
        internal const int SackPermittedLength = 4;

        private const int KindEnd = 0;
        private const int KindMaximumSegmentSize = 2;
        private const int KindSackPermitted = 4;
        private const int SackBlockLength = 8;

        /// <summary>
        /// Reads the options of a segment. They need not lie on even offsets (MUST-64); at an impossible length the rest is not
        /// looked at (MUST-7). Of an option that stands twice the first counts.
        /// </summary>
        /// <param name="segment">The segment, its flags and text offset known; is filled.</param>
        /// <param name="frame">The frame.</param>
        /// <param name="offset">Offset of the first option; they end where the text begins.</param>
        internal static void Read(TcpSegment segment, Frame frame, int offset)
        {
            bool syn = (segment.Flags & TcpHeader.Syn) != 0;
            bool low = frame.LowByteFirst;
            ushort[] words = frame.Words;
            int end = segment.TextOffset;
            while (offset < end)
            {
                // most begin at even offsets: then kind and length are one word, which the frame holds even behind the end
                bool even = (offset & 1) == 0;
                int pair = words[(offset >> 1) + Frame.PrefixWords];
                if (low)
                {
                    pair = ((pair & 0xFF) << 8) | (pair >> 8);
                }

                int kind = even ? pair >> 8 : pair & 0xFF;
                if (kind == KindEnd)
                {
                    break;
                }

                if (kind == KindNoOperation)
                {
                    offset++;
                    continue;
                }

                if (offset + 1 >= end)
                {
                    break;
                }

                int length = even ? pair & 0xFF : frame.GetByte(offset + 1);
                if (length < 2 || offset + length > end)
                {
                    break;
                }

                if (syn)
                {
                    if (kind == KindMaximumSegmentSize && length == MaximumSegmentSizeLength && segment.MaximumSegmentSize == 0)
                    {
                        pair = even ? words[(offset >> 1) + Frame.PrefixWords + 1] : 0;
                        segment.MaximumSegmentSize = even
                            ? low ? ((pair & 0xFF) << 8) | (pair >> 8) : pair
                            : (frame.GetByte(offset + 2) << 8) | frame.GetByte(offset + 3);
                    }
                    else if (kind == KindSackPermitted && length == 2)
                    {
                        segment.SackPermitted = true;
                    }

                    if (segment.SackPermitted && segment.MaximumSegmentSize != 0)
                    {
                        // nothing that follows could change what is known
                        break;
                    }
                }
                else if (kind == KindSack && (length - 2) % SackBlockLength == 0 && segment.SackBlocks == 0)
                {
                    segment.SackBlocks = length / SackBlockLength;
                    segment.SackOffset = offset + 2;
                }

                offset += length;
            }
        }

        /// <summary>
        /// Writes what a SYN tells of us.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="offset">Where to, even.</param>
        /// <param name="segmentSize">The largest segment that we take, in bytes.</param>
        /// <param name="sackPermitted">Whether selective acknowledgments are understood and will be sent.</param>
        /// <returns>Bytes written, a multiple of 4.</returns>
        internal static int WriteSyn(Frame frame, int offset, int segmentSize, bool sackPermitted)
        {
            // as the words lie, for all but one are known beforehand
            bool low = frame.LowByteFirst;
            ushort[] words = frame.Words;
            int index = (offset >> 1) + Frame.PrefixWords;
            words[index] = (ushort)(low ? (MaximumSegmentSizeLength << 8) | KindMaximumSegmentSize : (KindMaximumSegmentSize << 8) | MaximumSegmentSizeLength);
            words[index + 1] = (ushort)(low ? ((segmentSize & 0xFF) << 8) | (segmentSize >> 8) : segmentSize);
            if (!sackPermitted)
            {
                return MaximumSegmentSizeLength;
            }

            words[index + 2] = (KindNoOperation << 8) | KindNoOperation;
            words[index + 3] = (ushort)(low ? (2 << 8) | KindSackPermitted : (KindSackPermitted << 8) | 2);
            return MaximumSegmentSizeLength + SackPermittedLength;
        }

        /// <summary>
        /// Reads a 32-bit number that need not lie on an even offset.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="offset">Its offset.</param>
        /// <returns>The number.</returns>
        internal static uint ReadUInt32(Frame frame, int offset)
        {
            if ((offset & 1) == 0)
            {
                return frame.GetUInt32(offset);
            }

            return ((uint)frame.GetByte(offset) << 24) | ((uint)frame.GetUInt16(offset + 1) << 8) | (uint)frame.GetByte(offset + 3);
        }
    }
}
