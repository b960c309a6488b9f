// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of ESTAT (DS39662E table 3-2).</summary>
public static class Estat
{
    /// <summary>An interrupt is pending.</summary>
    public const int INT = 0x80;

    /// <summary>Buffer error.</summary>
    public const int BUFER = 0x40;

    /// <summary>Late collision.</summary>
    public const int LATECOL = 0x10;

    /// <summary>Receiving.</summary>
    public const int RXBUSY = 0x04;

    /// <summary>Transmission aborted.</summary>
    public const int TXABRT = 0x02;

    /// <summary>Clock ready.</summary>
    public const int CLKRDY = 0x01;
}
