// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Arp
{
    /// <summary>
    /// What is known about one address.
    /// </summary>
    public enum ArpEntryState
    {
        /// <summary>The slot is not in use.</summary>
        Free,

        /// <summary>A request is out, no answer yet.</summary>
        Incomplete,

        /// <summary>The MAC address is known.</summary>
        Reachable,

        /// <summary>Nobody answered; for a while nobody is asked.</summary>
        Failed,
    }
}
