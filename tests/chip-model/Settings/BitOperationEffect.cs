// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What a bit field set or clear does to a MAC or MII register; not documented.</summary>
public enum BitOperationEffect
{
    /// <summary>Nothing.</summary>
    Ignored,

    /// <summary>The mask is written as it is.</summary>
    PlainWrite,

    /// <summary>The bits are set or cleared after all.</summary>
    Works,
}
