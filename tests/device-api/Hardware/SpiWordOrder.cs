// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Hardware;

/// <summary>Which byte of a 16-bit word goes out first.</summary>
public enum SpiWordOrder
{
    /// <summary>As ESP32 does it: the array's memory goes out as it lies.</summary>
    LowByteFirst,

    /// <summary>As targets do it that drive the bus in 16-bit frames (STM32).</summary>
    HighByteFirst,
}
