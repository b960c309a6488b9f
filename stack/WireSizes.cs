// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// What headers and frames measure, in bytes: the sizes of the stack follow from it, and so do the layers' own constants.
    /// </summary>
    internal static class WireSizes
    {
        /// <summary>The header of an Ethernet frame: two station addresses and the type.</summary>
        internal const int EthernetHeaderLength = 14;

        /// <summary>The most that an Ethernet frame carries: its MTU (RFC 894).</summary>
        internal const int EthernetPayload = 1500;

        /// <summary>An ARP packet for Ethernet and IPv4 (RFC 826).</summary>
        internal const int ArpPacketLength = 28;

        /// <summary>An IPv4 header without options (RFC 791 section 3.1).</summary>
        internal const int IPv4HeaderLength = 20;

        /// <summary>An IPv4 header with all the options that fit.</summary>
        internal const int LongestIPv4Header = 60;

        /// <summary>A TCP header without options (RFC 9293 section 3.1).</summary>
        internal const int TcpHeaderLength = 20;

        /// <summary>The longest IPv4 packet that there is.</summary>
        internal const int LongestPacket = 65535;

        /// <summary>The longest IPv4 packet that every host takes, put together from fragments if need be (RFC 1122 section 3.3.2).</summary>
        internal const int PacketForAll = 576;

        /// <summary>The most text in a segment that every host takes: the MSS of who names none (RFC 9293 section 3.7.1).</summary>
        internal const int SegmentForAll = PacketForAll - IPv4HeaderLength - TcpHeaderLength;

        /// <summary>The most text in a segment that an Ethernet frame carries.</summary>
        internal const int LargestSegment = EthernetPayload - IPv4HeaderLength - TcpHeaderLength;
    }
}
