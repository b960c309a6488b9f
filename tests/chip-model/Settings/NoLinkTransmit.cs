// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What becomes of a transmission without a link; not documented.</summary>
public enum NoLinkTransmit
{
    /// <summary>The chip reports success and the frame reaches nobody.</summary>
    Completes,

    /// <summary>TXRTS stays set.</summary>
    NeverEnds,

    /// <summary>The transmission is aborted: TXABRT and TXERIF.</summary>
    Aborts,
}
