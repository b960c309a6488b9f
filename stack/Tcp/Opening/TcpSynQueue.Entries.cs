// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <content>
    /// The entries: which are free, who waits in one for a control block, and who gives way to him.
    /// </content>
    internal sealed partial class TcpSynQueue
    {
        /// <summary>
        /// There is no place for a connection whose peer has done its part. The entry keeps its turn, and the first text if there are frames
        /// to spare: else the place would stand empty until the peer sends it again.
        /// </summary>
        private void KeepWaiting(TcpHalfOpen entry, TcpSegment segment)
        {
            _counters._acceptQueueFull++;
            entry.SendWindow = segment.Window;
            if (segment.TextLength > 0)
            {
                entry.Marks |= TcpHalfOpen.Speaks;
            }

            if (segment.Sequence == entry.Irs + 1 && (entry.Kept == null || (segment.TextLength > 0 && (entry.Marks & TcpHalfOpen.HasText) == 0))
                && _pool.MayKeep(segment.Frame, KeepPriority.Spare))
            {
                Frame frame = segment.Frame;
                frame.Retain();
                if (entry.Kept != null)
                {
                    _pool.Return(entry.Kept);
                }

                entry.Kept = frame;
                if (segment.TextLength > 0)
                {
                    entry.Marks |= TcpHalfOpen.HasText;
                }
            }

            if ((entry.Marks & TcpHalfOpen.Proven) == 0)
            {
                entry.Marks |= TcpHalfOpen.Proven;
                Proven++;
                _tcp.NoteWaiting();
            }
        }

        /// <summary>
        /// Gives one that waits a control block. There is one for it.
        /// </summary>
        private void Serve(TcpHalfOpen entry, int now)
        {
            TcpControlBlock block = CreateFor(entry);
            _handshake.TakeRoundTrip(block, -1);
            _handshake.Complete(block, entry.Irs + 1, entry.Iss + 1, entry.SendWindow, now);
            _acknowledgment.Advance(block, entry.Iss + 1, now);
            Frame kept = entry.Kept;
            entry.Kept = null;
            Free(entry);
            if (kept != null)
            {
                _transmitter.Confirm(block, kept);
                _tcp.ReceiveKept(block, kept);
                _pool.Return(kept);
            }
        }

        /// <summary>
        /// Who of those that wait is next, first come, first served; but who has sent text goes before who is silent, and if it was kept before one
        /// who has to send it again.
        /// </summary>
        /// <returns>An entry for whose connection there is a place, or null.</returns>
        private TcpHalfOpen FindWaiting()
        {
            TcpHalfOpen oldest = null;
            int speaks = 0;
            TcpHalfOpen[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                TcpHalfOpen entry = entries[i];
                if (entry.Listener == null || (entry.Marks & TcpHalfOpen.Proven) == 0)
                {
                    continue;
                }

                int spoke = entry.Marks & (TcpHalfOpen.Speaks | TcpHalfOpen.HasText);
                if ((oldest == null || (spoke == speaks ? entry.StartedAt - oldest.StartedAt < 0 : spoke > speaks))
                    && _tcp.HasPlace(entry.Listener))
                {
                    oldest = entry;
                    speaks = spoke;
                }
            }

            return oldest;
        }

        private TcpHalfOpen FindFree()
        {
            TcpHalfOpen[] entries = _entries;
            if (InUse == entries.Length)
            {
                return null;
            }

            int i = 0;
            while (entries[i].Listener != null)
            {
                i++;
            }

            return entries[i];
        }

        /// <summary>
        /// An entry that is free, or the oldest one that can be made anew should its peer turn up. For one who speaks, also that of one who has
        /// done his part and is silent: connections that browsers hold in reserve keep nobody out who has a question.
        /// </summary>
        private TcpHalfOpen FindForgettable(bool speaks)
        {
            TcpHalfOpen oldest = FindFree();
            if (oldest != null)
            {
                return oldest;
            }

            int best = 0;
            TcpHalfOpen[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                int value = ValueOf(entries[i], speaks);
                if (value > best || (value > 0 && value == best && entries[i].StartedAt - oldest.StartedAt < 0))
                {
                    oldest = entries[i];
                    best = value;
                }
            }

            if (oldest == null)
            {
                return null;
            }

            if ((oldest.Marks & TcpHalfOpen.HasCookie) == 0)
            {
                // it cannot be made anew, and its peer takes itself for connected
                _transmitter.ResetHalfOpen(oldest);
                _counters._failedOpens++;
            }

            _counters._halfOpenRecycled++;
            Free(oldest);
            return oldest;
        }

        /// <summary>
        /// How little is lost with an entry: 0 for one that must stay.
        /// </summary>
        private static int ValueOf(TcpHalfOpen entry, bool speaks)
        {
            int marks = entry.Marks & (TcpHalfOpen.HasCookie | TcpHalfOpen.Proven | TcpHalfOpen.Speaks);
            if (marks == TcpHalfOpen.HasCookie)
            {
                return 3;
            }

            return !speaks ? 0 : marks == (TcpHalfOpen.HasCookie | TcpHalfOpen.Proven) ? 2 : marks == TcpHalfOpen.Proven ? 1 : 0;
        }

        private void CountEntry()
        {
            InUse++;
            if (InUse > _highWater)
            {
                _highWater = InUse;
            }
        }

        private void Free(TcpHalfOpen entry)
        {
            entry.Listener = null;
            InUse--;
            if ((entry.Marks & TcpHalfOpen.Proven) != 0)
            {
                Proven--;
            }

            if (entry.Kept != null)
            {
                _pool.Return(entry.Kept);
                entry.Kept = null;
            }
        }
    }
}
