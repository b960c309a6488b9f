// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// Why a request has failed, where it is no <see cref="SocketError"/>. <see cref="HttpClient.Describe"/> says it in words.
    /// </summary>
    public enum HttpClientError
    {
        /// <summary>What came is no answer of HTTP/1.x, or one that two readers could read in two ways.</summary>
        BadAnswer = -101,

        /// <summary>The server closed before the answer was complete.</summary>
        Incomplete = -102,

        /// <summary>Something is longer than there is room for: a header, the value of a field that was asked for, a URL.</summary>
        TooLong = -103,

        /// <summary>One redirect too many.</summary>
        TooManyRedirects = -104,

        /// <summary>Only http:// can be fetched: there is no TLS.</summary>
        SchemeNotSupported = -105,

        /// <summary>It is no URL of a host, or no target.</summary>
        InvalidUrl = -106,
    }
}
