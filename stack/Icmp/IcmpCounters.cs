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

        /// <summary>Echo requests sent.</summary>
        public uint EchoRequestsSent;

        /// <summary>Echo replies received that an echo socket waited for.</summary>
        public uint EchoRepliesReceived;

        /// <summary>Echo replies dropped: nobody waits for them, or they are not from whom was asked.</summary>
        public uint EchoRepliesIgnored;

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

        /// <summary>Dropped: redirects. The gateway is configured, not learnt (RFC 1122 section 3.2.2.2).</summary>
        public uint RedirectsIgnored;

        /// <summary>Dropped: source quenches (RFC 6633).</summary>
        public uint SourceQuenchesIgnored;

        /// <summary>Dropped: router discovery, timestamp, information and address mask messages, types 9, 10 and 13 to 18 (RFC 6918).</summary>
        public uint QueriesIgnored;

        /// <summary>Dropped: types that nobody knows (RFC 1122 section 3.2.2).</summary>
        public uint Ignored;

        /// <summary>Errors and replies not sent: no frame was free, or there was no way.</summary>
        public uint NoFrame;
    }
}
