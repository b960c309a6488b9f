// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp;
using VirtualBoard.Enc28j60;

namespace VirtualBoard.Forward;

/// <summary>Random numbers for a stack on the PC, the same for the same seed.</summary>
internal sealed class SeededSource(int seed) : RandomSource
{
    private readonly SeededRandom _random = new(seed);

    public override uint Next() => _random.Next();
}
