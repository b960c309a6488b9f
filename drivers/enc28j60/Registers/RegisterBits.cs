// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Bits of the control and PHY registers by their names in the data sheet, each behind the name of its register.
    /// </summary>
    internal static class RegisterBits
    {
        /// <summary>A packet could not be stored.</summary>
        internal const int EIR_RXERIF = 0x01;

        /// <summary>A transmission was aborted.</summary>
        internal const int EIR_TXERIF = 0x02;

        /// <summary>A transmission has ended.</summary>
        internal const int EIR_TXIF = 0x08;

        /// <summary>The link has changed.</summary>
        internal const int EIR_LINKIF = 0x10;

        /// <summary>The DMA is done.</summary>
        internal const int EIR_DMAIF = 0x20;

        /// <summary>Not implemented or reserved, read 0 from a chip that is there.</summary>
        internal const int EIR_AlwaysZero = 0x84;

        /// <summary>The INT pin is enabled.</summary>
        internal const int EIE_INTIE = 0x80;

        /// <summary>PKTIE, LINKIE, TXIE, TXERIE, RXERIE: packets, link, transmitter and receiver errors move the INT pin.</summary>
        internal const int EIE_Sources = 0x5B;

        /// <summary>The oscillator runs.</summary>
        internal const int ESTAT_CLKRDY = 0x01;

        /// <summary>A transmission was aborted; stays until cleared.</summary>
        internal const int ESTAT_TXABRT = 0x02;

        /// <summary>A packet is being received.</summary>
        internal const int ESTAT_RXBUSY = 0x04;

        /// <summary>Not implemented, reads 0 from a chip that is there.</summary>
        internal const int ESTAT_AlwaysZero = 0x08;

        /// <summary>A late collision; stays until cleared.</summary>
        internal const int ESTAT_LATECOL = 0x10;

        /// <summary>A buffer error; stays until cleared.</summary>
        internal const int ESTAT_BUFER = 0x40;

        /// <summary>The voltage regulator saves power.</summary>
        internal const int ECON2_VRPS = 0x08;

        /// <summary>Power save mode.</summary>
        internal const int ECON2_PWRSV = 0x20;

        /// <summary>One packet less in EPKTCNT; clears itself.</summary>
        internal const int ECON2_PKTDEC = 0x40;

        /// <summary>Buffer pointers move by themselves.</summary>
        internal const int ECON2_AUTOINC = 0x80;

        /// <summary>Packets are received.</summary>
        internal const int ECON1_RXEN = 0x04;

        /// <summary>A packet is being sent; the hardware clears it.</summary>
        internal const int ECON1_TXRTS = 0x08;

        /// <summary>The DMA makes a checksum and does not copy.</summary>
        internal const int ECON1_CSUMEN = 0x10;

        /// <summary>The DMA runs.</summary>
        internal const int ECON1_DMAST = 0x20;

        /// <summary>The receive logic is held in reset.</summary>
        internal const int ECON1_RXRST = 0x40;

        /// <summary>The transmit logic is held in reset.</summary>
        internal const int ECON1_TXRST = 0x80;

        /// <summary>The frame check sequence decides too.</summary>
        internal const int ERXFCON_CRCEN = 0x20;

        /// <summary>The hash table lets in.</summary>
        internal const int ERXFCON_HTEN = 0x04;

        /// <summary>The MAC receives.</summary>
        internal const int MACON1_MARXEN = 0x01;

        /// <summary>Pause frames are obeyed.</summary>
        internal const int MACON1_RXPAUS = 0x04;

        /// <summary>Pause frames may be sent.</summary>
        internal const int MACON1_TXPAUS = 0x08;

        /// <summary>Full duplex.</summary>
        internal const int MACON3_FULDPX = 0x01;

        /// <summary>Length fields are checked, for the status vectors.</summary>
        internal const int MACON3_FRMLNEN = 0x02;

        /// <summary>An FCS is appended.</summary>
        internal const int MACON3_TXCRCEN = 0x10;

        /// <summary>PADCFG = 001: padded to 60 bytes and an FCS; needs TXCRCEN.</summary>
        internal const int MACON3_PADCFG60 = 0x20;

        /// <summary>Waits for a free medium as long as it takes (IEEE 802.3).</summary>
        internal const int MACON4_DEFER = 0x40;

        /// <summary>Reads a PHY register.</summary>
        internal const int MICMD_MIIRD = 0x01;

        /// <summary>A PHY register is being accessed.</summary>
        internal const int MISTAT_BUSY = 0x01;

        /// <summary>Full duplex.</summary>
        internal const int PHCON1_PDPXMD = 0x0100;

        /// <summary>What is sent in half duplex is not looped back.</summary>
        internal const int PHCON2_HDLDIS = 0x0100;

        /// <summary>PLNKIE and PGEIE: link changes are reported to EIR.</summary>
        internal const int PHIE_Link = 0x0012;

        /// <summary>The link has been up ever since this register was last read.</summary>
        internal const int PHSTAT1_LLSTAT = 0x0004;

        /// <summary>The link is up.</summary>
        internal const int PHSTAT2_LSTAT = 0x0400;

        /// <summary>The self-test runs; the hardware clears it.</summary>
        internal const int EBSTCON_BISTST = 0x01;

        /// <summary>Test mode.</summary>
        internal const int EBSTCON_TME = 0x02;

        /// <summary>TMSEL = 01: memory is filled with its own addresses.</summary>
        internal const int EBSTCON_TMSEL1 = 0x04;
    }
}
