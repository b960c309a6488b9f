// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// Connections that a listener's peers have opened and the application has not accepted. Owns <see cref="TcpControlBlock.Backlog"/>,
    /// <see cref="TcpControlBlock.Waiting"/>, <see cref="TcpControlBlock.Listener"/> and <see cref="TcpControlBlock.OpenOrder"/>.
    /// </summary>
    internal sealed class TcpBacklog
    {
        /// <summary>Connections that may be established in a row faster than eight a millisecond.</summary>
        private const uint MostAhead = 8000;

        private readonly TcpEnding _ending;
        private readonly TcpControlBlock[] _blocks;
        private TcpControlBlock _newest;
        private uint _order;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpBacklog"/> class.
        /// </summary>
        /// <param name="ending">Ends connections.</param>
        /// <param name="blocks">The table of blocks.</param>
        internal TcpBacklog(TcpEnding ending, TcpControlBlock[] blocks)
        {
            _ending = ending;
            _blocks = blocks;
            _newest = blocks[0];
        }

        /// <summary>
        /// A listener begins.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <param name="backlog">Connections that may wait to be accepted.</param>
        internal static void Begin(TcpControlBlock listener, int backlog)
        {
            listener.Backlog = backlog;
        }

        /// <summary>
        /// A connection is established: later than the last one, also of the same millisecond. Many of one millisecond run ahead a little.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void NoteOrder(TcpControlBlock block, int now)
        {
            uint order = (uint)now << 3;
            _order = _order - order < MostAhead ? _order + 1 : order;
            block.OpenOrder = _order;
            _newest = block;
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

            if (listener.Waiting == 1 && _newest.Listener == listener)
            {
                // most are accepted before the next one comes
                return _newest;
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
        /// <param name="now">The time in milliseconds.</param>
        internal void ResetAll(TcpControlBlock listener, int now)
        {
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.Listener == listener)
                {
                    _ending.Reset(block, SocketError.ConnectionAborted, now);
                }
            }
        }
    }
}
