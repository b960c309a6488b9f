// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>
/// Control registers (DS39662E table 3-1 and 3-2): bank in bits 6:5, address in bits 4:0. The five that exist in every bank stand under bank 0.
/// </summary>
public static class Reg
{
    /// <summary>Read pointer of RBM, low (bank 0, 00h).</summary>
    public const int ERDPTL = 0x00;

    /// <summary>Read pointer of RBM, high (bank 0, 01h).</summary>
    public const int ERDPTH = 0x01;

    /// <summary>Write pointer of WBM, low (bank 0, 02h).</summary>
    public const int EWRPTL = 0x02;

    /// <summary>Write pointer of WBM, high (bank 0, 03h).</summary>
    public const int EWRPTH = 0x03;

    /// <summary>Transmit start, low (bank 0, 04h).</summary>
    public const int ETXSTL = 0x04;

    /// <summary>Transmit start, high (bank 0, 05h).</summary>
    public const int ETXSTH = 0x05;

    /// <summary>Transmit end, low (bank 0, 06h).</summary>
    public const int ETXNDL = 0x06;

    /// <summary>Transmit end, high (bank 0, 07h).</summary>
    public const int ETXNDH = 0x07;

    /// <summary>Receive buffer start, low (bank 0, 08h).</summary>
    public const int ERXSTL = 0x08;

    /// <summary>Receive buffer start, high (bank 0, 09h).</summary>
    public const int ERXSTH = 0x09;

    /// <summary>Receive buffer end, low (bank 0, 0Ah).</summary>
    public const int ERXNDL = 0x0A;

    /// <summary>Receive buffer end, high (bank 0, 0Bh).</summary>
    public const int ERXNDH = 0x0B;

    /// <summary>Receive read pointer, low; takes effect with the high byte (bank 0, 0Ch).</summary>
    public const int ERXRDPTL = 0x0C;

    /// <summary>Receive read pointer, high (bank 0, 0Dh).</summary>
    public const int ERXRDPTH = 0x0D;

    /// <summary>Receive write pointer, low (bank 0, 0Eh).</summary>
    public const int ERXWRPTL = 0x0E;

    /// <summary>Receive write pointer, high (bank 0, 0Fh).</summary>
    public const int ERXWRPTH = 0x0F;

    /// <summary>DMA start, low (bank 0, 10h).</summary>
    public const int EDMASTL = 0x10;

    /// <summary>DMA start, high (bank 0, 11h).</summary>
    public const int EDMASTH = 0x11;

    /// <summary>DMA end, low (bank 0, 12h).</summary>
    public const int EDMANDL = 0x12;

    /// <summary>DMA end, high (bank 0, 13h).</summary>
    public const int EDMANDH = 0x13;

    /// <summary>DMA destination, low (bank 0, 14h).</summary>
    public const int EDMADSTL = 0x14;

    /// <summary>DMA destination, high (bank 0, 15h).</summary>
    public const int EDMADSTH = 0x15;

    /// <summary>DMA checksum, low (bank 0, 16h).</summary>
    public const int EDMACSL = 0x16;

    /// <summary>DMA checksum, high (bank 0, 17h).</summary>
    public const int EDMACSH = 0x17;

    /// <summary>Hash table, byte 0 of 8 (bank 1, 00h).</summary>
    public const int EHT0 = 0x20;

    /// <summary>Pattern mask, byte 0 of 8 (bank 1, 08h).</summary>
    public const int EPMM0 = 0x28;

    /// <summary>Pattern checksum, low (bank 1, 10h).</summary>
    public const int EPMCSL = 0x30;

    /// <summary>Pattern checksum, high (bank 1, 11h).</summary>
    public const int EPMCSH = 0x31;

    /// <summary>Pattern offset, low (bank 1, 14h).</summary>
    public const int EPMOL = 0x34;

    /// <summary>Pattern offset, high (bank 1, 15h).</summary>
    public const int EPMOH = 0x35;

    /// <summary>Receive filters (bank 1, 18h).</summary>
    public const int ERXFCON = 0x38;

    /// <summary>Packets pending (bank 1, 19h).</summary>
    public const int EPKTCNT = 0x39;

    /// <summary>MAC control 1 (bank 2, 00h).</summary>
    public const int MACON1 = 0x40;

