// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// What the stack's objects take on nanoCLR's managed heap, in blocks of 12 bytes. A test counts the fields and fails
    /// when a number here is no longer true.
    /// </summary>
    internal static class MemoryCost
    {
        /// <summary>Bytes of a heap block on 32-bit targets.</summary>
        internal const int BlockBytes = 12;

        /// <summary>A reference in an array.</summary>
        internal const int ReferenceBlocks = 1;

        /// <summary>A Frame without its words: the object and 11 fields, and the header of the word array.</summary>
        internal const int FrameBlocks = 1 + 11 + 1;

        /// <summary>A TcpControlBlock (the object and 49 fields) with its two queues (an object and 4 fields each).</summary>
        internal const int ControlBlockBlocks = 1 + 49 + (2 * (1 + 4));

        /// <summary>An ArpEntry (the object and 7 fields) with its array of three words.</summary>
        internal const int ArpEntryBlocks = 1 + 7 + 2;

        /// <summary>A size class in the pool's five integer arrays and its array of free lists.</summary>
        internal const int SizeClassBlocks = 5 + ReferenceBlocks;

        /// <summary>The layers, their counters and tables: what is there whatever the sizes.</summary>
        internal const int FixedBlocks = 240;

        /// <summary>
        /// The elements of an array of 16-bit words.
        /// </summary>
        /// <param name="words">How many.</param>
        /// <returns>Blocks.</returns>
        internal static int WordArrayBlocks(int words) => ((words * 2) + BlockBytes - 1) / BlockBytes;
    }
}
