// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Http;
using TcpIp.Link;

namespace Firmware
{
    /// <summary>
    /// Driver, stack and page put together. It is polled with the time, so that it runs the same on a board and in a test.
    /// </summary>
    public sealed class Application
    {
        /// <summary>Clients that are served at once.</summary>
        public const int HttpConnections = 8;

        // the page has to see the count of milliseconds more often than it wraps
        private const int TickInterval = 60_000;

        private readonly Enc28j60 _ethernet;
        private readonly Random _generator;
        private HardwareRandom _random;
        private TcpIpStack _stack;
        private HttpServer _http;
        private StatusPage _page;
        private int _tickedAt;

        /// <summary>
        /// Initializes a new instance of the <see cref="Application"/> class. Nothing is sent to the chip yet.
        /// </summary>
        /// <param name="spi">The SPI device that the chip is wired to.</param>
        public Application(SpiDevice spi)
            : this(spi, new Random())
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="Application"/> class with a generator of one's own.
        /// </summary>
        /// <param name="spi">The SPI device that the chip is wired to.</param>
        /// <param name="generator">The generator that <see cref="HardwareRandom"/> asks with each number.</param>
        public Application(SpiDevice spi, Random generator)
        {
            Enc28j60Options options = new Enc28j60Options()
            {
                InterruptPin = Board.InterruptPin,
                ResetPin = Board.ResetPin,
            };
            _ethernet = new Enc28j60(spi, new MacAddress(Board.CreateMacAddress()), options);
            _generator = generator;
        }

        /// <summary>Gets the driver.</summary>
        public Enc28j60 Ethernet => _ethernet;

        /// <summary>Gets the random numbers, or null before <see cref="TryStart"/> has found the chip.</summary>
        public HardwareRandom Random => _random;

        /// <summary>Gets the stack, or null before <see cref="TryStart"/> has found the chip.</summary>
        public TcpIpStack Stack => _stack;

        /// <summary>Gets the web server, or null before <see cref="TryStart"/> has found the chip.</summary>
        public HttpServer Http => _http;

        /// <summary>
        /// Looks for the chip; if it answers, makes the stack (this is where all memory is taken) and begins to start the chip.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether the chip answers; if not, <see cref="Enc28j60.Fault"/> of the driver tells why.</returns>
        public bool TryStart(int now)
        {
            if (!_ethernet.Probe())
            {
                return false;
            }

            if (_stack == null)
            {
                _random = new HardwareRandom(_ethernet, _generator);
                _random.Add((uint)now);

                StackConfiguration configuration = StackConfiguration.ForClients(HttpConnections);
                _stack = new TcpIpStack(configuration, _ethernet, _random);
                int result = _stack.Configure(
                    IPv4Address.Parse(Board.Address), IPv4Address.Parse(Board.Netmask), IPv4Address.Parse(Board.Gateway));
                if (result != 0)
                {
                    throw new ArgumentException("Board.cs: " + SocketErrorText.Of((SocketError)result));
                }

                _page = new StatusPage(_stack, _ethernet, now);
                _tickedAt = now;
                _http = new HttpServer(_stack.Sockets, _stack.Pool.Order, Board.HttpPort, HttpConnections, new HttpPage[] { _page });
                _ethernet.Attach(_stack.Pool);
            }

            _ethernet.Start();
            return true;
        }

        /// <summary>
        /// Does all the work that is due. From here on nothing is allocated.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds after which it wants to be called again.</returns>
        public int Step(int now)
        {
            int wait = _stack.Poll(now);
            if (_stack.IsAtRest && _http.Clients == 0 && now - _tickedAt < TickInterval)
            {
                // nobody has come, nobody is here: most turns are like that
                return wait;
            }

            int due = _http.Poll(now);
            if (now - _tickedAt >= TickInterval)
            {
                _tickedAt = now;
                _page.Tick(now);
            }

            if (_stack.NeedsPoll)
            {
                return 0;
            }

            return due < wait ? due : wait;
        }
    }
}
