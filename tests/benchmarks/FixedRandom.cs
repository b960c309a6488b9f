// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp;

namespace Benchmarks;

/// <summary>Random numbers that are the same in every run.</summary>
internal sealed class FixedRandom(int seed) : RandomSource
{
    private readonly Random _random = new(seed);

    /// <inheritdoc/>
    public override uint Next() => (uint)_random.NextInt64();
}
