// Licensed under the MIT license. See LICENSE in the repository root.

namespace Firmware
{
    /// <summary>
    /// How the board comes by its address.
    /// </summary>
    public enum AddressMode
    {
        /// <summary>From a DHCP server; while none answers, one that is good on its link (RFC 3927).</summary>
        Dhcp,

        /// <summary>One that is good on its link, without waiting for a server. Servers are looked for all the same, and preferred.</summary>
        LinkLocal,

        /// <summary>The one that stands in <see cref="Board"/>.</summary>
        Static,
    }
}
