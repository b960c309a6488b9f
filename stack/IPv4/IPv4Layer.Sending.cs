// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;

namespace TcpIp.IPv4
{
    /// <content>
    /// The way out: header, fragments, the next hop, and the way back to ourselves.
    /// </content>
    public sealed partial class IPv4Layer
    {
        /// <summary>Milliseconds after which an answer that waits is tried again.</summary>
        private const int RetryInterval = 10;

        /// <summary>
        /// Sends a packet whose payload stands behind an IPv4 header without options. The caller's reference stays the caller's.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="destination">The peer's address.</param>
        /// <param name="protocol">The payload's protocol number.</param>
        /// <param name="length">Bytes of payload. What is larger than the MTU allows leaves in fragments, all of them or none.</param>
        /// <param name="mayFragment">Whether routers may cut the packet up, or shall say that it is too large (DF, RFC 1191).</param>
        /// <param name="timeToLive">How many routers it may pass, 1 to 255.</param>
        /// <returns><see cref="SocketError.Success"/> (sent, or waiting for its next hop), or why not. <see cref="SocketError.InProgress"/>: an echo
        /// reply in fragments waits for its next hop, and <see cref="IPv4Protocol.SendingEnded"/> tells what becomes of it.</returns>
        internal SocketError Send(Frame frame, uint destination, int protocol, int length, bool mayFragment, int timeToLive)
        {
            if (length > Fragmentation.FullLength || frame.Class == null)
            {
                // too large for the MTU, or a buffer of ours that no interface could take as it is
                if (_fragmentation.AppendCopy(frame, IPv4Header.Options, length))
                {
                    return SendFragments(_address, destination, protocol, timeToLive, true);
                }

                _counters._fragmentationFailed++;
                return SocketError.NoBufferSpace;
            }

            uint nextHop = FindNextHop(destination);
            if (nextHop == IPv4Address.Any)
            {
                _counters._noRoute++;
                return SocketError.NetworkUnreachable;
            }

            // The identification serves only to put fragments together. A datagram that routers may not fragment has none (RFC 6864
            // section 4.1); a number that counts up would tell others how much we send.
            WriteHeader(
                frame,
                _address,
                destination,
                length,
                mayFragment ? _identification++ : 0,
                mayFragment ? 0 : IPv4Header.DontFragment,
                (timeToLive << 8) | protocol);
            return Transmit(frame, destination, nextHop);
        }

        /// <summary>
        /// Sends a packet to a peer that was heard a moment ago: where the next hop's MAC address is not known, nobody is asked for it, and the
        /// packet goes to the station that is written in the frame already. The caller's reference stays the caller's.
        /// </summary>
        /// <param name="frame">The frame, its payload behind an IPv4 header without options, not larger than the MTU allows.</param>
        /// <param name="destination">The peer's address.</param>
        /// <param name="protocol">The payload's protocol number.</param>
        /// <param name="length">Bytes of payload.</param>
        /// <param name="mayFragment">Whether routers may cut the packet up.</param>
        /// <param name="timeToLive">How many routers it may pass, 1 to 255.</param>
        /// <returns><see cref="SocketError.Success"/>, or why not.</returns>
        internal SocketError SendAddressed(Frame frame, uint destination, int protocol, int length, bool mayFragment, int timeToLive)
        {
            uint nextHop = FindNextHop(destination);
            if (destination == _address || nextHop == IPv4Address.Any)
            {
                return Send(frame, destination, protocol, length, mayFragment, timeToLive);
            }

            WriteHeader(
                frame,
                _address,
                destination,
                length,
                mayFragment ? _identification++ : 0,
                mayFragment ? 0 : IPv4Header.DontFragment,
                (timeToLive << 8) | protocol);
            _counters._packetsSent++;
            _arp.SendAddressed(frame, nextHop);
            return SocketError.Success;
        }

