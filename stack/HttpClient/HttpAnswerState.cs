// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// Where in an answer the parser is (RFC 9112). From <see cref="HeaderEnd"/> on it reads no further by itself.
    /// </summary>
    internal enum HttpAnswerState
    {
        /// <summary>In the first line.</summary>
        StatusLine,

        /// <summary>At the begin of a line of the header or the trailer, or in a field's name.</summary>
        FieldName,

        /// <summary>In a field's value.</summary>
        FieldValue,

        /// <summary>In the size of a chunk.</summary>
        ChunkSize,

        /// <summary>In what stands behind the size.</summary>
        ChunkExtension,

        /// <summary>Behind a chunk, where its line ends.</summary>
        ChunkEnd,

        /// <summary>The header has ended.</summary>
        HeaderEnd,

        /// <summary>The text of a chunk follows.</summary>
        ChunkText,

        /// <summary>The last chunk and the trailer have ended.</summary>
        BodyEnd,

        /// <summary>It is no answer, or no unequivocal one.</summary>
        Refused,
    }
}
