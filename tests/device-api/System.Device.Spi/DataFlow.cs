// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Device.Spi;

/// <summary>Bit order on the wire.</summary>
public enum DataFlow
{
    /// <summary>Most significant bit first.</summary>
    MsbFirst = 0,

    /// <summary>Least significant bit first.</summary>
    LsbFirst = 1,
}
