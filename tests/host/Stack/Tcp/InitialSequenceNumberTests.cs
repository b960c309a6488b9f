// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>RFC 6528: a clock of 4 microseconds, and a keyed hash of who speaks with whom.</summary>
public sealed class InitialSequenceNumberTests
{
    private const uint OpeningStep = 1024;

    [Fact]
    public void The_hash_is_HalfSipHash_2_4_of_both_endpoints()
    {
        InitialSequenceNumber number = new(new TwoWords(0x03020100, 0x07060504));
        TestRandom random = new(1);
        uint local = 0;
        uint ports = 0;
        for (uint i = 1; i < 500; i++)
        {
            // the beginning of a message is often that of the one before, and is not taken in again
            local = random.Next() % 3 == 0 ? random.Next() : local;
            ports = random.Next() % 3 == 0 ? random.Next() : (ports & 0xFFFF0000) | (random.Next() & 0xFFFF);
            uint remote = random.Next();
            byte[] message = [.. Bytes(local), .. Bytes(ports >> 16), .. Bytes(remote), (byte)ports, (byte)(ports >> 8)];
            Assert.Equal(HalfSipHash(message) + (i * OpeningStep), number.Next(local, remote, ports, 0));

            uint other = random.Next() % 2 == 0 ? local : random.Next();
            Assert.Equal(HalfSipHash([.. Bytes(other), .. Bytes(i), .. Bytes(remote), .. Bytes(7)]), number.Hash(other, i, remote, 7));
        }
    }

    [Fact]
    public void The_reference_is_right_by_the_vectors_of_its_authors()
    {
        // for the key 00 to 07, and messages 00 to 0B and 00 to 0F
        Assert.Equal(0x2F87F057u, HalfSipHash([.. Enumerable.Range(0, 12).Select(i => (byte)i)]));
        Assert.Equal(0x84ACB5D9u, HalfSipHash([.. Enumerable.Range(0, 16).Select(i => (byte)i)]));
    }

    [Fact]
    public void The_clock_counts_250_a_millisecond_and_each_opening_adds_1024()
    {
        InitialSequenceNumber number = new(new TwoWords(1, 2));
        uint first = number.Next(3, 4, 5, 1000);
        Assert.Equal(OpeningStep, number.Next(3, 4, 5, 1000) - first);
        Assert.Equal((2 * OpeningStep) + 250, number.Next(3, 4, 5, 1001) - first);
    }

    private static byte[] Bytes(uint word) => [(byte)word, (byte)(word >> 8), (byte)(word >> 16), (byte)(word >> 24)];

    private static uint HalfSipHash(byte[] message)
    {
        uint v0 = 0x03020100;
        uint v1 = 0x07060504;
        uint v2 = 0x6C796765 ^ v0;
        uint v3 = 0x74656462 ^ v1;
        byte[] padded = [.. message, .. new byte[3 - (message.Length % 4)], (byte)message.Length];
        for (int i = 0; i < padded.Length; i += 4)
        {
            uint word = BitConverter.ToUInt32(padded, i);
            v3 ^= word;
            Rounds(2);
            v0 ^= word;
        }

        v2 ^= 0xFF;
        Rounds(4);
        return v1 ^ v3;

        void Rounds(int count)
        {
            for (int i = 0; i < count; i++)
            {
                v0 += v1;
                v1 = uint.RotateLeft(v1, 5);
                v1 ^= v0;
                v0 = uint.RotateLeft(v0, 16);
                v2 += v3;
                v3 = uint.RotateLeft(v3, 8);
                v3 ^= v2;
                v0 += v3;
                v3 = uint.RotateLeft(v3, 7);
                v3 ^= v0;
                v2 += v1;
                v1 = uint.RotateLeft(v1, 13);
                v1 ^= v2;
                v2 = uint.RotateLeft(v2, 16);
            }
        }
    }

    private sealed class TwoWords(uint first, uint second) : RandomSource
    {
        private readonly Queue<uint> _words = new([first, second]);

        public override uint Next() => _words.Dequeue();
    }
}
