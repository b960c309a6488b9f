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

        private const int ArrayHeader = 20;

        /// <summary>A Frame without its words: the object and 13 fields.</summary>
        internal const int FrameBlocks = 1 + 13;

        /// <summary>A TcpControlBlock (the object and 83 fields) with its three queues (an object and 4 fields each).</summary>
        internal const int ControlBlockBlocks = 1 + 83 + (3 * (1 + 4));

        /// <summary>A TcpHalfOpen (the object and 14 fields).</summary>
        internal const int HalfOpenBlocks = 1 + 14;

        /// <summary>A UdpControlBlock (the object and 14 fields) with its queue.</summary>
        internal const int UdpBlockBlocks = 1 + 14 + 1 + 4;

        /// <summary>An EchoControlBlock: the object and 15 fields.</summary>
        internal const int EchoBlockBlocks = 1 + 15;

        /// <summary>
        /// A Reassembly without its buffer and its two arrays (the object and 15 fields) with its queue; a WaitingDatagram (4 fields) with
        /// its queue.
        /// </summary>
        internal const int ReassemblyBlocks = 1 + 15 + 1 + 4 + 1 + 4 + 1 + 4;

        /// <summary>An ArpEntry (the object and 10 fields) with its array of three words.</summary>
        internal const int ArpEntryBlocks = 1 + 10 + 3;

        /// <summary>The IGMP layer (the object and 11 fields), its counters (8 fields) and its membership (2 fields).</summary>
        internal const int IgmpBlocks = 1 + 11 + 1 + 8 + 1 + 2;

        /// <summary>A MulticastGroup (the object and 6 fields).</summary>
        internal const int GroupBlocks = 1 + 6;

        /// <summary>A FrameClass of the pool (the object and 8 fields).</summary>
        internal const int SizeClassBlocks = 1 + 8;

        /// <summary>The layers, their counters and tables: what is there whatever the sizes.</summary>
        internal const int FixedBlocks = 572;

        /// <summary>
        /// An array: a header of 20 bytes and the elements, in whole blocks.
        /// </summary>
        /// <param name="count">How many elements.</param>
        /// <param name="size">Bytes of one; a reference takes a block.</param>
        /// <returns>Blocks.</returns>
        internal static int ArrayBlocks(int count, int size) => (ArrayHeader + (count * size) + BlockBytes - 1) / BlockBytes;
    }
}
