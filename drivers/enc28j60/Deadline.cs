// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// A wait. It begins when it is started or, if nobody started it, when it is first asked about: what is begun in the middle of a
    /// poll is counted from the next poll on, for the poll's time was taken before its work was done, and the wait would be too short by
    /// as much. The count of milliseconds may wrap; a wait may be as long as half of it.
    /// </summary>
    internal sealed class Deadline
    {
        private bool _isStarted;
        private int _since;

        /// <summary>Gets a value indicating whether the wait has begun.</summary>
        internal bool IsStarted => _isStarted;

        internal void Start(int now)
        {
            _isStarted = true;
            _since = now;
        }

        internal void Clear()
        {
            _isStarted = false;
        }

        /// <summary>Whether so many milliseconds have passed.</summary>
        internal bool IsDue(int now, int milliseconds) => GetLeft(now, milliseconds) <= 0;

        /// <summary>How many of the milliseconds are left; 0 or less when it is time.</summary>
        internal int GetLeft(int now, int milliseconds)
        {
            if (!_isStarted)
            {
                Start(now);
            }

            return milliseconds - (now - _since);
        }
    }
}
