// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Hardware;

/// <summary>Who runs the firmware's pin event handlers.</summary>
public enum GpioEventDelivery
{
    /// <summary>The thread that changed the level, as soon as the change is complete: deterministic.</summary>
    Direct,

    /// <summary>Whoever calls <see cref="GpioPins.DeliverEvents"/>.</summary>
    Queued,

    /// <summary>A thread of its own, as on the board.</summary>
    Thread,
}
