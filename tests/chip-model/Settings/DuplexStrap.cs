// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What PHCON1.PDPXMD is after a reset, which depends on how the LED at LEDB is wired (DS39662E 2.6, erratum 16).</summary>
public enum DuplexStrap
{
    /// <summary>Half duplex: PDPXMD = 0.</summary>
    Half,

    /// <summary>Full duplex: PDPXMD = 1.</summary>
    Full,

    /// <summary>Either, at each reset anew.</summary>
    Random,
}
