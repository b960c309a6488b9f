// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Clock and power save (DS39662E 2, 14): puts the chip to sleep and wakes it, in steps that never wait.
    /// </summary>
    internal sealed class PowerControl
    {
        // Differences between counts of milliseconds: 2 means that more than 1 ms has passed. So long a reset may take (DS80349C 2: CLKRDY
        // does not tell when it is over); the oscillator takes 300 us (DS39662E 2.2).
        private const int WakeTime = 2;
        private const int WakeTimeout = 50;

        private readonly SpiPort _port;
        private readonly Reception _reception;
        private readonly int _clockOutput;
        private readonly Deadline _deadline = new Deadline();
        private Step _step;

        internal PowerControl(SpiPort port, Reception reception, Enc28j60ClockOutput clockOutput)
        {
            _port = port;
            _reception = reception;
            _clockOutput = (int)clockOutput;
        }

        /// <summary>What has become of the oscillator.</summary>
        internal enum Clock
        {
            /// <summary>It starts.</summary>
            Starting,

            /// <summary>It runs.</summary>
            Ready,

            /// <summary>It does not start.</summary>
            Dead,
        }

        private enum Step
        {
            /// <summary>The oscillator starts, or runs.</summary>
            Waking,

            /// <summary>Waiting for the last packets.</summary>
            Quieting,

            /// <summary>Asleep.</summary>
            Asleep,
        }

        /// <summary>Gets a value indicating whether the last packets are waited for.</summary>
        internal bool IsQuieting => _step == Step.Quieting;

        /// <summary>Gets a value indicating whether the chip sleeps.</summary>
        internal bool IsAsleep => _step == Step.Asleep;

        /// <summary>Gets a value indicating whether the oscillator runs.</summary>
        internal bool IsClockReady => (_port.Read(EthRegister.ESTAT) & RegisterBits.ESTAT_CLKRDY) != 0;

        /// <summary>
        /// Ends power save, from whatever state; the oscillator starts.
        /// </summary>
        internal void EndPowerSave()
        {
            // bit by bit: a write of the register would count down EPKTCNT
            _port.ClearBits(EthRegister.ECON2, RegisterBits.ECON2_PWRSV | RegisterBits.ECON2_VRPS);
        }

        /// <summary>
        /// Writes what CLKOUT shows. DS80349C 4: nothing is clocked from it, which is off unless asked for.
        /// </summary>
        internal void SetUpClockOutput()
        {
            _port.Write(EthRegister.ECOCON, _clockOutput);
        }

        internal bool HoldsClockOutput() => _port.Read(EthRegister.ECOCON) == _clockOutput;

        /// <summary>
        /// Stops reception on the way to sleep.
        /// </summary>
        internal void BeginSleep()
        {
            _reception.SwitchOff();
            Enter(Step.Quieting);
        }

        /// <summary>
        /// Goes to sleep if nothing is being received any more. Nothing must be sent, nor the PHY accessed.
        /// </summary>
        internal void PollSleep(int now)
        {
            if (_reception.IsBusy && !_deadline.IsDue(now, Reception.BusyTimeout))
            {
                return;
            }

            _port.SetBits(EthRegister.ECON2, RegisterBits.ECON2_VRPS);
            _port.SetBits(EthRegister.ECON2, RegisterBits.ECON2_PWRSV);
            Enter(Step.Asleep);
        }

        /// <summary>
        /// Begins to wake up.
        /// </summary>
        internal void BeginWake()
        {
            _port.ClearBits(EthRegister.ECON2, RegisterBits.ECON2_PWRSV);
            BeginClockWait();
        }

        /// <summary>
        /// Begins to wait for the oscillator: after a reset, power-on, or the end of power save.
        /// </summary>
        internal void BeginClockWait()
        {
            Enter(Step.Waking);
        }

        /// <summary>
        /// Goes on waiting for the oscillator.
        /// </summary>
        internal Clock PollClock(int now)
        {
            if (!_deadline.IsDue(now, WakeTime))
            {
                return Clock.Starting;
            }

            return IsClockReady ? Clock.Ready : _deadline.IsDue(now, WakeTimeout) ? Clock.Dead : Clock.Starting;
        }

        /// <summary>
        /// Ends waking up, once the oscillator runs.
        /// </summary>
        /// <returns>False if the chip was reset in its sleep.</returns>
        internal bool EndWake()
        {
            _port.ClearBits(EthRegister.ECON2, RegisterBits.ECON2_VRPS);
            return _reception.SwitchOn();
        }

        private void Enter(Step step)
        {
            _step = step;
            _deadline.Clear();
        }
    }
}
