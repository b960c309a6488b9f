// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Device.Spi;

/// <summary>Another device on the bus already uses this chip select line.</summary>
[Serializable]
public class SpiDeviceAlreadyInUseException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SpiDeviceAlreadyInUseException()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => Message;
}
