// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Device.Gpio;

/// <summary>What a pin does.</summary>
public enum PinMode
{
    /// <summary>Input without a resistor.</summary>
    Input = 0,

    /// <summary>Input that is low when nothing drives it.</summary>
    InputPullDown = 1,

    /// <summary>Input that is high when nothing drives it.</summary>
    InputPullUp = 2,

    /// <summary>Output.</summary>
    Output = 3,

    /// <summary>Output that only pulls low.</summary>
    OutputOpenDrain = 4,

    /// <summary>Output that only pulls low, with a resistor to high.</summary>
    OutputOpenDrainPullUp = 5,

    /// <summary>Output that only pulls high.</summary>
    OutputOpenSource = 6,

    /// <summary>Output that only pulls high, with a resistor to low.</summary>
    OutputOpenSourcePullDown = 7,
}
