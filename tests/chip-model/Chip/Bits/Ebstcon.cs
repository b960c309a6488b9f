// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of EBSTCON (DS39662E table 3-2).</summary>
public static class Ebstcon
{
    /// <summary>Test mode.</summary>
    public const int TME = 0x02;

    /// <summary>Test runs.</summary>
    public const int BISTST = 0x01;
}
