// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <content>
    /// The short way: whole lines, two bytes at a time. A line that is not all there, or in which there is anything to look at, is left
    /// as it is, to be read byte by byte.
    /// </content>
    public sealed partial class HttpRequestParser
    {
        // bytes side by side: from a space on, and up to DEL, the highest bit stays clear when the first is taken off and the second added
        private const int Blanks = 0x2020;
        private const int Ones = 0x0101;
        private const int HighBits = 0x8080;
        private const int FourBlanks = 0x20202020;
        private const int FourOnes = 0x01010101;
        private const int FourHighBits = unchecked((int)0x80808080);

        /// <summary>
        /// Takes the request line if it is one that is known.
        /// </summary>
        /// <returns>Where the fields begin, or the offset as it was.</returns>
        private int TakeRequestLine(ushort[] words, int offset, int end)
        {
            int line = (offset & 1) == 0 ? _known.FindRequest(words, offset >> 1, end) : NoLine;
            if (line == NoLine)
            {
                return offset;
            }

            _knownLine = line;
            _method = HttpMethods.Get;
            _minor = 1;
            _state = HttpRequestState.FieldName;
            return offset + _known.LengthOf(line);
        }

        /// <summary>
        /// Takes all fields if they are those of an earlier request, or the first of them if that is the same.
        /// </summary>
        /// <returns>Where a field begins that was not taken, or what is behind all of them.</returns>
        private int TakeKnownFields(ushort[] words, int offset, int end)
        {
            int known = _known.MatchFields(words, offset, end);
            if (known > offset)
            {
                _hosts = 1;
                _closes = _known.Closes;
                _state = HttpRequestState.Complete;
                return known;
            }

            if ((_method & Changing) != 0)
            {
                // its Host is kept
                return offset;
            }

            known = _known.MatchHost(words, offset, end);
            if (known > offset)
            {
                _hosts = 1;
            }

            return known;
        }

        /// <summary>
        /// Takes fields as long as they are plain, and the empty line that ends them.
        /// </summary>
        /// <param name="words">The frame's words.</param>
        /// <param name="offset">Where a line begins, in bytes.</param>
        /// <param name="end">Where ends what has arrived.</param>
        /// <param name="lowByteFirst">The order of bytes in a word.</param>
        /// <returns>Where the first line begins that was not taken.</returns>
        private int TakeFields(ushort[] words, int offset, int end, bool lowByteFirst)
        {
            // in one piece: a call for each part of a line would cost as much as the part
            byte[] tokens = HttpCharacters.Tokens;
            int[] letters = _rules.Letters;
            int toFirst = lowByteFirst ? 0 : 8;
            int toSecond = 8 - toFirst;
            int last = end >> 1;
            while (true)
            {
                // the name: most of it by words
                int index = offset >> 1;
                if (index >= last)
                {
                    return offset;
                }

                int word = words[index];
                if ((offset & 1) != 0)
                {
                    int letter = (word >> toSecond) & 0xFF;
                    if (tokens[letter] == 0)
                    {
                        return letter == HttpCharacters.CarriageReturn ? TakeEmptyLine(words, offset, end, toFirst, toSecond) : offset;
                    }

                    index++;
                }

                while (index < last)
                {
                    word = words[index];
                    if ((tokens[word & 0xFF] & tokens[word >> 8]) == 0)
                    {
                        break;
                    }

                    index++;
                }

                // the colon
                int colon = index << 1;
                int letterThere = (word >> toFirst) & 0xFF;
                int letterBehind = (word >> toSecond) & 0xFF;
                bool isSecond = tokens[letterThere] != 0;
                if (isSecond)
                {
                    colon++;
                    letterThere = letterBehind;
                    letterBehind = HttpCharacters.Space;
                }

                int length = colon - offset;
                if (letterThere != ':' || length == 0 || index >= last)
                {
                    return letterThere == HttpCharacters.CarriageReturn && length == 0
                        ? TakeEmptyLine(words, offset, end, toFirst, toSecond)
                        : offset;
                }

                // a name that may count, as its length and its first letter tell, is read letter by letter
                int begin = words[offset >> 1] >> ((offset & 1) == 0 ? toFirst : toSecond);
                if (length < letters.Length && ((letters[length] >> (begin & 31)) & 1) != 0)
                {
                    return offset;
                }

                // the value, up to the end of the line
                index = SkipText(words, index + 1, last);
                if (letterBehind < HttpCharacters.Space || letterBehind >= HttpCharacters.Delete || index >= last)
                {
                    return offset;
                }

                word = words[index];
                letterThere = (word >> toFirst) & 0xFF;
                letterBehind = (word >> toSecond) & 0xFF;
                if (letterThere == HttpCharacters.CarriageReturn && letterBehind == HttpCharacters.LineFeed)
                {
                    offset = (index << 1) + 2;
                }
                else if (letterBehind == HttpCharacters.CarriageReturn && letterThere >= HttpCharacters.Space
                    && letterThere < HttpCharacters.Delete && index + 1 < last
                    && ((words[index + 1] >> toFirst) & 0xFF) == HttpCharacters.LineFeed)
                {
                    offset = (index << 1) + 3;
                }
                else
                {
                    return offset;
                }
            }
        }

        /// <summary>
        /// Takes the empty line that ends the fields.
        /// </summary>
        private int TakeEmptyLine(ushort[] words, int offset, int end, int toFirst, int toSecond)
        {
            int next = offset + 1;
            if (next >= end || ((words[next >> 1] >> ((next & 1) == 0 ? toFirst : toSecond)) & 0xFF) != HttpCharacters.LineFeed)
            {
                return offset;
            }

            EndHeader();
            return next + 1;
        }

        /// <summary>
        /// Passes over words of printable ASCII.
        /// </summary>
        /// <param name="words">The words.</param>
        /// <param name="index">The first to look at.</param>
        /// <param name="last">Where to stop.</param>
        /// <returns>The first word with another character in it, or <paramref name="last"/>.</returns>
        private static int SkipText(ushort[] words, int index, int last)
        {
            int four = last - 3;
            while (index < four)
            {
                int bytes = words[index] | (words[index + 1] << 16);
                int more = words[index + 2] | (words[index + 3] << 16);
                if ((((bytes - FourBlanks) | (bytes + FourOnes) | (more - FourBlanks) | (more + FourOnes)) & FourHighBits) != 0)
                {
                    break;
                }

                index += 4;
            }

            while (index < last)
            {
                int word = words[index];
                if ((((word - Blanks) | (word + Ones)) & HighBits) != 0)
                {
                    break;
                }

                index++;
            }

            return index;
        }
    }
}
