// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using Iot.Device.Enc28j60;
using nanoFramework.Runtime.Native;
using TcpIp;
using TcpIp.Arp;
using TcpIp.Dhcp;
using TcpIp.Dns;
using TcpIp.Ethernet;
using TcpIp.Link;
using TcpIp.Mdns;
using TcpIp.Sntp;
using TcpIp.Sockets;

namespace Firmware
{
    /// <summary>
    /// Driver, stack and address put together, and the one place that tells what the network is doing.
    /// </summary>
    /// <remarks>
    /// A program with a loop of its own polls <see cref="Stack"/>, and this after it when it is due. One that uses calls that wait gives them
    /// <see cref="CreateRunner"/>'s, which does both.
    /// </remarks>
    public sealed class Network : IBackgroundWork
    {
        /// <summary>Milliseconds after which a link, a chip or an address that has changed is noticed at the latest.</summary>
        private const int LookInterval = 250;

        /// <summary>The same while an answer is awaited that may come over TCP; one that comes as a datagram is noticed at once.</summary>
        private const int AnswerInterval = 20;

        /// <summary>Milliseconds that the link has to come up in before anybody complains.</summary>
        private const int LinkPatience = 3000;

        /// <summary>NTP servers of a lease that are asked.</summary>
        private const int TimeServers = 2;

        /// <summary>UDP sockets of our services: of DHCP and mDNS for good, of the time and of two names that are looked up for a while.</summary>
        private const int ServiceSockets = 5;

        private readonly Enc28j60 _ethernet;
        private readonly Random _generator;
        private readonly AddressMode _mode;
        private HardwareRandom _random;
        private TcpIpStack _stack;
        private SocketLayer _sockets;
        private DhcpClient _dhcp;
        private DnsResolver _resolver;
        private SntpClient _sntp;
        private MdnsResponder _mdns;
        private NetworkState _state;
        private bool _hasBegun;
        private int _beganAt;
        private int _dueAt;
        private uint _seenAddress;
        private uint _seenLease;
        private uint _seenTime;
        private bool _seenName;
        private int _seenDatagrams;

        /// <summary>
        /// Initializes a new instance of the <see cref="Network"/> class as <see cref="Board"/> has it. Nothing is sent to the chip yet.
        /// </summary>
        /// <param name="spi">The SPI device that the chip is wired to.</param>
        public Network(SpiDevice spi)
            : this(spi, new Random(), Board.AddressMode)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="Network"/> class with a generator and a mode of one's own.
        /// </summary>
        /// <param name="spi">The SPI device that the chip is wired to.</param>
        /// <param name="generator">The generator that <see cref="HardwareRandom"/> asks with each number.</param>
        /// <param name="mode">How it comes by its address.</param>
        public Network(SpiDevice spi, Random generator, AddressMode mode)
        {
            Enc28j60Options options = new Enc28j60Options()
            {
                InterruptPin = Board.InterruptPin,
                ResetPin = Board.ResetPin,
            };
            _ethernet = new Enc28j60(spi, new MacAddress(Board.CreateMacAddress()), options);
            _generator = generator;
            _mode = mode;
            Interface = _ethernet;
            Current = this;
        }

        /// <summary>Gets the network that was made last: a board has one.</summary>
        public static Network Current { get; private set; }

        /// <summary>Gets the driver.</summary>
        public Enc28j60 Ethernet => _ethernet;

        /// <summary>Gets the random numbers, or null before <see cref="TryStart"/> has found the chip.</summary>
        public HardwareRandom Random => _random;

        /// <summary>Gets the stack, or null before <see cref="TryStart"/> has found the chip.</summary>
        public TcpIpStack Stack => _stack;

        /// <summary>Gets the DHCP client, or null if the address is fixed, or before <see cref="TryStart"/> has found the chip.</summary>
        public DhcpClient Dhcp => _dhcp;

        /// <summary>Gets what finds hosts by their names, or null before <see cref="TryStart"/> has found the chip.</summary>
        public DnsResolver Resolver => _resolver;

        /// <summary>Gets what asks for the time of day and sets the board's clock, or null before <see cref="TryStart"/> has found the chip.</summary>
        public SntpClient Sntp => _sntp;

        /// <summary>Gets what has the board found by its name, or null before <see cref="TryStart"/> has found the chip.</summary>
        public MdnsResponder Mdns => _mdns;

        /// <summary>Gets a value indicating whether the name that <see cref="Mdns"/> has is the board's on its link.</summary>
        public bool HasName => _mdns != null && _mdns.State >= MdnsState.Announcing;

        /// <summary>Gets a value indicating whether something has come for one of our services, or for another UDP socket, since the last
        /// poll: it need not wait.</summary>
        public bool HasNews => _sockets.Datagrams != _seenDatagrams;

        /// <summary>Gets what the network is doing, as of the last poll.</summary>
        public NetworkState State => _state;

