// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What a wire does with a frame.</summary>
public enum WireEvent
{
    /// <summary>A port sent it.</summary>
    Sent,

    /// <summary>It was handed to a port.</summary>
    Delivered,

    /// <summary>An impairment swallowed it.</summary>
    Lost,

    /// <summary>A host port refused it because of its check sequence.</summary>
    Refused,
}
