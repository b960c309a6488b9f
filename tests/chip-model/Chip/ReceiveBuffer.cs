// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The receive buffer: a ring with a hardware write pointer and a barrier (DS39662E 3.2.1, 6.1, 7.2.2, 7.2.4).</summary>
internal sealed class ReceiveBuffer(ChipBlocks chip) : Block(chip)
{
    internal const int HeaderLength = 6;
    private const int MaxBooked = 512;

    // Books of what lies in the ring, to see whether the host frees what it has read. The chip itself has nothing of the kind.
    private readonly int[] _booked = new int[MaxBooked];
    private int _bookedHead;
    private int _bookedCount;
    private int _bookedRead;
    private int _nextUnread = -1;
    private int _corruptPackets;
    private int _corruptOffset;
    private byte _corruptMask;

    internal int WritePointer { get; private set; }

    internal int PacketsInMemory => _bookedCount;

    private int Size => Registers.Pair(Reg.ERXNDL) - Registers.Pair(Reg.ERXSTL) + 1;

    /// <summary>The write pointer goes to ERXST, and the books are closed.</summary>
    internal void Rewind()
    {
        WritePointer = Registers.Pair(Reg.ERXSTL);
        ForgetPackets();
    }

    internal bool Contains(int address) => address >= Registers.Pair(Reg.ERXSTL) && address <= Registers.Pair(Reg.ERXNDL);

    /// <summary>The address a number of bytes further on in the ring.</summary>
    internal int Add(int address, int count)
    {
        int end = Registers.Pair(Reg.ERXNDL);
        int size = Size;
        if (size <= 0)
        {
            return (address + count) & PointerMask;
        }

        address += count;
        while (address > end)
        {
            address -= size;
        }

        return address & PointerMask;
    }

    /// <summary>Bytes that the hardware may still write (DS39662E example 6-1).</summary>
    internal int FreeSpace()
    {
        int start = Registers.Pair(Reg.ERXSTL);
        int end = Registers.Pair(Reg.ERXNDL);
        int read = Registers.Pair(Reg.ERXRDPTL);
        int write = WritePointer;
        if (end <= start)
        {
            return 0;
        }

        if (!Contains(read))
        {
            return Options.ReadPointerOutside == OutsidePointer.Blocks ? 0 : int.MaxValue;
        }

        if (write == read)
        {
            return end - start;
        }

        return write > read ? end - start - (write - read) : read - write - 1;
    }

    /// <summary>Writes header and status vector, moves the write pointer and counts the packet (DS39662E figure 7-3).</summary>
    internal void PublishPacket(int paddedLength, uint status)
    {
        int start = WritePointer;
        int next = Add(start, HeaderLength + paddedLength);
        int pointer = next;
        if ((Registers.Pair(Reg.ERXRDPTL) & 1) == 0 && Strikes(14))
        {
            // Erratum 14: with an even ERXRDPT the receive hardware may write a wrong next packet pointer.
            pointer ^= 1 << Random.Below(13);
        }

        if (Registers.Pair(Reg.ERXSTL) != 0 && Strikes(5))
        {
            // Erratum 5: the hardware may write outside of the buffer.
            Chip.Memory.Write((Registers.Pair(Reg.ERXSTL) - 1 - Random.Below(16)) & PointerMask, Random.NextByte());
        }

        Chip.Memory.Write(start, (byte)pointer);
        Chip.Memory.Write(Add(start, 1), (byte)(pointer >> 8));
        for (int i = 0; i < 4; i++)
        {
            Chip.Memory.Write(Add(start, 2 + i), (byte)(status >> (8 * i)));
        }

        CorruptHeader(start);

        WritePointer = next;
        Registers.SetPair(Reg.ERXWRPTL, next);
        Registers[Reg.EPKTCNT]++;
        Book(start);
    }

    internal void CorruptNextHeader(int offset, byte mask, int packets = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, HeaderLength);
        Clock.Enter();
        _corruptOffset = offset;
        _corruptMask = mask;
        _corruptPackets = packets;
        Clock.Exit();
    }

    private void CorruptHeader(int start)
    {
        if (_corruptPackets > 0)
        {
            _corruptPackets--;
            FlipMemory(Add(start, _corruptOffset), _corruptMask);
        }
        else if (Faults.HeaderCorruption > 0 && Faults.Random.Chance(Faults.HeaderCorruption))
        {
            FlipMemory(Add(start, Faults.Random.Below(HeaderLength)), (byte)(1 << Faults.Random.Below(8)));
        }
    }

    private void FlipMemory(int address, byte mask)
    {
        Counters.HeadersCorrupted++;
        Chip.Memory.Write(address, (byte)(Chip.Memory.Read(address) ^ mask));
    }

    private void Book(int start)
    {
        if (_bookedCount == MaxBooked)
        {
            // Only a host that never frees can get here, and then the books are worthless.
            ForgetPackets();
        }

        _booked[(_bookedHead + _bookedCount) % MaxBooked] = start;
        _bookedCount++;
        if (_nextUnread < 0)
        {
            _nextUnread = start;
        }
    }

    internal void ForgetPackets()
    {
        _bookedHead = 0;
        _bookedCount = 0;
        _bookedRead = 0;
        _nextUnread = -1;
    }

    /// <summary>The host read a byte: if it is the first of a packet, that packet is known to it.</summary>
    internal void NoteRead(int address)
    {
        if (address == _nextUnread)
        {
            _bookedRead++;
            _nextUnread = _bookedRead < _bookedCount ? _booked[(_bookedHead + _bookedRead) % MaxBooked] : -1;
        }
    }

    /// <summary>ERXRDPT moved: the packets up to it are free.</summary>
    internal void NoteFreed(int pointer)
    {
        int size = Size;
        if (size <= 0 || !Contains(pointer))
        {
            return;
        }

        int oldest = _bookedCount > 0 ? _booked[_bookedHead] : WritePointer;
        int freed = Distance(oldest, Add(pointer, 1), size);
        while (_bookedCount > 0)
        {
            int next = _bookedCount > 1 ? _booked[(_bookedHead + 1) % MaxBooked] : WritePointer;
            int length = Distance(_booked[_bookedHead], next, size);
            if (length > freed)
            {
                return;
            }

            freed -= length;
            FreeOldest();
        }

        if (freed > 0 && Registers.ReceiveEnabled)
        {
            Violate(ViolationRule.FreedUnread, "ERXRDPT set beyond the write pointer: memory freed that was never used");
        }
    }

    private void FreeOldest()
    {
        if (_bookedRead > 0)
        {
            _bookedRead--;
        }
        else
        {
            if (Registers.ReceiveEnabled)
            {
                Warn(ViolationRule.FreedUnread, "packet freed whose header was never read");
            }

            _nextUnread = _bookedCount > 1 ? _booked[(_bookedHead + 1) % MaxBooked] : -1;
        }

        _bookedHead = (_bookedHead + 1) % MaxBooked;
        _bookedCount--;
    }

    private static int Distance(int from, int to, int size) => (((to - from) % size) + size) % size;
}
