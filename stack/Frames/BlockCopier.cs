// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Frames
{
    /// <summary>
    /// Copies text between frames and an application's bytes, and sums it, in blocks: <see cref="Array.Copy(Array, int, Array, int, int)"/>
    /// moves a block to or from an array of its own, in which each index is a constant. On the interpreter that is half of what the same
    /// work takes with indexes that are computed for each byte.
    /// </summary>
    internal sealed class BlockCopier
    {
        /// <summary>Bytes from which on it pays to sum in blocks.</summary>
        internal const int Worthwhile = LongBlockBytes;

        private const int BlockWords = 16;
        private const int BlockBytes = 2 * BlockWords;

        /// <summary>What takes few instructions, an addition, a word taken apart: there it pays to make the loop around it longer.</summary>
        private const int LongBlockWords = 32;
        private const int LongBlockBytes = 2 * LongBlockWords;

        /// <summary>From so many bytes on, taking half a block apart for a part of it is cheaper than going byte by byte.</summary>
        private const int LongPart = 16;

        /// <summary>Words that are summed at a time.</summary>
        private const int SummedWords = 64;

        /// <summary>From so many words on, summing half a block with zeros behind them is cheaper than a loop.</summary>
        private const int SummedPart = 20;

        private readonly ushort[] _words = new ushort[SummedWords];
        private readonly byte[] _bytes = new byte[LongBlockBytes];

        /// <summary>
        /// Copies bytes out of a frame, as <see cref="Frame.CopyBytesTo"/> does.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="offset">Offset of the first byte in the frame, even or odd.</param>
        /// <param name="destination">Where to.</param>
        /// <param name="index">Index of the first byte there.</param>
        /// <param name="count">Number of bytes.</param>
        internal void CopyOut(Frame frame, int offset, byte[] destination, int index, int count)
        {
            int rest = count & (LongBlockBytes - 1);
            int copied = rest < LongPart ? count - rest : count;
            if ((offset & 1) == 0 && copied > 0)
            {
                if (frame.LowByteFirst)
                {
                    SplitLowFirst(frame.Words, (offset >> 1) + Frame.PrefixWords, destination, index, index + copied);
                }
                else
                {
                    SplitHighFirst(frame.Words, (offset >> 1) + Frame.PrefixWords, destination, index, index + copied);
                }

                offset += copied;
                index += copied;
                count -= copied;
            }

            frame.CopyBytesTo(offset, destination, index, count);
        }

        /// <summary>
        /// Copies bytes into a frame, as <see cref="Frame.CopyBytesFrom"/> does.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="offset">Offset of the first byte in the frame, even or odd.</param>
        /// <param name="source">The bytes.</param>
        /// <param name="index">Index of the first of them.</param>
        /// <param name="count">Number of bytes.</param>
        internal void CopyIn(Frame frame, int offset, byte[] source, int index, int count)
        {
            if ((offset & 1) == 0 && count >= BlockBytes)
            {
                int copied = count & -BlockBytes;
                if (frame.LowByteFirst)
                {
                    JoinLowFirst(source, index, index + copied, frame.Words, (offset >> 1) + Frame.PrefixWords);
                }
                else
                {
                    JoinHighFirst(source, index, index + copied, frame.Words, (offset >> 1) + Frame.PrefixWords);
                }

                offset += copied;
                index += copied;
                count -= copied;
            }

            frame.CopyBytesFrom(offset, source, index, count);
        }

        /// <summary>
        /// Adds bytes of a frame, as <see cref="InternetChecksum.Add(uint, Frame, int, int)"/> does.
        /// </summary>
        /// <param name="sum">The sum so far.</param>
        /// <param name="frame">The frame.</param>
        /// <param name="offset">Offset of the first byte, even.</param>
        /// <param name="length">Number of bytes.</param>
        /// <returns>The new sum, not folded.</returns>
        internal uint Add(uint sum, Frame frame, int offset, int length)
        {
            ushort[] source = frame.Words;
            ushort[] words = _words;
            int index = (offset >> 1) + Frame.PrefixWords;
            int end = index + (length >> 1) - SummedWords;
            while (index <= end)
            {
                Array.Copy(source, index, words, 0, SummedWords);
                sum += (uint)(words[0] + words[1] + words[2] + words[3] + words[4] + words[5] + words[6] + words[7]
                    + words[8] + words[9] + words[10] + words[11] + words[12] + words[13] + words[14] + words[15]
                    + words[16] + words[17] + words[18] + words[19] + words[20] + words[21] + words[22] + words[23]
                    + words[24] + words[25] + words[26] + words[27] + words[28] + words[29] + words[30] + words[31]
                    + words[32] + words[33] + words[34] + words[35] + words[36] + words[37] + words[38] + words[39]
                    + words[40] + words[41] + words[42] + words[43] + words[44] + words[45] + words[46] + words[47]
                    + words[48] + words[49] + words[50] + words[51] + words[52] + words[53] + words[54] + words[55]
                    + words[56] + words[57] + words[58] + words[59] + words[60] + words[61] + words[62] + words[63]);
                index += SummedWords;
            }

            int part = end + SummedWords - index;
            if (part >= SummedPart)
            {
                if (part >= LongBlockWords)
                {
                    part = LongBlockWords;
                }
                else
                {
                    // zeros change no sum
                    Array.Clear(words, 0, LongBlockWords);
                }

                Array.Copy(source, index, words, 0, part);
                sum += (uint)(words[0] + words[1] + words[2] + words[3] + words[4] + words[5] + words[6] + words[7]
                    + words[8] + words[9] + words[10] + words[11] + words[12] + words[13] + words[14] + words[15]
                    + words[16] + words[17] + words[18] + words[19] + words[20] + words[21] + words[22] + words[23]
                    + words[24] + words[25] + words[26] + words[27] + words[28] + words[29] + words[30] + words[31]);
                index += part;
            }

            int summed = ((index - Frame.PrefixWords) << 1) - offset;
            return summed == length ? sum : InternetChecksum.Add(sum, frame, offset + summed, length - summed);
        }

        private void SplitLowFirst(ushort[] source, int from, byte[] destination, int index, int end)
        {
            // in one piece: each line is a byte of the block
            ushort[] words = _words;
            byte[] bytes = _bytes;
            int part = LongBlockBytes;
            int lastWhole = end - LongBlockBytes;
            int firstWord = 0;
            int firstByte = 0;
            while (index < end)
            {
                if (index > lastWhole)
                {
                    part = end - index;
                    if (part <= BlockBytes)
                    {
                        firstWord = BlockWords;
                        firstByte = BlockBytes;
                    }
                }

                Array.Copy(source, from, words, firstWord, (part + 1) >> 1);
                if (firstByte == 0)
                {
                    bytes[0] = (byte)words[0];
                    bytes[1] = (byte)(words[0] >> 8);
                    bytes[2] = (byte)words[1];
                    bytes[3] = (byte)(words[1] >> 8);
                    bytes[4] = (byte)words[2];
                    bytes[5] = (byte)(words[2] >> 8);
                    bytes[6] = (byte)words[3];
                    bytes[7] = (byte)(words[3] >> 8);
                    bytes[8] = (byte)words[4];
                    bytes[9] = (byte)(words[4] >> 8);
                    bytes[10] = (byte)words[5];
                    bytes[11] = (byte)(words[5] >> 8);
                    bytes[12] = (byte)words[6];
                    bytes[13] = (byte)(words[6] >> 8);
                    bytes[14] = (byte)words[7];
                    bytes[15] = (byte)(words[7] >> 8);
                    bytes[16] = (byte)words[8];
                    bytes[17] = (byte)(words[8] >> 8);
                    bytes[18] = (byte)words[9];
                    bytes[19] = (byte)(words[9] >> 8);
                    bytes[20] = (byte)words[10];
                    bytes[21] = (byte)(words[10] >> 8);
                    bytes[22] = (byte)words[11];
                    bytes[23] = (byte)(words[11] >> 8);
                    bytes[24] = (byte)words[12];
                    bytes[25] = (byte)(words[12] >> 8);
                    bytes[26] = (byte)words[13];
                    bytes[27] = (byte)(words[13] >> 8);
                    bytes[28] = (byte)words[14];
                    bytes[29] = (byte)(words[14] >> 8);
                    bytes[30] = (byte)words[15];
                    bytes[31] = (byte)(words[15] >> 8);
                }

                bytes[32] = (byte)words[16];
                bytes[33] = (byte)(words[16] >> 8);
                bytes[34] = (byte)words[17];
                bytes[35] = (byte)(words[17] >> 8);
                bytes[36] = (byte)words[18];
                bytes[37] = (byte)(words[18] >> 8);
                bytes[38] = (byte)words[19];
                bytes[39] = (byte)(words[19] >> 8);
                bytes[40] = (byte)words[20];
                bytes[41] = (byte)(words[20] >> 8);
                bytes[42] = (byte)words[21];
                bytes[43] = (byte)(words[21] >> 8);
                bytes[44] = (byte)words[22];
                bytes[45] = (byte)(words[22] >> 8);
                bytes[46] = (byte)words[23];
                bytes[47] = (byte)(words[23] >> 8);
                bytes[48] = (byte)words[24];
                bytes[49] = (byte)(words[24] >> 8);
                bytes[50] = (byte)words[25];
                bytes[51] = (byte)(words[25] >> 8);
                bytes[52] = (byte)words[26];
                bytes[53] = (byte)(words[26] >> 8);
                bytes[54] = (byte)words[27];
                bytes[55] = (byte)(words[27] >> 8);
                bytes[56] = (byte)words[28];
                bytes[57] = (byte)(words[28] >> 8);
                bytes[58] = (byte)words[29];
                bytes[59] = (byte)(words[29] >> 8);
                bytes[60] = (byte)words[30];
                bytes[61] = (byte)(words[30] >> 8);
                bytes[62] = (byte)words[31];
                bytes[63] = (byte)(words[31] >> 8);
                Array.Copy(bytes, firstByte, destination, index, part);
                from += LongBlockWords;
                index += part;
            }
        }

        private void SplitHighFirst(ushort[] source, int from, byte[] destination, int index, int end)
        {
            // in one piece: each line is a byte of the block
            ushort[] words = _words;
            byte[] bytes = _bytes;
            int part = LongBlockBytes;
            int lastWhole = end - LongBlockBytes;
            int firstWord = 0;
            int firstByte = 0;
            while (index < end)
            {
                if (index > lastWhole)
                {
                    part = end - index;
                    if (part <= BlockBytes)
                    {
                        firstWord = BlockWords;
                        firstByte = BlockBytes;
                    }
                }

                Array.Copy(source, from, words, firstWord, (part + 1) >> 1);
                if (firstByte == 0)
                {
                    bytes[0] = (byte)(words[0] >> 8);
                    bytes[1] = (byte)words[0];
                    bytes[2] = (byte)(words[1] >> 8);
                    bytes[3] = (byte)words[1];
                    bytes[4] = (byte)(words[2] >> 8);
                    bytes[5] = (byte)words[2];
                    bytes[6] = (byte)(words[3] >> 8);
                    bytes[7] = (byte)words[3];
                    bytes[8] = (byte)(words[4] >> 8);
                    bytes[9] = (byte)words[4];
                    bytes[10] = (byte)(words[5] >> 8);
                    bytes[11] = (byte)words[5];
                    bytes[12] = (byte)(words[6] >> 8);
                    bytes[13] = (byte)words[6];
                    bytes[14] = (byte)(words[7] >> 8);
                    bytes[15] = (byte)words[7];
                    bytes[16] = (byte)(words[8] >> 8);
                    bytes[17] = (byte)words[8];
                    bytes[18] = (byte)(words[9] >> 8);
                    bytes[19] = (byte)words[9];
                    bytes[20] = (byte)(words[10] >> 8);
                    bytes[21] = (byte)words[10];
                    bytes[22] = (byte)(words[11] >> 8);
                    bytes[23] = (byte)words[11];
                    bytes[24] = (byte)(words[12] >> 8);
                    bytes[25] = (byte)words[12];
                    bytes[26] = (byte)(words[13] >> 8);
                    bytes[27] = (byte)words[13];
                    bytes[28] = (byte)(words[14] >> 8);
                    bytes[29] = (byte)words[14];
                    bytes[30] = (byte)(words[15] >> 8);
                    bytes[31] = (byte)words[15];
                }

                bytes[32] = (byte)(words[16] >> 8);
                bytes[33] = (byte)words[16];
                bytes[34] = (byte)(words[17] >> 8);
                bytes[35] = (byte)words[17];
                bytes[36] = (byte)(words[18] >> 8);
                bytes[37] = (byte)words[18];
                bytes[38] = (byte)(words[19] >> 8);
                bytes[39] = (byte)words[19];
                bytes[40] = (byte)(words[20] >> 8);
                bytes[41] = (byte)words[20];
                bytes[42] = (byte)(words[21] >> 8);
                bytes[43] = (byte)words[21];
                bytes[44] = (byte)(words[22] >> 8);
                bytes[45] = (byte)words[22];
                bytes[46] = (byte)(words[23] >> 8);
                bytes[47] = (byte)words[23];
                bytes[48] = (byte)(words[24] >> 8);
                bytes[49] = (byte)words[24];
                bytes[50] = (byte)(words[25] >> 8);
                bytes[51] = (byte)words[25];
                bytes[52] = (byte)(words[26] >> 8);
                bytes[53] = (byte)words[26];
                bytes[54] = (byte)(words[27] >> 8);
                bytes[55] = (byte)words[27];
                bytes[56] = (byte)(words[28] >> 8);
                bytes[57] = (byte)words[28];
                bytes[58] = (byte)(words[29] >> 8);
                bytes[59] = (byte)words[29];
                bytes[60] = (byte)(words[30] >> 8);
                bytes[61] = (byte)words[30];
                bytes[62] = (byte)(words[31] >> 8);
                bytes[63] = (byte)words[31];
                Array.Copy(bytes, firstByte, destination, index, part);
                from += LongBlockWords;
                index += part;
            }
        }

        private void JoinLowFirst(byte[] source, int index, int end, ushort[] destination, int to)
        {
            ushort[] words = _words;
            byte[] bytes = _bytes;
            while (index < end)
            {
                Array.Copy(source, index, bytes, 0, BlockBytes);
                words[0] = (ushort)(bytes[0] | (bytes[1] << 8));
                words[1] = (ushort)(bytes[2] | (bytes[3] << 8));
                words[2] = (ushort)(bytes[4] | (bytes[5] << 8));
                words[3] = (ushort)(bytes[6] | (bytes[7] << 8));
                words[4] = (ushort)(bytes[8] | (bytes[9] << 8));
                words[5] = (ushort)(bytes[10] | (bytes[11] << 8));
                words[6] = (ushort)(bytes[12] | (bytes[13] << 8));
                words[7] = (ushort)(bytes[14] | (bytes[15] << 8));
                words[8] = (ushort)(bytes[16] | (bytes[17] << 8));
                words[9] = (ushort)(bytes[18] | (bytes[19] << 8));
                words[10] = (ushort)(bytes[20] | (bytes[21] << 8));
                words[11] = (ushort)(bytes[22] | (bytes[23] << 8));
                words[12] = (ushort)(bytes[24] | (bytes[25] << 8));
                words[13] = (ushort)(bytes[26] | (bytes[27] << 8));
                words[14] = (ushort)(bytes[28] | (bytes[29] << 8));
                words[15] = (ushort)(bytes[30] | (bytes[31] << 8));
                Array.Copy(words, 0, destination, to, BlockWords);
                to += BlockWords;
                index += BlockBytes;
            }
        }

        private void JoinHighFirst(byte[] source, int index, int end, ushort[] destination, int to)
        {
            ushort[] words = _words;
            byte[] bytes = _bytes;
            while (index < end)
            {
                Array.Copy(source, index, bytes, 0, BlockBytes);
                words[0] = (ushort)((bytes[0] << 8) | bytes[1]);
                words[1] = (ushort)((bytes[2] << 8) | bytes[3]);
                words[2] = (ushort)((bytes[4] << 8) | bytes[5]);
                words[3] = (ushort)((bytes[6] << 8) | bytes[7]);
                words[4] = (ushort)((bytes[8] << 8) | bytes[9]);
                words[5] = (ushort)((bytes[10] << 8) | bytes[11]);
                words[6] = (ushort)((bytes[12] << 8) | bytes[13]);
                words[7] = (ushort)((bytes[14] << 8) | bytes[15]);
                words[8] = (ushort)((bytes[16] << 8) | bytes[17]);
                words[9] = (ushort)((bytes[18] << 8) | bytes[19]);
                words[10] = (ushort)((bytes[20] << 8) | bytes[21]);
                words[11] = (ushort)((bytes[22] << 8) | bytes[23]);
                words[12] = (ushort)((bytes[24] << 8) | bytes[25]);
                words[13] = (ushort)((bytes[26] << 8) | bytes[27]);
                words[14] = (ushort)((bytes[28] << 8) | bytes[29]);
                words[15] = (ushort)((bytes[30] << 8) | bytes[31]);
                Array.Copy(words, 0, destination, to, BlockWords);
                to += BlockWords;
                index += BlockBytes;
            }
        }
    }
}
