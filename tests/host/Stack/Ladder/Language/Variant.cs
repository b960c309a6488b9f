// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Ladder.Language;

/// <summary>What a ladder is played with, apart from its lines: the lines mean the same in each.</summary>
public enum Variant
{
    /// <summary>Sequence numbers far from any edge; low byte first.</summary>
    Plain,

    /// <summary>The same with the high byte first.</summary>
    HighByteFirst,

    /// <summary>Both ends' sequence numbers pass 2^32 within the first bytes of text (RFC 9293 section 3.4).</summary>
    Wrap,

    /// <summary>Both ends' sequence numbers change their sign within the first bytes of text.</summary>
    Sign,

    /// <summary>As <see cref="Plain"/>, with each poll of the stack in two halves.</summary>
    Halves,
}
