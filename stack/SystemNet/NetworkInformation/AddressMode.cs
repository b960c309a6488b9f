// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>How an interface comes by its address.</summary>
    public enum AddressMode : byte
    {
        /// <summary>Not known.</summary>
        Invalid = 0,

        /// <summary>From a server.</summary>
        DHCP = 1,

        /// <summary>It is fixed.</summary>
        Static = 2,

        /// <summary>It picks one itself (RFC 3927).</summary>
        AutoIP = 3,
    }
}
