// Licensed under the MIT license. See LICENSE in the repository root.

using System.Collections.Concurrent;
using nanoFramework.Hardware.Esp32;

namespace VirtualBoard.Hardware;

/// <summary>Which pin has which function. Nothing is preset, so that firmware which relies on one board's presets is found out.</summary>
public sealed class PinFunctionTable
{
    private readonly ConcurrentDictionary<DeviceFunction, int> _pins = new();

    /// <summary>Gives a pin a function.</summary>
    public void Set(int pin, DeviceFunction function) => _pins[function] = pin;

    /// <summary>The pin that has a function, or -1.</summary>
    public int PinOf(DeviceFunction function) => _pins.TryGetValue(function, out int pin) ? pin : -1;
}
