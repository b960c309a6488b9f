// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Mdns
{
    /// <summary>
    /// What the responder has seen and done. Nothing that it does depends on them.
    /// </summary>
    public sealed class MdnsCounters
    {
        // fields, for a call costs more than the counting; the responder writes them, everybody else reads the properties below
        internal uint _received;
        internal uint _badSource;
        internal uint _malformed;
        internal uint _ignored;
        internal uint _probes;
        internal uint _announcements;
        internal uint _answers;
        internal uint _unicasts;
        internal uint _suppressed;
        internal uint _conflicts;
        internal uint _lost;
        internal uint _notSent;

        /// <summary>Messages received, of whatever kind.</summary>
        public uint Received => _received;

        /// <summary>Dropped: from somebody who is not on our link, or from another port than 5353 though it answers.</summary>
        public uint BadSource => _badSource;

        /// <summary>Messages that do not fit together; what stands before the fault was heard.</summary>
        public uint Malformed => _malformed;

        /// <summary>Dropped: another kind of question, or an answer that tells of an error.</summary>
        public uint Ignored => _ignored;

        /// <summary>Probes sent.</summary>
        public uint Probes => _probes;

        /// <summary>Announcements sent, goodbyes included.</summary>
        public uint Announcements => _announcements;

        /// <summary>Answers sent to all.</summary>
        public uint Answers => _answers;

        /// <summary>Answers sent to the asker alone.</summary>
        public uint Unicasts => _unicasts;

        /// <summary>Records that were not told since the asker knows them, or somebody else has told them.</summary>
        public uint Suppressed => _suppressed;

        /// <summary>Times that somebody else had one of our names.</summary>
        public uint Conflicts => _conflicts;

        /// <summary>Times that somebody else wanted one of our names at the same time, and goes first.</summary>
        public uint Lost => _lost;

        /// <summary>Messages that could not be sent: no frame, say.</summary>
        public uint NotSent => _notSent;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _received = 0;
            _badSource = 0;
            _malformed = 0;
            _ignored = 0;
            _probes = 0;
            _announcements = 0;
            _answers = 0;
            _unicasts = 0;
            _suppressed = 0;
            _conflicts = 0;
            _lost = 0;
            _notSent = 0;
        }
    }
}
