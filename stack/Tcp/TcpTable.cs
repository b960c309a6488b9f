// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// The static table of transmission control blocks: which are in use, and which can be had.
    /// </summary>
    internal sealed class TcpTable
    {
        private readonly TcpControlBlock[] _blocks;
        private int _inUse;
        private int _highWater;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpTable"/> class.
        /// </summary>
        /// <param name="sockets">Number of blocks.</param>
        internal TcpTable(int sockets)
        {
            _blocks = new TcpControlBlock[sockets];
            for (int i = 0; i < sockets; i++)
            {
                _blocks[i] = new TcpControlBlock(i);
            }
        }

        /// <summary>Gets the blocks, used or not.</summary>
        internal TcpControlBlock[] Blocks => _blocks;

        /// <summary>Gets the number of blocks in use.</summary>
        internal int InUse => _inUse;

        /// <summary>Gets the most blocks that were ever in use at once.</summary>
        internal int HighWater => _highWater;

        /// <summary>
        /// The block that a new connection would get: one that is free; else the oldest in TIME-WAIT; else the oldest that nobody
        /// owns and whose peer is slow to close (FIN-WAIT-2).
        /// </summary>
        /// <returns>The block, or null.</returns>
        internal TcpControlBlock FindAvailable()
        {
            TcpControlBlock waiting = null;
            TcpControlBlock orphan = null;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (!block.InUse)
                {
                    return block;
                }

                if (block.Attached)
                {
                    continue;
                }

                if (block.State == TcpState.TimeWait && (waiting == null || block.StateEndsAt - waiting.StateEndsAt < 0))
                {
                    waiting = block;
                }
                else if (block.State == TcpState.FinWait2 && (orphan == null || block.StateEndsAt - orphan.StateEndsAt < 0))
                {
                    orphan = block;
                }
            }

            return waiting ?? orphan;
        }

        /// <summary>
        /// Marks a block as taken.
        /// </summary>
        /// <param name="block">A block that is not in use.</param>
        internal void Take(TcpControlBlock block)
        {
            block.Reset();
            block.InUse = true;
            _inUse++;
            if (_inUse > _highWater)
            {
                _highWater = _inUse;
            }
        }

        /// <summary>
        /// Marks a block as free. Descriptors of it no longer fit.
        /// </summary>
        /// <param name="block">A block in use, its queues empty.</param>
        internal void Free(TcpControlBlock block)
        {
            block.Reset();
            block.InUse = false;
            block.Generation++;
            _inUse--;
        }
    }
}
