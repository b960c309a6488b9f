// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of MISTAT (DS39662E table 3-2).</summary>
public static class Mistat
{
    /// <summary>Scan has no result yet.</summary>
    public const int NVALID = 0x04;

    /// <summary>Scan runs.</summary>
    public const int SCAN = 0x02;

    /// <summary>Busy.</summary>
    public const int BUSY = 0x01;
}
