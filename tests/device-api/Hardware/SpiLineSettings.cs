// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;

namespace VirtualBoard.Hardware;

/// <summary>How a bus drives the peripherals on it.</summary>
/// <param name="ClockHz">Clock, hertz.</param>
/// <param name="Mode">Clock polarity and phase.</param>
/// <param name="DataFlow">Bit order.</param>
public readonly record struct SpiLineSettings(int ClockHz, SpiMode Mode, DataFlow DataFlow);
