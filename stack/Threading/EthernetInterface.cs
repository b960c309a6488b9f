// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Threading;
using TcpIp.Arp;
using TcpIp.Dhcp;
using TcpIp.Dns;
using TcpIp.Link;

namespace TcpIp.Threading
{
    /// <summary>
    /// The board's network: an application says once, before its first socket, what it has with <see cref="Use"/>. Address, name
    /// servers and link are asked and set here, by any thread.
    /// </summary>
    public sealed class EthernetInterface
    {
        /// <summary>A bit of <see cref="NetworkChanged"/>: our address, or what came with it, is another one.</summary>
        public const int AddressChange = 1;

        /// <summary>A bit of <see cref="NetworkChanged"/>: the link has come up or gone down.</summary>
        public const int LinkChange = 2;

        private static EthernetInterface s_current;

        private readonly TcpIpStack _stack;
        private readonly StackOwner _owner;
        private readonly SocketHost _sockets;
        private readonly DnsResolver _resolver;
        private readonly DhcpClient _dhcp;
        private readonly MacAddress _mac;
        private readonly HostThreads _threads;
        private readonly HostSignal _changed;
        private NetworkChanged _listener;
        private bool _isListenerStarted;
        private bool _areServersFixed;
        private int _pending;
        private bool _linkUp;
        private uint _address;
        private uint _lease;

        /// <summary>
        /// Initializes a new instance of the <see cref="EthernetInterface"/> class: all memory is taken here.
        /// </summary>
        /// <param name="controller">The controller, which was found.</param>
        /// <param name="configuration">Sizes and address, looked over.</param>
        internal EthernetInterface(NetworkController controller, EthernetConfiguration configuration)
        {
            _threads = configuration.Threads;
            _changed = _threads.CreateSignal();
            RandomSource random = configuration.Random ?? new HostRandom();
            _mac = controller.Interface.MacAddress;
            _stack = new TcpIpStack(configuration.Stack, controller.Interface, random);
            _resolver = new DnsResolver(_stack, random, configuration.Dns);
            if (configuration.Dhcp != null)
            {
                _dhcp = new DhcpClient(_stack, _mac, random, configuration.Dhcp);
            }

            _owner = new StackOwner(this, _resolver, controller, _threads, configuration.Waiters);
            _sockets = new SocketHost(_stack, _owner, _threads, _resolver, configuration.Stack);
            if (configuration.Address == IPv4Address.Any)
            {
                StartDhcp();
            }
            else
            {
                int result = SetAddress(configuration.Address, configuration.Netmask, configuration.Gateway);
                if (result != 0)
                {
                    throw new ArgumentException(SocketErrorText.Of((SocketError)result));
                }

                _resolver.SetServer(0, configuration.DnsServer);
                _areServersFixed = configuration.DnsServer != IPv4Address.Any;
            }

            controller.Start(_stack.Pool);
        }

        /// <summary>Gets the network that <see cref="Use"/> has made, or null before.</summary>
        public static EthernetInterface Current => s_current;

        /// <summary>Gets the calls for sockets.</summary>
        public SocketHost Sockets => _sockets;

        /// <summary>Gets the stack. Only who has stopped all threads, or made none, may touch it: a test.</summary>
        internal TcpIpStack Stack => _stack;

        /// <summary>Gets who has the lock, the network thread and the waiters.</summary>
        internal StackOwner Owner => _owner;

        /// <summary>Gets the station's MAC address.</summary>
        public MacAddress MacAddress => _mac;

        /// <summary>Gets a value indicating whether there is a link.</summary>
        public bool IsLinkUp => _linkUp;

        /// <summary>Gets our address as it is used now; 0.0.0.0 while there is none.</summary>
        public uint Address => _stack.IPv4.Address;

        /// <summary>Gets our netmask.</summary>
        public uint Netmask => _stack.IPv4.Netmask;

        /// <summary>Gets the router's address; 0.0.0.0 where there is none.</summary>
        public uint Gateway => _stack.IPv4.Gateway;

        /// <summary>Gets a value indicating whether the address comes from a DHCP server, or is being asked for.</summary>
        public bool IsDhcpEnabled { get; private set; }

        /// <summary>Gets a value indicating whether the name servers were named here, and a lease does not change them.</summary>
        public bool AreDnsServersFixed => _areServersFixed;

