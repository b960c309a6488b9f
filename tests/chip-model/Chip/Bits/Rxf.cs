// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of ERXFCON (DS39662E table 3-2).</summary>
public static class Rxf
{
    /// <summary>Unicast.</summary>
    public const int UCEN = 0x80;

    /// <summary>All filters must match.</summary>
    public const int ANDOR = 0x40;

    /// <summary>Frame check sequence.</summary>
    public const int CRCEN = 0x20;

    /// <summary>Pattern.</summary>
    public const int PMEN = 0x10;

    /// <summary>Magic packet.</summary>
    public const int MPEN = 0x08;

    /// <summary>Hash table.</summary>
    public const int HTEN = 0x04;

    /// <summary>Multicast.</summary>
    public const int MCEN = 0x02;

    /// <summary>Broadcast.</summary>
    public const int BCEN = 0x01;
}
