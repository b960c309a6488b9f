// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;

namespace HostTests.DriverTraps;

/// <summary>
/// Stands between bus and chip. It notes what the driver does, and can take parts of it away, so that a test can show what happens to a driver that does not do them.
/// </summary>
internal sealed class TrapTap(Enc28j60Chip chip) : ISpiPeripheral
{
    private const int MostWindows = 3000;

    private bool _selected;
    private int _count;
    private int _first;
    private int _data;
    private int _bank;
    private int _address;
    private int _windows;

    /// <summary>Gets or sets what becomes of a register write: opcode, register and data; null takes it away.</summary>
    public Func<int, int, byte, byte?>? Rewrite { get; set; }

    /// <summary>Gets or sets what becomes of the answer to a register read: register and value.</summary>
    public Func<int, byte, byte>? Answer { get; set; }

    /// <summary>Gets or sets what becomes of a byte read from memory: address and value.</summary>
    public Func<int, byte, byte>? Memory { get; set; }

    /// <summary>Gets what the driver did.</summary>
    public List<SpiWindow> Log { get; } = [];

    /// <summary>Gets or sets a value indicating whether <see cref="Log"/> is kept.</summary>
    public bool KeepLog { get; set; } = true;

    /// <summary>A call of the driver begins; one without end becomes an exception.</summary>
    public void BeginCall() => _windows = 0;

    public void Attach(in SpiLineSettings settings) => chip.Attach(settings);

    public void Select()
    {
        _count = 0;
        _data = -1;
        _selected = false;
        if (++_windows > MostWindows)
        {
            throw new InvalidOperationException("A call of the driver does not end.");
        }
    }

    public byte Exchange(byte mosi)
    {
        _count++;
        if (_count == 1)
        {
            Begin(mosi);

            // a write waits until its data is known
            return Opcode is SpiWindow.Write or SpiWindow.Set or SpiWindow.Clear ? (byte)0xFF : Pass(mosi);
        }

        if (_count == 2)
        {
            _data = mosi;
            if (!_selected)
            {
                return PassWrite(mosi);
            }
        }

        return _selected ? Change(Pass(mosi)) : (byte)0xFF;
    }

    public void Deselect()
    {
        if (_selected)
        {
            chip.Deselect();
        }

        if (KeepLog && _count > 0)
        {
            Log.Add(new SpiWindow(Opcode, _first & 0x1F, _bank, _data, _count));
        }
    }

    private int Opcode => _first >> 5;

    private int Register => RegisterMap.Resolve(_bank, _first & 0x1F);

    private void Begin(byte mosi)
    {
        _first = mosi;
        _bank = chip.PeekRegister(Reg.ECON1) & Econ1.BSEL;
        _address = chip.PeekPair(Reg.ERDPTL);
    }

    private byte PassWrite(byte data)
    {
        byte? written = Rewrite is null ? data : Rewrite(Opcode, Register, data);
        if (written is { } value)
        {
            Pass((byte)_first);
            Pass(value);
        }

        return 0xFF;
    }

    private byte Pass(byte mosi)
    {
        if (!_selected)
        {
            _selected = true;
            chip.Select();
        }

        return chip.Exchange(mosi);
    }

    private byte Change(byte miso)
    {
        if (Opcode == SpiWindow.Read && Answer is not null)
        {
            int index = RegisterMap.HasDummyByte(Register) ? 3 : 2;
            return _count == index ? Answer(Register, miso) : miso;
        }

        return Opcode == SpiWindow.ReadBuffer && Memory is not null ? Memory((_address + _count - 2) & 0x1FFF, miso) : miso;
    }
}
