// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Frames;
using TcpIp.Icmp;
using TcpIp.Sockets;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp.IPv4
{
    /// <summary>
    /// The internet layer: checks what comes in and hands it to ICMP, UDP or TCP; puts the IPv4 header on what goes out and picks
    /// the neighbour to send it to (RFC 791, RFC 1122 section 3).
    /// </summary>
    public sealed class IPv4Layer
    {
        /// <summary>Time to live of what we send (RFC 1122 section 3.2.1.7).</summary>
        public const int DefaultTimeToLive = 64;

        private readonly ArpLayer _arp;
        private readonly IPv4Counters _counters = new IPv4Counters();
        private IcmpLayer _icmp;
        private UdpLayer _udp;
        private TcpLayer _tcp;
        private uint _address;
        private uint _netmask;
        private uint _gateway;
        private int _identification;

        /// <summary>
        /// Initializes a new instance of the <see cref="IPv4Layer"/> class.
        /// </summary>
        /// <param name="arp">The layer below.</param>
        /// <param name="identification">Where the identification of our packets starts.</param>
        internal IPv4Layer(ArpLayer arp, int identification)
        {
            _arp = arp;
            _identification = identification;
        }

        /// <summary>Gets the counters of this layer.</summary>
        public IPv4Counters Counters => _counters;

        /// <summary>Gets our address, or 0.0.0.0 while we have none.</summary>
        public uint Address => _address;

        /// <summary>Gets the netmask.</summary>
        public uint Netmask => _netmask;

        /// <summary>Gets the gateway's address, or 0.0.0.0 where there is none.</summary>
        public uint Gateway => _gateway;

        /// <summary>
        /// Whether an address means all hosts of our link: the limited or our subnet's broadcast address.
        /// </summary>
        /// <param name="address">The address.</param>
        /// <returns>Whether it is a broadcast address.</returns>
        public bool IsBroadcast(uint address)
        {
            // with a /31 or /32 there is no subnet broadcast address (RFC 3021)
            return address == IPv4Address.Broadcast
                || (address == (_address | ~_netmask) && ~_netmask > 1);
        }

        /// <summary>
        /// Names the protocols above.
        /// </summary>
        /// <param name="icmp">Who gets ICMP messages.</param>
        /// <param name="udp">Who gets UDP datagrams.</param>
        /// <param name="tcp">Who gets TCP segments.</param>
        internal void Connect(IcmpLayer icmp, UdpLayer udp, TcpLayer tcp)
        {
            _icmp = icmp;
            _udp = udp;
            _tcp = tcp;
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
        }

        /// <summary>
        /// Sets the address that we use, when it is sure that we may.
        /// </summary>
        /// <param name="address">The address, or 0.0.0.0 for none.</param>
        internal void SetAddress(uint address)
        {
            _address = address;
        }

        /// <summary>
        /// Deals with a received packet.
        /// </summary>
        /// <param name="frame">The frame; whoever gets it may turn it into the answer.</param>
        /// <param name="linkBroadcast">Whether the frame was sent to all stations.</param>
        internal void Receive(Frame frame, bool linkBroadcast)
        {
            _counters.PacketsReceived++;
            if (frame.Length < IPv4Header.Options)
            {
                _counters.BadLength++;
                return;
            }

            if (frame.GetUInt16(IPv4Header.VersionIhlTos) >> 12 != 4)
            {
                _counters.BadVersion++;
                return;
            }

            if (!IPv4Header.CheckLengths(frame))
            {
                _counters.BadLength++;
                return;
            }

            int headerLength = IPv4Header.HeaderLength(frame);
            if (InternetChecksum.Fold(InternetChecksum.Add(0, frame.Words, (IPv4Header.Start >> 1) + Frame.PrefixWords, headerLength >> 1)) != 0xFFFF)
            {
                _counters.BadChecksum++;
                return;
            }

            if (headerLength > IPv4Header.MinimumLength && !AcceptOptions(frame, headerLength))
            {
                return;
            }

            uint source = frame.GetUInt32(IPv4Header.Source);
            if (!IPv4Address.IsUnicast(source) || source == _address || IsBroadcast(source))
            {
                _counters.BadSource++;
                return;
            }

            uint destination = frame.GetUInt32(IPv4Header.Destination);
            bool broadcast = IsBroadcast(destination);

            // RFC 1122 section 3.3.6: a packet for one host in a frame for all is a trap or a mistake
            if (_address == IPv4Address.Any || (destination != _address && !broadcast) || (linkBroadcast && !broadcast))
            {
                _counters.NotForUs++;
                return;
            }

            if ((frame.GetUInt16(IPv4Header.FlagsOffset) & (IPv4Header.MoreFragments | IPv4Header.OffsetMask)) != 0)
            {
                _counters.Fragments++;
                return;
            }

            // what follows the packet in the frame is padding
            frame.Length = IPv4Header.Start + frame.GetUInt16(IPv4Header.TotalLength);

            int payload = IPv4Header.Start + headerLength;
            int protocol = frame.GetByte(IPv4Header.TtlProtocol + 1);
            switch (protocol)
            {
                case IPv4Header.ProtocolTcp:
                    _counters.PacketsDelivered++;
                    _tcp.Receive(frame, payload, source, broadcast);
                    break;

                case IPv4Header.ProtocolIcmp:
                    _counters.PacketsDelivered++;
                    _icmp.Receive(frame, payload, source, broadcast);
                    break;

                case IPv4Header.ProtocolUdp:
                    _counters.PacketsDelivered++;
                    _udp.Receive(frame, payload, source, broadcast);
                    break;

                default:
                    _counters.UnknownProtocol++;
                    if (!broadcast)
                    {
                        _icmp.SendUnreachable(frame, source, IcmpHeader.CodeProtocolUnreachable);
                    }

                    break;
            }
        }

        /// <summary>
        /// Sends a packet whose payload stands behind an IPv4 header without options. The caller's reference stays the caller's.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="destination">The peer's address.</param>
        /// <param name="protocol">The payload's protocol number.</param>
        /// <param name="length">Bytes of payload.</param>
        /// <param name="mayFragment">Whether routers may cut the packet up, or shall say that it is too large (DF, RFC 1191).</param>
        /// <returns><see cref="SocketError.Success"/> (sent, or waiting for its next hop), or why not.</returns>
        internal SocketError Send(Frame frame, uint destination, int protocol, int length, bool mayFragment)
        {
            bool broadcast = IsBroadcast(destination);
            uint nextHop = destination;
            if (!broadcast && ((destination ^ _address) & _netmask) != 0)
            {
                nextHop = _gateway;
                if (nextHop == IPv4Address.Any)
                {
                    _counters.NoRoute++;
                    return SocketError.NetworkUnreachable;
                }
            }

            length += IPv4Header.MinimumLength;
            frame.Length = IPv4Header.Start + length;
            frame.SetUInt16(IPv4Header.VersionIhlTos, IPv4Header.OurVersionIhlTos);
            frame.SetUInt16(IPv4Header.TotalLength, length);
            frame.SetUInt16(IPv4Header.Identification, _identification++);
            frame.SetUInt16(IPv4Header.FlagsOffset, mayFragment ? 0 : IPv4Header.DontFragment);
            frame.SetUInt16(IPv4Header.TtlProtocol, (DefaultTimeToLive << 8) | protocol);
            frame.SetRaw(IPv4Header.HeaderChecksum, 0);
            frame.SetUInt32(IPv4Header.Source, _address);
            frame.SetUInt32(IPv4Header.Destination, destination);
            frame.SetRaw(
                IPv4Header.HeaderChecksum,
                InternetChecksum.Complement(InternetChecksum.Add(0, frame.Words, (IPv4Header.Start >> 1) + Frame.PrefixWords, IPv4Header.MinimumLength >> 1)));

            _counters.PacketsSent++;
            if (broadcast)
            {
                _arp.SendBroadcast(frame);
                return SocketError.Success;
            }

            return _arp.Send(frame, nextHop) ? SocketError.Success : SocketError.HostUnreachable;
        }

        /// <summary>
        /// Whether there is a way to a destination: it is on our link, or there is a gateway.
        /// </summary>
        /// <param name="destination">The peer's address.</param>
        /// <returns>Whether there is.</returns>
        internal bool HasRoute(uint destination)
        {
            return ((destination ^ _address) & _netmask) == 0 || _gateway != IPv4Address.Any;
        }

        /// <summary>
        /// Whether packets for a destination go by way of a neighbour.
        /// </summary>
        /// <param name="destination">The peer's address.</param>
        /// <param name="neighbour">The neighbour's address.</param>
        /// <returns>Whether they do.</returns>
        internal bool GoesThrough(uint destination, uint neighbour)
        {
            return destination == neighbour
                || (neighbour == _gateway && ((destination ^ _address) & _netmask) != 0);
        }

        private bool AcceptOptions(Frame frame, int headerLength)
        {
            bool sourceRouted;
            if (!IPv4Header.CheckOptions(frame, headerLength, out sourceRouted))
            {
                _counters.BadOption++;
                return false;
            }

            if (sourceRouted)
            {
                _counters.SourceRouted++;
                return false;
            }

            return true;
        }
    }
}
