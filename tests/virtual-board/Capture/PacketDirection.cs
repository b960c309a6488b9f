// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Capture;

/// <summary>Which way a packet went, as pcapng's epb_flags name it.</summary>
public enum PacketDirection
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Towards the interface.</summary>
    Inbound = 1,

    /// <summary>Away from the interface.</summary>
    Outbound = 2,
}
