// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Packets;

namespace VirtualBoard.WayOut;

/// <summary>What tells connections, and exchanges of datagrams, apart: who on the wire talks to whom.</summary>
internal readonly record struct Flow(uint Source, int SourcePort, uint Destination, int DestinationPort)
{
    public static Flow Of(in IPv4Packet packet) => new(packet.Source, packet.SourcePort, packet.Destination, packet.DestinationPort);
}
