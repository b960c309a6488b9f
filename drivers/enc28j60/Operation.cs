// Licensed under the MIT license. See LICENSE in the repository root.

using System.Threading;
using TcpIp.Frames;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// What is done in each state, and how one follows the other: README.md has the picture.
    /// </summary>
    internal sealed class Operation
    {
        // Without its interrupt pin the chip has to be asked for packets. Its buffer takes 4.9 ms of full-size ones. With it, an edge
        // can still be lost.
        private const int RunningInterval = 1;
        private const int RunningIntervalWithPin = 50;
        private const int IdleInterval = 1000;

        // A reset is found within 100 ms, although Thread.Sleep may take 10 ms more than it is told. Three looks make a turn of
        // housekeeping.
        private const int LookInterval = 84;
        private const int HousekeepingInterval = 250;

        /// <summary>What the driver is doing.</summary>
        internal Enc28j60State State;

        /// <summary>Why the last probe or start failed, or that the chip was lost.</summary>
        internal Enc28j60Fault Fault;

        private readonly Chip _chip;
        private readonly Agenda _agenda;
        private readonly SpiPort _port;
        private readonly ReceiveBuffer _receiveBuffer;
        private readonly Receiver _receiver;
        private readonly Transmitter _transmitter;
        private readonly InterruptLine _interrupts;
        private readonly Enc28j60Counters _counters;
        private readonly RecoveryLog _log;
        private readonly FilterControl _filterControl;
        private readonly LinkMonitor _link;
        private readonly HealthCheck _health;
        private readonly Startup _startup;
        private readonly RestartPolicy _policy = new RestartPolicy();
        private Enc28j60Recovery _demand;
        private int _interval = RunningInterval;
        private int _lastLook;
        private int _lastHousekeeping;
        private bool _flagsAreDue;
        private bool _wantsSleep;

        internal Operation(
            Chip chip,
            Receiver receiver,
            Enc28j60Counters counters,
            RecoveryLog log,
            Enc28j60Listener listener,
            int clockFrequency)
        {
            _chip = chip;
            _agenda = chip.Agenda;
            _port = chip.Port;
            _receiveBuffer = chip.ReceiveBuffer;
            _receiver = receiver;
            _transmitter = chip.Transmitter;
            _interrupts = chip.Interrupts;
            _counters = counters;
            _log = log;
            _filterControl = new FilterControl(chip.Reception, chip.Filters);
            _link = new LinkMonitor(chip.Phy, counters, listener);
            _health = new HealthCheck(chip, counters);
            _startup = new Startup(chip, clockFrequency);
        }

        /// <summary>Gets why something was last reset.</summary>
        internal Enc28j60Recovery LastRecovery => _log.Last;

        /// <summary>Gets EREVID, 0 while not known.</summary>
        internal int Revision => _startup.Revision;

        /// <summary>Gets a value indicating whether the word order is known.</summary>
        internal bool IsOrderKnown => _startup.IsOrderKnown;

        internal bool IsLinkUp => _link.IsUp && State == Enc28j60State.Running;

        /// <summary>Gets a value indicating whether no PHY register is being read.</summary>
        internal bool IsPhyIdle => _link.IsIdle;

        /// <summary>
        /// Looks for the chip, if it is not in operation.
        /// </summary>
        /// <returns>Whether it is there.</returns>
        internal bool Probe()
        {
            if (State == Enc28j60State.Stopped || State == Enc28j60State.Failed)
            {
                State = Enc28j60State.Stopped;
                Fault = _startup.Probe();
                return Fault == Enc28j60Fault.None;
            }

            return _startup.IsOrderKnown;
        }

        /// <summary>
        /// Begins a start with a system reset.
        /// </summary>
        internal void Start()
        {
            Enter(Enc28j60State.Starting);
            _policy.Forget();
            Enc28j60Fault fault = _startup.Probe();
            if (fault == Enc28j60Fault.None && !SystemReset.ResetChip(_chip))
            {
                fault = Enc28j60Fault.ResetIgnored;
            }

            _startup.BeginAfterReset();
            if (fault != Enc28j60Fault.None)
            {
                _startup.Fail(fault);
                OnStartFailed();
            }
        }

        /// <summary>
        /// Has the chip started anew, without a system reset.
        /// </summary>
        /// <returns>False if it was not started yet.</returns>
        internal bool Restart()
        {
            if (State == Enc28j60State.Stopped)
            {
                return false;
            }

            if (State == Enc28j60State.Running)
            {
                _demand = Enc28j60Recovery.Requested;
                _agenda.Hurry();
                return true;
            }

            _policy.Forget();
            _log.Add(Enc28j60Recovery.Requested);
            BeginStart();
            return true;
        }

        /// <summary>
        /// Stops reception and the driver.
        /// </summary>
        internal void Halt()
        {
            if (State == Enc28j60State.Running)
            {
                _chip.Reception.SwitchOff();
            }

            Enter(Enc28j60State.Stopped);
        }

        internal bool Sleep()
        {
            if (State != Enc28j60State.Running)
            {
                return false;
            }

            _wantsSleep = true;
            _agenda.Hurry();
            return true;
        }

        internal bool Wake()
        {
            if (!_wantsSleep)
            {
                return false;
            }

            _wantsSleep = false;
            return true;
        }

        internal bool WaitForInterrupt(int milliseconds)
        {
            if (!_interrupts.HasPin)
            {
                Thread.Sleep(milliseconds);
                return false;
            }

            bool isRunning = State == Enc28j60State.Running && _demand == Enc28j60Recovery.None;
            bool fired = _interrupts.Wait(milliseconds, isRunning);
            if (fired)
            {
                _flagsAreDue = true;
                _agenda.Hurry();
            }

            return fired;
        }

        internal bool CanSend()
        {
            // with nothing else to do, the chip is at work
            if (_agenda.IsClear && !_transmitter.IsBusy)
            {
                return _link.IsUp;
            }

            if (State != Enc28j60State.Running || !_link.IsUp || _wantsSleep || _filterControl.IsWaiting)
            {
                return false;
            }

            if (_transmitter.IsBusy)
            {
                CheckFlags();
            }

            return !_transmitter.IsBusy && _demand == Enc28j60Recovery.None;
        }

        internal bool Send(Frame frame)
        {
            if (!CanSend())
            {
                return false;
            }

            int length = frame.Length;
            if (length < MemoryMap.HeaderOfEthernet || length > MemoryMap.LongestFrame)
            {
                _counters._unfitFrames++;
                return true;
            }

            if (!_transmitter.Send(frame.Words, length))
            {
                OnReset();
                return false;
            }

            return true;
        }

        internal int Poll(int now)
        {
            int left = _agenda.Due - now;
            if (!_agenda.IsClear || left <= 0)
            {
                return PollState(now);
            }

            if (_transmitter.IsBusy && _transmitter.IsFrameDue(now))
            {
                SeeFrameOut(now);
                if (!_agenda.IsClear)
                {
                    return PollState(now);
                }
            }

            return _receiveBuffer.HasMore ? 0 : left < _interval ? left : _interval;
        }

        private int PollState(int now)
        {
            switch (State)
            {
                case Enc28j60State.Running:
                    return PollRunning(now);
                case Enc28j60State.Starting:
                    return PollStarting(now);
                case Enc28j60State.Failed:
                    return PollFailed(now);
                case Enc28j60State.Sleeping:
                    return PollSleeping(now);
                default:
                    return IdleInterval;
            }
        }

        private int PollStarting(int now)
        {
            int wait = _startup.Poll(now);
            if (_startup.IsDone)
            {
                Fault = Enc28j60Fault.None;
                _lastLook = now;
                _lastHousekeeping = now;
                _receiver.Begin();
                _filterControl.Begin();
                _link.Begin();
                _health.Begin(now, _startup.Revision, _receiver.Taken);
                _policy.OnRunning();
                State = Enc28j60State.Running;
            }
            else if (_startup.IsFailed)
            {
                OnStartFailed();
            }

            return wait;
        }

        private int PollFailed(int now)
        {
            int left = _policy.GetLeft(now);
            if (left > 0)
            {
                return left < IdleInterval ? left : IdleInterval;
            }

            if (Fault != Enc28j60Fault.ChipLost)
            {
                _log.Add(Enc28j60Recovery.StartFailed);
            }

            _policy.OnStarting(now);
            BeginStart();
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

            if (isDue || _flagsAreDue || (_transmitter.IsBusy && (_demand != Enc28j60Recovery.None || _transmitter.IsFrameDue(now))))
            {
                _flagsAreDue = false;
                SeeFrameOut(now);
            }

            if (_receiver.IsStuck)
            {
                Demand(Enc28j60Recovery.ReceiverStuck);
            }

            if (_demand != Enc28j60Recovery.None)
            {
                // a frame that is on the wire is not cut off; the transmitter's own deadline bounds this
                return _transmitter.IsBusy ? RunningInterval : Recover();
            }

            if (isDue)
            {
                _lastHousekeeping = now;
                KeepHouse(now);
            }

            if (!_filterControl.Poll(now))
            {
                OnReset();
                return 0;
            }

            if (!_link.Poll(now, !_wantsSleep))
            {
                Demand(Enc28j60Recovery.RegistersLost);
            }

            if (!_filterControl.IsWaiting)
            {
                Enc28j60Recovery found = _health.Poll(now);
                if (found != Enc28j60Recovery.None)
                {
                    Demand(found);
                }
                else if (_wantsSleep && _demand == Enc28j60Recovery.None)
                {
                    _agenda.Hurry();
                    _chip.Power.BeginSleep();
                    State = Enc28j60State.Sleeping;
                    return 0;
                }
            }

            if (_demand != Enc28j60Recovery.None)
            {
                return 0;
            }

            _interval = _interrupts.HasPin ? RunningIntervalWithPin : RunningInterval;
            int left = MakeAgenda(now);
            return _receiveBuffer.HasMore ? 0 : !_agenda.IsClear ? RunningInterval : left < _interval ? left : _interval;
        }

        /// <summary>
        /// Notes when there is something to do in a poll.
        /// </summary>
        /// <returns>Milliseconds until then.</returns>
        private int MakeAgenda(int now)
        {
            int left = LookInterval - (now - _lastLook);
            int other = _link.GetLeft(now);
            left = other < left ? other : left;
            other = _health.GetLeft(now);
            left = other < left ? other : left;
            if (left > 0 && !_filterControl.IsWaiting && !_wantsSleep && !_flagsAreDue)
            {
                _agenda.Rest(now, left);
            }
            else
            {
                _agenda.Hurry();
            }

            return left;
        }

        /// <summary>
        /// Looks whether the frame on its way has left, and gives it up if that takes too long.
        /// </summary>
        private void SeeFrameOut(int now)
        {
            CheckFlags();
            if (_transmitter.IsBusy && !_transmitter.WatchFrame(now))
            {
                Demand(Enc28j60Recovery.TransmitterStuck);
            }
        }

        private int PollSleeping(int now)
        {
            if (_chip.Power.IsQuieting)
            {
                // what is on its way, and a PHY register that is being read, come to their end first
                if (_transmitter.IsBusy)
                {
                    CheckFlags();
                    if (!_transmitter.WatchFrame(now))
                    {
                        Demand(Enc28j60Recovery.TransmitterStuck);
                    }
                }

                if (!_link.Poll(now, false))
                {
                    Demand(Enc28j60Recovery.RegistersLost);
                }

                if (!_transmitter.IsBusy && _link.IsIdle)
                {
                    _chip.Power.PollSleep(now);
                }

                if (!_chip.Power.IsAsleep)
                {
                    return RunningInterval;
                }

                _link.End();
            }

            if (_chip.Power.IsAsleep)
            {
                if (_wantsSleep)
                {
                    return IdleInterval;
                }

                _chip.Power.BeginWake();
            }

            switch (_chip.Power.PollClock(now))
            {
                case PowerControl.Clock.Ready:
                    if (!_chip.Power.EndWake())
                    {
                        OnReset();
                        return Recover();
                    }

                    // the settings should have survived; whether they have is looked at
                    State = Enc28j60State.Running;
                    _link.Begin();
                    _health.Begin(now, _startup.Revision, _receiver.Taken);
                    _health.Suspect();
                    break;
                case PowerControl.Clock.Dead:
                    _demand = Enc28j60Recovery.WakeFailed;
                    return Recover();
                default:
                    break;
            }

            return RunningInterval;
        }

        private void KeepHouse(int now)
        {
            _receiveBuffer.Free();
            _receiveBuffer.CompareCount();
            _receiver.WatchHearing(now);
            _transmitter.ForgetPointers();
            _policy.OnGood(now);
            if (_health.IsSilent(now, _receiver.Taken, _link.IsUp))
            {
                _receiver.TestStep();
            }
        }

        private void CheckFlags()
        {
            int flags = _port.ReadFlags();
            if ((flags & RegisterBits.EIR_AlwaysZero) != 0)
            {
                // no chip says this; its transmitter's deadline goes on
                _health.Suspect();
                _agenda.Hurry();
                return;
            }

            if (_transmitter.IsBusy && !_transmitter.OnFlags(flags))
            {
                OnReset();
                return;
            }

            if ((flags & RegisterBits.EIR_RXERIF) != 0)
            {
                _receiver.OnOverrun();
            }

            if ((flags & RegisterBits.EIR_LINKIF) != 0)
            {
                _link.OnInterrupt();
                _agenda.Hurry();
            }
        }

        /// <summary>
        /// Leaves whatever was being done. The link is down from here on.
        /// </summary>
        private void Enter(Enc28j60State state)
        {
            State = state;
            _agenda.Hurry();
            _demand = Enc28j60Recovery.None;
            _wantsSleep = false;
            _link.End();
        }

        /// <summary>
        /// Begins a start without a system reset.
        /// </summary>
        private void BeginStart()
        {
            Enter(Enc28j60State.Starting);
            _startup.Begin();
        }

        private void OnStartFailed()
        {
            Fault = _startup.Fault;
            _policy.OnFailed();
            State = Enc28j60State.Failed;
        }

        /// <summary>
        /// The chip has lost its registers, and with them what was on its way.
        /// </summary>
        private void OnReset()
        {
            _transmitter.DropFrame();
            Demand(_health.Diagnose());
        }

        /// <summary>
        /// Has the chip started anew; who was first to demand it names the reason.
        /// </summary>
        private void Demand(Enc28j60Recovery reason)
        {
            _agenda.Hurry();
            if (_demand == Enc28j60Recovery.None)
            {
                _demand = reason;
            }
        }

        /// <summary>
        /// Starts the chip anew, at once or, where that did not help lately, later.
        /// </summary>
        private int Recover()
        {
            _log.Add(_demand);
            if (_demand == Enc28j60Recovery.Requested)
            {
                _policy.Forget();
            }

            Enter(Enc28j60State.Failed);
            Fault = Enc28j60Fault.ChipLost;
            _policy.OnLost();
            return 0;
        }
    }
}
