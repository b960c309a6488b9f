// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// Which bytes may stand where in a message (RFC 9110 section 5.6.2).
    /// </summary>
    internal static class HttpTokens
    {
        internal static readonly byte[] Get = HttpUrl.BytesOf("GET");
        internal static readonly byte[] ContentLength = HttpUrl.BytesOf("content-length");
        internal static readonly byte[] TransferEncoding = HttpUrl.BytesOf("transfer-encoding");
        internal static readonly byte[] Connection = HttpUrl.BytesOf("connection");
        internal static readonly byte[] Location = HttpUrl.BytesOf("location");
        internal static readonly byte[] Chunked = HttpUrl.BytesOf("chunked");
        internal static readonly byte[] LastChunk = HttpUrl.BytesOf("0\r\n\r\n");
        internal static readonly byte[] Close = HttpUrl.BytesOf("close");
        internal static readonly byte[] KeepAlive = HttpUrl.BytesOf("keep-alive");

        private static readonly byte[][] s_own = { ContentLength, TransferEncoding, Connection, HttpUrl.BytesOf("host"), HttpUrl.BytesOf("content-type") };

        /// <summary>
        /// Whether a byte may stand in a token, such as a field's name.
        /// </summary>
        internal static bool IsToken(int c)
        {
            int letter = c | 0x20;
            if (letter >= 'a' && letter <= 'z')
            {
                return true;
            }

            if (c >= '0' && c <= '9')
            {
                return true;
            }

            switch (c)
            {
                case '-':
                case '_':
                case '!':
                case '#':
                case '$':
                case '%':
                case '&':
                case '\'':
                case '*':
                case '+':
                case '.':
                case '^':
                case '`':
                case '|':
                case '~':
                    return true;
                default:
                    return false;
            }
        }

        /// <summary>
        /// Whether a byte may stand in a value: printable, a tab, or beyond ASCII.
        /// </summary>
        internal static bool IsText(int c) => c >= ' ' ? c != 0x7F : c == '\t';

        /// <summary>
        /// Whether bytes are a word in lower case, whatever case they have themselves.
        /// </summary>
        internal static bool AreSame(byte[] text, int start, int length, byte[] word)
        {
            if (length != word.Length)
            {
                return false;
            }

            for (int i = 0; i < length; i++)
            {
                int c = text[start + i];
                if (c >= 'A' && c <= 'Z')
                {
                    c |= 0x20;
                }

                if (c != word[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// Whether bytes are the name of a method.
        /// </summary>
        internal static bool AreMethod(byte[] text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                if (!IsToken(text[i]))
                {
                    return false;
                }
            }

            return text.Length > 0;
        }

        /// <summary>
        /// Whether bytes are one line of a header.
        /// </summary>
        internal static bool IsLine(byte[] text) => FindLineEnd(text, 0) == text.Length;

        /// <summary>
        /// Whether bytes are lines of a header, none of them the client's own.
        /// </summary>
        internal static bool AreFields(byte[] text)
        {
            int at = 0;
            while (at >= 0 && at < text.Length)
            {
                int colon = at;
                while (colon < text.Length && text[colon] != ':')
                {
                    colon++;
                }

                for (int i = 0; i < s_own.Length; i++)
                {
                    if (AreSame(text, at, colon - at, s_own[i]))
                    {
                        return false;
                    }
                }

                at = FindLineEnd(text, at);
            }

            return at >= 0;
        }

        /// <summary>
        /// Finds the end of a line "Name: value\r\n".
        /// </summary>
        /// <returns>What is behind it, or -1 if it is none.</returns>
        private static int FindLineEnd(byte[] text, int start)
        {
            int at = start;
            while (at < text.Length && IsToken(text[at]))
            {
                at++;
            }

            if (at == start || at == text.Length || text[at] != ':')
            {
                return -1;
            }

            at++;
            while (at < text.Length && IsText(text[at]))
            {
                at++;
            }

            return at + 1 < text.Length && text[at] == '\r' && text[at + 1] == '\n' ? at + 2 : -1;
        }
    }
}
