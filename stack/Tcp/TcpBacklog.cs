// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Connections that a listener's peers have opened and the application has not accepted, half-open ones included.
    /// </summary>
    internal sealed class TcpBacklog
    {
        private readonly TcpLayer _tcp;
        private readonly TcpControlBlock[] _blocks;
        private readonly TcpCounters _counters;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpBacklog"/> class.
        /// </summary>
        /// <param name="tcp">The layer, which owns the table of blocks.</param>
        /// <param name="blocks">The table of blocks.</param>
        /// <param name="counters">The layer's counters.</param>
        internal TcpBacklog(TcpLayer tcp, TcpControlBlock[] blocks, TcpCounters counters)
        {
            _tcp = tcp;
            _blocks = blocks;
            _counters = counters;
        }

        /// <summary>
        /// Takes a block for a new connection. If backlog or table are full, the oldest half-open connection whose peer has
        /// left our SYN unanswered for a whole timeout makes room: who really wants to connect answers sooner (RFC 4987 section 3.4).
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <returns>The block, or null: the SYN is dropped in silence, for an honest peer repeats it.</returns>
        internal TcpControlBlock Allocate(TcpControlBlock listener)
        {
            int pending = 0;
            TcpControlBlock unanswered = null;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (!block.InUse || block.Listener != listener)
                {
                    continue;
                }

                pending++;
                if (block.State == TcpState.SynReceived && block.Retransmits > 0
                    && (unanswered == null || block.StateEndsAt - unanswered.StateEndsAt < 0))
                {
                    unanswered = block;
                }
            }

            TcpControlBlock taken = pending < listener.Backlog ? _tcp.Allocate() : null;
            if (taken == null && unanswered != null)
            {
                _counters.FailedOpens++;
                _counters.HalfOpenRecycled++;
                _tcp.Abandon(unanswered, SocketError.TimedOut);
                taken = _tcp.Allocate();
            }

            return taken;
        }

        /// <summary>
        /// The connection that was completed first.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <returns>The connection, or null.</returns>
        internal TcpControlBlock FindOldest(TcpControlBlock listener)
        {
            TcpControlBlock oldest = null;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.InUse && block.Listener == listener && block.State != TcpState.SynReceived
                    && (oldest == null || (int)(block.OpenOrder - oldest.OpenOrder) < 0))
                {
                    oldest = block;
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
