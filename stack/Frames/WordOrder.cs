// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Frames
{
    /// <summary>
    /// Which byte of a 16-bit word is the first one on the wire.
    /// </summary>
    /// <remarks>
    /// Frames are arrays of 16-bit words because those are all that nanoFramework moves over SPI without allocating. Whether a
    /// target clocks out the low or the high byte of a word first is a property of its SPI hardware, so a driver finds it out
    /// at start-up and everything else asks.
    /// </remarks>
    public enum WordOrder
    {
        /// <summary>The low byte is the first on the wire (ESP32: memory goes out as it lies).</summary>
        LowByteFirst,

        /// <summary>The high byte is the first on the wire (STM32: the bus is driven in 16-bit frames).</summary>
        HighByteFirst,
    }
}
