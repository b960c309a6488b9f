// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Arp;
using TcpIp.Link;
using TcpIp.Sockets;

namespace TcpIp.Dhcp
{
    /// <summary>
    /// Asks a DHCP server for an address and all that goes with it, and keeps it for as long as it may (RFC 2131). While nobody answers, the
    /// stack gets an address that is good on its link (RFC 3927).
    /// </summary>
    /// <remarks>
    /// It is polled after the stack, by the thread that owns both. It holds one datagram socket, configures the stack, and is asked for what
    /// changed: see <see cref="Changes"/>. A program with an address of its own does not make one and calls
    /// <see cref="TcpIpStack.Configure(uint, uint, uint)"/>.
    /// </remarks>
    public sealed partial class DhcpClient : IBackgroundWork
    {
        // RFC 2131 section 4.1: 4 s, 8 s ... 64 s, each give or take a second
        private const int FirstInterval = 4000;
        private const int MostDoublings = 4;
        private const int IntervalSpread = 1000;

        /// <summary>Times that an offer is asked for before it is given up: 4 + 8 + 16 + 32 s (section 3.1 (5) has a minute).</summary>
        private const int MaximumRequests = 4;

        /// <summary>Times that servers are asked whether a lease is still good before it is believed: 4 + 8 s.</summary>
        private const int MaximumVerifications = 2;

        /// <summary>Milliseconds to wait after an address was declined (section 3.1 (5): ten seconds at least).</summary>
        private const int DeclineWait = 10000;

        /// <summary>Seconds between two requests for more time, at least (section 4.4.5).</summary>
        private const uint ShortestRenewalInterval = 60;

        /// <summary>Milliseconds in which a DHCPRELEASE leaves, though the server's MAC address may have to be asked for.</summary>
        private const int ReleaseTime = 1000;

        /// <summary>Milliseconds between two polls that count seconds, at most: a day.</summary>
        private const int LongestWait = 86400000;

        private readonly TcpIpStack _stack;
        private readonly SocketLayer _sockets;
        private readonly RandomSource _random;
        private readonly byte[] _message;
        private readonly DatagramSource _source = new DatagramSource();
        private readonly SecondCounter _seconds = new SecondCounter();
        private readonly DhcpCounters _counters = new DhcpCounters();
        private readonly DhcpLease _lease;
        private readonly DhcpReply _reply;
        private readonly DhcpSender _sender;
        private readonly LinkLocalPicker _linkLocal;
        private readonly ConflictPolicy _policy;
        private readonly bool _mayPick;
        private readonly uint _pickAfter;
        private readonly int _startSpread;
        private readonly bool _broadcastFlag;
        private readonly int _socket;
        private DhcpState _state;
        private Wish _wish;
        private bool _linkUp;
        private int _now;

        // what the last poll has seen, and when there is something to do if nothing else happens
        private int _seenDatagrams;
        private AddressState _addressState;
        private int _wakeAt;

        // when the next message, or the next step, is due
        private int _dueAt;
        private uint _askAgainAt;

        // the question under way: its number, how often it was sent, when it was first sent, the seconds since then that the last message
        // told of, when it was last sent, and what it was about
        private uint _transaction;
        private int _tries;
        private uint _beganAt;
        private uint _told;
        private uint _askedAt;
        private uint _offered;
        private uint _offerer;

        // attempts that came to nothing since there was a lease, and since when there is none
        private int _failures;
        private uint _withoutSince;

