// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Forward;

/// <summary>A port of the PC that leads to a port of the board.</summary>
/// <param name="PcPort">The port of 127.0.0.1; 0 for any free one.</param>
/// <param name="BoardPort">The board's port.</param>
public sealed record PortForward(int PcPort, int BoardPort);
