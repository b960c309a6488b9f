// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The packet between ETXST and ETXND: its control byte, padding and FCS (DS39662E figure 7-1).</summary>
internal sealed class TransmitPacket(ChipBlocks chip) : Block(chip)
{
    private const int FcsLength = 4;
    private const int MaxTransmitLength = Enc28j60Chip.MemorySize + 64;

    internal readonly byte[] Frame = new byte[MaxTransmitLength];
    private bool _pads;
    private int _padTo;
    private bool _appendsFcs;

    internal int DataLength { get; private set; }

    internal int Length { get; private set; }

    internal bool IsGiant { get; private set; }

    /// <summary>Whether it is longer than MAMXFL and must not be: it is cut there.</summary>
    internal bool IsOversize { get; private set; }

    /// <summary>The per-packet control byte overrides MACON3 if its bit 0 is set (DS39662E figure 7-1).</summary>
    internal void ReadControlByte()
    {
        int start = Registers.Pair(Reg.ETXSTL);
        int control = Chip.Memory.Read(start);
        if ((control & 0xF0) != 0)
        {
            Violate(ViolationRule.TransmitBuffer, "reserved bits in the control byte at ETXST: probably there is none");
        }

        DataLength = (Registers.Pair(Reg.ETXNDL) - start) & PointerMask;
        int macon3 = Registers[Reg.MACON3];
        bool huge = (macon3 & Macon3.HFRMEN) != 0;
        _appendsFcs = (macon3 & Macon3.TXCRCEN) != 0;
        _pads = (macon3 & 0x20) != 0 && _appendsFcs;
        bool vlan = Chip.Memory.Read((start + 13) & PointerMask) == 0x81 && Chip.Memory.Read((start + 14) & PointerMask) == 0x00;
        _padTo = (macon3 >> 5) switch
        {
            1 => 60,
            5 => vlan ? 64 : 60,
            _ => 64,
        };
        if ((control & 0x01) != 0)
        {
            _pads = (control & 0x04) != 0;
            _padTo = 60;
            _appendsFcs = _pads || (control & 0x02) != 0;
            huge = (control & 0x08) != 0;
        }

        Length = _pads ? Math.Max(DataLength, _padTo) : DataLength;
        Length += _appendsFcs ? FcsLength : 0;
        IsGiant = Length > Registers.Pair(Reg.MAMXFLL);
        IsOversize = IsGiant && !huge;
    }

    internal void CheckBuffer()
    {
        if (DataLength < 14)
        {
            Violate(ViolationRule.TransmitBuffer, "packet shorter than an Ethernet header: ETXND too low");
        }

        if ((Registers.Pair(Reg.ETXSTL) & 1) != 0)
        {
            Warn(ViolationRule.TransmitBuffer, "odd ETXST");
        }

        if (!Registers.ReceiveEnabled)
        {
            return;
        }

        int first = Registers.Pair(Reg.ETXSTL);
        int last = first + DataLength + TransmitStatus.Length;
        bool overlaps = first <= Registers.Pair(Reg.ERXNDL) && last >= Registers.Pair(Reg.ERXSTL);

        // Beyond the end of memory the transmitter goes on at its start.
        overlaps |= last - Enc28j60Chip.MemorySize >= Registers.Pair(Reg.ERXSTL);
        if (overlaps)
        {
            Violate(ViolationRule.TransmitOverlap, "packet or its status vector lies in the receive buffer");
        }
    }

    internal bool Contains(int address) => ((address - Registers.Pair(Reg.ETXSTL)) & PointerMask) <= DataLength + TransmitStatus.Length;

    /// <summary>Takes the bytes from memory as they are at the end: what the host changed meanwhile goes out changed. True if a supplied check sequence is wrong.</summary>
    internal bool Assemble()
    {
        int start = Registers.Pair(Reg.ETXSTL) + 1;
        for (int i = 0; i < DataLength; i++)
        {
            Frame[i] = Chip.Memory.Read((start + i) & PointerMask);
        }

        int length = Length - (_appendsFcs ? FcsLength : 0);
        if (length > DataLength)
        {
            Array.Clear(Frame, DataLength, length - DataLength);
        }

        if (_appendsFcs)
        {
            EthernetCrc.Append(Frame.AsSpan(0, Length));
            return false;
        }

        return !EthernetCrc.IsValid(Frame.AsSpan(0, Length));
    }
}
