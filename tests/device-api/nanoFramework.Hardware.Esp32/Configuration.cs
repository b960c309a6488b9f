// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace nanoFramework.Hardware.Esp32;

/// <summary>Which pin has which function.</summary>
public class Configuration
{
    /// <summary>Gives a pin a function; for a bus, before it is opened.</summary>
    public static void SetPinFunction(int pin, DeviceFunction value) => BoardHardware.Current.PinFunctions.Set(pin, value);

    /// <summary>The pin that has a function, or -1.</summary>
    public static int GetFunctionPin(DeviceFunction function) => BoardHardware.Current.PinFunctions.PinOf(function);
}
