// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace TcpIp.Threading
{
    /// <content>
    /// What can be set of a socket, and what can be asked.
    /// </content>
    public sealed partial class SocketHost
    {
        /// <summary>
        /// Sets an option.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <param name="option">Which one.</param>
        /// <param name="value">Its value: see <see cref="HostOption"/>. An address is given as the same 32 bits.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported for one that the kind of socket does not have, InvalidArgument,
        /// AddressNotAvailable.</returns>
        public int SetOption(int handle, HostOption option, int value)
        {
            _threads.Enter();
            try
            {
                HostSocket socket = Find(handle);
                int result = socket == null ? (int)SocketError.BadDescriptor : Apply(socket, option, value);
                if (result == 0)
                {
                    socket.Options[(int)option] = value;
                }

                _owner.Settle();
                return result;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Asks for an option.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <param name="option">Which one.</param>
        /// <param name="value">Its value, if the result is 0.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument.</returns>
        public int GetOption(int handle, HostOption option, out int value)
        {
            value = 0;
            _threads.Enter();
            try
            {
                HostSocket socket = Find(handle);
                if (socket == null)
                {
                    return (int)SocketError.BadDescriptor;
                }

                if (option < HostOption.NoDelay || option > HostOption.Error)
                {
                    return (int)SocketError.InvalidArgument;
                }

                value = option == HostOption.Error ? (int)_layer.GetError(handle)
                    : option == HostOption.SendBuffer ? _sendBuffer
                    : option == HostOption.ReceiveBuffer ? _receiveBuffer
                    : socket.Options[(int)option];
                return 0;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Joins a multicast group.
        /// </summary>
        /// <param name="handle">A datagram socket.</param>
        /// <param name="group">The group's address.</param>
        /// <param name="local">Our address, or 0.0.0.0.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidArgument, AddressNotAvailable, InvalidState if it is in the group,
        /// NoBufferSpace if there is no room for one more (<see cref="StackConfiguration.MulticastGroups"/>).</returns>
        public int JoinGroup(int handle, uint group, uint local)
        {
            _threads.Enter();
            try
            {
                int result = Find(handle) == null ? (int)SocketError.BadDescriptor
                    : !IsOurs(local) ? (int)SocketError.AddressNotAvailable
                    : _layer.JoinGroup(handle, group);
                _owner.Settle();
                return result;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Leaves a multicast group.
        /// </summary>
        /// <param name="handle">A datagram socket.</param>
        /// <param name="group">The group's address.</param>
        /// <returns>0, or BadDescriptor, OperationNotSupported, InvalidState if it is not in the group.</returns>
        public int LeaveGroup(int handle, uint group)
        {
            _threads.Enter();
            try
            {
                int result = Find(handle) == null ? (int)SocketError.BadDescriptor : _layer.LeaveGroup(handle, group);
                _owner.Settle();
                return result;
            }
            finally
            {
                _threads.Leave();
            }
        }

        private bool IsOurs(uint address) => address == IPv4Address.Any || address == _stack.IPv4.Address;

        private int Apply(HostSocket socket, HostOption option, int value)
        {
            switch (option)
            {
                case HostOption.NoDelay:
                    return _layer.SetNoDelay(socket.Handle, value != 0);

                case HostOption.KeepAlive:
                    return _layer.SetKeepAlive(socket.Handle, value != 0 ? SocketLayer.DefaultKeepAlive : 0);

                case HostOption.Linger:
                    return socket.IsDatagram ? (int)SocketError.OperationNotSupported : value < -1 ? (int)SocketError.InvalidArgument : 0;

                case HostOption.TimeToLive:
                    return _layer.SetTimeToLive(socket.Handle, value);

                case HostOption.MulticastTimeToLive:
                    return _layer.SetMulticastTimeToLive(socket.Handle, value);

                case HostOption.MulticastInterface:
                    return IsOurs((uint)value) ? 0 : (int)SocketError.AddressNotAvailable;

                case HostOption.Broadcast:
                    return _layer.SetBroadcast(socket.Handle, value != 0);

                case HostOption.DontFragment:
                    return socket.IsDatagram ? 0 : (int)SocketError.OperationNotSupported;

                case HostOption.SendTimeout:
                case HostOption.ReceiveTimeout:
                    return value < 0 ? (int)SocketError.InvalidArgument : 0;

                case HostOption.ReuseAddress:
                    return socket.IsDatagram ? _layer.SetReuseAddress(socket.Handle, value != 0) : 0;

                case HostOption.MulticastLoopback:
                    return socket.IsDatagram ? _layer.SetMulticastLoopback(socket.Handle, value != 0) : 0;

                case HostOption.ExclusiveAddressUse:
                case HostOption.SendBuffer:
                case HostOption.ReceiveBuffer:
                    return 0;

                default:
                    return (int)SocketError.InvalidArgument;
            }
        }
    }
}
