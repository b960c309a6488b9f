// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;

namespace HostTests.Soak;

/// <summary>
/// Judges whether a driver has got over each fault: how long that took, and that nothing was wrong outside of the time from a corrupting fault to the recovery from it.
/// </summary>
internal sealed class SoakHealth
{
    private const long MillisecondNs = 1_000_000;

    private readonly SoakRun _run;
    private readonly FaultSchedule _schedule;
    private readonly long[] _longest = new long[Enum.GetValues<FaultKind>().Length];
    private readonly long[] _total = new long[Enum.GetValues<FaultKind>().Length];
    private readonly int[] _count = new int[Enum.GetValues<FaultKind>().Length];
    private readonly int[] _forced = new int[Enum.GetValues<FaultKind>().Length];
    private FaultEvent _fault;
    private bool _tolerant = true;
    private bool _ended = true;
    private bool _recovering = true;
    private bool _mayReset = true;
    private bool _wantsOverflow;
    private bool _isJudging;
    private long _since;
    private uint _probeIn;
    private uint _probeOut;
    private long _resets;
    private long _restarts;
    private long _overflows;
    private int _forcedNow;

    public SoakHealth(SoakRun run, FaultSchedule schedule)
    {
        _run = run;
        _schedule = schedule;
        schedule.Beginning += OnBeginning;
        schedule.Ended += OnEnded;
        run.Chip.Violations.Added += OnViolation;
    }

    /// <summary>Gets the faults that the driver was seen to get over, or not.</summary>
    public int Judged { get; private set; }

    /// <summary>Gets how often the driver reset its receiver after an overflow.</summary>
    public int Precautions { get; private set; }

    /// <summary>Gets a value indicating whether a fault is over and the driver has not shown yet that it is well.</summary>
    public bool IsRecovering => _recovering && _ended;

    /// <summary>Gets a value indicating whether traffic shall be dense: in a fault, so that it strikes something, and after it, so that recovery shows.</summary>
    public bool WantsTraffic => _recovering;

    /// <summary>Gets a value indicating whether, once per fault, the buffer shall overflow.</summary>
    public bool WantsOverflow
    {
        get
        {
            bool wants = _wantsOverflow;
            _wantsOverflow = false;
            return wants;
        }
    }

    /// <summary>Gets a value indicating whether edges of the interrupt pin reach the host.</summary>
    public bool IsPinHeard => !_schedule.IsActive || _fault.Kind is not (FaultKind.LostEdges or FaultKind.DeadInterruptPin);

    /// <summary>Gets a value indicating whether there is no fault and nothing to recover from.</summary>
    public bool IsSteady => !_recovering && !_schedule.IsActive;

    private long Resets => (long)_run.Driver.Counters.ReceiverResets + _run.Driver.Counters.Restarts;

    /// <summary>A frame was wrong.</summary>
    public void Damage(string what)
    {
        if (!_tolerant)
        {
            _run.Fail($"{what} (last fault: {_fault})");
        }
    }

    /// <summary>After each turn of the loop.</summary>
    public void Look()
    {
        if (Resets != _resets)
        {
            OnReset();
        }

        if (IsRecovering)
        {
            LookForRecovery();
        }
        else if (!_recovering && !_run.Books.IsOpen && !_run.Chip.IsTransmitting && _run.Driver.CanSend)
        {
            _run.Books.Open();
        }
    }

    /// <summary>At the end of the run.</summary>
    public void Finish()
    {
        CloseBooks();
        if (_recovering)
        {
            _run.Fail($"never recovered: {_fault}");
        }
    }

    public string Report()
    {
        var text = new StringBuilder();
        text.AppendLine($"  {Precautions} receiver resets after an overflow");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            int i = (int)kind;
            if (_count[i] > 0)
            {
                text.AppendLine($"  {kind,-18} {_count[i],5} times, recovery {_total[i] / _count[i] / MillisecondNs,6} ms on average, " +
                    $"{_longest[i] / MillisecondNs,6} ms at most, {_forced[i]} not by itself");
            }
        }

