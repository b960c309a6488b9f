// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Connections that a listener's peers have opened and the application has not accepted.
    /// </summary>
    internal sealed class TcpBacklog
    {
        private readonly TcpLayer _tcp;
        private readonly TcpControlBlock[] _blocks;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpBacklog"/> class.
        /// </summary>
        /// <param name="tcp">The layer, which owns the table of blocks.</param>
        /// <param name="blocks">The table of blocks.</param>
        internal TcpBacklog(TcpLayer tcp, TcpControlBlock[] blocks)
        {
            _tcp = tcp;
            _blocks = blocks;
        }

        /// <summary>
        /// Whether one more connection may wait to be accepted.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <returns>Whether there is room.</returns>
        internal bool HasRoom(TcpControlBlock listener)
        {
            int waiting = 0;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                if (blocks[i].InUse && blocks[i].Listener == listener)
                {
                    waiting++;
                }
            }

            return waiting < listener.Backlog;
        }

        /// <summary>
        /// The connection to accept next: the first one whose peer has sent something, or the first of all. So a crowd that connects
        /// and stays silent keeps nobody out who has a question.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <returns>The connection, or null.</returns>
        internal TcpControlBlock FindOldest(TcpControlBlock listener)
        {
            TcpControlBlock oldest = null;
            bool speaks = false;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.InUse && block.Listener == listener)
                {
                    bool spoke = block.ReceiveQueue.Count > 0;
                    if (oldest == null || (spoke == speaks ? (int)(block.OpenOrder - oldest.OpenOrder) < 0 : spoke))
                    {
                        oldest = block;
                        speaks = spoke;
                    }
                }
            }

            return oldest;
        }

        /// <summary>
        /// Resets all connections: the listener is closed.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        internal void ResetAll(TcpControlBlock listener)
        {
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.InUse && block.Listener == listener)
                {
                    block.Listener = null;
                    _tcp.Reset(block, SocketError.ConnectionAborted);
                }
            }
        }
    }
}
