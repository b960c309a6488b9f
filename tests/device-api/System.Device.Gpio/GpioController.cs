// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace System.Device.Gpio;

/// <summary>Opens and drives pins by number.</summary>
public sealed class GpioController : IDisposable
{
    private readonly GpioPins _pins = BoardHardware.Current.Gpio;
    private readonly List<GpioPin> _opened = [];
    private bool _isDisposed;

    /// <summary>A controller that counts pins by GPIO number.</summary>
    public GpioController()
        : this(PinNumberingScheme.Logical)
    {
    }

    /// <summary>A controller with a numbering scheme.</summary>
    public GpioController(PinNumberingScheme numberingScheme)
    {
        NumberingScheme = numberingScheme;
        _pins.Controllers++;
    }

    /// <summary>How pins are counted.</summary>
    public PinNumberingScheme NumberingScheme { get; }

    /// <summary>Number of pins.</summary>
    public int PinCount => GpioPins.Count;

    /// <summary>Opens a pin; it stays an input until its mode is set.</summary>
    public GpioPin OpenPin(int pinNumber)
    {
        GpioPin pin = _pins.Open(pinNumber);
        _opened.Add(pin);
        return pin;
    }

    /// <summary>Opens a pin in a mode.</summary>
    public GpioPin OpenPin(int pinNumber, PinMode mode)
    {
        GpioPin pin = OpenPin(pinNumber);
        pin.SetPinMode(mode);
        return pin;
    }

    /// <summary>Closes a pin.</summary>
    public void ClosePin(int pinNumber)
    {
        GpioPin pin = Find(pinNumber);
        _opened.Remove(pin);
        pin.Dispose();
    }

    /// <summary>Closes all pins of this controller.</summary>
    public void Dispose()
    {
        foreach (GpioPin pin in _opened)
        {
            pin.Dispose();
        }

        _opened.Clear();
        if (!_isDisposed)
        {
            _isDisposed = true;
            _pins.Controllers--;
        }
    }

    /// <summary>What a pin does.</summary>
    public PinMode GetPinMode(int pinNumber) => Find(pinNumber).GetPinMode();

    /// <summary>True if the pin can do that.</summary>
    public bool IsPinModeSupported(int pinNumber, PinMode mode) => GpioPins.IsModeSupported(mode);

    /// <summary>True if this controller has the pin open.</summary>
    public bool IsPinOpen(int pinNumber) => _opened.Exists(pin => pin.PinNumber == pinNumber);

    /// <summary>Level of an open pin.</summary>
    public PinValue Read(int pinNumber) => Find(pinNumber).Read();

    /// <summary>Has a callback called at edges of an open pin.</summary>
    public void RegisterCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) =>
        _pins.AddCallback(Find(pinNumber), eventTypes, callback);

    /// <summary>Sets what an open pin does.</summary>
    public void SetPinMode(int pinNumber, PinMode mode) => Find(pinNumber).SetPinMode(mode);

    /// <summary>Has a callback no longer called.</summary>
    public void UnregisterCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) =>
        _pins.RemoveCallback(Find(pinNumber), callback);

    /// <summary>Sets the level of an open output.</summary>
    public void Write(int pinNumber, PinValue value) => Find(pinNumber).Write(value);

    private GpioPin Find(int pinNumber) =>
        _opened.Find(pin => pin.PinNumber == pinNumber)
        ?? throw new InvalidOperationException($"GPIO {pinNumber} is not open.");
}