        return text.ToString();
    }

    private void OnBeginning(FaultEvent fault)
    {
        if (_recovering)
        {
            // the plan's gaps are longer than the bound on recovery
            Count();
        }

        if (fault.IsCorrupting)
        {
            CloseBooks();
            _tolerant = true;
        }

        _mayReset = fault.IsCorrupting || fault.Kind == FaultKind.DeafReceiver;
        _wantsOverflow = fault.Kind == FaultKind.DeafReceiver;
        _isJudging = true;
        _fault = fault;
        _ended = false;
        _recovering = true;
    }

    private void OnEnded(FaultEvent fault)
    {
        _ended = true;
        BeginRecovery();
        _forcedNow = 0;
    }

    private void BeginRecovery()
    {
        _since = _run.NowNs;
        _probeIn = _run.Partner.LastSent;
        _probeOut = _run.SentNumber;
    }

    private void OnViolation(ChipViolation violation)
    {
        if (!_tolerant)
        {
            _run.Fail($"{violation} (last fault: {_fault})");
        }
    }

    private void OnReset()
    {
        long overflows = _run.Chip.Counters.DroppedByOverflow;
        bool isPrecaution = _run.Driver.Counters.Restarts == _restarts && overflows > _overflows;
        _overflows = overflows;
        _restarts = _run.Driver.Counters.Restarts;
        _resets = Resets;
        if (isPrecaution)
        {
            // After an overflow a silent receiver may be a deaf one. A reset must not cost a packet that was received: the books stay open.
            Precautions++;
            return;
        }

        if (!_mayReset)
        {
            _run.Fail($"the driver reset the receiver or the chip without need (last fault: {_fault})");
        }

        // what was in the chip is lost, and how much that was nobody can say
        _run.Books.Discard();
        if (!_recovering)
        {
            _recovering = true;
            BeginRecovery();
        }
    }

    private void LookForRecovery()
    {
        bool well = _run.Driver.State == Enc28j60State.Running && _run.Driver.IsLinkUp && _run.LastNumber > _probeIn && _run.Partner.LastArrived > _probeOut;
        if (well)
        {
            Count();
            _recovering = false;
            _tolerant = false;
            _run.CheckPool();
            return;
        }

        long limit = (long)_run.Settings.RecoveryBound.TotalMilliseconds * MillisecondNs;
        if (_run.NowNs - _since > limit * (_forcedNow + 1))
        {
            Force();
        }
    }

    /// <summary>So that the faults that follow are judged too, a driver that does not recover is helped: by a restart, then by a new supply.</summary>
    private void Force()
    {
        _forcedNow++;
        if (_forcedNow == 1)
        {
            _run.Fail($"not recovered after {_run.Settings.RecoveryBound}: {_fault}; state {_run.Driver.State}, fault {_run.Driver.Fault}, link {_run.Driver.IsLinkUp}, " +
                $"received {_run.LastNumber > _probeIn}, sent {_run.Partner.LastArrived > _probeOut}; {Registers()}");
            _forced[(int)_fault.Kind]++;
        }
        else if (_forcedNow == 2)
        {
            _run.Fail($"a restart does not help either: {_fault}; {Registers()}");
            _run.Chip.PowerOnReset();
        }
        else if (_forcedNow > 4)
        {
            throw new InvalidOperationException($"Nothing helps after {_fault}.{Environment.NewLine}{_run.Report()}");
        }

        _mayReset = true;
        _tolerant = true;
        _run.ForceRestart();
    }

    private string Registers()
    {
        Enc28j60Chip chip = _run.Chip;
        return $"ECON1 {chip.PeekRegister(Reg.ECON1):X2}, EIR {chip.PeekRegister(Reg.EIR):X2}, ESTAT {chip.PeekRegister(Reg.ESTAT):X2}, " +
            $"EPKTCNT {chip.PeekRegister(Reg.EPKTCNT)}, ERXND {chip.PeekPair(Reg.ERXNDL):X4}, ERXRDPT {chip.PeekPair(Reg.ERXRDPTL):X4}, " +
            $"ERXFCON {chip.PeekRegister(Reg.ERXFCON):X2}, MACON1 {chip.PeekRegister(Reg.MACON1):X2}, EFLOCON {chip.PeekRegister(Reg.EFLOCON):X2}, arrivals {chip.PendingArrivals}";
    }

    private void Count()
    {
        if (!_isJudging)
        {
            // the start of the whole run, or a reset that came after traffic had already flowed again
            return;
        }

        _isJudging = false;
        int kind = (int)_fault.Kind;
        long time = _run.NowNs - _since;
        _count[kind]++;
        _total[kind] += time;
        _longest[kind] = Math.Max(_longest[kind], time);
        Judged++;
    }

    private void CloseBooks()
    {
        if (_run.Books.IsOpen && _run.Books.Close() is { } wrong)
        {
            _run.Fail($"{wrong} (last fault: {_fault})");
        }
    }
}
