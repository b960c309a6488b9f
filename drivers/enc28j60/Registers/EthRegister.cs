// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Control registers of the ETH group: read without a dummy byte, and the only ones that take the bit field commands
    /// (DS39662E 3.1, 4.2). The value holds the address in bits 4:0, the bank in bits 6:5 and bit 7 for those that every bank has.
    /// </summary>
    /// <remarks>
    /// MAC, MII and PHY registers have types of their own, so that a register read the wrong way does not compile.
    /// </remarks>
    internal enum EthRegister
    {
        /// <summary>Read pointer of the buffer memory, low byte.</summary>
        ERDPTL = 0x00,

        /// <summary>Read pointer of the buffer memory, high byte.</summary>
        ERDPTH = 0x01,

        /// <summary>Write pointer of the buffer memory, low byte.</summary>
        EWRPTL = 0x02,

        /// <summary>Write pointer of the buffer memory, high byte.</summary>
        EWRPTH = 0x03,

        /// <summary>First byte of the packet to send, low byte.</summary>
        ETXSTL = 0x04,

        /// <summary>First byte of the packet to send, high byte.</summary>
        ETXSTH = 0x05,

        /// <summary>Last byte of the packet to send, low byte.</summary>
        ETXNDL = 0x06,

        /// <summary>Last byte of the packet to send, high byte.</summary>
        ETXNDH = 0x07,

        /// <summary>First byte of the receive buffer, low byte.</summary>
        ERXSTL = 0x08,

        /// <summary>First byte of the receive buffer, high byte.</summary>
        ERXSTH = 0x09,

        /// <summary>Last byte of the receive buffer, low byte.</summary>
        ERXNDL = 0x0A,

        /// <summary>Last byte of the receive buffer, high byte.</summary>
        ERXNDH = 0x0B,

        /// <summary>Where the hardware stops writing, low byte: takes effect only with the high byte.</summary>
        ERXRDPTL = 0x0C,

        /// <summary>Where the hardware stops writing, high byte.</summary>
        ERXRDPTH = 0x0D,

        /// <summary>Receive write pointer of the hardware, low byte; read only.</summary>
        ERXWRPTL = 0x0E,

        /// <summary>Receive write pointer of the hardware, high byte.</summary>
        ERXWRPTH = 0x0F,

        /// <summary>Start of a DMA source, low byte. The driver uses no DMA; the probe uses the register as storage.</summary>
        EDMASTL = 0x10,

        /// <summary>DMA source end, low byte.</summary>
        EDMANDL = 0x12,

        /// <summary>DMA destination, low byte. The DMA is not used: the registers hold the canary.</summary>
        EDMADSTL = 0x14,

        /// <summary>DMA destination, high byte.</summary>
        EDMADSTH = 0x15,

        /// <summary>DMA checksum, low byte.</summary>
        EDMACSL = 0x16,

        /// <summary>DMA checksum, high byte.</summary>
        EDMACSH = 0x17,

        /// <summary>First byte of the hash table.</summary>
        EHT0 = 0x20 | 0x00,

        /// <summary>First byte of the pattern mask.</summary>
        EPMM0 = 0x20 | 0x08,

        /// <summary>Pattern checksum, low byte.</summary>
        EPMCSL = 0x20 | 0x10,

        /// <summary>Pattern offset, low byte.</summary>
        EPMOL = 0x20 | 0x14,

        /// <summary>Receive filters.</summary>
        ERXFCON = 0x20 | 0x18,

        /// <summary>Number of packets in the receive buffer.</summary>
        EPKTCNT = 0x20 | 0x19,

        /// <summary>Self-test fill seed.</summary>
        EBSTSD = 0x60 | 0x06,

        /// <summary>Self-test control.</summary>
        EBSTCON = 0x60 | 0x07,

        /// <summary>Self-test checksum, low byte.</summary>
        EBSTCSL = 0x60 | 0x08,

        /// <summary>Self-test checksum, high byte.</summary>
        EBSTCSH = 0x60 | 0x09,

        /// <summary>Silicon revision.</summary>
        EREVID = 0x60 | 0x12,

        /// <summary>Clock output.</summary>
        ECOCON = 0x60 | 0x15,

        /// <summary>Flow control.</summary>
        EFLOCON = 0x60 | 0x17,

        /// <summary>Interrupt enable.</summary>
        EIE = 0x80 | 0x1B,

        /// <summary>Interrupt flags.</summary>
        EIR = 0x80 | 0x1C,

        /// <summary>Status.</summary>
        ESTAT = 0x80 | 0x1D,

        /// <summary>Control 2.</summary>
        ECON2 = 0x80 | 0x1E,

        /// <summary>Control 1.</summary>
        ECON1 = 0x80 | 0x1F,
    }
}
