// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Dhcp;
using TcpIp.Http;
using TcpIp.Sockets;

namespace Firmware
{
    /// <summary>
    /// Network and page put together. It is polled with the time, so that it runs the same on a board and in a test.
    /// </summary>
    public sealed class Application
    {
        /// <summary>Clients that are served at once.</summary>
        public const int HttpConnections = 8;

        /// <summary>What <see cref="Step"/> returns when all is over.</summary>
        public const int Over = -1;

        /// <summary>What <see cref="Step"/> returns once when the chip was lost; the driver goes on trying to start it.</summary>
        public const int ChipFailed = -2;

        // the page has to see the count of milliseconds more often than it wraps
        private const int TickInterval = 60_000;

        private readonly Network _network;
        private TcpIpStack _stack;
        private SocketLayer _sockets;
        private HttpServer _http;
        private StatusPage _page;
        private BoardPins _pins;
        private StatusApi _api;
        private int _tickedAt;
        private int _dueAt;
        private int _polledAt;
        private int _seenDatagrams;
        private int _longestPoll;
        private bool _hasFailed;
        private bool _stopping;
        private uint _seenChanges;

        /// <summary>
        /// Initializes a new instance of the <see cref="Application"/> class. Nothing is sent to the chip yet.
        /// </summary>
        /// <param name="spi">The SPI device that the chip is wired to.</param>
        public Application(SpiDevice spi)
            : this(spi, new Random(), Board.AddressMode)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="Application"/> class with a generator and a mode of one's own.
        /// </summary>
        /// <param name="spi">The SPI device that the chip is wired to.</param>
        /// <param name="generator">The generator that <see cref="HardwareRandom"/> asks with each number.</param>
        /// <param name="mode">How the board comes by its address.</param>
        public Application(SpiDevice spi, Random generator, AddressMode mode)
        {
            _network = new Network(spi, generator, mode);
            Current = this;
        }

        /// <summary>Gets the application that was made last: a board has one.</summary>
        public static Application Current { get; private set; }

        /// <summary>Gets the network: driver, stack and address.</summary>
        public Network Network => _network;

        /// <summary>Gets the driver.</summary>
        public Enc28j60 Ethernet => _network.Ethernet;

        /// <summary>Gets the stack, or null before <see cref="TryStart"/> has found the chip.</summary>
        public TcpIpStack Stack => _stack;

        /// <summary>Gets the web server, or null before <see cref="TryStart"/> has found the chip.</summary>
        public HttpServer Http => _http;

        /// <summary>Gets what answers programs, or null before <see cref="TryStart"/> has found the chip.</summary>
        public StatusApi Api => _api;

        /// <summary>Gets the output and the input, or null before <see cref="TryStart"/> has found the chip.</summary>
        public BoardPins Pins => _pins;

        /// <summary>Gets the milliseconds of the longest time between two calls of <see cref="Step"/>, sleep included: while nobody calls, nobody
        /// is answered.</summary>
        public int LongestPoll => _longestPoll;

        /// <summary>
        /// Looks for the chip; if it answers, makes the stack (this is where all memory is taken) and begins to start the chip.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether the chip answers; if not, <see cref="Enc28j60.Fault"/> of the driver tells why.</returns>
        public bool TryStart(int now)
        {
            StackConfiguration configuration = StackConfiguration.ForClients(HttpConnections);
            configuration.UdpSockets = 0;
            if (!_network.TryStart(now, configuration))
            {
                return false;
            }

            if (_stack == null)
            {
                _stack = _network.Stack;
                _sockets = _stack.Sockets;
                _page = new StatusPage(_stack, _network.Ethernet, now);
                _tickedAt = now;
                _dueAt = now;
                _polledAt = now;
                HttpPage[] pages = new HttpPage[] { _page, LivePage.Create(_stack.Pool.Order) };
                _http = new HttpServer(_stack.Sockets, _stack.Pool.Order, Board.HttpPort, HttpConnections, pages);
                AnswerToNames();
                _pins = new BoardPins();
                _api = new StatusApi(this, _http, _page, _pins);
                _http.Add(new LiveStatus(this, _api, _page, _pins));
            }

            return true;
        }

        /// <summary>
        /// Begins to end: we say goodbye, the address is given back, and some time later <see cref="Step"/> says that all is over.
        /// </summary>
        public void Stop()
        {
            _network.Release();
            _stopping = true;
        }

        /// <summary>
        /// Does all the work that is due. From here on nothing is allocated.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds after which it wants to be called again, or <see cref="Over"/>, <see cref="ChipFailed"/>.</returns>
        public int Step(int now)
        {
            int since = now - _polledAt;
            _polledAt = now;
            if (since > _longestPoll)
            {
                _longestPoll = since;
            }

            int wait = _stack.BeginTurn(now);
            int left = _dueAt - now;
            if (_stack.IsAtRest && _http.Clients == 0 && left > 0)
            {
                // nobody has come, nobody is here: most turns are like that
                return left < wait ? left : wait;
            }

            int due = _http.Poll(now);
            if (left <= 0 || _sockets.Datagrams != _seenDatagrams)
            {
                int change = Maintain(now);
                if (change < 0)
                {
                    return change;
                }

                left = _dueAt - now;
            }

            // the answer that was written leaves now
            wait = _stack.Flush(wait);
            if (left < wait)
            {
                wait = left;
            }

            return due < wait ? due : wait;
        }

        private void AnswerToNames()
        {
            string[] others = Board.OtherNames.Split(' ');
            for (int i = 0; i < others.Length; i++)
            {
                _http.AnswerTo(others[i]);
            }

            // with a number, too, if somebody else has the name
            _http.AnswerTo(".local");
            _http.AnswerTo(Board.HostName);
            _http.AnswerToAddresses();
        }

        /// <summary>
        /// What is due now and then: the address, and whatever has to see the time before it wraps.
        /// </summary>
        private int Maintain(int now)
        {
            _seenDatagrams = _sockets.Datagrams;
            _dueAt = now + _network.Poll(now);
            if (_network.Changes != _seenChanges && _network.Dhcp != null)
            {
                _seenChanges = _network.Changes;
                _http.SetDomain(_network.Dhcp.Lease.Domain, _network.Dhcp.Lease.DomainLength);
            }

            if (now - _tickedAt >= TickInterval)
            {
                _tickedAt = now;
                _page.Tick(now);
            }

            // the goodbye has left by then
            if (_stopping && !_stack.NeedsPoll && (_network.Dhcp == null || _network.Dhcp.State == DhcpState.Stopped))
            {
                return Over;
            }

            bool failed = _network.State == NetworkState.ChipFailed;
            bool isNew = failed && !_hasFailed;
            _hasFailed = failed;
            return isNew ? ChipFailed : 0;
        }
    }
}
