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

                Store(i, c);
            }

            for (int i = 0; i < _words.Length; i++)
            {
                _sum += _words[i];
            }
        }

        /// <summary>Gets the number of bytes.</summary>
        public int Length => _length;

        /// <summary>Gets the words. Where the length is odd, the last half word is zero.</summary>
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
            _sum -= _words[index];
            Store(offset, value);
            _sum += _words[index];
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
            do
            {
                position--;
                SetByte(position, (int)('0' + (value % 10)));
                value /= 10;
            }
            while (value != 0 && position > offset);

            while (position > offset)
            {
                position--;
                SetByte(position, ' ');
            }
        }

        /// <summary>
        /// The one's complement sum over all words, not folded.
        /// </summary>
        /// <returns>The sum.</returns>
        internal uint Sum() => _sum;

        private void Store(int offset, int value)
        {
            int index = offset >> 1;
            int word = _words[index];
            _words[index] = ((offset & 1) == 0) == _lowByteFirst
                ? (ushort)((word & 0xFF00) | value)
                : (ushort)((word & 0x00FF) | (value << 8));
        }
    }
}
