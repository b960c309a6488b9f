// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Hardware;

/// <summary>An open device: the way from <c>SpiDevice</c> to the peripheral.</summary>
internal sealed class SpiConnection(SpiBus bus, int busId, int chipSelectLine, Lock busLock)
{
    private ISpiPeripheral? _selected;

    public int BusId { get; } = busId;

    public int ChipSelectLine { get; } = chipSelectLine;

    public SpiSocket? Socket { get; set; }

    /// <summary>Shift of the byte of a word that goes out first: 0 or 8.</summary>
    public int FirstByteShift => bus.WordOrder == SpiWordOrder.LowByteFirst ? 0 : 8;

    public void Begin()
    {
        // One transfer at a time: on the board all managed threads stop while the bus works.
        busLock.Enter();
        if (ChipSelectLine < 0)
        {
            _selected = bus.ManuallySelected(BusId)?.Peripheral;
            return;
        }

        bus.CountTransaction();
        _selected = Socket?.Peripheral;
        _selected?.Select();
    }

    public byte Exchange(byte mosi)
    {
        bus.CountByte();
        return _selected is null ? bus.FloatingMiso : _selected.Exchange(mosi);
    }

    public void End()
    {
        try
        {
            ISpiPeripheral? selected = _selected;
            _selected = null;
            if (ChipSelectLine >= 0)
            {
                selected?.Deselect();
            }
        }
        finally
        {
            busLock.Exit();
        }
    }

    public void Close() => bus.Close(this);
}
