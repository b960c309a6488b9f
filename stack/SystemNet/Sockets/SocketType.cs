// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.Sockets
{
    /// <summary>The kind of a socket.</summary>
    public enum SocketType
    {
        /// <summary>A stream of bytes over a connection: TCP.</summary>
        Stream = 1,

        /// <summary>Datagrams: UDP.</summary>
        Dgram = 2,

        /// <summary>Bare packets; there are none here.</summary>
        Raw = 3,

        /// <summary>Reliable messages; there are none here.</summary>
        Rdm = 4,

        /// <summary>Reliable messages over a connection; there are none here.</summary>
        Seqpacket = 5,

        /// <summary>Not known.</summary>
        Unknown = -1,
    }
}
