// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Registers of the PHY, 16 bits each, reached through the MII registers only (DS39662E 3.3).
    /// </summary>
    internal enum PhyRegister
    {
        /// <summary>PHY control 1.</summary>
        PHCON1 = 0x00,

        /// <summary>PHY status 1.</summary>
        PHSTAT1 = 0x01,

        /// <summary>PHY identifier 1.</summary>
        PHID1 = 0x02,

        /// <summary>PHY control 2.</summary>
        PHCON2 = 0x10,

        /// <summary>PHY status 2.</summary>
        PHSTAT2 = 0x11,

        /// <summary>PHY interrupt enable.</summary>
        PHIE = 0x12,

        /// <summary>PHY interrupt flags, cleared by reading.</summary>
        PHIR = 0x13,

        /// <summary>LED control.</summary>
        PHLCON = 0x14,
    }
}
