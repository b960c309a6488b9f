// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Icmp;
using TcpIp.Igmp;
using TcpIp.IPv4;

namespace TcpIp.Udp
{
    /// <summary>
    /// The transport layer for short exchanges (RFC 768): owns the table of UDP control blocks, and finds the one that a datagram
    /// belongs to.
    /// </summary>
    public sealed class UdpLayer : IPv4Protocol
    {
        /// <summary>Most bytes of data in a datagram that leaves in one packet.</summary>
        public const int MaximumData = Ethernet.EthernetHeader.MaximumPayload - IPv4Header.MinimumLength - UdpHeader.Length;

        /// <summary>Offset of the data in datagrams that we send.</summary>
        internal const int DataStart = IPv4Header.Options + UdpHeader.Length;

        /// <summary>
        /// A number that counts up with each datagram that has come for a socket, and with each word that one of its own did not arrive. Unlike
        /// a counter it is never cleared.
        /// </summary>
        internal int Arrivals;

        private readonly UdpControlBlock[] _blocks;
        private readonly UdpCounters _counters = new UdpCounters();
        private readonly IPv4Layer _ipv4;
        private readonly IcmpLayer _icmp;
        private readonly IgmpLayer _igmp;
        private readonly FramePool _pool;
        private readonly RandomSource _random;
        private readonly int _receiveFrames;
        private int _bound;

        // once a port was shared; from then on what is sent to many looks for more than one
        private bool _isShared;

        /// <summary>
        /// Initializes a new instance of the <see cref="UdpLayer"/> class.
        /// </summary>
        /// <param name="ipv4">The layer below.</param>
        /// <param name="icmp">Tells senders what cannot be delivered.</param>
        /// <param name="igmp">Knows the groups that sockets have joined; null for none.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="random">For ports.</param>
        /// <param name="configuration">Sizes.</param>
        internal UdpLayer(IPv4Layer ipv4, IcmpLayer icmp, IgmpLayer igmp, FramePool pool, RandomSource random, StackConfiguration configuration)
        {
            _ipv4 = ipv4;
            _icmp = icmp;
            _igmp = igmp;
            _pool = pool;
            _random = random;
            _receiveFrames = configuration.UdpReceiveFrames;
            ipv4.Register(IPv4Header.ProtocolUdp, this);
            _blocks = new UdpControlBlock[configuration.UdpSockets];
            for (int i = 0; i < _blocks.Length; i++)
            {
                _blocks[i] = new UdpControlBlock(configuration.TcpSockets + i);
            }
        }

        /// <summary>Gets what copies data.</summary>
        internal BlockCopier Copier => _pool.Copier;

        /// <summary>Gets the counters of this layer.</summary>
        public UdpCounters Counters => _counters;

        /// <summary>
        /// Gets the most bytes of data in a datagram: those above <see cref="MaximumData"/> leave in fragments, as far as we
        /// would take fragments in (see <see cref="StackConfiguration.ReassemblyBytes"/>).
        /// </summary>
        public int LargestData => _ipv4.LargestPayload - UdpHeader.Length;

        /// <summary>Gets the table of control blocks, used or not.</summary>
        internal UdpControlBlock[] Blocks => _blocks;

