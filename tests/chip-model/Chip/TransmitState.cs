// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What the transmitter does.</summary>
internal enum TransmitState
{
    Idle,
    Waiting,
    Sending,
    Stuck,
}
