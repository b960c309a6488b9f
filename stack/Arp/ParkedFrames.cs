// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Arp
{
    /// <summary>
    /// Frames that wait for a neighbour's answer: the latest for each (RFC 1122 section 2.3.2.2). They leave a third of the frames of
    /// each size (<see cref="KeepPriority.Spare"/>), and the oldest gives way.
    /// </summary>
    internal sealed class ParkedFrames : IFrameKeeper
    {
        private readonly ArpCache _cache;
        private readonly FramePool _pool;
        private readonly ArpCounters _counters;

        internal ParkedFrames(ArpCache cache, FramePool pool, ArpCounters counters)
        {
            _cache = cache;
            _pool = pool;
            _counters = counters;
        }

        /// <summary>
        /// Keeps a frame in the place of the one before. If there are not frames enough left, those that have waited longest make room.
        /// </summary>
        /// <param name="entry">The neighbour.</param>
        /// <param name="frame">The frame. The caller's reference stays the caller's.</param>
        /// <returns>Whether it waits now.</returns>
        internal bool Park(ArpEntry entry, Frame frame)
        {
            Drop(entry);
            while (!_pool.MayKeep(frame, KeepPriority.Spare))
            {
                if (!GiveUp(frame.SizeClass))
                {
                    return false;
                }
            }

            frame.Retain();
            entry.Parked = frame;
            _counters._parked++;
            return true;
        }

        /// <summary>
        /// Takes out the frame that waits for a neighbour, to be sent.
        /// </summary>
        /// <param name="entry">The neighbour, for which one waits.</param>
        /// <returns>The frame, whose reference is the caller's now.</returns>
        internal Frame Unpark(ArpEntry entry)
        {
            Frame parked = entry.Parked;
            entry.Parked = null;
            return parked;
        }

        /// <summary>Gives up the frame that waits for a neighbour, if there is one.</summary>
        internal void Drop(ArpEntry entry)
        {
            if (entry.Parked != null)
            {
                _counters._parkedDropped++;
                _pool.Return(Unpark(entry));
            }
        }

        /// <summary>
        /// Drops the frame that has waited longest, for who needs it more.
        /// </summary>
        /// <param name="sizeClass">Its size class, or <see cref="FramePool.AnySize"/>.</param>
        /// <returns>Whether there was one.</returns>
        public bool GiveUp(int sizeClass)
        {
            ArpEntry oldest = null;
            ArpEntry[] entries = _cache.Entries;
            for (int i = 0; i < entries.Length; i++)
            {
                ArpEntry entry = entries[i];
                Frame parked = entry.Parked;
                if (parked != null && parked.References == 1 && (sizeClass == FramePool.AnySize || parked.SizeClass == sizeClass)
                    && (oldest == null || entry.UsedAt - oldest.UsedAt < 0))
                {
                    oldest = entry;
                }
            }

            if (oldest == null)
            {
                return false;
            }

            Drop(oldest);
            return true;
        }
    }
}
