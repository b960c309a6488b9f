// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;

namespace TcpIp.Http
{
    /// <summary>
    /// Lines of a request that are known as they lie in a frame: the request lines for our pages, and the fields of the last request that
    /// was found to be right. A browser says the same each time; to compare it takes a third of what reading it does.
    /// </summary>
    internal sealed class HttpKnownLines
    {
        private const int MostFields = 256;
        private const int Block = 16;

        private const int MostLines = 16;

        private readonly WordOrder _order;
        private readonly int _firstHalf;
        private readonly ushort[][] _lines = new ushort[MostLines][];
        private readonly int[] _lengths = new int[MostLines];
        private readonly ushort[] _fields = new ushort[MostFields];
        private readonly ushort[] _there = new ushort[Block];
        private readonly ushort[] _here = new ushort[Block];
        private int _count;
        private int _begin;
        private int _fieldsLength;
        private int _hostLength;
        private bool _closes;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpKnownLines"/> class.
        /// </summary>
        /// <param name="order">The word order of the frames that requests arrive in.</param>
        internal HttpKnownLines(WordOrder order)
        {
            _order = order;
            _firstHalf = order == WordOrder.LowByteFirst ? 0x00FF : 0xFF00;
        }

        /// <summary>Gets a value indicating whether the fields that are remembered ask for the connection to be closed.</summary>
        internal bool Closes => _closes;

        /// <summary>
        /// Adds the request line for a page.
        /// </summary>
        /// <param name="path">The page's path.</param>
        /// <returns>Its number, or -1 if there is no room: such a line is read as any other.</returns>
        internal int Add(string path)
        {
            if (_count == MostLines)
            {
                return -1;
            }

            WordBuffer line = new WordBuffer("GET " + path + " HTTP/1.1\r\n", _order);
            ushort[] words = new ushort[(line.Length + 1) >> 1];
            bool lowByteFirst = _order == WordOrder.LowByteFirst;
            for (int i = 0; i < line.Length; i++)
            {
                words[i >> 1] |= (ushort)(line.GetByte(i) << (((i & 1) == 0) == lowByteFirst ? 0 : 8));
            }

            _lengths[_count] = line.Length;
            _lines[_count] = words;
            return _count++;
        }

        /// <summary>
        /// Gets the length of a request line.
        /// </summary>
        /// <param name="line">Its number.</param>
        /// <returns>Bytes, with the line's end.</returns>
        internal int LengthOf(int line) => _lengths[line];

        /// <summary>
        /// Finds the request line that a frame goes on with.
        /// </summary>
        /// <param name="words">The frame's words.</param>
        /// <param name="index">Where the line begins, in words.</param>
        /// <param name="end">Where ends what is there, in bytes.</param>
        /// <returns>The number of the page, or -1.</returns>
        internal int FindRequest(ushort[] words, int index, int end)
        {
            for (int i = 0; i < _count; i++)
            {
                if (Matches(_lines[i], _lengths[i], words, index, end))
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>
        /// Compares the fields of a request with those that are remembered.
        /// </summary>
        /// <param name="words">The frame's words.</param>
        /// <param name="offset">Where the fields begin, in bytes.</param>
        /// <param name="end">Where ends what is there, in bytes.</param>
        /// <returns>Where all of them end, or the offset as it was.</returns>
        internal int MatchFields(ushort[] words, int offset, int end)
        {
            int index = offset >> 1;
            int count = _fieldsLength >> 1;
            if (count < Block || (offset & 1) != _begin || (index << 1) + _fieldsLength > end)
            {
                return offset;
            }

            // in blocks with constant indexes; the last one overlaps the one before
            int at = 0;
            while (true)
            {
                Array.Copy(_fields, at, _there, 0, Block);
                Array.Copy(words, index + at, _here, 0, Block);
                if (Differ(_there, _here))
                {
                    return offset;
                }

                if (at == count - Block)
                {
                    break;
                }

                at += Block;
                if (at > count - Block)
                {
                    at = count - Block;
                }
            }

            return HasSameEnd(_fields, _fieldsLength, words, index) ? (index << 1) + _fieldsLength : offset;
        }

        /// <summary>
        /// Compares the first fields of a request with the remembered ones up to Host, with which most clients begin.
        /// </summary>
        /// <param name="words">The frame's words.</param>
        /// <param name="offset">Where the fields begin, in bytes.</param>
        /// <param name="end">Where ends what is there, in bytes.</param>
        /// <returns>Where Host ends, or the offset as it was.</returns>
        internal int MatchHost(ushort[] words, int offset, int end)
        {
            int index = offset >> 1;
            return _hostLength > 0 && (offset & 1) == _begin && Matches(_fields, _hostLength, words, index, end)
                ? (index << 1) + _hostLength
                : offset;
        }

        /// <summary>
        /// Remembers fields that were found to be right.
        /// </summary>
        /// <param name="words">The frame's words.</param>
        /// <param name="offset">Where the fields begin, in bytes. If that is the middle of a word, the line feed before is remembered too.</param>
        /// <param name="hostEnd">Where Host ends, if they begin with it; else where they begin.</param>
        /// <param name="end">Where the empty line behind them ends.</param>
        /// <param name="closes">Whether they ask for the connection to be closed.</param>
        internal void RememberFields(ushort[] words, int offset, int hostEnd, int end, bool closes)
        {
            int start = offset & ~1;
            if (end - start <= 2 * MostFields)
            {
                _begin = offset & 1;
                _closes = closes;
                _fieldsLength = end - start;
                _hostLength = hostEnd > offset ? hostEnd - start : 0;
                Array.Copy(words, start >> 1, _fields, 0, (_fieldsLength + 1) >> 1);
            }
        }

        /// <summary>
        /// Forgets the fields: which ones are right has changed.
        /// </summary>
        internal void ForgetFields()
        {
            _fieldsLength = 0;
            _hostLength = 0;
        }

        /// <summary>
        /// Compares a line word by word. Of the word that an odd length ends in, the half behind it belongs to whatever follows: only
        /// the other half is compared.
        /// </summary>
        private bool Matches(ushort[] line, int length, ushort[] words, int index, int end)
        {
            int count = length >> 1;
            if ((index << 1) + length > end)
            {
                return false;
            }

            for (int i = 0; i < count; i++)
            {
                if (line[i] != words[index + i])
                {
                    return false;
                }
            }

            return HasSameEnd(line, length, words, index);
        }

        private bool HasSameEnd(ushort[] line, int length, ushort[] words, int index)
        {
            int count = length >> 1;
            return (length & 1) == 0 || ((line[count] ^ words[index + count]) & _firstHalf) == 0;
        }

        private static bool Differ(ushort[] a, ushort[] b)
        {
            return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])
                | (a[4] ^ b[4]) | (a[5] ^ b[5]) | (a[6] ^ b[6]) | (a[7] ^ b[7])
                | (a[8] ^ b[8]) | (a[9] ^ b[9]) | (a[10] ^ b[10]) | (a[11] ^ b[11])
                | (a[12] ^ b[12]) | (a[13] ^ b[13]) | (a[14] ^ b[14]) | (a[15] ^ b[15])) != 0;
        }
    }
}
