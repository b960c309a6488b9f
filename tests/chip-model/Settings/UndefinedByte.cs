// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What the chip returns where the data sheet says nothing.</summary>
public enum UndefinedByte
{
    /// <summary>Bytes from the seeded generator: code that relies on them fails.</summary>
    Random,

    /// <summary>00h.</summary>
    Zero,

    /// <summary>FFh.</summary>
    Ones,

    /// <summary>The register's value again.</summary>
    Repeat,
}
