// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>A small generator (xorshift32) whose sequence is the same everywhere and for ever.</summary>
public sealed class SeededRandom
{
    private uint _state;

    /// <summary>A generator with a seed.</summary>
    public SeededRandom(int seed)
    {
        // Spread small seeds over the word; zero would stay zero.
        _state = ((uint)seed + 0x9E3779B9u) * 0x85EBCA6Bu;
        _state = _state == 0 ? 1 : _state;
    }

    /// <summary>32 random bits.</summary>
    public uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state;
    }

    /// <summary>A random byte.</summary>
    public byte NextByte() => (byte)(Next() >> 24);

    /// <summary>A number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(((ulong)Next() * (uint)limit) >> 32);

    /// <summary>True with a probability from 0 to 1; the sequence does not move for 0 and 1.</summary>
    public bool Chance(double probability) => probability > 0 && (probability >= 1 || Next() < probability * uint.MaxValue);
}