        /// <summary>
        /// Sends a packet to a group as it is: its header, which has options, is the caller's work. The caller's reference stays the caller's.
        /// </summary>
        /// <param name="frame">The frame, complete but for the Ethernet header.</param>
        /// <param name="group">The group's address.</param>
        internal void SendToGroup(Frame frame, uint group)
        {
            _counters._packetsSent++;
            _arp.SendMulticast(frame, group);
        }

        /// <summary>A peer has shown that it is at the station that a frame came from.</summary>
        internal void ConfirmNeighbour(uint address, Frame received)
        {
            if (IsOnLink(address) && address != _address)
            {
                _arp.ConfirmNeighbour(address, received);
            }
        }

        /// <summary>
        /// Sends the datagram that <see cref="Fragmentation"/> holds: all of it, or none.
        /// </summary>
        /// <param name="source">Our address, or 0.0.0.0 for who has none yet or must not use it.</param>
        /// <param name="destination">The peer's address.</param>
        /// <param name="protocol">The payload's protocol number.</param>
        /// <param name="timeToLive">How many routers it may pass, 1 to 255.</param>
        /// <returns><see cref="SocketError.Success"/>, or why not. <see cref="SocketError.WouldBlock"/>: it takes several frames, and they cannot
        /// all wait, for the next hop's MAC address that is being asked for or for the interface.</returns>
        internal SocketError SendFragments(uint source, uint destination, int protocol, int timeToLive)
        {
            return SendFragments(source, destination, protocol, timeToLive, false);
        }

        /// <summary>
        /// Goes on with the echo reply that waits for its next hop.
        /// </summary>
        /// <returns>Milliseconds until it must be called again.</returns>
        private int SendWaiting(int now)
        {
            if (_waiting.Count == 0)
            {
                return int.MaxValue;
            }

            SocketError result = _arp.Resolve(FindNextHop(_waiting.Destination), _waiting.Count);
            if (result == SocketError.Success)
            {
                _waiting.MoveTo(_fragmentation);
                result = SendFragments(_address, _waiting.Destination, IPv4Header.ProtocolIcmp, DefaultTimeToLive, false);
                _icmp.SendingEnded(result);
                return int.MaxValue;
            }

            if (result == SocketError.WouldBlock && now - _waiting.Since < WaitingDatagram.Longest)
            {
                return RetryInterval;
            }

            _waiting.Clear();
            _icmp.SendingEnded(result);
            return int.MaxValue;
        }

        private SocketError SendFragments(uint source, uint destination, int protocol, int timeToLive, bool mayWait)
        {
            uint nextHop = FindNextHop(destination);
            SocketError result = SocketError.Success;
            if (nextHop == IPv4Address.Any)
            {
                _counters._noRoute++;
                result = SocketError.NetworkUnreachable;
            }
            else if (destination == _address)
            {
                if (Looped.Count + _fragmentation.Count > MaximumLooped)
                {
                    _counters._loopbackFull++;
                    result = SocketError.NoBufferSpace;
                }
            }
            else if (_fragmentation.Count > 1)
            {
                result = _arp.Resolve(IsToMany(nextHop) ? IPv4Address.Any : nextHop, _fragmentation.Count);
            }

            if (result != SocketError.Success)
            {
                if (mayWait && result == SocketError.WouldBlock && _waiting.TryTakeOver(_fragmentation, destination, _turn.Now))
                {
                    HasFragments = true;
                    return SocketError.InProgress;
                }

                _fragmentation.Clear();
                return result;
            }

            int identification = _identification++;
            int offset = 0;
            Frame frame = _fragmentation.TakeNext();
            while (frame != null)
            {
                int length = frame.PayloadLength;
                int more = _fragmentation.Count > 0 ? IPv4Header.MoreFragments : 0;
                WriteHeader(frame, source, destination, length, identification, more | (offset >> 3), (timeToLive << 8) | protocol);
                if ((more | offset) != 0)
                {
                    _counters._fragmentsSent++;
                }

                result = Transmit(frame, destination, nextHop);
                Pool.Return(frame);
                if (result != SocketError.Success)
                {
                    // without this one the others are of no use
                    _fragmentation.Clear();
                }

                offset += length;
                frame = _fragmentation.TakeNext();
            }

            return result;
        }

