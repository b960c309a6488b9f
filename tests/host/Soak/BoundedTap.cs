// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace HostTests.Soak;

/// <summary>Stands between bus and chip and counts the windows of one call of the driver: a call without end becomes an exception.</summary>
internal sealed class BoundedTap(ISpiPeripheral inner, int limit) : ISpiPeripheral
{
    /// <summary>Gets the windows of the present call.</summary>
    public int Windows { get; private set; }

    /// <summary>Gets the most windows that a call has ever taken.</summary>
    public int MostWindows { get; private set; }

    /// <summary>A new call of the driver begins.</summary>
    public void BeginCall() => Windows = 0;

    public void Attach(in SpiLineSettings settings) => inner.Attach(settings);

    public void Select()
    {
        if (++Windows > limit)
        {
            throw new InvalidOperationException($"One call of the driver took more than {limit} SPI transfers.");
        }

        MostWindows = Math.Max(MostWindows, Windows);
        inner.Select();
    }

    public byte Exchange(byte mosi) => inner.Exchange(mosi);

    public void Deselect() => inner.Deselect();
}
