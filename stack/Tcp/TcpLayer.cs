// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.IPv4;

namespace TcpIp.Tcp
{
    /// <summary>
    /// The transport layer for what must arrive: owns the table of transmission control blocks, and finds the one that a
    /// segment belongs to (RFC 9293).
    /// </summary>
    public sealed partial class TcpLayer : IPv4Protocol
    {
        private readonly TcpTable _table;
        private readonly TcpControlBlock[] _blocks;
        private readonly TcpSegment _segment = new TcpSegment();
        private readonly TcpCounters _counters = new TcpCounters();
        private readonly TcpOpening _opening;
        private readonly TcpInput _input;
        private readonly TcpReceiveWindow _window;
        private readonly TcpTransmitter _transmitter;
        private readonly TcpOutput _output;
        private readonly TcpTimers _timers;
        private readonly TcpPorts _ports;
        private readonly TcpSynQueue _synQueue;
        private readonly TcpBacklog _backlog;
        private readonly TcpErrors _errors;
        private readonly TcpReassembly _reassembly;
        private readonly TcpReceiveQueue _receiveQueue;
        private readonly InitialSequenceNumber _initialSequence;
        private readonly IPv4Layer _ipv4;
        private readonly FramePool _pool;
        private readonly int _timeWait;
        private readonly int _finWait2;
        private int _now;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpLayer"/> class.
        /// </summary>
        /// <param name="ipv4">The layer below.</param>
        /// <param name="ethernet">Tells whether there is room to send.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="random">For initial sequence numbers and ports.</param>
        /// <param name="configuration">Sizes and times.</param>
        internal TcpLayer(IPv4Layer ipv4, EthernetLayer ethernet, FramePool pool, RandomSource random, StackConfiguration configuration)
        {
            _ipv4 = ipv4;
            _pool = pool;
            _timeWait = configuration.TcpTimeWait;
            _finWait2 = configuration.TcpFinWait2;
            _initialSequence = new InitialSequenceNumber(random);
            _window = new TcpReceiveWindow(pool, configuration);
            _transmitter = new TcpTransmitter(ipv4, pool, _counters, _window, configuration);
            TcpLossDetection detection = new TcpLossDetection(_counters);
            TcpCongestion congestion = new TcpCongestion(configuration.TcpCongestionControl);
            _output = new TcpOutput(ethernet, _transmitter, detection, congestion, _counters);
            TcpAcknowledgment acknowledgment = new TcpAcknowledgment(_output, detection, congestion, pool, configuration);
            _opening = new TcpOpening(this, _output, _transmitter, acknowledgment, congestion, _counters);
            TcpReceiveQueue receiveQueue = new TcpReceiveQueue(pool, _counters, configuration.TcpReceiveFrames);
            TcpReassembly reassembly = new TcpReassembly(this, pool, receiveQueue, _counters, configuration.TcpOutOfOrderFrames);
            _reassembly = reassembly;
            _receiveQueue = receiveQueue;
            _input = new TcpInput(this, _output, _transmitter, _opening, acknowledgment, receiveQueue, reassembly, _counters, configuration);
            _timers = new TcpTimers(this, _output, _transmitter, acknowledgment, detection, congestion, _counters, configuration);
            _synQueue = new TcpSynQueue(this, _transmitter, acknowledgment, _initialSequence, ethernet, pool, _counters, configuration);
            _table = new TcpTable(configuration.TcpSockets);
            _blocks = _table.Blocks;
            _ports = new TcpPorts(_blocks, random);
            _backlog = new TcpBacklog(this, _blocks);
            _errors = new TcpErrors(this, _blocks, detection, _counters);
            ipv4.Register(IPv4Header.ProtocolTcp, this);
        }

        /// <summary>Gets the counters of this layer.</summary>
        public TcpCounters Counters => _counters;

        /// <summary>Gets the number of control blocks in use.</summary>
        public int BlocksInUse => _table.InUse;

        /// <summary>Gets the most control blocks that were ever in use at once.</summary>
        public int BlocksHighWater => _table.HighWater;

        /// <summary>Gets the number of half-open connections that peers have begun.</summary>
        public int HalfOpen => _synQueue.InUse;

        /// <summary>Gets the most half-open connections that there ever were at once.</summary>
        public int HalfOpenHighWater => _synQueue.HighWater;

