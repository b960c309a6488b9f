// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of MICMD (DS39662E table 3-2).</summary>
public static class Micmd
{
    /// <summary>Scan.</summary>
    public const int MIISCAN = 0x02;

    /// <summary>Read.</summary>
    public const int MIIRD = 0x01;
}
