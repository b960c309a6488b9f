// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp;
using VirtualBoard.Enc28j60;
using VirtualBoard.Packets;

namespace VirtualBoard.Forward;

/// <summary>Listens on a wire for the address that the board uses, where nobody else on the PC's side would know.</summary>
internal sealed class BoardListener : IWireSink
{
    private readonly BoardWatch _watch = new();
    private readonly ulong _board = Station.ReadMac(Firmware.Board.CreateMacAddress());

    /// <summary>Connects to a wire.</summary>
    public BoardListener(VirtualWire wire) => wire.Connect("listener", this);

    /// <summary>The board's address, or null while it has not used one.</summary>
    public string? Address => _watch.Station is Station station ? IPv4Address.ToString(station.Address) : null;

    /// <inheritdoc/>
    public void FrameArrived(ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        if (Station.ReadMac(frameWithFcs[IPv4Packet.MacLength..]) == _board)
        {
            _watch.Hear(frameWithFcs);
        }
    }
}
