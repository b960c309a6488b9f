// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.WayOut;

/// <summary>What the PC is for the board.</summary>
public sealed record GatewayOptions
{
    /// <summary>Whether the board may reach others than the PC.</summary>
    public bool Outside { get; init; }

    /// <summary>Datagrams that are forwarded in, or null.</summary>
    public UdpForward? Udp { get; init; }
}
