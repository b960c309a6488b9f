// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.IPv4
{
    /// <summary>
    /// What the IPv4 layer has seen.
    /// </summary>
    public sealed class IPv4Counters
    {
        /// <summary>Packets received, good or bad.</summary>
        public uint PacketsReceived;

        /// <summary>Packets handed to ICMP, UDP or TCP.</summary>
        public uint PacketsDelivered;

        /// <summary>Packets sent.</summary>
        public uint PacketsSent;

        /// <summary>Dropped: version is not 4 (RFC 1122 section 3.2.1.1).</summary>
        public uint BadVersion;

        /// <summary>Dropped: header length, total length and frame length disagree.</summary>
        public uint BadLength;

        /// <summary>Dropped: header checksum (RFC 1122 section 3.2.1.2).</summary>
        public uint BadChecksum;

        /// <summary>Dropped: an option with an impossible length.</summary>
        public uint BadOption;

        /// <summary>Dropped: source routes are not for hosts like this (RFC 7126 section 4.3).</summary>
        public uint SourceRouted;

        /// <summary>Dropped: the source is broadcast, multicast, loopback or ourselves (RFC 1122 section 3.2.1.3).</summary>
        public uint BadSource;

        /// <summary>Dropped: the destination is another host.</summary>
        public uint NotForUs;

        /// <summary>Dropped: a fragment. Reassembly is not there.</summary>
        public uint Fragments;

        /// <summary>Dropped: a protocol that nobody here speaks.</summary>
        public uint UnknownProtocol;

        /// <summary>Not sent: the destination is off-link and there is no gateway (RFC 1122 section 3.3.1).</summary>
        public uint NoRoute;
    }
}
