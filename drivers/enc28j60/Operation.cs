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

        /// <summary>The link, which is down unless the chip runs.</summary>
        internal readonly LinkMonitor Link;

        private readonly Chip _chip;
        private readonly Agenda _agenda;
        private readonly SpiPort _port;
        private readonly Receiver _receiver;
        private readonly Transmitter _transmitter;
        private readonly InterruptLine _interrupts;
        private readonly RecoveryLog _log;
        private readonly FilterControl _filterControl;
        private readonly HealthCheck _health;
        private readonly Startup _startup;
        private readonly RestartPolicy _policy = new RestartPolicy();
        private Enc28j60Recovery _demand;
        private int _interval = RunningInterval;
        private int _lastLook;
        private int _lastHousekeeping;
        private bool _flagsAreDue;
        private bool _isArmed;
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
            _receiver = receiver;
            _transmitter = chip.Transmitter;
            _interrupts = chip.Interrupts;
            _log = log;
            _filterControl = new FilterControl(chip.Reception, chip.Filters);
            Link = new LinkMonitor(chip.Phy, counters, listener);
            _health = new HealthCheck(chip, counters);
            _startup = new Startup(chip, clockFrequency);
        }

        /// <summary>Gets why something was last reset.</summary>
        internal Enc28j60Recovery LastRecovery => _log.Last;

        /// <summary>Gets EREVID, 0 while not known.</summary>
        internal int Revision => _startup.Revision;

        /// <summary>Gets a value indicating whether the word order is known.</summary>
        internal bool IsOrderKnown => _startup.IsOrderKnown;

        /// <summary>Gets a value indicating whether no PHY register is being read.</summary>
        internal bool IsPhyIdle => Link.IsIdle;

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

            BeginWait();
            bool fired = _interrupts.Wait(milliseconds);
            EndWait(fired);
            return fired;
        }

        /// <summary>
        /// Whoever calls it is about to wait for the pin. A chip that does not run is not asked to use it.
        /// </summary>
        internal void BeginWait()
        {
            _isArmed = State == Enc28j60State.Running && _demand == Enc28j60Recovery.None;
            if (_isArmed)
            {
                _interrupts.Arm();
            }
        }

        /// <summary>
        /// The wait is over.
        /// </summary>
        /// <param name="fired">Whether the chip may want something.</param>
        internal void EndWait(bool fired)
        {
            if (_isArmed)
            {
                _interrupts.Disarm();
            }

            if (fired)
            {
                _flagsAreDue = true;
                _agenda.Hurry();
            }
        }

        /// <summary>Gets a value indicating whether a frame can be sent as far as is known: none is on its way, and the chip is not lost.</summary>
        internal bool CanSendNow => !_transmitter.IsBusy && _demand == Enc28j60Recovery.None;

        /// <summary>
        /// Whether a frame can be sent, where <see cref="Agenda.MaySend"/> does not tell.
        /// </summary>
        internal bool CanSend()
        {
            if (State != Enc28j60State.Running || !Link.IsUp || _wantsSleep || _filterControl.IsWaiting)
            {
                return false;
            }

            if (_transmitter.IsBusy)
            {
                CheckFlags();
            }

            return CanSendNow;
        }

        /// <summary>
        /// Does what is due, where <see cref="Agenda.Quiet"/> does not tell that nothing is.
        /// </summary>
        internal int Poll(int now)
        {
            int left = _agenda.Due - now;
            return _agenda.IsClear && left > 0 ? Rest(now, left) : PollState(now);
        }

        /// <summary>
        /// The chip has lost its registers, and with them what was on its way.
        /// </summary>
        internal void OnReset()
        {
            _transmitter.DropFrame();
            Demand(_health.Diagnose());
        }

        /// <summary>
        /// Sees to flags of EIR that <see cref="Transmitter.ReadFlags"/> has left.
        /// </summary>
        internal void OnFlags(int flags)
        {
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
                Link.OnInterrupt();
                _agenda.Hurry();
            }
        }

        /// <summary>
        /// Nothing is to be done but to see a frame out: says when to come back, and until when polls need not ask.
        /// </summary>
        /// <param name="now">The time.</param>
        /// <param name="left">Milliseconds until something is to be done.</param>
        /// <returns>Milliseconds.</returns>
        private int Rest(int now, int left)
        {
            int wait = left < _interval ? left : _interval;
            int quiet = left - wait + 1;
            if (_transmitter.IsBusy)
            {
                int frame = _transmitter.GetLeft(now);
                if (frame <= 0)
                {
                    SeeFrameOut(now);
                    if (!_agenda.IsClear)
                    {
                        return PollState(now);
                    }

                    frame = _transmitter.IsBusy ? 0 : quiet;
                }

                quiet = frame < quiet ? frame : quiet;
            }

            if (_receiver.HasMore)
            {
                return 0;
            }

            _agenda.Pause(now, quiet, wait);
            return wait;
        }

        private int PollState(int now)
        {
            switch (State)
            {
                case Enc28j60State.Running:
                    int wait = PollRunning(now);

                    // outside of a poll bank 0 is selected: who receives or sends need not ask
                    if (State == Enc28j60State.Running)
                    {
                        _port.SelectBank(0);
                    }

                    return wait;
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
                Link.Begin();
                _health.Begin(now, _startup.Revision, _receiver.Packet);
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

            if (isDue || _flagsAreDue || (_transmitter.IsBusy && (_demand != Enc28j60Recovery.None || _transmitter.GetLeft(now) <= 0)))
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

            if (!Link.Poll(now, !_wantsSleep))
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
                    _receiver.Close();
                    Link.End();
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
            return MakeAgenda(now);
        }

        /// <summary>
        /// Notes when there is something to do in a poll.
        /// </summary>
        /// <returns>Milliseconds after which to come back.</returns>
        private int MakeAgenda(int now)
        {
            int left = LookInterval - (now - _lastLook);
            int other = Link.GetLeft(now);
            left = other < left ? other : left;
            other = _health.GetLeft(now);
            left = other < left ? other : left;
            if (left > 0 && !_filterControl.IsWaiting && !_wantsSleep && !_flagsAreDue)
            {
                _agenda.Rest(now, left, Link.IsUp);
                return Rest(now, left);
            }

            _agenda.Hurry();
            return _receiver.HasMore ? 0 : RunningInterval;
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

                if (!Link.Poll(now, false))
                {
                    Demand(Enc28j60Recovery.RegistersLost);
                }

                if (!_transmitter.IsBusy && Link.IsIdle)
                {
                    _chip.Power.PollSleep(now);
                }

                if (!_chip.Power.IsAsleep)
                {
                    return RunningInterval;
                }

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
                    _receiver.Open();
                    Link.Begin();
                    _health.Begin(now, _startup.Revision, _receiver.Packet);
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
            _receiver.Free();
            _receiver.CompareCount();
            _receiver.WatchHearing(now);
            _transmitter.ForgetPointers();
            _policy.OnGood(now);
            if (_health.IsSilent(now, _receiver.Packet, Link.IsUp))
            {
                _receiver.TestStep();
            }
        }

        private void CheckFlags()
        {
            int flags = _transmitter.ReadFlags();
            if (flags != 0)
            {
                OnFlags(flags);
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
            _receiver.Close();
            Link.End();
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
