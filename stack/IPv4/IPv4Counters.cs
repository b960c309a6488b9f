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

        /// <summary>Packets sent, those to ourselves not counted.</summary>
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

        /// <summary>Fragments received, good or bad.</summary>
        public uint Fragments;

        /// <summary>Fragments dropped: empty, of a length that is no multiple of 8, or a first one that cuts through a TCP header (RFC 1858).</summary>
        public uint BadFragments;

        /// <summary>Fragments dropped: their datagram was given up, another one has the buffer, or there is none.</summary>
        public uint FragmentsRefused;

        /// <summary>Fragments passed over: the same one has come before.</summary>
        public uint FragmentsRepeated;

        /// <summary>Datagrams put together.</summary>
        public uint Reassembled;

        /// <summary>Datagrams dropped: fragments overlap, or do not agree where the datagram ends (RFC 5722).</summary>
        public uint ReassemblyOverlaps;

        /// <summary>Fragments dropped, and their datagram with them: they end past the buffer, or past 65535 bytes.</summary>
        public uint ReassemblyTooLarge;

        /// <summary>Datagrams dropped: not complete in time (RFC 1122 section 3.3.2).</summary>
        public uint ReassemblyTimeouts;

        /// <summary>Datagrams dropped: not complete, and another one needed the buffer.</summary>
        public uint ReassemblyEvicted;

        /// <summary>Fragments sent. Each is a packet, too.</summary>
        public uint FragmentsSent;

        /// <summary>Datagrams not sent: not as many frames were free as they would have taken.</summary>
        public uint FragmentationFailed;

        /// <summary>Packets sent to ourselves.</summary>
        public uint PacketsLooped;

        /// <summary>Packets to ourselves dropped: too many wait for the next poll, or no frame was free.</summary>
        public uint LoopbackFull;

        /// <summary>Dropped: a protocol that nobody here speaks.</summary>
        public uint UnknownProtocol;

        /// <summary>Not sent: the destination is off-link and there is no gateway (RFC 1122 section 3.3.1), or it is 127/8, or we have no
        /// address.</summary>
        public uint NoRoute;
    }
}
