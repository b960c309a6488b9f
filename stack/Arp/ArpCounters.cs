// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Arp
{
    /// <summary>
    /// What the ARP layer has seen.
    /// </summary>
    public sealed class ArpCounters
    {
        /// <summary>Requests received, for us or for others.</summary>
        public uint RequestsReceived;

        /// <summary>Replies received.</summary>
        public uint RepliesReceived;

        /// <summary>Requests sent.</summary>
        public uint RequestsSent;

        /// <summary>Replies sent.</summary>
        public uint RepliesSent;

        /// <summary>Announcements of our own address sent (RFC 5227 section 2.3).</summary>
        public uint AnnouncementsSent;

        /// <summary>Dropped: too short, or not IPv4 over Ethernet.</summary>
        public uint Malformed;

        /// <summary>Dropped: the sender's addresses cannot be a host's.</summary>
        public uint BadSender;

        /// <summary>Signs that somebody else uses our address (RFC 5227 sections 2.1.1 and 2.4).</summary>
        public uint Conflicts;

        /// <summary>Announcements sent to defend our address, one in ten seconds at most.</summary>
        public uint Defences;

        /// <summary>Probes sent before our address was used.</summary>
        public uint ProbesSent;

        /// <summary>Replies that nobody had asked for, about an address that is not in the cache or had another MAC address.</summary>
        public uint Unsolicited;

        /// <summary>Entries that made room for others.</summary>
        public uint Evictions;

        /// <summary>Addresses that did not answer in time.</summary>
        public uint Unresolved;

        /// <summary>Frames parked until their next hop is known.</summary>
        public uint Parked;

        /// <summary>Parked frames dropped: a newer one took their place, or the next hop never answered.</summary>
        public uint ParkedDropped;

        /// <summary>Not sent: no frame was free.</summary>
        public uint NoFrame;
    }
}
