// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Arp
{
    /// <summary>
    /// What the ARP layer has seen.
    /// </summary>
    public sealed class ArpCounters
    {
        // fields, for a call costs more than the counting; the layer writes them, everybody else reads the properties below
        internal uint _requestsReceived;
        internal uint _repliesReceived;
        internal uint _requestsSent;
        internal uint _repliesSent;
        internal uint _announcementsSent;
        internal uint _malformed;
        internal uint _badSender;
        internal uint _conflicts;
        internal uint _defences;
        internal uint _probesSent;
        internal uint _unsolicited;
        internal uint _evictions;
        internal uint _unresolved;
        internal uint _parked;
        internal uint _parkedDropped;
        internal uint _noFrame;

        /// <summary>Requests received, for us or for others.</summary>
        public uint RequestsReceived => _requestsReceived;

        /// <summary>Replies received.</summary>
        public uint RepliesReceived => _repliesReceived;

        /// <summary>Requests sent.</summary>
        public uint RequestsSent => _requestsSent;

        /// <summary>Replies sent.</summary>
        public uint RepliesSent => _repliesSent;

        /// <summary>Announcements of our own address sent (RFC 5227 section 2.3).</summary>
        public uint AnnouncementsSent => _announcementsSent;

        /// <summary>Dropped: too short, or not IPv4 over Ethernet.</summary>
        public uint Malformed => _malformed;

        /// <summary>Dropped: the sender's addresses cannot be a host's.</summary>
        public uint BadSender => _badSender;

        /// <summary>Signs that somebody else uses our address (RFC 5227 sections 2.1.1 and 2.4).</summary>
        public uint Conflicts => _conflicts;

        /// <summary>Announcements sent to defend our address, one in ten seconds at most.</summary>
        public uint Defences => _defences;

        /// <summary>Probes sent before our address was used.</summary>
        public uint ProbesSent => _probesSent;

        /// <summary>Replies that nobody had asked for, about an address that is not in the cache or had another MAC address.</summary>
        public uint Unsolicited => _unsolicited;

        /// <summary>Entries that made room for others.</summary>
        public uint Evictions => _evictions;

        /// <summary>Addresses that did not answer in time.</summary>
        public uint Unresolved => _unresolved;

        /// <summary>Frames parked until their next hop is known.</summary>
        public uint Parked => _parked;

        /// <summary>Parked frames dropped: a newer one took their place, or the next hop never answered.</summary>
        public uint ParkedDropped => _parkedDropped;

        /// <summary>Not sent: no frame was free.</summary>
        public uint NoFrame => _noFrame;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _requestsReceived = 0;
            _repliesReceived = 0;
            _requestsSent = 0;
            _repliesSent = 0;
            _announcementsSent = 0;
            _malformed = 0;
            _badSender = 0;
            _conflicts = 0;
            _defences = 0;
            _probesSent = 0;
            _unsolicited = 0;
            _evictions = 0;
            _unresolved = 0;
            _parked = 0;
            _parkedDropped = 0;
            _noFrame = 0;
        }
    }
}
