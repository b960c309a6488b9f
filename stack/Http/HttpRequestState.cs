// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// How far a request has been read.
    /// </summary>
    public enum HttpRequestState
    {
        /// <summary>In the request line.</summary>
        RequestLine,

        /// <summary>In a request line of which there is no room to keep more: only its end counts.</summary>
        LongLine,

        /// <summary>In the name of a header field, or at the empty line that ends the header.</summary>
        FieldName,

        /// <summary>In the value of a header field.</summary>
        FieldValue,

        /// <summary>The header is complete; a body may follow.</summary>
        Complete,

        /// <summary>It is no good: the status says why.</summary>
        Refused,
    }
}
