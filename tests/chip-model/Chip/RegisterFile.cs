// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The control registers as they are stored. What a read or a write of the host sets off is <see cref="RegisterAccess"/>'s.</summary>
internal sealed class RegisterFile
{
    private readonly byte[] _bytes = new byte[128];

    internal byte this[int register]
    {
        get => _bytes[register];
        set => _bytes[register] = value;
    }

    /// <summary>The bank that is selected.</summary>
    internal int Bank => _bytes[Reg.ECON1] & Econ1.BSEL;

    internal bool ReceiveEnabled => (_bytes[Reg.ECON1] & Econ1.RXEN) != 0;

    internal bool TransmitRequested => (_bytes[Reg.ECON1] & Econ1.TXRTS) != 0;

    internal bool FullDuplex => (_bytes[Reg.MACON3] & Macon3.FULDPX) != 0;

    internal int Pair(int lowRegister) => _bytes[lowRegister] | (_bytes[lowRegister + 1] << 8);

    internal void SetPair(int lowRegister, int value)
    {
        _bytes[lowRegister] = (byte)value;
        _bytes[lowRegister + 1] = (byte)(value >> 8);
    }

    internal void Reset()
    {
        for (int i = 0; i < _bytes.Length; i++)
        {
            _bytes[i] = RegisterMap.ResetValue(i);
        }
    }
}
