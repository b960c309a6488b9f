// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace VirtualBoard;

/// <summary>
/// Sits between the board and its chip. The firmware's main loop never ends by itself, so this is how a board is switched off: its next
/// SPI transfer throws.
/// </summary>
internal sealed class PowerSwitch(ISpiPeripheral peripheral) : ISpiPeripheral
{
    private volatile bool _off;

    public void TurnOff() => _off = true;

    public void Attach(in SpiLineSettings settings) => peripheral.Attach(settings);

    public void Select() => peripheral.Select();

    public byte Exchange(byte mosi)
    {
        // Here and not in Select, where the bus would stay locked.
        if (_off)
        {
            throw new PowerOffException();
        }

        return peripheral.Exchange(mosi);
    }

    public void Deselect() => peripheral.Deselect();

    /// <summary>Ends the firmware's thread, and those that it has started.</summary>
    internal sealed class PowerOffException : Exception;
}
