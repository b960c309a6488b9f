// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// What the HTTP server has seen.
    /// </summary>
    public sealed class HttpCounters
    {
        // fields, for a call costs more than the counting; the layer writes them, everybody else reads the properties below
        internal uint _connections;
        internal uint _pages;
        internal uint _notFound;
        internal uint _methodRefused;
        internal uint _badRequests;
        internal uint _timedOut;
        internal uint _aborted;
        internal uint _gaveWay;
        internal uint _handled;
        internal uint _handlerFailures;

        /// <summary>Connections accepted.</summary>
        public uint Connections => _connections;

        /// <summary>Answers with a page.</summary>
        public uint Pages => _pages;

        /// <summary>Answers that a path is not there (404).</summary>
        public uint NotFound => _notFound;

        /// <summary>Answers that a method is not allowed or not known (405, 501).</summary>
        public uint MethodRefused => _methodRefused;

        /// <summary>Answers that a request is no good: malformed, too long, another version, not allowed (400, 401, 414, 431, 505, ...).</summary>
        public uint BadRequests => _badRequests;

        /// <summary>Connections closed because the client said nothing for too long, or took too long over all.</summary>
        public uint TimedOut => _timedOut;

        /// <summary>Connections closed before their time because all places were taken and somebody waited.</summary>
        public uint GaveWay => _gaveWay;

        /// <summary>Connections that ended before an answer was sent.</summary>
        public uint Aborted => _aborted;

        /// <summary>Requests that a handler was called for.</summary>
        public uint Handled => _handled;

        /// <summary>Handlers that have thrown an exception: the client got 500, or was reset.</summary>
        public uint HandlerFailures => _handlerFailures;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _connections = 0;
            _pages = 0;
            _notFound = 0;
            _methodRefused = 0;
            _badRequests = 0;
            _timedOut = 0;
            _aborted = 0;
            _gaveWay = 0;
            _handled = 0;
            _handlerFailures = 0;
        }
    }
}
