// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Hardware;

/// <summary>Something on an SPI bus.</summary>
public interface ISpiPeripheral
{
    /// <summary>A device was opened for this chip select line.</summary>
    void Attach(in SpiLineSettings settings);

    /// <summary>Chip select becomes active.</summary>
    void Select();

    /// <summary>Eight clocks: takes the byte from the host and returns the one that was sent meanwhile.</summary>
    byte Exchange(byte mosi);

    /// <summary>Chip select becomes inactive.</summary>
    void Deselect();
}
