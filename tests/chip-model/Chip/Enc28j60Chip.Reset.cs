// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>Reset, oscillator and power save (DS39662E 2.2, chapters 11 and 14; errata 2 and 19).</content>
public sealed partial class Enc28j60Chip
{
    /// <summary>Start-up time of the oscillator: 7500 clocks, nanoseconds.</summary>
    public const long OscillatorStartNs = 300_000;

    /// <summary>Time that the host must leave after a system reset (erratum 2), nanoseconds.</summary>
    public const long SystemResetNs = 1_000_000;

    private const byte EcoconReset = 0x04;

    private bool _powered = true;
    private bool _heldInReset;
    private long _oscillatorDue = Never;
    private long _readyFrom;

    /// <summary>Whether the chip has power. Setting it to true is a power-on reset.</summary>
    public bool Powered
    {
        get => _powered;
        set
        {
            if (value != _powered)
            {
                Enter();
                try
                {
                    _powered = value;
                    Restart(value);
                }
                finally
                {
                    Exit();
                }
            }
        }
    }

    /// <summary>Level of the RESET pin: true holds the chip in reset. The end is a reset like that at power-on, except that memory keeps its contents.</summary>
    public bool ResetPinLow
    {
        get => _heldInReset;
        set
        {
            if (value != _heldInReset)
            {
                Enter();
                try
                {
                    _heldInReset = value;
                    Restart(false);
                }
                finally
                {
                    Exit();
                }
            }
        }
    }

    private bool IsAlive => _powered && !_heldInReset && !Faults.Disconnected;

    private bool InPowerSave => (_reg[Reg.ECON2] & Econ2.PWRSV) != 0;

    private bool IsMacReady => (_reg[Reg.ESTAT] & Estat.CLKRDY) != 0 && !InPowerSave && _clock.NowNs >= _readyFrom;

    /// <summary>A dip of the supply: everything as after power-on, memory included.</summary>
    public void PowerOnReset()
    {
        Enter();
        try
        {
            Restart(true);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>A reset that nobody asked for: registers as after power-on, memory kept. For drivers that must notice.</summary>
    public void SpontaneousReset()
    {
        Enter();
        try
        {
            Restart(false);
        }
        finally
        {
            Exit();
        }
    }

    private void Restart(bool losesMemory)
    {
        // What is left of an instruction in progress finds nobody.
        _state = SpiState.Ignored;
        StopEverything();
        if (losesMemory)
        {
            // afterwards: what was on the wire until now was sent from memory as it was
            FillMemoryRandomly();
        }

        ResetRegisters();
        _reg[Reg.ECOCON] = EcoconReset;
        _readyFrom = 0;
        ResetPhy();
        StartOscillator();
        UpdateInterrupt();
        Replan();
    }

    /// <summary>SRC: everything but ECOCON, CLKRDY and memory.</summary>
    private void SystemReset()
    {
        if (InPowerSave)
        {
            Violate(ViolationRule.ResetInPowerSave, "system reset in power save (erratum 19)");
            if (ErratumStrikes(19))
            {
                return;
            }
        }

        byte ready = (byte)(_reg[Reg.ESTAT] & Estat.CLKRDY);
        byte clockOutput = _reg[Reg.ECOCON];
        StopEverything();
        ResetRegisters();
        _reg[Reg.ECOCON] = clockOutput;
        if (Options.SystemResetResetsPhy)
        {
            ResetPhy();
        }

        // Erratum 2: CLKRDY is not cleared and cannot be waited for, but the PHY's clock needs its time.
        bool keepsReady = ErratumStrikes(2);
        _readyFrom = keepsReady ? _clock.NowNs + SystemResetNs : 0;
        if (keepsReady && ready != 0)
        {
            _reg[Reg.ESTAT] |= ready;
        }
        else
        {
            StartOscillator();
        }

        UpdateInterrupt();
        Replan();
    }

    private void StopEverything()
    {
        Counters.Resets++;
        if (_txState == TransmitState.Sending)
        {
            CutFrame();
        }

        _txState = TransmitState.Idle;
        _txDue = Never;
        _txStalled = false;
        _pauseUntil = 0;
        _pauseTxDue = Never;
        _deaf = false;
        _dropEvent = false;
        DropReception();
        StopDma();
        _bistDue = Never;
        ResetMii();
    }

    private void ResetRegisters()
    {
        for (int i = 0; i < _reg.Length; i++)
        {
            _reg[i] = RegisterMap.ResetValue(i);
        }

        SetPair(Reg.EPAUSL, Options.EpausReset);
        _rxWritePointer = Pair(Reg.ERXSTL);
        _latchedReadPointerLow = 0;
        _readPointerLowWritten = false;
        ForgetPackets();
    }

    private void StartOscillator()
    {
        _reg[Reg.ESTAT] &= unchecked((byte)~Estat.CLKRDY);
        _oscillatorDue = IsAlive && !Faults.DeadOscillator ? _clock.NowNs + OscillatorStartNs : Never;
    }

    private void OscillatorStarted()
    {
        _oscillatorDue = Never;
        if (!Faults.DeadOscillator)
        {
            _reg[Reg.ESTAT] |= Estat.CLKRDY;
        }
    }

    private void EnterPowerSave()
    {
        if (ReceiveEnabled || _rxActive && !_rxIgnored)
        {
            Violate(ViolationRule.PowerSaveOrder, "power save entered with RXEN or RXBUSY set");
        }

        if (TransmitRequested)
        {
            Violate(ViolationRule.PowerSaveOrder, "power save entered while TXRTS is set");
            if (_txState == TransmitState.Sending)
            {
                CutFrame();
            }

            _txState = TransmitState.Stuck;
            _txDue = Never;
        }

        DropReception();
        _oscillatorDue = Never;
        _reg[Reg.ESTAT] &= unchecked((byte)~Estat.CLKRDY);
        UpdateLink();
    }

    private void LeavePowerSave()
    {
        _linkFrom = _clock.NowNs + Options.LinkDelayNs;
        StartOscillator();
        UpdateLink();
    }
}
