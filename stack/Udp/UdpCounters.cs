// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Udp
{
    /// <summary>
    /// What the UDP layer has seen.
    /// </summary>
    public sealed class UdpCounters
    {
        // fields, for a call costs more than the counting; the layer writes them, everybody else reads the properties below
        internal uint _datagramsReceived;
        internal uint _badLength;
        internal uint _badChecksum;
        internal uint _badPort;
        internal uint _datagramsDelivered;
        internal uint _datagramsSent;
        internal uint _receiveQueueFull;
        internal uint _errorsTaken;
        internal uint _errorsIgnored;
        internal uint _noFrame;
        internal uint _noSocket;

        /// <summary>Datagrams received, good or bad.</summary>
        public uint DatagramsReceived => _datagramsReceived;

        /// <summary>Dropped: the length does not agree with the packet.</summary>
        public uint BadLength => _badLength;

        /// <summary>Dropped: checksum (RFC 1122 section 4.1.3.4).</summary>
        public uint BadChecksum => _badChecksum;

        /// <summary>Dropped: destination port 0.</summary>
        public uint BadPort => _badPort;

        /// <summary>Datagrams that a socket got.</summary>
        public uint DatagramsDelivered => _datagramsDelivered;

        /// <summary>Datagrams sent.</summary>
        public uint DatagramsSent => _datagramsSent;

        /// <summary>Dropped: the socket has as many as it may hold, or the pool is at its reserve.</summary>
        public uint ReceiveQueueFull => _receiveQueueFull;

        /// <summary>ICMP errors that a socket was told of.</summary>
        public uint ErrorsTaken => _errorsTaken;

        /// <summary>ICMP errors about no socket that has that peer.</summary>
        public uint ErrorsIgnored => _errorsIgnored;

        /// <summary>Datagrams not sent: no frame was free.</summary>
        public uint NoFrame => _noFrame;

        /// <summary>Datagrams for a port that no socket has.</summary>
        public uint NoSocket => _noSocket;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _datagramsReceived = 0;
            _badLength = 0;
            _badChecksum = 0;
            _badPort = 0;
            _datagramsDelivered = 0;
            _datagramsSent = 0;
            _receiveQueueFull = 0;
            _errorsTaken = 0;
            _errorsIgnored = 0;
            _noFrame = 0;
            _noSocket = 0;
        }
    }
}
