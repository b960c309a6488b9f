// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;

namespace HostTests.Driver;

/// <summary>
/// Stands between bus and chip. It counts and notes what the driver does, changes bytes both ways, and takes parts of it away, so that a test can show what happens to a
/// driver that does not do them.
/// </summary>
internal sealed class SpiTap(Enc28j60Chip chip) : ISpiPeripheral
{
    private const int MostWindowsInACall = 3000;

    private readonly List<byte> _window = [];
    private bool _isSelected;
    private int _bank;
    private int _address;
    private int _windowsLeft = int.MaxValue;

    /// <summary>Gets or sets what decides, by the first byte of a window, whether the chip sees the window at all.</summary>
    public Func<byte, bool>? Pass { get; set; }

    /// <summary>Gets or sets what becomes of a register write: opcode, register and data; null takes it away.</summary>
    public Func<int, int, byte, byte?>? Rewrite { get; set; }

    /// <summary>Gets or sets what replaces an answer: first byte of the window, index of the byte, byte from the chip.</summary>
    public Func<byte, int, byte, byte>? Answer { get; set; }

    /// <summary>Gets or sets what becomes of the answer to a register read: register and value.</summary>
    public Func<int, byte, byte>? RegisterAnswer { get; set; }

    /// <summary>Gets or sets what becomes of a byte read from memory: address and value.</summary>
    public Func<int, byte, byte>? Memory { get; set; }

    /// <summary>Gets or sets what happens before a window opens, at the boundary between two transfers.</summary>
    public Action? Before { get; set; }

    /// <summary>Gets or sets where to note the bytes that the host sent, one entry per window; nothing is noted if null.</summary>
    public List<byte[]>? Log { get; set; }

    /// <summary>Gets the instructions, with the bank that they found.</summary>
    public List<SpiWindow> Instructions { get; } = [];

    /// <summary>Gets or sets a value indicating whether <see cref="Instructions"/> are kept.</summary>
    public bool KeepsInstructions { get; set; }

    /// <summary>Gets the windows so far.</summary>
    public int Windows { get; private set; }

    /// <summary>Gets the bytes so far.</summary>
    public int Bytes { get; private set; }

    private int Opcode => _window[0] >> 5;

    private int Register => RegisterMap.Resolve(_bank, _window[0] & 0x1F);

    private bool IsRegisterWrite => Opcode is SpiWindow.Write or SpiWindow.Set or SpiWindow.Clear;

    /// <summary>A call of the driver begins; one without end becomes an exception.</summary>
    public void BeginCall() => _windowsLeft = MostWindowsInACall;

    /// <summary>It has ended.</summary>
    public void EndCall() => _windowsLeft = int.MaxValue;

    public void Attach(in SpiLineSettings settings) => chip.Attach(settings);

    public void Select()
    {
        Before?.Invoke();
        Windows++;
        _window.Clear();
        _isSelected = false;
        if (--_windowsLeft == 0)
        {
            throw new InvalidOperationException("A call of the driver does not end.");
        }
    }

    public byte Exchange(byte mosi)
    {
        _window.Add(mosi);
        Bytes++;
        if (_window.Count == 1)
        {
            _bank = chip.PeekRegister(Reg.ECON1) & Econ1.BSEL;
            _address = chip.PeekPair(Reg.ERDPTL);
            if (Pass?.Invoke(mosi) == false)
            {
                return 0xFF;
            }

            // the chip is selected late: a write that may change waits until its data is known
            if (Rewrite is null || !IsRegisterWrite)
            {
                chip.Select();
                _isSelected = true;
            }
        }
        else if (_window.Count == 2 && !_isSelected && Rewrite is not null && IsRegisterWrite)
        {
            if (Rewrite(Opcode, Register, mosi) is { } data)
            {
                chip.Select();
                _isSelected = true;
                chip.Exchange(_window[0]);
                chip.Exchange(data);
            }

            return 0xFF;
        }

        return Change(_isSelected ? chip.Exchange(mosi) : (byte)0xFF);
    }

    public void Deselect()
    {
        if (_isSelected)
        {
            chip.Deselect();
        }

        Log?.Add([.. _window]);
        if (KeepsInstructions && _window.Count > 0)
        {
            Instructions.Add(new SpiWindow(Opcode, _window[0] & 0x1F, _bank, _window.Count > 1 ? _window[1] : -1, _window.Count));
        }
    }

    private byte Change(byte miso)
    {
        int index = _window.Count - 1;
        if (Answer is not null)
        {
            miso = Answer(_window[0], index, miso);
        }

        if (Opcode == SpiWindow.Read && RegisterAnswer is not null)
        {
            return index == (RegisterMap.HasDummyByte(Register) ? 2 : 1) ? RegisterAnswer(Register, miso) : miso;
        }

        return Opcode == SpiWindow.ReadBuffer && Memory is not null ? Memory((_address + index - 1) & 0x1FFF, miso) : miso;
    }
}
