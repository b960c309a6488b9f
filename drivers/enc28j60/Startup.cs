// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Brings the chip from any state into operation, in steps that never wait: whoever calls <see cref="Poll"/> does. An
    /// ESP32 that was reset alone can find the chip asleep or in the middle of anything, and so can a driver whose chip was.
    /// </summary>
    internal sealed class Startup
    {
        // Differences between counts of milliseconds: 2 means that more than 1 ms has passed
        private const int WakeTime = 2;
        private const int ClockTimeout = 50;

        // packets counted down per poll, and how often: EPKTCNT holds 255 at most
        private const int DrainStep = 64;
        private const int DrainRounds = 8;

        private const int RevisionReads = 8;
        private const int SlowestClockOfOldRevisions = 8_000_000;

        private const int RevisionB1 = 0x02;
        private const int RevisionB4 = 0x04;
        private const int RevisionB5 = 0x05;
        private const int RevisionB7 = 0x06;

        /// <summary>What has gone wrong.</summary>
        internal Enc28j60Fault Fault;

        /// <summary>EREVID, 0 while not known.</summary>
        internal int Revision;

        private readonly SpiPort _port;
        private readonly MemoryTest _memoryTest;
        private readonly Configuration _configuration;
        private readonly int _clockFrequency;
        private Step _step;
        private int _rounds;
        private bool _timing;
        private int _since;

        /// <summary>
        /// Initializes a new instance of the <see cref="Startup"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <param name="configuration">What the registers are set to.</param>
        /// <param name="clockFrequency">The SPI clock in Hz, 0 if not known.</param>
        internal Startup(SpiPort port, Configuration configuration, int clockFrequency)
        {
            _port = port;
            _memoryTest = new MemoryTest(port);
            _configuration = configuration;
            _clockFrequency = clockFrequency;
        }

        private enum Step
        {
            /// <summary>Looking for the chip.</summary>
            Probe,

            /// <summary>Power save was ended and, maybe, a reset sent: the oscillator may be starting.</summary>
            Wake,

            /// <summary>Counting down the packets of a former life.</summary>
            Drain,

            /// <summary>Testing the memory.</summary>
            Memory,

            /// <summary>Writing the registers.</summary>
            Configure,

            /// <summary>Receiving.</summary>
            Done,

            /// <summary>Given up.</summary>
            Failed,
        }

        /// <summary>Gets a value indicating whether the word order is known for good.</summary>
        internal bool IsOrderKnown { get; private set; }

        /// <summary>Gets a value indicating whether the chip is in operation.</summary>
        internal bool IsDone => _step == Step.Done;

        /// <summary>Gets a value indicating whether the start was given up.</summary>
        internal bool IsFailed => _step == Step.Failed;

        /// <summary>
        /// Looks for the chip. The word order is found once: frames depend on it.
        /// </summary>
        /// <returns><see cref="Enc28j60Fault.None"/>, or why there is none.</returns>
        internal Enc28j60Fault Probe()
        {
            Enc28j60Fault fault = IsOrderKnown ? WordOrderProbe.Verify(_port) : WordOrderProbe.Run(_port);
            if (fault == Enc28j60Fault.None)
            {
                IsOrderKnown = true;
            }

            return fault;
        }

        /// <summary>
        /// Begins anew, without a system reset.
        /// </summary>
        internal void Begin()
        {
            Revision = 0;
            Enter(Step.Probe);
        }

        /// <summary>
        /// Begins anew with a chip that was just found and reset.
        /// </summary>
        internal void BeginAfterReset()
        {
            Begin();
            Enter(Step.Wake);
        }

        /// <summary>
        /// Gives up at once.
        /// </summary>
        /// <param name="fault">Why.</param>
        internal void Fail(Enc28j60Fault fault)
        {
            Fault = fault;
            _step = Step.Failed;
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
                    Look();
                    return 0;

                case Step.Wake:
                    // DS80349C 2: CLKRDY does not tell when a reset is over; it takes up to 1 ms
                    return Elapsed(now) >= WakeTime ? WaitForClock(now) : 1;

                case Step.Drain:
                    if (Configuration.Drain(_port, DrainStep))
                    {
                        _memoryTest.Begin();
                        Enter(Step.Memory);
                    }
                    else if (++_rounds == DrainRounds)
                    {
                        Fail(Enc28j60Fault.RegisterReadBack);
                    }

                    return 0;

                case Step.Memory:
                    if (_memoryTest.Step())
                    {
                        if (_memoryTest.Passed)
                        {
                            _configuration.SetUpBuffers();
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

        private void Look()
        {
            Enc28j60Fault fault = Probe();
            if (fault != Enc28j60Fault.None)
            {
                Fail(fault);
                return;
            }

            // the reset of transmitter and receiver, and the end of power save (DS39662E 14.2)
            _configuration.Quiet();
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

            Enc28j60Fault fault = ReadRevision();
            if (fault != Enc28j60Fault.None)
            {
                Fail(fault);
                return 0;
            }

            _configuration.Quiet();
            _rounds = 0;
            Enter(Step.Drain);
            return 0;
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
            Enc28j60Fault fault = _configuration.Enable();
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
