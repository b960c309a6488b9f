// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// The static table of transmission control blocks: which are in use, and which can be had.
    /// </summary>
    internal sealed class TcpTable
    {
        /// <summary>
        /// Milliseconds without progress after which a connection that nobody holds may give way. An answer that is on its way has been
        /// acknowledged by then, even if it was lost once and came again after the first timeout, a second (RFC 6298 section 2.1).
        /// </summary>
        internal const int FairTime = 1500;

        /// <summary>
        /// Milliseconds after which it may give way though it moves on, once there is no other: the few segments that it can hold are
        /// worth no more.
        /// </summary>
        internal const int LongestTime = 2000;

        /// <summary>
        /// Milliseconds without progress after which a connection that nobody holds may give way if all its text has arrived: what is left
        /// is the exchange of FINs, and no user loses anything by its end. Without any text it is none at all.
        /// </summary>
        internal const int FairTimeWithoutText = 250;

        private const int Ages = int.MaxValue - (3 * LongestTime);

        // connections in chains, by the last bits of the peer's port: a segment is compared with few of them
        private const int Chains = 8;

        private readonly TcpControlBlock[] _blocks;
        private readonly TcpControlBlock[] _chains = new TcpControlBlock[Chains];
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
                _blocks[i].Reset();
            }
        }

        /// <summary>Gets the blocks, used or not.</summary>
        internal TcpControlBlock[] Blocks => _blocks;

        /// <summary>Gets the number of blocks in use.</summary>
        internal int InUse => _inUse;

        /// <summary>Gets the most blocks that were ever in use at once.</summary>
        internal int HighWater => _highWater;

        /// <summary>
        /// The block that a new connection would get: one that is free; else the oldest in TIME-WAIT; else, of those that no
        /// application holds, the one whose peer has not moved it on for longest, once that has had a fair time. So silence keeps a
        /// block for 1.5 seconds, and a peer that acknowledges a byte now and then for two.
        /// </summary>
        /// <remarks>
        /// Connections that wait to be accepted are in the hand of their listener's application, and give way only to a listener
        /// that has none: one must not starve the other.
        /// </remarks>
        /// <param name="listener">The listening block that the connection comes by, or null where the application opens it.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>The block, or null.</returns>
        internal TcpControlBlock FindAvailable(TcpControlBlock listener, int now)
        {
            TcpControlBlock waiting = FindFree();
            if (waiting != null)
            {
                return waiting;
            }

            TcpControlBlock orphan = null;
            TcpControlBlock unaccepted = null;
            int orphanAge = FairTime - 1;
            int unacceptedAge = FairTime - 1;
            bool hasOwn = false;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.Descriptor >= 0)
                {
                    continue;
                }

                if (block.Listener == null)
                {
                    int age = AgeOf(block, now, listener != null);
                    if (age > orphanAge)
                    {
                        orphanAge = age;
                        orphan = block;
                    }
                }
                else if (block.Listener == listener)
                {
                    hasOwn = true;
                }
                else
                {
                    int age = AgeOf(block, now, false);
                    if (age > unacceptedAge)
                    {
                        unacceptedAge = age;
                        unaccepted = block;
                    }
                }
            }

            return orphan != null || hasOwn ? orphan : unaccepted;
        }

        /// <summary>
        /// Finds a block that is free, or the one that has been in TIME-WAIT for longest.
        /// </summary>
        private TcpControlBlock FindFree()
        {
            TcpControlBlock waiting = null;
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.State == TcpState.TimeWait)
                {
                    if (block.Descriptor < 0 && (waiting == null || block.StateEndsAt - waiting.StateEndsAt < 0))
                    {
                        waiting = block;
                    }
                }
                else if (block.State == TcpState.Closed && block.Descriptor < 0)
                {
                    return block;
                }
            }

            return waiting;
        }

        /// <summary>
        /// Whether <see cref="FindAvailable"/> finds a block.
        /// </summary>
        /// <param name="listener">The listening block that the connection comes by.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it does.</returns>
        internal bool HasAvailable(TcpControlBlock listener, int now)
        {
            // for that it does not matter which of them it is
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.Descriptor < 0 && (block.State == TcpState.TimeWait || block.State == TcpState.Closed))
                {
                    return true;
                }
            }

            return FindAvailable(listener, now) != null;
        }

        /// <summary>
        /// Counts a block as taken. It is, once an application holds it or its state is another than CLOSED.
        /// </summary>
        /// <param name="block">A block that is not in use.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void BeginUse(TcpControlBlock block, int now)
        {
            TcpChallenge.Begin(block, now);
            LeaveAlone(block, now);
            _inUse++;
            if (_inUse > _highWater)
            {
                _highWater = _inUse;
            }
        }

        /// <summary>
        /// Gives a block the peer that its connection is with.
        /// </summary>
        /// <param name="block">A block in use, without one.</param>
        /// <param name="address">The peer's address.</param>
        /// <param name="port">The peer's port.</param>
        internal void SetPeer(TcpControlBlock block, uint address, int port)
        {
            block.RemoteAddress = address;
            block.RemotePort = port;
            int chain = port & (Chains - 1);
            block.NextOfChain = _chains[chain];
            _chains[chain] = block;
        }

        /// <summary>
        /// Finds the block with both endpoints.
        /// </summary>
        /// <param name="localPort">Our port.</param>
        /// <param name="address">The peer's address.</param>
        /// <param name="port">The peer's port.</param>
        /// <returns>The block, whose connection may have ended; or null.</returns>
        internal TcpControlBlock Find(int localPort, uint address, int port)
        {
            TcpControlBlock block = _chains[port & (Chains - 1)];
            while (block != null && (block.RemotePort != port || block.RemoteAddress != address || block.LocalPort != localPort))
            {
                block = block.NextOfChain;
            }

            return block;
        }

        /// <summary>
        /// An application holds the block.
        /// </summary>
        /// <param name="block">The block.</param>
        internal static void Attach(TcpControlBlock block)
        {
            block.Attached = true;
        }

        /// <summary>
        /// The application gives its descriptor up.
        /// </summary>
        /// <param name="block">The block.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Detach(TcpControlBlock block, int now)
        {
            block.Attached = false;
            LeaveAlone(block, now);
        }

        /// <summary>
        /// No application holds a connection any more, or yet: its peer is given a fair time from now on.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void LeaveAlone(TcpControlBlock block, int now)
        {
            block.AloneSince = now;

            // who owes us an acknowledgment has had the time before, too
            block.ProgressAt = SendTimer.AwaitsAcknowledgment(block) ? block.UserTimeoutFrom : now;
        }

        /// <summary>
        /// The peer has moved a connection on that no application holds.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void NoteProgress(TcpControlBlock block, int now)
        {
            block.ProgressAt = now;
        }

        /// <summary>
        /// Marks a block as free. Descriptors of it no longer fit.
        /// </summary>
        /// <param name="block">A block in use, its queues empty.</param>
        internal void Free(TcpControlBlock block)
        {
            if (block.RemotePort != 0)
            {
                LeaveChain(block);
            }

            block.Reset();
            block.Retire();
            _inUse--;
        }

        private void LeaveChain(TcpControlBlock block)
        {
            int chain = block.RemotePort & (Chains - 1);
            TcpControlBlock other = _chains[chain];
            if (other == block)
            {
                _chains[chain] = block.NextOfChain;
            }
            else
            {
                while (other.NextOfChain != block)
                {
                    other = other.NextOfChain;
                }

                other.NextOfChain = block.NextOfChain;
            }

            block.NextOfChain = null;
        }

        /// <summary>
        /// For how long a connection has kept its block for nothing. Who moves on counts as younger than who does not.
        /// </summary>
        /// <returns>Milliseconds; less than the fair time while it must be left alone.</returns>
        private static int AgeOf(TcpControlBlock block, int now, bool isForPeer)
        {
            // a difference that has wrapped, or is about to, is longer than any other
            int silent = now - block.ProgressAt;
            if (silent < 0 || silent > Ages)
            {
                return int.MaxValue;
            }

            // one that has never carried text of ours, such as those that browsers hold in reserve, keeps no peer waiting at all
            if ((silent >= FairTimeWithoutText || (isForPeer && block.SndEnd == block.Iss + 1)) && block.FinQueued && !SequenceNumber.Before(block.SndUna, block.SndEnd))
            {
                // before all others, unless they have been silent for four seconds longer
                return silent + (3 * LongestTime);
            }

            if (silent >= FairTime)
            {
                return silent + LongestTime;
            }

            int alone = now - block.AloneSince;
            if (alone < 0 || alone >= 2 * LongestTime)
            {
                alone = (2 * LongestTime) - 1;
            }

            return alone - (LongestTime - FairTime);
        }
    }
}
