// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Watches the link (DS39662E 12.1.5): a PHY register now and then, a few transfers per poll.
    /// </summary>
    internal sealed class LinkMonitor
    {
        private const int Interval = 250;
        private const int MaximumPolls = 100;

        /// <summary>Whether the link is up.</summary>
        internal bool IsUp;

        private readonly MiiPort _mii;
        private readonly Enc28j60Counters _counters;
        private Step _step;
        private bool _due;
        private int _since;
        private int _polls;

        /// <summary>
        /// Initializes a new instance of the <see cref="LinkMonitor"/> class.
        /// </summary>
        /// <param name="mii">The way to the PHY.</param>
        /// <param name="counters">Where to count.</param>
        internal LinkMonitor(MiiPort mii, Enc28j60Counters counters)
        {
            _mii = mii;
            _counters = counters;
        }

        private enum Step
        {
            /// <summary>Waiting for the next time.</summary>
            Idle,

            /// <summary>PHSTAT1 is being read: was the link up all the time?</summary>
            History,

            /// <summary>It was not. PHSTAT2 is being read: is it up now?</summary>
            Present,
        }

        /// <summary>
        /// Begins with the link down, and to look at once.
        /// </summary>
        internal void Begin()
        {
            _step = Step.Idle;
            _due = true;
            Set(false);
        }

        /// <summary>
        /// Does what is due.
        /// </summary>
        /// <param name="now">The time in milliseconds; it wraps.</param>
        internal void Poll(int now)
        {
            if (_step == Step.Idle)
            {
                if (_due || now - _since >= Interval)
                {
                    _due = false;
                    _since = now;
                    BeginRead(PhyRegister.PHSTAT1, Step.History);
                }
            }
            else if (_mii.IsBusy)
            {
                if (++_polls >= MaximumPolls)
                {
                    _counters.PhyTimeouts++;
                    _mii.CancelRead();
                    _step = Step.Idle;
                    Set(false);
                }
            }
            else if (_step == Step.History)
            {
                OnHistory((_mii.EndReadLow() & RegisterBits.Phstat1LinkHeld) != 0);
            }
            else
            {
                OnPresent((_mii.EndReadHigh() & RegisterBits.Phstat2Link) != 0);
            }
        }

        private void OnHistory(bool held)
        {
            if (held)
            {
                _step = Step.Idle;
                Set(true);
            }
            else
            {
                BeginRead(PhyRegister.PHSTAT2, Step.Present);
            }
        }

        private void OnPresent(bool up)
        {
            _step = Step.Idle;
            if (up && IsUp)
            {
                _counters.ShortLinkDrops++;
                _counters.LinkChanges += 2;
            }
            else
            {
                Set(up);
            }
        }

        private void BeginRead(PhyRegister register, Step step)
        {
            _mii.BeginRead(register);
            _polls = 0;
            _step = step;
        }

        private void Set(bool up)
        {
            if (up != IsUp)
            {
                IsUp = up;
                _counters.LinkChanges++;
            }
        }
    }
}