    /// <summary>MAC control 3 (bank 2, 02h).</summary>
    public const int MACON3 = 0x42;

    /// <summary>MAC control 4 (bank 2, 03h).</summary>
    public const int MACON4 = 0x43;

    /// <summary>Back-to-back gap (bank 2, 04h).</summary>
    public const int MABBIPG = 0x44;

    /// <summary>Non-back-to-back gap, low (bank 2, 06h).</summary>
    public const int MAIPGL = 0x46;

    /// <summary>Non-back-to-back gap, high (bank 2, 07h).</summary>
    public const int MAIPGH = 0x47;

    /// <summary>Retransmission maximum (bank 2, 08h).</summary>
    public const int MACLCON1 = 0x48;

    /// <summary>Collision window (bank 2, 09h).</summary>
    public const int MACLCON2 = 0x49;

    /// <summary>Maximum frame length, low (bank 2, 0Ah).</summary>
    public const int MAMXFLL = 0x4A;

    /// <summary>Maximum frame length, high (bank 2, 0Bh).</summary>
    public const int MAMXFLH = 0x4B;

    /// <summary>MII command (bank 2, 12h).</summary>
    public const int MICMD = 0x52;

    /// <summary>MII register address (bank 2, 14h).</summary>
    public const int MIREGADR = 0x54;

    /// <summary>MII write data, low (bank 2, 16h).</summary>
    public const int MIWRL = 0x56;

    /// <summary>MII write data, high; starts the write (bank 2, 17h).</summary>
    public const int MIWRH = 0x57;

    /// <summary>MII read data, low (bank 2, 18h).</summary>
    public const int MIRDL = 0x58;

    /// <summary>MII read data, high (bank 2, 19h).</summary>
    public const int MIRDH = 0x59;

    /// <summary>MAC address, fifth byte (bank 3, 00h).</summary>
    public const int MAADR5 = 0x60;

    /// <summary>MAC address, sixth byte (bank 3, 01h).</summary>
    public const int MAADR6 = 0x61;

    /// <summary>MAC address, third byte (bank 3, 02h).</summary>
    public const int MAADR3 = 0x62;

    /// <summary>MAC address, fourth byte (bank 3, 03h).</summary>
    public const int MAADR4 = 0x63;

    /// <summary>MAC address, first byte on the wire (bank 3, 04h).</summary>
    public const int MAADR1 = 0x64;

    /// <summary>MAC address, second byte (bank 3, 05h).</summary>
    public const int MAADR2 = 0x65;

    /// <summary>Self-test seed (bank 3, 06h).</summary>
    public const int EBSTSD = 0x66;

    /// <summary>Self-test control (bank 3, 07h).</summary>
    public const int EBSTCON = 0x67;

    /// <summary>Self-test checksum, low (bank 3, 08h).</summary>
    public const int EBSTCSL = 0x68;

    /// <summary>Self-test checksum, high (bank 3, 09h).</summary>
    public const int EBSTCSH = 0x69;

    /// <summary>MII status (bank 3, 0Ah).</summary>
    public const int MISTAT = 0x6A;

    /// <summary>Silicon revision (bank 3, 12h).</summary>
    public const int EREVID = 0x72;

    /// <summary>Clock output (bank 3, 15h).</summary>
    public const int ECOCON = 0x75;

    /// <summary>Flow control (bank 3, 17h).</summary>
    public const int EFLOCON = 0x77;

    /// <summary>Pause timer, low (bank 3, 18h).</summary>
    public const int EPAUSL = 0x78;

    /// <summary>Pause timer, high (bank 3, 19h).</summary>
    public const int EPAUSH = 0x79;

    /// <summary>Interrupt enables (all banks, 1Bh).</summary>
    public const int EIE = 0x1B;

    /// <summary>Interrupt flags (all banks, 1Ch).</summary>
    public const int EIR = 0x1C;

    /// <summary>Status (all banks, 1Dh).</summary>
    public const int ESTAT = 0x1D;

    /// <summary>Control 2 (all banks, 1Eh).</summary>
    public const int ECON2 = 0x1E;

    /// <summary>Control 1 (all banks, 1Fh).</summary>
    public const int ECON1 = 0x1F;
}
