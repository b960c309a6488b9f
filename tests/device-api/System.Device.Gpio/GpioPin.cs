// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace System.Device.Gpio;

/// <summary>An open pin.</summary>
public sealed class GpioPin : IDisposable
{
    private readonly GpioPins _pins;
    private bool _disposed;

    internal GpioPin(GpioPins pins, int pinNumber)
    {
        _pins = pins;
        PinNumber = pinNumber;
    }

    /// <summary>Closes the pin if its owner forgot to.</summary>
    ~GpioPin() => Close();

    /// <summary>Raised at every edge, after the change.</summary>
    public event PinValueChangedEventHandler? ValueChanged
    {
        add => _pins.AddListener(this, value);
        remove => _pins.RemoveListener(this, value);
    }

    /// <summary>Time that a level must last. Kept, without effect here.</summary>
    public TimeSpan DebounceTimeout { get; set; }

    /// <summary>GPIO number.</summary>
    public int PinNumber { get; }

    /// <summary>What the pin does.</summary>
    public PinMode GetPinMode() => _pins.Mode(PinNumber);

    /// <summary>True if the pin can do that.</summary>
    public bool IsPinModeSupported(PinMode pinMode) => GpioPins.IsModeSupported(pinMode);

    /// <summary>Sets what the pin does.</summary>
    public void SetPinMode(PinMode value)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _pins.SetMode(PinNumber, value);
    }

    /// <summary>Level of the pin.</summary>
    public PinValue Read()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _pins.Level(PinNumber);
    }

    /// <summary>Sets the level of an output.</summary>
    public void Write(PinValue value)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _pins.FirmwareWrite(PinNumber, (bool)value);
    }

    /// <summary>Inverts the level of an output.</summary>
    public void Toggle() => Write(!(bool)Read());

    /// <summary>Closes the pin.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private void Close()
    {
        if (!_disposed)
        {
            _disposed = true;
            _pins.Close(this);
        }
    }
}
