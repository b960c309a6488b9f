// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What an ERXRDPT outside of the receive buffer does; not documented.</summary>
public enum OutsidePointer
{
    /// <summary>The write pointer never meets it: unread packets are overwritten.</summary>
    NeverStops,

    /// <summary>The buffer counts as full.</summary>
    Blocks,
}
