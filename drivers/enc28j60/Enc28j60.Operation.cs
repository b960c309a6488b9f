// Licensed under the MIT license. See LICENSE in the repository root.

using System.Threading;

namespace Iot.Device.Enc28j60
{
    /// <content>What is done in each state, and how one follows the other.</content>
    public sealed partial class Enc28j60
    {
        /// <summary>
        /// Sleeps until the chip wants something, as its INT pin tells, or the time is over. Without the pin it just sleeps. For an
        /// idle loop, between polls; go on with <see cref="Poll"/> whatever it returns, for an edge can be lost.
        /// </summary>
        /// <param name="milliseconds">How long at most, 0 or more.</param>
        /// <returns>Whether the chip wants something.</returns>
        public bool WaitForInterrupt(int milliseconds)
        {
            if (_interrupt == null)
            {
                Thread.Sleep(milliseconds);
                return false;
            }

            bool isRunning = _state == Enc28j60State.Running && _pending == Enc28j60Recovery.None;
            bool fired = _interrupt.Wait(milliseconds, isRunning);
            _flagsAreDue |= fired;
            return fired;
        }

        /// <summary>
        /// Begins to put the chip to sleep: it neither receives nor sends until <see cref="Wake"/>. What waits in its
        /// memory stays. A frame on its way is let out first. <see cref="State"/> is
        /// <see cref="Enc28j60State.Sleeping"/> from the next poll on; there is no wake on LAN in this mode.
        /// </summary>
        /// <returns>Whether the chip was running.</returns>
        public bool Sleep()
        {
            if (_state != Enc28j60State.Running)
            {
                return false;
            }

            _wantsSleep = true;
            return true;
        }

        /// <summary>
        /// Begins to wake the chip up. It takes some milliseconds until it runs, and longer until the link is up.
        /// </summary>
        /// <returns>Whether it slept or was about to.</returns>
        public bool Wake()
        {
            if (!_wantsSleep)
            {
                return false;
            }

            _wantsSleep = false;
            return true;
        }

        /// <summary>
        /// Leaves whatever was being done. The link is down from here on.
        /// </summary>
        private void Stop(Enc28j60State state)
        {
            _state = state;
            _pending = Enc28j60Recovery.None;
            _wantsSleep = false;
            _link.End();
        }

        /// <summary>
        /// Begins a start without a system reset.
        /// </summary>
        private void Begin()
        {
            Stop(Enc28j60State.Starting);
            _startup.Begin();
        }

        private int PollStartup(int now)
        {
            int wait = _startup.Poll(now);
            if (_startup.IsDone)
            {
                _fault = Enc28j60Fault.None;
                _lastLook = now;
                _lastHousekeeping = now;
                _receiver.Begin();
                _transmitter.Begin();
                _filterControl.Begin();
                _link.Begin();
                _health.Begin(now, _startup.Revision, _receiver.Taken);
                _policy.OnRunning();
                _state = Enc28j60State.Running;
            }
            else if (_startup.IsFailed)
            {
                OnStartFailed();
            }

            return wait;
        }

        private void OnStartFailed()
        {
            _fault = _startup.Fault;
            _policy.OnFailed();
            _state = Enc28j60State.Failed;
        }

        private int PollFailed(int now)
        {
            int left = _policy.Left(now);
            if (left > 0)
            {
                return left < IdleInterval ? left : IdleInterval;
            }

            if (_fault != Enc28j60Fault.ChipLost)
            {
                _log.Add(Enc28j60Recovery.StartFailed);
            }

            _policy.OnStarting(now);
            Begin();
            return 0;
        }