        /// <summary>
        /// Initializes a new instance of the <see cref="DhcpClient"/> class. All memory is taken here. Nothing is sent before
        /// <see cref="Start"/>.
        /// </summary>
        /// <param name="stack">The stack, with a UDP socket to spare.</param>
        /// <param name="hardware">The MAC address of the stack's interface.</param>
        /// <param name="random">Random numbers.</param>
        /// <param name="configuration">What to do.</param>
        /// <exception cref="ArgumentNullException">One of them is missing.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A value of the configuration is out of its range.</exception>
        /// <exception cref="ArgumentException">No socket is free, or another one has port 68; the message says which.</exception>
        public DhcpClient(TcpIpStack stack, MacAddress hardware, RandomSource random, DhcpConfiguration configuration)
        {
            if (stack == null)
            {
                throw new ArgumentNullException(nameof(stack));
            }

            if (hardware == null)
            {
                throw new ArgumentNullException(nameof(hardware));
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
            _policy = configuration.Conflicts;
            _mayPick = configuration.LinkLocal;
            _pickAfter = (uint)configuration.LinkLocalAfter;
            _startSpread = configuration.StartSpread;
            _message = new byte[configuration.MessageBytes];
            _broadcastFlag = configuration.BroadcastFlag;
            _socket = _sockets.Socket(SocketType.Datagram);
            int result = _socket < 0 ? _socket : _sockets.Bind(_socket, DhcpHeader.ClientPort);
            if (result < 0)
            {
                _sockets.Close(_socket);
                throw new ArgumentException("The DHCP client needs a UDP socket and port 68: " + SocketErrorText.Of((SocketError)result), nameof(stack));
            }

            // a lease that runs out is asked for of all servers, from our address
            _sockets.SetBroadcast(_socket, true);
            _lease = new DhcpLease(configuration);
            _reply = new DhcpReply(hardware, _counters);
            _sender = new DhcpSender(_sockets, _socket, hardware, _message, configuration);
            _linkLocal = new LinkLocalPicker(hardware);
        }

        /// <summary>What was asked of the client since its last poll.</summary>
        private enum Wish
        {
            None,
            Start,
            Renew,
            Release,
        }

        /// <summary>Gets where the client is.</summary>
        public DhcpState State => _state;

        /// <summary>Gets what the server gave. Its address is 0.0.0.0 while there is no lease.</summary>
        public DhcpLease Lease => _lease;

        /// <summary>
        /// Gets a value indicating whether the stack has the leased address and may use it: nobody else has it, as far as the link was asked.
        /// </summary>
        public bool IsBound => _lease.IsThere && _stack.IPv4.Address == _lease.Address;

        /// <summary>Gets the link-local address that was picked, whether it is in use already or asked for; 0.0.0.0 for none.</summary>
        public uint LinkLocalAddress => _linkLocal.Current;

        /// <summary>
        /// Gets a number that counts up whenever the stack's address has changed, or the server has given anything anew: an application that
        /// keeps something of it compares.
        /// </summary>
        public uint Changes { get; private set; }

        /// <summary>Gets the counters.</summary>
        public DhcpCounters Counters => _counters;

        /// <summary>
        /// Gets the seconds that the lease is still good for: 0 without one, <see cref="DhcpLease.Infinite"/> for ever.
        /// </summary>
        public uint SecondsLeft
        {
            get
            {
                if (!_lease.IsThere)
                {
                    return 0;
                }

                // a poll that had nothing to do has not counted them
                _seconds.Advance(_now);
                return _lease.Left(_lease.Time, _seconds.Now);
            }
        }

        /// <summary>
        /// Begins to look for a server, with the next poll. If there is a lease it is forgotten.
        /// </summary>
        public void Start()
        {
            _wish = Wish.Start;
        }

        /// <summary>
        /// Asks the server for more time now, with the next poll; without a lease, looks for a server now.
        /// </summary>
        public void Renew()
        {
            if (_state != DhcpState.Stopped && _wish == Wish.None)
            {
                _wish = Wish.Renew;
            }
        }

        /// <summary>
        /// Gives the lease back, with the next poll, and stops. The stack has no address then; connections end with
        /// <see cref="SocketError.AddressNotAvailable"/>.
        /// </summary>
        public void Release()
        {
            if (_state != DhcpState.Stopped)
            {
                _wish = Wish.Release;
            }
        }

        /// <summary>
        /// Stops at once and says nothing to the server. The stack keeps its address; give it another one.
        /// </summary>
        public void Stop()
        {
            _wish = Wish.None;
            _state = DhcpState.Stopped;
            _linkLocal.Clear();
            _lease.Clear();
            Changes++;
        }

        /// <summary>
        /// Sets the counters to zero.
        /// </summary>
        public void ClearCounters()
        {
            _counters.Clear();
        }

        /// <summary>
        /// Does all that is due: takes in what servers have said, asks, asks again, and sees to it that no address is used that is not ours.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the stack just before; it wraps. Calls may be at most 24 days apart.</param>
        /// <returns>Milliseconds after which it wants to be called again, a day at most; 0 for at once.</returns>
        public int Poll(int now)
        {
            _now = now;
            int datagrams = _sockets.Datagrams;
            if (now - _wakeAt < 0
                && datagrams == _seenDatagrams
                && _wish == Wish.None
                && _linkUp == _stack.IsLinkUp
                && _addressState == _stack.Arp.AddressState)
            {
                // nothing has come since the last poll and nothing is due: this is what most polls find
                return _wakeAt - now;
            }

            _seenDatagrams = datagrams;

            // seconds are counted on while there is nothing to do, too, long before the milliseconds wrap
            int wait = Earlier(Work(now), LongestWait);
            _addressState = _stack.Arp.AddressState;
            _wakeAt = now + wait;
            return wait;
        }

        private int Work(int now)
        {
            _seconds.Advance(now);
            Fulfil();
            FollowLink();
            Receive();
            if (_state == DhcpState.Stopped)
            {
                return int.MaxValue;
            }

            if (_lease.IsThere && _lease.Left(_lease.Time, _seconds.Now) == 0)
            {
                _counters._expired++;
                LoseLease();
                BeginInit(Spread());
            }

            FollowAddress();
            if (!_linkUp)
            {
                // nobody can be asked, but time goes on
                return _lease.IsThere ? Until(_lease.Left(_lease.Time, _seconds.Now)) : int.MaxValue;
            }

            Step();
            return TimeLeft();
        }

        private void Fulfil()
        {
            Wish wish = _wish;
            _wish = Wish.None;
            switch (wish)
            {
                case Wish.Start:
                    LoseLease();
                    _failures = 0;
                    BeginInit(Spread());
                    break;

                case Wish.Renew:
                    // a lease that is verified is asked about already
                    if (_state >= DhcpState.Bound && _state <= DhcpState.Rebinding)
                    {
                        BeginRenewing(_state == DhcpState.Rebinding ? DhcpState.Rebinding : DhcpState.Renewing);
                    }
                    else if (_state == DhcpState.Init || _state == DhcpState.Selecting)
                    {
                        _dueAt = _now;
                    }

                    break;

                case Wish.Release:
                    BeginReleasing();
                    break;
            }
        }

        private void FollowLink()
        {
            bool linkUp = _stack.IsLinkUp;
            if (linkUp == _linkUp)
            {
                return;
            }

            _linkUp = linkUp;
            if (!linkUp || _state == DhcpState.Stopped || _state == DhcpState.Releasing)
            {
                return;
            }

            // it may be another network now
            if (_lease.IsThere)
            {
                BeginRebooting();
            }
            else
            {
                _withoutSince = _seconds.Now;
                BeginInit(Spread());
            }
        }

        /// <summary>
        /// Goes on where time has come.
        /// </summary>
        private void Step()
        {
            bool due = _now - _dueAt >= 0;
            switch (_state)
            {
                case DhcpState.Init:
                    PickIfAlone();
                    if (due)
                    {
                        BeginSelecting();
                    }

                    break;

                case DhcpState.Selecting:
                    PickIfAlone();
                    if (due)
                    {
                        SendDiscover();
                    }

                    break;

                case DhcpState.Requesting:
                    if (due && !AskAgain(MaximumRequests))
                    {
                        BeginInit(AfterFailure());
                    }

                    break;

                case DhcpState.Rebooting:
                    if (due && !AskAgain(MaximumVerifications))
                    {
                        // RFC 2131 section 3.2: nobody says that it is not good any more
                        _state = DhcpState.Bound;
                        FollowTimes();
                    }

                    break;

                case DhcpState.Bound:
                case DhcpState.Renewing:
                case DhcpState.Rebinding:
                    FollowTimes();
                    break;

                case DhcpState.Releasing:
                    if (due)
                    {
                        Unconfigure();
                        _state = DhcpState.Stopped;
                    }

                    break;
            }
        }

        /// <summary>
        /// T1, T2, and the questions after each.
        /// </summary>
        private void FollowTimes()
        {
            if (_state != DhcpState.Rebinding && _lease.Left(_lease.RebindingTime, _seconds.Now) == 0)
            {
                BeginRenewing(DhcpState.Rebinding);
            }
            else if (_state == DhcpState.Bound)
            {
                if (_lease.Left(_lease.RenewalTime, _seconds.Now) == 0)
                {
                    BeginRenewing(DhcpState.Renewing);
                }
            }
            else if ((int)(_seconds.Now - _askAgainAt) >= 0)
            {
                SendRequest();
            }
        }

        private int TimeLeft()
        {
            switch (_state)
            {
                case DhcpState.Stopped:
                    return int.MaxValue;

                case DhcpState.Init:
                case DhcpState.Selecting:
                    return Earlier(_dueAt - _now, UntilPick());

                case DhcpState.Bound:
                    return Until(_lease.Left(_lease.RenewalTime, _seconds.Now));

                case DhcpState.Renewing:
                    return Earlier(Until(_askAgainAt - _seconds.Now), Until(_lease.Left(_lease.RebindingTime, _seconds.Now)));

                case DhcpState.Rebinding:
                    return Earlier(Until(_askAgainAt - _seconds.Now), Until(_lease.Left(_lease.Time, _seconds.Now)));

                case DhcpState.Checking:
                    // the stack says when it has asked long enough
                    return Until(_lease.Left(_lease.Time, _seconds.Now));

                default:
                    return _dueAt - _now;
            }
        }

        private int Until(uint seconds) => _seconds.Until(seconds, _now);

        private static int Earlier(int a, int b) => a < b ? a : b;

        private int Spread() => (int)(_random.Next() % (uint)_startSpread);

        /// <summary>
        /// How long to wait for an answer to a question that was sent so often.
        /// </summary>
        private int Interval(int times)
        {
            int doublings = times - 1 < MostDoublings ? times - 1 : MostDoublings;
            return (FirstInterval << doublings) + (int)(_random.Next() % ((2 * IntervalSpread) + 1)) - IntervalSpread;
        }

        /// <summary>
        /// How long to wait after an attempt that came to nothing, so that a server that offers and refuses is not asked without end.
        /// </summary>
        private int AfterFailure()
        {
            _failures++;
            return _failures == 1 ? Spread() : Interval(_failures - 1);
        }
    }
}
