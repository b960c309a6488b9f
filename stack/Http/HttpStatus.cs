// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// What the numbers of answers mean (RFC 9110 section 15). All of it is one array: on nanoCLR a text in the code is a new object each
    /// time that it is named.
    /// </summary>
    internal static class HttpStatus
    {
        /// <summary>Numbers and words, one behind the other.</summary>
        internal static readonly byte[] All = HttpCharacters.BytesOf(
            "200 OK\n201 Created\n202 Accepted\n204 No Content\n301 Moved Permanently\n302 Found\n303 See Other\n304 Not Modified\n"
            + "400 Bad Request\n401 Unauthorized\n403 Forbidden\n404 Not Found\n405 Method Not Allowed\n408 Request Timeout\n409 Conflict\n"
            + "411 Length Required\n413 Content Too Large\n414 URI Too Long\n415 Unsupported Media Type\n417 Expectation Failed\n"
            + "421 Misdirected Request\n422 Unprocessable Content\n431 Request Header Fields Too Large\n"
            + "500 Internal Server Error\n501 Not Implemented\n503 Service Unavailable\n505 HTTP Version Not Supported\n");

        /// <summary>
        /// Finds the number and the words of a status.
        /// </summary>
        /// <param name="status">200 to 599.</param>
        /// <returns>Where they begin, the line feed behind them is their end; or -1.</returns>
        internal static int Find(int status)
        {
            byte[] all = All;
            int at = 0;
            while (at < all.Length)
            {
                if (((all[at] - '0') * 100) + ((all[at + 1] - '0') * 10) + all[at + 2] - '0' == status)
                {
                    return at;
                }

                // the shortest is "200 OK"
                at += 6;
                while (all[at] != HttpCharacters.LineFeed)
                {
                    at++;
                }

                at++;
            }

            return -1;
        }
    }
}
