// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Frames
{
    /// <summary>
    /// Content such as a web page, made at start-up and kept as the 16-bit words that go over the wire. Its checksum is kept up to
    /// date. So it can be sent again and again without being converted or summed each time.
    /// </summary>
    public sealed class WordBuffer
    {
        /// <summary>Two spaces, in either order.</summary>
        private const int Blanks = 0x2020;

        /// <summary>Two noughts, in either order.</summary>
        private const int Zeros = 0x3030;

        private readonly ushort[] _words;
        private readonly bool _lowByteFirst;
        private readonly int _length;
        private uint _sum;

        /// <summary>
        /// Initializes a new instance of the <see cref="WordBuffer"/> class.
        /// </summary>
        /// <param name="text">The content; each character is one byte (Latin-1).</param>
        /// <param name="order">The word order of the frames that it will be copied into.</param>
        /// <exception cref="ArgumentException">A character does not fit a byte.</exception>
        public WordBuffer(string text, WordOrder order)
        {
            _length = text.Length;
            _words = new ushort[(_length + 1) >> 1];
            _lowByteFirst = order == WordOrder.LowByteFirst;
            char[] characters = text.ToCharArray();
            for (int i = 0; i < _length; i++)
            {
                char c = characters[i];
                if (c > 255)
                {
                    throw new ArgumentException("The text has a character that does not fit a byte.", nameof(text));
                }

                SetByte(i, c);
            }
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="WordBuffer"/> class with text and bytes behind it.
        /// </summary>
        /// <param name="text">The text; each character is one byte (Latin-1).</param>
        /// <param name="content">The bytes.</param>
        /// <param name="order">The word order of the frames that it will be copied into.</param>
        public WordBuffer(string text, byte[] content, WordOrder order)
        {
            char[] characters = text.ToCharArray();
            _length = characters.Length + content.Length;
            _words = new ushort[(_length + 1) >> 1];
            _lowByteFirst = order == WordOrder.LowByteFirst;
            for (int i = 0; i < characters.Length; i++)
            {
                SetByte(i, characters[i] & 0xFF);
            }

            for (int i = 0; i < content.Length; i++)
            {
                SetByte(characters.Length + i, content[i]);
            }
        }

        /// <summary>Gets the number of bytes.</summary>
        public int Length => _length;

        /// <summary>The words. Where the length is odd, the last half word is zero.</summary>
        internal ushort[] Words => _words;

        /// <summary>
        /// Reads one byte.
        /// </summary>
        /// <param name="offset">0 to <see cref="Length"/> - 1.</param>
        /// <returns>0 to 255.</returns>
        public int GetByte(int offset)
        {
            int word = _words[offset >> 1];
            return ((offset & 1) == 0) == _lowByteFirst ? word & 0xFF : word >> 8;
        }

        /// <summary>
        /// Changes one byte.
        /// </summary>
        /// <param name="offset">0 to <see cref="Length"/> - 1.</param>
        /// <param name="value">0 to 255.</param>
        public void SetByte(int offset, int value)
        {
            int index = offset >> 1;
            int before = _words[index];
            int after = ((offset & 1) == 0) == _lowByteFirst ? (before & 0xFF00) | value : (before & 0x00FF) | (value << 8);
            if (after != before)
            {
                _words[index] = (ushort)after;
                _sum += (uint)(after - before);
            }
        }

        /// <summary>
        /// Writes a number in decimal, right-aligned and padded with spaces. Of a number that is too long the last digits stand.
        /// </summary>
        /// <param name="offset">Offset of the first character.</param>
        /// <param name="width">Characters.</param>
        /// <param name="value">The number.</param>
        public void WriteDecimal(int offset, int width, uint value)
        {
            int position = offset + width;
            bool blank = false;
            if ((position & 1) != 0)
            {
                position--;
                SetByte(position, (int)('0' + (value % 10)));
                value /= 10;
                blank = value == 0;
            }

            // two characters a word: most of a page's numbers stay as they are, or in their last digits only
            ushort[] words = _words;
            while (position - offset > 1)
            {
                position -= 2;
                int after = Blanks;
                if (!blank)
                {
                    uint rest = value / 10;
                    int right = (int)('0' + value - (rest * 10));
                    int left = ' ';
                    value = rest;
                    if (value != 0)
                    {
                        rest = value / 10;
                        left = (int)('0' + value - (rest * 10));
                        value = rest;
                    }

                    blank = value == 0;
                    after = _lowByteFirst ? left | (right << 8) : (left << 8) | right;
                }

                int before = words[position >> 1];
                if (after != before)
                {
                    words[position >> 1] = (ushort)after;
                    _sum += (uint)(after - before);
                }
            }

            if (position > offset)
            {
                SetByte(offset, blank ? ' ' : (int)('0' + (value % 10)));
            }
        }

        /// <summary>
        /// Writes a number in decimal over another one that stands in the same place. Only digits that are others are written: of a count
        /// that has grown by a little, that is the last two. It is cheapest where the last digit stands at an odd offset.
        /// </summary>
        /// <param name="offset">Offset of the first character.</param>
        /// <param name="width">Characters.</param>
        /// <param name="before">The number that stands there, as <see cref="WriteDecimal"/> or this method has written it.</param>
        /// <param name="value">The number.</param>
        public void ChangeDecimal(int offset, int width, uint before, uint value)
        {
            int position = offset + width;
            if ((position & 1) != 0)
            {
                WriteDecimal(offset, width, value);
                return;
            }

            ushort[] words = _words;
            int index = position >> 1;
            int first = (offset + 1) >> 1;
            bool isLast = true;
            while (value != before && index > first)
            {
                index--;
                uint rest = value / 100;
                int pair = (int)(value - (rest * 100));
                int after = Blanks;
                if (isLast || value != 0)
                {
                    // both digits side by side: tens in one half, and the pair less ten times the tens in the other
                    after = _lowByteFirst ? Zeros + (pair << 8) - (pair / 10 * 2559) : Zeros + pair + (pair / 10 * 246);
                    if (rest == 0 && pair < 10)
                    {
                        after -= _lowByteFirst ? '0' - ' ' : ('0' - ' ') << 8;
                    }
                }

                _sum += (uint)(after - words[index]);
                words[index] = (ushort)after;
                isLast = false;
                value = rest;
                before /= 100;
            }

            if (value != before && (offset & 1) != 0)
            {
                SetByte(offset, value == 0 && !isLast ? ' ' : (int)('0' + (value % 10)));
            }
        }

        /// <summary>
        /// Writes two digits, as of a clock.
        /// </summary>
        /// <param name="offset">Offset of the first. Even ones are cheapest.</param>
        /// <param name="value">0 to 99.</param>
        public void WriteTwoDigits(int offset, int value)
        {
            int left = value / 10;
            int right = '0' + value - (left * 10);
            left += '0';
            if ((offset & 1) != 0)
            {
                SetByte(offset, left);
                SetByte(offset + 1, right);
                return;
            }

            int index = offset >> 1;
            int after = _lowByteFirst ? left | (right << 8) : (left << 8) | right;
            _sum += (uint)(after - _words[index]);
            _words[index] = (ushort)after;
        }

        /// <summary>
        /// The one's complement sum over all words, not folded.
        /// </summary>
        /// <returns>The sum.</returns>
        internal uint Sum() => _sum;
    }
}
