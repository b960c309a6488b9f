// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace VirtualBoard.Enc28j60;

/// <content>Interrupt flags and the INT pin (DS39662E chapter 12).</content>
public sealed partial class Enc28j60Chip
{
    private const int InterruptSources = Eie.PKTIE | Eie.DMAIE | Eie.LINKIE | Eie.TXIE | Eie.TXERIE | Eie.RXERIE;

    private bool _interruptLow;
    private GpioPins? _interruptGpio;
    private int _interruptPin;

    /// <summary>Raised within the clock's world when the INT pin changes; the argument is true for low, which is active.</summary>
    public event Action<bool>? InterruptChanged;

    /// <summary>Whether the INT pin is low, which is active.</summary>
    public bool InterruptPinLow => _interruptLow;

    /// <summary>Unlike the flag in EIR, the pin's logic is reliable (erratum 6).</summary>
    private int PendingInterrupts => RegisterValue(Reg.EIR) & _reg[Reg.EIE] & InterruptSources;

    private bool InterruptFlag => PendingInterrupts != 0 && (!Options.InterruptFlagNeedsIntie || (_reg[Reg.EIE] & Eie.INTIE) != 0);

    /// <summary>Connects the INT pin to a GPIO. The firmware's handlers run when the change that moved the pin is complete.</summary>
    public void WireInterruptPin(GpioPins gpio, int pin)
    {
        ArgumentNullException.ThrowIfNull(gpio);
        _interruptPin = pin;
        _interruptGpio = gpio;
        _clock.Settled += gpio.Settle;
        gpio.Drive(pin, !_interruptLow);
    }

    /// <summary>Connects the RESET pin to a GPIO that the firmware writes.</summary>
    public void WireResetPin(GpioPins gpio, int pin)
    {
        ArgumentNullException.ThrowIfNull(gpio);
        gpio.ObserveWrites(pin, high => ResetPinLow = !high);
    }

    private void UpdateInterrupt()
    {
        bool low = IsAlive && (_reg[Reg.EIE] & Eie.INTIE) != 0 && PendingInterrupts != 0;
        if (low == _interruptLow || Faults.InterruptPinDead)
        {
            return;
        }

        _interruptLow = low;
        if (low)
        {
            Counters.InterruptEdges++;
        }

        if (_interruptGpio is not null)
        {
            if (Faults.InterruptEdgeLoss > 0 && Faults.Random.Chance(Faults.InterruptEdgeLoss))
            {
                _interruptGpio.LoseEdges++;
            }

            _interruptGpio.DriveLater(_interruptPin, !low);
        }

        InterruptChanged?.Invoke(low);
    }
}
