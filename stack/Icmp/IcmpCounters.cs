// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Icmp
{
    /// <summary>
    /// What the ICMP layer has seen.
    /// </summary>
    public sealed class IcmpCounters
    {
        /// <summary>Echo requests received.</summary>
        public uint EchoRequests;

        /// <summary>Echo replies sent.</summary>
        public uint EchoReplies;

        /// <summary>Errors received (destination unreachable and the like).</summary>
        public uint ErrorsReceived;

        /// <summary>Errors received that quote too little, or a packet that is none of ours.</summary>
        public uint ErrorsMalformed;

        /// <summary>Errors sent.</summary>
        public uint ErrorsSent;

        /// <summary>Errors not sent: the rate limit.</summary>
        public uint ErrorsLimited;

        /// <summary>Dropped: shorter than a header.</summary>
        public uint BadLength;

        /// <summary>Dropped: checksum.</summary>
        public uint BadChecksum;

        /// <summary>Dropped: an echo request to a broadcast address (RFC 1122 section 3.2.2.6; it would amplify).</summary>
        public uint BroadcastEcho;

        /// <summary>Dropped: other types (RFC 1122 section 3.2.2).</summary>
        public uint Ignored;

        /// <summary>Not sent: no frame was free.</summary>
        public uint NoFrame;
    }
}