        /// <summary>Gets or sets a value indicating whether a call has left something to send for the next poll.</summary>
        internal bool HasPendingOutput { get; set; }

        /// <summary>Gets the table of control blocks, used or not.</summary>
        internal TcpControlBlock[] Blocks => _blocks;

        /// <summary>Gets which control blocks are in use.</summary>
        internal TcpTable Table => _table;

        /// <summary>Gets what deals with connections while there is none.</summary>
        internal TcpOpening Opening => _opening;

        /// <summary>Gets what knows the connections that peers have begun.</summary>
        internal TcpSynQueue SynQueue => _synQueue;

        /// <summary>Gets what knows the connections that wait to be accepted.</summary>
        internal TcpBacklog Backlog => _backlog;

        /// <summary>Gets what knows the ports in use.</summary>
        internal TcpPorts Ports => _ports;

        /// <summary>Gets what knows how far the receive windows can open.</summary>
        internal TcpReceiveWindow Window => _window;

        /// <summary>Gets the time of the last poll in milliseconds.</summary>
        internal int Now => _now;

        /// <summary>
        /// Takes the time, so that what is received and written from now on knows it.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void SetTime(int now)
        {
            _now = now;
            if (_receiveQueue.PassingTo != null)
            {
                EndTurn();
            }
        }

        /// <summary>
        /// Does what is due.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds until it must be called again.</returns>
        internal int Poll(int now)
        {
            HasPendingOutput = false;
            if (_pool.HasLargestReturned)
            {
                _window.TellAll(_blocks);
            }

            int wait = _synQueue.Poll(now);
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.State != TcpState.Closed)
                {
                    int due = _timers.Poll(block, now);
                    if (due < wait)
                    {
                        wait = due;
                    }
                }
            }

