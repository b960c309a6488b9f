// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Brings the chip from any state into operation, in steps that never wait: whoever calls <see cref="Poll"/> does. An
    /// ESP32 that was reset alone can find the chip asleep or in the middle of anything.
    /// </summary>
    internal sealed class Startup
    {
        // Differences between counts of milliseconds: 2 means that more than 1 ms has passed
        private const int WakeTime = 2;
        private const int ResetTime = 2;
        private const int ClockTimeout = 50;

        private const int ResetAttempts = 3;
        private const int RevisionReads = 8;
        private const int SlowestClockOfOldRevisions = 8_000_000;

        private const int RevisionB1 = 0x02;
        private const int RevisionB4 = 0x04;
        private const int RevisionB5 = 0x05;
        private const int RevisionB7 = 0x06;

        // Values after a reset (DS39662E table 3-2)
        private const int ResetErdpt = 0x05FA;
        private const int ResetErxnd = 0x1FFF;
        private const int ResetErxfcon = 0xA1;

        /// <summary>What has gone wrong.</summary>
        internal Enc28j60Fault Fault;

        /// <summary>EREVID, 0 while not known.</summary>
        internal int Revision;

        private readonly SpiPort _port;
        private readonly MemoryTest _memoryTest;
        private readonly Configuration _configuration;
        private readonly int _clockFrequency;
        private Step _step;
        private int _attempt;
        private bool _timing;
        private int _since;

        /// <summary>
        /// Initializes a new instance of the <see cref="Startup"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <param name="mii">The way to the PHY.</param>
        /// <param name="address">The station's address.</param>
        /// <param name="clockFrequency">The SPI clock in Hz, 0 if not known.</param>
        internal Startup(SpiPort port, MiiPort mii, MacAddress address, int clockFrequency)
        {
            _port = port;
            _memoryTest = new MemoryTest(port);
            _configuration = new Configuration(port, mii, address);
            _clockFrequency = clockFrequency;
        }

        private enum Step
        {
            /// <summary>Looking for the chip.</summary>
            Probe,

            /// <summary>Power save was ended, the oscillator may be starting.</summary>
            Wake,

            /// <summary>The reset was sent.</summary>
            Reset,

            /// <summary>Waiting for the oscillator.</summary>
            Clock,

            /// <summary>Testing the memory.</summary>
            Memory,

            /// <summary>Writing the registers.</summary>
            Configure,

            /// <summary>Receiving.</summary>
            Done,

            /// <summary>Given up.</summary>
            Failed,
        }

        /// <summary>Gets a value indicating whether the chip is in operation.</summary>
        internal bool IsDone => _step == Step.Done;

        /// <summary>Gets a value indicating whether the start was given up.</summary>
        internal bool IsFailed => _step == Step.Failed;

        /// <summary>
        /// Begins anew.
        /// </summary>
        internal void Begin()
        {
            Fault = Enc28j60Fault.None;
            Revision = 0;
            _attempt = 0;
            Enter(Step.Probe);
        }

        /// <summary>
        /// Does what can be done now.
        /// </summary>
        /// <param name="now">The time in milliseconds; it wraps.</param>
        /// <returns>Milliseconds after which to call again.</returns>
        internal int Poll(int now)
        {
            switch (_step)
            {
                case Step.Probe:
                    Probe();
                    return 0;

                case Step.Wake:
                    if (Elapsed(now) >= WakeTime)
                    {
                        _port.SystemReset();
                        Enter(Step.Reset);
                        return 0;
                    }

                    return 1;

                case Step.Reset:
                    // DS80349C 2: CLKRDY does not tell when the reset is over; it takes up to 1 ms
                    if (Elapsed(now) >= ResetTime)
                    {
                        Enter(Step.Clock);
                        return 0;
                    }

                    return 1;

                case Step.Clock:
                    return WaitForClock(now);

                case Step.Memory:
                    if (_memoryTest.Step())
                    {
                        if (_memoryTest.Passed)
                        {
                            Enter(Step.Configure);
                        }
                        else
                        {
                            Fail(Enc28j60Fault.MemoryTest);
                        }
                    }

                    return 0;

                case Step.Configure:
                    Configure();
                    return 0;

                default:
                    return 0;
            }
        }

        private void Probe()
        {
            Enc28j60Fault fault = WordOrderProbe.Run(_port);
            if (fault != Enc28j60Fault.None)
            {
                Fail(fault);
                return;
            }

            Wake();
        }

        private void Wake()
        {
            // DS80349C 19: asleep, the chip ignores a reset. It takes 300 us to wake (DS39662E 2.2).
            _port.ClearBits(EthRegister.ECON2, RegisterBits.Econ2PowerSave | RegisterBits.Econ2RegulatorPowerSave);
            Enter(Step.Wake);
        }

        private int WaitForClock(int now)
        {
            if ((_port.Read(EthRegister.ESTAT) & RegisterBits.EstatClockReady) == 0)
            {
                if (Elapsed(now) >= ClockTimeout)
                {
                    Fail(Enc28j60Fault.ClockNotReady);
                    return 0;
                }

                return 1;
            }

            if (!HasResetValues())
            {
                if (++_attempt == ResetAttempts)
                {
                    Fail(Enc28j60Fault.ResetIgnored);
                }
                else
                {
                    Wake();
                }

                return 0;
            }

            Enc28j60Fault fault = ReadRevision();
            if (fault != Enc28j60Fault.None)
            {
                Fail(fault);
                return 0;
            }

            _memoryTest.Begin();
            Enter(Step.Memory);
            return 0;
        }

        /// <summary>
        /// Registers that the probe or a life before the reset left at other values have those of a reset.
        /// </summary>
        private bool HasResetValues()
        {
            return _port.Read(EthRegister.ERDPTL) == (ResetErdpt & 0xFF)
                && _port.Read(EthRegister.ERDPTH) == ResetErdpt >> 8
                && _port.Read(EthRegister.EDMASTL) == 0
                && _port.Read(EthRegister.ERXNDL) == (ResetErxnd & 0xFF)
                && _port.Read(EthRegister.ERXNDH) == ResetErxnd >> 8
                && _port.Read(EthRegister.ERXFCON) == ResetErxfcon
                && _port.Read(EthRegister.ECON2) == RegisterBits.Econ2AutoIncrement;
        }

        private Enc28j60Fault ReadRevision()
        {
            int revision = _port.Read(EthRegister.EREVID);
            for (int i = 1; i < RevisionReads; i++)
            {
                if (_port.Read(EthRegister.EREVID) != revision)
                {
                    return Enc28j60Fault.UnstableReads;
                }
            }

            Revision = revision;
            switch (revision)
            {
                case RevisionB5:
                case RevisionB7:
                    return Enc28j60Fault.None;

                case RevisionB1:
                case RevisionB4:
                    // DS80349C 1: below 8 MHz these two get MAC registers wrong, in ways that a test need not find
                    return _clockFrequency != 0 && _clockFrequency < SlowestClockOfOldRevisions
                        ? Enc28j60Fault.ClockTooSlow
                        : Enc28j60Fault.None;

                default:
                    return Enc28j60Fault.RevisionUnknown;
            }
        }

        private void Configure()
        {
            Enc28j60Fault fault = _configuration.Apply();
            if (fault != Enc28j60Fault.None)
            {
                Fail(fault);
                return;
            }

            _step = Step.Done;
        }

        private void Enter(Step step)
        {
            _step = step;
            _timing = false;
        }

        private void Fail(Enc28j60Fault fault)
        {
            Fault = fault;
            _step = Step.Failed;
        }

        /// <summary>
        /// Milliseconds since the first poll after the step was entered. Not since the step was entered: that poll's time was
        /// taken before its work was done, and the wait would be too short by as much.
        /// </summary>
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
