// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.Runtime.Events;

namespace System.Device.Gpio;

/// <summary>Which pin changed, and how.</summary>
public class PinValueChangedEventArgs : BaseEvent
{
    /// <summary>Makes the arguments.</summary>
    public PinValueChangedEventArgs(PinEventTypes changeType, int pinNumber)
    {
        ChangeType = changeType;
        PinNumber = pinNumber;
    }

    /// <summary>The edge.</summary>
    public PinEventTypes ChangeType { get; }

    /// <summary>The pin.</summary>
    public int PinNumber { get; }
}
