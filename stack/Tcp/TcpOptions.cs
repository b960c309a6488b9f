// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// The options behind a TCP header (RFC 9293 section 3.2). Only the maximum segment size matters here; others are passed over.
    /// </summary>
    public static class TcpOptions
    {
        /// <summary>Bytes that our one option, the maximum segment size, takes.</summary>
        public const int MaximumSegmentSizeLength = 4;

        private const int KindEnd = 0;
        private const int KindNoOperation = 1;
        private const int KindMaximumSegmentSize = 2;

        /// <summary>
        /// Looks for the maximum segment size.
        /// </summary>
        /// <param name="frame">The frame, its TCP header checked.</param>
        /// <param name="offset">Offset of the first option.</param>
        /// <param name="end">Offset behind the last one.</param>
        /// <returns>The value, or 0 where there is none. At an impossible length the rest is not looked at (MUST-7).</returns>
        public static int FindMaximumSegmentSize(Frame frame, int offset, int end)
        {
            while (offset < end)
            {
                int kind = frame.GetByte(offset);
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

                int length = frame.GetByte(offset + 1);
                if (length < 2 || offset + length > end)
                {
                    break;
                }

                if (kind == KindMaximumSegmentSize && length == MaximumSegmentSizeLength)
                {
                    // options need not lie on even offsets (MUST-64)
                    return (frame.GetByte(offset + 2) << 8) | frame.GetByte(offset + 3);
                }

                offset += length;
            }

            return 0;
        }

        /// <summary>
        /// Writes the maximum segment size option.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="offset">Where to, even.</param>
        /// <param name="value">The largest segment that we take, in bytes.</param>
        internal static void WriteMaximumSegmentSize(Frame frame, int offset, int value)
        {
            frame.SetUInt16(offset, (KindMaximumSegmentSize << 8) | MaximumSegmentSizeLength);
            frame.SetUInt16(offset + 2, value);
        }
    }
}
