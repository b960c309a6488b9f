// Licensed under the MIT license. See LICENSE in the repository root.

using StackError = TcpIp.SocketError;

namespace System.Net.Sockets
{
    /// <summary>
    /// A call of a socket did not do what it was asked.
    /// </summary>
    [Serializable]
    public class SocketException : Exception
    {
        private readonly int _errorCode;

        /// <summary>
        /// Initializes a new instance of the <see cref="SocketException"/> class.
        /// </summary>
        /// <param name="errorCode">Why. A result of the stack, which is below -1, becomes the number that Winsock has for it.</param>
        public SocketException(SocketError errorCode)
            : base((int)errorCode < -1 ? TcpIp.SocketErrorText.Of((StackError)(int)errorCode) : "Socket error " + ((int)errorCode).ToString())
        {
            // in one piece: one table
            switch ((StackError)(int)errorCode)
            {
                case StackError.InProgress:
                    errorCode = SocketError.InProgress;
                    break;
                case StackError.BadDescriptor:
                    errorCode = SocketError.NotSocket;
                    break;
                case StackError.InvalidArgument:
                case StackError.InvalidState:
                case StackError.InvalidNetmask:
                case StackError.InvalidGateway:
                case StackError.WouldDeadlock:
                    errorCode = SocketError.InvalidArgument;
                    break;
                case StackError.AddressInUse:
                    errorCode = SocketError.AddressAlreadyInUse;
                    break;
                case StackError.NotConnected:
                    errorCode = SocketError.NotConnected;
                    break;
                case StackError.IsConnected:
                    errorCode = SocketError.IsConnected;
                    break;
                case StackError.Shutdown:
                    errorCode = SocketError.Shutdown;
                    break;
                case StackError.ConnectionRefused:
                    errorCode = SocketError.ConnectionRefused;
                    break;
                case StackError.ConnectionReset:
                    errorCode = SocketError.ConnectionReset;
                    break;
                case StackError.ConnectionAborted:
                    errorCode = SocketError.ConnectionAborted;
                    break;
                case StackError.TimedOut:
                    errorCode = SocketError.TimedOut;
                    break;
                case StackError.HostUnreachable:
                case StackError.TimeToLiveExceeded:
                    errorCode = SocketError.HostUnreachable;
                    break;
                case StackError.NetworkUnreachable:
                    errorCode = SocketError.NetworkUnreachable;
                    break;
                case StackError.NoBufferSpace:
                    errorCode = SocketError.NoBufferSpaceAvailable;
                    break;
                case StackError.TooManyOpenSockets:
                    errorCode = SocketError.TooManyOpenSockets;
                    break;
                case StackError.AddressNotAvailable:
                case StackError.InvalidAddress:
                    errorCode = SocketError.AddressNotAvailable;
                    break;
                case StackError.MessageTooLong:
                    errorCode = SocketError.MessageSize;
                    break;
                case StackError.HostNotFound:
                    errorCode = SocketError.HostNotFound;
                    break;
                case StackError.NetworkDown:
                    errorCode = SocketError.NetworkDown;
                    break;
                case StackError.OperationNotSupported:
                    errorCode = SocketError.OperationNotSupported;
                    break;
                case StackError.NoData:
                    errorCode = SocketError.NoData;
                    break;
                case StackError.TryAgain:
                    errorCode = SocketError.TryAgain;
                    break;
            }

            _errorCode = (int)errorCode;
        }

        /// <summary>Gets why, as a number of <see cref="SocketError"/>.</summary>
        public int ErrorCode => _errorCode;
    }
}
