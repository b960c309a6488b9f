// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Sockets;

namespace TcpIp.Sntp
{
    /// <summary>
    /// Asks time servers for the time of day (RFC 4330; the simple side of RFC 5905), and keeps it going in between.
    /// </summary>
    /// <remarks>
    /// It is polled after the stack, by the thread that owns both. It needs a UDP socket of the stack while a server is asked, and holds none in
    /// between. Who keeps a clock of his own compares <see cref="Changes"/>.
    /// </remarks>
    public sealed class SntpClient : IBackgroundWork
    {
        /// <summary>Seconds of the longest interval between two questions (RFC 5905 section 7.2, MAXPOLL): a day and a half.</summary>
        public const int LongestInterval = 131072;

        /// <summary>Seconds until servers that have not told are asked again; twice as many each time (RFC 4330 section 10).</summary>
        private const int FirstRetry = 16;

        private const int TryAgainAfter = 1000;
        private const int LookAgainAfter = 50;

        /// <summary>Milliseconds after which the time is carried over to a later moment, long before the count of milliseconds wraps.</summary>
        private const int LongestWait = 86400000;

        private readonly TcpIpStack _stack;
        private readonly SocketLayer _sockets;
        private readonly RandomSource _random;
        private readonly INameResolver _resolver;
        private readonly string _name;
        private readonly int _pollInterval;
        private readonly int _timeout;
        private readonly int _startSpread;
        private readonly uint[] _servers;
        private readonly byte[] _packet = new byte[SntpHeader.Length];
        private readonly SntpReply _reply;
        private readonly SntpCounters _counters = new SntpCounters();
        private SntpState _state;
        private bool _hasBegun;
        private int _seenDatagrams;
        private int _wakeAt;
        private int _dueAt;

        // the round under way: which server it is at, and for how long the servers are left in peace after it
        private int _place;
        private int _interval;
        private int _retry;
        private int _denied;
        private uint _deniedByName;

        // the question under way
        private int _lookup = -1;
        private int _socket = -1;
        private uint _server;
        private uint _high;
        private uint _low;
        private int _sentAt;

        // the time of day, and when it was that
        private long _time;
        private int _timeAt;

        /// <summary>
        /// Initializes a new instance of the <see cref="SntpClient"/> class. All memory is taken here. It asks with its polls.
        /// </summary>
        /// <param name="stack">The stack, with a UDP socket to spare.</param>
        /// <param name="random">Random numbers. Whoever can guess them can answer in a server's place.</param>
        /// <param name="configuration">What to do.</param>
        /// <exception cref="ArgumentNullException">One of them is missing.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A value of the configuration is out of its range.</exception>
        /// <exception cref="ArgumentException">There is a name, but nothing that looks it up.</exception>
        public SntpClient(TcpIpStack stack, RandomSource random, SntpConfiguration configuration)
        {
            if (stack == null)
            {
                throw new ArgumentNullException(nameof(stack));
            }

            if (random == null)
            {
                throw new ArgumentNullException(nameof(random));
            }

            if (configuration == null)
            {
                throw new ArgumentNullException(nameof(configuration));
            }

            configuration.Validate();
            _stack = stack;
            _sockets = stack.Sockets;
            _random = random;
            _resolver = configuration.Resolver;
            _name = configuration.ServerName;
            _pollInterval = configuration.PollInterval;
            _timeout = configuration.Timeout;
            _startSpread = configuration.StartSpread;
            _servers = new uint[configuration.Servers];
            _reply = new SntpReply(_packet);
            _interval = _pollInterval;
        }

        /// <summary>Gets where the client is.</summary>
        public SntpState State => _state;

        /// <summary>Gets a value indicating whether the time is known.</summary>
        public bool IsSet => Changes > 0;

        /// <summary>Gets a number that counts up whenever a server has told the time.</summary>
        public uint Changes { get; private set; }

        /// <summary>Gets the address of the server that has told the time last, or 0.0.0.0.</summary>
        public uint Server { get; private set; }

        /// <summary>Gets how many servers there were between that one and a clock, plus one.</summary>
        public int Stratum { get; private set; }

        /// <summary>Gets the milliseconds that question and answer were on their way; the time is at most half of them off.</summary>
        public int RoundTrip { get; private set; }

        /// <summary>Gets the milliseconds by which the last answer has moved the time: how far the board's own count has run off.</summary>
        public long Correction { get; private set; }

        /// <summary>Gets the seconds between two questions: more than configured once a server has asked for fewer.</summary>
        public int PollInterval => _interval;

        /// <summary>Gets the counters.</summary>
        public SntpCounters Counters => _counters;

        /// <summary>
        /// The time of day.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the polls; it wraps.</param>
        /// <returns>Milliseconds since 1970-01-01T00:00:00Z, without leap seconds; or -1 if no server has told it yet.</returns>
        public long GetTime(int now) => Changes == 0 ? -1 : _time + (now - _timeAt);

