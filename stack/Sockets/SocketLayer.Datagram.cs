// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Icmp;
using TcpIp.IPv4;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp.Sockets
{
    /// <content>
    /// The calls for datagrams. Their control blocks follow those of TCP in the numbering of the table.
    /// </content>
    public sealed partial class SocketLayer
    {
        /// <summary>
        /// Takes a control block of a kind and marks it initial.
        /// </summary>
        /// <param name="type">The kind.</param>
        /// <returns>A descriptor, or <see cref="SocketError.TooManyOpenSockets"/>.</returns>
        public int Socket(SocketType type)
        {
            if (type == SocketType.Stream)
            {
                return Socket();
            }

            if (type == SocketType.Echo)
            {
                return EchoSocket();
            }

            UdpControlBlock block = _udp.Allocate();
            return block == null ? (int)SocketError.TooManyOpenSockets : block.Descriptor;
        }

        /// <summary>
        /// Sends a datagram.
        /// </summary>
        /// <param name="descriptor">A datagram socket; it gets a port at random if it has none.</param>
        /// <param name="buffer">The data.</param>
        /// <param name="offset">Index of its first byte.</param>
        /// <param name="count">Bytes of data, <see cref="UdpLayer.LargestData"/> at most. More than <see cref="UdpLayer.MaximumData"/>
        /// take several packets, all of which must arrive.</param>
        /// <param name="address">To whom, a host or a group; a broadcast address only after <see cref="SetBroadcast"/>.</param>
        /// <param name="port">To which port, 1 to 65535.</param>
        /// <returns>How many bytes were sent, that is all, or BadDescriptor, InvalidArgument, IsConnected, MessageTooLong,
        /// AddressNotAvailable, NetworkDown, NoBufferSpace, NetworkUnreachable, HostUnreachable, and for more than one packet WouldBlock while the
        /// next hop's MAC address is being asked for or too much waits for the controller.</returns>
        public int SendTo(int descriptor, byte[] buffer, int offset, int count, uint address, int port)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset || !CanSendTo(block, address, port))
            {
                return (int)SocketError.InvalidArgument;
            }

            return block.RemotePort != 0
                ? (int)SocketError.IsConnected
                : Send(block, buffer, offset, count, address, port);
        }

        /// <summary>
        /// Sends a datagram to all hosts of the link as one who has no address, from 0.0.0.0 to 255.255.255.255, whether we have one or
        /// not: for those who ask for an address, and for nobody else (RFC 1122 section 3.2.1.3 (a)).
        /// </summary>
        /// <remarks>
        /// Answers are received without an address only on the port of those who ask for one, 68: what is sent to all, and what is sent to
        /// our station alone, whatever its IPv4 address.
        /// </remarks>
        /// <param name="descriptor">A datagram socket without a peer.</param>
        /// <param name="buffer">The data.</param>
        /// <param name="offset">Index of its first byte.</param>
        /// <param name="count">Bytes of data, <see cref="UdpLayer.MaximumData"/> at most.</param>
        /// <param name="port">To which port, 1 to 65535.</param>
        /// <returns>How many bytes were sent, that is all, or BadDescriptor, InvalidArgument, IsConnected, MessageTooLong, NetworkDown,
        /// NoBufferSpace.</returns>
        public int SendWithoutAddress(int descriptor, byte[] buffer, int offset, int count, int port)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset || !IsPort(port))
            {
                return (int)SocketError.InvalidArgument;
            }

            SocketError result = block.RemotePort != 0 ? SocketError.IsConnected
                : count > UdpLayer.MaximumData ? SocketError.MessageTooLong
                : !_ipv4.IsLinkUp ? SocketError.NetworkDown
                : _udp.SendWithoutAddress(block, port, buffer, offset, count);
            return result == SocketError.Success ? count : (int)result;
        }

        /// <summary>
        /// Takes the next datagram, whole or cut off, never more than one.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit.</param>
        /// <param name="source">Is filled with the sender, and whether the datagram was cut off.</param>
        /// <returns>How many bytes were read, 0 for an empty datagram; or BadDescriptor, InvalidArgument, WouldBlock, or what an
        /// ICMP error said of the peer.</returns>
        public int ReceiveFrom(int descriptor, byte[] buffer, int offset, int count, DatagramSource source)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (buffer == null || source == null || offset < 0 || count < 0 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            Frame frame = block.ReceiveQueue.Head;
            if (frame == null)
            {
                return NothingToRead(block);
            }

            int length = frame.PayloadLength;
            Describe(frame, source);
            source.IsTruncated = length > count;
            if (length > count)
            {
                length = count;
            }

            frame.CopyBytesTo(frame.PayloadOffset, buffer, offset, length);
            _udp.Drop(block);
            return length;
        }

        /// <summary>
        /// Whether a datagram socket may send to all hosts at once. Not unless set: a mistyped address should not reach everybody.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="broadcast">True to allow it.</param>
        /// <returns>0, or BadDescriptor.</returns>
        public int SetBroadcast(int descriptor, bool broadcast)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            block.Broadcast = broadcast;
            return 0;
        }

        /// <summary>
        /// Sets how many routers what a socket sends may pass (RFC 1122 section 3.2.1.7). It is
        /// <see cref="IPv4Layer.DefaultTimeToLive"/> unless set.
        /// </summary>
        /// <param name="descriptor">A socket of any kind.</param>
        /// <param name="timeToLive">1 to 255.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument.</returns>
        public int SetTimeToLive(int descriptor, int timeToLive)
        {
            TcpControlBlock stream = Find(descriptor);
            UdpControlBlock datagram = stream == null ? FindDatagram(descriptor) : null;
            EchoControlBlock echo = stream == null && datagram == null ? FindEcho(descriptor) : null;
            if (stream == null && datagram == null && echo == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (timeToLive < 1 || timeToLive > 255)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (stream != null)
            {
                stream.TimeToLive = timeToLive;
            }
            else if (datagram != null)
            {
                datagram.TimeToLive = timeToLive;
            }
            else
            {
                echo.TimeToLive = timeToLive;
            }

            return 0;
        }

        private bool GetDatagramStatus(int row, SocketStatus status)
        {
            UdpControlBlock block = _udp.Blocks[row - _blocks.Length];
            status.Set(block, block.Ticket);
            return block.Attached;
        }

        /// <summary>
        /// What is said instead of a datagram: an error is told once.
        /// </summary>
        private static int NothingToRead(UdpControlBlock block)
        {
            SocketError error = block.Error;
            block.Error = SocketError.Success;
            return error != SocketError.Success ? (int)error : (int)SocketError.WouldBlock;
        }

        private int BindDatagram(int descriptor, int port)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (port < 1 || port > 65535)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (block.LocalPort != 0)
            {
                return (int)SocketError.InvalidState;
            }

            if (_udp.IsTaken(port, IPv4Address.Any, 0))
            {
                return (int)SocketError.AddressInUse;
            }

            block.LocalPort = port;
            return 0;
        }

        /// <summary>
        /// Fixes the peer: only its datagrams are taken, and errors about it are told.
        /// </summary>
        private int ConnectDatagram(int descriptor, uint address, int port)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (!IsDestination(block, address, port))
            {
                return (int)SocketError.InvalidArgument;
            }

            if (block.RemotePort != 0)
            {
                return (int)SocketError.IsConnected;
            }

            if (IPv4Address.IsLoopback(address) && _ipv4.Address == IPv4Address.Any)
            {
                return (int)SocketError.AddressNotAvailable;
            }

            address = _ipv4.MapLoopback(address);

            if (block.LocalPort != 0 && _udp.IsTaken(block.LocalPort, address, port))
            {
                return (int)SocketError.AddressInUse;
            }

            block.RemoteAddress = address;
            block.RemotePort = port;
            return 0;
        }

        private int WriteDatagram(int descriptor, byte[] buffer, int offset, int count)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (block.RemotePort == 0)
            {
                return (int)SocketError.NotConnected;
            }

            SocketError error = block.Error;
            if (error != SocketError.Success)
            {
                block.Error = SocketError.Success;
                return (int)error;
            }

            return Send(block, buffer, offset, count, block.RemoteAddress, block.RemotePort);
        }

        private int CloseDatagram(int descriptor)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return CloseEcho(descriptor);
            }

            _udp.Free(block);
            return 0;
        }

        private static void Describe(Frame frame, DatagramSource source)
        {
            source.Address = frame.GetUInt32(IPv4Header.Source);
            source.Port = frame.GetUInt16(frame.PayloadOffset - UdpHeader.Length + UdpHeader.SourcePort);
            source.Length = frame.PayloadLength;
        }

        private int Send(UdpControlBlock block, byte[] buffer, int offset, int count, uint address, int port)
        {
            if (count > _udp.LargestData)
            {
                return (int)SocketError.MessageTooLong;
            }

            SocketError result = _ipv4.CanSendTo(address);
            if (result == SocketError.Success)
            {
                result = _udp.Send(block, _ipv4.MapLoopback(address), port, buffer, offset, count);
            }

            return result == SocketError.Success ? count : (int)result;
        }

        private static bool IsPort(int port) => port >= 1 && port <= 65535;

        /// <summary>
        /// Whether datagrams may be sent to an address. A group is nobody to be connected to: it never answers, only its members do.
        /// </summary>
        private bool CanSendTo(UdpControlBlock block, uint address, int port)
        {
            return IPv4Address.IsMulticast(address) ? IsPort(port) : IsDestination(block, address, port);
        }

        private bool IsDestination(UdpControlBlock block, uint address, int port)
        {
            if (!IsPort(port))
            {
                return false;
            }

            return _ipv4.IsBroadcast(address) ? block.Broadcast : _ipv4.IsHost(address);
        }

        private UdpControlBlock FindDatagram(int descriptor)
        {
            UdpControlBlock[] blocks = _udp.Blocks;
            int index = (descriptor & SocketControlBlock.IndexMask) - _blocks.Length;
            if (index < 0 || index >= blocks.Length)
            {
                return null;
            }

            UdpControlBlock block = blocks[index];
            return block.Descriptor == descriptor && descriptor >= 0 ? block : null;
        }
    }
}
