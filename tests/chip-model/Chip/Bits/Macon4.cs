// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of MACON4 (DS39662E table 3-2).</summary>
public static class Macon4
{
    /// <summary>Wait for the medium without limit.</summary>
    public const int DEFER = 0x40;

    /// <summary>No back-off after backpressure.</summary>
    public const int BPEN = 0x20;

    /// <summary>No back-off.</summary>
    public const int NOBKOFF = 0x10;
}
