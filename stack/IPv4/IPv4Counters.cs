// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.IPv4
{
    /// <summary>
    /// What the IPv4 layer has seen.
    /// </summary>
    public sealed class IPv4Counters
    {
        // fields, for a call costs more than the counting; the layer writes them, everybody else reads the properties below. What takes the
        // short way is received and delivered in one
        internal uint _onShortWay;
        internal uint _receivedOnLongWay;
        internal uint _deliveredOnLongWay;
        internal uint _packetsSent;
        internal uint _badVersion;
        internal uint _badLength;
        internal uint _badChecksum;
        internal uint _badOption;
        internal uint _sourceRouted;
        internal uint _badSource;
        internal uint _notForUs;
        internal uint _fragments;
        internal uint _badFragments;
        internal uint _fragmentsRefused;
        internal uint _fragmentsRepeated;
        internal uint _reassembled;
        internal uint _reassemblyOverlaps;
        internal uint _reassemblyTooLarge;
        internal uint _reassemblyTimeouts;
        internal uint _reassemblyEvicted;
        internal uint _fragmentsSent;
        internal uint _fragmentationFailed;
        internal uint _packetsLooped;
        internal uint _loopbackFull;
        internal uint _unknownProtocol;
        internal uint _noRoute;

        /// <summary>Packets received, good or bad.</summary>
        public uint PacketsReceived => _receivedOnLongWay + _onShortWay;

        /// <summary>Packets handed to ICMP, UDP or TCP.</summary>
        public uint PacketsDelivered => _deliveredOnLongWay + _onShortWay;

        /// <summary>Packets sent, those to ourselves not counted.</summary>
        public uint PacketsSent => _packetsSent;

        /// <summary>Dropped: version is not 4 (RFC 1122 section 3.2.1.1).</summary>
        public uint BadVersion => _badVersion;

        /// <summary>Dropped: header length, total length and frame length disagree.</summary>
        public uint BadLength => _badLength;

        /// <summary>Dropped: header checksum (RFC 1122 section 3.2.1.2).</summary>
        public uint BadChecksum => _badChecksum;

        /// <summary>Dropped: an option with an impossible length.</summary>
        public uint BadOption => _badOption;

        /// <summary>Dropped: source routes are not for hosts like this (RFC 7126 section 4.3).</summary>
        public uint SourceRouted => _sourceRouted;

        /// <summary>Dropped: the source is broadcast, multicast, loopback or ourselves (RFC 1122 section 3.2.1.3).</summary>
        public uint BadSource => _badSource;

        /// <summary>Dropped: the destination is another host.</summary>
        public uint NotForUs => _notForUs;

        /// <summary>Fragments received, good or bad.</summary>
        public uint Fragments => _fragments;

        /// <summary>Fragments dropped: empty, of a length that is no multiple of 8, or a first one that cuts through a TCP header (RFC 1858).</summary>
        public uint BadFragments => _badFragments;

        /// <summary>Fragments dropped: their datagram was given up, another one has the buffer, or there is none.</summary>
        public uint FragmentsRefused => _fragmentsRefused;

        /// <summary>Fragments passed over: the same one has come before.</summary>
        public uint FragmentsRepeated => _fragmentsRepeated;

        /// <summary>Datagrams put together.</summary>
        public uint Reassembled => _reassembled;

        /// <summary>Datagrams dropped: fragments overlap, or do not agree where the datagram ends (RFC 5722).</summary>
        public uint ReassemblyOverlaps => _reassemblyOverlaps;

        /// <summary>Fragments dropped, and their datagram with them: they end past the buffer, or past 65535 bytes.</summary>
        public uint ReassemblyTooLarge => _reassemblyTooLarge;

        /// <summary>Datagrams dropped: not complete in time (RFC 1122 section 3.3.2).</summary>
        public uint ReassemblyTimeouts => _reassemblyTimeouts;

        /// <summary>Datagrams dropped: not complete, and another one needed the buffer.</summary>
        public uint ReassemblyEvicted => _reassemblyEvicted;

        /// <summary>Fragments sent. Each is a packet, too.</summary>
        public uint FragmentsSent => _fragmentsSent;

        /// <summary>Datagrams not sent: not as many frames were free as they would have taken.</summary>
        public uint FragmentationFailed => _fragmentationFailed;

        /// <summary>Packets sent to ourselves.</summary>
        public uint PacketsLooped => _packetsLooped;

        /// <summary>Packets to ourselves dropped: too many wait for the next poll, or no frame was free.</summary>
        public uint LoopbackFull => _loopbackFull;

        /// <summary>Dropped: a protocol that nobody here speaks.</summary>
        public uint UnknownProtocol => _unknownProtocol;

        /// <summary>Not sent: the destination is off-link and there is no gateway (RFC 1122 section 3.3.1), or it is 127/8, or we have no
        /// address.</summary>
        public uint NoRoute => _noRoute;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _onShortWay = 0;
            _receivedOnLongWay = 0;
            _deliveredOnLongWay = 0;
            _packetsSent = 0;
            _badVersion = 0;
            _badLength = 0;
            _badChecksum = 0;
            _badOption = 0;
            _sourceRouted = 0;
            _badSource = 0;
            _notForUs = 0;
            _fragments = 0;
            _badFragments = 0;
            _fragmentsRefused = 0;
            _fragmentsRepeated = 0;
            _reassembled = 0;
            _reassemblyOverlaps = 0;
            _reassemblyTooLarge = 0;
            _reassemblyTimeouts = 0;
            _reassemblyEvicted = 0;
            _fragmentsSent = 0;
            _fragmentationFailed = 0;
            _packetsLooped = 0;
            _loopbackFull = 0;
            _unknownProtocol = 0;
            _noRoute = 0;
        }
    }
}
