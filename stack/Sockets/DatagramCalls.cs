// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.IPv4;
using TcpIp.Udp;

namespace TcpIp.Sockets
{
    /// <summary>
    /// The calls for datagrams. What an ICMP error said of a peer is told once, to the next call that sends to it or finds nothing to
    /// receive.
    /// </summary>
    internal sealed class DatagramCalls
    {
        private readonly UdpLayer _udp;
        private readonly IPv4Layer _ipv4;

        /// <summary>
        /// Initializes a new instance of the <see cref="DatagramCalls"/> class.
        /// </summary>
        /// <param name="udp">The layer below.</param>
        /// <param name="ipv4">Knows our address.</param>
        internal DatagramCalls(UdpLayer udp, IPv4Layer ipv4)
        {
            _udp = udp;
            _ipv4 = ipv4;
        }

        /// <summary>Takes a block of the table for an application.</summary>
        /// <returns>The descriptor, or TooManyOpenSockets.</returns>
        internal int Open()
        {
            UdpControlBlock block = _udp.Allocate();
            return block == null ? (int)SocketError.TooManyOpenSockets : block.Descriptor;
        }

        /// <summary>Gives a socket a port, or with port 0 one that nobody has.</summary>
        /// <returns>As of <see cref="SocketLayer.Bind(int, int)"/>.</returns>
        internal int Bind(UdpControlBlock block, int port)
        {
            if (port != 0 && !PortNumbers.IsPort(port))
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.BindDatagram, block);
            return answer != CallTable.Ok ? answer : (int)_udp.Bind(block, port);
        }

        /// <summary>Fixes the peer: only its datagrams are taken, and errors about it are told.</summary>
        /// <returns>0, or an error as of <see cref="SocketLayer.Connect"/>.</returns>
        internal int Connect(UdpControlBlock block, uint address, int port)
        {
            if (!IsDestination(block, address, port))
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.ConnectDatagram, block);
            if (answer != CallTable.Ok)
            {
                return answer;
            }

            if (IPv4Address.IsLoopback(address) && _ipv4.Address == IPv4Address.Any)
            {
                return (int)SocketError.AddressNotAvailable;
            }

