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

        /// <summary>Datagrams that a socket got.</summary>
        public uint DatagramsDelivered;

        /// <summary>Datagrams sent.</summary>
        public uint DatagramsSent;

        /// <summary>Dropped: the socket has as many as it may hold, or the pool is at its reserve.</summary>
        public uint ReceiveQueueFull;

        /// <summary>ICMP errors that a socket was told of.</summary>
        public uint ErrorsTaken;

        /// <summary>ICMP errors about no socket that has that peer.</summary>
        public uint ErrorsIgnored;

        /// <summary>Datagrams not sent: no frame was free.</summary>
        public uint NoFrame;

        /// <summary>Datagrams for a port that no socket has.</summary>
        public uint NoSocket;
    }
}
