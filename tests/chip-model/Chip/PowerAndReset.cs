// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Reset, oscillator and power save (DS39662E 2.2, chapters 11 and 14; errata 2 and 19).</summary>
internal sealed class PowerAndReset(ChipBlocks chip) : Block(chip)
{
    private const byte EcoconReset = 0x04;

    private bool _powered = true;
    private bool _isHeldInReset;
    private long _readyFrom;

    internal long Due { get; private set; } = Never;

    internal bool IsAlive => _powered && !_isHeldInReset && !Faults.Disconnected;

    internal bool InPowerSave => (Registers[Reg.ECON2] & Econ2.PWRSV) != 0;

    internal bool IsMacReady => (Registers[Reg.ESTAT] & Estat.CLKRDY) != 0 && !InPowerSave && Clock.NowNs >= _readyFrom;

    internal bool Powered
    {
        get => _powered;
        set
        {
            if (value != _powered)
            {
                Clock.Enter();
                try
                {
                    _powered = value;
                    Restart(value);
                }
                finally
                {
                    Clock.Exit();
                }
            }
        }
    }

    internal bool ResetPinLow
    {
        get => _isHeldInReset;
        set
        {
            if (value != _isHeldInReset)
            {
                Clock.Enter();
                try
                {
                    _isHeldInReset = value;
                    Restart(false);
                }
                finally
                {
                    Clock.Exit();
                }
            }
        }
    }

    internal void PowerOnReset()
    {
        Clock.Enter();
        try
        {
            Restart(true);
        }
        finally
        {
            Clock.Exit();
        }
    }

    internal void SpontaneousReset()
    {
        Clock.Enter();
        try
        {
            Restart(false);
        }
        finally
        {
            Clock.Exit();
        }
    }

    private void Restart(bool losesMemory)
    {
        Chip.Spi.Abort();
        StopEverything();
        if (losesMemory)
        {
            // afterwards: what was on the wire until now was sent from memory as it was
            Chip.Memory.FillRandomly();
        }

        ResetRegisters();
        Registers[Reg.ECOCON] = EcoconReset;
        _readyFrom = 0;
        Chip.Phy.Reset();
        StartOscillator();
        Chip.Interrupts.Update();
        Chip.Agenda.Replan();
    }

    /// <summary>SRC: everything but ECOCON, CLKRDY and memory.</summary>
    internal void SystemReset()
    {
        if (InPowerSave)
        {
            Violate(ViolationRule.ResetInPowerSave, "system reset in power save (erratum 19)");
            if (Strikes(19))
            {
                return;
            }
        }

        byte ready = (byte)(Registers[Reg.ESTAT] & Estat.CLKRDY);
        byte clockOutput = Registers[Reg.ECOCON];
        StopEverything();
        ResetRegisters();
        Registers[Reg.ECOCON] = clockOutput;
        if (Options.SystemResetResetsPhy)
        {
            Chip.Phy.Reset();
        }

        // Erratum 2: CLKRDY is not cleared and cannot be waited for, but the PHY's clock needs its time.
        bool keepsReady = Strikes(2);
        _readyFrom = keepsReady ? Clock.NowNs + Enc28j60Chip.SystemResetNs : 0;
        if (keepsReady && ready != 0)
        {
            Registers[Reg.ESTAT] |= ready;
        }
        else
        {
            StartOscillator();
        }

        Chip.Interrupts.Update();
        Chip.Agenda.Replan();
    }

    private void StopEverything()
    {
        Counters.Resets++;
        Chip.Transmit.Restart();
        Chip.Flow.Stop();
        Chip.Receive.Restart();
        Chip.Dma.Stop();
        Chip.Bist.Stop();
        Chip.Mii.Reset();
    }

    private void ResetRegisters()
    {
        Registers.Reset();
        Registers.SetPair(Reg.EPAUSL, Options.EpausReset);
        Chip.ReceiveBuffer.Rewind();
        Chip.Access.Reset();
    }

    private void StartOscillator()
    {
        Registers[Reg.ESTAT] &= unchecked((byte)~Estat.CLKRDY);
        Due = IsAlive && !Faults.DeadOscillator ? Clock.NowNs + Enc28j60Chip.OscillatorStartNs : Never;
    }

    internal void OscillatorStarted()
    {
        Due = Never;
        if (!Faults.DeadOscillator)
        {
            Registers[Reg.ESTAT] |= Estat.CLKRDY;
        }
    }

    internal void EnterPowerSave()
    {
        if (Registers.ReceiveEnabled || Chip.Receive.IsActive && !Chip.Receive.IsIgnored)
        {
            Violate(ViolationRule.PowerSaveOrder, "power save entered with RXEN or RXBUSY set");
        }

        if (Registers.TransmitRequested)
        {
            Violate(ViolationRule.PowerSaveOrder, "power save entered while TXRTS is set");
            Chip.Transmit.StickForever();
        }

        Chip.Receive.Drop();
        Due = Never;
        Registers[Reg.ESTAT] &= unchecked((byte)~Estat.CLKRDY);
        Chip.Phy.UpdateLink();
    }

    internal void LeavePowerSave()
    {
        Chip.Phy.LoseLink();
        StartOscillator();
        Chip.Phy.UpdateLink();
    }
}
