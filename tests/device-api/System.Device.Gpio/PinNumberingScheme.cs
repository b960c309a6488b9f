// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Device.Gpio;

/// <summary>How pins are counted.</summary>
public enum PinNumberingScheme
{
    /// <summary>By the chip's GPIO number.</summary>
    Logical = 0,

    /// <summary>By the place on the board.</summary>
    Board = 1,
}
