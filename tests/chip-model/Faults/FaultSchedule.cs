// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Has the faults of a plan happen to a chip when virtual time gets there, in the middle of an SPI transfer too.</summary>
public sealed class FaultSchedule : IClockParticipant
{
    private readonly Enc28j60Chip _chip;
    private readonly FaultPlan _plan;
    private int _next;
    private bool _isActive;
    private double _erratum;

    /// <summary>From now on the plan is carried out.</summary>
    public FaultSchedule(Enc28j60Chip chip, FaultPlan plan)
    {
        ArgumentNullException.ThrowIfNull(chip);
        ArgumentNullException.ThrowIfNull(plan);
        _chip = chip;
        _plan = plan;
        chip.Clock.Register(this);
    }

    /// <summary>Raised within the clock's world before a fault begins.</summary>
    public event Action<FaultEvent>? Beginning;

    /// <summary>Raised within the clock's world when a fault is over.</summary>
    public event Action<FaultEvent>? Ended;

    /// <summary>Faults that have begun.</summary>
    public int Begun { get; private set; }

    /// <summary>Whether a fault is going on.</summary>
    public bool IsActive => _isActive;

    /// <summary>Whether there are no more faults.</summary>
    public bool IsOver => _next == _plan.Events.Length;

    /// <inheritdoc/>
    long IClockParticipant.NextDue => IsOver ? long.MaxValue : _isActive ? _plan.Events[_next].EndNs : _plan.Events[_next].StartNs;

    /// <inheritdoc/>
    void IClockParticipant.Notice()
    {
    }

    /// <inheritdoc/>
    void IClockParticipant.RunDue(long now)
    {
        FaultEvent fault = _plan.Events[_next];
        if (!_isActive)
        {
            Beginning?.Invoke(fault);
            Begun++;
            _isActive = true;
            Set(fault, true);
        }

        if (fault.EndNs <= now)
        {
            Set(fault, false);
            _isActive = false;
            _next++;
            Ended?.Invoke(fault);
        }
    }

    private void Set(FaultEvent fault, bool on)
    {
        ChipFaults faults = _chip.Faults;
        switch (fault.Kind)
        {
            case FaultKind.MisoFlips:
                faults.MisoFlip = on ? fault.Strength : 0;
                break;
            case FaultKind.MosiFlips:
                faults.MosiFlip = on ? fault.Strength : 0;
                break;
            case FaultKind.MisoStuckLow:
                faults.MisoStuck = on ? 0x00 : null;
                break;
            case FaultKind.MisoStuckHigh:
                faults.MisoStuck = on ? 0xFF : null;
                break;
            case FaultKind.PowerLoss:
                _chip.Powered = !on;
                break;
            case FaultKind.ResetHeld:
                _chip.ResetPinLow = on;
                break;
            case FaultKind.DeafReceiver:
                faults.DeafAfterOverflow = on;
                break;
            case FaultKind.LinkDown:
                _chip.LinkUp = !on;
                break;
            case FaultKind.LostEdges:
                faults.InterruptEdgeLoss = on ? 1 : 0;
                break;
            case FaultKind.DeadInterruptPin:
                faults.InterruptPinDead = on;
                break;
            case FaultKind.PacketFlagLies:
                SetErratum(6, on, 1);
                break;
            case FaultKind.FalseCollisions:
                SetErratum(13, on, fault.Strength);
                break;
            case FaultKind.DuplexMismatch:
                _chip.PartnerFullDuplex = on ? true : null;
                break;
            default:
                if (on)
                {
                    Strike(fault);
                }

                break;
        }
    }

    private void Strike(FaultEvent fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.SpontaneousReset:
                _chip.SpontaneousReset();
                break;
            case FaultKind.BrownOut:
                _chip.PowerOnReset();
                break;
            case FaultKind.CorruptHeader:
                var random = new SeededRandom(fault.Seed);
                _chip.CorruptNextHeader(random.Below(6), (byte)(1 << random.Below(8)));
                break;
            case FaultKind.RegisterFlip:
                FlipRegister(new SeededRandom(fault.Seed));
                break;
            case FaultKind.LateCollisions:
                _chip.ScriptCollision(200, 3);
                break;
            case FaultKind.ExcessCollisions:
                _chip.ScriptCollision(10, 16);
                break;
            case FaultKind.BusyMedium:
                _chip.OccupyMedium(fault.DurationNs);
                break;
        }
    }

    private void FlipRegister(SeededRandom random)
    {
        (int register, int mask) = random.Below(3) switch
        {
            0 => (Reg.ECON1, Econ1.RXEN),
            1 => (Reg.MACON1, Macon1.MARXEN),
            _ => (Reg.ERXFCON, 1 << random.Below(8)),
        };
        _chip.PokeRegister(register, (byte)(_chip.PeekRegister(register) ^ mask));
    }

    private void SetErratum(int number, bool on, double probability)
    {
        if (on)
        {
            _erratum = _chip.Options.Errata[number];
        }

        _chip.Options.Errata[number] = on ? probability : _erratum;
    }
}
