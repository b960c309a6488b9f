// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The rules that the model watches. The numbers are stable: T05 is <see cref="ReservedAddress"/>.</summary>
public enum ViolationRule
{
    /// <summary>T01: a MAC or MII register was read without clocking its dummy byte (DS39662E 4.2.1).</summary>
    MissingDummyByte = 1,

    /// <summary>T04: bit field set or clear on a MAC or MII register (DS39662E 4.2.4, 4.2.5).</summary>
    BitOperationOnMac = 4,

    /// <summary>T05: address 1Ah, or a write to a reserved or unimplemented address or bit (DS39662E 3.1).</summary>
    ReservedAddress = 5,

    /// <summary>T06: undefined opcode or argument, or bytes after the end of an instruction (DS39662E 4.2).</summary>
    Framing = 6,

    /// <summary>T07: chip select went up before the last bit of an instruction (DS39662E 4.2.2).</summary>
    Truncated = 7,

    /// <summary>T08: clock frequency, SPI mode or chip select timing (DS39662E 4.1 and 16.0; erratum 1).</summary>
    SpiTiming = 8,

    /// <summary>T10: bank bits were written together with a change of RXEN.</summary>
    BankWriteDropsReceive = 10,

    /// <summary>T13: MAC, MII or PHY used, or RXEN or TXRTS set, before the clock is ready or within 1 ms after a system reset (DS39662E 2.2, erratum 2).</summary>
    NotReady = 13,

    /// <summary>T14: system reset in power save (erratum 19).</summary>
    ResetInPowerSave = 14,

    /// <summary>T15: power save entered while receiving or transmitting (DS39662E 14.1).</summary>
    PowerSaveOrder = 15,

    /// <summary>T17: ERXRDPT written in the wrong order, or even (DS39662E 6.1, erratum 14).</summary>
    ReadPointerWrite = 17,

    /// <summary>T18: ERXRDPT is outside of the receive buffer (DS39662E 6.1).</summary>
    ReadPointerOutside = 18,

    /// <summary>T19: the receive buffer does not start at 0000h (erratum 5).</summary>
    BufferStart = 19,

    /// <summary>T20: receive buffer not set up before RXEN, or changed while RXEN is set (DS39662E 6.1, 7.2.1).</summary>
    ReceiveSetup = 20,

    /// <summary>T21: memory freed that holds unread packets or was never used (DS39662E 7.2.4).</summary>
    FreedUnread = 21,

    /// <summary>T23: packet counter decremented at zero (DS39662E 7.2.4).</summary>
    PacketCounter = 23,

    /// <summary>T30: half duplex without PHCON2.HDLDIS: own frames are received (DS39662E 6.6).</summary>
    Loopback = 30,

    /// <summary>T31: PHCON1.PDPXMD and MACON3.FULDPX differ or change in operation (DS39662E 6.5, 6.6, erratum 16).</summary>
    Duplex = 31,

    /// <summary>T33: filter or address changed while receiving (DS39662E 7.2.1, 8.0).</summary>
    FilterChange = 33,

    /// <summary>T34: transmit request, registers or data touched while TXRTS is set (DS39662E 7.1).</summary>
    TransmitBusy = 34,

    /// <summary>T35: odd, empty or missing control byte, or impossible frame length (DS39662E 7.1).</summary>
    TransmitBuffer = 35,

    /// <summary>T36: the transmitted packet or its status vector lies in the receive buffer (DS39662E 3.2, 7.1).</summary>
    TransmitOverlap = 36,

    /// <summary>T37: the host wrote into the receive buffer while RXEN is set (DS39662E 3.2).</summary>
    WriteIntoReceiveBuffer = 37,

    /// <summary>T40: a frame was cut off while it was on the wire.</summary>
    FrameCut = 40,

    /// <summary>T42: MAC set up against the data sheet: padding without FCS, gaps (DS39662E 6.5).</summary>
    MacSetup = 42,

    /// <summary>T46: DMA set up so that it never ends, changed while it runs, or checksum while receiving (DS39662E 13.0, erratum 17).</summary>
    Dma = 46,

    /// <summary>T48: MII used while it is busy (DS39662E 3.3).</summary>
    MiiBusy = 48,

    /// <summary>T49: MII used in the wrong order (DS39662E 3.3).</summary>
    MiiOrder = 49,

    /// <summary>T52: a read-only register was written.</summary>
    ReadOnly = 52,

    /// <summary>T60: built-in self-test used against the data sheet (DS39662E 15.0).</summary>
    Bist = 60,

    /// <summary>T61: reserved bits of the PHY written (DS39662E 3.3).</summary>
    PhyReserved = 61,
}
