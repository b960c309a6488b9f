// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace nanoFramework.Hardware.Esp32;

/// <summary>Memory outside of the managed heap.</summary>
public class NativeMemory
{
    /// <summary>Which memory is meant.</summary>
    public enum MemoryType
    {
        /// <summary>All.</summary>
        All = 0,

        /// <summary>On the chip.</summary>
        Internal = 1,

        /// <summary>The external RAM.</summary>
        SpiRam = 2,
    }

    /// <summary>Sizes in bytes; here figures that the host sets, and no external RAM.</summary>
    public static void GetMemoryInfo(MemoryType memType, out uint totalSize, out uint totalFreeSize, out uint largestFreeBlock)
    {
        bool none = memType == MemoryType.SpiRam;
        BoardHardware board = BoardHardware.Current;
        totalSize = none ? 0 : board.NativeMemoryTotal;
        totalFreeSize = none ? 0 : board.NativeMemoryFree;
        largestFreeBlock = totalFreeSize;
    }
}
