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

        private readonly TcpIpStack _stack;
        private readonly StackOwner _owner;
        private readonly SocketHost _sockets;
        private readonly DnsResolver _resolver;
        private readonly DhcpClient _dhcp;
        private readonly MacAddress _mac;
        private readonly HostThreads _threads;
        private readonly HostSignal _changed;
        private readonly uint _configured;
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
            RandomSource random = configuration.Random ?? controller.CreateRandom() ?? new HostRandom();
            _mac = controller.Interface.MacAddress;
            _stack = new TcpIpStack(configuration.Stack, controller.Interface, random);
            _resolver = new DnsResolver(_stack, random, configuration.Dns);
            if (configuration.Dhcp != null)
            {
                _dhcp = new DhcpClient(_stack, _mac, random, configuration.Dhcp);
            }

            _owner = new StackOwner(this, _resolver, controller, _threads, configuration.Waiters);
            _sockets = new SocketHost(_stack, _owner, _threads, _resolver, configuration.Stack);
            _configured = configuration.Address;
            if (_configured == IPv4Address.Any)
            {
                StartDhcp();
            }
            else
            {
                int result = SetAddress(_configured, configuration.Netmask, configuration.Gateway);
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
        public static EthernetInterface Current { get; internal set; }

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

        /// <summary>Gets a value indicating whether the address is still the fixed one that <see cref="Use"/> was given.</summary>
        public bool IsAddressOfConfiguration => _configured != IPv4Address.Any && !IsDhcpEnabled && _stack.IPv4.Address == _configured;

        /// <summary>Gets a value indicating whether the name servers were named here, and a lease does not change them.</summary>
        public bool AreDnsServersFixed => _areServersFixed;

        /// <summary>
        /// Gets how often the stack's work was cut short: an exception came to the network thread or to a listener's, or a thread was aborted
        /// (<c>Thread.Abort</c>) while it was at it. The lock is free all the same and the others go on, but what it had in hand may be lost: a frame, a
        /// connection. A program that aborts threads looks at it.
        /// </summary>
        public int Faults => _owner.Faults;

        /// <summary>Gets the last exception that came to the network thread or to a listener's; null while none has.</summary>
        public Exception LastFault => _owner.LastFault;

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

            if (Current != null)
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
            made._owner.Start();
            Current = made;
            return made;
        }

        /// <summary>
        /// Ends the network thread. There is no network then, and another one may be made; sockets that are open stay as they are. For tests.
        /// </summary>
        public void Stop()
        {
            _owner.Enter();
            try
            {
                _owner.Stop();
                _changed.Set();
                if (Current == this)
                {
                    Current = null;
                }
            }
            finally
            {
                _owner.Leave();
            }
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
            try
            {
                _areServersFixed = false;
                StartDhcp();

                // the address that we have goes with it: who waits for one then shall not find that
                _owner.Proceed();
                return 0;
            }
            finally
            {
                _owner.Leave();
            }
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
            try
            {
                int result = SetAddress(address, netmask, gateway);
                _owner.Settle();
                return result;
            }
            finally
            {
                _owner.Leave();
            }
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
            try
            {
                _dhcp.Renew();
                _owner.Hurry();
                return 0;
            }
            finally
            {
                _owner.Leave();
            }
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
            try
            {
                _dhcp.Release();
                IsDhcpEnabled = false;
                _owner.Hurry();
                return 0;
            }
            finally
            {
                _owner.Leave();
            }
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
            try
            {
                int result = _resolver.SetServer(index, address);
                if (result == 0)
                {
                    _areServersFixed = true;
                }

                return result;
            }
            finally
            {
                _owner.Leave();
            }
        }

        /// <summary>
        /// Names all name servers in place of those that there were.
        /// </summary>
        /// <param name="addresses">Their addresses, the best one first; those that are too many are left out.</param>
        /// <returns>0, or InvalidArgument, there are none, InvalidAddress, one is none that a host can have; then nothing has changed.</returns>
        public int SetDnsServers(uint[] addresses)
        {
            if (addresses == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            for (int i = 0; i < addresses.Length; i++)
            {
                if (addresses[i] != IPv4Address.Any && !IPv4Address.IsUnicast(addresses[i]))
                {
                    return (int)SocketError.InvalidAddress;
                }
            }

            _owner.Enter();
            try
            {
                for (int i = 0; i < _resolver.MaximumServers; i++)
                {
                    _resolver.SetServer(i, i < addresses.Length ? addresses[i] : IPv4Address.Any);
                }

                _areServersFixed = true;
                return 0;
            }
            finally
            {
                _owner.Leave();
            }
        }

        /// <summary>
        /// Has the lease name the name servers again.
        /// </summary>
        public void UseDnsServersOfLease()
        {
            _owner.Enter();
            try
            {
                _areServersFixed = false;
                TakeServers();
            }
            finally
            {
                _owner.Leave();
            }
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
            Waiter waiter = null;
            int ticket = 0;
            try
            {
                _owner.Take(-1, WaitKind.Network, ref waiter, ref ticket);
                bool result;
                do
                {
                    result = HasAddress(waiter);
                }
                while (!result && _owner.Wait(waiter, beganAt, timeout, true));

                StackOwner.Give(waiter, ticket);
                return result;
            }
            finally
            {
                StackOwner.Give(waiter, ticket);
            }
        }

        /// <summary>
        /// Names who is told of changes, on a thread of its own that is started now: it may call and wait as it likes. Changes that come
        /// while it is at work are told in one call, and those that nobody was told of yet to whoever is named then. An exception of its is
        /// kept as <see cref="LastFault"/>.
        /// </summary>
        /// <param name="listener">A delegate that is made once, or null for nobody.</param>
        public void SetListener(NetworkChanged listener)
        {
            _owner.Enter();
            try
            {
                _listener = listener;
                if (listener == null)
                {
                    _pending = 0;
                }
                else if (!_isListenerStarted)
                {
                    _threads.Start(Tell, false);
                    _isListenerStarted = true;
                }
            }
            finally
            {
                _owner.Leave();
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
                    TakeServers();
                    Note(AddressChange);
                    _lease = _dhcp.Changes;
                }
            }

            uint address = _stack.IPv4.Address;
            if (address != _address)
            {
                Note(AddressChange);
                _address = address;
            }

            if (_stack.IsLinkUp != _linkUp)
            {
                Note(LinkChange);
                _linkUp = !_linkUp;
            }

            return wait;
        }

        private bool HasAddress(Waiter waiter)
        {
            _owner.Enter();
            try
            {
                if (waiter != null)
                {
                    waiter.IsSet = false;
                }

                return _linkUp && _stack.IPv4.Address != IPv4Address.Any;
            }
            finally
            {
                _owner.Leave();
            }
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
            try
            {
                while (!_owner.IsStopped)
                {
                    TellOnce();
                }
            }
            finally
            {
                // a listener that has its own thread aborted: the next one gets another
                _isListenerStarted = false;
            }
        }

        private void TellOnce()
        {
            NetworkChanged listener;
            int changes = TakeChanges(out listener);
            if (changes == 0 || listener == null)
            {
                _changed.Wait(SocketHost.Forever);
                return;
            }

            try
            {
                listener(changes);
            }
            catch (Exception exception)
            {
                _owner.Note(exception);
            }
        }

        private int TakeChanges(out NetworkChanged listener)
        {
            _owner.Enter();
            try
            {
                int changes = _pending;
                listener = _listener;
                _pending = 0;
                return changes;
            }
            finally
            {
                _owner.Leave();
            }
        }
    }
}
