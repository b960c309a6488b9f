// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What the TCP layer has seen.
    /// </summary>
    public sealed class TcpCounters
    {
        /// <summary>Segments received, good or bad.</summary>
        public uint SegmentsReceived;

        /// <summary>Segments sent, retransmissions included.</summary>
        public uint SegmentsSent;

        /// <summary>Segments sent again.</summary>
        public uint Retransmissions;

        /// <summary>Those of them that duplicate acknowledgments asked for, before the timer expired.</summary>
        public uint FastRetransmissions;

        /// <summary>Segments found lost by what had arrived though it was sent later (RFC 8985).</summary>
        public uint SegmentsLost;

        /// <summary>Tail loss probes sent (RFC 8985 section 7).</summary>
        public uint TailProbes;

        /// <summary>Retransmission timeouts.</summary>
        public uint Timeouts;

        /// <summary>Zero-window probes sent.</summary>
        public uint WindowProbes;

        /// <summary>Connections opened by us.</summary>
        public uint ActiveOpens;

        /// <summary>Connections opened by peers.</summary>
        public uint PassiveOpens;

        /// <summary>Connections that reached ESTABLISHED.</summary>
        public uint Established;

        /// <summary>Attempts by us that failed, and by peers that never completed.</summary>
        public uint FailedOpens;

        /// <summary>Connections that a peer reset.</summary>
        public uint ResetsReceived;

        /// <summary>Segments with RST sent.</summary>
        public uint ResetsSent;

        /// <summary>Connections given up because the peer no longer answered.</summary>
        public uint TimedOut;

        /// <summary>TIME-WAIT blocks given to new connections before their time.</summary>
        public uint TimeWaitRecycled;

        /// <summary>Half-open connections whose peers were silent, forgotten to make room for new ones.</summary>
        public uint HalfOpenRecycled;

        /// <summary>Closed connections that still waited for the peer's FIN, reset to make room for new ones.</summary>
        public uint OrphansRecycled;

        /// <summary>Dropped: header and segment lengths disagree.</summary>
        public uint BadLength;

        /// <summary>Dropped: checksum.</summary>
        public uint BadChecksum;

        /// <summary>Dropped: port 0, a broadcast destination, or flags that mean nothing.</summary>
        public uint Malformed;

        /// <summary>Segments for a port that no socket has.</summary>
        public uint NoSocket;

        /// <summary>Handshakes not completed yet: the application is slow to accept, or all control blocks are in use.</summary>
        public uint AcceptQueueFull;

        /// <summary>SYNs dropped: the listener's backlog or the queue of half-open connections full.</summary>
        public uint SynDropped;

        /// <summary>Segments outside the window.</summary>
        public uint Unacceptable;

        /// <summary>Segments that left a gap; kept if there is room, and the sender hears at once what is missing.</summary>
        public uint OutOfOrder;

        /// <summary>Those of them that found no room.</summary>
        public uint OutOfOrderDropped;

        /// <summary>Segments with acknowledgments of what was never sent, or of long ago.</summary>
        public uint BadAcknowledgment;

        /// <summary>Acknowledgments sent that tell what has arrived after a gap (RFC 2018).</summary>
        public uint SackSent;

        /// <summary>Challenge ACKs sent (RFC 5961).</summary>
        public uint ChallengeAcks;

        /// <summary>Challenge ACKs withheld by their rate limit.</summary>
        public uint ChallengeAcksLimited;

        /// <summary>Frames whose text was put together, for the receive queue had no place for one more.</summary>
        public uint SegmentsMerged;

        /// <summary>Text that found the receive queue full, or the pool at its reserve.</summary>
        public uint ReceiveQueueFull;

        /// <summary>ICMP errors that a connection was told of.</summary>
        public uint ErrorsTaken;

        /// <summary>ICMP errors about no segment that is under way.</summary>
        public uint ErrorsIgnored;

        /// <summary>Keep-alive probes sent (RFC 9293 section 3.8.4).</summary>
        public uint KeepAliveProbes;

        /// <summary>Segments not sent: no frame was free.</summary>
        public uint NoFrame;
    }
}
