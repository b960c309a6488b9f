// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.ZeroAllocation;

/// <summary>The same numbers in every run (xorshift).</summary>
internal sealed class SeededRandom(uint seed) : RandomSource
{
    private uint _state = seed;

    public override uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state;
    }
}