            return wait;
        }

        /// <summary>
        /// There is a link again, or an address: what waits for a timer goes now.
        /// </summary>
        internal void Resume()
        {
            _synQueue.Resume(_now);
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                if (blocks[i].State != TcpState.Closed)
                {
                    _timers.Resume(blocks[i], _now);
                }
            }
        }

        /// <inheritdoc/>
        internal override void AddressBegan()
        {
            Resume();
        }

        /// <inheritdoc/>
        internal override void AddressLost()
        {
            _errors.AddressLost();
        }

        /// <inheritdoc/>
        internal override void ErrorReceived(QuotedPacket quote, uint source, int type, int code, int mtu)
        {
            _errors.Report(quote, type, code, mtu);
        }

        /// <inheritdoc/>
        internal override void NextHopUnreachable(uint neighbour)
        {
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.State == TcpState.SynSent && _ipv4.GoesThrough(block.RemoteAddress, neighbour))
                {
                    _counters._failedOpens++;
                    Abandon(block, SocketError.HostUnreachable);
                }
            }
        }

        /// <summary>
        /// Has the next poll send what a connection may send. Calls that follow each other share segments that way: what is
        /// written and the close behind it leave together.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void RequestOutput(TcpControlBlock block)
        {
            block.OutputPending = true;
            HasPendingOutput = true;
        }

        /// <summary>
        /// Takes a block from the table. If there is none, somebody gives way as <see cref="TcpTable.FindAvailable"/> says.
        /// </summary>
        /// <param name="listener">The listening block that the connection comes by, or null where the application opens it.</param>
        /// <returns>The block, all of it reset, or null.</returns>
        internal TcpControlBlock Allocate(TcpControlBlock listener)
        {
            TcpControlBlock block = _table.FindAvailable(listener, _now);
            if (block == null)
            {
                return null;
            }

            if (block.State != TcpState.Closed)
            {
                if (block.State == TcpState.TimeWait)
                {
                    _counters._timeWaitRecycled++;
                    Abandon(block, SocketError.Success);
                }
                else
                {
                    _counters._orphansRecycled++;
                    Reset(block, SocketError.ConnectionAborted);
                }
            }

            _table.BeginUse(block, _now);
            return block;
        }

        /// <summary>Whether a connection that is being opened would find a control block, and could wait to be accepted.</summary>
        /// <param name="listener">The listening block.</param>
        /// <returns>Whether there is a place.</returns>
        internal bool HasPlace(TcpControlBlock listener)
        {
            return TcpBacklog.HasRoom(listener) && _table.FindAvailable(listener, _now) != null;
        }

        /// <summary>
        /// Gives a block back to the table. Descriptors of it no longer fit.
        /// </summary>
        /// <param name="block">The block, in CLOSED: all that it had to send is gone.</param>
        internal void Free(TcpControlBlock block)
        {
            block.ReceiveQueue.Clear(_pool);
            if (block.Listener != null)
            {
                TcpBacklog.Remove(block);
            }

            _table.Free(block);
        }

        /// <summary>
        /// Forgets what has arrived and nobody will read.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void DropUnread(TcpControlBlock block)
        {
            block.ReceiveQueue.Clear(_pool);
            DropPassing(block);
        }

        /// <summary>
        /// Ends a connection without a word to the peer. The block stays with the application that has it, else it is free.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="error">What the application is told.</param>
        internal void Abandon(TcpControlBlock block, SocketError error)
        {
            block.State = TcpState.Closed;
            block.Error = error;
            block.StopTimers();
            block.OutputPending = false;
            block.AckPending = false;
            block.SendQueue.Clear(_pool);
            block.OutOfOrderQueue.Clear(_pool);
            DropPassing(block);
            if (!block.Attached)
            {
                Free(block);
            }
            else if (error != SocketError.Success)
            {
                // after an orderly end what has arrived may still be read, after an abort nothing is (RFC 9293 section 3.10.7.4)
                block.ReceiveQueue.Clear(_pool);
            }
        }

        /// <summary>
        /// Ends a connection with a RST, if its state has one (RFC 9293 section 3.10.5).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="error">What the application is told.</param>
        internal void Reset(TcpControlBlock block, SocketError error)
        {
            switch (block.State)
            {
                case TcpState.SynReceived:
                case TcpState.Established:
                case TcpState.FinWait1:
                case TcpState.FinWait2:
                case TcpState.CloseWait:
                    _counters._resetsSent++;
                    _transmitter.SendControl(block, block.NextSequence(), TcpHeader.Rst | TcpHeader.Ack, _now);
                    break;

                default:
                    break;
            }

            Abandon(block, error);
        }

        /// <summary>
        /// Chooses the initial sequence number for a connection.
        /// </summary>
        /// <param name="address">The peer's address.</param>
        /// <param name="localPort">Our port.</param>
        /// <param name="port">The peer's port.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>ISS.</returns>
        internal uint ChooseInitialSequence(uint address, int localPort, int port, int now)
        {
            return _initialSequence.Next(_ipv4.Address, address, ((uint)localPort << 16) | (uint)port, now);
        }

        /// <summary>
        /// Sends our SYN, with an acknowledgment if the peer's has come, and starts its timer.
        /// </summary>
        /// <param name="block">The block in SYN-SENT or SYN-RECEIVED.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void SendSyn(TcpControlBlock block, int now)
        {
            block.SynPending = true;
            _output.Send(block, now);
            FailIfUnreachable(block);
        }

        /// <summary>
        /// Ends an attempt to connect whose SYN had nowhere to go.
        /// </summary>
        /// <param name="block">The block, just sent from.</param>
        internal void FailIfUnreachable(TcpControlBlock block)
        {
            if (block.State == TcpState.SynSent
                && (block.SynResult == SocketError.HostUnreachable || block.SynResult == SocketError.NetworkUnreachable))
            {
                _counters._failedOpens++;
                Abandon(block, block.SynResult);
            }
        }

        /// <summary>
        /// Our FIN is acknowledged. With nobody to read what may still come, the wait for the peer's FIN has an end.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void EnterFinWait2(TcpControlBlock block, int now)
        {
            block.State = TcpState.FinWait2;
            block.PersistRunning = false;
            if (!block.Attached)
            {
                block.StateTimerRunning = true;
                block.StateEndsAt = now + _finWait2;
            }
        }

        /// <summary>
        /// Both directions are closed: wait for 2 MSL, in which a late or repeated segment still finds the block.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void EnterTimeWait(TcpControlBlock block, int now)
        {
            block.State = TcpState.TimeWait;
            block.PersistRunning = false;
            block.StateTimerRunning = true;
            block.StateEndsAt = now + _timeWait;
        }
    }
}
