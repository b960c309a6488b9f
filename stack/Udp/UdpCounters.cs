// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Udp
{
    /// <summary>
    /// What the UDP layer has seen.
    /// </summary>
    public sealed class UdpCounters
    {
        /// <summary>Datagrams received, good or bad.</summary>
        public uint DatagramsReceived;

        /// <summary>Dropped: the length does not agree with the packet.</summary>
        public uint BadLength;

        /// <summary>Dropped: checksum (RFC 1122 section 4.1.3.4).</summary>
        public uint BadChecksum;

        /// <summary>Dropped: destination port 0.</summary>
        public uint BadPort;

        /// <summary>Datagrams for a port that no socket has.</summary>
        public uint NoSocket;
    }
}
