// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Arp;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Icmp;
using TcpIp.Igmp;
using TcpIp.IPv4;
using TcpIp.Link;
using TcpIp.Sockets;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp
{
    /// <summary>
    /// The stack, put together: Ethernet, ARP, IPv4, ICMP, UDP, TCP and the sockets on top.
    /// </summary>
    /// <remarks>
    /// One thread owns it and calls <see cref="Poll"/>; nothing happens in between. It never reads a clock, never sleeps,
    /// allocates only in its constructor, and throws nothing after it. The loop of an application is: poll; look at the sockets
    /// and work with them; if <see cref="NeedsPoll"/>, go on at once, else sleep for as long as the poll said.
    /// </remarks>
    public sealed class TcpIpStack
    {
        /// <summary>Frames taken from the interface in one poll, so that a flood cannot keep the application waiting.</summary>
        public const int ReceiveBurst = 8;

        private readonly Turn _turn = new Turn();
        private readonly INetworkInterface _interface;
        private readonly FramePool _pool;
        private readonly EthernetLayer _ethernet;
        private readonly ArpLayer _arp;
        private readonly IPv4Layer _ipv4;
        private readonly IcmpLayer _icmp;
        private readonly IgmpLayer _igmp;
        private readonly UdpLayer _udp;
        private readonly TcpLayer _tcp;
        private readonly SocketLayer _sockets;
        private bool _atRest;

        // when the layers are asked next, at the latest; a time that is over where one of them wants to be asked in each poll
        private int _dueAt;
        private bool _linkUp;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpIpStack"/> class.
        /// </summary>
        /// <param name="configuration">All sizes.</param>
        /// <param name="networkInterface">The controller, which knows its word order by now.</param>
        /// <param name="random">Random numbers.</param>
        /// <exception cref="ArgumentNullException">One of them is missing.</exception>
        /// <exception cref="ArgumentException">A size is out of its range.</exception>
        public TcpIpStack(StackConfiguration configuration, INetworkInterface networkInterface, RandomSource random)
        {
            if (configuration == null)
            {
                throw new ArgumentNullException(nameof(configuration));
            }

            if (networkInterface == null)
            {
                throw new ArgumentNullException(nameof(networkInterface));
            }

            if (random == null)
            {
                throw new ArgumentNullException(nameof(random));
            }

            configuration.Validate();
            _interface = networkInterface;
            _pool = new FramePool(
                configuration.FrameCapacities,
                configuration.FrameCounts,
                networkInterface.WordOrder,
                configuration.ReceiveReserve,
                configuration.GuardFrames);
            _ethernet = new EthernetLayer(networkInterface, _pool, configuration.TransmitQueue);
            _arp = new ArpLayer(_turn, _ethernet, _pool, random, configuration);
            _ipv4 = new IPv4Layer(_turn, _arp, _pool, (int)(random.Next() & 0xFFFF), configuration);
            _icmp = new IcmpLayer(_turn, _ipv4, _pool, random, configuration);
            if (configuration.MulticastGroups > 0)
            {
                _igmp = new IgmpLayer(_turn, networkInterface, _ethernet, _ipv4, _pool, random, configuration.MulticastGroups);
            }

            _udp = new UdpLayer(_ipv4, _icmp, _igmp, _pool, random, configuration);
            _tcp = new TcpLayer(_turn, _ipv4, _ethernet, _pool, random, configuration);
            _sockets = new SocketLayer(_tcp, _udp, _icmp.Echo, _ipv4, _pool, configuration);
            _pool.Register(_arp.Parked, _tcp.Reassembly);
            _turn.Ask();
        }

        /// <summary>Gets the frames.</summary>
        public FramePool Pool => _pool;

        /// <summary>Gets the Ethernet layer, for its counters.</summary>
        public EthernetLayer Ethernet => _ethernet;

        /// <summary>Gets the ARP layer, for its cache and counters.</summary>
        public ArpLayer Arp => _arp;

        /// <summary>Gets the IPv4 layer, for our address and its counters.</summary>
        public IPv4Layer IPv4 => _ipv4;

        /// <summary>Gets the ICMP layer, for its counters.</summary>
        public IcmpLayer Icmp => _icmp;

        /// <summary>Gets the IGMP layer, for its table of groups and counters; null where there is no room for groups.</summary>
        public IgmpLayer Igmp => _igmp;

        /// <summary>Gets the UDP layer, for its counters.</summary>
        public UdpLayer Udp => _udp;

        /// <summary>Gets the TCP layer, for its counters.</summary>
        public TcpLayer Tcp => _tcp;

        /// <summary>Gets the calls for applications.</summary>
        public SocketLayer Sockets => _sockets;

        /// <summary>
        /// Gets a value indicating whether a call since the last poll has left something to do, or set timers that the last
        /// poll's result did not know of: poll once more before sleeping.
        /// </summary>
        public bool NeedsPoll => _turn.Asked || _pool.HasLargestReturned || _ethernet.Queued > 0;

        /// <summary>
        /// Gets a value indicating whether the last poll found nothing to do: all sockets answer as they did before it, and who did not want
        /// to be called again by now need not ask them.
        /// </summary>
        public bool IsAtRest => _atRest;

        /// <summary>Gets a value indicating whether there is a link, as of the last poll.</summary>
        public bool IsLinkUp => _linkUp;

        /// <summary>
        /// Gets the time of the last poll that took in a frame. More are likely to follow soon: a loop whose sleep is coarse may stay
        /// awake for a while.
        /// </summary>
        public int ReceivedAt => _turn.ReceivedAt;

        /// <summary>
        /// Sets our place in the network. Connections of another, earlier address end with
        /// <see cref="SocketError.AddressNotAvailable"/>. If the address is to be probed for, it is used some seconds later: see
        /// <see cref="ArpLayer.AddressState"/>.
        /// </summary>
        /// <param name="address">Our address, or 0.0.0.0 for none.</param>
        /// <param name="netmask">The netmask.</param>
        /// <param name="gateway">The gateway's address, or 0.0.0.0 where there is none.</param>
        /// <returns>0; or which argument is wrong, and nothing has changed: InvalidNetmask, it has a gap; InvalidAddress, no host can have it
        /// in such a network; InvalidGateway, the same, or it is not in the address's network (unless that is a /32),
        /// or is the address itself.</returns>
        public int Configure(uint address, uint netmask, uint gateway)
        {
            return Configure(address, netmask, gateway, _arp.Defence.Usual);
        }

        /// <summary>
        /// Sets our place in the network as <see cref="Configure(uint, uint, uint)"/> does, with a way of its own to deal with others who have
        /// the address: one that was leased is declined, where one that somebody has typed in is defended.
        /// </summary>
        /// <param name="address">Our address, or 0.0.0.0 for none.</param>
        /// <param name="netmask">The netmask.</param>
        /// <param name="gateway">The gateway's address, or 0.0.0.0 where there is none.</param>
        /// <param name="policy">In place of what <see cref="StackConfiguration.ProbeAddress"/> and <see cref="StackConfiguration.YieldAddress"/>
        /// say.</param>
        /// <returns>0; or InvalidNetmask, InvalidAddress, InvalidGateway, and nothing has changed.</returns>
        public int Configure(uint address, uint netmask, uint gateway, ConflictPolicy policy)
        {
            uint hosts = ~netmask;
            if ((hosts & (hosts + 1)) != 0)
            {
                return (int)SocketError.InvalidNetmask;
            }

            if (address != IPv4Address.Any && !IPv4Address.IsHost(address, netmask))
            {
                return (int)SocketError.InvalidAddress;
            }

            // RFC 1122 section 3.3.1.1: a gateway is a neighbour. A network of one host has no other; its gateway is named as such
            bool isNeighbour = address == IPv4Address.Any || hosts == 0 || ((gateway ^ address) & netmask) == 0;
            if (gateway != IPv4Address.Any && (gateway == address || !isNeighbour || !IPv4Address.IsHost(gateway, netmask)))
            {
                return (int)SocketError.InvalidGateway;
            }

            _turn.Ask();
            _arp.Clear();
            _ipv4.SetNetwork(netmask, gateway);
            _arp.Defence.BeginAddress(address, policy, _linkUp, _turn.Now);
            return 0;
        }

        /// <summary>
        /// Does all the work that is due: takes in what has arrived, answers, repeats, gives up.
        /// </summary>
        /// <param name="now">The time in milliseconds. It wraps, and only differences count; calls may be at most 24 days apart.</param>
        /// <returns>Milliseconds after which it must be called again even if nothing arrives; 0 for at once.</returns>
        public int Poll(int now)
        {
            int wait = BeginTurn(now);
            return _atRest ? wait : EndPoll(wait, false);
        }

        /// <summary>
        /// The first half of <see cref="Poll"/>: takes in what has arrived. The application has its turn then, and <see cref="Flush"/> does the
        /// rest, for what has arrived and for what the application says to it at once. That takes less than a poll and a flush behind it.
        /// </summary>
        /// <param name="now">The time in milliseconds, as for <see cref="Poll"/>.</param>
        /// <returns>What <see cref="Flush"/> is to be told. Where it finds the stack at rest, and nothing is called for, the turn may also end with
        /// that: milliseconds after which the next must begin even if nothing arrives.</returns>
        public int BeginTurn(int now)
        {
            Turn turn = _turn;
            turn.Now = now;
            int wait = _interface.Poll(now);

            // most turns of an application's loop find nothing that has arrived, was called for or is due: they end here
            _atRest = now - _dueAt < 0 && !turn.Asked && !_pool.HasLargestReturned && _tcp.Touched == null && _ethernet.Queued == 0
                && _interface.IsLinkUp == _linkUp;
            if (!_atRest)
            {
                BeginPoll();
            }

            Frame frame = _interface.Receive(_pool);
            if (frame == null)
            {
                int left = _dueAt - now;
                return _atRest && left < wait ? left : wait;
            }

            _atRest = false;
            turn.ReceivedAt = now;
            int received = 0;
            while (frame != null)
            {
                if (!_ethernet.Receive(frame))
                {
                    // whoever got it may have set a timer
                    turn.Ask();
                }

                received++;
                frame = received < ReceiveBurst ? _interface.Receive(_pool) : null;
            }

            // there may be more where that came from
            return received == ReceiveBurst ? 0 : wait;
        }

        /// <summary>
        /// Does what calls since the poll have asked for, in the same turn of the application's loop: an answer that was written now leaves now,
        /// and need not wait for the next poll. Behind <see cref="BeginTurn"/> it is the other half of the poll; who has called
        /// <see cref="Poll"/> and leaves it out loses nothing but that.
        /// </summary>
        /// <param name="wait">What the poll, or its first half, has returned.</param>
        /// <returns>Milliseconds after which the next poll must come even if nothing arrives; 0 for at once.</returns>
        public int Flush(int wait)
        {
            // what was answered on a short way leaves nothing to do, and so do most turns
            if (!_turn.Asked && _tcp.Touched == null && _ethernet.Queued == 0 && !_pool.HasLargestReturned && _tcp.SynQueue.Proven == 0)
            {
                int due = _dueAt - _turn.Now;
                if (due > 0)
                {
                    return due < wait ? due : wait;
                }
            }

            wait = EndPoll(wait, true);
            return _turn.Asked || _pool.HasLargestReturned ? 0 : wait;
        }

        /// <summary>
        /// Has the next poll look at everything, due or not. For who goes on after a poll that was cut short, by an exception of a driver's or
        /// because memory ran out: what it had in hand then is not forgotten until something else happens to it.
        /// </summary>
        public void LookAtAll()
        {
            _tcp.LookAtAll();
            _arp.NoteDue(_turn.Now);
            _turn.Ask();
        }

        /// <summary>
        /// Sets the counters of all layers to zero. Nothing the stack does depends on them.
        /// </summary>
        public void ClearCounters()
        {
            _ethernet.Counters.Clear();
            _arp.Counters.Clear();
            _ipv4.Counters.Clear();
            _icmp.Counters.Clear();
            _udp.Counters.Clear();
            _tcp.Counters.Clear();
            if (_igmp != null)
            {
                _igmp.Counters.Clear();
            }
        }

        /// <summary>
        /// Has each layer do what is due, and the interface take what was sent.
        /// </summary>
        /// <param name="wait">Milliseconds until the interface has something to do.</param>
        /// <param name="turnIsOver">Whether the application has had its turn since frames were taken in.</param>
        /// <returns>Milliseconds until the first of all has.</returns>
        private int EndPoll(int wait, bool turnIsOver)
        {
            int due = _dueAt - _turn.Now;
            if (due <= 0 || _turn.Asked || _tcp.Touched != null || _tcp.SynQueue.Proven > 0 || _pool.HasLargestReturned)
            {
                int changes = _tcp.Changes;
                due = PollLayers(_turn.Now, turnIsOver);
                if (turnIsOver && changes != _tcp.Changes)
                {
                    // the application has had its turn, and is to have another
                    _turn.Ask();
                }
            }

            if (due < wait)
            {
                wait = due;
            }

            if (_ethernet.Queued > 0)
            {
                _ethernet.Flush();
                if (_ethernet.Queued > 0)
                {
                    // what waits for the interface should not wait long
                    return 0;
                }
            }

            if (_tcp.ReceiveQueue.PassingTo != null)
            {
                // text waits for the application to read it before the next poll, and not longer
                _turn.Ask();
            }

            if (_tcp.Touched != null)
            {
                // the application has its turn first
                _turn.Ask();
                return 0;
            }

            return wait;
        }

        /// <summary>
        /// What was left from the turn before comes first: whoever may see or send what arrives now has room then.
        /// </summary>
        private void BeginPoll()
        {
            _tcp.BeginPoll();
            FollowLink();
            _ethernet.Flush();
            _ipv4.BeginPoll();
        }

        /// <summary>
        /// Has each layer do what is due. Who waits for something that no time tells, a frame, a place or the rest of a datagram, is asked in
        /// each poll: then the stack is not settled.
        /// </summary>
        /// <returns>Milliseconds until the first of them has something to do again.</returns>
        private int PollLayers(int now, bool turnIsOver)
        {
            int wait = _icmp.Echo.HasUnderWay ? _icmp.Echo.Poll(now) : int.MaxValue;
            int due;
            if (_ipv4.HasFragments)
            {
                due = _ipv4.Poll(now);
                if (due < wait)
                {
                    wait = due;
                }
            }

            due = _tcp.Poll(now, turnIsOver);
            bool settled = wait == int.MaxValue && _tcp.SynQueue.Proven == 0;
            if (due < wait)
            {
                wait = due;
            }

            // what was sent so far is known to the layers that follow; what these ask for is for another poll
            _turn.Clear();

            // last, for what is sent may be the first to need a neighbour
            due = _arp.DueAt - now;
            if (due <= 0)
            {
                due = _arp.Poll(now);
            }

            if (_igmp != null)
            {
                int reports = _igmp.DueAt - now;
                if (reports <= 0)
                {
                    reports = _igmp.Poll(now);
                }

                if (reports < due)
                {
                    due = reports;
                }
            }

            // theirs is minutes at most: what lies further off is never
            if (due < wait && due < Turn.Never >> 1)
            {
                wait = due;
            }

            if (_ipv4.Looped.Count > 0)
            {
                // what waits for ourselves should not wait long
                wait = 0;
            }

            _dueAt = !settled ? now : now + (wait < Turn.Never ? wait : Turn.Never);
            return wait < Turn.Never ? wait : int.MaxValue;
        }

        private void FollowLink()
        {
            bool linkUp = _interface.IsLinkUp;
            if (linkUp == _linkUp)
            {
                return;
            }

            _linkUp = linkUp;
            _turn.Ask();
            if (linkUp)
            {
                _ethernet.LinkCameUp();
                _arp.Defence.LinkCameUp(_turn.Now);
                if (_ipv4.Address != IPv4Address.Any)
                {
                    _tcp.Resume();
                }
            }
            else
            {
                _ethernet.LinkWentDown();
                _arp.Defence.LinkWentDown();
                _arp.Clear();
            }
        }
    }
}
