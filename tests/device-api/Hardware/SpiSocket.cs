// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Hardware;

/// <summary>A place on a bus with a peripheral in it.</summary>
internal sealed class SpiSocket(int busId, int chipSelectLine, ISpiPeripheral peripheral)
{
    public int BusId { get; } = busId;

    public int ChipSelectLine { get; } = chipSelectLine;

    public ISpiPeripheral Peripheral { get; } = peripheral;

    /// <summary>Called when the firmware writes the chip select pin itself.</summary>
    public Action<bool>? Observer { get; set; }

    /// <summary>True while the firmware itself holds chip select low.</summary>
    public bool SelectedByPin { get; set; }
}