        /// <summary>Gets how many name servers can be named.</summary>
        public int MaximumDnsServers => _resolver.MaximumServers;

        /// <summary>
        /// Makes the stack over a controller, starts it, and starts the network thread. One line, once, before the first socket.
        /// </summary>
        /// <param name="controller">The controller's driver, and how to sleep on it.</param>
        /// <param name="configuration">Sizes and address; null for the usual ones, and an address from a DHCP server.</param>
        /// <returns>The network, which is <see cref="Current"/> from now on.</returns>
        /// <exception cref="ArgumentNullException">There is no controller.</exception>
        /// <exception cref="ArgumentException">The configuration cannot be; the message says why.</exception>
        /// <exception cref="InvalidOperationException">The controller does not answer, which may be tried again, or there is a network already; the
        /// message says which.</exception>
        public static EthernetInterface Use(NetworkController controller, EthernetConfiguration configuration)
        {
            if (controller == null)
            {
                throw new ArgumentNullException(nameof(controller));
            }

            if (s_current != null)
            {
                throw new InvalidOperationException("There is a network already.");
            }

            EthernetConfiguration all = configuration ?? new EthernetConfiguration();
            all.Validate();
            string complaint = controller.Find();
            if (complaint != null)
            {
                throw new InvalidOperationException(complaint);
            }

            EthernetInterface made = new EthernetInterface(controller, all);
            s_current = made;
            made._owner.Start();
            return made;
        }

        /// <summary>
        /// Ends the network thread. There is no network then, and another one may be made; sockets that are open stay as they are. For tests.
        /// </summary>
        public void Stop()
        {
            _owner.Enter();
            _owner.Stop();
            _changed.Set();
            if (s_current == this)
            {
                s_current = null;
            }

            _owner.Leave();
        }

        /// <summary>
        /// Asks a DHCP server for an address, as if for the first time. Connections of an address that we have end.
        /// </summary>
        /// <returns>0, or OperationNotSupported if there is no DHCP client.</returns>
        public int EnableDhcp()
        {
            if (_dhcp == null)
            {
                return (int)SocketError.OperationNotSupported;
            }

            _owner.Enter();
            _areServersFixed = false;
            StartDhcp();
            _owner.Hurry();
            _owner.Leave();
            return 0;
        }

        /// <summary>
        /// Takes a fixed address. Connections of another one end.
        /// </summary>
        /// <param name="address">Our address.</param>
        /// <param name="netmask">The netmask.</param>
        /// <param name="gateway">The router's address, or 0.0.0.0.</param>
        /// <returns>0, or InvalidAddress, InvalidNetmask, InvalidGateway, and nothing has changed.</returns>
        public int EnableStatic(uint address, uint netmask, uint gateway)
        {
            _owner.Enter();
            int result = SetAddress(address, netmask, gateway);
            _owner.Settle();
            _owner.Leave();
            return result;
        }

        /// <summary>
        /// Asks the DHCP server for more time now; without a lease, looks for a server now.
        /// </summary>
        /// <returns>0, or InvalidState if the address is fixed.</returns>
        public int RenewLease()
        {
            if (!IsDhcpEnabled)
            {
                return (int)SocketError.InvalidState;
            }

            _owner.Enter();
            _dhcp.Renew();
            _owner.Hurry();
            _owner.Leave();
            return 0;
        }

        /// <summary>
        /// Gives the lease back. It takes about a second; then there is no address, until <see cref="EnableDhcp"/> or <see cref="EnableStatic"/>.
        /// </summary>
        /// <returns>0, or InvalidState if the address is fixed.</returns>
        public int ReleaseLease()
        {
            if (!IsDhcpEnabled)
            {
                return (int)SocketError.InvalidState;
            }

            _owner.Enter();
            _dhcp.Release();
            IsDhcpEnabled = false;
            _owner.Hurry();
            _owner.Leave();
            return 0;
        }

        /// <summary>
        /// Names a name server in place of those that a lease names.
        /// </summary>
        /// <param name="index">0 to <see cref="MaximumDnsServers"/> - 1, the best one first.</param>
        /// <param name="address">Its address, or 0.0.0.0 for none.</param>
        /// <returns>0, or InvalidArgument, InvalidAddress.</returns>
        public int SetDnsServer(int index, uint address)
        {
            _owner.Enter();
            int result = _resolver.SetServer(index, address);
            if (result == 0)
            {
                _areServersFixed = true;
            }

            _owner.Leave();
            return result;
        }