        /// <summary>
        /// Whether something may be sent that is only worth an answer to a stranger.
        /// </summary>
        /// <returns>Whether there is room for it.</returns>
        internal bool MayAnswer() => _arp.MayAnswer();

        /// <summary>Whether an address is one that an application may name as its peer: one host's, ourselves included.</summary>
        internal bool IsHost(uint address)
        {
            return !IsBroadcast(address) && (IPv4Address.IsUnicast(address) || IPv4Address.IsLoopback(address));
        }

        /// <summary>
        /// 127/8 is ourselves, under the address that we have: no wire may see it (RFC 1122 section 3.2.1.3 (g)).
        /// </summary>
        /// <param name="address">An address that an application has named.</param>
        /// <returns>The address to send to.</returns>
        internal uint MapLoopback(uint address) => IPv4Address.IsLoopback(address) ? _address : address;

        /// <summary>
        /// Whether anything can be sent to a destination now: we have an address, and a link, which what is sent to ourselves does not
        /// need.
        /// </summary>
        /// <returns>Success, AddressNotAvailable or NetworkDown.</returns>
        internal SocketError CanSendTo(uint destination)
        {
            if (_address == IPv4Address.Any)
            {
                return SocketError.AddressNotAvailable;
            }

            return _arp.IsLinkUp || destination == _address || IPv4Address.IsLoopback(destination)
                ? SocketError.Success
                : SocketError.NetworkDown;
        }

        /// <summary>Whether there is a link to send to.</summary>
        internal bool IsLinkUp => _arp.IsLinkUp;

        /// <summary>Whether there is a way to a destination: it is on our link, or there is a gateway.</summary>
        internal bool HasRoute(uint destination)
        {
            return IsOnLink(destination) || _gateway != IPv4Address.Any;
        }

        /// <inheritdoc/>
        internal override bool IsNeighbour(uint address) => IsOnLink(address) || address == _gateway;

        /// <summary>Whether packets for a destination go by way of a neighbour.</summary>
        internal bool GoesThrough(uint destination, uint neighbour) => FindNextHop(destination) == neighbour;

        /// <summary>
        /// Where a packet goes next (RFC 1122 section 3.3.1).
        /// </summary>
        /// <returns>
        /// A neighbour's, a broadcast, a group's or our own address; or 0.0.0.0 if there is no way, as for 127/8, which no wire may see,
        /// or without an address to send from.
        /// </returns>
        private uint FindNextHop(uint destination)
        {
            if (_address == IPv4Address.Any || destination >> 24 == IPv4Address.LoopbackNetwork)
            {
                // without an address one can only ask all for one
                return destination == IPv4Address.Broadcast ? destination : IPv4Address.Any;
            }

            return ((destination ^ _address) & _netmask) == 0 || IsToMany(destination) || IsOnLink(destination) ? destination : _gateway;
        }

        /// <summary>
        /// Whether an address is a neighbour's. Those of 169.254/16 are for whoever is on the link, and whoever has one himself takes all others
        /// for neighbours: no router is to see such packets (RFC 3927 section 2.6.2).
        /// </summary>
        private bool IsOnLink(uint address)
        {
            return ((address ^ _address) & _netmask) == 0 || IPv4Address.IsLinkLocal(address) || IPv4Address.IsLinkLocal(_address);
        }

        /// <summary>Whether a destination is no single host.</summary>
        private bool IsToMany(uint destination) => IsBroadcast(destination) || IPv4Address.IsMulticast(destination);

