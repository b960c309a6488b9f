// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// How long to wait before the chip is started again: not at all after a long good time, then longer and longer.
    /// </summary>
    internal sealed class RestartPolicy
    {
        private const int FirstDelay = 100;
        private const int LongestDelay = 30_000;

        // a chip that ran so long was well
        private const int GoodTime = 10_000;

        private int _delay;
        private int _left;
        private bool _timing;
        private int _since;

        /// <summary>
        /// Tells that the chip runs.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void OnRunning(int now)
        {
            _timing = true;
            _since = now;
        }

        /// <summary>
        /// Tells that it ran well so far, so that times longer than the count's half count too.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void OnGood(int now)
        {
            if (_timing && now - _since >= GoodTime)
            {
                _timing = false;
                _delay = 0;
            }
        }

        /// <summary>
        /// Begins to wait.
        /// </summary>
        internal void Begin()
        {
            _left = _delay;
            _delay = _delay == 0 ? FirstDelay : _delay >= LongestDelay / 2 ? LongestDelay : _delay << 1;
            _timing = false;
        }

        /// <summary>
        /// Begins as if nothing had ever failed: an application's own start.
        /// </summary>
        internal void Forget()
        {
            _delay = 0;
            _timing = false;
        }

        /// <summary>
        /// How long to wait still.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds, 0 or less when it is time.</returns>
        internal int Left(int now)
        {
            if (_left == 0)
            {
                return 0;
            }

            if (!_timing)
            {
                _timing = true;
                _since = now;
            }

            return _left - (now - _since);
        }
    }
}
