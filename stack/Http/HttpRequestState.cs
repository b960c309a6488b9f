// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// How far a request has been read, and what is to be answered.
    /// </summary>
    public enum HttpRequestState
    {
        /// <summary>In the request line.</summary>
        RequestLine,

        /// <summary>In the name of a header field, or at the empty line that ends the header.</summary>
        FieldName,

        /// <summary>In the value of a header field.</summary>
        FieldValue,

        /// <summary>A GET is complete.</summary>
        Get,

        /// <summary>A HEAD is complete.</summary>
        Head,

        /// <summary>Not HTTP (400).</summary>
        BadRequest,

        /// <summary>A method that HTTP has and this server does not allow (405).</summary>
        MethodNotAllowed,

        /// <summary>The request line is too long (414).</summary>
        UriTooLong,

        /// <summary>The header is too long (431).</summary>
        HeaderTooLarge,

        /// <summary>A method that nobody knows (501).</summary>
        NotImplemented,

        /// <summary>Not HTTP/1 (505).</summary>
        VersionNotSupported,
    }
}
