// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Udp
{
    /// <summary>
    /// The UDP header (RFC 768): ports, length and checksum. Offsets are from the start of the header.
    /// </summary>
    public static class UdpHeader
    {
        /// <summary>Offset of the source port, 0 where no answer is wanted.</summary>
        public const int SourcePort = 0;

        /// <summary>Offset of the destination port.</summary>
        public const int DestinationPort = 2;

        /// <summary>Offset of the length of header and data in bytes.</summary>
        public const int DatagramLength = 4;

        /// <summary>Offset of the checksum, 0 where there is none.</summary>
        public const int Checksum = 6;

        /// <summary>Length of the header in bytes.</summary>
        public const int Length = 8;

        /// <summary>The port of those who ask for an address (RFC 951 section 3, RFC 2131 section 4.1).</summary>
        internal const int BootstrapClientPort = 68;

        /// <summary>
        /// Checks that the length agrees with the packet. Bytes behind the datagram are allowed.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="start">Offset of the header in the frame.</param>
        /// <returns>Whether it does.</returns>
        public static bool Check(Frame frame, int start)
        {
            int available = frame.Length - start;
            if (available < Length)
            {
                return false;
            }

            int length = frame.GetUInt16(start + DatagramLength);
            return length >= Length && length <= available;
        }
    }
}
