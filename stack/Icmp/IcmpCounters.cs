// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Icmp
{
    /// <summary>
    /// What the ICMP layer has seen.
    /// </summary>
    public sealed class IcmpCounters
    {
        // fields, for a call costs more than the counting; the layer writes them, everybody else reads the properties below
        internal uint _echoRequests;
        internal uint _echoReplies;
        internal uint _echoRequestsSent;
        internal uint _echoRepliesReceived;
        internal uint _echoRepliesIgnored;
        internal uint _errorsReceived;
        internal uint _errorsMalformed;
        internal uint _errorsSent;
        internal uint _errorsLimited;
        internal uint _badLength;
        internal uint _badChecksum;
        internal uint _broadcastEcho;
        internal uint _redirectsIgnored;
        internal uint _sourceQuenchesIgnored;
        internal uint _queriesIgnored;
        internal uint _ignored;
        internal uint _notSent;
        internal uint _noFrame;

        /// <summary>Echo requests received.</summary>
        public uint EchoRequests => _echoRequests;

        /// <summary>Echo replies sent.</summary>
        public uint EchoReplies => _echoReplies;

        /// <summary>Echo requests sent.</summary>
        public uint EchoRequestsSent => _echoRequestsSent;

        /// <summary>Echo replies received that an echo socket waited for.</summary>
        public uint EchoRepliesReceived => _echoRepliesReceived;

        /// <summary>Echo replies dropped: nobody waits for them, or they are not from whom was asked.</summary>
        public uint EchoRepliesIgnored => _echoRepliesIgnored;

        /// <summary>Errors received (destination unreachable and the like).</summary>
        public uint ErrorsReceived => _errorsReceived;

        /// <summary>Errors received that quote too little, or a packet that is none of ours.</summary>
        public uint ErrorsMalformed => _errorsMalformed;

        /// <summary>Errors sent.</summary>
        public uint ErrorsSent => _errorsSent;

        /// <summary>Errors not sent: the rate limit.</summary>
        public uint ErrorsLimited => _errorsLimited;

        /// <summary>Dropped: shorter than a header.</summary>
        public uint BadLength => _badLength;

        /// <summary>Dropped: checksum.</summary>
        public uint BadChecksum => _badChecksum;

        /// <summary>Dropped: an echo request to a broadcast address (RFC 1122 section 3.2.2.6; it would amplify).</summary>
        public uint BroadcastEcho => _broadcastEcho;

        /// <summary>Dropped: redirects. The gateway is configured, not learnt (RFC 1122 section 3.2.2.2).</summary>
        public uint RedirectsIgnored => _redirectsIgnored;

        /// <summary>Dropped: source quenches (RFC 6633).</summary>
        public uint SourceQuenchesIgnored => _sourceQuenchesIgnored;

        /// <summary>Dropped: router discovery, timestamp, information and address mask messages, types 9, 10 and 13 to 18 (RFC 6918).</summary>
        public uint QueriesIgnored => _queriesIgnored;

        /// <summary>Dropped: types that nobody knows (RFC 1122 section 3.2.2).</summary>
        public uint Ignored => _ignored;

        /// <summary>Errors and replies that did not leave though there were frames: the peer cannot be reached, or its MAC address is not yet
        /// known: it did not come in time, or another reply waits for one already.</summary>
        public uint NotSent => _notSent;

        /// <summary>Errors and replies not sent: no frame was free, or not as many as it would have taken.</summary>
        public uint NoFrame => _noFrame;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _echoRequests = 0;
            _echoReplies = 0;
            _echoRequestsSent = 0;
            _echoRepliesReceived = 0;
            _echoRepliesIgnored = 0;
            _errorsReceived = 0;
            _errorsMalformed = 0;
            _errorsSent = 0;
            _errorsLimited = 0;
            _badLength = 0;
            _badChecksum = 0;
            _broadcastEcho = 0;
            _redirectsIgnored = 0;
            _sourceQuenchesIgnored = 0;
            _queriesIgnored = 0;
            _ignored = 0;
            _notSent = 0;
            _noFrame = 0;
        }
    }
}
