// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// The transmission control block (RFC 9293 section 3.3.1): a socket is this block of control information, and the stack
    /// acts on nothing else. The names are the RFC's: SndUna is SND.UNA.
    /// </summary>
    /// <remarks>
    /// Which fields count in which state:
    /// <code>
    /// CLOSED                     Error
    /// LISTEN                     LocalPort, Backlog
    /// SYN-SENT                   the endpoints, ISS and the send variables, the retransmission timer
    /// SYN-RECEIVED and later     all; Listener until the application has accepted the connection
    /// TIME-WAIT                  the endpoints, SND.NXT, RCV.NXT, the state timer, and what the application has not read
    /// </code>
    /// Times are milliseconds that wrap.
    /// </remarks>
    internal sealed class TcpControlBlock : SocketControlBlock
    {
        /// <summary>The state of the connection.</summary>
        internal TcpState State;

        /// <summary>What an ICMP error said last (a soft error, RFC 1122 section 4.2.3.9): told to the application if the connection fails by timeout.</summary>
        internal SocketError SoftError;

        /// <summary>
        /// The station that the peer completed its handshake from, the first four bytes of its MAC address as they lie in frames: used as long
        /// as ARP knows none. 0 for none.
        /// </summary>
        internal uint Station;

        /// <summary>The last two bytes.</summary>
        internal int StationEnd;

        /// <summary>The sum over the pseudo-header but for the length, or 0 while it is not known.</summary>
        internal uint PseudoHeaderSum;

        /// <summary>The listening block that the connection came by, until it is accepted.</summary>
        internal TcpControlBlock Listener;

        /// <summary>
        /// When the connection reached ESTABLISHED, in eighths of a millisecond, and later than any before: the oldest is accepted first.
        /// </summary>
        internal uint OpenOrder;

        /// <summary>In LISTEN: connections that may wait to be accepted; half-open ones do not count.</summary>
        internal int Backlog;

        /// <summary>In LISTEN: connections that wait to be accepted.</summary>
        internal int Waiting;

        // ---- send sequence variables -----------------------------------------------------------------------------------

        /// <summary>ISS: initial send sequence number.</summary>
        internal uint Iss;

        /// <summary>SND.UNA: the oldest sequence number that the peer has not acknowledged.</summary>
        internal uint SndUna;

        /// <summary>SND.NXT: the next sequence number to send for the first time.</summary>
        internal uint SndNxt;

        /// <summary>The number behind all that was sent: SND.NXT, or a byte more that a window probe has carried.</summary>
        internal uint SndMax;

        /// <summary>The sequence number behind the last byte that the application has written; a FIN has this number.</summary>
        internal uint SndEnd;

        /// <summary>SND.WND: bytes from SND.UNA on that the peer has room for.</summary>
        internal int SndWnd;

        /// <summary>The largest SND.WND seen (RFC 9293 section 3.8.6.2.1).</summary>
        internal int MaxSndWnd;

        /// <summary>SND.WL1: sequence number of the segment that SND.WND was last taken from.</summary>
        internal uint SndWl1;

        /// <summary>SND.WL2: acknowledgment number of the segment that SND.WND was last taken from.</summary>
        internal uint SndWl2;

        /// <summary>Eff.snd.MSS: bytes of text that fit a segment to the peer.</summary>
        internal int SndMss;

        /// <summary>A router has said that our packets are too large: from then on routers may cut them up.</summary>
        internal bool MayFragment;

        /// <summary>cwnd: bytes that the network is trusted to carry (RFC 5681).</summary>
        internal int CongestionWindow;

        /// <summary>ssthresh: up to here cwnd grows by what is acknowledged, above by one segment a round trip (RFC 5681).</summary>
        internal int SlowStartThreshold;

        /// <summary>bytes_acked: what was acknowledged since cwnd grew last, above ssthresh (RFC 3465 section 2.1).</summary>
        internal int AcknowledgedBytes;

        /// <summary>Acknowledgments in a row that moved nothing while something was under way.</summary>
        internal int DuplicateAcks;

        /// <summary>Whether a loss is being repaired (fast recovery, RFC 6582).</summary>
        internal bool InRecovery;

        /// <summary>RecoveryPoint (RFC 6675 section 2; RFC 6582 calls it recover): the highest number sent when the last loss was noticed.</summary>
        internal uint RecoveryPoint;

        /// <summary>Whether a loss was ever noticed, so that <see cref="RecoveryPoint"/> counts.</summary>
        internal bool Recovered;

        /// <summary>Segments in the send queue that count as lost, and are to be sent again.</summary>
        internal int LostSegments;

        /// <summary>Our FIN, sent with no text, counts as lost.</summary>
        internal bool FinLost;

        /// <summary>Both ends tell each other what has arrived after a gap (RFC 2018).</summary>
        internal bool SackPermitted;

        /// <summary>RACK.xmit_ts: when the segment was sent that was sent last of those that have arrived (RFC 8985).</summary>
        internal int RackSentAt;

        /// <summary>RACK.end_seq: the number behind that segment.</summary>
        internal uint RackEnd;

        /// <summary>RACK.rtt: how long that segment took, in milliseconds; -1 while none has arrived.</summary>
        internal int RackRtt;

        /// <summary>RACK.fack: the number behind the furthest segment that has arrived.</summary>
        internal uint RackFack;

        /// <summary>RACK.min_RTT in milliseconds.</summary>
        internal int MinimumRtt;

        /// <summary>RACK.reordering_seen: the network delivers segments in another order than they were sent.</summary>
        internal bool ReorderingSeen;

        /// <summary>What is known of the last tail loss probe: flags of <see cref="TailLossProbe"/>. While there is one, no other is sent.</summary>
        internal int TailProbe;

        /// <summary>TLP.end_seq: its acknowledgment ends the episode.</summary>
        internal uint TailProbeEnd;

        /// <summary>What the application wrote and the peer has not acknowledged.</summary>
        internal readonly FrameQueue SendQueue = new FrameQueue();

        /// <summary>The application has closed its direction: a FIN follows the last byte.</summary>
        internal bool FinQueued;

        /// <summary>Small segments are sent at once (no Nagle algorithm).</summary>
        internal bool NoDelay;

        // ---- receive sequence variables --------------------------------------------------------------------------------

        /// <summary>IRS: initial receive sequence number.</summary>
        internal uint Irs;

        /// <summary>RCV.NXT: the next sequence number expected.</summary>
        internal uint RcvNxt;

        /// <summary>RCV.NXT + RCV.WND as last told to the peer: it never moves back.</summary>
        internal uint RcvEdge;

        /// <summary>What the peer sent and the application has not read.</summary>
        internal readonly FrameQueue ReceiveQueue = new FrameQueue();

        /// <summary>What has arrived before its turn, in order.</summary>
        internal readonly FrameQueue OutOfOrderQueue = new FrameQueue();

        /// <summary>Counts what arrives before its turn; <see cref="Frame.SentAt"/> of what is kept in that queue has its number.</summary>
        internal int EarlyArrivals;

        /// <summary>The peer's FIN has arrived before its turn.</summary>
        internal bool EarlyFin;

        /// <summary>Its sequence number.</summary>
        internal uint EarlyFinAt;

        /// <summary>The peer has closed its direction and all of it has arrived.</summary>
        internal bool FinReceived;

        // ---- round trip time (RFC 6298) --------------------------------------------------------------------------------

        /// <summary>SRTT in eighths of a millisecond; 0 before the first sample.</summary>
        internal int Srtt8;

        /// <summary>RTTVAR in quarters of a millisecond.</summary>
        internal int RttVar4;

        /// <summary>RTO in milliseconds, backed off.</summary>
        internal int Rto;

        // ---- timers ----------------------------------------------------------------------------------------------------

        /// <summary>When our SYN, or text, was last sent.</summary>
        internal int LastSentAt;

        /// <summary>When the peer last acknowledged something new.</summary>
        internal int AcknowledgedAt;

        /// <summary>What the sender waits for.</summary>
        internal SendTimerKind SendTimer;

        /// <summary>When that expires.</summary>
        internal int SendTimerAt;

        /// <summary>When the retransmission timer expires: it goes on where segments are looked at before.</summary>
        internal int RetransmitAt;

        /// <summary>Expiries since something was last acknowledged.</summary>
        internal int Retransmits;

        /// <summary>Window probes in a row, for the backoff.</summary>
        internal int Probes;

        /// <summary>Milliseconds for which the peer may owe an acknowledgment; 0 for what the stack's configuration says.</summary>
        internal int UserTimeout;

        /// <summary>Since when the peer owes an answer: the user timeout counts from here.</summary>
        internal int UserTimeoutFrom;

        /// <summary>When the peer is owed an acknowledgment.</summary>
        internal AcknowledgmentDue AcknowledgmentDue;

        /// <summary>When it must be sent, if it is due soon.</summary>
        internal int AcknowledgmentAt;

        /// <summary>Milliseconds of silence after which the peer is probed; 0 for never.</summary>
        internal int KeepAliveIdle;

        /// <summary>Probes that the peer has not answered.</summary>
        internal int KeepAliveProbes;

        /// <summary>When the next one is due, where <see cref="KeepAliveIdle"/> is not 0.</summary>
        internal int KeepAliveAt;

        /// <summary>When the state ends by itself, if it is one that does: FIN-WAIT-2 without owner, TIME-WAIT.</summary>
        internal int StateEndsAt;

        /// <summary>When the last challenge ACK was sent; long enough ago where there was none.</summary>
        internal int ChallengedAt;

        /// <summary>Whether that was the answer to a SYN.</summary>
        internal bool ChallengedSyn;

        /// <summary>Since when no application holds the connection; counts only as long as that is so.</summary>
        internal int AloneSince;

        /// <summary>When the peer last moved such a connection on.</summary>
        internal int ProgressAt;

        /// <summary>The next of the connections whose peers' ports end alike.</summary>
        internal TcpControlBlock NextOfChain;

        /// <summary>
        /// The next of the blocks that the next poll looks at though none of their timers has expired; the last one names itself; null where
        /// the block is none of them.
        /// </summary>
        internal TcpControlBlock NextTouched;

        /// <summary>Something may be sent now: looked at in the next poll.</summary>
        internal bool OutputPending;

        /// <summary>Our SYN is to be sent, or sent again.</summary>
        internal bool SynPending;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpControlBlock"/> class.
        /// </summary>
        /// <param name="index">The block's place in the table.</param>
        internal TcpControlBlock(int index)
            : base(index)
        {
        }

        /// <summary>
        /// Gets a value indicating whether the block is taken, by an application or by a connection that nobody owns (any more, or yet).
        /// </summary>
        internal bool InUse => State != TcpState.Closed || Descriptor >= 0;

        /// <summary>
        /// Puts the block back as it was when it was new, but for its generation.
        /// </summary>
        internal void Reset()
        {
            Attached = false;
            State = TcpState.Closed;
            Error = SocketError.Success;
            LocalPort = 0;
            IsLocalOnly = false;
            RemoteAddress = 0;
            RemotePort = 0;
            Station = 0;
            Listener = null;
            Backlog = 0;
            Waiting = 0;
            NoDelay = false;
            KeepAliveIdle = 0;
            UserTimeout = 0;
            TimeToLive = IPv4.IPv4Layer.DefaultTimeToLive;
            ResetConnection();
        }

        /// <summary>
        /// Puts all that belongs to one connection back. The queues are empty already.
        /// </summary>
        internal void ResetConnection()
        {
            PseudoHeaderSum = 0;
            SndWnd = 0;
            MaxSndWnd = 0;
            FinQueued = false;
            FinReceived = false;
            EarlyFin = false;
            DuplicateAcks = 0;
            InRecovery = false;
            Recovered = false;
            LostSegments = 0;
            FinLost = false;
            SackPermitted = false;
            RackRtt = -1;
            MinimumRtt = int.MaxValue;
            ReorderingSeen = false;
            TailProbe = 0;
            Srtt8 = 0;
            RttVar4 = 0;
            Retransmits = 0;
            Probes = 0;
            SoftError = SocketError.Success;
            MayFragment = false;
            KeepAliveProbes = 0;
            ChallengedSyn = false;
            OutputPending = false;
            SynPending = false;
            SendTimer = SendTimerKind.None;
            AcknowledgmentDue = AcknowledgmentDue.Sent;
        }
    }
}
