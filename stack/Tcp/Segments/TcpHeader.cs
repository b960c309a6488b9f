// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// The TCP header (RFC 9293 section 3.1): which byte of the stream is sent, and which one is expected.
    /// </summary>
    /// <remarks>
    /// <code>
    ///  0              2              4
    /// +--------------+--------------+
    /// | source port  | dest. port   |   0
    /// +--------------+--------------+
    /// |       sequence number       |   4
    /// +-----------------------------+
    /// |    acknowledgment number    |   8
    /// +----+----+----+--------------+
    /// |doff|rsvd|flag|    window    |  12
    /// +----+----+----+--------------+
    /// |   checksum   |urgent pointer|  16
    /// +--------------+--------------+
    /// |  options, if doff is over 5 |  20
    /// </code>
    /// Offsets are from the start of the TCP header.
    /// </remarks>
    public static class TcpHeader
    {
        /// <summary>Offset of the source port.</summary>
        public const int SourcePort = 0;

        /// <summary>Offset of the destination port.</summary>
        public const int DestinationPort = 2;

        /// <summary>Offset of the sequence number of the first byte, or of SYN.</summary>
        public const int Sequence = 4;

        /// <summary>Offset of the acknowledgment number: the next sequence number expected.</summary>
        public const int Acknowledgment = 8;

        /// <summary>Offset of data offset (4 bits, in 32-bit words), reserved bits and flags (8 bits).</summary>
        public const int OffsetFlags = 12;

        /// <summary>Offset of the window in bytes.</summary>
        public const int Window = 14;

        /// <summary>Offset of the checksum.</summary>
        public const int Checksum = 16;

        /// <summary>Offset of the urgent pointer.</summary>
        public const int UrgentPointer = 18;

        /// <summary>Length of a header without options in bytes.</summary>
        public const int MinimumLength = WireSizes.TcpHeaderLength;

        /// <summary>Flag: no more data from the sender.</summary>
        public const int Fin = 0x01;

        /// <summary>Flag: the sequence number is the initial one.</summary>
        public const int Syn = 0x02;

        /// <summary>Flag: reset the connection.</summary>
        public const int Rst = 0x04;

        /// <summary>Flag: hand what has come to the application.</summary>
        public const int Psh = 0x08;

        /// <summary>Flag: the acknowledgment number counts.</summary>
        public const int Ack = 0x10;

        /// <summary>Flag: the urgent pointer counts.</summary>
        public const int Urg = 0x20;
    }
}
