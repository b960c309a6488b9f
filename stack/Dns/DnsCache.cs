// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dns
{
    /// <summary>
    /// Answers that are good for a while, also those that say that there is nothing (RFC 2308). Where there is no room, the answer makes room
    /// whose time is over first.
    /// </summary>
    internal sealed class DnsCache
    {
        /// <summary>Seconds that an answer is kept at most, so that times compare: a day.</summary>
        internal const uint LongestTime = 86400;

        /// <summary>Seconds that a name is believed not to exist, at most (RFC 2308 section 5 leaves it to us): it may be about to.</summary>
        internal const uint LongestNothing = 900;

        private readonly DnsCacheEntry[] _entries;
        private readonly int _longestName;

        /// <summary>
        /// Initializes a new instance of the <see cref="DnsCache"/> class.
        /// </summary>
        /// <param name="entries">How many.</param>
        /// <param name="longestName">Bytes of the longest name; what is known of longer ones is not kept.</param>
        internal DnsCache(int entries, int longestName)
        {
            _longestName = longestName;
            _entries = new DnsCacheEntry[entries];
            for (int i = 0; i < entries; i++)
            {
                _entries[i] = new DnsCacheEntry(longestName);
            }
        }

        /// <summary>
        /// Finds what is known of a name.
        /// </summary>
        /// <param name="name">The name.</param>
        /// <param name="length">Its length.</param>
        /// <returns>The entry, or null. What is over has been forgotten in this poll: see <see cref="Expire"/>.</returns>
        internal DnsCacheEntry Find(byte[] name, int length)
        {
            DnsCacheEntry[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                if (entries[i].IsAbout(name, length))
                {
                    return entries[i];
                }
            }

            return null;
        }

        /// <summary>
        /// Keeps an answer, if it may be kept.
        /// </summary>
        /// <param name="name">The name.</param>
        /// <param name="length">Its length.</param>
        /// <param name="result">0, HostNotFound or NoData.</param>
        /// <param name="address">The address.</param>
        /// <param name="seconds">For how long.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Add(byte[] name, int length, int result, uint address, uint seconds, int now)
        {
            if (seconds == 0 || length > _longestName || _entries.Length == 0)
            {
                return;
            }

            uint longest = result == 0 ? LongestTime : LongestNothing;
            DnsCacheEntry entry = FindPlace(name, length);
            entry.Set(name, length, result, address, now + (int)((seconds < longest ? seconds : longest) * 1000));
        }

        /// <summary>
        /// Forgets what is over.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds until it is time to do so again, a day at most.</returns>
        internal int Expire(int now)
        {
            int wait = (int)LongestTime * 1000;
            for (int i = 0; i < _entries.Length; i++)
            {
                DnsCacheEntry entry = _entries[i];
                if (!entry.IsUsed)
                {
                    continue;
                }

                int left = entry.Until - now;
                if (left <= 0)
                {
                    entry.Clear();
                }
                else if (left < wait)
                {
                    wait = left;
                }
            }

            return wait;
        }

        /// <summary>Forgets everything.</summary>
        internal void Clear()
        {
            for (int i = 0; i < _entries.Length; i++)
            {
                _entries[i].Clear();
            }
        }

        private DnsCacheEntry FindPlace(byte[] name, int length)
        {
            DnsCacheEntry first = _entries[0];
            for (int i = 0; i < _entries.Length; i++)
            {
                DnsCacheEntry entry = _entries[i];
                if (entry.IsAbout(name, length))
                {
                    return entry;
                }

                if (!entry.IsUsed || (first.IsUsed && entry.Until - first.Until < 0))
                {
                    first = entry;
                }
            }

            return first;
        }
    }
}
