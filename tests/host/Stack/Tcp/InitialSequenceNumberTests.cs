// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>RFC 6528: a clock of 4 microseconds, and a keyed hash of who speaks with whom.</summary>
public sealed class InitialSequenceNumberTests
{
    private const uint OpeningStep = 1024;

    [Fact]
    public void The_hash_is_HalfSipHash_2_4()
    {
        // the vector that its authors publish for the key 00 to 07 and the message 00 to 0B
        InitialSequenceNumber number = new(new TwoWords(0x03020100, 0x07060504));
        Assert.Equal(0x2F87F057 + OpeningStep, number.Next(0x03020100, 0x07060504, 0x0B0A0908, 0));
    }

    [Fact]
    public void The_hash_of_four_words_is_HalfSipHash_2_4_too()
    {
        InitialSequenceNumber number = new(new TwoWords(0x03020100, 0x07060504));
        Assert.Equal(0x84ACB5D9, number.Hash(0x03020100, 0x07060504, 0x0B0A0908, 0x0F0E0D0C));
    }

    [Fact]
    public void The_clock_counts_250_a_millisecond_and_each_opening_adds_1024()
    {
        InitialSequenceNumber number = new(new TwoWords(1, 2));
        uint first = number.Next(3, 4, 5, 1000);
        Assert.Equal(OpeningStep, number.Next(3, 4, 5, 1000) - first);
        Assert.Equal((2 * OpeningStep) + 250, number.Next(3, 4, 5, 1001) - first);
    }

    private sealed class TwoWords(uint first, uint second) : RandomSource
    {
        private readonly Queue<uint> _words = new([first, second]);

        public override uint Next() => _words.Dequeue();
    }
}
