// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp.Sockets
{
    /// <summary>
    /// A row of the socket table as netstat lists it: the control information that a socket is. The application makes one and
    /// has it filled again and again. Where nothing else is said, a property of TCP is 0 in the row of another socket.
    /// </summary>
    public sealed class SocketStatus
    {
        /// <summary>What a timer has left that does not run.</summary>
        public const int NotRunning = -1;

        /// <summary>Gets the descriptor that fits the block now; negative for a connection that a peer is opening and nobody owns.</summary>
        public int Descriptor { get; private set; }

        /// <summary>Gets what the socket is for.</summary>
        public SocketType Type { get; private set; }

        /// <summary>Gets the state of the connection; CLOSED for a socket that is no stream.</summary>
        public TcpState State { get; private set; }

        /// <summary>Gets our port, or 0.</summary>
        public int LocalPort { get; private set; }

        /// <summary>Gets the peer's address, or 0.</summary>
        public uint RemoteAddress { get; private set; }

        /// <summary>Gets the peer's port, or 0.</summary>
        public int RemotePort { get; private set; }

        /// <summary>Gets the bytes that have arrived and were not read.</summary>
        public int ReceiveQueueBytes { get; private set; }

        /// <summary>Gets the frames that hold them; for a datagram socket, the datagrams.</summary>
        public int ReceiveQueueFrames { get; private set; }

        /// <summary>Gets the bytes that were written and are not acknowledged.</summary>
        public int SendQueueBytes { get; private set; }

        /// <summary>Gets the frames that hold them.</summary>
        public int SendQueueFrames { get; private set; }

        /// <summary>Gets the bytes that have arrived before their turn.</summary>
        public int OutOfOrderBytes { get; private set; }

        /// <summary>Gets the frames that hold them.</summary>
        public int OutOfOrderFrames { get; private set; }

        /// <summary>Gets SND.UNA: the oldest sequence number that is not acknowledged, as a capture shows it.</summary>
        public uint SendUnacknowledged { get; private set; }

        /// <summary>Gets SND.NXT: the next sequence number to send, as a capture shows it.</summary>
        public uint SendNext { get; private set; }

        /// <summary>Gets RCV.NXT: the next sequence number expected, as a capture shows it.</summary>
        public uint ReceiveNext { get; private set; }

        /// <summary>Gets RCV.WND in bytes.</summary>
        public int ReceiveWindow { get; private set; }

        /// <summary>Gets SND.WND in bytes.</summary>
        public int SendWindow { get; private set; }

        /// <summary>Gets the bytes of text in the largest segment that we send (Eff.snd.MSS).</summary>
        public int MaximumSegmentSize { get; private set; }

        /// <summary>Gets cwnd in bytes (RFC 5681).</summary>
        public int CongestionWindow { get; private set; }

        /// <summary>Gets ssthresh in bytes (RFC 5681).</summary>
        public int SlowStartThreshold { get; private set; }

        /// <summary>Gets the retransmission timeout in milliseconds.</summary>
        public int RetransmissionTimeout { get; private set; }

        /// <summary>Gets the smoothed round trip time in milliseconds.</summary>
        public int RoundTripTime { get; private set; }

        /// <summary>Gets the retransmissions since something was last acknowledged.</summary>
        public int Retransmissions { get; private set; }

        /// <summary>Gets the milliseconds that the retransmission timer had left in the last poll, or <see cref="NotRunning"/>.</summary>
        public int RetransmissionTimer { get; private set; }

        /// <summary>Gets the same of the timer that finds losses before the retransmission timer does (RFC 8985).</summary>
        public int LossDetectionTimer { get; private set; }

        /// <summary>Gets the same of the persist timer: something is to be sent, and the peer's window is closed.</summary>
        public int PersistTimer { get; private set; }

        /// <summary>Gets the same of the timer of the delayed acknowledgment.</summary>
        public int DelayedAckTimer { get; private set; }

        /// <summary>Gets the same of the keep-alive timer.</summary>
        public int KeepAliveTimer { get; private set; }

        /// <summary>Gets the same of the timer that ends SYN-RECEIVED, FIN-WAIT-2 or TIME-WAIT, or the wait for an echo.</summary>
        public int StateTimer { get; private set; }

        /// <summary>
        /// Takes the information of a TCP block over. Of a connection that is closed or not yet begun, only the endpoints and the
        /// queues say something.
        /// </summary>
        /// <param name="block">The block.</param>
        /// <param name="now">The time of the last poll in milliseconds.</param>
        internal void Set(TcpControlBlock block, int now)
        {
            Descriptor = block.Ticket;
            Type = SocketType.Stream;
            State = block.State;
            LocalPort = block.LocalPort;
            RemoteAddress = block.RemoteAddress;
            RemotePort = block.RemotePort;
            ReceiveQueueBytes = block.ReceiveQueue.Bytes;
            ReceiveQueueFrames = block.ReceiveQueue.Count;
            SendQueueBytes = block.SendQueue.Bytes;
            SendQueueFrames = block.SendQueue.Count;
            OutOfOrderBytes = block.OutOfOrderQueue.Bytes;
            OutOfOrderFrames = block.OutOfOrderQueue.Count;
            bool open = block.State > TcpState.Listen;
            SendUnacknowledged = open ? block.SndUna : 0;
            SendNext = open ? block.SndNxt : 0;
            ReceiveNext = open ? block.RcvNxt : 0;
            ReceiveWindow = open ? (int)(block.RcvEdge - block.RcvNxt) : 0;
            SendWindow = open ? block.SndWnd : 0;
            MaximumSegmentSize = open ? block.SndMss : 0;
            CongestionWindow = open ? block.CongestionWindow : 0;
            SlowStartThreshold = open ? block.SlowStartThreshold : 0;
            RetransmissionTimeout = open ? block.Rto : 0;
            RoundTripTime = open ? block.Srtt8 >> 3 : 0;
            Retransmissions = open ? block.Retransmits : 0;
            RetransmissionTimer = TimeLeft(SendTimer.AwaitsAcknowledgment(block), block.RetransmitAt, now);
            LossDetectionTimer = TimeLeft(SendTimer.IsLossTimer(block), block.SendTimerAt, now);
            PersistTimer = TimeLeft(block.SendTimer == SendTimerKind.Persist, block.SendTimerAt, now);
            DelayedAckTimer = TimeLeft(block.AcknowledgmentDue == AcknowledgmentDue.Soon, block.AcknowledgmentAt, now);
            KeepAliveTimer = TimeLeft(KeepAlive.IsRunning(block), block.KeepAliveAt, now);
            StateTimer = TimeLeft(TcpTransitions.HasEnd(block), block.StateEndsAt, now);
        }

        /// <summary>
        /// Takes the information of a UDP block over.
        /// </summary>
        /// <param name="block">The block.</param>
        internal void Set(UdpControlBlock block)
        {
            Clear();
            Descriptor = block.Ticket;
            Type = SocketType.Datagram;
            State = TcpState.Closed;
            LocalPort = block.LocalPort;
            RemoteAddress = block.RemoteAddress;
            RemotePort = block.RemotePort;
            ReceiveQueueBytes = block.ReceiveQueue.Bytes;
            ReceiveQueueFrames = block.ReceiveQueue.Count;
        }

        /// <summary>
        /// Takes the information of an echo block over.
        /// </summary>
        /// <param name="block">The block.</param>
        /// <param name="now">The time of the last poll in milliseconds.</param>
        internal void Set(EchoControlBlock block, int now)
        {
            Clear();
            Descriptor = block.Ticket;
            Type = SocketType.Echo;
            State = TcpState.Closed;
            RemoteAddress = block.RemoteAddress;
            StateTimer = TimeLeft(block.IsUnderWay, block.SentAt + block.Timeout, now);
        }

        /// <summary>
        /// Takes the information of a connection over that a peer is opening and nobody owns yet.
        /// </summary>
        /// <param name="entry">The half-open connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Set(TcpHalfOpen entry, int now)
        {
            Clear();
            Descriptor = (int)SocketError.BadDescriptor;
            Type = SocketType.Stream;
            State = TcpState.SynReceived;
            LocalPort = entry.Listener == null ? 0 : entry.Listener.LocalPort;
            RemoteAddress = entry.RemoteAddress;
            RemotePort = entry.RemotePort;
            SendUnacknowledged = entry.Iss;
            SendNext = entry.Iss + 1;
            ReceiveNext = entry.Irs + 1;
            ReceiveWindow = entry.ReceiveWindow;
            SendWindow = entry.SendWindow;
            Retransmissions = entry.Retransmits < 0 ? 0 : entry.Retransmits;
            RetransmissionTimer = TimeLeft(true, entry.RetransmitAt, now);
        }

        private void Clear()
        {
            LocalPort = 0;
            RemotePort = 0;
            ReceiveQueueBytes = 0;
            ReceiveQueueFrames = 0;
            SendQueueBytes = 0;
            SendQueueFrames = 0;
            OutOfOrderBytes = 0;
            OutOfOrderFrames = 0;
            SendUnacknowledged = 0;
            SendNext = 0;
            ReceiveNext = 0;
            ReceiveWindow = 0;
            SendWindow = 0;
            MaximumSegmentSize = 0;
            CongestionWindow = 0;
            SlowStartThreshold = 0;
            RetransmissionTimeout = 0;
            RoundTripTime = 0;
            Retransmissions = 0;
            RetransmissionTimer = NotRunning;
            LossDetectionTimer = NotRunning;
            PersistTimer = NotRunning;
            DelayedAckTimer = NotRunning;
            KeepAliveTimer = NotRunning;
            StateTimer = NotRunning;
        }

        private static int TimeLeft(bool running, int dueAt, int now)
        {
            int left = dueAt - now;
            return !running ? NotRunning : left > 0 ? left : 0;
        }
    }
}
