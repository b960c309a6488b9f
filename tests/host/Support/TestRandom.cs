// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>A random source that gives the same numbers for the same seed (xorshift32).</summary>
internal sealed class TestRandom : RandomSource
{
    private uint _state;

    public TestRandom(uint seed)
    {
        _state = (seed * 2654435761u) ^ 0x9E3779B9u;
        if (_state == 0)
        {
            _state = 1;
        }
    }

    public override uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state;
    }

    public int Below(int limit) => (int)(Next() % (uint)limit);

    public bool Chance(double probability) => Next() < probability * uint.MaxValue;
}
