// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Threading
{
    /// <summary>
    /// What can be set of a socket, or asked, with <see cref="SocketHost.SetOption"/> and <see cref="SocketHost.GetOption"/>. Switches are 0 or 1.
    /// </summary>
    public enum HostOption
    {
        /// <summary>Small segments leave at once (Nagle off). Streams.</summary>
        NoDelay,

        /// <summary>A silent peer is probed after two hours (RFC 9293 section 3.8.4). Streams.</summary>
        KeepAlive,

        /// <summary>What <see cref="SocketHost.Close"/> does with what the peer has not acknowledged: -1, it returns at once and the stack goes on
        /// (this is how a socket begins); 0, the connection is reset; else seconds that it waits. Streams.</summary>
        Linger,

        /// <summary>Of datagram sockets: the port is shared with others of which this is set too when they are given it; what is sent to all or to a group comes to
        /// each, anything else to the one that was bound last. Of streams: a port may be bound that an earlier connection still has in TIME-WAIT, which is always so
        /// here; the switch is kept and changes nothing.</summary>
        ReuseAddress,

        /// <summary>Nobody else may bind the port: always so here, unless both say <see cref="ReuseAddress"/>; the switch is kept and changes nothing.</summary>
        ExclusiveAddressUse,

        /// <summary>Milliseconds that a send may wait, 0 for ever: kept for whoever makes the calls, which have a timeout of their own.</summary>
        SendTimeout,

        /// <summary>Milliseconds that a receive may wait, 0 for ever: kept as <see cref="SendTimeout"/> is.</summary>
        ReceiveTimeout,

        /// <summary>Bytes of the send buffer. It is what the stack was made with; setting it changes nothing.</summary>
        SendBuffer,

        /// <summary>Bytes of the receive buffer, likewise.</summary>
        ReceiveBuffer,

        /// <summary>Routers that packets may pass, 1 to 255.</summary>
        TimeToLive,

        /// <summary>The same for datagrams to groups.</summary>
        MulticastTimeToLive,

        /// <summary>Whether what is sent to a group comes to this board's members of it too, itself included: yes, unless it is set to 0. Datagram
        /// sockets.</summary>
        MulticastLoopback,

        /// <summary>The address of the interface for datagrams to groups: ours, or 0 for any.</summary>
        MulticastInterface,

        /// <summary>Datagrams may be sent to all hosts of the link. Datagram sockets.</summary>
        Broadcast,

        /// <summary>Datagrams that need more than one packet are refused with MessageTooLong. Datagram sockets.</summary>
        DontFragment,

        /// <summary>SO_TYPE, which can only be asked: 1, a stream; 2, datagrams.</summary>
        Type,

        /// <summary>SO_ERROR, which can only be asked: a SocketError, 0 while nothing is wrong.</summary>
        Error,
    }
}
