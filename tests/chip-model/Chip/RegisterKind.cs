// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What is at a register address (DS39662E 3.1).</summary>
public enum RegisterKind
{
    /// <summary>Reads zero, ignores writes.</summary>
    Unimplemented,

    /// <summary>May be read; its contents must not be changed.</summary>
    Reserved,

    /// <summary>Ethernet register: no dummy byte, bit operations allowed.</summary>
    Eth,

    /// <summary>MAC register: dummy byte before the data, no bit operations.</summary>
    Mac,

    /// <summary>MII register: dummy byte before the data, no bit operations.</summary>
    Mii,
}
