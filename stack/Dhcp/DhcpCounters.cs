// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dhcp
{
    /// <summary>
    /// What the DHCP client has seen and done. Nothing that it does depends on them.
    /// </summary>
    public sealed class DhcpCounters
    {
        // fields, for a call costs more than the counting; the client writes them, everybody else reads the properties below
        internal uint _discovers;
        internal uint _requests;
        internal uint _declines;
        internal uint _releases;
        internal uint _notSent;
        internal uint _received;
        internal uint _offers;
        internal uint _acks;
        internal uint _naks;
        internal uint _badPort;
        internal uint _badLength;
        internal uint _badHeader;
        internal uint _forOthers;
        internal uint _badOptions;
        internal uint _noServer;
        internal uint _badLease;
        internal uint _badAddress;
        internal uint _unexpected;
        internal uint _badNetmask;
        internal uint _badRouter;
        internal uint _expired;
        internal uint _linkLocals;

        /// <summary>DHCPDISCOVER messages sent.</summary>
        public uint Discovers => _discovers;

        /// <summary>DHCPREQUEST messages sent: for an offer, for more time, or to verify a lease.</summary>
        public uint Requests => _requests;

        /// <summary>DHCPDECLINE messages sent: somebody else had an address that we were given.</summary>
        public uint Declines => _declines;

        /// <summary>DHCPRELEASE messages sent.</summary>
        public uint Releases => _releases;

        /// <summary>Messages that could not be sent: no frame was free, say, or the address is being asked for.</summary>
        public uint NotSent => _notSent;

        /// <summary>Datagrams received on the client's port, good or bad, for us or for others.</summary>
        public uint Received => _received;

        /// <summary>Offers taken.</summary>
        public uint Offers => _offers;

        /// <summary>Leases begun, prolonged or verified.</summary>
        public uint Acks => _acks;

        /// <summary>Refusals taken.</summary>
        public uint Naks => _naks;

        /// <summary>Dropped: not from a server's port.</summary>
        public uint BadPort => _badPort;

        /// <summary>Dropped: shorter than the fixed part, or longer than we have said to take.</summary>
        public uint BadLength => _badLength;

        /// <summary>Dropped: no reply, not about Ethernet, or without the magic cookie.</summary>
        public uint BadHeader => _badHeader;

        /// <summary>Dropped: an answer to somebody else, or to a question of before.</summary>
        public uint ForOthers => _forOthers;

        /// <summary>Dropped: options cut off, without an end, or of a wrong length; no message type, or one that is not there.</summary>
        public uint BadOptions => _badOptions;

        /// <summary>Dropped: the server does not name itself, or not as a host.</summary>
        public uint NoServer => _noServer;

        /// <summary>Dropped: without a time, or for less than <see cref="DhcpLease.ShortestTime"/>.</summary>
        public uint BadLease => _badLease;

        /// <summary>Dropped: an address that no host can have in its network, or that is the server's or the router's.</summary>
        public uint BadAddress => _badAddress;

        /// <summary>Dropped: not awaited now, from a server that was not asked, or about another address than ours.</summary>
        public uint Unexpected => _unexpected;

        /// <summary>Netmasks replaced by that of the address's class: 0.0.0.0, or one with a gap.</summary>
        public uint BadNetmask => _badNetmask;

        /// <summary>Routers left out: outside of our network, or no host's address.</summary>
        public uint BadRouter => _badRouter;

        /// <summary>Leases whose time was over.</summary>
        public uint Expired => _expired;

        /// <summary>Link-local addresses tried (RFC 3927).</summary>
        public uint LinkLocals => _linkLocals;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _discovers = 0;
            _requests = 0;
            _declines = 0;
            _releases = 0;
            _notSent = 0;
            _received = 0;
            _offers = 0;
            _acks = 0;
            _naks = 0;
            _badPort = 0;
            _badLength = 0;
            _badHeader = 0;
            _forOthers = 0;
            _badOptions = 0;
            _noServer = 0;
            _badLease = 0;
            _badAddress = 0;
            _unexpected = 0;
            _badNetmask = 0;
            _badRouter = 0;
            _expired = 0;
            _linkLocals = 0;
        }
    }
}
