// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Control registers of the MAC and MII groups: a read yields a dummy byte first, and the bit field commands do not work
    /// (DS39662E 4.2). The value holds the address in bits 4:0 and the bank in bits 6:5.
    /// </summary>
    internal enum MacRegister
    {
        /// <summary>MAC control 1.</summary>
        MACON1 = 0x40 | 0x00,

        /// <summary>MAC control 3.</summary>
        MACON3 = 0x40 | 0x02,

        /// <summary>MAC control 4.</summary>
        MACON4 = 0x40 | 0x03,

        /// <summary>Gap between back-to-back packets.</summary>
        MABBIPG = 0x40 | 0x04,

        /// <summary>Gap between other packets, low byte.</summary>
        MAIPGL = 0x40 | 0x06,

        /// <summary>Gap between other packets, high byte.</summary>
        MAIPGH = 0x40 | 0x07,

        /// <summary>Retransmissions after collisions.</summary>
        MACLCON1 = 0x40 | 0x08,

        /// <summary>Collision window.</summary>
        MACLCON2 = 0x40 | 0x09,

        /// <summary>Longest frame, FCS included, low byte.</summary>
        MAMXFLL = 0x40 | 0x0A,

        /// <summary>Longest frame, FCS included, high byte.</summary>
        MAMXFLH = 0x40 | 0x0B,

        /// <summary>MII command.</summary>
        MICMD = 0x40 | 0x12,

        /// <summary>Number of the PHY register to access.</summary>
        MIREGADR = 0x40 | 0x14,

        /// <summary>Value to write to the PHY, low byte.</summary>
        MIWRL = 0x40 | 0x16,

        /// <summary>Value to write to the PHY, high byte: starts the write.</summary>
        MIWRH = 0x40 | 0x17,

        /// <summary>Value read from the PHY, low byte.</summary>
        MIRDL = 0x40 | 0x18,

        /// <summary>Value read from the PHY, high byte.</summary>
        MIRDH = 0x40 | 0x19,

        /// <summary>Fifth octet of the station address.</summary>
        MAADR5 = 0x60 | 0x00,

        /// <summary>Sixth octet of the station address.</summary>
        MAADR6 = 0x60 | 0x01,

        /// <summary>Third octet of the station address.</summary>
        MAADR3 = 0x60 | 0x02,

        /// <summary>Fourth octet of the station address.</summary>
        MAADR4 = 0x60 | 0x03,

        /// <summary>First octet of the station address on the wire.</summary>
        MAADR1 = 0x60 | 0x04,

        /// <summary>Second octet of the station address.</summary>
        MAADR2 = 0x60 | 0x05,

        /// <summary>MII status.</summary>
        MISTAT = 0x60 | 0x0A,
    }
}
