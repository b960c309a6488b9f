// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// How long to wait before the chip is started again. A chip that ran well for a while is started at once. While starts
    /// go on failing, each wait is twice as long as the last one, up to a limit.
    /// </summary>
    internal sealed class RestartPolicy
    {
        private const int FirstDelay = 100;
        private const int LongestDelay = 30_000;

        // A chip that has run for this long counts as well: the next wait begins at nothing again.
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
        /// Tells that the chip still runs well. To be called in every poll: <c>now</c> wraps, and a difference of more than 2^31
        /// milliseconds could no longer be told from a negative one.
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
        /// Begins to wait before the next start, and chooses how long the wait after that one will be.
        /// </summary>
        internal void Begin()
        {
            _left = _delay;
            _delay = _delay == 0 ? FirstDelay : _delay >= LongestDelay / 2 ? LongestDelay : _delay << 1;
            _timing = false;
        }

        /// <summary>
        /// Forgets past failures, because the application asked for a start itself: there is no wait before it.
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
