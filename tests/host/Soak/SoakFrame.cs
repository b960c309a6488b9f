// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Soak;

/// <summary>Frames that carry a number, their length and bytes that follow from both.</summary>
internal static class SoakFrame
{
    public const int ShortestLength = 60;
    public const int LongestLength = 1514;

    private const int NumberOffset = 14;
    private const int LengthOffset = 18;
    private const int FillOffset = 20;

    /// <summary>Makes a frame of the span's length, which is at least 20.</summary>
    public static void Fill(Span<byte> frame, ReadOnlySpan<byte> to, ReadOnlySpan<byte> from, uint number)
    {
        to.CopyTo(frame);
        from.CopyTo(frame[6..]);
        frame[12] = 0x88;
        frame[13] = 0xB5;
        for (int i = 0; i < 4; i++)
        {
            frame[NumberOffset + i] = (byte)(number >> (24 - (8 * i)));
        }

        frame[LengthOffset] = (byte)(frame.Length >> 8);
        frame[LengthOffset + 1] = (byte)frame.Length;
        for (int i = FillOffset; i < frame.Length; i++)
        {
            frame[i] = ByteAt(number, i);
        }
    }

    /// <summary>Whether a frame from the wire is whole.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> frame, out uint number)
    {
        number = 0;
        for (int i = 0; i < 4; i++)
        {
            number = (number << 8) | frame[NumberOffset + i];
        }

        int length = (frame[LengthOffset] << 8) | frame[LengthOffset + 1];
        bool whole = frame[12] == 0x88 && frame[13] == 0xB5 && length == frame.Length;
        for (int i = FillOffset; i < frame.Length && whole; i++)
        {
            whole = frame[i] == ByteAt(number, i);
        }

        return whole;
    }

    /// <summary>Whether a frame from the driver is whole.</summary>
    public static bool IsWhole(Frame frame, out uint number)
    {
        number = frame.GetUInt32(NumberOffset);
        bool whole = frame.GetUInt16(12) == 0x88B5 && frame.GetUInt16(LengthOffset) == frame.Length;
        for (int i = FillOffset; i < frame.Length && whole; i++)
        {
            whole = frame.GetByte(i) == ByteAt(number, i);
        }

        return whole;
    }

    /// <summary>Makes the driver's frame.</summary>
    public static void Fill(Frame frame, int length, byte[] to, byte[] from, uint number)
    {
        frame.Length = length;
        frame.CopyBytesFrom(0, to, 0, 6);
        frame.CopyBytesFrom(6, from, 0, 6);
        frame.SetUInt16(12, 0x88B5);
        frame.SetUInt32(NumberOffset, number);
        frame.SetUInt16(LengthOffset, length);
        for (int i = FillOffset; i < length; i++)
        {
            frame.SetByte(i, ByteAt(number, i));
        }
    }

    private static byte ByteAt(uint number, int index) => (byte)((number * 37) + (uint)(index * (7 + (number & 6))));
}