        /// <summary>
        /// Has the lease name the name servers again.
        /// </summary>
        public void UseDnsServersOfLease()
        {
            _owner.Enter();
            _areServersFixed = false;
            TakeServers();
            _owner.Leave();
        }

        /// <summary>
        /// The address of a name server.
        /// </summary>
        /// <param name="index">0 to <see cref="MaximumDnsServers"/> - 1.</param>
        /// <returns>The address, or 0.0.0.0 where there is none.</returns>
        public uint GetDnsServer(int index) => _resolver.GetServer(index);

        /// <summary>
        /// Waits until there are a link and an address.
        /// </summary>
        /// <param name="timeout">Milliseconds, or <see cref="SocketHost.Forever"/>. With a DHCP server it takes some seven seconds, for the link is
        /// asked whether somebody else has the address.</param>
        /// <returns>Whether there are.</returns>
        public bool WaitForAddress(int timeout)
        {
            int beganAt = _threads.Now();
            Waiter waiter = _owner.Take(-1, WaitKind.Network);
            try
            {
                while (!_linkUp || _stack.IPv4.Address == IPv4Address.Any)
                {
                    if (waiter != null)
                    {
                        waiter.IsSet = false;
                    }

                    if (!_owner.Wait(waiter, beganAt, timeout, true))
                    {
                        return false;
                    }
                }

                return true;
            }
            finally
            {
                _owner.Give(waiter);
            }
        }

        /// <summary>
        /// Names who is told of changes, on a thread of its own that is started now: it may call and wait as it likes. Changes that come
        /// while it is at work are told in one call.
        /// </summary>
        /// <param name="listener">A delegate that is made once, or null for nobody.</param>
        public void SetListener(NetworkChanged listener)
        {
            _owner.Enter();
            bool start = listener != null && !_isListenerStarted;
            _listener = listener;
            _isListenerStarted |= start;
            _pending = 0;
            _owner.Leave();
            if (start)
            {
                _threads.Start(Tell, false);
            }
        }

        /// <summary>
        /// Sees to the address, and looks for changes. Under the lock.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the stack just before.</param>
        /// <returns>Milliseconds after which it wants to be called again.</returns>
        internal int Poll(int now)
        {
            int wait = _resolver.Poll(now);
            if (_dhcp != null)
            {
                int due = _dhcp.Poll(now);
                if (due < wait)
                {
                    wait = due;
                }

                if (_dhcp.Changes != _lease)
                {
                    _lease = _dhcp.Changes;
                    TakeServers();
                    Note(AddressChange);
                }
            }

            uint address = _stack.IPv4.Address;
            if (address != _address)
            {
                _address = address;
                Note(AddressChange);
            }

            if (_stack.IsLinkUp != _linkUp)
            {
                _linkUp = !_linkUp;
                Note(LinkChange);
            }

            return wait;
        }

        private void StartDhcp()
        {
            _dhcp.Start();
            IsDhcpEnabled = true;
        }

        private int SetAddress(uint address, uint netmask, uint gateway)
        {
            // no host has none: that is what a lease that was given back leaves
            int result = address == IPv4Address.Any ? (int)SocketError.InvalidAddress : _stack.Configure(address, netmask, gateway);
            if (result == 0 && _dhcp != null)
            {
                _dhcp.Stop();
                _lease = _dhcp.Changes;
                IsDhcpEnabled = false;
            }

            return result;
        }

        private void TakeServers()
        {
            if (_dhcp == null || _areServersFixed)
            {
                return;
            }

            for (int i = 0; i < _resolver.MaximumServers; i++)
            {
                _resolver.SetServer(i, _dhcp.Lease.GetDnsServer(i));
            }
        }

        private void Note(int change)
        {
            _owner.ReleaseNetwork();
            if (_listener != null)
            {
                _pending |= change;
                _changed.Set();
            }
        }

        private void Tell()
        {
            while (!_owner.IsStopped)
            {
                _owner.Enter();
                int changes = _pending;
                NetworkChanged listener = _listener;
                _pending = 0;
                _owner.Leave();
                if (changes != 0 && listener != null)
                {
                    listener(changes);
                }
                else
                {
                    _changed.Wait(SocketHost.Forever);
                }
            }
        }
    }
}
