// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// Why a call did not do what it was asked. Calls return a count or a descriptor, which are never negative, or one of these.
    /// </summary>
    public enum SocketError
    {
        /// <summary>Nothing is wrong.</summary>
        Success = 0,

        /// <summary>Nothing to read, nobody to accept, or no room to write right now: try again after the next poll.</summary>
        WouldBlock = -1,

        /// <summary>The connection is being made.</summary>
        InProgress = -2,

        /// <summary>The descriptor names no socket: it was never given out, or it was closed.</summary>
        BadDescriptor = -3,

        /// <summary>An argument is out of its range.</summary>
        InvalidArgument = -4,

        /// <summary>The call does not fit the state that the socket is in.</summary>
        InvalidState = -5,

        /// <summary>Another socket has the port.</summary>
        AddressInUse = -6,

        /// <summary>The socket is not connected.</summary>
        NotConnected = -7,

        /// <summary>The socket is connected, or being connected, already.</summary>
        IsConnected = -8,

        /// <summary>This direction of the connection was closed by the application.</summary>
        Shutdown = -9,

        /// <summary>The peer answered that nobody listens on the port.</summary>
        ConnectionRefused = -10,

        /// <summary>The peer reset the connection.</summary>
        ConnectionReset = -11,

        /// <summary>The application aborted the connection.</summary>
        ConnectionAborted = -12,

        /// <summary>The peer did not answer in time.</summary>
        TimedOut = -13,

        /// <summary>The next hop does not answer ARP requests, or a router or host says that the peer cannot be reached.</summary>
        HostUnreachable = -14,

        /// <summary>The destination is not on the link, and there is no gateway.</summary>
        NetworkUnreachable = -15,

        /// <summary>No frame is free, or the table of multicast groups is full.</summary>
        NoBufferSpace = -16,

        /// <summary>All sockets of the table are in use.</summary>
        TooManyOpenSockets = -17,

        /// <summary>We have no address: not yet, or no longer.</summary>
        AddressNotAvailable = -18,

        /// <summary>The datagram is larger than <c>UdpLayer.LargestData</c>.</summary>
        MessageTooLong = -19,

        /// <summary>A router dropped the echo request, for it had passed as many as it may.</summary>
        TimeToLiveExceeded = -20,

        /// <summary>A waiting call was made from background work, while another waits: neither would ever return.</summary>
        WouldDeadlock = -21,

        /// <summary>There is no host of this name; or nobody who could look a name up, and it is no address.</summary>
        HostNotFound = -22,

        /// <summary>There is no link: no cable, or nobody at its other end.</summary>
        NetworkDown = -23,

        /// <summary>No host can have the address in a network with this netmask.</summary>
        InvalidAddress = -24,

        /// <summary>The netmask has a gap: a one after a zero.</summary>
        InvalidNetmask = -25,

        /// <summary>The gateway is outside of our network, is ourselves, or no host can have its address.</summary>
        InvalidGateway = -26,

        /// <summary>The socket is of another kind: a datagram socket does not listen.</summary>
        OperationNotSupported = -27,

        /// <summary>The name exists, but no IPv4 address belongs to it.</summary>
        NoData = -28,

        /// <summary>No name server is known, or none could tell just now.</summary>
        TryAgain = -29,
    }
}
