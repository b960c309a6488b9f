// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// Says in words what a <see cref="SocketError"/> means, for a person who reads a log.
    /// </summary>
    public static class SocketErrorText
    {
        /// <summary>
        /// The words for an error.
        /// </summary>
        /// <param name="error">The error.</param>
        /// <returns>A sentence.</returns>
        public static string Of(SocketError error)
        {
            switch (error)
            {
                case SocketError.Success:
                    return "Nothing is wrong.";
                case SocketError.WouldBlock:
                    return "The call would have to wait.";
                case SocketError.InProgress:
                    return "The connection is still being made.";
                case SocketError.BadDescriptor:
                    return "There is no such socket, or it was closed.";
                case SocketError.InvalidArgument:
                    return "An argument is out of its range.";
                case SocketError.InvalidState:
                    return "The call does not fit the state of the socket.";
                case SocketError.AddressInUse:
                    return "Another socket has the port.";
                case SocketError.NotConnected:
                    return "The socket is not connected.";
                case SocketError.IsConnected:
                    return "The socket is connected already.";
                case SocketError.Shutdown:
                    return "This direction of the connection was closed by the application.";
                case SocketError.ConnectionRefused:
                    return "The peer answered that nobody listens on the port.";
                case SocketError.ConnectionReset:
                    return "The peer reset the connection.";
                case SocketError.ConnectionAborted:
                    return "The application aborted the connection.";
                case SocketError.TimedOut:
                    return "The time is over, or the peer did not answer in time.";
                case SocketError.HostUnreachable:
                    return "The host does not answer, or a router says that it cannot be reached.";
                case SocketError.NetworkUnreachable:
                    return "The destination is not on the link, and there is no gateway.";
                case SocketError.NoBufferSpace:
                    return "No frame is free, or the table of groups is full.";
                case SocketError.TooManyOpenSockets:
                    return "All sockets of this kind are in use.";
                case SocketError.AddressNotAvailable:
                    return "We do not have the address: not yet, or no longer.";
                case SocketError.MessageTooLong:
                    return "The datagram is too large.";
                case SocketError.TimeToLiveExceeded:
                    return "A router dropped the packet, for it had passed as many as it may.";
                case SocketError.WouldDeadlock:
                    return "Background work must not wait while another call waits.";
                case SocketError.HostNotFound:
                    return "There is no host of this name, or nothing that looks names up: an address is like 192.168.1.1.";
                case SocketError.NetworkDown:
                    return "There is no link: no cable, or nobody at its other end.";
                case SocketError.InvalidAddress:
                    return "No host can have the address in a network with this netmask.";
                case SocketError.InvalidNetmask:
                    return "The netmask has a gap.";
                case SocketError.InvalidGateway:
                    return "The gateway is outside of our network, is ourselves, or is no host's address.";
                case SocketError.OperationNotSupported:
                    return "The call is not for this kind of socket.";
                case SocketError.NoData:
                    return "The name exists, but has no IPv4 address.";
                case SocketError.TryAgain:
                    return "No name server is known, or none could tell just now.";
                default:
                    return "Unknown error.";
            }
        }
    }
}