        /// <summary>
        /// Names a server by its address, such as one that the DHCP lease has. If that changes anything, it is asked with the next poll.
        /// </summary>
        /// <param name="index">0 to <see cref="SntpConfiguration.Servers"/> - 1, the best one first.</param>
        /// <param name="address">Its address, or 0.0.0.0 for none.</param>
        /// <returns>0, or InvalidArgument for an index that there is not, InvalidAddress for an address that no host can have.</returns>
        public int SetServer(int index, uint address)
        {
            if (index < 0 || index >= _servers.Length)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (address != IPv4Address.Any && !IPv4Address.IsUnicast(address))
            {
                return (int)SocketError.InvalidAddress;
            }

            if (_servers[index] != address)
            {
                _servers[index] = address;
                _denied &= ~(1 << index);
                if (address != IPv4Address.Any)
                {
                    GiveUp();
                    _hasBegun = false;
                }
            }

            return 0;
        }

        /// <summary>
        /// Asks anew, with the next poll, whatever servers have said before. The time that is known is kept.
        /// </summary>
        public void Start()
        {
            GiveUp();
            _hasBegun = false;
            _interval = _pollInterval;
            _denied = 0;
            _deniedByName = IPv4Address.Any;
        }

        /// <summary>
        /// Sets the counters to zero.
        /// </summary>
        public void ClearCounters()
        {
            _counters.Clear();
        }

        /// <summary>
        /// Does all that is due: asks, takes in the answer, asks the next server.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the stack just before; it wraps. Calls may be at most 24 days apart.</param>
        /// <returns>Milliseconds after which it wants to be called again, a day at most; 0 for at once.</returns>
        public int Poll(int now)
        {
            int datagrams = _sockets.Datagrams;
            if (_hasBegun && now - _wakeAt < 0 && (_state == SntpState.Waiting || datagrams == _seenDatagrams))
            {
                // nothing has come since the last poll and nothing is due: this is what most polls find
                return _wakeAt - now;
            }

            _seenDatagrams = datagrams;
            if (!_hasBegun)
            {
                _hasBegun = true;
                _retry = FirstRetry;
                _place = 0;
                _dueAt = now + (int)(_random.Next() % (uint)_startSpread);
            }

            if (Changes > 0)
            {
                _time += now - _timeAt;
                _timeAt = now;
            }

            Step(now);
            int wait = _state == SntpState.Resolving ? LookAgainAfter : _dueAt - now;
            wait = wait < LongestWait ? wait : LongestWait;
            _wakeAt = now + wait;
            return wait;
        }

        private void Step(int now)
        {
            switch (_state)
            {
                case SntpState.Waiting:
                    if (now - _dueAt >= 0)
                    {
                        Ask(now);
                    }

                    break;

                case SntpState.Resolving:
                    Look(now);
                    break;

                case SntpState.Asked:
                    Receive(now);
                    if (_state == SntpState.Asked && now - _dueAt >= 0)
                    {
                        _counters._unanswered++;
                        TryNext(now);
                    }

                    break;
            }
        }

        /// <summary>
        /// Asks the server that it is at, or the next one that there is.
        /// </summary>
        private void Ask(int now)
        {
            if (!_stack.IsLinkUp || _stack.IPv4.Address == IPv4Address.Any)
            {
                // there will be
                _dueAt = now + TryAgainAfter;
                return;
            }

            while (_place < _servers.Length && (_servers[_place] == IPv4Address.Any || (_denied & (1 << _place)) != 0))
            {
                _place++;
            }

            if (_place < _servers.Length)
            {
                Send(now, _servers[_place]);
            }
            else if (_place == _servers.Length && _name != null)
            {
                _lookup = _resolver.Begin(_name);
                if (_lookup == (int)SocketError.NoBufferSpace)
                {
                    _dueAt = now + TryAgainAfter;
                }
                else
                {
                    _state = SntpState.Resolving;
                    Look(now);
                }
            }
            else
            {
                EndRound(now, false);
            }
        }

        private void Look(int now)
        {
            uint address = IPv4Address.Any;
            int result = _lookup < 0 ? _lookup : _resolver.GetResult(_lookup, out address);
            if (result == (int)SocketError.WouldBlock)
            {
                return;
            }

            _lookup = -1;
            if (result == 0 && address != _deniedByName)
            {
                Send(now, address);
                return;
            }

            _counters._notFound++;
            TryNext(now);
        }

