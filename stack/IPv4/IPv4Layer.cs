// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.IPv4
{
    /// <summary>
    /// The internet layer: checks what comes in and hands it to the protocol that it carries; puts the IPv4 header on what goes out and picks
    /// the neighbour to send it to (RFC 791, RFC 1122 section 3).
    /// </summary>
    public sealed partial class IPv4Layer : InternetLayer
    {
        /// <summary>Time to live of what we send, unless a socket wants another (RFC 1122 section 3.2.1.7).</summary>
        public const int DefaultTimeToLive = 64;

        /// <summary>Packets to ourselves that may wait for the next poll.</summary>
        internal const int MaximumLooped = 8;

        /// <summary>Where frames come from.</summary>
        internal readonly FramePool Pool;

        /// <summary>Packets to ourselves that wait for the next poll.</summary>
        internal readonly FrameQueue Looped = new FrameQueue();

        /// <summary>Whether what is sent to a group now comes back to us too. Whoever sends to a group says so each time.</summary>
        internal bool LoopsGroup;

        /// <summary>Whether something waits that has been cut into fragments, or will be, so that the next poll has to look at it.</summary>
        internal bool HasFragments;

        private readonly Turn _turn;
        private readonly ArpLayer _arp;
        private readonly IPv4Counters _counters = new IPv4Counters();
        private readonly Fragmentation _fragmentation;
        private readonly Reassembly _reassembly;
        private readonly WaitingDatagram _waiting;
        private IPv4Protocol _icmp;
        private IPv4Protocol _igmp;
        private IPv4Protocol _udp;
        private IPv4Protocol _tcp;
        private IErrorSender _errors;
        private IGroupFilter _groups;
        private readonly bool _lowByteFirst;

        // of the last header that was sent: the words as they lie, their sum, and what they were made for
        private readonly ushort[] _header = new ushort[IPv4Header.MinimumLength >> 1];
        private uint _headerSource;
        private uint _headerDestination;
        private int _headerTtlProtocol;
        private int _headerSum;
        private uint _address;
        private int _sourceHigh;
        private int _sourceLow;
        private uint _netmask;
        private uint _gateway;
        private int _identification;

        internal IPv4Layer(Turn turn, ArpLayer arp, FramePool pool, int identification, StackConfiguration configuration)
        {
            _turn = turn;
            _arp = arp;
            Pool = pool;
            _identification = identification;
            _lowByteFirst = pool.Order == WordOrder.LowByteFirst;
            _fragmentation = new Fragmentation(pool);
            arp.Register(this);
            if (configuration.ReassemblyBytes > 0)
            {
                _reassembly = new Reassembly(configuration.ReassemblyBytes, pool, _counters);

                // without it no answer is larger than the MTU
                _waiting = new WaitingDatagram(pool);
            }
        }

        /// <summary>Gets the counters of this layer.</summary>
        public IPv4Counters Counters => _counters;

        /// <inheritdoc/>
        public override uint Address => _address;

        /// <summary>Gets the netmask.</summary>
        public uint Netmask => _netmask;

        /// <inheritdoc/>
        public override uint Gateway => _gateway;

        /// <summary>
        /// Gets the most bytes of payload in a datagram that we send: what we would take in, in fragments if need be, or what the
        /// MTU leaves.
        /// </summary>
        public int LargestPayload => _reassembly != null && _reassembly.Capacity > Fragmentation.FullLength
            ? _reassembly.Capacity
            : Fragmentation.FullLength;

        /// <summary>The datagram that is being filled to be sent.</summary>
        internal Fragmentation Fragmentation => _fragmentation;

        /// <summary>Whether no fragments are being put together and nobody has what was put together.</summary>
        internal bool IsReassemblyFree => _reassembly == null || _reassembly.IsFree;

        /// <inheritdoc/>
        public override bool IsBroadcast(uint address)
        {
            // with a /31 or /32 there is no subnet broadcast address (RFC 3021)
            return address == IPv4Address.Broadcast
                || (address == (_address | ~_netmask) && ~_netmask > 1);
        }

        /// <summary>Names the protocol that gets the datagrams with a number. ICMP, UDP and TCP must be there; IGMP may be.</summary>
        internal void Register(int number, IPv4Protocol protocol)
        {
            switch (number)
            {
                case IPv4Header.ProtocolTcp:
                    _tcp = protocol;
                    break;

                case IPv4Header.ProtocolUdp:
                    _udp = protocol;
                    break;

                case IPv4Header.ProtocolIcmp:
                    _icmp = protocol;
                    break;

                default:
                    _igmp = protocol;
                    break;
            }
        }

        /// <summary>Names who tells senders what became of their packets.</summary>
        internal void Register(IErrorSender errors)
        {
            _errors = errors;
        }

        /// <summary>Names who knows the groups that we are in. Without one we are in none.</summary>
        internal void Register(IGroupFilter groups)
        {
            _groups = groups;
        }

        /// <summary>
        /// Finds the protocol with a number.
        /// </summary>
        /// <returns>The protocol, or null.</returns>
        internal IPv4Protocol FindProtocol(int number)
        {
            switch (number)
            {
                case IPv4Header.ProtocolTcp:
                    return _tcp;

                case IPv4Header.ProtocolUdp:
                    return _udp;

                case IPv4Header.ProtocolIcmp:
                    return _icmp;

                case IPv4Header.ProtocolIgmp:
                    return _igmp;

                default:
                    return null;
            }
        }

        /// <summary>
        /// Sets the network that we are in.
        /// </summary>
        /// <param name="netmask">The netmask.</param>
        /// <param name="gateway">The gateway's address, or 0.0.0.0.</param>
        internal void SetNetwork(uint netmask, uint gateway)
        {
            _netmask = netmask;
            _gateway = gateway;
            _knownHigh = -1;
        }

        /// <inheritdoc/>
        internal override void SetAddress(uint address)
        {
            if (address != _address)
            {
                // what was meant for another address, or is from it, is nobody's now
                Looped.Clear(Pool);
                if (_reassembly != null)
                {
                    _reassembly.ClearAll();
                    _waiting.Clear();
                }
            }

            bool began = _address == IPv4Address.Any && address != IPv4Address.Any;
            TakeAddress(address);
            if (began)
            {
                _icmp.AddressBegan();
                _udp.AddressBegan();
                _tcp.AddressBegan();
            }
        }

        /// <summary>Keeps our address, and its words as they lie in a header, to be compared with and copied.</summary>
        private void TakeAddress(uint address)
        {
            _address = address;
            _knownHigh = -1;
            _sourceHigh = ToRaw((int)(address >> 16));
            _sourceLow = ToRaw((int)(address & 0xFFFF));
        }

        private int ToRaw(int value) => _lowByteFirst ? ((value & 0xFF) << 8) | (value >> 8) : value;

        /// <inheritdoc/>
        internal override void LoseAddress()
        {
            SetAddress(IPv4Address.Any);
            _icmp.AddressLost();
            _udp.AddressLost();
            _tcp.AddressLost();
        }

        /// <inheritdoc/>
        internal override void AddressAnnounced()
        {
            if (_igmp != null)
            {
                _igmp.AddressAnnounced();
            }
        }

        /// <summary>
        /// Begins a poll: takes in what we have sent to ourselves. What is sent to ourselves meanwhile waits
        /// for the next poll, so that no answer to an answer goes deeper and deeper.
        /// </summary>
        internal void BeginPoll()
        {
            if (HasFragments && _reassembly.HasWaiting)
            {
                DropIfKeptTooLong();
                if (_reassembly.AddWaiting(_turn.Now, Reassembly.Patience))
                {
                    DeliverReassembled(Reassembly.Patience);
                }
            }

            for (int left = Looped.Count; left > 0; left--)
            {
                Frame frame = Looped.Dequeue();
                AcceptPacket(frame, IPv4Header.Options, _address, frame.GetByte(IPv4Header.Destination) >= IPv4Address.FirstGroup);
                Pool.Return(frame);
            }
        }

        /// <summary>
        /// Gives up fragments that have waited too long for the rest. To be called while <see cref="HasFragments"/>.
        /// </summary>
        /// <returns>Milliseconds until it must be called again.</returns>
        internal int Poll(int now)
        {
            if (_reassembly.TimeLeft(now) <= 0)
            {
                Frame first = _reassembly.ExpireDatagram();
                if (first != null && MayBeTold(first))
                {
                    _errors.ReassemblyTimeExceeded(first, Reassembly.PayloadStart, first.GetUInt32(IPv4Header.Source));
                }
            }

            int left = _reassembly.TimeLeft(now);
            int waiting = SendWaiting(now);
            if (waiting < left)
            {
                left = waiting;
            }

            waiting = _reassembly.WaitingLeft(now);
            left = waiting < left ? waiting : left;
            HasFragments = left != int.MaxValue;
            return left;
        }

        /// <inheritdoc/>
        internal override void NextHopUnreachable(uint neighbour)
        {
            _icmp.NextHopUnreachable(neighbour);
            _udp.NextHopUnreachable(neighbour);
            _tcp.NextHopUnreachable(neighbour);
        }

        /// <inheritdoc/>
        internal override void Receive(Frame frame, bool toMany)
        {
            _counters._receivedOnLongWay++;
            if (frame.Length < IPv4Header.Options)
            {
                _counters._badLength++;
                return;
            }

            if (frame.GetUInt16(IPv4Header.VersionIhlTos) >> 12 != 4)
            {
                _counters._badVersion++;
                return;
            }

            if (!IPv4Header.CheckLengths(frame))
            {
                _counters._badLength++;
                return;
            }

            int headerLength = IPv4Header.HeaderLength(frame);
            if (InternetChecksum.Fold(InternetChecksum.Add(0, frame.Words, (IPv4Header.Start >> 1) + Frame.PrefixWords, headerLength >> 1)) != 0xFFFF)
            {
                _counters._badChecksum++;
                return;
            }

            if (headerLength > IPv4Header.MinimumLength && !AcceptOptions(frame, headerLength))
            {
                return;
            }

            uint source = frame.GetUInt32(IPv4Header.Source);

            // a switch that asks for members in place of a router has no address (RFC 4541 section 2.1.1)
            bool nameless = source == IPv4Address.Any && _groups != null
                && frame.GetByte(IPv4Header.TtlProtocol + 1) == IPv4Header.ProtocolIgmp;
            if ((!IPv4Address.IsUnicast(source) && !nameless) || source == _address || IsBroadcast(source))
            {
                _counters._badSource++;
                return;
            }

            uint destination = frame.GetUInt32(IPv4Header.Destination);

            // to us and others: nobody answers that with an error, and TCP not at all
            bool broadcast = IsBroadcast(destination)
                || (IPv4Address.IsMulticast(destination) && _groups != null && _groups.AcceptsPacket(destination));

            // RFC 1122 section 3.3.6: a packet for one host in a frame for all is a trap or a mistake
            if ((_address == IPv4Address.Any || (destination != _address && !broadcast) || (toMany && !broadcast))
                && !IsForWhoAsks(frame, destination, headerLength, toMany))
            {
                _counters._notForUs++;
                return;
            }

            // what follows the packet in the frame is padding
            frame.Length = IPv4Header.Start + frame.GetUInt16(IPv4Header.TotalLength);
            AcceptPacket(frame, IPv4Header.Start + headerLength, source, broadcast);
        }

        /// <summary>
        /// Whether a packet is meant for somebody here who asks for an address: while we have none, his answer comes to all or, as if we
        /// had it already, to the one that is offered (RFC 2131 section 4.1).
        /// </summary>
        private bool IsForWhoAsks(Frame frame, uint destination, int headerLength, bool toMany)
        {
            return _address == IPv4Address.Any
                && (destination == IPv4Address.Broadcast || (!toMany && IPv4Address.IsUnicast(destination)))
                && (frame.GetUInt16(IPv4Header.FlagsOffset) & (IPv4Header.MoreFragments | IPv4Header.OffsetMask)) == 0
                && frame.GetByte(IPv4Header.TtlProtocol + 1) == IPv4Header.ProtocolUdp
                && _udp.AsksForAddress(frame, IPv4Header.Start + headerLength);
        }

        /// <summary>
        /// Whether whoever sent fragments may be told that their time is over: not of what went to many, and not who has no address (RFC 1122
        /// section 3.2.2).
        /// </summary>
        private bool MayBeTold(Frame first)
        {
            return first.GetUInt32(IPv4Header.Destination) == _address && IPv4Address.IsUnicast(first.GetUInt32(IPv4Header.Source));
        }

        private bool AcceptOptions(Frame frame, int headerLength)
        {
            bool sourceRouted;
            if (!IPv4Header.CheckOptions(frame, headerLength, out sourceRouted))
            {
                _counters._badOption++;
                return false;
            }

            if (sourceRouted)
            {
                _counters._sourceRouted++;
                return false;
            }

            return true;
        }

        /// <summary>
        /// Takes in a packet that has passed all checks: it is for us, whole or in part.
        /// </summary>
        private void AcceptPacket(Frame frame, int payload, uint source, bool broadcast)
        {
            if ((frame.GetUInt16(IPv4Header.FlagsOffset) & (IPv4Header.MoreFragments | IPv4Header.OffsetMask)) == 0)
            {
                DeliverDatagram(frame, payload, source, broadcast);
                return;
            }

            _counters._fragments++;
            if (_reassembly == null)
            {
                _counters._fragmentsRefused++;
            }
            else
            {
                HasFragments = true;
                DropIfKeptTooLong();
                int patience = _reassembly.PatienceFor(frame);
                if (patience < Reassembly.Patience && _reassembly.AddWaiting(_turn.Now, patience))
                {
                    DeliverReassembled(patience);
                }

                if (_reassembly.AddFragment(frame, payload, _turn.Now, patience))
                {
                    DeliverReassembled(patience);
                }
            }
        }

        /// <summary>
        /// A datagram in the reassembly buffer that nobody reads is dropped once another needs the buffer.
        /// </summary>
        private void DropIfKeptTooLong()
        {
            if (_reassembly.IsKeptTooLong(_turn.Now))
            {
                _udp.DropReassembled();
            }
        }

        /// <summary>
        /// Hands out what was put together, and goes on with fragments that have waited for the buffer.
        /// </summary>
        private void DeliverReassembled(int patience)
        {
            do
            {
                int payload;
                Frame whole = _reassembly.TakeDatagram(out payload);
                uint destination = whole.GetUInt32(IPv4Header.Destination);
                DeliverDatagram(whole, payload, whole.GetUInt32(IPv4Header.Source), destination != _address);
                Pool.Return(whole);
            }
            while (_reassembly.AddWaiting(_turn.Now, patience));
        }

        /// <summary>
        /// Hands a datagram to the protocol that its header names.
        /// </summary>
        private void DeliverDatagram(Frame frame, int payload, uint source, bool broadcast)
        {
            IPv4Protocol protocol = FindProtocol(frame.GetByte(IPv4Header.TtlProtocol + 1));
            if (protocol != null)
            {
                _counters._deliveredOnLongWay++;
                protocol.Receive(frame, payload, source, broadcast);
                return;
            }

            _counters._unknownProtocol++;
            if (!broadcast)
            {
                _errors.ProtocolUnreachable(frame, payload, source);
            }
        }
    }
}