        /// <summary>
        /// Writes a header without options, its checksum included, and sets the frame's length. Packets go out in trains: the words of the last
        /// header are copied, and only those put in that change from one packet to the next. The source is our address, or 0.0.0.0 of who
        /// asks for one.
        /// </summary>
        private void WriteHeader(Frame frame, uint source, uint destination, int length, int identification, int flagsOffset, int ttlProtocol)
        {
            if (destination != _headerDestination || source != _headerSource || ttlProtocol != _headerTtlProtocol)
            {
                BeginHeaders(source, destination, ttlProtocol);
            }

            length += IPv4Header.MinimumLength;
            frame.Length = IPv4Header.Start + length;
            if (identification != 0)
            {
                // what routers may not cut has none
                identification = ToRaw(identification & 0xFFFF);
            }

            if (_lowByteFirst)
            {
                length = ((length & 0xFF) << 8) | (length >> 8);
                flagsOffset = ((flagsOffset & 0xFF) << 8) | (flagsOffset >> 8);
            }

            ushort[] words = frame.Words;
            Array.Copy(_header, 0, words, HeaderWord, IPv4Header.MinimumLength >> 1);
            words[HeaderWord + 1] = (ushort)length;
            words[HeaderWord + 2] = (ushort)identification;
            words[HeaderWord + 3] = (ushort)flagsOffset;
            int sum = _headerSum + length + identification + flagsOffset;
            sum = (sum & 0xFFFF) + (sum >> 16);
            words[HeaderWord + 5] = (ushort)~(sum + (sum >> 16));
        }

        /// <summary>Lays out the words that are the same in all headers to a destination, and sums them.</summary>
        private void BeginHeaders(uint source, uint destination, int ttlProtocol)
        {
            _headerSource = source;
            _headerDestination = destination;
            _headerTtlProtocol = ttlProtocol;
            ushort[] header = _header;
            header[0] = (ushort)ToRaw(IPv4Header.OurVersionIhlTos);
            header[4] = (ushort)ToRaw(ttlProtocol);
            header[6] = (ushort)ToRaw((int)(source >> 16));
            header[7] = (ushort)ToRaw((int)(source & 0xFFFF));
            header[8] = (ushort)ToRaw((int)(destination >> 16));
            header[9] = (ushort)ToRaw((int)(destination & 0xFFFF));
            _headerSum = header[0] + header[4] + header[6] + header[7] + header[8] + header[9];
        }

        /// <summary>Hands a packet whose header is complete to the layer below, or back to ourselves.</summary>
        private SocketError Transmit(Frame frame, uint destination, uint nextHop)
        {
            if (destination == _address)
            {
                return LoopBack(frame);
            }

            _counters._packetsSent++;
            if ((destination | _netmask) == IPv4Address.Broadcast || destination >> 24 >= IPv4Address.FirstGroup)
            {
                // a single host's address looks like that only in a network of two, or of itself alone
                if (IsBroadcast(destination))
                {
                    _arp.SendBroadcast(frame);
                    return SocketError.Success;
                }

                if (IPv4Address.IsMulticast(destination))
                {
                    _arp.SendMulticast(frame, destination);
                    if (LoopsGroup)
                    {
                        LoopBack(frame);
                    }

                    return SocketError.Success;
                }
            }

            return _arp.Send(frame, nextHop) ? SocketError.Success : SocketError.HostUnreachable;
        }

        /// <summary>
        /// Sends a packet to ourselves. It is copied, for the sender may keep its frame to send it again, and the receiver may keep
        /// his until it is read.
        /// </summary>
        private SocketError LoopBack(Frame frame)
        {
            Frame copy = Looped.Count < MaximumLooped ? Pool.RentForReceive(frame.Length) : null;
            if (copy == null)
            {
                _counters._loopbackFull++;
                return SocketError.NoBufferSpace;
            }

            frame.CopyWordsTo(
                IPv4Header.Start,
                copy.Words,
                (IPv4Header.Start >> 1) + Frame.PrefixWords,
                (frame.Length - IPv4Header.Start + 1) >> 1);
            Looped.Enqueue(copy);
            _turn.Ask();
            _counters._packetsLooped++;
            return SocketError.Success;
        }
    }
}
