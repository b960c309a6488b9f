// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What else the receiver notices about a frame.</summary>
[Flags]
public enum FrameFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>One to seven extra bits followed the last byte (RSV bit 26).</summary>
    DribbleNibble = 1,

    /// <summary>A carrier event preceded the frame (RSV bit 18).</summary>
    CarrierEvent = 2,
}
