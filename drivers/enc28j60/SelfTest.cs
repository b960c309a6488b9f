// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Link;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Tests chip and wiring, for an application's start-up or a production line: make it, call <see cref="Poll"/> until it says that it
    /// is over, look at <see cref="Failed"/> or print <see cref="Describe"/>. Then start the driver.
    /// </summary>
    public sealed class SelfTest
    {
        // milliseconds; a packet that is coming in takes up to 1.2, the chip's test 0.4, a frame 0.1, a link through a plug tens
        private const int QuietTime = 3;
        private const int HardwareTimeout = 20;
        private const int LinkTimeout = 3000;

        private const int FrameLength = 60;
        private const int FrameType = 0x88B5;

        // command, header of the packet and frame, to the next whole word
        private const int AnswerWords = (1 + MemoryMap.HeaderLength + FrameLength + 1) / 2;

        private readonly Enc28j60 _controller;
        private readonly Chip _chip;
        private readonly bool _hasPlug;
        private readonly Deadline _deadline = new Deadline();
        private Step _step;

        /// <summary>
        /// Initializes a new instance of the <see cref="SelfTest"/> class.
        /// </summary>
        /// <param name="controller">The driver, not started.</param>
        /// <param name="withLoopbackPlug">Whether a plug is in the jack that connects pins 1 and 3, and pins 2 and 6.</param>
        /// <exception cref="ArgumentNullException">There is no driver.</exception>
        /// <exception cref="InvalidOperationException">The driver was started.</exception>
        public SelfTest(Enc28j60 controller, bool withLoopbackPlug = false)
        {
            if (controller == null)
            {
                throw new ArgumentNullException(nameof(controller));
            }

            if (controller.State != Enc28j60State.Stopped && controller.State != Enc28j60State.Failed)
            {
                throw new InvalidOperationException("The self-test needs a driver that was not started.");
            }

            _controller = controller;
            _chip = controller.Chip;
            _hasPlug = withLoopbackPlug;
        }

        private enum Step
        {
            Begin,
            Start,
            Quiet,
            BuiltIn,
            Sum,
            Link,
            Loopback,
            Done,
        }

        /// <summary>Gets what was found to be good.</summary>
        public SelfTestItems Passed { get; private set; }

        /// <summary>Gets what was found to be bad. What comes after it was not tested.</summary>
        public SelfTestItems Failed { get; private set; }

        /// <summary>Gets the driver's fault, if it is one that a start finds.</summary>
        public Enc28j60Fault Fault { get; private set; }

        /// <summary>
        /// Goes on with the test.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it is over. The driver is stopped then.</returns>
        public bool Poll(int now)
        {
            switch (_step)
            {
                case Step.Begin:
                    _controller.StartChip();
                    Enter(Step.Start);
                    break;

                case Step.Start:
                    PollStart(now);
                    break;

                case Step.Quiet:
                    if (_deadline.IsDue(now, QuietTime))
                    {
                        BeginBuiltIn();
                    }

                    break;

                case Step.BuiltIn:
                    PollBuiltIn(now);
                    break;

                case Step.Sum:
                    PollSum(now);
                    break;

                case Step.Link:
                    PollLink(now);
                    break;

                case Step.Loopback:
                    PollLoopback(now);
                    break;

                default:
                    break;
            }

            return _step == Step.Done;
        }

        /// <summary>
        /// Says what was found.
        /// </summary>
        /// <returns>A sentence or two in English.</returns>
        public string Describe()
        {
            if (_step != Step.Done)
            {
                return "The test is not over.";
            }

            switch (Failed)
            {
                case SelfTestItems.None:
                    return "All tests passed.";
                case SelfTestItems.BuiltIn:
                    return "The chip's own memory test failed: the chip is damaged, or its supply is bad (3.3 V, 250 mA).";
                case SelfTestItems.Loopback:
                    return "No frame came back through the plug. Check the plug (1-3, 2-6), jack, transformer and RBIAS resistor.";
                default:
                    return Enc28j60.Describe(Fault);
            }
        }

        private static SelfTestItems ItemOf(Enc28j60Fault fault)
        {
            switch (fault)
            {
                case Enc28j60Fault.ResetIgnored:
                    return SelfTestItems.Reset;
                case Enc28j60Fault.ClockNotReady:
                    return SelfTestItems.Clock;
                case Enc28j60Fault.UnstableReads:
                case Enc28j60Fault.RevisionUnknown:
                case Enc28j60Fault.ClockTooSlow:
                    return SelfTestItems.Revision;
                case Enc28j60Fault.MemoryTest:
                    return SelfTestItems.Memory;
                case Enc28j60Fault.RegisterReadBack:
                    return SelfTestItems.Registers;
                case Enc28j60Fault.PhyNotResponding:
                    return SelfTestItems.Phy;
                default:
                    return SelfTestItems.Bus;
            }
        }

        private void PollStart(int now)
        {
            if (_controller.State == Enc28j60State.Starting)
            {
                _controller.Poll(now);
            }

            if (_controller.State == Enc28j60State.Failed)
            {
                Fault = _controller.Fault;
                SelfTestItems item = ItemOf(Fault);

                // what comes before it is good
                Passed = item - 1;
                Fail(item);
            }
            else if (_controller.State == Enc28j60State.Running)
            {
                Passed = SelfTestItems.BuiltIn - 1;
                if (_hasPlug)
                {
                    Enter(Step.Link);
                }
                else
                {
                    _chip.Reception.SwitchOff();
                    Enter(Step.Quiet);
                }
            }
        }

        private void BeginBuiltIn()
        {
            _chip.ReceiveBuffer.SpanToEnd();
            BuiltInTest.BeginFill(_chip.Port);
            Enter(Step.BuiltIn);
        }

        private void PollBuiltIn(int now)
        {
            if (BuiltInTest.IsFilling(_chip.Port))
            {
                FailAfter(HardwareTimeout, now, SelfTestItems.BuiltIn);
                return;
            }

            BuiltInTest.BeginSum(_chip.Port);
            Enter(Step.Sum);
        }

        private void PollSum(int now)
        {
            if (BuiltInTest.IsSumming(_chip.Port))
            {
                FailAfter(HardwareTimeout, now, SelfTestItems.BuiltIn);
            }
            else if (!BuiltInTest.EndSum(_chip.Port))
            {
                Fail(SelfTestItems.BuiltIn);
            }
            else
            {
                Passed |= SelfTestItems.BuiltIn;
                Finish();
            }
        }

        private void PollLink(int now)
        {
            // the driver's own polls find the link that the plug makes
            _controller.Poll(now);
            if (!_controller.IsLinkUp)
            {
                FailAfter(LinkTimeout, now, SelfTestItems.Loopback);
                return;
            }

            if (!_controller.IsPhyIdle)
            {
                return;
            }

            // DS80349C 9, 10: the chip's internal loopbacks cannot be relied on; and through a plug half duplex would collide with itself
            _chip.Reception.SwitchOff();
            _chip.Mac.SetFullDuplex();
            if (!_chip.Phy.SetFullDuplex())
            {
                Fail(SelfTestItems.Phy);
                return;
            }

            _chip.ReceiveBuffer.SetUp();
            _chip.ReceiveBuffer.Drain(FrameLength);
            _chip.Reception.SwitchOn();
            SendFrame();
            Enter(Step.Loopback);
        }

        private void PollLoopback(int now)
        {
            if (_chip.ReceiveBuffer.CountPackets() == 0)
            {
                FailAfter(HardwareTimeout, now, SelfTestItems.Loopback);
                return;
            }

            _chip.Reception.SwitchOff();
            ushort[] command = new ushort[AnswerWords];
            ushort[] answer = new ushort[AnswerWords];
            command[0] = _chip.Port.MakeWord(SpiPort.ReadBufferCommand, 0);
            _chip.Memory.Read(MemoryMap.ReceiveStart, command, answer);
            byte[] frame = MakeFrame();
            for (int i = 0; i < frame.Length; i++)
            {
                int at = 1 + MemoryMap.HeaderLength + i;
                int word = answer[at >> 1];
                int value = ((at & 1) == 0) == _chip.Port.LowByteFirst ? word & 0xFF : word >> 8;
                if (value != frame[i])
                {
                    Fail(SelfTestItems.Loopback);
                    return;
                }
            }

            Passed |= SelfTestItems.Loopback;
            Enter(Step.Quiet);
        }

        private byte[] MakeFrame()
        {
            byte[] frame = new byte[FrameLength];
            for (int i = 0; i < frame.Length; i++)
            {
                frame[i] = i < 12 ? (byte)_controller.MacAddress.GetOctet(i % 6) : (byte)(i * 37);
            }

            frame[12] = FrameType >> 8;
            frame[13] = FrameType & 0xFF;
            return frame;
        }

        private void SendFrame()
        {
            byte[] frame = MakeFrame();
            ushort[] words = new ushort[1 + (FrameLength / 2)];
            for (int i = 0; i < frame.Length; i += 2)
            {
                words[1 + (i >> 1)] = _chip.Port.MakeWord(frame[i], frame[i + 1]);
            }

            _chip.Transmitter.ForgetPointers();
            _chip.Transmitter.Send(words, FrameLength);
        }

        private void FailAfter(int timeout, int now, SelfTestItems item)
        {
            if (_deadline.IsDue(now, timeout))
            {
                Fail(item);
            }
        }

        private void Fail(SelfTestItems item)
        {
            Failed = item;
            Finish();
        }

        private void Finish()
        {
            _step = Step.Done;
            _controller.Halt();
        }

        private void Enter(Step step)
        {
            _step = step;
            _deadline.Clear();
        }
    }
}
