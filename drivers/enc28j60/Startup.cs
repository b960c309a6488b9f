// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Brings the chip from any state into operation, in steps that never wait: whoever calls <see cref="Poll"/> does. An
    /// ESP32 that was reset alone can find the chip asleep or in the middle of anything, and so can a driver whose chip was. Every register
    /// that the driver relies on is written, each by its owner, whatever it may hold.
    /// </summary>
    internal sealed class Startup
    {
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

        private readonly Chip _chip;
        private readonly MemoryTest _memoryTest;
        private readonly int _clockFrequency;
        private Step _step;
        private int _rounds;

        /// <param name="chip">The chip.</param>
        /// <param name="clockFrequency">The SPI clock in Hz, 0 if not known.</param>
        internal Startup(Chip chip, int clockFrequency)
        {
            _chip = chip;
            _memoryTest = new MemoryTest(chip);
            _clockFrequency = clockFrequency;
        }

        private enum Step
        {
            /// <summary>Looking for the chip.</summary>
            Probe,

            /// <summary>Power save was ended and, maybe, a reset sent: the oscillator may be starting.</summary>
            Wake,

            /// <summary>Testing the memory.</summary>
            Memory,

            /// <summary>Counting down the packets of a former life.</summary>
            Drain,

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
            Enc28j60Fault fault = IsOrderKnown
                ? WordOrderProbe.VerifyChip(_chip.Port, _chip.Memory)
                : WordOrderProbe.FindChip(_chip.Port, _chip.Memory);
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
            _step = Step.Probe;
        }

        /// <summary>
        /// Begins anew with a chip that was just found and reset.
        /// </summary>
        internal void BeginAfterReset()
        {
            Begin();
            BeginWake();
        }

        /// <summary>
        /// Gives up at once.
        /// </summary>
        internal void Fail(Enc28j60Fault fault)
        {
            Fault = fault;
            _step = Step.Failed;
        }

        /// <summary>
        /// Does what can be done now.
        /// </summary>
        /// <returns>Milliseconds after which to call again.</returns>
        internal int Poll(int now)
        {
            switch (_step)
            {
                case Step.Probe:
                    FindChip();
                    return 0;

                case Step.Wake:
                    return WaitForClock(now);

                case Step.Memory:
                    TestMemory();
                    return 0;

                case Step.Drain:
                    DrainPackets();
                    return 0;

                case Step.Configure:
                    Configure();
                    return 0;

                default:
                    return 0;
            }
        }

        private void FindChip()
        {
            Enc28j60Fault fault = Probe();
            if (fault != Enc28j60Fault.None)
            {
                Fail(fault);
                return;
            }

            // the probe has ended what was being received and sent; the oscillator is needed for the rest
            _chip.Power.EndPowerSave();
            BeginWake();
        }

        private int WaitForClock(int now)
        {
            PowerControl.Clock clock = _chip.Power.PollClock(now);
            if (clock == PowerControl.Clock.Starting)
            {
                return 1;
            }

            if (clock == PowerControl.Clock.Dead)
            {
                Fail(Enc28j60Fault.ClockNotReady);
                return 0;
            }

            Enc28j60Fault fault = ReadRevision();
            if (fault != Enc28j60Fault.None)
            {
                Fail(fault);
                return 0;
            }

            if (!QuietChip())
            {
                Fail(Enc28j60Fault.RegisterReadBack);
                return 0;
            }

            _memoryTest.Begin();
            _step = Step.Memory;
            return 0;
        }

        private Enc28j60Fault ReadRevision()
        {
            int revision = _chip.Port.Read(EthRegister.EREVID);
            for (int i = 1; i < RevisionReads; i++)
            {
                if (_chip.Port.Read(EthRegister.EREVID) != revision)
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

        /// <summary>
        /// Ends whatever the chip was doing and takes back what a former life or a disturbance may have set. <see cref="Step.Drain"/>
        /// belongs to it.
        /// </summary>
        /// <returns>Whether what was written holds.</returns>
        private bool QuietChip()
        {
            // first what is in bank 3, which the revision has selected
            BuiltInTest.End(_chip.Port);
            _chip.Mac.EndFlowControl();
            _chip.Power.SetUpClockOutput();
            bool holds = _chip.Power.HoldsClockOutput();
            _chip.Memory.EnableAutoIncrement();
            _chip.Interrupts.DisableSources();
            _chip.Transmitter.Reset();
            _chip.Reception.Reset();
            return holds;
        }

        private void TestMemory()
        {
            switch (_memoryTest.TestChunks())
            {
                case MemoryTest.Result.Passed:
                    _chip.ReceiveBuffer.SetUp();
                    _chip.Transmitter.SetUp();
                    _chip.Reception.SetUpCanary();
                    _rounds = 0;
                    _step = Step.Drain;
                    break;
                case MemoryTest.Result.Failed:
                    Fail(Enc28j60Fault.MemoryTest);
                    break;
                default:
                    break;
            }
        }

        private void DrainPackets()
        {
            if (_chip.ReceiveBuffer.Drain(DrainStep))
            {
                // in the bank that EPKTCNT is in
                _chip.Filters.Apply();
                _step = Step.Configure;
            }
            else if (++_rounds == DrainRounds)
            {
                Fail(Enc28j60Fault.RegisterReadBack);
            }
        }

        private void Configure()
        {
            if (!_chip.Mac.SetUp())
            {
                Fail(Enc28j60Fault.RegisterReadBack);
            }
            else if (!_chip.Phy.SetUp())
            {
                Fail(Enc28j60Fault.PhyNotResponding);
            }
            else if (!_chip.Filters.HoldsControl() || !HoldsBuffers())
            {
                Fail(Enc28j60Fault.RegisterReadBack);
            }
            else
            {
                _chip.Interrupts.EnableSources();

                // last: from now on none of the above may change
                if (_chip.Reception.SwitchOn())
                {
                    _step = Step.Done;
                }
                else
                {
                    Fail(Enc28j60Fault.RegisterReadBack);
                }
            }
        }

        private bool HoldsBuffers()
        {
            for (int i = 0; i < ReceiveBuffer.Bounds; i++)
            {
                if (!_chip.ReceiveBuffer.HoldsBound(i))
                {
                    return false;
                }
            }

            return _chip.Transmitter.HoldsStart(0) && _chip.Transmitter.HoldsStart(1);
        }

        private void BeginWake()
        {
            _step = Step.Wake;
            _chip.Power.BeginClockWait();
        }
    }
}
