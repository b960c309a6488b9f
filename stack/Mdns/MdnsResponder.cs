// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Dns;
using TcpIp.Sockets;

namespace TcpIp.Mdns
{
    /// <summary>
    /// Has a host found by name on its link, without a server (RFC 6762), and its services by their kind (RFC 6763).
    /// </summary>
    /// <remarks>
    /// It is polled after the stack, by the thread that owns both. It holds a UDP socket, on port 5353 and in the group 224.0.0.251. While there is a
    /// link and an address it probes for its names, announces them, answers, and takes other names if somebody has these.
    /// </remarks>
    public sealed partial class MdnsResponder : IBackgroundWork
    {
        // RFC 6762 section 8.1
        private const int Probes = 3;
        private const int ProbeInterval = 250;
        private const int ManyConflicts = 15;
        private const int ConflictTime = 10000;
        private const int ConflictPause = 5000;

        // section 8.2: who goes second looks again after a second
        private const int LostPause = 1000;

        // section 8.3
        private const int Announcements = 2;
        private const int AnnounceInterval = 1000;

        // section 6: what several may answer waits for a random time; and no record is told more often than once in a second
        private const int ShortestDelay = 20;
        private const int DelaySpread = 101;
        private const int RepeatAfter = 1000;
        private const int DefendAfter = 250;

        // section 7.2: more of what the asker knows is on its way
        private const int KnownDelay = 400;

        // sections 6.7 and 11
        private const int LegacyTime = 10;
        private const int LinkTimeToLive = 255;

        private readonly TcpIpStack _stack;
        private readonly SocketLayer _sockets;
        private readonly RandomSource _random;
        private readonly byte[] _bytes;
        private readonly DnsMessage _message;
        private readonly MdnsRecords _records;
        private readonly MdnsWriter _writer;
        private readonly DatagramSource _source = new DatagramSource();
        private readonly MdnsCounters _counters = new MdnsCounters();
        private readonly int _socket;

        // what is announced: all but what there is not
        private readonly int _all;
        private MdnsState _state;
        private bool _needsPoll;
        private int _now;
        private int _seenDatagrams;
        private int _wakeAt;
        private int _dueAt;

        // the address that is told, and how far probing and announcing have come
        private uint _address;
        private int _step;
        private int _conflicts;
        private int _conflictAt;

        // when each record was told to all last, of those that were; and what is to be told, to whom, and when
        private readonly int[] _toldAt;
        private int _told;
        private int _pending;
        private int _pendingAt;
        private bool _defends;
        private int _waiting;
        private int _waitingAt;
        private uint _waitingFor;

        /// <summary>
        /// Initializes a new instance of the <see cref="MdnsResponder"/> class. All memory is taken here. Nothing is sent before
        /// <see cref="Start"/>.
        /// </summary>
        /// <param name="stack">The stack, with a UDP socket and room for a multicast group to spare.</param>
        /// <param name="random">Random numbers.</param>
        /// <param name="configuration">What there is to tell.</param>
        /// <exception cref="ArgumentNullException">One of them is missing.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A value of the configuration is out of its range.</exception>
        /// <exception cref="ArgumentException">No socket or no room for a group is free, or another socket has port 5353; the message says
        /// which.</exception>
        public MdnsResponder(TcpIpStack stack, RandomSource random, MdnsConfiguration configuration)
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
            _bytes = new byte[configuration.MessageBytes];
            _message = new DnsMessage(_bytes);
            _records = new MdnsRecords(configuration);
            _writer = new MdnsWriter(_bytes, _records);
            _toldAt = new int[_records.Count];
            for (int i = 0; i < _records.Count; i++)
            {
                _all |= _records.Type(i) != DnsHeader.TypeNsec ? 1 << i : 0;
            }

            _socket = _sockets.Socket(SocketType.Datagram);
            int result = _socket < 0 ? _socket : _sockets.Bind(_socket, DnsHeader.MulticastPort);
            if (result == 0)
            {
                result = _sockets.JoinGroup(_socket, DnsHeader.LinkGroup);
            }

