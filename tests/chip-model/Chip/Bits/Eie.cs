// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of EIE (DS39662E table 3-2).</summary>
public static class Eie
{
    /// <summary>Interrupts on.</summary>
    public const int INTIE = 0x80;

    /// <summary>Packet pending.</summary>
    public const int PKTIE = 0x40;

    /// <summary>DMA done.</summary>
    public const int DMAIE = 0x20;

    /// <summary>Link changed.</summary>
    public const int LINKIE = 0x10;

    /// <summary>Transmission done.</summary>
    public const int TXIE = 0x08;

    /// <summary>Transmission aborted.</summary>
    public const int TXERIE = 0x02;

    /// <summary>Packet lost.</summary>
    public const int RXERIE = 0x01;
}
