// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of MACON3 (DS39662E table 3-2).</summary>
public static class Macon3
{
    /// <summary>Append frame check sequence.</summary>
    public const int TXCRCEN = 0x10;

    /// <summary>Proprietary header.</summary>
    public const int PHDREN = 0x08;

    /// <summary>Huge frames.</summary>
    public const int HFRMEN = 0x04;

    /// <summary>Check length field.</summary>
    public const int FRMLNEN = 0x02;

    /// <summary>Full duplex.</summary>
    public const int FULDPX = 0x01;
}
