// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>
/// The referee's own idea of bytes on the wire: nothing of the stack is used here, so that a mistake there is not made twice.
/// </summary>
internal static class Wire
{
    public static ushort Get16(byte[] bytes, int offset) => (ushort)((bytes[offset] << 8) | bytes[offset + 1]);

    public static uint Get32(byte[] bytes, int offset) => ((uint)Get16(bytes, offset) << 16) | Get16(bytes, offset + 2);

    public static ulong Get48(byte[] bytes, int offset) => ((ulong)Get16(bytes, offset) << 32) | Get32(bytes, offset + 2);

    public static void Put16(byte[] bytes, int offset, int value)
    {
        bytes[offset] = (byte)(value >> 8);
        bytes[offset + 1] = (byte)value;
    }

    public static void Put32(byte[] bytes, int offset, uint value)
    {
        Put16(bytes, offset, (int)(value >> 16));
        Put16(bytes, offset + 2, (int)(value & 0xFFFF));
    }

    public static void Put48(byte[] bytes, int offset, ulong value)
    {
        Put16(bytes, offset, (int)(value >> 32));
        Put32(bytes, offset + 2, (uint)value);
    }

    /// <summary>RFC 1071 word by word, with an end-around carry after each addition: slow and plain.</summary>
    public static int Sum(byte[] bytes, int offset, int length, int sum = 0)
    {
        for (int i = 0; i < length; i += 2)
        {
            int word = bytes[offset + i] << 8;
            if (i + 1 < length)
            {
                word |= bytes[offset + i + 1];
            }

            sum += word;
            if (sum > 0xFFFF)
            {
                sum -= 0xFFFF;
            }
        }

        return sum;
    }

    public static int Checksum(byte[] bytes, int offset, int length, int sum = 0) => ~Sum(bytes, offset, length, sum) & 0xFFFF;

    /// <summary>The sum over a pseudo header (RFC 9293 section 3.1).</summary>
    public static int PseudoHeader(uint source, uint destination, int protocol, int length)
    {
        byte[] header = new byte[12];
        Put32(header, 0, source);
        Put32(header, 4, destination);
        header[9] = (byte)protocol;
        Put16(header, 10, length);
        return Sum(header, 0, 12);
    }

    public static uint Address(string text)
    {
        string[] parts = text.Split('.');
        return (uint.Parse(parts[0]) << 24) | (uint.Parse(parts[1]) << 16) | (uint.Parse(parts[2]) << 8) | uint.Parse(parts[3]);
    }

    /// <summary>The byte that stands at a place of a test stream: no two neighbouring windows of it look alike.</summary>
    public static byte Pattern(long position) => (byte)((position * 7) + (position >> 8) + (position >> 13));

    public static byte[] PatternBytes(long start, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = Pattern(start + i);
        }

        return bytes;
    }
}
