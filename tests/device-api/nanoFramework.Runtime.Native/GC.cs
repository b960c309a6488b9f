// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace nanoFramework.Runtime.Native;

/// <summary>The managed heap.</summary>
public static class GC
{
    /// <summary>Collects garbage and says how many bytes are free; here a figure that the host sets.</summary>
    public static uint Run(bool compactHeap) => BoardHardware.Current.ManagedHeapFree;

    /// <summary>Has collections written to the debug output. No effect here.</summary>
    public static void EnableGCMessages(bool enable)
    {
    }
}
