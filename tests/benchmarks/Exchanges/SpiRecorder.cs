// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;

namespace Benchmarks;

/// <summary>
/// Stands between the bus and the chip and tells, for each turn of the firmware's loop, what was asked of the chip: looks at
/// registers, and effects, which is all else. A register that is looked at again, in the same turn and before anything had an effect,
/// counts once: asking in vain is a matter of the loop's speed, not of the driver's work.
/// </summary>
internal sealed class SpiRecorder(ISpiPeripheral chip) : ISpiPeripheral
{
    private const int ReadControl = 0;
    private const int WriteControl = 2;
    private const int BitFieldSet = 4;
    private const int BitFieldClear = 5;
    private const int FirstInEveryBank = 0x1B;
    private const int FirstOfMacAndPhy = 0x40;

    private readonly HashSet<int> _looked = [];
    private byte _command;
    private byte _value;
    private int _length;
    private int _bank;

    /// <summary>Transfers of the turn, repeated looks left out.</summary>
    public int Transactions { get; private set; }

    /// <summary>Their bytes.</summary>
    public int Bytes { get; private set; }

    /// <summary>Transfers of the turn, all of them.</summary>
    public int AllTransactions { get; private set; }

    /// <summary>Packets that were taken out of the chip.</summary>
    public int FramesTaken { get; private set; }

    /// <summary>Packets that the chip was told to send.</summary>
    public int FramesGiven { get; private set; }

    /// <summary>Effects on receiver and transmitter.</summary>
    public int Effects { get; private set; }

    /// <summary>Effects on MAC and PHY: the link is looked after.</summary>
    public int PhyEffects { get; private set; }

    /// <summary>Begins a turn.</summary>
    public void BeginTurn()
    {
        _looked.Clear();
        Transactions = 0;
        Bytes = 0;
        AllTransactions = 0;
        FramesTaken = 0;
        FramesGiven = 0;
        Effects = 0;
        PhyEffects = 0;
    }

    /// <inheritdoc/>
    public void Attach(in SpiLineSettings settings) => chip.Attach(settings);

    /// <inheritdoc/>
    public void Select()
    {
        _length = 0;
        chip.Select();
    }

    /// <inheritdoc/>
    public byte Exchange(byte mosi)
    {
        _command = _length == 0 ? mosi : _command;
        _value = _length == 1 ? mosi : _value;
        _length++;
        return chip.Exchange(mosi);
    }

    /// <inheritdoc/>
    public void Deselect()
    {
        chip.Deselect();
        AllTransactions++;
        int argument = _command & 0x1F;
        int register = argument >= FirstInEveryBank ? argument : argument | (_bank << 5);
        int code = _command >> 5;
        if (code == ReadControl)
        {
            if (!_looked.Add(register))
            {
                return;
            }
        }
        else if (argument == Reg.ECON1 && code is BitFieldSet or BitFieldClear && (_value & ~Econ1.BSEL) == 0)
        {
            _bank = code == BitFieldSet ? _bank | _value : _bank & ~_value;
        }
        else
        {
            NoteEffect(code, register);
        }

        Transactions++;
        Bytes += _length;
    }

    private void NoteEffect(int code, int register)
    {
        _looked.Clear();
        FramesTaken += code == BitFieldSet && register == Reg.ECON2 && (_value & Econ2.PKTDEC) != 0 ? 1 : 0;
        FramesGiven += code == BitFieldSet && register == Reg.ECON1 && (_value & Econ1.TXRTS) != 0 ? 1 : 0;
        if (code == WriteControl && register >= FirstOfMacAndPhy)
        {
            PhyEffects++;
        }
        else
        {
            Effects++;
        }

        if (code == WriteControl && register == Reg.ECON1)
        {
            _bank = _value & Econ1.BSEL;
        }
        else if (_command == 0xFF)
        {
            _bank = 0;
        }
    }
}
