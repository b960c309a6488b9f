// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Sntp;

/// <summary>A server's answer that is put together by hand, so that any part of it can be wrong.</summary>
internal sealed class SntpMessage
{
    private static readonly DateTime s_epoch = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public SntpMessage(byte[] question, DateTime received, DateTime sent)
    {
        Bytes[0] = 0x24;
        Bytes[1] = 2;
        Bytes[2] = 6;
        Bytes[3] = 0xEC;
        Wire.Put32(Bytes, 4, 0x0800);
        Wire.Put32(Bytes, 8, 0x0400);
        Wire.Put32(Bytes, 12, Wire.Address("10.0.0.1"));
        Put(16, sent.AddSeconds(-30));
        question.AsSpan(40, 8).CopyTo(Bytes.AsSpan(24));
        Put(32, received);
        Put(40, sent);
    }

    public byte[] Bytes { get; } = new byte[48];

    /// <summary>Writes a time stamp.</summary>
    public void Put(int offset, DateTime time)
    {
        long ticks = (time - s_epoch).Ticks;
        Wire.Put32(Bytes, offset, (uint)(ticks / TimeSpan.TicksPerSecond));
        Wire.Put32(Bytes, offset + 4, (uint)((ulong)(ticks % TimeSpan.TicksPerSecond) * 4294967296ul / TimeSpan.TicksPerSecond));
    }

    /// <summary>Makes it one that does not tell the time.</summary>
    public SntpMessage Kiss(string code)
    {
        Bytes[0] |= 0xC0;
        Bytes[1] = 0;
        System.Text.Encoding.ASCII.GetBytes(code).CopyTo(Bytes, 12);
        return this;
    }
}
