// Licensed under the MIT license. See LICENSE in the repository root.

using System.Numerics;
using Firmware;
using TcpIp;
using TcpIp.Dhcp;

namespace VirtualBoard.Commands;

/// <summary>How the board came by its address, in one line.</summary>
internal static class LeaseText
{
    /// <summary>Describes it.</summary>
    public static string Of(Network network)
    {
        string address = IPv4Address.ToString(network.Stack.IPv4.Address);
        DhcpClient? dhcp = network.Dhcp;
        if (dhcp is null)
        {
            return $"{address} is fixed; there is no lease";
        }

        DhcpLease lease = dhcp.Lease;
        if (lease.Address == 0)
        {
            string instead = dhcp.LinkLocalAddress == 0 ? string.Empty : $", link-local {IPv4Address.ToString(dhcp.LinkLocalAddress)}";
            return $"none, {dhcp.State}{instead}";
        }

        string left = lease.Time == DhcpLease.Infinite ? "for ever" : $"{dhcp.SecondsLeft} s left of {lease.Time}";
        return $"{IPv4Address.ToString(lease.Address)}/{BitOperations.PopCount(lease.Netmask)} from {IPv4Address.ToString(lease.Server)}, {left}, {dhcp.State}, " +
            $"router {IPv4Address.ToString(lease.Router)}, DNS {IPv4Address.ToString(lease.GetDnsServer(0))}, NTP {IPv4Address.ToString(lease.GetNtpServer(0))}";
    }
}
