// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// Which ports and pairs of endpoints are taken. The control blocks are all there is to know; those that are free have port 0.
    /// </summary>
    internal sealed class TcpPorts
    {
        private readonly TcpControlBlock[] _blocks;
        private readonly RandomSource _random;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpPorts"/> class.
        /// </summary>
        /// <param name="blocks">The table of control blocks.</param>
        /// <param name="random">For ephemeral ports.</param>
        internal TcpPorts(TcpControlBlock[] blocks, RandomSource random)
        {
            _blocks = blocks;
            _random = random;
        }

        /// <summary>
        /// Gives a socket a port.
        /// </summary>
        /// <param name="block">A socket that has none.</param>
        /// <param name="port">The port, or 0 for one that no socket has.</param>
        /// <returns>Success, or AddressInUse.</returns>
        internal SocketError Bind(TcpControlBlock block, int port)
        {
            if (port != 0 && IsPortBound(port))
            {
                return SocketError.AddressInUse;
            }

            block.LocalPort = port != 0 ? port : PickEphemeralPort();
            return SocketError.Success;
        }

        /// <summary>
        /// Whether a port is taken by a listener or a bound socket.
        /// </summary>
        private bool IsPortBound(int port)
        {
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.LocalPort == port && block.RemotePort == 0)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>
        /// Picks a port at random that no connection has (RFC 6056 section 3.3.1).
        /// </summary>
        /// <returns>49152 to 65535. There are more of them than control blocks.</returns>
        private int PickEphemeralPort()
        {
            int port = PortNumbers.PickEphemeral(_random);
            while (IsPortUsed(port))
            {
                port = PortNumbers.NextEphemeral(port);
            }

            return port;
        }

        private bool IsPortUsed(int port)
        {
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                if (blocks[i].LocalPort == port)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
