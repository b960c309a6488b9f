// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Watches the link (DS39662E 12.1.5): a PHY register now and then, a few transfers per poll.
    /// </summary>
    internal sealed class LinkMonitor
    {
        private const int Interval = 250;
        private const int MostPolls = 100;

        // every so many looks at the link, those at what the PHY was set to
        private const int ControlRounds = 16;

        /// <summary>Whether the link is up.</summary>
        internal bool IsUp;

        private readonly Phy _phy;
        private readonly Enc28j60Counters _counters;
        private readonly Enc28j60Listener _listener;
        private Step _step;
        private bool _isOver;
        private bool _interrupted;
        private bool _doubted;
        private int _rounds;
        private bool _due;
        private int _since;
        private int _polls;

        internal LinkMonitor(Phy phy, Enc28j60Counters counters, Enc28j60Listener listener)
        {
            _phy = phy;
            _counters = counters;
            _listener = listener;
        }

        private enum Step
        {
            /// <summary>Waiting for the next time.</summary>
            Idle,

            /// <summary>PHSTAT1 is being read: was the link up all the time?</summary>
            History,

            /// <summary>It was not. PHSTAT2 is being read: is it up now?</summary>
            Present,

            /// <summary>PHIR is being read, which takes back the interrupt.</summary>
            Interrupt,

            /// <summary>PHCON1 is being read: the duplex mode.</summary>
            Duplex,

            /// <summary>PHCON2 is being read: the loopback.</summary>
            Loopback,
        }

        /// <summary>Gets a value indicating whether no register is being read.</summary>
        internal bool IsIdle => _step == Step.Idle;

        /// <summary>
        /// Begins to look, at once; the link is down since <see cref="End"/>.
        /// </summary>
        internal void Begin()
        {
            _isOver = false;
            _step = Step.Idle;
            _due = true;
            _interrupted = false;
            _doubted = false;
            _rounds = 0;
        }

        /// <summary>
        /// Tells that the link is no longer looked at, and down, whatever a read that is under way may bring.
        /// </summary>
        internal void End()
        {
            _isOver = true;
            SetLink(false);
        }

        /// <summary>
        /// EIR.LINKIF is set: looks at once.
        /// </summary>
        internal void OnInterrupt()
        {
            if (_step != Step.Interrupt)
            {
                _interrupted = true;
                _due = true;
            }
        }

        /// <summary>
        /// Does what is due.
        /// </summary>
        /// <param name="now">The time.</param>
        /// <param name="mayBegin">Whether a new read may begin.</param>
        /// <returns>False if the PHY has lost what was written to it.</returns>
        internal bool Poll(int now, bool mayBegin)
        {
            if (_step == Step.Idle)
            {
                if (mayBegin && (_due || now - _since >= Interval))
                {
                    _due = false;
                    _since = now;
                    BeginLook(_interrupted);
                }
            }
            else if (_phy.IsBusy)
            {
                if (++_polls >= MostPolls)
                {
                    _counters._phyTimeouts++;
                    _step = Step.Idle;
                    SetLink(false);
                }
            }
            else if (_step == Step.History)
            {
                OnHistory((_phy.EndReadLow() & RegisterBits.PHSTAT1_LLSTAT) != 0);
            }
            else if (_step == Step.Present)
            {
                OnPresent((_phy.EndReadHigh() & RegisterBits.PHSTAT2_LSTAT) != 0);
            }
            else if (_step == Step.Interrupt)
            {
                _phy.EndReadLow();
                BeginLook(false);
            }
            else if (_step == Step.Duplex)
            {
                // DS80349C 16: as it was written, not as the LED's wiring makes it
                return OnControl((_phy.EndReadHigh() & RegisterBits.PHCON1_PDPXMD) == _phy.DuplexMode, false);
            }
            else
            {
                return OnControl((_phy.EndReadHigh() & RegisterBits.PHCON2_HDLDIS) != 0, true);
            }

            return true;
        }

        /// <summary>
        /// Milliseconds until <see cref="Poll"/> has something to do.
        /// </summary>
        internal int GetLeft(int now) => _due || _step != Step.Idle ? 0 : Interval - (now - _since);

        private void BeginLook(bool interrupted)
        {
            if (interrupted)
            {
                _interrupted = false;
                BeginRead(PhyRegister.PHIR, Step.Interrupt);
            }
            else if (++_rounds >= ControlRounds)
            {
                _rounds = -1;
                BeginRead(PhyRegister.PHCON1, Step.Duplex);
            }
            else if (_rounds == 0)
            {
                BeginRead(PhyRegister.PHCON2, Step.Loopback);
            }
            else
            {
                BeginRead(PhyRegister.PHSTAT1, Step.History);
            }
        }

        /// <returns>False if it was not held twice.</returns>
        private bool OnControl(bool holds, bool isLast)
        {
            // and the link, which waited for this
            _step = Step.Idle;
            _due = true;
            if (holds)
            {
                _doubted &= !isLast;
                return true;
            }

            if (_doubted)
            {
                return false;
            }

            // once is a bad read: both are looked at again
            _doubted = true;
            _rounds = ControlRounds;
            return true;
        }

        private void OnHistory(bool held)
        {
            if (held)
            {
                _step = Step.Idle;
                SetLink(true);
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
                _counters._shortLinkDrops++;
                _counters._linkChanges += 2;
                _listener.OnLinkChanged(false);
                _listener.OnLinkChanged(true);
            }
            else
            {
                SetLink(up);
            }
        }

        private void BeginRead(PhyRegister register, Step step)
        {
            _phy.BeginRead(register);
            _polls = 0;
            _step = step;
        }

        private void SetLink(bool up)
        {
            up &= !_isOver;
            if (up != IsUp)
            {
                IsUp = up;
                _counters._linkChanges++;
                _listener.OnLinkChanged(up);
            }
        }
    }
}
