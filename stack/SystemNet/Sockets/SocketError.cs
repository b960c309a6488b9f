// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.Sockets
{
    /// <summary>Why a call did not do what it was asked, by the numbers of Winsock.</summary>
    public enum SocketError
    {
        /// <summary>Nothing is wrong.</summary>
        Success = 0,

        /// <summary>Something is wrong that has no number of its own.</summary>
        SocketError = -1,

        /// <summary>The socket was closed while the call waited.</summary>
        Interrupted = 10004,

        /// <summary>Not allowed: a broadcast without the option for it.</summary>
        AccessDenied = 10013,

        /// <summary>A bad pointer.</summary>
        Fault = 10014,

        /// <summary>An argument is out of its range, or the call does not fit the state of the socket.</summary>
        InvalidArgument = 10022,

        /// <summary>All sockets are in use.</summary>
        TooManyOpenSockets = 10024,

        /// <summary>The call would have to wait.</summary>
        WouldBlock = 10035,

        /// <summary>The connection is being made.</summary>
        InProgress = 10036,

        /// <summary>The connection is being made already.</summary>
        AlreadyInProgress = 10037,

        /// <summary>There is no such socket: it was closed.</summary>
        NotSocket = 10038,

        /// <summary>Where to is missing.</summary>
        DestinationAddressRequired = 10039,

        /// <summary>The datagram is larger than the buffer, or than can be sent.</summary>
        MessageSize = 10040,

        /// <summary>The protocol does not fit the kind of socket.</summary>
        ProtocolType = 10041,

        /// <summary>The option is not one of this level.</summary>
        ProtocolOption = 10042,

        /// <summary>There is no such protocol here.</summary>
        ProtocolNotSupported = 10043,

        /// <summary>There is no such kind of socket here.</summary>
        SocketNotSupported = 10044,

        /// <summary>The call is not for this kind of socket.</summary>
        OperationNotSupported = 10045,

        /// <summary>There is no such family here.</summary>
        ProtocolFamilyNotSupported = 10046,

        /// <summary>The address is of another family.</summary>
        AddressFamilyNotSupported = 10047,

        /// <summary>Another socket has the port.</summary>
        AddressAlreadyInUse = 10048,

        /// <summary>The address is not ours, or no peer can have it.</summary>
        AddressNotAvailable = 10049,

        /// <summary>There is no link.</summary>
        NetworkDown = 10050,

        /// <summary>No way leads there.</summary>
        NetworkUnreachable = 10051,

        /// <summary>The network has dropped the connection.</summary>
        NetworkReset = 10052,

        /// <summary>The connection was aborted on this side.</summary>
        ConnectionAborted = 10053,

        /// <summary>The peer has reset the connection.</summary>
        ConnectionReset = 10054,

        /// <summary>No memory for it right now.</summary>
        NoBufferSpaceAvailable = 10055,

        /// <summary>The socket is connected already.</summary>
        IsConnected = 10056,

        /// <summary>The socket is not connected.</summary>
        NotConnected = 10057,

        /// <summary>This direction of the connection was closed.</summary>
        Shutdown = 10058,

        /// <summary>The time is over, or the peer does not answer.</summary>
        TimedOut = 10060,

        /// <summary>Nobody listens there.</summary>
        ConnectionRefused = 10061,

        /// <summary>The host is down.</summary>
        HostDown = 10064,

        /// <summary>The host does not answer, or a router cannot reach it.</summary>
        HostUnreachable = 10065,

        /// <summary>Too many users of the network.</summary>
        ProcessLimit = 10067,

        /// <summary>There is no network yet.</summary>
        SystemNotReady = 10091,

        /// <summary>The version is not the right one.</summary>
        VersionNotSupported = 10092,

        /// <summary>No network was set up.</summary>
        NotInitialized = 10093,

        /// <summary>The connection is being closed.</summary>
        Disconnecting = 10101,

        /// <summary>There is no such type.</summary>
        TypeNotFound = 10109,

        /// <summary>There is no host of this name.</summary>
        HostNotFound = 11001,

        /// <summary>No name server could tell just now.</summary>
        TryAgain = 11002,

        /// <summary>The name server will not tell.</summary>
        NoRecovery = 11003,

        /// <summary>The name has no IPv4 address.</summary>
        NoData = 11004,
    }
}
