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
        private readonly Turn _turn;
        private readonly TcpTable _table;
        private readonly TcpControlBlock[] _blocks;
        private readonly TcpSegment _segment = new TcpSegment();
        private readonly TcpCounters _counters = new TcpCounters();
        private readonly SegmentArrives _segmentArrives;
        private readonly Timeouts _timeouts;
        private readonly TcpEnding _ending;
        private readonly TcpTransitions _transitions;
        private readonly TcpReceiveWindow _window;
        private readonly TcpOutput _output;
        private readonly TcpPorts _ports;
        private readonly TcpBacklog _backlog;
        private readonly TcpErrors _errors;
        private readonly TcpReassembly _reassembly;
        private readonly InitialSequenceNumber _initialSequence;
        private readonly IPv4Layer _ipv4;
        private readonly FramePool _pool;

        /// <summary>What holds text in order. A field, as the next ones, for it is asked for in each turn.</summary>
        internal readonly TcpReceiveQueue ReceiveQueue;

        /// <summary>What knows the connections that peers have begun.</summary>
        internal readonly TcpSynQueue SynQueue;

        /// <summary>A number that is another one when anything may have happened to a connection or a listener.</summary>
        internal int Changes;

        /// <summary>The first of the blocks that the next poll looks at, or null.</summary>
        internal TcpControlBlock Touched;

        private TcpControlBlock _lastTouched;
        private TcpControlBlock _lastFound;

        // the first of all timers, as far as is known: it may be one that has stopped since
        private int _dueAt;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpLayer"/> class.
        /// </summary>
        /// <param name="turn">Tells the time, and is asked for polls.</param>
        /// <param name="ipv4">The layer below.</param>
        /// <param name="ethernet">Tells whether there is room to send.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="random">For initial sequence numbers and ports.</param>
        /// <param name="configuration">Sizes and times.</param>
        internal TcpLayer(Turn turn, IPv4Layer ipv4, EthernetLayer ethernet, FramePool pool, RandomSource random, StackConfiguration configuration)
        {
            _turn = turn;
            _ipv4 = ipv4;
            _pool = pool;
            _initialSequence = new InitialSequenceNumber(random);
            _table = new TcpTable(configuration.TcpSockets);
            _blocks = _table.Blocks;
            _lastFound = _blocks[0];
            _ports = new TcpPorts(_blocks, random);
            _transitions = new TcpTransitions(configuration);

            // the way out
            _window = new TcpReceiveWindow(pool, configuration);
            TcpTransmitter transmitter = new TcpTransmitter(ipv4, pool, _counters, _window, configuration);
            TcpLossDetection detection = new TcpLossDetection(_counters);
            TcpCongestion congestion = new TcpCongestion(configuration.TcpCongestionControl);
            _output = new TcpOutput(ethernet, transmitter, detection, congestion, _counters);

            // the way in
            TcpAcknowledgment acknowledgment = new TcpAcknowledgment(_output, detection, congestion, pool, configuration);
            ReceiveQueue = new TcpReceiveQueue(pool, _counters, configuration.TcpReceiveFrames);
            _reassembly = new TcpReassembly(_blocks, pool, ReceiveQueue, _counters, configuration.TcpOutOfOrderFrames);
            _ending = new TcpEnding(_table, pool, ReceiveQueue, _reassembly, transmitter, _counters);
            _errors = new TcpErrors(this, _ending, detection, _counters);
            _backlog = new TcpBacklog(_ending, _blocks);
            Handshake handshake = new Handshake(congestion, acknowledgment, _backlog, _counters);
            SynQueue = new TcpSynQueue(
                this, transmitter, acknowledgment, handshake, _initialSequence, ethernet, pool, _counters, configuration);

            // the events
            _segmentArrives = new SegmentArrives(
                _table,
                _ending,
                _transitions,
                _output,
                transmitter,
                handshake,
                acknowledgment,
                ReceiveQueue,
                _reassembly,
                SynQueue,
                _counters,
                configuration);
            _timeouts = new Timeouts(_ending, _output, transmitter, acknowledgment, detection, congestion, _counters, configuration);
            ipv4.Register(IPv4Header.ProtocolTcp, this);
        }

        /// <summary>Gets the counters of this layer.</summary>
        public TcpCounters Counters => _counters;

        /// <summary>Gets the number of control blocks in use.</summary>
        public int BlocksInUse => _table.InUse;

        /// <summary>Gets the most control blocks that were ever in use at once.</summary>
        public int BlocksHighWater => _table.HighWater;

        /// <summary>Gets the number of half-open connections that peers have begun.</summary>
        public int HalfOpen => SynQueue.InUse;

        /// <summary>Gets the most half-open connections that there ever were at once.</summary>
        public int HalfOpenHighWater => SynQueue.HighWater;

        /// <summary>Gets the table of control blocks, used or not.</summary>
        internal TcpControlBlock[] Blocks => _blocks;

        /// <summary>Gets which control blocks are in use.</summary>
        internal TcpTable Table => _table;

        /// <summary>Gets what ends connections.</summary>
        internal TcpEnding Ending => _ending;

        /// <summary>Gets what changes their states.</summary>
        internal TcpTransitions Transitions => _transitions;

        /// <summary>Gets the layer below: it knows our address, and the way to others.</summary>
        internal IPv4Layer IPv4 => _ipv4;

        /// <summary>Gets where frames come from.</summary>
        internal FramePool Pool => _pool;

        /// <summary>Gets what copies text.</summary>
        internal BlockCopier Copier => _pool.Copier;

        /// <summary>Gets what knows the connections that wait to be accepted.</summary>
        internal TcpBacklog Backlog => _backlog;

        /// <summary>Gets what knows the ports in use.</summary>
        internal TcpPorts Ports => _ports;

        /// <summary>Gets what knows how far the receive windows can open.</summary>
        internal TcpReceiveWindow Window => _window;

        /// <summary>Gets the time of the last poll in milliseconds.</summary>
        internal int Now => _turn.Now;

        /// <summary>Gets a value indicating whether the last poll has found frames, or another one in the same millisecond.</summary>
        internal bool HasArrivals => _turn.ReceivedAt == _turn.Now;

        /// <summary>
        /// Begins a poll: what the application was to read before it has been offered.
        /// </summary>
        internal void BeginPoll()
        {
            if (ReceiveQueue.PassingTo != null)
            {
                EndTurn();
            }
        }

        /// <summary>
        /// Does what is due.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="turnIsOver">Whether the application has had its turn with what has arrived.</param>
        /// <returns>Milliseconds until it must be called again.</returns>
        internal int Poll(int now, bool turnIsOver)
        {
            if (_pool.HasLargestReturned)
            {
                FramesReturned();
            }

            int wait = SynQueue.InUse > 0 ? SynQueue.Poll(now) : int.MaxValue;
            if (_dueAt - now <= 0)
            {
                // which others there are is found out by looking at all
                _dueAt = now + Turn.Never;
                Changes++;
                TouchAll();
            }

            if (Touched != null)
            {
                PollTouched(now, turnIsOver);
            }

            int left = _dueAt - now;
            return left < wait ? left : wait;
        }

        /// <summary>
        /// A peer waits for a control block: an application that holds many may let go of one.
        /// </summary>
        internal void NoteWaiting()
        {
            Changes++;
        }

        /// <summary>
        /// Looks at all blocks in the next poll, whether there is something to send or not.
        /// </summary>
        internal void LookAtAll()
        {
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                if (blocks[i].State != TcpState.Closed)
                {
                    RequestOutput(blocks[i]);
                }
            }
        }

        /// <summary>
        /// A block is to be looked at in the next poll: a segment has arrived for it, or a call has been made.
        /// </summary>
        /// <param name="block">The block.</param>
        internal void Touch(TcpControlBlock block)
        {
            if (block.NextTouched != null)
            {
                return;
            }

            block.NextTouched = block;
            if (Touched == null)
            {
                Touched = block;
            }
            else
            {
                _lastTouched.NextTouched = block;
            }

            _lastTouched = block;
        }

        /// <summary>
        /// There is a link again, or an address: what waits for a timer goes now.
        /// </summary>
        internal void Resume()
        {
            SynQueue.Resume(_turn.Now);
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                if (blocks[i].State != TcpState.Closed)
                {
                    _timeouts.Resume(blocks[i], _turn.Now);
                    Touch(blocks[i]);
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
            Changes++;
            _errors.AddressLost();
        }

        /// <inheritdoc/>
        internal override void ErrorReceived(QuotedPacket quote, uint source, int type, int code, int mtu)
        {
            Changes++;
            _errors.Report(quote, type, code, mtu);
        }

        /// <inheritdoc/>
        internal override void NextHopUnreachable(uint neighbour)
        {
            Changes++;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.State == TcpState.SynSent && _ipv4.GoesThrough(block.RemoteAddress, neighbour))
                {
                    _ending.FailToOpen(block, SocketError.HostUnreachable);
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
            TcpOutput.Request(block);
            RequestPoll(block);
        }

        /// <summary>
        /// Has the next poll look at a connection whose timers have changed.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void RequestPoll(TcpControlBlock block)
        {
            Touch(block);
            _turn.Ask();
        }

        /// <summary>
        /// Takes a block from the table. If there is none, somebody gives way as <see cref="TcpTable.FindAvailable"/> says.
        /// </summary>
        /// <param name="listener">The listening block that the connection comes by, or null where the application opens it.</param>
        /// <returns>The block, all of it reset, or null.</returns>
        internal TcpControlBlock Allocate(TcpControlBlock listener)
        {
            TcpControlBlock block = _table.FindAvailable(listener, _turn.Now);
            if (block == null)
            {
                return null;
            }

            if (block.State != TcpState.Closed)
            {
                if (block.State == TcpState.TimeWait)
                {
                    _counters._timeWaitRecycled++;
                    _ending.End(block, SocketError.Success);
                }
                else
                {
                    _counters._orphansRecycled++;
                    _ending.Reset(block, SocketError.ConnectionAborted, _turn.Now);
                }
            }

            Changes++;
            _table.BeginUse(block, _turn.Now);
            Touch(block);
            return block;
        }

        /// <summary>Whether a connection that is being opened would find a control block, and could wait to be accepted.</summary>
        /// <param name="listener">The listening block.</param>
        /// <returns>Whether there is a place.</returns>
        internal bool HasPlace(TcpControlBlock listener)
        {
            return TcpBacklog.HasRoom(listener) && _table.HasAvailable(listener, _turn.Now);
        }

        /// <summary>
        /// Forgets what has arrived and nobody will read.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void DropUnread(TcpControlBlock block)
        {
            ReceiveQueue.Clear(block);
            ReceiveQueue.DropPassing(block);
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

        private void FramesReturned()
        {
            _pool.HasLargestReturned = false;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                if (blocks[i].State != TcpState.Closed && _window.Tell(blocks[i]))
                {
                    Touch(blocks[i]);
                }
            }
        }

        private void TouchAll()
        {
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                if (blocks[i].State != TcpState.Closed)
                {
                    Touch(blocks[i]);
                }
            }
        }

        /// <summary>
        /// Does what is due for the blocks that somebody has something to do for, and keeps the time of the first timer of all. It may be
        /// that of a timer that has stopped since: then all are looked at once for nothing.
        /// </summary>
        private void PollTouched(int now, bool turnIsOver)
        {
            // those that are touched meanwhile come behind the last, for the next poll; and if a driver throws, those that are left are still there
            TcpControlBlock last = _lastTouched;
            TcpControlBlock block;
            do
            {
                block = Touched;
                Touched = block.NextTouched == block ? null : block.NextTouched;
                block.NextTouched = null;
                if (block.State != TcpState.Closed)
                {
                    Poll(block, now, turnIsOver);
                }
            }
            while (block != last);
        }

        private void Poll(TcpControlBlock block, int now, bool turnIsOver)
        {
            _timeouts.Process(block, now);
            bool waitsForTurn = block.AcknowledgmentDue == AcknowledgmentDue.AfterTurn;
            if (waitsForTurn)
            {
                AcknowledgmentPolicy.OweNow(block);
                TcpOutput.Request(block);
            }

            if (block.OutputPending && (turnIsOver || !waitsForTurn))
            {
                SocketError result = _output.Send(block, now);
                if ((result == SocketError.HostUnreachable || result == SocketError.NetworkUnreachable) && block.State == TcpState.SynSent)
                {
                    // our SYN had nowhere to go
                    Changes++;
                    _ending.FailToOpen(block, result);
                }
            }

            if (block.UserTimeout != 0)
            {
                UserTimeout.LimitSendTimer(block);
            }

            if (block.OutputPending)
            {
                // there was no room, and the interface says when there is; or the application's turn comes first
                Touch(block);
            }

            int due = Timeouts.NextDue(block, now);
            if (due < _dueAt - now)
            {
                _dueAt = now + due;
            }
        }
    }
}
