// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// When the chip is started again. A chip that was lost while it ran is started at once, however often that happens. Only while
    /// starts themselves fail does each wait take twice as long as the last one, up to a limit.
    /// </summary>
    /// <remarks>
    /// Waits count from the beginning of the last start, not from its end: once the supply is good, the next start begins within the
    /// longest wait, although the last one may have fallen into the moment when the supply came back.
    /// </remarks>
    internal sealed class RestartPolicy
    {
        private const int FirstDelay = 100;
        private const int LongestDelay = 5000;

        // A start keeps the interpreter busy for a few tenths of a second. A chip that is lost time and again leaves time for others.
        private const int Pace = 1000;

        // since the last start began; an application's own start begins it when it is first asked about, for nobody told its time
        private readonly Deadline _sinceStart = new Deadline();
        private int _delay;
        private int _wait;

        /// <summary>
        /// Tells that a start begins.
        /// </summary>
        internal void OnStarting(int now)
        {
            _sinceStart.Start(now);
        }

        /// <summary>
        /// Tells that the start went well.
        /// </summary>
        internal void OnRunning()
        {
            _delay = 0;
        }

        /// <summary>
        /// Tells that the chip still runs, so that times longer than the count's half count too.
        /// </summary>
        internal void OnGood(int now)
        {
            if (_sinceStart.IsStarted && _sinceStart.IsDue(now, Pace))
            {
                _sinceStart.Clear();
            }
        }

        /// <summary>
        /// Tells that the chip was lost while it ran.
        /// </summary>
        internal void OnLost()
        {
            _wait = _sinceStart.IsStarted ? Pace : 0;
        }

        /// <summary>
        /// Tells that a start failed.
        /// </summary>
        internal void OnFailed()
        {
            _wait = _delay;
            _delay = _delay == 0 ? FirstDelay : _delay > LongestDelay / 2 ? LongestDelay : _delay << 1;
        }

        /// <summary>
        /// Begins as if nothing had ever failed: an application's own start.
        /// </summary>
        internal void Forget()
        {
            _delay = 0;
            _sinceStart.Clear();
        }

        /// <summary>
        /// How long to wait still.
        /// </summary>
        /// <returns>Milliseconds, 0 or less when it is time.</returns>
        internal int GetLeft(int now) => _wait == 0 ? 0 : _sinceStart.GetLeft(now, _wait);
    }
}
