// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// Puts the header of laid-out answers together, at start-up.
    /// </summary>
    public static class HttpResponse
    {
        /// <summary>What the Connection field says while the connection goes on.</summary>
        internal static readonly byte[] Stays = HttpCharacters.BytesOf("keep-alive");

        /// <summary>What it says if it does not; as long, for it is written over.</summary>
        internal static readonly byte[] Close = HttpCharacters.BytesOf("close     ");

        /// <summary>How long both are.</summary>
        internal const int ConnectionLength = 10;

        /// <summary>Bytes from there to the end of the header: the field is the last one.</summary>
        internal const int FromConnectionToEnd = ConnectionLength + 4;

        /// <summary>
        /// The status line and header of an answer (RFC 9112 section 4) whose content changes from one request to the next.
        /// </summary>
        /// <param name="status">Such as "200 OK".</param>
        /// <param name="contentType">Such as "text/html; charset=utf-8".</param>
        /// <param name="contentLength">Bytes of the body.</param>
        /// <param name="otherFields">More header fields, each ended by CR LF, or an empty string.</param>
        /// <returns>The text up to and with the empty line.</returns>
        public static string Header(string status, string contentType, int contentLength, string otherFields)
        {
            return Header(status, contentType, contentLength, "no-store", otherFields);
        }

        /// <summary>
        /// The same with a word on how long it may be kept.
        /// </summary>
        /// <param name="status">Such as "200 OK".</param>
        /// <param name="contentType">Such as "text/html; charset=utf-8".</param>
        /// <param name="contentLength">Bytes of the body.</param>
        /// <param name="cache">Such as "no-store".</param>
        /// <param name="otherFields">More header fields, each ended by CR LF, or an empty string.</param>
        /// <returns>The text up to and with the empty line.</returns>
        internal static string Header(string status, string contentType, int contentLength, string cache, string otherFields)
        {
            return "HTTP/1.1 " + status + "\r\n"
                + "Content-Type: " + contentType + "\r\n"
                + "Content-Length: " + contentLength.ToString() + "\r\n"
                + "Cache-Control: " + cache + "\r\n"
                + otherFields
                + "Connection: keep-alive\r\n\r\n";
        }
    }
}
