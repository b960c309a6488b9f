// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dns
{
    /// <summary>
    /// What the resolver has seen and done. Nothing that it does depends on them.
    /// </summary>
    public sealed class DnsCounters
    {
        // fields, for a call costs more than the counting; lookups write them, everybody else reads the properties below
        internal uint _queries;
        internal uint _streams;
        internal uint _notSent;
        internal uint _found;
        internal uint _nothing;
        internal uint _cached;
        internal uint _failures;
        internal uint _timeouts;
        internal uint _badSource;
        internal uint _notOurs;
        internal uint _malformed;
        internal uint _forged;

        /// <summary>Questions sent in datagrams, to servers or to the hosts of the link.</summary>
        public uint Queries => _queries;

        /// <summary>Questions asked over TCP, since the answer did not fit a datagram.</summary>
        public uint Streams => _streams;

        /// <summary>Questions that could not be sent: no socket, no frame, no link, no address.</summary>
        public uint NotSent => _notSent;

        /// <summary>Answers with an address.</summary>
        public uint Found => _found;

        /// <summary>Answers that say that there is no such name, or no address of it.</summary>
        public uint Nothing => _nothing;

        /// <summary>Lookups whose answer was remembered.</summary>
        public uint Cached => _cached;

        /// <summary>Servers that could not tell, or cannot be reached.</summary>
        public uint Failures => _failures;

        /// <summary>Questions that nobody has answered in time.</summary>
        public uint Timeouts => _timeouts;

        /// <summary>Dropped: the word of somebody who is not on our link, or not from port 5353.</summary>
        public uint BadSource => _badSource;

        /// <summary>Dropped: an answer with another number, to another question, or to none.</summary>
        public uint NotOurs => _notOurs;

        /// <summary>Dropped: what does not fit together.</summary>
        public uint Malformed => _malformed;

        /// <summary>Questions given up since too much came that was no answer to them.</summary>
        public uint Forged => _forged;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _queries = 0;
            _streams = 0;
            _notSent = 0;
            _found = 0;
            _nothing = 0;
            _cached = 0;
            _failures = 0;
            _timeouts = 0;
            _badSource = 0;
            _notOurs = 0;
            _malformed = 0;
            _forged = 0;
        }
    }
}
