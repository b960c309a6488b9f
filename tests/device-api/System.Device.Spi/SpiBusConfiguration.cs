// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Device.Spi;

/// <summary>How the data lines are used.</summary>
public enum SpiBusConfiguration
{
    /// <summary>MOSI and MISO at the same time.</summary>
    FullDuplex = 0,

    /// <summary>One data line, one direction at a time.</summary>
    HalfDuplex = 1,

    /// <summary>One direction only.</summary>
    Simplex = 2,
}
