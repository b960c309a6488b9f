// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Frames
{
    /// <summary>
    /// The one's complement sum that IPv4, ICMP, UDP and TCP carry (RFC 1071).
    /// </summary>
    /// <remarks>
    /// Sums run over the words as they lie, in either word order: swapping the bytes of every addend swaps the bytes of the
    /// sum (RFC 1071 section 2 (B)), so a sum that is stored the way it was computed is right on the wire.
    /// </remarks>
    public static class InternetChecksum
    {
        /// <summary>
        /// Adds words without folding the carries. 65 537 words fit a 32-bit sum, a frame has under 800.
        /// </summary>
        /// <param name="sum">The sum so far.</param>
        /// <param name="words">The words.</param>
        /// <param name="index">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <returns>The new sum, not folded.</returns>
        public static uint Add(uint sum, ushort[] words, int index, int count)
        {
            // unrolled: on the interpreter the loop around an addition costs as much as the addition
            int end = index + count;
            int unrolledEnd = end - 7;
            while (index < unrolledEnd)
            {
                sum += (uint)(words[index] + words[index + 1] + words[index + 2] + words[index + 3]
                    + words[index + 4] + words[index + 5] + words[index + 6] + words[index + 7]);
                index += 8;
            }

            while (index < end)
            {
                sum += words[index++];
            }

            return sum;
        }

        /// <summary>
        /// Adds bytes of a frame; an odd last byte counts as if a zero followed it (RFC 1071 section 1).
        /// </summary>
        /// <param name="sum">The sum so far.</param>
        /// <param name="frame">The frame.</param>
        /// <param name="offset">Offset of the first byte, even.</param>
        /// <param name="length">Number of bytes.</param>
        /// <returns>The new sum, not folded.</returns>
        public static uint Add(uint sum, Frame frame, int offset, int length)
        {
            ushort[] words = frame.Words;
            int index = (offset >> 1) + Frame.PrefixWords;
            sum = Add(sum, words, index, length >> 1);
            if ((length & 1) != 0)
            {
                int last = words[index + (length >> 1)];
                sum += (uint)(frame.LowByteFirst ? last & 0x00FF : last & 0xFF00);
            }

            return sum;
        }

        /// <summary>
        /// Folds the carries into 16 bits.
        /// </summary>
        /// <param name="sum">A sum.</param>
        /// <returns>The folded sum, 0 to 0xFFFF. Over data that includes its own checksum it is 0xFFFF.</returns>
        public static uint Fold(uint sum)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
            return (sum & 0xFFFF) + (sum >> 16);
        }

        /// <summary>
        /// The checksum field for a sum: its one's complement, folded.
        /// </summary>
        /// <param name="sum">A sum over the data with the checksum field zero.</param>
        /// <returns>The word to store as it is.</returns>
        public static int Complement(uint sum) => (int)(~Fold(sum) & 0xFFFF);
    }
}
