// Licensed under the MIT license. See LICENSE in the repository root.

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
        internal static bool HasRoom(TcpControlBlock listener) => listener.Waiting < listener.Backlog;

        /// <summary>
        /// A connection has been opened, and waits from now on.
        /// </summary>
        /// <param name="listener">The listening block that it came by.</param>
        /// <param name="block">The connection.</param>
        internal static void Add(TcpControlBlock listener, TcpControlBlock block)
        {
            block.Listener = listener;
            listener.Waiting++;
        }

        /// <summary>
        /// A connection has been accepted, or has ended before.
        /// </summary>
        /// <param name="block">A connection that waits.</param>
        internal static void Remove(TcpControlBlock block)
        {
            block.Listener.Waiting--;
            block.Listener = null;
        }

        /// <summary>
        /// The connection to accept next: the first one whose peer has sent something, or the first of all. So a crowd that connects
        /// and stays silent keeps nobody out who has a question.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <returns>The connection, or null.</returns>
        internal TcpControlBlock FindOldest(TcpControlBlock listener)
        {
            if (listener.Waiting == 0)
            {
                return null;
            }

            TcpControlBlock oldest = null;
            bool speaks = false;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.Listener == listener)
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
                if (block.Listener == listener)
                {
                    _tcp.Reset(block, SocketError.ConnectionAborted);
                }
            }
        }
    }
}
