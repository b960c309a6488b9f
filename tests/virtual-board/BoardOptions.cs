// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.WayOut;

namespace VirtualBoard;

/// <summary>What a run of the virtual board is to be like.</summary>
public sealed record BoardOptions
{
    /// <summary>The port of 127.0.0.1 that is forwarded to the board, where none is named.</summary>
    public const int DefaultForwardPort = 8080;

    /// <summary>The seed, where none is named.</summary>
    public const int DefaultSeed = 1;

    /// <summary>The port of 127.0.0.1 that is forwarded to the board; 0 for any free one, null for none.</summary>
    public int? ForwardPort { get; init; }

    /// <summary>The board's port that it leads to.</summary>
    public int BoardPort { get; init; } = Firmware.Board.HttpPort;

    /// <summary>What the PC is for the board, where a port is forwarded and there is no TAP interface.</summary>
    public GatewayOptions Gateway { get; init; } = new();

    /// <summary>Name of the TAP interface that the board is plugged into, or null.</summary>
    public string? TapName { get; init; }

    /// <summary>Name of the sample that runs in place of the firmware, or null.</summary>
    public string? Sample { get; init; }

    /// <summary>How the firmware comes by its address.</summary>
    public Firmware.AddressMode Address { get; init; }

    /// <summary>Path of the capture file, or null.</summary>
    public string? CapturePath { get; init; }

    /// <summary>A FIFO or a Unix socket for commands, or null.</summary>
    public string? ControlPath { get; init; }

    /// <summary>Path of a picture of the page, or null.</summary>
    public string? PagePath { get; init; }

    /// <summary>How bad the wire is, or null for a good one.</summary>
    public ImpairmentSettings? Impairment { get; init; }

    /// <summary>Seed of everything random, but for what the firmware takes from the PC.</summary>
    public int Seed { get; init; } = DefaultSeed;

    /// <summary>When it ends by itself, or null for never.</summary>
    public TimeSpan? Duration { get; init; }
}
