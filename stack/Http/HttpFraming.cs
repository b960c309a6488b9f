// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// How the client knows where an answer ends (RFC 9112 section 6).
    /// </summary>
    internal enum HttpFraming
    {
        /// <summary>Nothing of the answer has been written.</summary>
        None,

        /// <summary>The header is being written.</summary>
        Header,

        /// <summary>The body is being written into the frame of the header: if that is all of it, its length is told.</summary>
        Open,

        /// <summary>There is no body (HEAD, 204, 304): what is written of one is only counted.</summary>
        NoBody,

        /// <summary>By its length.</summary>
        Counted,

        /// <summary>By chunks.</summary>
        Chunked,

        /// <summary>By the end of the connection: the client knows no chunks.</summary>
        UntilClosed,
    }
}
