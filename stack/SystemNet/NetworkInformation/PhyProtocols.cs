// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace System.Net.NetworkInformation
{
    /// <summary>What a Wi-Fi station speaks. There is no radio here.</summary>
    [Flags]
    public enum PhyProtocols
    {
        /// <summary>802.11b.</summary>
        PHY802_11b = 1,

        /// <summary>802.11g.</summary>
        PHY802_11g = 2,

        /// <summary>802.11n.</summary>
        PHY802_11n = 4,

        /// <summary>Long range.</summary>
        PHY802_11lr = 8,
    }
}
