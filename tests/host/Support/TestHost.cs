// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>Somebody on the LAN, or behind the gateway if the MAC address is the gateway's.</summary>
internal sealed record TestHost(ulong Mac, uint Ip)
{
    public const ulong BroadcastMac = 0xFFFFFFFFFFFF;

    /// <summary>Gets or sets a value indicating whether the test network answers ARP requests in its name.</summary>
    public bool AnswersArp { get; set; } = true;
}
