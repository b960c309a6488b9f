// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Bits of the control and PHY registers, named after their register.
    /// </summary>
    internal static class RegisterBits
    {
        /// <summary>EIR: a packet could not be stored.</summary>
        internal const int EirReceiveError = 0x01;

        /// <summary>EIR: a transmission was aborted.</summary>
        internal const int EirTransmitError = 0x02;

        /// <summary>EIR: a transmission has ended.</summary>
        internal const int EirTransmit = 0x08;

        /// <summary>EIR: the DMA is done.</summary>
        internal const int EirDma = 0x20;

        /// <summary>EIR: the link has changed.</summary>
        internal const int EirLink = 0x10;

        /// <summary>EIR: reserved bits, read 0 from a chip that is there.</summary>
        internal const int EirAlwaysZero = 0x84;

        /// <summary>EIE: packets, link, transmitter and receiver errors move the INT pin.</summary>
        internal const int EieSources = 0x5B;

        /// <summary>EIE: the INT pin is enabled.</summary>
        internal const int EieInterrupt = 0x80;

        /// <summary>ESTAT: the oscillator runs.</summary>
        internal const int EstatClockReady = 0x01;

        /// <summary>ESTAT: a transmission was aborted; stays until cleared.</summary>
        internal const int EstatTransmitAbort = 0x02;

        /// <summary>ESTAT: a packet is being received.</summary>
        internal const int EstatReceiveBusy = 0x04;

        /// <summary>ESTAT: not implemented, reads 0 from a chip that is there.</summary>
        internal const int EstatAlwaysZero = 0x08;

        /// <summary>ESTAT: a late collision; stays until cleared.</summary>
        internal const int EstatLateCollision = 0x10;

        /// <summary>ESTAT: a buffer error; stays until cleared.</summary>
        internal const int EstatBufferError = 0x40;

        /// <summary>ECON2: the voltage regulator saves power.</summary>
        internal const int Econ2RegulatorPowerSave = 0x08;

        /// <summary>ECON2: power save mode.</summary>
        internal const int Econ2PowerSave = 0x20;

        /// <summary>ECON2: one packet less in EPKTCNT; clears itself.</summary>
        internal const int Econ2PacketDecrement = 0x40;

        /// <summary>ECON2: buffer pointers move by themselves.</summary>
        internal const int Econ2AutoIncrement = 0x80;

        /// <summary>ECON1: packets are received.</summary>
        internal const int Econ1ReceiveEnable = 0x04;

        /// <summary>ECON1: a packet is being sent; the hardware clears it.</summary>
        internal const int Econ1TransmitRequest = 0x08;

        /// <summary>ECON1: the DMA makes a checksum and does not copy.</summary>
        internal const int Econ1Checksum = 0x10;

        /// <summary>ECON1: the DMA runs.</summary>
        internal const int Econ1DmaStart = 0x20;

        /// <summary>ECON1: the receiver is held in reset.</summary>
        internal const int Econ1ReceiveReset = 0x40;

        /// <summary>ECON1: the transmitter is held in reset.</summary>
        internal const int Econ1TransmitReset = 0x80;

        /// <summary>MICMD: reads a PHY register.</summary>
        internal const int MicmdRead = 0x01;

        /// <summary>MISTAT: a PHY register is being accessed.</summary>
        internal const int MistatBusy = 0x01;

        /// <summary>PHCON1: full duplex.</summary>
        internal const int Phcon1FullDuplex = 0x0100;

        /// <summary>PHCON2: what is sent in half duplex is not looped back.</summary>
        internal const int Phcon2NoLoopback = 0x0100;

        /// <summary>PHIE: link changes are reported to EIR.</summary>
        internal const int PhieLink = 0x0012;

        /// <summary>PHSTAT1: the link has been up ever since this register was last read.</summary>
        internal const int Phstat1LinkHeld = 0x0004;

        /// <summary>PHSTAT2: the link is up.</summary>
        internal const int Phstat2Link = 0x0400;

        /// <summary>EBSTCON: the self-test runs; the hardware clears it.</summary>
        internal const int EbstconStart = 0x01;

        /// <summary>EBSTCON: test mode.</summary>
        internal const int EbstconTestMode = 0x02;

        /// <summary>EBSTCON: memory is filled with its own addresses.</summary>
        internal const int EbstconAddressFill = 0x04;
    }
}
