// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Puts the chip to sleep and wakes it (DS39662E 14), in steps that never wait.
    /// </summary>
    internal sealed class PowerControl
    {
        // a full-size packet takes 1.2 ms to come in
        private const int BusyTimeout = 10;

        // differences between counts of milliseconds: the oscillator takes 300 us (DS39662E 2.2)
        private const int WakeTime = 2;
        private const int WakeTimeout = 50;

        private readonly SpiPort _port;
        private Step _step;
        private bool _timing;
        private int _since;

        /// <summary>
        /// Initializes a new instance of the <see cref="PowerControl"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        internal PowerControl(SpiPort port)
        {
            _port = port;
        }

        private enum Step
        {
            /// <summary>At work.</summary>
            Awake,

            /// <summary>Waiting for the last packets.</summary>
            Quieting,

            /// <summary>Asleep.</summary>
            Asleep,

            /// <summary>The oscillator starts.</summary>
            Waking,

            /// <summary>It does not.</summary>
            Failed,

            /// <summary>The chip was reset in its sleep.</summary>
            Lost,
        }

        /// <summary>Gets a value indicating whether the last packets are waited for.</summary>
        internal bool IsQuieting => _step == Step.Quieting;

        /// <summary>Gets a value indicating whether the chip sleeps.</summary>
        internal bool IsAsleep => _step == Step.Asleep;

        /// <summary>Gets a value indicating whether the chip receives.</summary>
        internal bool IsAwake => _step == Step.Awake;

        /// <summary>Gets a value indicating whether the chip did not wake up.</summary>
        internal bool IsFailed => _step == Step.Failed;

        /// <summary>Gets a value indicating whether the chip has lost its registers.</summary>
        internal bool IsLost => _step == Step.Lost;

        /// <summary>
        /// Stops reception on the way to sleep.
        /// </summary>
        internal void BeginSleep()
        {
            _port.ClearBits(EthRegister.ECON1, RegisterBits.Econ1ReceiveEnable);
            Enter(Step.Quieting);
        }

        /// <summary>
        /// Goes to sleep if nothing is being received any more. Nothing must be sent, nor the PHY accessed.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void PollSleep(int now)
        {
            if ((_port.Read(EthRegister.ESTAT) & RegisterBits.EstatReceiveBusy) != 0 && Elapsed(now) < BusyTimeout)
            {
                return;
            }

            _port.SetBits(EthRegister.ECON2, RegisterBits.Econ2RegulatorPowerSave);
            _port.SetBits(EthRegister.ECON2, RegisterBits.Econ2PowerSave);
            Enter(Step.Asleep);
        }

        /// <summary>
        /// Begins to wake up.
        /// </summary>
        internal void BeginWake()
        {
            if (_step == Step.Asleep)
            {
                _port.ClearBits(EthRegister.ECON2, RegisterBits.Econ2PowerSave);
                Enter(Step.Waking);
            }
        }

        /// <summary>
        /// Goes on waking up.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void PollWake(int now)
        {
            int elapsed = Elapsed(now);
            if (elapsed < WakeTime)
            {
                return;
            }

            if ((_port.Read(EthRegister.ESTAT) & RegisterBits.EstatClockReady) != 0)
            {
                _port.ClearBits(EthRegister.ECON2, RegisterBits.Econ2RegulatorPowerSave);
                _step = Configuration.SwitchOnReception(_port) ? Step.Awake : Step.Lost;
            }
            else if (elapsed >= WakeTimeout)
            {
                _step = Step.Failed;
            }
        }

        private void Enter(Step step)
        {
            _step = step;
            _timing = false;
        }

        private int Elapsed(int now)
        {
            if (!_timing)
            {
                _timing = true;
                _since = now;
            }

            return now - _since;
        }
    }
}
