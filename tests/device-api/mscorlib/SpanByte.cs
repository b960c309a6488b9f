// Licensed under the MIT license. See LICENSE in the repository root.

namespace System;

/// <summary>
/// A window on a byte array, as nanoFramework's core library has it: always over an array, never over a pointer.
/// </summary>
public readonly ref struct SpanByte
{
    private readonly byte[]? _array;
    private readonly int _start;
    private readonly int _length;

    /// <summary>A window on a whole array; a null array makes an empty window.</summary>
    public SpanByte(byte[]? array)
    {
        _array = array;
        _start = 0;
        _length = array is null ? 0 : array.Length;
    }

    /// <summary>A window on a part of an array.</summary>
    public SpanByte(byte[]? array, int start, int length)
    {
        int available = array is null ? 0 : array.Length;
        if (start < 0 || length < 0 || start > available - length)
        {
            throw new ArgumentOutOfRangeException(nameof(length));
        }

        _array = array;
        _start = start;
        _length = length;
    }

    /// <summary>An empty window.</summary>
    public static SpanByte Empty => default;

    /// <summary>Number of bytes in the window.</summary>
    public int Length => _length;

    /// <summary>True if the window has no bytes.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>One byte of the window.</summary>
    public byte this[int index]
    {
        get => AsSpan()[index];
        set => AsSpan()[index] = value;
    }

    /// <summary>A window on the whole array.</summary>
    public static implicit operator SpanByte(byte[]? array) => new(array);

    /// <summary>Copies this window to the start of another, which must be at least as long.</summary>
    public void CopyTo(SpanByte destination) => AsSpan().CopyTo(destination.AsSpan());

    /// <summary>The window from <paramref name="start"/> to its end.</summary>
    public SpanByte Slice(int start) => Slice(start, _length - start);

    /// <summary>A part of the window.</summary>
    public SpanByte Slice(int start, int length)
    {
        if (start < 0 || length < 0 || start > _length - length)
        {
            throw new ArgumentOutOfRangeException(nameof(length));
        }

        return new SpanByte(_array, _start + start, length);
    }

    /// <summary>A new array with the window's bytes.</summary>
    public byte[] ToArray() => AsSpan().ToArray();

    /// <summary>The same bytes as a .NET span, for the host side only.</summary>
    internal Span<byte> AsSpan() => new(_array, _start, _length);
}
