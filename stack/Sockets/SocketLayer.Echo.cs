// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;

namespace TcpIp.Sockets
{
    /// <content>
    /// The calls for echoes: what ping and traceroute are made of. Their control blocks follow those of UDP in the numbering of the
    /// table.
    /// </content>
    public sealed partial class SocketLayer
    {
        /// <summary>Gets the most bytes of data in an echo request: what takes more than one packet leaves in fragments.</summary>
        public int LargestEcho => _ipv4.LargestPayload - IcmpHeader.Length;

        /// <summary>
        /// Asks a host for an echo. The request leaves in the next poll; <see cref="ReceiveEcho"/> tells how it ends. With
        /// <see cref="SetTimeToLive"/> set to 1, 2, 3 and so on, the routers on the way answer one after the other.
        /// </summary>
        /// <param name="descriptor">An echo socket that waits for no other echo.</param>
        /// <param name="address">Whom to ask: one host.</param>
        /// <param name="length">Bytes of data, 0 to <see cref="LargestEcho"/>.</param>
        /// <param name="timeout">Milliseconds to wait for an answer, 1 or more.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument, InvalidState, MessageTooLong, AddressNotAvailable, NetworkDown,
        /// NetworkUnreachable.</returns>
        public int SendEcho(int descriptor, uint address, int length, int timeout)
        {
            EchoControlBlock block = FindEcho(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (length < 0 || timeout < 1 || !_ipv4.IsHost(address))
            {
                return (int)SocketError.InvalidArgument;
            }

            if (block.IsUnderWay)
            {
                return (int)SocketError.InvalidState;
            }

            if (length > LargestEcho)
            {
                return (int)SocketError.MessageTooLong;
            }

            SocketError refusal = _ipv4.CanSendTo(address);
            if (refusal != SocketError.Success)
            {
                return (int)refusal;
            }

            address = _ipv4.MapLoopback(address);
            if (!_ipv4.HasRoute(address))
            {
                return (int)SocketError.NetworkUnreachable;
            }

            _echo.Request(block, address, length, timeout);
            return 0;
        }

        /// <summary>
        /// What became of the request.
        /// </summary>
        /// <param name="descriptor">An echo socket.</param>
        /// <param name="result">Is filled when it has ended, well or not.</param>
        /// <returns>Bytes of data in the reply; or BadDescriptor, InvalidArgument, InvalidState if nothing was asked for, WouldBlock
        /// while the answer may yet come; or how it ended: TimedOut, TimeToLiveExceeded, HostUnreachable, NetworkUnreachable. It is told
        /// once.</returns>
        public int ReceiveEcho(int descriptor, EchoResult result)
        {
            EchoControlBlock block = FindEcho(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (result == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            switch (block.State)
            {
                case EchoState.Idle:
                    return (int)SocketError.InvalidState;

                case EchoState.Done:
                    result.Set(block);
                    block.State = EchoState.Idle;
                    return block.Error == SocketError.Success ? block.AnswerLength : (int)block.Error;

                default:
                    return (int)SocketError.WouldBlock;
            }
        }

        private int EchoSocket()
        {
            EchoControlBlock block = _echo.Allocate();
            return block == null ? (int)SocketError.TooManyOpenSockets : block.Descriptor;
        }

        private int CloseEcho(int descriptor)
        {
            EchoControlBlock block = FindEcho(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            _echo.Free(block);
            return 0;
        }

        private EchoControlBlock FindEcho(int descriptor)
        {
            EchoControlBlock[] blocks = _echo.Blocks;
            int index = (descriptor & SocketControlBlock.IndexMask) - _blocks.Length - _udp.Blocks.Length;
            if (index < 0 || index >= blocks.Length)
            {
                return null;
            }

            EchoControlBlock block = blocks[index];
            return block.Descriptor == descriptor && descriptor >= 0 ? block : null;
        }
    }
}
