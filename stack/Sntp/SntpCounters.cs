// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Sntp
{
    /// <summary>
    /// What the SNTP client has seen and done. Nothing that it does depends on them.
    /// </summary>
    public sealed class SntpCounters
    {
        // fields, for a call costs more than the counting; the client writes them, everybody else reads the properties below
        internal uint _queries;
        internal uint _notSent;
        internal uint _notFound;
        internal uint _good;
        internal uint _notOurs;
        internal uint _unsynchronized;
        internal uint _bogus;
        internal uint _kisses;
        internal uint _unanswered;

        /// <summary>Questions sent.</summary>
        public uint Queries => _queries;

        /// <summary>Questions that could not be sent: no socket, no frame, no link, no address, no way.</summary>
        public uint NotSent => _notSent;

        /// <summary>Times that the server's name led to no address.</summary>
        public uint NotFound => _notFound;

        /// <summary>Answers by which the clock was set.</summary>
        public uint Good => _good;

        /// <summary>Dropped: no answer of a server of version 4, or not to our question.</summary>
        public uint NotOurs => _notOurs;

        /// <summary>Servers whose clock is not set, or too far off.</summary>
        public uint Unsynchronized => _unsynchronized;

        /// <summary>Answers whose times do not go together.</summary>
        public uint Bogus => _bogus;

        /// <summary>Answers that ask for fewer questions or none (kiss-o'-death).</summary>
        public uint Kisses => _kisses;

        /// <summary>Questions that were not answered in time, or that the network says nobody is there for.</summary>
        public uint Unanswered => _unanswered;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _queries = 0;
            _notSent = 0;
            _notFound = 0;
            _good = 0;
            _notOurs = 0;
            _unsynchronized = 0;
            _bogus = 0;
            _kisses = 0;
            _unanswered = 0;
        }
    }
}
