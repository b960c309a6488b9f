// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace VirtualBoard.Enc28j60;

/// <summary>Interrupt flags and the INT pin (DS39662E chapter 12).</summary>
internal sealed class Interrupts(ChipBlocks chip) : Block(chip)
{
    private const int Sources = Eie.PKTIE | Eie.DMAIE | Eie.LINKIE | Eie.TXIE | Eie.TXERIE | Eie.RXERIE;

    private GpioPins? _gpio;
    private int _pin;

    internal bool PinLow { get; private set; }

    /// <summary>Unlike the flag in EIR, the pin's logic is reliable (erratum 6).</summary>
    private int Pending => Chip.Access.Peek(Reg.EIR) & Registers[Reg.EIE] & Sources;

    internal bool Flag => Pending != 0 && (!Options.InterruptFlagNeedsIntie || (Registers[Reg.EIE] & Eie.INTIE) != 0);

    internal event Action<bool>? PinChanged;

    internal void WirePin(GpioPins gpio, int pin)
    {
        ArgumentNullException.ThrowIfNull(gpio);
        _pin = pin;
        _gpio = gpio;
        Clock.Settled += gpio.Settle;
        gpio.Drive(pin, !PinLow);
    }

    internal void Update()
    {
        bool low = Chip.Power.IsAlive && (Registers[Reg.EIE] & Eie.INTIE) != 0 && Pending != 0;
        if (low == PinLow || Faults.InterruptPinDead)
        {
            return;
        }

        PinLow = low;
        if (low)
        {
            Counters.InterruptEdges++;
        }

        if (_gpio is not null)
        {
            if (Faults.InterruptEdgeLoss > 0 && Faults.Random.Chance(Faults.InterruptEdgeLoss))
            {
                _gpio.LoseEdges++;
            }

            _gpio.DriveLater(_pin, !low);
        }

        PinChanged?.Invoke(low);
    }
}
