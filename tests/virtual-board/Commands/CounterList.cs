// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using Firmware;

namespace VirtualBoard.Commands;

/// <summary>The counters of driver and stack in one line, those that are not 0.</summary>
internal static class CounterList
{
    /// <summary>Lists them.</summary>
    public static string Of(Network network)
    {
        List<string> items =
        [
            $"pool.free={network.Stack.Pool.Free}",
            .. Of("chip", network.Ethernet.Counters),
            .. Of("ethernet", network.Stack.Ethernet.Counters),
            .. Of("arp", network.Stack.Arp.Counters),
            .. Of("ipv4", network.Stack.IPv4.Counters),
            .. Of("icmp", network.Stack.Icmp.Counters),
            .. Of("igmp", network.Stack.Igmp?.Counters),
            .. Of("udp", network.Stack.Udp.Counters),
            .. Of("tcp", network.Stack.Tcp.Counters),
            .. Of("dhcp", network.Dhcp?.Counters),
            .. Of("dns", network.Resolver.Counters),
            .. Of("sntp", network.Sntp.Counters),
        ];
        return string.Join(' ', items);
    }

    private static IEnumerable<string> Of(string layer, object? counters) =>
        from property in counters?.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public) ?? []
        where property.PropertyType == typeof(uint) && (uint)property.GetValue(counters)! != 0
        select $"{layer}.{property.Name}={property.GetValue(counters)}";
}
