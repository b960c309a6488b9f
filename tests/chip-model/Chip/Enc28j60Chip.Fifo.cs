// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>The receive buffer: a ring with a hardware write pointer and a barrier (DS39662E 3.2.1, 6.1, 7.2.2, 7.2.4).</content>
public sealed partial class Enc28j60Chip
{
    private const int HeaderLength = 6;
    private const int MaxBooked = 512;

    // Books of what lies in the ring, to see whether the host frees what it has read. The chip itself has nothing of the kind.
    private readonly int[] _booked = new int[MaxBooked];
    private int _bookedHead;
    private int _bookedCount;
    private int _bookedRead;
    private int _nextUnread = -1;

    private int _rxWritePointer;
    private int _corruptPackets;
    private int _corruptOffset;
    private byte _corruptMask;

    /// <summary>Packets whose memory has not been freed through ERXRDPT. Equal to EPKTCNT when the host has finished with a packet.</summary>
    public int PacketsInMemory => _bookedCount;

    private int FifoSize => Pair(Reg.ERXNDL) - Pair(Reg.ERXSTL) + 1;

    private bool IsInFifo(int address) => address >= Pair(Reg.ERXSTL) && address <= Pair(Reg.ERXNDL);

    /// <summary>The address a number of bytes further on in the ring.</summary>
    private int FifoAdd(int address, int count)
    {
        int end = Pair(Reg.ERXNDL);
        int size = FifoSize;
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
    private int FreeSpace()
    {
        int start = Pair(Reg.ERXSTL);
        int end = Pair(Reg.ERXNDL);
        int read = Pair(Reg.ERXRDPTL);
        int write = _rxWritePointer;
        if (end <= start)
        {
            return 0;
        }

        if (!IsInFifo(read))
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
    private void PublishPacket(int paddedLength, uint status)
    {
        int start = _rxWritePointer;
        int next = FifoAdd(start, HeaderLength + paddedLength);
        int pointer = next;
        if ((Pair(Reg.ERXRDPTL) & 1) == 0 && ErratumStrikes(14))
        {
            // Erratum 14: with an even ERXRDPT the receive hardware may write a wrong next packet pointer.
            pointer ^= 1 << _random.Below(13);
        }

        if (Pair(Reg.ERXSTL) != 0 && ErratumStrikes(5))
        {
            // Erratum 5: the hardware may write outside of the buffer.
            WriteMemory((Pair(Reg.ERXSTL) - 1 - _random.Below(16)) & PointerMask, _random.NextByte());
        }

        WriteMemory(start, (byte)pointer);
        WriteMemory(FifoAdd(start, 1), (byte)(pointer >> 8));
        for (int i = 0; i < 4; i++)
        {
            WriteMemory(FifoAdd(start, 2 + i), (byte)(status >> (8 * i)));
        }

        CorruptHeader(start);

        _rxWritePointer = next;
        SetPair(Reg.ERXWRPTL, next);
        _reg[Reg.EPKTCNT]++;
        Book(start);
    }

    /// <summary>
    /// Has the next packets come with a wrong header: the mask is laid over a byte of it as exclusive or, 0 and 1 being the next packet pointer, 2 to 5 the status vector.
    /// </summary>
    public void CorruptNextHeader(int offset, byte mask, int packets = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, HeaderLength);
        Enter();
        _corruptOffset = offset;
        _corruptMask = mask;
        _corruptPackets = packets;
        Exit();
    }

    private void CorruptHeader(int start)
    {
        if (_corruptPackets > 0)
        {
            _corruptPackets--;
            FlipMemory(FifoAdd(start, _corruptOffset), _corruptMask);
        }
        else if (Faults.HeaderCorruption > 0 && Faults.Random.Chance(Faults.HeaderCorruption))
        {
            FlipMemory(FifoAdd(start, Faults.Random.Below(HeaderLength)), (byte)(1 << Faults.Random.Below(8)));
        }
    }

    private void FlipMemory(int address, byte mask)
    {
        Counters.HeadersCorrupted++;
        WriteMemory(address, (byte)(ReadMemory(address) ^ mask));
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

    private void ForgetPackets()
    {
        _bookedHead = 0;
        _bookedCount = 0;
        _bookedRead = 0;
        _nextUnread = -1;
    }

    /// <summary>The host read a byte: if it is the first of a packet, that packet is known to it.</summary>
    private void NoteRead(int address)
    {
        if (address == _nextUnread)
        {
            _bookedRead++;
            _nextUnread = _bookedRead < _bookedCount ? _booked[(_bookedHead + _bookedRead) % MaxBooked] : -1;
        }
    }

    /// <summary>ERXRDPT moved: the packets up to it are free.</summary>
    private void BookFreed(int pointer)
    {
        int size = FifoSize;
        if (size <= 0 || !IsInFifo(pointer))
        {
            return;
        }

        int oldest = _bookedCount > 0 ? _booked[_bookedHead] : _rxWritePointer;
        int freed = Distance(oldest, FifoAdd(pointer, 1), size);
        while (_bookedCount > 0)
        {
            int next = _bookedCount > 1 ? _booked[(_bookedHead + 1) % MaxBooked] : _rxWritePointer;
            int length = Distance(_booked[_bookedHead], next, size);
            if (length > freed)
            {
                return;
            }

            freed -= length;
            FreeOldest();
        }

        if (freed > 0 && ReceiveEnabled)
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
            if (ReceiveEnabled)
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
