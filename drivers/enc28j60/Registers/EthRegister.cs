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

        /// <summary>Start of a DMA source, low byte. The driver uses no DMA; the probe uses the register as storage.</summary>
        EDMASTL = 0x10,

        /// <summary>Receive filters.</summary>
        ERXFCON = 0x20 | 0x18,

        /// <summary>Number of packets in the receive buffer.</summary>
        EPKTCNT = 0x20 | 0x19,

        /// <summary>Silicon revision.</summary>
        EREVID = 0x60 | 0x12,

        /// <summary>Clock output.</summary>
        ECOCON = 0x60 | 0x15,

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
