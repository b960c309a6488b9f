// Licensed under the MIT license. See LICENSE in the repository root.

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
