// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// What the HTTP server has seen.
    /// </summary>
    public sealed class HttpCounters
    {
        /// <summary>Connections accepted.</summary>
        public uint Connections;

        /// <summary>Answers with a page.</summary>
        public uint Pages;

        /// <summary>Answers that a path is not there (404).</summary>
        public uint NotFound;

        /// <summary>Answers that a method is not allowed or not known (405, 501).</summary>
        public uint MethodRefused;

        /// <summary>Answers that a request is no good: malformed, too long, another version (400, 414, 431, 505).</summary>
        public uint BadRequests;

        /// <summary>Connections closed because the client said nothing for too long, or took too long over all.</summary>
        public uint TimedOut;

        /// <summary>Connections that ended before an answer was sent.</summary>
        public uint Aborted;
    }
}
