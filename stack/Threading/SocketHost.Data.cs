// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp.Threading
{
    /// <content>
    /// The calls that move data, and how a call waits.
    /// </content>
    public sealed partial class SocketHost
    {
        /// <summary>
        /// Sends all of some bytes over a connection, or a datagram to the peer, and waits for room where there is none.
        /// </summary>
        /// <param name="handle">A connected socket.</param>
        /// <param name="buffer">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <param name="timeout">Milliseconds for all of them.</param>
        /// <returns><paramref name="count"/>; fewer, if the time was over before there was room for the rest; WouldBlock or NoBufferSpace, if there was
        /// room for none. BadDescriptor, ConnectionAborted, InvalidArgument, NotConnected, Shutdown, MessageTooLong, NetworkDown,
        /// AddressNotAvailable, or why the connection ended: then it is not known what has arrived.</returns>
        public int Send(int handle, byte[] buffer, int offset, int count, int timeout)
        {
            int beganAt = timeout > 0 ? _threads.Now() : 0;
            int written = Call(Operation.Send, handle, buffer, offset, count, 0, 0, null, WaitKind.Write, timeout);
            while (written > 0 && written < count)
            {
                int result = Call(
                    Operation.Send, handle, buffer, offset + written, count - written, 0, 0, null, WaitKind.Write, Left(timeout, beganAt));
                if (result < 0)
                {
                    return result == (int)SocketError.WouldBlock || result == (int)SocketError.NoBufferSpace ? written : Ended(result);
                }

                written += result;
            }

            return written;
        }

        /// <summary>
        /// Sends a datagram. A socket that has no port gets one.
        /// </summary>
        /// <param name="handle">A datagram socket without a peer.</param>
        /// <param name="buffer">The data.</param>
        /// <param name="offset">Index of the first byte.</param>
        /// <param name="count">Bytes of data.</param>
        /// <param name="address">To whom: a host, a group, or all if <see cref="HostOption.Broadcast"/> allows it.</param>
        /// <param name="port">To which port, 1 to 65535.</param>
        /// <param name="timeout">Milliseconds to wait for a frame, and for a link or an address that may come.</param>
        /// <returns><paramref name="count"/>; WouldBlock, NoBufferSpace, NetworkDown, AddressNotAvailable if the time is over; BadDescriptor, ConnectionAborted,
        /// OperationNotSupported, InvalidArgument, IsConnected, MessageTooLong, NetworkUnreachable, HostUnreachable.</returns>
        public int SendTo(int handle, byte[] buffer, int offset, int count, uint address, int port, int timeout)
        {
            return Call(Operation.SendTo, handle, buffer, offset, count, address, port, null, WaitKind.Write, timeout);
        }

        /// <summary>
        /// Takes bytes that have arrived, or waits for some; of a datagram socket the next datagram, whole or cut off.
        /// </summary>
        /// <param name="handle">A connected stream, or a datagram socket that has a port.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit.</param>
        /// <param name="peek">Whether they are only shown, and come again.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>How many; 0 says that the peer has closed and all was read, that the receiving side was shut down, that the datagram was empty, or that
        /// none were asked for. WouldBlock if the time is over; BadDescriptor, ConnectionAborted, InvalidArgument, NotConnected, or why the connection
        /// ended; of a datagram socket what an ICMP error said of the peer.</returns>
        public int Receive(int handle, byte[] buffer, int offset, int count, bool peek, int timeout)
        {
            return Call(peek ? Operation.Peek : Operation.Receive, handle, buffer, offset, count, 0, 0, null, WaitKind.Read, timeout);
        }

        /// <summary>
        /// Takes bytes as <see cref="Receive"/> does, and tells who has sent them.
        /// </summary>
        /// <param name="handle">As of <see cref="Receive"/>.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit.</param>
        /// <param name="peek">Whether they are only shown.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <param name="source">Gets the sender's address and port, in its first two places.</param>
        /// <returns>As of <see cref="Receive"/>.</returns>
        public int ReceiveFrom(int handle, byte[] buffer, int offset, int count, bool peek, int timeout, uint[] source)
        {
            return source == null || source.Length < 2
                ? (int)SocketError.InvalidArgument
                : Call(peek ? Operation.Peek : Operation.Receive, handle, buffer, offset, count, 0, 0, source, WaitKind.Read, timeout);
        }

        /// <summary>
        /// Looks a host up.
        /// </summary>
        /// <param name="hostname">Its name, or its address in dotted decimal, for which nobody has to be asked.</param>
        /// <param name="timeout">Milliseconds.</param>
        /// <param name="address">The address, if the result is 0.</param>
        /// <returns>0; HostNotFound, there is no such host; NoData, it has no IPv4 address; TimedOut, no server answers; TryAgain, none could tell, or
        /// none is known; WouldBlock if the time is over; InvalidArgument, it is no name.</returns>
        public int Resolve(string hostname, int timeout, out uint address)
        {
            if (IPv4Address.TryParse(hostname, out address))
            {
                return 0;
            }

            int beganAt = _threads.Now();
            int lookup = (int)SocketError.NoBufferSpace;
            int result;
            bool goesOn;
            do
            {
                result = LookUp(hostname, ref lookup, ref address);
                goesOn = (result == (int)SocketError.WouldBlock || result == (int)SocketError.NoBufferSpace)
                    && timeout != 0
                    && _owner.Wait(null, beganAt, timeout, false);
            }
            while (goesOn);

            // nobody cancels the lookup of a thread that is aborted: it ends by itself, and its result is remembered
            if (result == (int)SocketError.WouldBlock)
            {
                Cancel(lookup);
            }

            return result == (int)SocketError.NoBufferSpace ? (int)SocketError.WouldBlock : result;
        }

        private int LookUp(string hostname, ref int lookup, ref uint address)
        {
            _threads.Enter();
            try
            {
                if (lookup == (int)SocketError.NoBufferSpace)
                {
                    lookup = _resolver.Begin(hostname);
                }

                int result = lookup < 0 ? lookup : _resolver.GetResult(lookup, out address);
                _owner.Settle();
                if (result == (int)SocketError.WouldBlock)
                {
                    // what was begun may be known
                    result = _resolver.GetResult(lookup, out address);
                }
                else if (result == (int)SocketError.BadDescriptor)
                {
                    // somebody else needed the place before the result was fetched: it is remembered
                    lookup = (int)SocketError.NoBufferSpace;
                    result = lookup;
                }

                return result;
            }
            finally
            {
                _threads.Leave();
            }
        }

        private void Cancel(int lookup)
        {
            _threads.Enter();
            try
            {
                _resolver.Cancel(lookup);
            }
            finally
            {
                _threads.Leave();
            }
        }

        private int Left(int timeout, int beganAt)
        {
            if (timeout <= 0)
            {
                return timeout;
            }

            int left = timeout - (_threads.Now() - beganAt);
            return left > 0 ? left : 0;
        }

        /// <summary>
        /// Makes a call: tries it, and while it has to wait and may, waits and tries it again.
        /// </summary>
        private int Call(
            Operation operation, int handle, byte[] buffer, int offset, int count, uint address, int port, uint[] source, WaitKind kind, int timeout)
        {
            int result = Try(operation, handle, buffer, offset, count, address, port, source, null);
            if (timeout == 0 || result >= 0 || !IsTemporary(operation, result))
            {
                return result;
            }

            if (timeout < Forever)
            {
                return (int)SocketError.InvalidArgument;
            }

            int beganAt = _threads.Now();
            Waiter waiter = null;
            int ticket = 0;
            try
            {
                _owner.Take(handle, kind, ref waiter, ref ticket);
                bool goesOn;
                do
                {
                    // once more, for what came before the waiter was taken has let nobody go
                    result = Try(operation, handle, buffer, offset, count, address, port, source, waiter);
                    goesOn = result < 0 && IsTemporary(operation, result);
                    if (goesOn)
                    {
                        bool isNetwork = result == (int)SocketError.NetworkDown || result == (int)SocketError.AddressNotAvailable;
                        int limit = isNetwork && (uint)timeout > NetworkPatience ? NetworkPatience : timeout;
                        bool isSignalled = !isNetwork && result != (int)SocketError.NoBufferSpace && operation != Operation.SendTo;
                        goesOn = _owner.Wait(waiter, beganAt, limit, isSignalled);
                    }
                }
                while (goesOn);

                StackOwner.Give(waiter, ticket);
                return Ended(result);
            }
            finally
            {
                StackOwner.Give(waiter, ticket);
            }
        }

        /// <summary>
        /// What a call says that has found the socket open before: who is told that the handle fits no longer was in the midst of it.
        /// </summary>
        private static int Ended(int result) => result == (int)SocketError.BadDescriptor ? (int)SocketError.ConnectionAborted : result;

        /// <summary>
        /// Does what can be done at once, and has it leave.
        /// </summary>
        private int Try(
            Operation operation, int handle, byte[] buffer, int offset, int count, uint address, int port, uint[] source, Waiter waiter)
        {
            _threads.Enter();
            try
            {
                if (waiter != null)
                {
                    waiter.IsSet = false;
                }

                HostSocket socket = Find(handle);
                if (socket == null)
                {
                    return (int)SocketError.BadDescriptor;
                }

                int result = Do(operation, socket, buffer, offset, count, address, port, source);
                if (operation < Operation.PollRead)
                {
                    // a question leaves nothing to do
                    _owner.Settle();
                }

                return result;
            }
            finally
            {
                _threads.Leave();
            }
        }

        private int Do(Operation operation, HostSocket socket, byte[] buffer, int offset, int count, uint address, int port, uint[] source)
        {
            switch (operation)
            {
                case Operation.Receive:
                case Operation.Peek:
                    return DoReceive(socket, buffer, offset, count, operation == Operation.Peek, source);

                case Operation.Send:
                    return DoesNotFit(socket, count) ? (int)SocketError.MessageTooLong : _layer.Write(socket.Handle, buffer, offset, count);

                case Operation.SendTo:
                    return DoesNotFit(socket, count)
                        ? (int)SocketError.MessageTooLong
                        : _layer.SendTo(socket.Handle, buffer, offset, count, address, port);

                case Operation.Connect:
                    return _layer.Connect(socket.Handle, address, port);

                case Operation.FinishConnect:
                    return GetConnected(socket);

                default:
                    return DoPoll(socket, operation);
            }
        }

        private int DoReceive(HostSocket socket, byte[] buffer, int offset, int count, bool peek, uint[] source)
        {
            int handle = socket.Handle;
            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (socket.IsReceiveShut || (count == 0 && !socket.IsDatagram))
            {
                return 0;
            }

            if (socket.IsDatagram && _layer.GetLocalPort(handle) == 0)
            {
                return (int)SocketError.NotConnected;
            }

            if (source != null)
            {
                bool isStream = !socket.IsDatagram;
                source[0] = isStream ? _layer.GetRemoteAddress(handle) : _layer.GetSourceAddress(handle);
                source[1] = (uint)(isStream ? _layer.GetRemotePort(handle) : _layer.GetSourcePort(handle));
            }

            if (!peek)
            {
                return _layer.Read(handle, buffer, offset, count);
            }

            int length = _layer.Peek(handle, _view);
            if (length <= 0)
            {
                return length;
            }

            int shown = _view.CopyTo(0, buffer, offset, length < count ? length : count);
            while (shown < count && !socket.IsDatagram && (length = _view.MoveOn()) > 0)
            {
                shown += _view.CopyTo(0, buffer, offset + shown, length < count - shown ? length : count - shown);
            }

            return shown;
        }

        private int TryAccept(int handle, ref int accepted)
        {
            _threads.Enter();
            try
            {
                HostSocket listener = Find(handle);
                if (listener == null)
                {
                    return (int)SocketError.BadDescriptor;
                }

                CloseOpening();
                _opening = _layer.Accept(handle);
                int connection = Open(false, ref accepted);
                if (connection >= 0)
                {
                    // the stack gives these on with the connection
                    int[] options = _places[PlaceOf(connection)].Options;
                    options[(int)HostOption.NoDelay] = listener.Options[(int)HostOption.NoDelay];
                    options[(int)HostOption.TimeToLive] = listener.Options[(int)HostOption.TimeToLive];
                }

                _owner.Settle();
                return connection;
            }
            finally
            {
                _threads.Leave();
            }
        }

        private int DoPoll(HostSocket socket, Operation operation)
        {
            int readiness = _layer.GetReadiness(socket.Handle);
            if (socket.IsReceiveShut)
            {
                readiness |= (int)WaitKind.Read;
            }

            return (readiness & (1 << (operation - Operation.PollRead))) != 0 ? 1 : (int)SocketError.WouldBlock;
        }

        private static bool DoesNotFit(HostSocket socket, int count)
        {
            return count > UdpLayer.MaximumData && socket.IsDatagram && socket.Options[(int)HostOption.DontFragment] != 0;
        }

        private int GetConnected(HostSocket socket)
        {
            switch (_layer.GetState(socket.Handle))
            {
                case TcpState.SynSent:
                case TcpState.SynReceived:
                    return (int)SocketError.InProgress;

                case TcpState.Closed:
                case TcpState.Listen:
                    SocketError error = _layer.GetError(socket.Handle);
                    socket.HasFailedToOpen = true;
                    return error == SocketError.Success ? (int)SocketError.NotConnected : (int)error;

                default:
                    return 0;
            }
        }

        /// <summary>
        /// Whether a call may succeed later with nothing else changed.
        /// </summary>
        private bool IsTemporary(Operation operation, int result)
        {
            switch (result)
            {
                case (int)SocketError.WouldBlock:
                case (int)SocketError.NoBufferSpace:
                    return true;

                case (int)SocketError.InProgress:
                    return operation != Operation.Connect;

                case (int)SocketError.NetworkDown:
                case (int)SocketError.AddressNotAvailable:
                    return operation == Operation.Connect || operation == Operation.SendTo;

                default:
                    return false;
            }
        }
    }
}
