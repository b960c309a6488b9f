// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Http
{
    /// <summary>
    /// Methods of requests (RFC 9110 section 9); several together say what a path allows.
    /// </summary>
    [Flags]
    public enum HttpMethods
    {
        /// <summary>None.</summary>
        None = 0,

        /// <summary>GET.</summary>
        Get = 1,

        /// <summary>HEAD: what GET has, without the content. Where there is GET there is HEAD.</summary>
        Head = 2,

        /// <summary>POST.</summary>
        Post = 4,

        /// <summary>PUT.</summary>
        Put = 8,

        /// <summary>DELETE.</summary>
        Delete = 16,

        /// <summary>PATCH (RFC 5789).</summary>
        Patch = 32,

        /// <summary>OPTIONS, which the server answers itself.</summary>
        Options = 64,

        /// <summary>TRACE, which no path has.</summary>
        Trace = 128,

        /// <summary>CONNECT, which no path has.</summary>
        Connect = 256,
    }
}
