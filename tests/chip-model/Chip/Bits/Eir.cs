// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of EIR (DS39662E table 3-2).</summary>
public static class Eir
{
    /// <summary>Packet pending.</summary>
    public const int PKTIF = 0x40;

    /// <summary>DMA done.</summary>
    public const int DMAIF = 0x20;

    /// <summary>Link changed.</summary>
    public const int LINKIF = 0x10;

    /// <summary>Transmission done.</summary>
    public const int TXIF = 0x08;

    /// <summary>Transmission aborted.</summary>
    public const int TXERIF = 0x02;

    /// <summary>Packet lost.</summary>
    public const int RXERIF = 0x01;
}
