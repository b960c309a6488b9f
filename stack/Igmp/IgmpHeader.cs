// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Igmp
{
    /// <summary>
    /// The IGMP message (RFC 2236 section 2): which multicast groups have members on the link. Offsets are from its start.
    /// </summary>
    public static class IgmpHeader
    {
        /// <summary>Offset of the type and the maximum response time in tenths of a second, 8 bits each.</summary>
        public const int TypeTime = 0;

        /// <summary>Offset of the checksum over all that the IPv4 packet carries.</summary>
        public const int Checksum = 2;

        /// <summary>Offset of the group's address, 4 bytes; 0 in a query for all groups.</summary>
        public const int Group = 4;

        /// <summary>Length in bytes; of what follows only the checksum takes notice.</summary>
        public const int Length = 8;

        /// <summary>Type: a router asks for members. The same in all versions.</summary>
        public const int TypeQuery = 0x11;

        /// <summary>Type: a member's report, version 1 (RFC 1112).</summary>
        public const int TypeReportVersion1 = 0x12;

        /// <summary>Type: a member's report, version 2.</summary>
        public const int TypeReport = 0x16;

        /// <summary>Type: perhaps the last member leaves.</summary>
        public const int TypeLeave = 0x17;
    }
}
