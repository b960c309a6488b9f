// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.IPv4
{
    /// <summary>
    /// The IPv4 header (RFC 791 section 3.1): which host it is for, across networks.
    /// </summary>
    /// <remarks>
    /// <code>
    ///  0       1       2       3
    /// +---+---+-------+---------------+
    /// |ver|IHL|  TOS  | total length  |   0
    /// +---+---+-------+-+-------------+
    /// |identification |flags| offset  |   4
    /// +-------+-------+---------------+
    /// |  TTL  | proto |header checksum|   8
    /// +-------+-------+---------------+
    /// |        source address         |  12
    /// +-------------------------------+
    /// |      destination address      |  16
    /// +-------------------------------+
    /// |   options, if IHL is over 5   |  20
    /// </code>
    /// Offsets are from the start of the Ethernet frame, for the header always starts at the same place in it.
    /// </remarks>
    public static class IPv4Header
    {
        /// <summary>Offset of the header in the frame.</summary>
        public const int Start = EthernetHeader.Length;

        /// <summary>Offset of version (4 bits), IHL in 32-bit words (4 bits) and type of service (8 bits).</summary>
        public const int VersionIhlTos = Start;

        /// <summary>Offset of the total length in bytes, header included.</summary>
        public const int TotalLength = Start + 2;

        /// <summary>Offset of the identification.</summary>
        public const int Identification = Start + 4;

        /// <summary>Offset of the flags (3 bits) and the fragment offset in units of 8 bytes (13 bits).</summary>
        public const int FlagsOffset = Start + 6;

        /// <summary>Offset of time to live (8 bits) and protocol (8 bits).</summary>
        public const int TtlProtocol = Start + 8;

        /// <summary>Offset of the header checksum.</summary>
        public const int HeaderChecksum = Start + 10;

        /// <summary>Offset of the source address.</summary>
        public const int Source = Start + 12;

        /// <summary>Offset of the destination address.</summary>
        public const int Destination = Start + 16;

        /// <summary>Offset of the options, or of the payload where there are none.</summary>
        public const int Options = Start + 20;

        /// <summary>Length of a header without options in bytes.</summary>
        public const int MinimumLength = WireSizes.IPv4HeaderLength;

        /// <summary>Length of the longest header in bytes.</summary>
        public const int MaximumLength = WireSizes.LongestIPv4Header;

        /// <summary>Flag: do not fragment.</summary>
        public const int DontFragment = 0x4000;

        /// <summary>Flag: more fragments follow.</summary>
        public const int MoreFragments = 0x2000;

        /// <summary>Mask of the fragment offset.</summary>
        public const int OffsetMask = 0x1FFF;

        /// <summary>Protocol number of ICMP (RFC 792).</summary>
        public const int ProtocolIcmp = 1;

        /// <summary>Protocol number of IGMP (RFC 2236).</summary>
        public const int ProtocolIgmp = 2;

        /// <summary>Protocol number of TCP (RFC 9293).</summary>
        public const int ProtocolTcp = 6;

        /// <summary>Protocol number of UDP (RFC 768).</summary>
        public const int ProtocolUdp = 17;

        /// <summary>Version 4, IHL 5, type of service 0: the first word of what we send.</summary>
        internal const int OurVersionIhlTos = 0x4500;

        private const int OptionEnd = 0;
        private const int OptionNoOperation = 1;
        private const int OptionLooseSourceRoute = 131;
        private const int OptionStrictSourceRoute = 137;

        /// <summary>
        /// Checks that the lengths in a header agree with each other and with the frame. What follows may then be read without
        /// looking at lengths again.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <returns>Whether they agree.</returns>
        public static bool CheckLengths(Frame frame)
        {
            int available = frame.Length - Start;
            if (available < MinimumLength)
            {
                return false;
            }

            int headerLength = HeaderLength(frame);
            int totalLength = frame.GetUInt16(TotalLength);
            return headerLength >= MinimumLength && headerLength <= totalLength && totalLength <= available;
        }

        /// <summary>
        /// Length of the header.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <returns>Bytes, a multiple of 4.</returns>
        public static int HeaderLength(Frame frame) => (frame.GetUInt16(VersionIhlTos) >> 6) & 0x3C;

        /// <summary>
        /// Walks the options (RFC 791 section 3.1). Unknown ones are passed over, as RFC 1122 section 3.2.1.8 asks.
        /// </summary>
        /// <param name="frame">The frame, its lengths checked.</param>
        /// <param name="headerLength">Length of the header in bytes.</param>
        /// <param name="sourceRouted">Whether a source route is among them.</param>
        /// <returns>Whether each option lies within the header.</returns>
        public static bool CheckOptions(Frame frame, int headerLength, out bool sourceRouted)
        {
            sourceRouted = false;
            int offset = Options;
            int end = Start + headerLength;
            while (offset < end)
            {
                int kind = frame.GetByte(offset);
                if (kind == OptionEnd)
                {
                    return true;
                }

                if (kind == OptionNoOperation)
                {
                    offset++;
                    continue;
                }

                // a length below 2 would never move on, one past the header would read what is not an option
                if (offset + 1 >= end)
                {
                    return false;
                }

                int length = frame.GetByte(offset + 1);
                if (length < 2 || offset + length > end)
                {
                    return false;
                }

                if (kind == OptionLooseSourceRoute || kind == OptionStrictSourceRoute)
                {
                    sourceRouted = true;
                }

                offset += length;
            }

            return true;
        }

        /// <summary>
        /// The sum over the pseudo-header of a packet that was received: its addresses are added as they lie.
        /// </summary>
        /// <param name="frame">The packet.</param>
        /// <param name="protocol">The protocol number.</param>
        /// <param name="length">Bytes of UDP or TCP header and data.</param>
        /// <returns>The sum, not folded.</returns>
        internal static uint PseudoHeaderSum(Frame frame, int protocol, int length)
        {
            ushort[] words = frame.Words;
            const int Index = (Source >> 1) + Frame.PrefixWords;
            int added = protocol + length;
            return (uint)(words[Index] + words[Index + 1] + words[Index + 2] + words[Index + 3]
                + (frame.LowByteFirst ? ((added & 0xFF) << 8) | (added >> 8) : added));
        }

        /// <summary>
        /// The sum over the pseudo-header of UDP and TCP (RFC 768, RFC 9293 section 3.1), but for the length.
        /// </summary>
        /// <param name="frame">Any frame, for the word order.</param>
        /// <param name="local">One address.</param>
        /// <param name="remote">The other address.</param>
        /// <param name="protocol">The protocol number.</param>
        /// <returns>The sum, not folded.</returns>
        internal static uint PseudoHeaderSum(Frame frame, uint local, uint remote, int protocol)
        {
            // swapping the bytes of the sum, its carries included, is swapping those of each word (RFC 1071 section 2 (B))
            uint sum = (local >> 16) + (local & 0xFFFF) + (remote >> 16) + (remote & 0xFFFF) + (uint)protocol;
            sum = (sum & 0xFFFF) + (sum >> 16);
            sum = (sum & 0xFFFF) + (sum >> 16);
            return frame.LowByteFirst ? ((sum & 0xFF) << 8) | (sum >> 8) : sum;
        }
    }
}
