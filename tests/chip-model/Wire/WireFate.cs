// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What becomes of one frame on a wire. The default is that it arrives once, at once and whole.</summary>
public readonly record struct WireFate
{
    /// <summary>It never arrives.</summary>
    public bool Lost { get; init; }

    /// <summary>It arrives later, nanoseconds; frames with a smaller delay overtake it.</summary>
    public long DelayNs { get; init; }

    /// <summary>It arrives so many times more.</summary>
    public int ExtraCopies { get; init; }

    /// <summary>One bit is flipped: the one with the number <see cref="CorruptBit"/>.</summary>
    public bool Corrupted { get; init; }

    /// <summary>Number of the flipped bit, from the frame's first byte on; taken modulo the frame's length.</summary>
    public int CorruptBit { get; init; }

    /// <summary>The check sequence is made to fit the flipped bit, so that only checksums of higher layers can find it.</summary>
    public bool RepairFcs { get; init; }
}
