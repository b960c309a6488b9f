// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// What the driver has seen. All counts wrap at 32 bits.
    /// </summary>
    public sealed class Enc28j60Counters
    {
        private readonly uint[] _recoveries = new uint[(int)Enc28j60Recovery.Requested + 1];

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

        /// <summary>Those of <see cref="DamagedPackets"/> with a bad FCS.</summary>
        public uint CrcErrors;

        /// <summary>Those of <see cref="DamagedPackets"/> shorter than 64 bytes.</summary>
        public uint Runts;

        /// <summary>Received packets dropped because they were longer than 1518 bytes.</summary>
        public uint Oversize;

        /// <summary>Received packets dropped because the chip's filters let in what was not wanted (DS80349C 18, hash aliases).</summary>
        public uint FilteredPackets;

        /// <summary>The most packets that ever waited in the receive buffer at once.</summary>
        public uint MostPacketsWaiting;

        /// <summary>Packet headers in the receive buffer that made no sense and were read again.</summary>
        public uint BadHeaders;

        /// <summary>Times the receiver alone was reset; <see cref="Recoveries"/> tells why.</summary>
        public uint ReceiverResets;

        /// <summary>Times packets were lost because the receive buffer was full (EIR.RXERIF; one count may be many packets).</summary>
        public uint ReceiveOverruns;

        /// <summary>Frames given up: too many collisions, or too many late ones.</summary>
        public uint TransmitAborts;

        /// <summary>Collisions in time, which the chip deals with itself. Counted where the status is read: see <see cref="Enc28j60Options.ReadTransmitStatus"/>.</summary>
        public uint Collisions;

        /// <summary>Frames given up after 16 collisions.</summary>
        public uint ExcessiveCollisions;

        /// <summary>Frames that waited for the medium. Counted like <see cref="Collisions"/>.</summary>
        public uint Deferrals;

        /// <summary>Frames that waited for the medium longer than 2.4 ms. Counted like <see cref="Collisions"/>.</summary>
        public uint ExcessiveDeferrals;

        /// <summary>Late collisions (status vector bit 29). Many of them: the switch's port is set to full duplex.</summary>
        public uint LateCollisions;

        /// <summary>Transmissions repeated after a late collision (DS80349C 13).</summary>
        public uint TransmitRetries;

        /// <summary>Frames given up because the chip did not finish in time.</summary>
        public uint TransmitTimeouts;

        /// <summary>Frames dropped because they were shorter than 14 or longer than 1514 bytes: a defect of the caller.</summary>
        public uint UnfitFrames;

        /// <summary>Link changes seen, up and down; a drop too short to be seen as such counts two.</summary>
        public uint LinkChanges;

        /// <summary>
        /// Drops of the link that were over before it was looked at (PHSTAT1.LLSTAT); contained in <see cref="LinkChanges"/>.
        /// </summary>
        public uint ShortLinkDrops;

        /// <summary>PHY reads that did not finish.</summary>
        public uint PhyTimeouts;

        /// <summary>Times the driver started the whole chip anew by itself; <see cref="Recoveries"/> tells why.</summary>
        public uint Restarts;

        /// <summary>Times the chip said something odd and all its registers were looked at.</summary>
        public uint Suspicions;

        /// <summary>Times the receiver was tested because nothing had come in for 30 seconds.</summary>
        public uint SilenceChecks;

        /// <summary>Calls of Receive with a pool that was not attached: a defect of the caller.</summary>
        public uint ForeignPools;

        /// <summary>
        /// How often something was reset for a reason.
        /// </summary>
        /// <param name="reason">The reason.</param>
        /// <returns>The count.</returns>
        public uint Recoveries(Enc28j60Recovery reason)
        {
            return reason < Enc28j60Recovery.None || reason > Enc28j60Recovery.Requested ? 0 : _recoveries[(int)reason];
        }

        /// <summary>
        /// Counts a recovery.
        /// </summary>
        /// <param name="reason">Why.</param>
        internal void CountRecovery(Enc28j60Recovery reason)
        {
            _recoveries[(int)reason]++;
            if (reason > Enc28j60Recovery.ReceiverOutOfStep)
            {
                Restarts++;
            }
            else
            {
                ReceiverResets++;
            }
        }
    }
}
