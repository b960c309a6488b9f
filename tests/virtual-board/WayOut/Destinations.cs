// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using System.Net;
using TcpIp;

namespace VirtualBoard.WayOut;

/// <summary>
/// Where what the board sends goes on the PC: the gateway's address is the PC's 127.0.0.1, and others are themselves, if the board may
/// reach beyond the PC.
/// </summary>
/// <param name="pc">The gateway's address.</param>
/// <param name="outside">Whether the board may reach others than the PC.</param>
/// <param name="tell">Tells the user something.</param>
internal sealed class Destinations(uint pc, bool outside, Action<string> tell)
{
    /// <summary>ICMP's code for what is forbidden (RFC 1812 section 5.2.7.1).</summary>
    public const int Prohibited = 13;

    private readonly HashSet<uint> _told = [];

    /// <summary>Finds where a destination is for the PC.</summary>
    /// <returns>The endpoint, or null if the board may not reach it.</returns>
    public IPEndPoint? Find(uint address, int port)
    {
        if (address == pc)
        {
            return new IPEndPoint(IPAddress.Loopback, port);
        }

        // the network is made up: what the PC may have under the same addresses was not meant
        if (outside && IPv4Address.IsUnicast(address))
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
            return new IPEndPoint(new IPAddress(bytes), port);
        }

        if (!outside && _told.Add(address))
        {
            tell($"The board wants to reach {IPv4Address.ToString(address)}, which is beyond this PC: --outside lets it.");
        }

        return null;
    }
}