            if (result < 0)
            {
                _sockets.Close(_socket);
                throw new ArgumentException(
                    "The mDNS responder needs a UDP socket, port 5353 and a multicast group: " + SocketErrorText.Of((SocketError)result), nameof(stack));
            }

            // from now on others on this board may hear of the link's names too (RFC 6762 section 15), but no second one of us
            _sockets.SetReuseAddress(_socket, true);
            _sockets.SetTimeToLive(_socket, LinkTimeToLive);
            _sockets.SetMulticastTimeToLive(_socket, LinkTimeToLive);
        }

        /// <summary>Gets where the responder is.</summary>
        public MdnsState State => _state;

        /// <summary>Gets the number that the host's name has got because others have the name: 2 is for "board-2.local", 0 for none.</summary>
        public int HostNumber => _records.Host.Number;

        /// <summary>Gets a number that counts up whenever a name has changed.</summary>
        public uint Changes { get; private set; }

        /// <summary>Gets the counters.</summary>
        public MdnsCounters Counters => _counters;

        /// <summary>
        /// The host's name as it is now. It makes a string: for start-up and diagnosis only.
        /// </summary>
        /// <returns>Such as "board.local".</returns>
        public string GetHostName()
        {
            byte[] wire = _records.Host.Wire;
            char[] characters = new char[wire[0]];
            for (int i = 0; i < characters.Length; i++)
            {
                characters[i] = (char)wire[i + 1];
            }

            return new string(characters) + ".local";
        }

        /// <summary>
        /// Begins to take the names, with the next poll, as soon as there is a link and an address.
        /// </summary>
        public void Start()
        {
            if (_state == MdnsState.Stopped)
            {
                _state = MdnsState.Waiting;
                _needsPoll = true;
            }
        }

        /// <summary>
        /// Stops at once, and says so to the link, which forgets us (RFC 6762 section 10.1). What is said leaves with the stack's next poll.
        /// </summary>
        public void Stop()
        {
            if (_state == MdnsState.Announcing || _state == MdnsState.Established)
            {
                Tell(_all, 0, 0);
                _counters._announcements++;
            }

            _state = MdnsState.Stopped;
            _pending = 0;
            _waiting = 0;
        }

        /// <summary>
        /// Sets the counters to zero.
        /// </summary>
        public void ClearCounters()
        {
            _counters.Clear();
        }

        /// <summary>
        /// Does all that is due: hears, answers, probes, announces.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the stack just before; it wraps. Calls may be at most 24 days apart.</param>
        /// <returns>Milliseconds after which it wants to be called again; 0 for at once.</returns>
        public int Poll(int now)
        {
            _now = now;
            int datagrams = _sockets.Datagrams;
            bool isNew = datagrams != _seenDatagrams;
            _seenDatagrams = datagrams;
            if (now - _wakeAt < 0
                && !_needsPoll
                && (_state == MdnsState.Stopped || _address == AddressNow)
                && (!isNew || !Receive()))
            {
                // nothing has come since the last poll and nothing is due: this is what most polls find
                return _wakeAt - now;
            }

            // what is due may depend on what has come
            _needsPoll = false;
            Receive();
            int wait = _state == MdnsState.Stopped ? int.MaxValue : Step();
            _wakeAt = now + wait;
            return wait;
        }

        /// <summary>Our address, as long as there is a link to tell it to.</summary>
        private uint AddressNow => _stack.IsLinkUp ? _stack.IPv4.Address : IPv4Address.Any;

        private int Step()
        {
            uint address = AddressNow;
            if (address != _address || (_state == MdnsState.Waiting && address != IPv4Address.Any))
            {
                // another network, perhaps: nobody there has heard of us (RFC 6762 section 8)
                _address = address;
                _records.SetAddress(address);
                _told = 0;
                BeginProbing((int)(_random.Next() % ProbeInterval));
            }

            if (address == IPv4Address.Any)
            {
                _state = MdnsState.Waiting;
                return int.MaxValue;
            }

            if (_now - _dueAt >= 0)
            {
                GoOn();
            }

            int wait = _state == MdnsState.Established ? int.MaxValue : _dueAt - _now;
            if (_state == MdnsState.Probing)
            {
                return wait;
            }

            wait = Earlier(wait, TellPending());
            if (_waiting != 0)
            {
                if (_now - _waitingAt >= 0)
                {
                    Postpone(_waiting, _now);
                    _waiting = 0;
                    wait = Earlier(wait, TellPending());
                }
                else
                {
                    wait = Earlier(wait, _waitingAt - _now);
                }
            }

            return wait;
        }