        /// <inheritdoc/>
        internal override void Receive(Frame frame, int payload, uint source, bool broadcast)
        {
            _counters._datagramsReceived++;
            if (!UdpHeader.Check(frame, payload))
            {
                _counters._badLength++;
                return;
            }

            int port = frame.GetUInt16(payload + UdpHeader.DestinationPort);
            if (port == 0)
            {
                _counters._badPort++;
                return;
            }

            int length = frame.GetUInt16(payload + UdpHeader.DatagramLength);
            if (frame.GetRaw(payload + UdpHeader.Checksum) != 0 && !IsChecksumRight(frame, payload, length))
            {
                _counters._badChecksum++;
                return;
            }

            UdpControlBlock block = Find(port, source, frame.GetUInt16(payload + UdpHeader.SourcePort), frame.GetUInt32(IPv4Header.Destination));
            if (block == null)
            {
                _counters._noSocket++;
                if (!broadcast)
                {
                    // RFC 1122 section 4.1.3.1
                    _icmp.Errors.PortUnreachable(frame, payload, source);
                }

                return;
            }

            // the first one that waits leaves a frame of its size to others, more leave a third of them
            KeepPriority priority = block.ReceiveQueue.Head == null ? KeepPriority.First : KeepPriority.Further;
            if (block.ReceiveQueue.Count >= _receiveFrames || (frame.Class != null && !_pool.MayKeep(frame, priority)))
            {
                _counters._receiveQueueFull++;
            }
            else
            {
                // the frame itself waits for the application: who sent it stands in its headers
                frame.Retain();
                frame.PayloadOffset = payload + UdpHeader.Length;
                frame.PayloadLength = length - UdpHeader.Length;
                block.ReceiveQueue.Enqueue(frame);
                Arrivals++;
                _counters._datagramsDelivered++;
            }

            if (broadcast && _isShared)
            {
                DeliverToOthers(block, frame, payload, length, source);
            }
        }

        /// <summary>
        /// Gives a copy of a datagram that was sent to many to all others that share the port: a frame waits in one queue.
        /// </summary>
        private void DeliverToOthers(UdpControlBlock first, Frame frame, int payload, int length, uint source)
        {
            uint local = frame.GetUInt32(IPv4Header.Destination);
            bool toGroup = IPv4Address.IsMulticast(local);
            int port = first.LocalPort;
            int remotePort = frame.GetUInt16(payload + UdpHeader.SourcePort);
            for (int i = 0; i < _blocks.Length; i++)
            {
                UdpControlBlock block = _blocks[i];
                if (block == first || block.Descriptor < 0 || block.LocalPort != port || (toGroup && !IsMember(block, local))
                    || (block.IsLocalOnly && source != _ipv4.Address)
                    || (block.RemotePort != 0 && (block.RemotePort != remotePort || block.RemoteAddress != source)))
                {
                    continue;
                }

                KeepPriority priority = block.ReceiveQueue.Head == null ? KeepPriority.First : KeepPriority.Further;
                Frame copy = block.ReceiveQueue.Count < _receiveFrames ? _pool.RentToKeep(frame.Length, frame.Length, priority, 0, false) : null;
                if (copy == null)
                {
                    _counters._receiveQueueFull++;
                    continue;
                }

                frame.CopyWordsTo(0, copy.Words, Frame.PrefixWords, (frame.Length + 1) >> 1);
                copy.PayloadOffset = payload + UdpHeader.Length;
                copy.PayloadLength = length - UdpHeader.Length;
                block.ReceiveQueue.Enqueue(copy);
                Arrivals++;
                _counters._datagramsDelivered++;
            }
        }

        /// <inheritdoc/>
        internal override bool AsksForAddress(Frame frame, int payload)
        {
            return frame.Length >= payload + UdpHeader.Length
                && frame.GetUInt16(payload + UdpHeader.DestinationPort) == UdpHeader.BootstrapClientPort
                && IsPortUsed(UdpHeader.BootstrapClientPort);
        }

        /// <summary>
        /// Sends a datagram.
        /// </summary>
        /// <param name="block">The socket, which gets a port if it has none.</param>
        /// <param name="source">Our address, or 0.0.0.0 for who has none yet or must not use it.</param>
        /// <param name="address">To whom.</param>
        /// <param name="port">To which port.</param>
        /// <param name="buffer">The data.</param>
        /// <param name="offset">Index of its first byte.</param>
        /// <param name="count">Bytes of data, <see cref="LargestData"/> at most.</param>
        /// <returns>Success, or why it was not sent.</returns>
        internal SocketError Send(UdpControlBlock block, uint source, uint address, int port, byte[] buffer, int offset, int count)
        {
            const int Start = IPv4Header.Options;
            int length = UdpHeader.Length + count;
            Fragmentation fragments = _ipv4.Fragmentation;
            Frame first = fragments.Append(length);
            Frame frame = first;
            uint sum = 0;
            int left = length;
            int header = UdpHeader.Length;
            while (frame != null)
            {
                int part = frame.PayloadLength - header;
                _pool.Copier.CopyIn(frame, Start + header, buffer, offset, part);
                sum = _pool.Copier.Add(sum, frame, Start + header, part);
                offset += part;
                left -= frame.PayloadLength;
                if (left == 0)
                {
                    break;
                }

                header = 0;
                frame = fragments.Append(left);
            }

            if (frame == null)
            {
                _counters._noFrame++;
                return SocketError.NoBufferSpace;
            }

            WriteHeader(block, source, address, port, first, length, sum);
            return CountSent(_ipv4.SendFragments(source, address, IPv4Header.ProtocolUdp, TimeToLiveTo(block, address)));
        }

