// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp;
using TcpIp.Ethernet;
using TcpIp.Link;

namespace VirtualBoard.Forward;

/// <summary>The board's network as the firmware has it, and who else is in it.</summary>
public static class BoardSubnet
{
    // The second lowest bit of the first byte: made up, not assigned.
    private static readonly byte[] s_partnerMac = [0x06, 0x28, 0x60, 0xFF, 0xFF, 0x02];

    /// <summary>The board's address.</summary>
    public static uint Board { get; } = IPv4Address.Parse(Firmware.Board.Address);

    /// <summary>The netmask.</summary>
    public static uint Netmask { get; } = IPv4Address.Parse(Firmware.Board.Netmask);

    /// <summary>The address that the board takes for its router: the PC's on a TAP device.</summary>
    public static uint Gateway { get; } = IPv4Address.Parse(Firmware.Board.Gateway);

    /// <summary>An address for the stack that forwards: the first that nobody else has, from the second on.</summary>
    public static uint Partner { get; } = FindPartner(Board & Netmask);

    /// <summary>The MAC address of the stack that forwards.</summary>
    public static MacAddress PartnerMac { get; } = new(s_partnerMac);

    private static uint FindPartner(uint network)
    {
        uint address = network + 2;
        while (address == Board || address == Gateway)
        {
            address++;
        }

        return address;
    }
}
