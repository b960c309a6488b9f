// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What the TCP layer has seen.
    /// </summary>
    public sealed class TcpCounters
    {
        // fields, for a call costs more than the counting; the layer writes them, everybody else reads the properties below
        internal uint _segmentsReceived;
        internal uint _segmentsSent;
        internal uint _retransmissions;
        internal uint _fastRetransmissions;
        internal uint _segmentsLost;
        internal uint _tailProbes;
        internal uint _timeouts;
        internal uint _windowProbes;
        internal uint _activeOpens;
        internal uint _passiveOpens;
        internal uint _established;
        internal uint _failedOpens;
        internal uint _resetsReceived;
        internal uint _resetsSent;
        internal uint _timedOut;
        internal uint _timeWaitRecycled;
        internal uint _halfOpenRecycled;
        internal uint _synCookiesSent;
        internal uint _orphansRecycled;
        internal uint _badLength;
        internal uint _badChecksum;
        internal uint _malformed;
        internal uint _noSocket;
        internal uint _acceptQueueFull;
        internal uint _synDropped;
        internal uint _unacceptable;
        internal uint _outOfOrder;
        internal uint _outOfOrderDropped;
        internal uint _badAcknowledgment;
        internal uint _sackSent;
        internal uint _challengeAcks;
        internal uint _challengeAcksLimited;
        internal uint _segmentsMerged;
        internal uint _receiveQueueFull;
        internal uint _errorsTaken;
        internal uint _errorsIgnored;
        internal uint _keepAliveProbes;
        internal uint _noFrame;

        /// <summary>Segments received, good or bad.</summary>
        public uint SegmentsReceived => _segmentsReceived;

        /// <summary>Segments sent, retransmissions included.</summary>
        public uint SegmentsSent => _segmentsSent;

        /// <summary>Segments sent again.</summary>
        public uint Retransmissions => _retransmissions;

        /// <summary>Those of them that duplicate acknowledgments asked for, before the timer expired.</summary>
        public uint FastRetransmissions => _fastRetransmissions;

        /// <summary>Segments found lost by what had arrived though it was sent later (RFC 8985).</summary>
        public uint SegmentsLost => _segmentsLost;

        /// <summary>Tail loss probes sent (RFC 8985 section 7).</summary>
        public uint TailProbes => _tailProbes;

        /// <summary>Retransmission timeouts.</summary>
        public uint Timeouts => _timeouts;

        /// <summary>Zero-window probes sent.</summary>
        public uint WindowProbes => _windowProbes;

        /// <summary>Connections opened by us.</summary>
        public uint ActiveOpens => _activeOpens;

        /// <summary>Connections opened by peers.</summary>
        public uint PassiveOpens => _passiveOpens;

        /// <summary>Connections that reached ESTABLISHED.</summary>
        public uint Established => _established;

        /// <summary>Attempts by us that failed, and by peers that never completed.</summary>
        public uint FailedOpens => _failedOpens;

        /// <summary>Connections that a peer reset.</summary>
        public uint ResetsReceived => _resetsReceived;

        /// <summary>Segments with RST sent.</summary>
        public uint ResetsSent => _resetsSent;

        /// <summary>Connections given up because the peer no longer answered.</summary>
        public uint TimedOut => _timedOut;

        /// <summary>TIME-WAIT blocks given to new connections before their time.</summary>
        public uint TimeWaitRecycled => _timeWaitRecycled;

        /// <summary>Half-open connections forgotten, but for their cookies, for peers that have completed their handshake and wait.</summary>
        public uint HalfOpenRecycled => _halfOpenRecycled;

        /// <summary>SYNs answered with a cookie, for the queue of half-open connections was full (RFC 4987).</summary>
        public uint SynCookiesSent => _synCookiesSent;

        /// <summary>Connections that no application held, ended to make room for new ones: closed ones, as a rule.</summary>
        public uint OrphansRecycled => _orphansRecycled;

        /// <summary>Dropped: header and segment lengths disagree.</summary>
        public uint BadLength => _badLength;

        /// <summary>Dropped: checksum.</summary>
        public uint BadChecksum => _badChecksum;

        /// <summary>Dropped: port 0, a broadcast destination, or flags that mean nothing.</summary>
        public uint Malformed => _malformed;

        /// <summary>Segments for a port that no socket has.</summary>
        public uint NoSocket => _noSocket;

        /// <summary>Handshakes completed by the peer that wait: the application is slow to accept, or all control blocks are in use.</summary>
        public uint AcceptQueueFull => _acceptQueueFull;

        /// <summary>SYNs dropped: the queue of half-open connections is full, and there is no room to send cookies.</summary>
        public uint SynDropped => _synDropped;

        /// <summary>Segments outside the window.</summary>
        public uint Unacceptable => _unacceptable;

        /// <summary>Segments that left a gap; kept if there is room, and the sender hears at once what is missing.</summary>
        public uint OutOfOrder => _outOfOrder;

        /// <summary>Those of them that found no room.</summary>
        public uint OutOfOrderDropped => _outOfOrderDropped;

        /// <summary>Segments with acknowledgments of what was never sent, or of long ago.</summary>
        public uint BadAcknowledgment => _badAcknowledgment;

        /// <summary>Acknowledgments sent that tell what has arrived after a gap (RFC 2018).</summary>
        public uint SackSent => _sackSent;

        /// <summary>Challenge ACKs sent (RFC 5961).</summary>
        public uint ChallengeAcks => _challengeAcks;

        /// <summary>Challenge ACKs withheld by their rate limit.</summary>
        public uint ChallengeAcksLimited => _challengeAcksLimited;

        /// <summary>Frames whose text was put together, for the receive queue had no place for one more.</summary>
        public uint SegmentsMerged => _segmentsMerged;

        /// <summary>Text that found the receive queue full, or the pool at its reserve.</summary>
        public uint ReceiveQueueFull => _receiveQueueFull;

        /// <summary>ICMP errors that a connection was told of.</summary>
        public uint ErrorsTaken => _errorsTaken;

        /// <summary>ICMP errors about no segment that is under way.</summary>
        public uint ErrorsIgnored => _errorsIgnored;

        /// <summary>Keep-alive probes sent (RFC 9293 section 3.8.4).</summary>
        public uint KeepAliveProbes => _keepAliveProbes;

        /// <summary>Segments not sent: no frame was free.</summary>
        public uint NoFrame => _noFrame;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _segmentsReceived = 0;
            _segmentsSent = 0;
            _retransmissions = 0;
            _fastRetransmissions = 0;
            _segmentsLost = 0;
            _tailProbes = 0;
            _timeouts = 0;
            _windowProbes = 0;
            _activeOpens = 0;
            _passiveOpens = 0;
            _established = 0;
            _failedOpens = 0;
            _resetsReceived = 0;
            _resetsSent = 0;
            _timedOut = 0;
            _timeWaitRecycled = 0;
            _halfOpenRecycled = 0;
            _synCookiesSent = 0;
            _orphansRecycled = 0;
            _badLength = 0;
            _badChecksum = 0;
            _malformed = 0;
            _noSocket = 0;
            _acceptQueueFull = 0;
            _synDropped = 0;
            _unacceptable = 0;
            _outOfOrder = 0;
            _outOfOrderDropped = 0;
            _badAcknowledgment = 0;
            _sackSent = 0;
            _challengeAcks = 0;
            _challengeAcksLimited = 0;
            _segmentsMerged = 0;
            _receiveQueueFull = 0;
            _errorsTaken = 0;
            _errorsIgnored = 0;
            _keepAliveProbes = 0;
            _noFrame = 0;
        }
    }
}