        /// <summary>
        /// Rents a frame for a datagram.
        /// </summary>
        /// <param name="count">Bytes of data, <see cref="MaximumData"/> at most.</param>
        /// <returns>The frame, whose data belong at <see cref="DataStart"/>, or null.</returns>
        internal Frame RentFrame(int count)
        {
            Frame frame = _pool.Rent(DataStart + count);
            if (frame == null)
            {
                _counters._noFrame++;
            }

            return frame;
        }

        /// <summary>
        /// Sends a datagram whose data lie in their place. The caller's reference stays the caller's.
        /// </summary>
        /// <param name="block">The socket, which gets a port if it has none.</param>
        /// <param name="address">To whom.</param>
        /// <param name="port">To which port.</param>
        /// <param name="frame">The frame.</param>
        /// <param name="count">Bytes of data.</param>
        /// <returns>Success, or why it was not sent.</returns>
        internal SocketError Send(UdpControlBlock block, uint address, int port, Frame frame, int count)
        {
            int length = UdpHeader.Length + count;
            WriteHeader(block, _ipv4.Address, address, port, frame, length, InternetChecksum.Add(0, frame, DataStart, count));
            return CountSent(_ipv4.Send(frame, address, IPv4Header.ProtocolUdp, length, true, TimeToLiveTo(block, address)));
        }

        /// <inheritdoc/>
        internal override void ErrorReceived(QuotedPacket quote, uint source, int type, int code, int mtu)
        {
            UdpControlBlock block = Find(quote.SourcePort, quote.Destination, quote.DestinationPort, quote.Source);

            // without a peer of its own a socket would not know whom the error is about
            if (block == null || block.RemotePort == 0 || type != IcmpHeader.TypeUnreachable)
            {
                _counters._errorsIgnored++;
                return;
            }

            _counters._errorsTaken++;
            Arrivals++;
            block.Error = code == IcmpHeader.CodePortUnreachable ? SocketError.ConnectionRefused
                : code == IcmpHeader.CodeNetworkUnreachable ? SocketError.NetworkUnreachable
                : SocketError.HostUnreachable;
        }

