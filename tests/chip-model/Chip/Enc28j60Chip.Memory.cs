// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>The 8 KiB of memory and the host's way to it (DS39662E 3.2, 4.2.2, 4.2.4).</content>
public sealed partial class Enc28j60Chip
{
    private long _lastWindowViolation = -1;
    private ViolationRule _lastWindowRule;

    private byte ReadMemory(int address)
    {
        byte value = _memory[address];
        return address == Faults.StuckAddress ? (byte)((value | Faults.StuckOnes) & ~Faults.StuckZeros) : value;
    }

    private void WriteMemory(int address, byte value) => _memory[address] = value;

    /// <summary>RBM: the byte at ERDPT; the pointer goes from ERXND, and only from there, to ERXST, and from 1FFFh to 0.</summary>
    private byte ReadBuffer()
    {
        if (_rxNextByteAt <= _clock.NowNs)
        {
            FlushReceived();
        }

        int address = Pair(Reg.ERDPTL);
        byte value = ReadMemory(address);
        NoteRead(address);
        if ((_reg[Reg.ECON2] & Econ2.AUTOINC) != 0)
        {
            SetPair(Reg.ERDPTL, address == Pair(Reg.ERXNDL) ? Pair(Reg.ERXSTL) : (address + 1) & PointerMask);
        }

        return value;
    }

    /// <summary>WBM: a byte to EWRPT; the pointer goes from 1FFFh to 0 and knows nothing of the receive buffer.</summary>
    private void WriteBuffer(byte value)
    {
        int address = Pair(Reg.EWRPTL);
        if (ReceiveEnabled && IsInFifo(address))
        {
            ViolateOncePerWindow(ViolationRule.WriteIntoReceiveBuffer, "write into the receive buffer while RXEN is set");
        }

        if (TransmitRequested && IsInTransmitArea(address))
        {
            ViolateOncePerWindow(ViolationRule.TransmitBusy, "packet or its status vector overwritten while TXRTS is set");
        }

        WriteMemory(address, value);
        if ((_reg[Reg.ECON2] & Econ2.AUTOINC) != 0)
        {
            SetPair(Reg.EWRPTL, (address + 1) & PointerMask);
        }
    }

    private void ViolateOncePerWindow(ViolationRule rule, string message)
    {
        if (_lastWindowViolation != Counters.SpiTransactions || _lastWindowRule != rule)
        {
            _lastWindowViolation = Counters.SpiTransactions;
            _lastWindowRule = rule;
            Violate(rule, message);
        }
    }

    private void FillMemoryRandomly()
    {
        for (int i = 0; i < _memory.Length; i++)
        {
            _memory[i] = _random.NextByte();
        }
    }
}
