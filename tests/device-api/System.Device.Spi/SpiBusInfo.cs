// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Device.Spi;

/// <summary>Limits of a bus, as the ESP32 port reports them.</summary>
public sealed class SpiBusInfo
{
    internal SpiBusInfo(int minClockFrequency, int maxClockFrequency)
    {
        MinClockFrequency = minClockFrequency;
        MaxClockFrequency = maxClockFrequency;
    }

    /// <summary>Highest clock, hertz. The ESP32 port always says 40 MHz.</summary>
    public int MaxClockFrequency { get; }

    /// <summary>Lowest clock, hertz.</summary>
    public int MinClockFrequency { get; }
}
