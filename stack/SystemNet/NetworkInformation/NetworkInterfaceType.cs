// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>The kind of an interface, by the numbers of the interfaces MIB (ifType).</summary>
    public enum NetworkInterfaceType
    {
        /// <summary>Another.</summary>
        Unknown = 1,

        /// <summary>Ethernet: what there is here.</summary>
        Ethernet = 6,

        /// <summary>A Wi-Fi station.</summary>
        Wireless80211 = 71,

        /// <summary>A Wi-Fi access point.</summary>
        WirelessAP = 72,
    }
}
