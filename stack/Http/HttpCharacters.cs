// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Http
{
    /// <summary>
    /// Which bytes may stand where in a request, as a table: on the interpreter a look is cheaper than two comparisons.
    /// </summary>
    internal static class HttpCharacters
    {
        /// <summary>Horizontal tab.</summary>
        internal const int Tab = 0x09;

        /// <summary>LF.</summary>
        internal const int LineFeed = 0x0A;

        /// <summary>CR.</summary>
        internal const int CarriageReturn = 0x0D;

        /// <summary>SP.</summary>
        internal const int Space = 0x20;

        /// <summary>DEL, the one control character among the high ones of ASCII.</summary>
        internal const int Delete = 0x7F;

        /// <summary>1 for each byte that may stand in a token, such as the name of a field (RFC 9110 section 5.6.2), else 0.</summary>
        internal static readonly byte[] Tokens = MakeTokens();

        /// <summary>
        /// Compares text with a word in lower case, whatever case it has itself.
        /// </summary>
        /// <param name="text">Where it stands.</param>
        /// <param name="start">From where on; as much as the word is long is there.</param>
        /// <param name="word">The word, in lower case.</param>
        /// <returns>Whether they are the same.</returns>
        internal static bool AreSame(byte[] text, int start, byte[] word)
        {
            for (int i = 0; i < word.Length; i++)
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
        /// The value of a hexadecimal digit.
        /// </summary>
        /// <param name="digit">The digit.</param>
        /// <returns>0 to 15, or -1 if it is none.</returns>
        internal static int HexOf(int digit)
        {
            if (digit >= '0' && digit <= '9')
            {
                return digit - '0';
            }

            digit |= 0x20;
            return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
        }

        /// <summary>
        /// Turns ASCII text into bytes, at start-up.
        /// </summary>
        /// <param name="text">The text.</param>
        /// <returns>Its bytes.</returns>
        internal static byte[] BytesOf(string text)
        {
            char[] characters = text.ToCharArray();
            byte[] bytes = new byte[characters.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)characters[i];
            }

            return bytes;
        }

        /// <summary>
        /// Turns text into UTF-8 (RFC 3629), at start-up.
        /// </summary>
        /// <param name="text">The text.</param>
        /// <returns>Its bytes.</returns>
        internal static byte[] Utf8Of(string text)
        {
            char[] characters = text.ToCharArray();
            byte[] bytes = new byte[3 * characters.Length];
            int count = 0;
            for (int i = 0; i < characters.Length; i++)
            {
                int c = characters[i];
                if (c < 0x80)
                {
                    bytes[count++] = (byte)c;
                    continue;
                }

                int more = c < 0x800 ? 1 : 2;
                if (c >= 0xD800 && c < 0xDC00 && i + 1 < characters.Length)
                {
                    more = 3;
                    i++;
                    c = 0x10000 + ((c - 0xD800) << 10) + (characters[i] - 0xDC00);
                }

                bytes[count++] = (byte)((0xFF00 >> (more + 1)) | (c >> (6 * more)));
                while (more > 0)
                {
                    more--;
                    bytes[count++] = (byte)(0x80 | ((c >> (6 * more)) & 0x3F));
                }
            }

            byte[] whole = new byte[count];
            Array.Copy(bytes, 0, whole, 0, count);
            return whole;
        }

        /// <summary>
        /// Base64 (RFC 4648 section 4), at start-up.
        /// </summary>
        /// <param name="bytes">The bytes.</param>
        /// <returns>The text.</returns>
        internal static string Base64Of(byte[] bytes)
        {
            const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            string text = string.Empty;
            for (int i = 0; i < bytes.Length; i += 3)
            {
                int left = bytes.Length - i;
                int group = (bytes[i] << 16) | (left > 1 ? bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
                text += Digits[group >> 18];
                text += Digits[(group >> 12) & 63];
                text += left > 1 ? Digits[(group >> 6) & 63] : '=';
                text += left > 2 ? Digits[group & 63] : '=';
            }

            return text;
        }

        private static byte[] MakeTokens()
        {
            byte[] tokens = new byte[256];
            for (int i = '!'; i < Delete; i++)
            {
                tokens[i] = 1;
            }

            char[] delimiters = "\"(),/:;<=>?@[\\]{}".ToCharArray();
            for (int i = 0; i < delimiters.Length; i++)
            {
                tokens[delimiters[i]] = 0;
            }

            return tokens;
        }
    }
}
