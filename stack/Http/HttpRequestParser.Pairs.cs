// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <content>
    /// Names and values in queries and forms (WHATWG URL section 5): name=value&amp;name=value.
    /// </content>
    public sealed partial class HttpRequestParser
    {
        /// <summary>Gets where in the text a body is kept.</summary>
        internal int BodyStart => _textEnd;

        /// <summary>Gets the bytes that there is room for.</summary>
        internal int BodyRoom => _text.Length - _textEnd;

        /// <summary>
        /// Finds the end of a pair.
        /// </summary>
        /// <param name="start">Where it begins.</param>
        /// <param name="end">Where all pairs end.</param>
        /// <returns>Where the ampersand stands, or the end.</returns>
        internal int EndOfPair(int start, int end) => FindByte('&', start, end);

        /// <summary>
        /// Finds the end of a name.
        /// </summary>
        /// <param name="start">Where it begins.</param>
        /// <param name="end">Where it must end.</param>
        /// <returns>Where the equals sign stands, or the end of the pair.</returns>
        internal int EndOfName(int start, int end)
        {
            int pair = EndOfPair(start, end);
            return FindByte('=', start, pair);
        }

        /// <summary>
        /// Whether a name in the text, encoded, is a name.
        /// </summary>
        /// <param name="start">Where it begins.</param>
        /// <param name="end">Where it ends.</param>
        /// <param name="name">The name, ASCII.</param>
        /// <returns>Whether they are the same.</returns>
        internal bool IsNamed(int start, int end, string name)
        {
            int length = name.Length;
            for (int i = 0; i < length; i++)
            {
                if (start >= end)
                {
                    return false;
                }

                int c = _text[start++];
                if (c == '%' && start + 1 < end && HttpCharacters.HexOf(_text[start]) >= 0 && HttpCharacters.HexOf(_text[start + 1]) >= 0)
                {
                    c = (HttpCharacters.HexOf(_text[start]) << 4) | HttpCharacters.HexOf(_text[start + 1]);
                    start += 2;
                }
                else if (c == '+')
                {
                    c = HttpCharacters.Space;
                }

                if (c != name[i])
                {
                    return false;
                }
            }

            return start == end;
        }
    }
}