            return (int)_udp.Connect(block, _ipv4.MapLoopback(address), port);
        }

        /// <summary>Gives the block back.</summary>
        internal void Close(UdpControlBlock block) => _udp.Free(block);

        /// <summary>Sends to the peer.</summary>
        /// <returns>As of <see cref="SocketLayer.Write(int, byte[], int, int)"/>.</returns>
        internal int Write(UdpControlBlock block, byte[] buffer, int offset, int count)
        {
            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.SendToPeer, block);
            if (answer == CallTable.Ok)
            {
                answer = (int)UdpLayer.TakeError(block);
            }

            return answer != CallTable.Ok ? answer : Send(block, buffer, offset, count, block.RemoteAddress, block.RemotePort);
        }

        /// <summary>Sends to anybody.</summary>
        /// <returns>As of <see cref="SocketLayer.SendTo"/>.</returns>
        internal int SendTo(UdpControlBlock block, byte[] buffer, int offset, int count, uint address, int port)
        {
            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset || !IsDestination(block, address, port))
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.SendToAnybody, block);
            return answer != CallTable.Ok ? answer : Send(block, buffer, offset, count, address, port);
        }

        /// <summary>Sends to all hosts of the link as one who has no address.</summary>
        /// <returns>As of <see cref="SocketLayer.SendWithoutAddress"/>.</returns>
        internal int SendWithoutAddress(UdpControlBlock block, byte[] buffer, int offset, int count, int port)
        {
            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset || !PortNumbers.IsPort(port))
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.SendToAnybody, block);
            if (answer != CallTable.Ok)
            {
                return answer;
            }

            SocketError result = count > UdpLayer.MaximumData ? SocketError.MessageTooLong
                : !_ipv4.IsLinkUp ? SocketError.NetworkDown
                : _udp.Send(block, IPv4Address.Any, IPv4Address.Broadcast, port, buffer, offset, count);
            return result == SocketError.Success ? count : (int)result;
        }

        /// <summary>Points a view at a frame for one datagram.</summary>
        /// <returns>As of <see cref="SocketLayer.Reserve"/>.</returns>
        internal int Reserve(UdpControlBlock block, int wanted, SendView view)
        {
            if (view == null || wanted < 0)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (wanted > UdpLayer.MaximumData)
            {
                return (int)SocketError.MessageTooLong;
            }

            Frame frame = _udp.RentFrame(wanted);
            if (frame == null)
            {
                return (int)SocketError.NoBufferSpace;
            }

            view.Set(frame, UdpLayer.DataStart, wanted, block.Descriptor);
            return wanted;
        }

        /// <summary>Sends what was written into reserved room to the peer.</summary>
        /// <returns>The bytes; NotConnected, and they may be committed later; or an error, after which they may not.</returns>
        internal int Commit(UdpControlBlock block, SendView view, int count)
        {
            int answer = CallTable.Answer(CallTable.SendToPeer, block);
            if (answer == CallTable.Ok)
            {
                answer = (int)UdpLayer.TakeError(block);
            }

            return answer != CallTable.Ok ? answer : Send(block, view.Frame, count, block.RemoteAddress, block.RemotePort);
        }

        /// <summary>Sends what was written into reserved room to anybody.</summary>
        /// <returns>The bytes; InvalidArgument or IsConnected, and they may be committed later; or an error, after which they may not.</returns>
        internal int CommitTo(UdpControlBlock block, SendView view, int count, uint address, int port)
        {
            if (!IsDestination(block, address, port))
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.SendToAnybody, block);
            return answer != CallTable.Ok ? answer : Send(block, view.Frame, count, address, port);
        }

        /// <summary>Copies out the next datagram, and who sent it where that is asked for.</summary>
        /// <returns>As of <see cref="SocketLayer.ReceiveFrom"/>.</returns>
        internal int Receive(UdpControlBlock block, byte[] buffer, int offset, int count, DatagramSource source)
        {
            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            Frame frame = block.ReceiveQueue.Head;
            if (frame == null)
            {
                return SayNothingArrived(block);
            }

            int length = frame.PayloadLength;
            if (source != null)
            {
                FillSource(source, frame);
                source.IsTruncated = length > count;
            }

            if (length > count)
            {
                length = count;
            }

            _udp.Copier.CopyOut(frame, frame.PayloadOffset, buffer, offset, length);
            _udp.DropFirst(block);
            return length;
        }

        /// <summary>Shows the next datagram, and who sent it where that is asked for.</summary>
        /// <returns>As of <see cref="SocketLayer.Peek(int, ReceivedView)"/>.</returns>
        internal static int Peek(UdpControlBlock block, ReceivedView view, DatagramSource source)
        {
            if (view == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            Frame frame = block.ReceiveQueue.Head;
            if (frame == null)
            {
                return SayNothingArrived(block);
            }

            view.Set(frame);
            if (source != null)
            {
                FillSource(source, frame);
                source.IsTruncated = false;
            }

            return frame.PayloadLength;
        }

        /// <summary>Gives up the datagram that was shown.</summary>
        /// <returns>As of <see cref="SocketLayer.Consume"/>.</returns>
        internal int Consume(UdpControlBlock block, int count)
        {
            Frame frame = block.ReceiveQueue.Head;
            if (count < 0 || frame == null || count > frame.PayloadLength)
            {
                return (int)SocketError.InvalidArgument;
            }

            _udp.DropFirst(block);
            return 0;
        }

        /// <summary>How many bytes the next datagram has.</summary>
        /// <returns>Bytes; 0 for an empty one, or none.</returns>
        internal static int GetAvailable(UdpControlBlock block)
        {
            Frame frame = block.ReceiveQueue.Head;
            return frame == null ? 0 : frame.PayloadLength;
        }

        /// <summary>Which calls would not have to wait.</summary>
        /// <returns>As of <see cref="SocketLayer.GetReadiness"/>.</returns>
        internal static int GetReadiness(UdpControlBlock block)
        {
            return block.Error != SocketError.Success ? SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite | SocketLayer.HasFailed
                : block.ReceiveQueue.Head != null ? SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite
                : SocketLayer.ReadyToWrite;
        }

        /// <summary>Who sent the next datagram.</summary>
        /// <returns>The address, or 0.0.0.0 where there is none.</returns>
        internal static uint GetSourceAddress(UdpControlBlock block)
        {
            Frame frame = block.ReceiveQueue.Head;
            return frame == null ? IPv4Address.Any : frame.GetUInt32(IPv4Header.Source);
        }

        /// <summary>From which port the next datagram was sent.</summary>
        /// <returns>The port; 0 from one who wants no answer, or where there is no datagram.</returns>
        internal static int GetSourcePort(UdpControlBlock block)
        {
            Frame frame = block.ReceiveQueue.Head;
            return frame == null ? 0 : SourcePortOf(frame);
        }

        /// <summary>Joins a group.</summary>
        /// <returns>As of <see cref="SocketLayer.JoinGroup"/>.</returns>
        internal int JoinGroup(UdpControlBlock block, uint group)
        {
            // 224.0.0.0 is no group (RFC 1112 section 4)
            return IPv4Address.IsMulticast(group) && (group & 0x0FFFFFFF) != 0
                ? (int)_udp.JoinGroup(block, group)
                : (int)SocketError.InvalidArgument;
        }

        /// <summary>Leaves a group.</summary>
        /// <returns>As of <see cref="SocketLayer.LeaveGroup"/>.</returns>
        internal int LeaveGroup(UdpControlBlock block, uint group) => (int)_udp.LeaveGroup(block, group);

        private static int SayNothingArrived(UdpControlBlock block)
        {
            SocketError error = UdpLayer.TakeError(block);
            return error != SocketError.Success ? (int)error : (int)SocketError.WouldBlock;
        }

        private static void FillSource(DatagramSource source, Frame frame)
        {
            source.Address = frame.GetUInt32(IPv4Header.Source);
            source.Port = SourcePortOf(frame);
            source.Destination = frame.GetUInt32(IPv4Header.Destination);
            source.Length = frame.PayloadLength;
        }

        private static int SourcePortOf(Frame frame) => frame.GetUInt16(frame.PayloadOffset - UdpHeader.Length + UdpHeader.SourcePort);

        private int Send(UdpControlBlock block, byte[] buffer, int offset, int count, uint address, int port)
        {
            if (count > _udp.LargestData)
            {
                return (int)SocketError.MessageTooLong;
            }

            SocketError result = _ipv4.CanSendTo(address);
            if (result == SocketError.Success)
            {
                result = _udp.Send(block, _ipv4.Address, _ipv4.MapLoopback(address), port, buffer, offset, count);
            }

            return result == SocketError.Success ? count : (int)result;
        }

        private int Send(UdpControlBlock block, Frame frame, int count, uint address, int port)
        {
            SocketError result = _ipv4.CanSendTo(address);
            if (result == SocketError.Success)
            {
                result = _udp.Send(block, _ipv4.MapLoopback(address), port, frame, count);
            }

            return result == SocketError.Success ? count : (int)result;
        }

        /// <summary>
        /// Whether datagrams may be sent to an address. A group is nobody to be connected to: it never answers, only its members do.
        /// </summary>
        private bool IsDestination(UdpControlBlock block, uint address, int port)
        {
            return IPv4Address.IsMulticast(address) ? PortNumbers.IsPort(port) : IsHost(block, address, port);
        }

        private bool IsHost(UdpControlBlock block, uint address, int port)
        {
            if (!PortNumbers.IsPort(port))
            {
                return false;
            }

            return _ipv4.IsBroadcast(address) ? block.Broadcast : _ipv4.IsHost(address);
        }
    }
}