        /// <summary>Gets a value indicating whether others can be talked to: there is a link, and an address in use.</summary>
        public bool HasAddress => _state >= NetworkState.LinkLocal;

        /// <summary>
        /// Gets a number that counts up whenever the state, the address, what came with it or the name has changed: who keeps something of
        /// it compares.
        /// </summary>
        public uint Changes { get; private set; }

        /// <summary>Gets or sets who tells of changes on the console, or null.</summary>
        public NetworkLog Log { get; set; }

        /// <summary>
        /// Gets or sets what the stack is put on: the driver, unless something that hands on to it is named before <see cref="TryStart"/>.
        /// </summary>
        public INetworkInterface Interface { get; set; }

        /// <summary>Gets or sets work that is done beside, whenever this has looked at the network: four times a second at least. Null for none.</summary>
        public IBackgroundWork Background { get; set; }

        /// <summary>
        /// Looks for the chip; if it answers, makes the stack and begins to start the chip.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="configuration">The stack's sizes, as the application needs them. The UDP sockets and the group of our services are added.</param>
        /// <returns>Whether the chip answers; if not, <see cref="Enc28j60.Fault"/> of the driver tells why.</returns>
        /// <exception cref="ArgumentException">An address in <see cref="Board"/> cannot be.</exception>
        public bool TryStart(int now, StackConfiguration configuration)
        {
            if (!_ethernet.Probe())
            {
                return false;
            }

            if (_stack == null)
            {
                _random = new HardwareRandom(_ethernet, _generator);
                _random.Add((uint)now);
                configuration.UdpSockets += ServiceSockets;
                configuration.MulticastGroups++;
                _stack = new TcpIpStack(configuration, Interface, _random);
                _sockets = _stack.Sockets;
                _ethernet.Attach(_stack.Pool);
                _resolver = new DnsResolver(_stack, _random, new DnsConfiguration());
                _sntp = new SntpClient(_stack, _random, new SntpConfiguration()
                {
                    Servers = TimeServers,
                    ServerName = _mode == AddressMode.Static ? null : Board.TimeServer,
                    Resolver = _resolver,
                });
                BeginName();
                BeginAddress();
            }

            _ethernet.Start();
            return true;
        }

        /// <summary>
        /// Sees to the address and looks for changes, if that is due. It allocates nothing.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the stack just before; it wraps.</param>
        /// <returns>Milliseconds after which it wants to be called again.</returns>
        public int Poll(int now)
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                _beganAt = now;
                _dueAt = now;
            }

            int wait = _dueAt - now;
            bool isDue = wait <= 0;
            if (!isDue && !HasNews)
            {
                return wait;
            }

            _seenDatagrams = _sockets.Datagrams;
            wait = Earlier(isDue ? LookInterval : wait, PollServices(now, isDue));
            if (isDue)
            {
                wait = Background == null ? wait : Earlier(wait, Background.Poll(now));
                Follow(now);
            }

