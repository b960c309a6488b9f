// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;

namespace VirtualBoard.Services;

/// <summary>Tells the PC's time (RFC 5905 section 7.3), as a server that has it from its own clock.</summary>
internal static class NtpServer
{
    public const int Port = 123;

    private const int Length = 48;
    private const int ClientMode = 3;
    private const int ServerMode = 4;

    // what servers call a clock that nobody sets
    private const int Stratum = 10;
    private const uint LocalClock = 0x7F7F0100;
    private const byte Precision = 0xEC;

    private static readonly DateTime s_epoch = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Answers a client.</summary>
    /// <returns>The answer, or null if it was no question.</returns>
    public static byte[]? Answer(ReadOnlySpan<byte> question, DateTime now)
    {
        int version = question.Length >= Length ? (question[0] >> 3) & 7 : 0;
        if (version is < 1 or > 4 || (question[0] & 7) != ClientMode)
        {
            return null;
        }

        byte[] answer = new byte[Length];
        answer[0] = (byte)((version << 3) | ServerMode);
        answer[1] = Stratum;
        answer[2] = question[2];
        answer[3] = Precision;
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(12), LocalClock);
        ulong time = ToTimestamp(now);
        BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(16), time);
        question.Slice(40, 8).CopyTo(answer.AsSpan(24));
        BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(32), time);
        BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(40), time);
        return answer;
    }

    /// <summary>Seconds and their fractions since 1900, as many as fit: they begin anew in 2036.</summary>
    private static ulong ToTimestamp(DateTime time)
    {
        TimeSpan since = time - s_epoch;
        ulong seconds = (uint)(since.Ticks / TimeSpan.TicksPerSecond);
        ulong fraction = ((ulong)(since.Ticks % TimeSpan.TicksPerSecond) << 32) / TimeSpan.TicksPerSecond;
        return (seconds << 32) | fraction;
    }
}
