// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Threading
{
    /// <summary>
    /// What a thread waits for. The first three are the bits of <see cref="Sockets.SocketLayer.GetReadiness"/>.
    /// </summary>
    internal enum WaitKind
    {
        /// <summary>Something to read, or nothing ever more; or a connection to accept.</summary>
        Read = 1,

        /// <summary>Room to write, or an end of the connection; also what a connection waits for that is being opened.</summary>
        Write = 2,

        /// <summary>An error.</summary>
        Error = 4,

        /// <summary>The peer has acknowledged all that was written.</summary>
        Acknowledged,

        /// <summary>A link or an address.</summary>
        Network,
    }
}
