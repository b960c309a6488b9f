// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Arp
{
    /// <summary>
    /// The table of neighbours: a fixed number of entries, the least recently used one makes room.
    /// </summary>
    internal sealed class ArpCache
    {
        private const int AskedSlots = 8;

        private readonly ArpEntry[] _entries;
        private readonly int[] _askedAt = new int[AskedSlots];

        /// <summary>
        /// Initializes a new instance of the <see cref="ArpCache"/> class.
        /// </summary>
        /// <param name="entries">How many neighbours it holds.</param>
        internal ArpCache(int entries)
        {
            _entries = new ArpEntry[entries];
            for (int i = 0; i < entries; i++)
            {
                _entries[i] = new ArpEntry();
            }
        }

        /// <summary>Gets the rows, used or not.</summary>
        internal ArpEntry[] Entries => _entries;

        /// <summary>
        /// Finds the row of an address.
        /// </summary>
        /// <param name="address">The address.</param>
        /// <returns>The row, or null.</returns>
        internal ArpEntry Find(uint address)
        {
            ArpEntry[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                ArpEntry entry = entries[i];
                if (entry.Address == address && entry.State != ArpEntryState.Free)
                {
                    return entry;
                }
            }

            return null;
        }

        /// <summary>
        /// When an address that has not answered was last asked for, or another one that shares its place. It is remembered when
        /// the row has made room for another address: else somebody who sends in the names of many that are not there could have
        /// us ask for each of them as often as he likes.
        /// </summary>
        /// <param name="address">The address.</param>
        /// <returns>The time in milliseconds.</returns>
        internal int GetAskedAt(uint address) => _askedAt[(int)(address % AskedSlots)];

        /// <summary>
        /// Remembers when an address was asked for.
        /// </summary>
        /// <param name="address">The address.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void SetAskedAt(uint address, int now)
        {
            _askedAt[(int)(address % AskedSlots)] = now;
        }

        /// <summary>
        /// Forgets all requests.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void ForgetAsked(int now)
        {
            for (int i = 0; i < AskedSlots; i++)
            {
                _askedAt[i] = now - ArpLayer.RequestInterval;
            }
        }

        /// <summary>
        /// Picks the row to put a new address in: a free one, else the least recently used one that is not pinned.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="pinned">The gateway's address: losing it would cut off every peer behind it at once.</param>
        /// <returns>The row; its old content is still there.</returns>
        internal ArpEntry PickVictim(int now, uint pinned)
        {
            ArpEntry victim = null;
            uint age = 0;
            ArpEntry[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                ArpEntry entry = entries[i];
                if (entry.State == ArpEntryState.Free)
                {
                    return entry;
                }

                // without a sign: a neighbour that is heard but not used may have been idle for months
                uint idle = (uint)(now - entry.UsedAt);
                if ((victim == null || idle > age) && (entry.Address != pinned || entries.Length == 1))
                {
                    age = idle;
                    victim = entry;
                }
            }

            return victim;
        }
    }
}