        private void Send(int now, uint server)
        {
            // what a server tells again need not be our time, of which nobody has to know (RFC 5905 section 14 and errata): it is harder to guess
            _high = _random.Next();
            _low = _random.Next() | 1;
            Array.Clear(_packet, 0, SntpHeader.Length);
            _packet[SntpHeader.LeapVersionMode] = (byte)SntpHeader.ClientVersion4;
            PutUInt32(SntpHeader.Transmit, _high);
            PutUInt32(SntpHeader.Transmit + 4, _low);
            _socket = _sockets.Socket(SocketType.Datagram);
            int result = _socket < 0 ? _socket : _sockets.Connect(_socket, server, SntpHeader.Port);
            if (result >= 0)
            {
                result = _sockets.Write(_socket, _packet, 0, SntpHeader.Length);
            }

            if (result > 0)
            {
                _counters._queries++;
                _state = SntpState.Asked;
                _server = server;
                _sentAt = now;
                _dueAt = now + _timeout;
                return;
            }

            _counters._notSent++;
            if (result == (int)SocketError.TooManyOpenSockets || result == (int)SocketError.NoBufferSpace)
            {
                GiveUp();
                _dueAt = now + TryAgainAfter;
            }
            else
            {
                TryNext(now);
            }
        }

        private void Receive(int now)
        {
            while (_state == SntpState.Asked)
            {
                int length = _sockets.Read(_socket, _packet, 0, SntpHeader.Length);
                if (length == (int)SocketError.WouldBlock)
                {
                    return;
                }

                if (length < 0)
                {
                    // the network says that nobody is there
                    _counters._unanswered++;
                    TryNext(now);
                    return;
                }

                Consider(_reply.Read(length, _high, _low), now);
            }
        }

        private void Consider(int said, int now)
        {
            switch (said)
            {
                case SntpReply.Good:
                    Take(now);
                    break;

                case SntpReply.NotOurs:
                    _counters._notOurs++;
                    break;

                case SntpReply.Unsynchronized:
                    _counters._unsynchronized++;
                    TryNext(now);
                    break;

                case SntpReply.Bogus:
                    _counters._bogus++;
                    TryNext(now);
                    break;

                default:
                    _counters._kisses++;
                    Obey(said);
                    TryNext(now);
                    break;
            }
        }

        /// <summary>
        /// A server wants fewer questions, or none any more (RFC 4330 section 8).
        /// </summary>
        private void Obey(int said)
        {
            if (said == SntpReply.Rate)
            {
                _interval = _interval < LongestInterval / 2 ? _interval * 2 : LongestInterval;
                _retry = _retry < _interval ? _interval : _retry;
            }
            else if (said == SntpReply.Deny && _place < _servers.Length)
            {
                _denied |= 1 << _place;
            }
            else if (said == SntpReply.Deny)
            {
                _deniedByName = _server;
            }
        }

        /// <summary>
        /// Sets the time: what the server says that it was when it sent, and half of what was neither spent at the server nor here (RFC 4330
        /// section 5).
        /// </summary>
        private void Take(int now)
        {
            long away = now - _sentAt;
            if (_reply.Held > away + 1)
            {
                // longer than it was away; a millisecond is lost in rounding
                _counters._bogus++;
                TryNext(now);
                return;
            }

            int roundTrip = (int)(away - _reply.Held);
            RoundTrip = roundTrip < 0 ? 0 : roundTrip;
            long time = _reply.Sent + (RoundTrip >> 1);
            Correction = Changes == 0 ? 0 : time - GetTime(now);
            _time = time;
            _timeAt = now;
            Stratum = _reply.Stratum;
            Server = _server;
            Changes++;
            _counters._good++;
            EndRound(now, true);
        }

        private void TryNext(int now)
        {
            GiveUp();
            _place++;
            if (_place <= _servers.Length)
            {
                Ask(now);
            }
            else
            {
                EndRound(now, false);
            }
        }

        /// <summary>
        /// Leaves the servers in peace for a while, give or take a sixteenth, so that boards do not all ask together.
        /// </summary>
        private void EndRound(int now, bool good)
        {
            GiveUp();
            _place = 0;
            int seconds = _interval;
            if (good)
            {
                _retry = FirstRetry;
            }
            else
            {
                seconds = _retry;
                _retry = _retry < _interval / 2 ? _retry * 2 : _interval;
            }

            int milliseconds = seconds * 1000;
            _dueAt = now + milliseconds - (milliseconds >> 4) + (int)(_random.Next() % (uint)(milliseconds >> 3));
        }

        private void GiveUp()
        {
            _state = SntpState.Waiting;
            if (_socket >= 0)
            {
                _sockets.Close(_socket);
                _socket = -1;
            }

            if (_lookup >= 0)
            {
                _resolver.Cancel(_lookup);
                _lookup = -1;
            }
        }

        private void PutUInt32(int offset, uint value)
        {
            _packet[offset] = (byte)(value >> 24);
            _packet[offset + 1] = (byte)(value >> 16);
            _packet[offset + 2] = (byte)(value >> 8);
            _packet[offset + 3] = (byte)value;
        }
    }
}
