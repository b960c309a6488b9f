// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;

namespace System.Device.Spi;

/// <summary>How a device is connected.</summary>
public sealed class SpiConnectionSettings
{
    /// <summary>Settings for a device on a bus; -1 as chip select leaves that line to the caller.</summary>
    public SpiConnectionSettings(int busId, int chipSelectLine = -1)
    {
        BusId = busId;
        ChipSelectLine = chipSelectLine;
    }

    internal SpiConnectionSettings(SpiConnectionSettings other)
    {
        BusId = other.BusId;
        ChipSelectLine = other.ChipSelectLine;
        Mode = other.Mode;
        DataBitLength = other.DataBitLength;
        ClockFrequency = other.ClockFrequency;
        DataFlow = other.DataFlow;
        ChipSelectLineActiveState = other.ChipSelectLineActiveState;
        Configuration = other.Configuration;
    }

    /// <summary>Bus number, from 1.</summary>
    public int BusId { get; set; }

    /// <summary>GPIO number of the chip select line, or -1.</summary>
    public int ChipSelectLine { get; set; }

    /// <summary>Clock polarity and phase.</summary>
    public SpiMode Mode { get; set; } = SpiMode.Mode0;

    /// <summary>Bits per frame.</summary>
    public int DataBitLength { get; set; } = 8;

    /// <summary>Clock, hertz.</summary>
    public int ClockFrequency { get; set; } = 500_000;

    /// <summary>Bit order.</summary>
    public DataFlow DataFlow { get; set; } = DataFlow.MsbFirst;

    /// <summary>Level of an active chip select line.</summary>
    public PinValue ChipSelectLineActiveState { get; set; } = PinValue.Low;

    /// <summary>Use of the data lines.</summary>
    public SpiBusConfiguration Configuration { get; set; } = SpiBusConfiguration.FullDuplex;
}
