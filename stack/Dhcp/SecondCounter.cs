// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dhcp
{
    /// <summary>
    /// Counts whole seconds out of a millisecond count that wraps after 49 days: a lease may last far longer. It must be told the time once in
    /// 24 days at least.
    /// </summary>
    internal sealed class SecondCounter
    {
        // the most that a wait is made of, so that it fits in milliseconds
        private const uint LongestWait = 86400;

        private bool _hasBegun;
        private int _countedAt;

        /// <summary>Gets the seconds since the first time that it was told. They wrap after 136 years, and only differences count.</summary>
        internal uint Now { get; private set; }

        /// <summary>
        /// Takes the time.
        /// </summary>
        /// <param name="milliseconds">The time in milliseconds; it wraps.</param>
        internal void Advance(int milliseconds)
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                _countedAt = milliseconds;
            }

            int elapsed = milliseconds - _countedAt;
            if (elapsed >= 1000)
            {
                int seconds = elapsed / 1000;
                Now += (uint)seconds;
                _countedAt += seconds * 1000;
            }
        }

        /// <summary>
        /// How long it takes until so many more seconds have been counted.
        /// </summary>
        /// <param name="seconds">How many.</param>
        /// <param name="milliseconds">The time in milliseconds.</param>
        /// <returns>Milliseconds, of a day at most.</returns>
        internal int Until(uint seconds, int milliseconds)
        {
            if (seconds == 0)
            {
                return 0;
            }

            uint wait = seconds < LongestWait ? seconds : LongestWait;
            return (int)(wait * 1000) - (milliseconds - _countedAt);
        }
    }
}
