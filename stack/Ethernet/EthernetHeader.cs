// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Ethernet
{
    /// <summary>
    /// The Ethernet II header (RFC 894): who it is for, who sends it, and what it carries.
    /// </summary>
    /// <remarks>
    /// <code>
    ///  0                6                12        14
    /// +----------------+----------------+---------+-----------
    /// |  destination   |     source     | type    | payload
    /// +----------------+----------------+---------+-----------
    /// </code>
    /// </remarks>
    public static class EthernetHeader
    {
        /// <summary>Offset of the destination address, 6 bytes.</summary>
        public const int Destination = 0;

        /// <summary>Offset of the source address, 6 bytes.</summary>
        public const int Source = 6;

        /// <summary>Offset of the type, 16 bits. Values up to <see cref="LargestLength"/> are an 802.3 length instead.</summary>
        public const int Type = 12;

        /// <summary>Length of the header in bytes; the payload starts here.</summary>
        public const int Length = WireSizes.EthernetHeaderLength;

        /// <summary>Most bytes of payload (RFC 894): the MTU.</summary>
        public const int MaximumPayload = WireSizes.EthernetPayload;

        /// <summary>Shortest frame without FCS in bytes; shorter ones are padded by the controller.</summary>
        public const int MinimumFrame = 60;

        /// <summary>Longest frame without FCS in bytes.</summary>
        public const int MaximumFrame = Length + MaximumPayload;

        /// <summary>Largest value of the type field that is a length (IEEE 802.3 clause 3.2.6).</summary>
        public const int LargestLength = 1535;

        /// <summary>Type of IPv4 (RFC 894).</summary>
        public const int TypeIPv4 = 0x0800;

        /// <summary>Type of ARP (RFC 826).</summary>
        public const int TypeArp = 0x0806;

        // 01-00-5E, a zero bit, and the low 23 bits of the group (RFC 1112 section 6.4)
        private const int GroupFirst = 0x0100;
        private const int GroupSecond = 0x5E00;
        private const int GroupSecondMask = 0xFF80;

        /// <summary>Whether a frame goes to an address that IPv4 multicast groups have.</summary>
        internal static bool IsIPv4Group(Frame frame)
        {
            return frame.GetUInt16(Destination) == GroupFirst && (frame.GetUInt16(Destination + 2) & GroupSecondMask) == GroupSecond;
        }

        /// <summary>
        /// The bits of the group's address that stand in the frame's.
        /// </summary>
        /// <param name="frame">A frame to a group.</param>
        /// <returns>The low 23 bits.</returns>
        internal static int IPv4GroupBits(Frame frame)
        {
            return ((frame.GetUInt16(Destination + 2) & ~GroupSecondMask) << 16) | frame.GetUInt16(Destination + 4);
        }

        /// <summary>Writes the destination of a frame to a group.</summary>
        internal static void WriteIPv4Group(Frame frame, uint group)
        {
            frame.SetUInt16(Destination, GroupFirst);
            frame.SetUInt16(Destination + 2, GroupSecond | ((int)(group >> 16) & ~GroupSecondMask));
            frame.SetUInt16(Destination + 4, (int)group);
        }
    }
}
