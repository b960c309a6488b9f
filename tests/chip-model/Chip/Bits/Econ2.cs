// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Bits of ECON2 (DS39662E table 3-2).</summary>
public static class Econ2
{
    /// <summary>Pointers advance.</summary>
    public const int AUTOINC = 0x80;

    /// <summary>Decrement EPKTCNT.</summary>
    public const int PKTDEC = 0x40;

    /// <summary>Power save.</summary>
    public const int PWRSV = 0x20;

    /// <summary>Regulator in power save.</summary>
    public const int VRPS = 0x08;
}
