// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Frames under way, in the order in which they are due; frames due at the same time keep the order in which they came.</summary>
internal sealed class ParkedFrames
{
    private readonly byte[] _bytes;
    private readonly int _slotLength;
    private readonly Entry[] _entries;
    private readonly int[] _freeSlots;
    private int _freeCount;

    public ParkedFrames(int frames, int slotLength)
    {
        _slotLength = slotLength;
        _bytes = new byte[frames * slotLength];
        _entries = new Entry[frames];
        _freeSlots = new int[frames];
        _freeCount = frames;
        for (int i = 0; i < frames; i++)
        {
            _freeSlots[i] = i;
        }
    }

    public int Count { get; private set; }

    public long NextDue => Count > 0 ? _entries[0].Due : long.MaxValue;

    public bool TryAdd(ReadOnlySpan<byte> frame, int port, long due)
    {
        if (_freeCount == 0 || frame.Length > _slotLength)
        {
            return false;
        }

        int slot = _freeSlots[--_freeCount];
        frame.CopyTo(_bytes.AsSpan(slot * _slotLength));
        int place = Count;
        while (place > 0 && _entries[place - 1].Due > due)
        {
            place--;
        }

        Array.Copy(_entries, place, _entries, place + 1, Count - place);
        _entries[place] = new Entry(due, slot, frame.Length, port);
        Count++;
        return true;
    }

    public ReadOnlySpan<byte> First(out int port)
    {
        Entry entry = _entries[0];
        port = entry.Port;
        return _bytes.AsSpan(entry.Slot * _slotLength, entry.Length);
    }

    public void RemoveFirst()
    {
        _freeSlots[_freeCount++] = _entries[0].Slot;
        Count--;
        Array.Copy(_entries, 1, _entries, 0, Count);
    }

    private readonly record struct Entry(long Due, int Slot, int Length, int Port);
}
