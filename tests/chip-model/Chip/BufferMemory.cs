// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The 8 KiB of memory and the host's way to it (DS39662E 3.2, 4.2.2, 4.2.4).</summary>
internal sealed class BufferMemory(ChipBlocks chip) : Block(chip)
{
    private readonly byte[] _bytes = new byte[Enc28j60Chip.MemorySize];
    private long _lastWindowViolation = -1;
    private ViolationRule _lastWindowRule;

    internal byte Read(int address)
    {
        byte value = _bytes[address];
        return address == Faults.StuckAddress ? (byte)((value | Faults.StuckOnes) & ~Faults.StuckZeros) : value;
    }

    internal void Write(int address, byte value) => _bytes[address] = value;

    /// <summary>RBM: the byte at ERDPT; the pointer goes from ERXND, and only from there, to ERXST, and from 1FFFh to 0.</summary>
    internal byte ReadNext()
    {
        if (Chip.Receive.NextByteAt <= Clock.NowNs)
        {
            Chip.Receive.Flush();
        }

        int address = Registers.Pair(Reg.ERDPTL);
        byte value = Read(address);
        Chip.ReceiveBuffer.NoteRead(address);
        if ((Registers[Reg.ECON2] & Econ2.AUTOINC) != 0)
        {
            Registers.SetPair(Reg.ERDPTL, address == Registers.Pair(Reg.ERXNDL) ? Registers.Pair(Reg.ERXSTL) : (address + 1) & PointerMask);
        }

        return value;
    }

    /// <summary>WBM: a byte to EWRPT; the pointer goes from 1FFFh to 0 and knows nothing of the receive buffer.</summary>
    internal void WriteNext(byte value)
    {
        int address = Registers.Pair(Reg.EWRPTL);
        if (Registers.ReceiveEnabled && Chip.ReceiveBuffer.Contains(address))
        {
            ViolateOncePerWindow(ViolationRule.WriteIntoReceiveBuffer, "write into the receive buffer while RXEN is set");
        }

        if (Registers.TransmitRequested && Chip.Packet.Contains(address))
        {
            ViolateOncePerWindow(ViolationRule.TransmitBusy, "packet or its status vector overwritten while TXRTS is set");
        }

        Write(address, value);
        if ((Registers[Reg.ECON2] & Econ2.AUTOINC) != 0)
        {
            Registers.SetPair(Reg.EWRPTL, (address + 1) & PointerMask);
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

    internal void FillRandomly()
    {
        for (int i = 0; i < _bytes.Length; i++)
        {
            _bytes[i] = Random.NextByte();
        }
    }
}
