// Licensed under the MIT license. See LICENSE in the repository root.

namespace nanoFramework.Runtime.Events;

/// <summary>Base of what the event system hands on.</summary>
public class BaseEvent
{
    /// <summary>Where the event comes from.</summary>
    public ushort Source;

    /// <summary>What the event says.</summary>
    public byte Message;
}
