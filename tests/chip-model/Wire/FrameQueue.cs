// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Frames in order with a time and a number each, in memory that is allocated once. Any thread may put in and take out.</summary>
public sealed class FrameQueue
{
    private readonly Lock _lock = new();
    private readonly byte[] _bytes;
    private readonly Entry[] _entries;
    private int _head;
    private int _count;
    private int _write;
    private int _used;

    /// <summary>A queue for so many frames and bytes.</summary>
    public FrameQueue(int frames, int bytes)
    {
        _entries = new Entry[frames];
        _bytes = new byte[bytes];
    }

    /// <summary>Frames in the queue.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Puts a frame in; false if there is no room.</summary>
    public bool TryEnqueue(ReadOnlySpan<byte> frame, long timeNs, int tag)
    {
        lock (_lock)
        {
            if (_count == _entries.Length || frame.Length > _bytes.Length - _used)
            {
                return false;
            }

            _entries[(_head + _count) % _entries.Length] = new Entry(_write, frame.Length, timeNs, tag);
            int first = Math.Min(frame.Length, _bytes.Length - _write);
            frame[..first].CopyTo(_bytes.AsSpan(_write));
            frame[first..].CopyTo(_bytes);
            _write = (_write + frame.Length) % _bytes.Length;
            _used += frame.Length;
            _count++;
            return true;
        }
    }

    /// <summary>Time of the first frame; false if there is none.</summary>
    public bool TryPeekTime(out long timeNs)
    {
        timeNs = 0;
        if (Count == 0)
        {
            return false;
        }

        lock (_lock)
        {
            if (_count == 0)
            {
                return false;
            }

            timeNs = _entries[_head].Time;
            return true;
        }
    }

    /// <summary>Takes the first frame out; what does not fit is cut off. Returns its length, or -1 if there is none.</summary>
    public int Dequeue(Span<byte> target, out long timeNs, out int tag)
    {
        lock (_lock)
        {
            timeNs = 0;
            tag = 0;
            if (_count == 0)
            {
                return -1;
            }

            Entry entry = _entries[_head];
            int length = Math.Min(entry.Length, target.Length);
            int first = Math.Min(length, _bytes.Length - entry.Start);
            _bytes.AsSpan(entry.Start, first).CopyTo(target);
            _bytes.AsSpan(0, length - first).CopyTo(target[first..]);
            _head = (_head + 1) % _entries.Length;
            _count--;
            _used -= entry.Length;
            timeNs = entry.Time;
            tag = entry.Tag;
            return length;
        }
    }

    /// <summary>Empties the queue.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _head = 0;
            _count = 0;
            _write = 0;
            _used = 0;
        }
    }

    private readonly record struct Entry(int Start, int Length, long Time, int Tag);
}
