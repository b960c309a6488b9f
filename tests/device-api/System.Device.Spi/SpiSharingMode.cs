// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Device.Spi;

/// <summary>Whether others may open the same bus.</summary>
public enum SpiSharingMode
{
    /// <summary>One user.</summary>
    Exclusive = 0,

    /// <summary>Several users.</summary>
    Shared = 1,
}