        private int PollRunning(int now)
        {
            // in one piece: what is due in a turn, in the order of its urgency; a call for each would cost an idle turn more than the looks
            bool isDue = false;
            if (now - _lastLook >= LookInterval)
            {
                _lastLook = now;
                isDue = now - _lastHousekeeping >= HousekeepingInterval;
                if (!_filterControl.IsWaiting && !_port.IsAtWork())
                {
                    OnReset();
                }
            }

            if (isDue || _flagsAreDue || _transmitter.IsBusy)
            {
                _flagsAreDue = false;
                CheckFlags();
                if (_transmitter.IsBusy)
                {
                    _transmitter.Watch(now);
                }
            }

            if (_link.IsPhyLost)
            {
                Demand(Enc28j60Recovery.RegistersLost);
            }

            if (_transmitter.IsStuck)
            {
                Demand(Enc28j60Recovery.TransmitterStuck);
            }

            if (_receiver.IsStuck)
            {
                Demand(Enc28j60Recovery.ReceiverStuck);
            }

            if (_pending != Enc28j60Recovery.None)
            {
                // a frame that is on the wire is not cut off; the transmitter's own deadline bounds this
                return _transmitter.IsBusy ? RunningInterval : Recover();
            }

            if (isDue)
            {
                _lastHousekeeping = now;
                Housekeep(now);
            }

            if (!_filterControl.Poll(now))
            {
                OnReset();
                return 0;
            }

            _link.Poll(now, !_wantsSleep);
            if (!_filterControl.IsWaiting)
            {
                Demand(_health.Poll(now));
                if (_wantsSleep && _pending == Enc28j60Recovery.None)
                {
                    _power.BeginSleep();
                    _state = Enc28j60State.Sleeping;
                    return 0;
                }
            }

            if (_pending != Enc28j60Recovery.None || _receiver.HasWaiting)
            {
                return 0;
            }

            if (_interrupt == null || _filterControl.IsWaiting || !_link.IsIdle)
            {
                return RunningInterval;
            }

            int untilLook = LookInterval - (now - _lastLook);
            return untilLook < RunningIntervalWithPin ? untilLook : RunningIntervalWithPin;
        }

        private void Housekeep(int now)
        {
            _receiver.Free();
            _receiver.Watch(now);
            _transmitter.Forget();
            _policy.OnGood(now);
            if (_health.IsSilent(now, _receiver.Taken, _link.IsUp))
            {
                _receiver.Test();
            }
        }

        private int PollSleeping(int now)
        {
            if (_power.IsQuieting)
            {
                // what is on its way, and a PHY register that is being read, come to their end first
                if (_transmitter.IsBusy)
                {
                    CheckFlags();
                    _transmitter.Watch(now);
                }

                _link.Poll(now, false);
                if (!_transmitter.IsBusy && _link.IsIdle)
                {
                    _power.PollSleep(now);
                }

                if (!_power.IsAsleep)
                {
                    return RunningInterval;
                }

                _link.End();
            }

            if (_power.IsAsleep)
            {
                if (_wantsSleep)
                {
                    return IdleInterval;
                }

                _power.BeginWake();
            }

            _power.PollWake(now);
            if (_power.IsFailed)
            {
                _pending = Enc28j60Recovery.WakeFailed;
                return Recover();
            }

            if (_power.IsLost)
            {
                OnReset();
                return Recover();
            }

            if (_power.IsAwake)
            {
                // the settings should have survived; whether they have is looked at
                _state = Enc28j60State.Running;
                _link.Begin();
                _health.Begin(now, _startup.Revision, _receiver.Taken);
                _health.Suspect();
            }

            return RunningInterval;
        }

        /// <summary>
        /// The chip has lost its registers, and with them what was on its way.
        /// </summary>
        private void OnReset()
        {
            _transmitter.Drop();
            Demand(_health.Diagnose());
        }

        private void Demand(Enc28j60Recovery reason)
        {
            if (_pending == Enc28j60Recovery.None)
            {
                _pending = reason;
            }
        }

        /// <summary>
        /// Starts the chip anew, at once or, where that did not help lately, later.
        /// </summary>
        private int Recover()
        {
            _log.Add(_pending);
            if (_pending == Enc28j60Recovery.Requested)
            {
                _policy.Forget();
            }

            Stop(Enc28j60State.Failed);
            _fault = Enc28j60Fault.ChipLost;
            _policy.OnLost();
            return 0;
        }

        private void CheckFlags()
        {
            int flags = _port.Read(EthRegister.EIR);
            if ((flags & RegisterBits.EirAlwaysZero) != 0)
            {
                // no chip says this; its transmitter's deadline goes on
                _health.Suspect();
                return;
            }

            if (_transmitter.IsBusy && !_transmitter.OnFlags(flags))
            {
                OnReset();
                return;
            }

            if ((flags & RegisterBits.EirReceiveError) != 0)
            {
                _receiver.OnOverrun();
            }

            if ((flags & RegisterBits.EirLink) != 0)
            {
                _link.OnInterrupt();
            }
        }
    }
}
