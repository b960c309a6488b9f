// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Device.Gpio;

/// <summary>Outcome of a wait for an edge.</summary>
public struct WaitForEventResult
{
    /// <summary>The edges that came.</summary>
    public PinEventTypes EventTypes;

    /// <summary>True if none came in time.</summary>
    public bool TimedOut;
}
