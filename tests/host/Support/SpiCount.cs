// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace HostTests.Support;

/// <summary>Counts transfers and their bytes, but for steps that only look whether there is something.</summary>
internal sealed class SpiCount(ISpiPeripheral chip) : ISpiPeripheral
{
    private int _transactions;
    private int _bytes;

    public int Transactions { get; private set; }

    public int Bytes { get; private set; }

    public void Begin() => Transactions = Bytes = 0;

    public void BeginStep() => _transactions = _bytes = 0;

    public void EndStep()
    {
        if (_transactions > 1)
        {
            Transactions += _transactions;
            Bytes += _bytes;
        }
    }

    public void Attach(in SpiLineSettings settings) => chip.Attach(settings);

    public void Select() => chip.Select();

    public byte Exchange(byte mosi)
    {
        _bytes++;
        return chip.Exchange(mosi);
    }

    public void Deselect()
    {
        _transactions++;
        chip.Deselect();
    }
}
