// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of MACON1 (DS39662E table 3-2).</summary>
public static class Macon1
{
    /// <summary>Send pause frames.</summary>
    public const int TXPAUS = 0x08;

    /// <summary>Obey pause frames.</summary>
    public const int RXPAUS = 0x04;

    /// <summary>Pass control frames.</summary>
    public const int PASSALL = 0x02;

    /// <summary>Receive.</summary>
    public const int MARXEN = 0x01;
}
