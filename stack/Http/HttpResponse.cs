// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// Puts the text of answers together, at start-up.
    /// </summary>
    public static class HttpResponse
    {
        /// <summary>
        /// The status line and header of an answer (RFC 9112 section 4).
        /// </summary>
        /// <param name="status">Such as "200 OK".</param>
        /// <param name="contentType">Such as "text/html; charset=utf-8".</param>
        /// <param name="contentLength">Bytes of the body.</param>
        /// <param name="otherFields">More header fields, each ended by CR LF, or an empty string.</param>
        /// <returns>The text up to and with the empty line.</returns>
        public static string Header(string status, string contentType, int contentLength, string otherFields)
        {
            return "HTTP/1.1 " + status + "\r\n"
                + "Content-Type: " + contentType + "\r\n"
                + "Content-Length: " + contentLength.ToString() + "\r\n"
                + "Cache-Control: no-store\r\n"
                + otherFields
                + "Connection: close\r\n\r\n";
        }

        /// <summary>
        /// An answer that says what went wrong.
        /// </summary>
        /// <param name="status">Such as "404 Not Found".</param>
        /// <param name="otherFields">More header fields, each ended by CR LF, or an empty string.</param>
        /// <returns>The whole answer; the body repeats the status.</returns>
        public static string Error(string status, string otherFields)
        {
            string body = status + "\n";
            return Header(status, "text/plain", body.Length, otherFields) + body;
        }

        /// <summary>
        /// Cuts the body off an answer, for HEAD.
        /// </summary>
        /// <param name="response">A whole answer.</param>
        /// <returns>Status line and header.</returns>
        public static string HeaderOf(string response)
        {
            return response.Substring(0, response.IndexOf("\r\n\r\n") + 4);
        }
    }
}