            _dueAt = now + wait;
            return wait;
        }

        /// <summary>
        /// Asks for an address as if for the first time. What was leased is forgotten, and connections end; nothing of it with a fixed address.
        /// </summary>
        public void ForgetLease()
        {
            _mdns.Start();
            if (_dhcp != null)
            {
                _dhcp.Start();
            }
        }

        /// <summary>
        /// Says goodbye to the link, which forgets the name, and gives the address back, so that another one can have it. That takes about a
        /// second; then <see cref="HasAddress"/> is false. A fixed address stays.
        /// </summary>
        public void Release()
        {
            _mdns.Stop();
            if (_dhcp != null)
            {
                _dhcp.Release();
            }
        }

        /// <summary>
        /// Makes what keeps the network going while a call waits. It belongs to the start-up.
        /// </summary>
        /// <returns>The runner, with this as its background work; an application that sets its own has this among it.</returns>
        /// <exception cref="InvalidOperationException"><see cref="TryStart"/> has not found the chip yet.</exception>
        public StackRunner CreateRunner()
        {
            if (_stack == null)
            {
                throw new InvalidOperationException("TryStart has not found the chip yet.");
            }

            return new Enc28j60Runner(_stack, _ethernet) { Background = new IBackgroundWork[] { this }, Resolver = _resolver };
        }

        /// <summary>
        /// Waits for the link.
        /// </summary>
        /// <param name="runner">What <see cref="CreateRunner"/> has made.</param>
        /// <param name="milliseconds">How long at most, or <see cref="StackRunner.Forever"/>.</param>
        /// <returns>Whether there is a link.</returns>
        public bool WaitForLink(StackRunner runner, int milliseconds)
        {
            if (runner.Begin(milliseconds) == 0)
            {
                while (_state <= NetworkState.NoLink && runner.GoOn())
                {
                }
            }

            return _state > NetworkState.NoLink;
        }

        /// <summary>
        /// Waits for an address, of whatever kind.
        /// </summary>
        /// <param name="runner">What <see cref="CreateRunner"/> has made.</param>
        /// <param name="milliseconds">How long at most, or <see cref="StackRunner.Forever"/>. With a DHCP server it takes about seven seconds, for
        /// the link is asked whether somebody else has the address.</param>
        /// <returns>Whether there is one.</returns>
        public bool WaitForAddress(StackRunner runner, int milliseconds)
        {
            if (runner.Begin(milliseconds) == 0)
            {
                while (!HasAddress && runner.GoOn())
                {
                }
            }

            return HasAddress;
        }

        private static int Earlier(int a, int b) => a < b ? a : b;

        /// <summary>
        /// The name, and the page in lists of what there is on the link.
        /// </summary>
        private void BeginName()
        {
            MdnsService page = new MdnsService() { Name = Board.PageTitle, Port = Board.HttpPort };
            _mdns = new MdnsResponder(_stack, _random, new MdnsConfiguration() { HostName = Board.HostName, Services = new MdnsService[] { page } });
            _mdns.Start();
        }

        private void BeginAddress()
        {
            if (_mode == AddressMode.Static)
            {
                int result = _stack.Configure(
                    IPv4Address.Parse(Board.Address), IPv4Address.Parse(Board.Netmask), IPv4Address.Parse(Board.Gateway));
                if (result != 0)
                {
                    throw new ArgumentException("Board.cs: " + SocketErrorText.Of((SocketError)result));
                }

                _resolver.SetServer(0, IPv4Address.Parse(Board.DnsServer));
                return;
            }

            DhcpConfiguration configuration = new DhcpConfiguration() { HostName = Board.HostName };
            if (_mode == AddressMode.LinkLocal)
            {
                configuration.LinkLocalAfter = 0;
            }

            _dhcp = new DhcpClient(_stack, _ethernet.MacAddress, _random, configuration);
            _dhcp.Start();
        }

        /// <summary>
        /// Has each service do what is due; or those only that may wait for a datagram, if one has come.
        /// </summary>
        private int PollServices(int now, bool isDue)
        {
            int wait = _mdns.Poll(now);
            if (_dhcp != null)
            {
                wait = Earlier(wait, _dhcp.Poll(now));
            }

            if (isDue || _resolver.IsWaiting)
            {
                wait = Earlier(wait, _resolver.Poll(now));
                if (_resolver.IsWaiting)
                {
                    wait = Earlier(wait, AnswerInterval);
                }
            }

            // once the time is known it goes on without an address, too
            if ((HasAddress || _sntp.IsSet) && (isDue || _sntp.State != SntpState.Waiting))
            {
                wait = Earlier(wait, _sntp.Poll(now));
                FollowTime(now);
            }

            return wait;
        }

        private void Follow(int now)
        {
            NetworkState state = FindState(now);
            uint address = _stack.IPv4.Address;
            uint lease = _dhcp == null ? 0 : _dhcp.Changes;
            if (lease != _seenLease)
            {
                TakeServers(_dhcp.Lease);
            }

            bool name = HasName;
            if (state != _state || address != _seenAddress || lease != _seenLease || name != _seenName)
            {
                _state = state;
                _seenName = name;
                _seenAddress = address;
                _seenLease = lease;
                Changes++;
                if (Log != null)
                {
                    Log.Tell(this);
                }
            }
        }

        private void FollowTime(int now)
        {
            if (_sntp.Changes != _seenTime)
            {
                _seenTime = _sntp.Changes;
                SetClock(_sntp.GetTime(now));
            }
        }

        /// <summary>
        /// The runtime wants a <see cref="DateTime"/>, which is an object on nanoCLR: one each time that a server has told the time.
        /// </summary>
        private static void SetClock(long milliseconds)
        {
            Rtc.SetSystemTime(new DateTime(DateTime.UnixEpoch.Ticks + (milliseconds * TimeSpan.TicksPerMillisecond)));
        }

        private void TakeServers(DhcpLease lease)
        {
            for (int i = 0; i < TimeServers; i++)
            {
                _sntp.SetServer(i, lease.GetNtpServer(i));
            }

            for (int i = 0; i < _resolver.MaximumServers; i++)
            {
                _resolver.SetServer(i, lease.GetDnsServer(i));
            }
        }

        private NetworkState FindState(int now)
        {
            if (_ethernet.State == Enc28j60State.Failed)
            {
                return NetworkState.ChipFailed;
            }

            if (!_stack.IsLinkUp)
            {
                return _state == NetworkState.Starting && now - _beganAt < LinkPatience ? NetworkState.Starting : NetworkState.NoLink;
            }

            switch (_stack.Arp.AddressState)
            {
                case AddressState.Probing:
                    return NetworkState.Checking;

                case AddressState.Taken:
                    return NetworkState.AddressTaken;

                case AddressState.InUse:
                    return IPv4Address.IsLinkLocal(_stack.IPv4.Address) ? NetworkState.LinkLocal : NetworkState.Ready;

                default:
                    return NetworkState.NoAddress;
            }
        }
    }
}
