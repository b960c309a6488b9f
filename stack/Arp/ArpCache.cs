// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Arp
{
    /// <summary>
    /// The table of neighbours: a fixed number of entries, and the requests of the last second.
    /// </summary>
    /// <remarks>
    /// Anybody can have us note addresses, by asking for ours or by sending in their names. So neighbours that have been in use for a
    /// second are settled: the others take what is free, and a quarter of the table at least, and make room for each other.
    /// </remarks>
    internal sealed class ArpCache
    {
        /// <summary>Requests a second for addresses that are new, at most.</summary>
        internal const int MostAsked = 16;

        /// <summary>Of these, those that answer somebody: who has us send to many that are not there must leave some for our own.</summary>
        internal const int MostAskedToAnswer = 12;

        private readonly ArpEntry[] _entries;
        private readonly uint[] _asked = new uint[MostAsked];
        private readonly int[] _askedAt = new int[MostAsked];
        private ArpEntry _lastFound;
        private int _oldestAsked;

        internal ArpCache(int entries)
        {
            _entries = new ArpEntry[entries];
            for (int i = 0; i < entries; i++)
            {
                _entries[i] = new ArpEntry();
            }

            _lastFound = _entries[0];
        }

        /// <summary>The rows, used or not.</summary>
        internal ArpEntry[] Entries => _entries;

        /// <summary>
        /// Finds the row of an address.
        /// </summary>
        /// <returns>The row, or null.</returns>
        internal ArpEntry Find(uint address)
        {
            // packets come and go in trains
            ArpEntry last = _lastFound;
            if (last.Address == address && last.State != ArpEntryState.Free)
            {
                return last;
            }

            ArpEntry[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                ArpEntry entry = entries[i];
                if (entry.Address == address && entry.State != ArpEntryState.Free)
                {
                    _lastFound = entry;
                    return entry;
                }
            }

            return null;
        }

        /// <summary>
        /// How long ago an address was asked for. That is remembered when the row has made room for another address: else somebody who
        /// sends in the names of many that are not there could have us ask for each of them as often as he likes.
        /// </summary>
        /// <returns>Milliseconds; a second or more if it was not asked for of late.</returns>
        internal int SinceAsked(uint address, int now)
        {
            for (int i = 0; i < MostAsked; i++)
            {
                if (_asked[i] == address && now - _askedAt[i] >= 0)
                {
                    return now - _askedAt[i];
                }
            }

            return ArpLayer.RequestInterval;
        }

        /// <summary>
        /// Whether one more address may be asked for in this second.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="answers">Whether it is to answer somebody.</param>
        internal bool MayAsk(int now, bool answers)
        {
            int index = _oldestAsked + (answers ? MostAsked - MostAskedToAnswer : 0);
            if (index >= MostAsked)
            {
                index -= MostAsked;
            }

            int since = now - _askedAt[index];
            return _asked[index] == IPv4Address.Any || since >= ArpLayer.RequestInterval || since < 0;
        }

        /// <summary>Remembers that an address was asked for.</summary>
        internal void NoteAsked(uint address, int now)
        {
            ForgetAsked(address);
            _asked[_oldestAsked] = address;
            _askedAt[_oldestAsked] = now;
            _oldestAsked++;
            if (_oldestAsked == MostAsked)
            {
                _oldestAsked = 0;
            }
        }

        /// <summary>Forgets that an address was asked for: it has answered.</summary>
        internal void ForgetAsked(uint address)
        {
            for (int i = 0; i < MostAsked; i++)
            {
                if (_asked[i] == address)
                {
                    // the request counts all the same
                    _asked[i] = IPv4Address.Broadcast;
                }
            }
        }

        /// <summary>
        /// Forgets all requests.
        /// </summary>
        internal void ForgetAll()
        {
            for (int i = 0; i < MostAsked; i++)
            {
                _asked[i] = IPv4Address.Any;
            }
        }

        /// <summary>
        /// Whether a row is free.
        /// </summary>
        /// <returns>Whether there is one.</returns>
        internal bool HasFree()
        {
            ArpEntry[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                if (entries[i].State == ArpEntryState.Free)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>
        /// Picks the row to put a new address in: a free one; else the least recently used one that is not settled, unless there are too few
        /// of them; else the least recently used one of all.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="pinned">The gateway's address: losing it would cut off every peer behind it at once.</param>
        /// <param name="waits">Whether the new address cannot be asked for yet: then it takes only the place of one that waits for that, too,
        /// or did not answer.</param>
        /// <returns>The row, its old content still there; or null if the new address has to wait and there is no place for it.</returns>
        internal ArpEntry PickVictim(int now, uint pinned, bool waits)
        {
            ArpEntry settled = null;
            ArpEntry other = null;
            int others = 0;
            ArpEntry[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                ArpEntry entry = entries[i];
                if (entry.State == ArpEntryState.Free)
                {
                    return entry;
                }

                if (entry.Address == pinned && entries.Length > 1)
                {
                    continue;
                }

                // without a sign: a neighbour that is heard but not used may have been idle for months
                uint idle = (uint)(now - entry.UsedAt);
                if (entry.IsSettled)
                {
                    if (settled == null || idle > (uint)(now - settled.UsedAt))
                    {
                        settled = entry;
                    }
                }
                else if (!waits || entry.State == ArpEntryState.Failed || (entry.State == ArpEntryState.Incomplete && entry.Requests == 0))
                {
                    others++;
                    if (other == null || idle > (uint)(now - other.UsedAt))
                    {
                        other = entry;
                    }
                }
            }

            return waits || settled == null || (others > 0 && others >= entries.Length >> 2) ? other : settled;
        }
    }
}
