// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of ECON1 (DS39662E table 3-2).</summary>
public static class Econ1
{
    /// <summary>Transmitter in reset.</summary>
    public const int TXRST = 0x80;

    /// <summary>Receiver in reset.</summary>
    public const int RXRST = 0x40;

    /// <summary>DMA runs.</summary>
    public const int DMAST = 0x20;

    /// <summary>DMA makes a checksum.</summary>
    public const int CSUMEN = 0x10;

    /// <summary>Transmit.</summary>
    public const int TXRTS = 0x08;

    /// <summary>Receive.</summary>
    public const int RXEN = 0x04;

    /// <summary>Bank.</summary>
    public const int BSEL = 0x03;
}