        /// <inheritdoc/>
        internal override void NextHopUnreachable(uint neighbour)
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                UdpControlBlock block = _blocks[i];
                if (block.Descriptor >= 0 && block.RemotePort != 0 && _ipv4.GoesThrough(block.RemoteAddress, neighbour))
                {
                    block.Error = SocketError.HostUnreachable;
                    Arrivals++;
                }
            }
        }

        /// <summary>
        /// A socket joins a multicast group.
        /// </summary>
        /// <param name="block">The socket.</param>
        /// <param name="group">The group's address.</param>
        /// <returns>Success, InvalidState if it is in the group, NoBufferSpace if there is no room for one more.</returns>
        internal SocketError JoinGroup(UdpControlBlock block, uint group)
        {
            if (IsMember(block, group))
            {
                return SocketError.InvalidState;
            }

            int row = _igmp == null ? -1 : _igmp.JoinGroup(group);
            if (row < 0)
            {
                return SocketError.NoBufferSpace;
            }

            block.Groups |= 1 << row;
            return SocketError.Success;
        }

        /// <summary>
        /// A socket leaves a multicast group.
        /// </summary>
        /// <param name="block">The socket.</param>
        /// <param name="group">The group's address.</param>
        /// <returns>Success, or InvalidState if it is not in the group.</returns>
        internal SocketError LeaveGroup(UdpControlBlock block, uint group)
        {
            if (!IsMember(block, group))
            {
                return SocketError.InvalidState;
            }

            int row = _igmp.Find(group);
            block.Groups &= ~(1 << row);
            _igmp.LeaveGroup(row);
            return SocketError.Success;
        }

        /// <summary>
        /// Gives a socket a port.
        /// </summary>
        /// <param name="block">A socket that has none.</param>
        /// <param name="port">The port, or 0 for one that no socket has.</param>
        /// <returns>Success, or AddressInUse.</returns>
        internal SocketError Bind(UdpControlBlock block, int port)
        {
            if (port != 0 && IsEndpointTaken(block, port, IPv4Address.Any, 0))
            {
                return SocketError.AddressInUse;
            }

            block.LocalPort = port != 0 ? port : PickEphemeralPort();
            block.BoundAt = ++_bound;
            return SocketError.Success;
        }

        /// <summary>
        /// Gives a socket a peer, and a port if it has none.
        /// </summary>
        /// <param name="block">The socket; a peer that it has is given up.</param>
        /// <param name="address">The peer's address.</param>
        /// <param name="port">The peer's port.</param>
        /// <returns>Success, or AddressInUse.</returns>
        internal SocketError Connect(UdpControlBlock block, uint address, int port)
        {
            if (block.LocalPort == 0)
            {
                block.LocalPort = PickEphemeralPort();
            }
            else if (IsEndpointTaken(block, block.LocalPort, address, port))
            {
                return SocketError.AddressInUse;
            }

            // what was heard of an earlier peer does not concern this one
            block.RemoteAddress = address;
            block.RemotePort = port;
            block.Error = SocketError.Success;
            return SocketError.Success;
        }

        /// <summary>
        /// Tells once what an ICMP error said of the peer.
        /// </summary>
        /// <param name="block">The socket.</param>
        /// <returns>The error, or Success.</returns>
        internal static SocketError TakeError(UdpControlBlock block)
        {
            SocketError error = block.Error;
            block.Error = SocketError.Success;
            return error;
        }

        /// <summary>
        /// Whether another socket would get the same datagrams, from this peer or from anybody (port 0).
        /// </summary>
        private bool IsEndpointTaken(UdpControlBlock asks, int port, uint address, int remotePort)
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                UdpControlBlock block = _blocks[i];
                if (block.Descriptor < 0 || block.LocalPort != port || block == asks)
                {
                    continue;
                }

                bool shares = asks.ReuseAddress && block.ReuseAddress;
                _isShared |= shares;
                if (!shares && block.RemotePort == remotePort && (remotePort == 0 || block.RemoteAddress == address))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>
        /// Takes a block from the table.
        /// </summary>
        /// <returns>The block, or null.</returns>
        internal UdpControlBlock Allocate()
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                UdpControlBlock block = _blocks[i];
                if (!block.Attached)
                {
                    block.Attached = true;
                    block.LocalPort = 0;
                    block.IsLocalOnly = false;
                    block.RemoteAddress = 0;
                    block.RemotePort = 0;
                    block.Broadcast = false;
                    block.ReuseAddress = false;
                    block.MulticastLoopback = false;
                    block.BoundAt = 0;
                    block.TimeToLive = IPv4Layer.DefaultTimeToLive;
                    block.Groups = 0;
                    block.MulticastTimeToLive = 1;
                    block.Error = SocketError.Success;
                    return block;
                }
            }

            return null;
        }

        /// <summary>
        /// Gives a block back. Descriptors of it no longer fit.
        /// </summary>
        /// <param name="block">The block.</param>
        internal void Free(UdpControlBlock block)
        {
            for (int row = 0; block.Groups != 0; row++)
            {
                if ((block.Groups & (1 << row)) != 0)
                {
                    block.Groups &= ~(1 << row);
                    _igmp.LeaveGroup(row);
                }
            }

            block.ReceiveQueue.Clear(_pool);
            block.Retire();
        }

        /// <summary>
        /// Gives the frame of the first datagram back, which was read.
        /// </summary>
        /// <param name="block">The socket.</param>
        internal void DropFirst(UdpControlBlock block)
        {
            _pool.Return(block.ReceiveQueue.Dequeue());
        }

        /// <inheritdoc/>
        internal override void DropReassembled()
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                FrameQueue queue = _blocks[i].ReceiveQueue;
                for (Frame frame = queue.Head; frame != null; frame = frame.Next)
                {
                    if (frame.Class == null)
                    {
                        // there is one such buffer
                        queue.Remove(frame);
                        _pool.Return(frame);
                        _counters._receiveQueueFull++;
                        return;
                    }
                }
            }
        }

        private void WriteHeader(UdpControlBlock block, uint source, uint address, int port, Frame frame, int length, uint dataSum)
        {
            if (block.LocalPort == 0)
            {
                block.LocalPort = PickEphemeralPort();
            }

            const int Start = IPv4Header.Options;
            frame.SetUInt16(Start + UdpHeader.SourcePort, block.LocalPort);
            frame.SetUInt16(Start + UdpHeader.DestinationPort, port);
            frame.SetUInt16(Start + UdpHeader.DatagramLength, length);
            frame.SetRaw(Start + UdpHeader.Checksum, 0);
            uint sum = InternetChecksum.Fold(dataSum)
                + IPv4Header.PseudoHeaderSum(frame, source, address, IPv4Header.ProtocolUdp) + (uint)frame.ToRaw(length);
            int checksum = InternetChecksum.Complement(InternetChecksum.Add(sum, frame, Start, UdpHeader.Length));

            // 0 would say that there is none; the other zero of one's complement says the same sum (RFC 768)
            frame.SetRaw(Start + UdpHeader.Checksum, checksum == 0 ? 0xFFFF : checksum);
        }

        private SocketError CountSent(SocketError result)
        {
            if (result == SocketError.Success)
            {
                _counters._datagramsSent++;
            }

            return result;
        }

        private static bool IsChecksumRight(Frame frame, int start, int length)
        {
            uint sum = IPv4Header.PseudoHeaderSum(frame, IPv4Header.ProtocolUdp, length);
            return InternetChecksum.Fold(InternetChecksum.Add(sum, frame, start, length)) == 0xFFFF;
        }

        private int TimeToLiveTo(UdpControlBlock block, uint address)
        {
            if (!IPv4Address.IsMulticast(address))
            {
                return block.TimeToLive;
            }

            _ipv4.LoopsGroup = block.MulticastLoopback && _igmp != null && _igmp.Find(address) >= 0;
            return block.MulticastTimeToLive;
        }

        private bool IsMember(UdpControlBlock block, uint group)
        {
            int row = block.Groups == 0 ? -1 : _igmp.Find(group);
            return row >= 0 && (block.Groups & (1 << row)) != 0;
        }

        /// <summary>
        /// Finds the socket for a datagram: one that is connected to its sender before one that takes anybody's. What was sent to
        /// a group goes only to a socket that has joined it. Of several that share the port it is the one that was given it last: so it is on Linux, and who
        /// comes later knows what he does.
        /// </summary>
        private UdpControlBlock Find(int port, uint address, int remotePort, uint local)
        {
            UdpControlBlock open = null;
            bool toGroup = IPv4Address.IsMulticast(local);
            UdpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                UdpControlBlock block = blocks[i];
                if (block.Descriptor < 0 || block.LocalPort != port || (toGroup && !IsMember(block, local))
                    || (block.IsLocalOnly && address != _ipv4.Address))
                {
                    continue;
                }

                if (block.RemotePort == 0)
                {
                    if (open == null || block.BoundAt > open.BoundAt)
                    {
                        open = block;
                    }
                }
                else if (block.RemotePort == remotePort && block.RemoteAddress == address)
                {
                    return block;
                }
            }

            return open;
        }

        /// <summary>
        /// Picks a port at random that no socket has (RFC 6056 section 3.3.1). There are always more ports than sockets.
        /// </summary>
        private int PickEphemeralPort()
        {
            int port = PortNumbers.PickEphemeral(_random);
            while (IsPortUsed(port))
            {
                port = PortNumbers.NextEphemeral(port);
            }

            return port;
        }

        private bool IsPortUsed(int port)
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                if (_blocks[i].Descriptor >= 0 && _blocks[i].LocalPort == port)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
