// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Sockets
{
    /// <summary>
    /// What a socket is for.
    /// </summary>
    public enum SocketType
    {
        /// <summary>A connection over which bytes arrive complete and in order: TCP.</summary>
        Stream,

        /// <summary>Datagrams that arrive whole or not at all: UDP.</summary>
        Datagram,

        /// <summary>Echo requests, and what becomes of them: ICMP, as ping and traceroute use it.</summary>
        Echo,
    }
}
