// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>How a transmission ended.</summary>
internal enum TransmitEnd
{
    Success,
    Collision,
    LateCollision,
    ExcessiveCollisions,
    ExcessiveDeferral,
    Oversize,
    NoLink,
}
