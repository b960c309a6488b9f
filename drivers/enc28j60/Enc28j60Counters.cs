// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// What the driver has seen. All counts wrap at 32 bits.
    /// </summary>
    public sealed class Enc28j60Counters
    {
        /// <summary>Frames received and handed on.</summary>
        public uint FramesReceived;

        /// <summary>Bytes in them, FCS not counted.</summary>
        public uint BytesReceived;

        /// <summary>Frames sent without error.</summary>
        public uint FramesSent;

        /// <summary>Bytes in them as they were given to Send: neither padding nor FCS.</summary>
        public uint BytesSent;

        /// <summary>Received frames dropped because the pool had none to spare.</summary>
        public uint DroppedNoFrame;

        /// <summary>Received packets dropped because they were damaged or shorter than 64 bytes.</summary>
        public uint DamagedPackets;

        /// <summary>Packet headers in the receive buffer that made no sense and were read again.</summary>
        public uint BadHeaders;

        /// <summary>Times the receiver was reset because a header made no sense twice; what waited in the buffer was lost.</summary>
        public uint ReceiverResets;

        /// <summary>Times packets were lost because the receive buffer was full (EIR.RXERIF; one count may be many packets).</summary>
        public uint ReceiveOverruns;

        /// <summary>Frames given up: too many collisions, or too many late ones.</summary>
        public uint TransmitAborts;

        /// <summary>Late collisions (status vector bit 29). Many of them: the switch's port is set to full duplex.</summary>
        public uint LateCollisions;

        /// <summary>Transmissions repeated after a late collision (DS80349C 13).</summary>
        public uint TransmitRetries;

        /// <summary>Frames given up because the chip did not finish in time.</summary>
        public uint TransmitTimeouts;

        /// <summary>Link changes seen, up and down; a drop too short to be seen as such counts two.</summary>
        public uint LinkChanges;

        /// <summary>
        /// Drops of the link that were over before it was looked at (PHSTAT1.LLSTAT); contained in <see cref="LinkChanges"/>.
        /// </summary>
        public uint ShortLinkDrops;

        /// <summary>PHY reads that did not finish.</summary>
        public uint PhyTimeouts;

        /// <summary>Times the whole chip was started anew because a receiver reset did not help.</summary>
        public uint Restarts;

        /// <summary>Calls of Receive with a pool that was not attached: a defect of the caller.</summary>
        public uint ForeignPools;
    }
}