        /// <summary>
        /// The next probe or announcement.
        /// </summary>
        private void GoOn()
        {
            if (_state == MdnsState.Probing && _step < Probes)
            {
                SendProbe();
                _step++;
                _dueAt = _now + ProbeInterval;
                return;
            }

            if (_state == MdnsState.Probing)
            {
                _state = MdnsState.Announcing;
                _step = 0;
            }

            if (_state == MdnsState.Announcing)
            {
                Tell(_all, 0, int.MaxValue);
                _counters._announcements++;
                _step++;
                _dueAt = _now + AnnounceInterval;
                if (_step == Announcements)
                {
                    _state = MdnsState.Established;
                }
            }
        }

        private void BeginProbing(int wait)
        {
            _state = MdnsState.Probing;
            _step = 0;
            _dueAt = _now + wait;
            _pending = 0;
            _waiting = 0;
        }

        /// <summary>
        /// Asks for all that anybody has of our names, and says what we would have (section 8.1).
        /// </summary>
        private void SendProbe()
        {
            _writer.Begin(0, 0, DnsHeader.Length);
            _writer.AddQuestion(_records.Host);
            for (int i = 0; i < _records.Services; i++)
            {
                _writer.AddQuestion(_records.ServiceName(i));
            }

            _writer.EndSection(DnsHeader.QuestionCount);
            _writer.Add(MdnsRecords.HostAddress, int.MaxValue, false, true);
            for (int i = 0; i < _records.Services; i++)
            {
                int first = MdnsRecords.FirstService + (i * MdnsRecords.PerService);
                _writer.Add(first + MdnsRecords.Text, int.MaxValue, false, true);
                _writer.Add(first + MdnsRecords.Place, int.MaxValue, false, true);
            }

            _writer.EndSection(DnsHeader.AuthorityCount);
            _counters._probes++;
            Send(DnsHeader.LinkGroup, DnsHeader.MulticastPort);
        }

        /// <summary>
        /// Tells records to all.
        /// </summary>
        /// <param name="answers">Which.</param>
        /// <param name="more">Which may be of use besides.</param>
        /// <param name="time">For how long they are good at most; 0 for a goodbye.</param>
        private void Tell(int answers, int more, int time)
        {
            _writer.Begin(0, DnsHeader.FlagResponse | DnsHeader.FlagAuthoritative, DnsHeader.Length);
            WriteAnswers(answers, more, time, false);
            Send(DnsHeader.LinkGroup, DnsHeader.MulticastPort);
            int told = answers | more;
            _told |= told;
            for (int i = 0; i < _toldAt.Length; i++)
            {
                if ((told & (1 << i)) != 0)
                {
                    _toldAt[i] = _now;
                }
            }
        }

        private void WriteAnswers(int answers, int more, int time, bool isLegacy)
        {
            AddRecords(answers, time, isLegacy);
            _writer.EndSection(DnsHeader.AnswerCount);
            AddRecords(more, time, isLegacy);
            _writer.EndSection(DnsHeader.AdditionalCount);
        }

        private void AddRecords(int records, int time, bool isLegacy)
        {
            for (int i = 0; i < _records.Count; i++)
            {
                if ((records & (1 << i)) != 0)
                {
                    _writer.Add(i, time, isLegacy, false);
                }
            }
        }

        private void Send(uint address, int port)
        {
            if (_sockets.SendTo(_socket, _bytes, 0, _writer.Length, address, port) < 0)
            {
                _counters._notSent++;
            }
        }

        private static int Earlier(int a, int b) => a < b ? a : b;
    }
}
