// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// What an HTTP client has seen and done. Nothing that it does depends on them.
    /// </summary>
    public sealed class HttpClientCounters
    {
        // fields, for a call costs more than the counting; the client writes them, everybody else reads the properties below
        internal uint _requests;
        internal uint _answers;
        internal uint _connections;
        internal uint _retries;
        internal uint _redirects;
        internal uint _badAnswers;
        internal uint _failures;

        /// <summary>Requests begun.</summary>
        public uint Requests => _requests;

        /// <summary>Answers whose header has come, those that were followed elsewhere left out.</summary>
        public uint Answers => _answers;

        /// <summary>Connections begun: fewer than requests where they are used again.</summary>
        public uint Connections => _connections;

        /// <summary>Requests made once more, since the server had closed the connection when the first came.</summary>
        public uint Retries => _retries;

        /// <summary>Redirects followed.</summary>
        public uint Redirects => _redirects;

        /// <summary>Answers that were none, or that two readers could read in two ways.</summary>
        public uint BadAnswers => _badAnswers;

        /// <summary>Requests that failed, for whatever reason.</summary>
        public uint Failures => _failures;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _requests = 0;
            _answers = 0;
            _connections = 0;
            _retries = 0;
            _redirects = 0;
            _badAnswers = 0;
            _failures = 0;
        }
    }
}
