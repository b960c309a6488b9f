// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// What the driver has seen. All counts wrap at 32 bits.
    /// </summary>
    public sealed class Enc28j60Counters
    {
        // fields, for a call costs more than the counting; the layer writes them, everybody else reads the properties below
        internal uint _framesReceived;
        internal uint _bytesReceived;
        internal uint _framesSent;
        internal uint _bytesSent;
        internal uint _droppedNoFrame;
        internal uint _damagedPackets;
        internal uint _crcErrors;
        internal uint _runts;
        internal uint _oversize;
        internal uint _filteredPackets;
        internal uint _mostPacketsWaiting;
        internal uint _badHeaders;
        internal uint _receiveOverruns;
        internal uint _transmitAborts;
        internal uint _collisions;
        internal uint _excessiveCollisions;
        internal uint _deferrals;
        internal uint _excessiveDeferrals;
        internal uint _lateCollisions;
        internal uint _transmitRetries;
        internal uint _transmitTimeouts;
        internal uint _unfitFrames;
        internal uint _linkChanges;
        internal uint _shortLinkDrops;
        internal uint _phyTimeouts;
        internal uint _suspicions;
        internal uint _silenceChecks;
        internal uint _foreignPools;

        private readonly uint[] _recoveries = new uint[(int)Enc28j60Recovery.Requested + 1];

        /// <summary>Frames received and handed on.</summary>
        public uint FramesReceived => _framesReceived;

        /// <summary>Bytes in them, FCS not counted.</summary>
        public uint BytesReceived => _bytesReceived;

        /// <summary>Frames sent without error.</summary>
        public uint FramesSent => _framesSent;

        /// <summary>Bytes in them as they were given to Send: neither padding nor FCS.</summary>
        public uint BytesSent => _bytesSent;

        /// <summary>Received frames dropped because the pool had none to spare.</summary>
        public uint DroppedNoFrame => _droppedNoFrame;

        /// <summary>Received packets dropped because they were damaged or shorter than 64 bytes.</summary>
        public uint DamagedPackets => _damagedPackets;

        /// <summary>Those of <see cref="DamagedPackets"/> with a bad FCS.</summary>
        public uint CrcErrors => _crcErrors;

        /// <summary>Those of <see cref="DamagedPackets"/> shorter than 64 bytes.</summary>
        public uint Runts => _runts;

        /// <summary>Received packets dropped because they were longer than 1518 bytes.</summary>
        public uint Oversize => _oversize;

        /// <summary>Received packets dropped because the chip's filters let in what was not wanted (DS80349C 18, hash aliases).</summary>
        public uint FilteredPackets => _filteredPackets;

        /// <summary>The most packets that were taken in a row while another one waited behind them, it included; 0 if none ever did.</summary>
        public uint MostPacketsWaiting => _mostPacketsWaiting;

        /// <summary>Packet headers in the receive buffer that made no sense and were read again.</summary>
        public uint BadHeaders => _badHeaders;

        /// <summary>Times the receiver alone was reset; <see cref="Recoveries"/> tells why.</summary>
        public uint ReceiverResets => Sum(Enc28j60Recovery.BadHeader, Enc28j60Recovery.ReceiverOutOfStep);

        /// <summary>Times packets were lost because the receive buffer was full (EIR.RXERIF; one count may be many packets).</summary>
        public uint ReceiveOverruns => _receiveOverruns;

        /// <summary>Frames given up: too many collisions, too many late ones, or a chip that was reset meanwhile.</summary>
        public uint TransmitAborts => _transmitAborts;

        /// <summary>Collisions in time, which the chip deals with itself. Counted where the status is read: see <see cref="Enc28j60Options.ReadTransmitStatus"/>.</summary>
        public uint Collisions => _collisions;

        /// <summary>Frames given up after 16 collisions.</summary>
        public uint ExcessiveCollisions => _excessiveCollisions;

        /// <summary>Frames that waited for the medium. Counted like <see cref="Collisions"/>.</summary>
        public uint Deferrals => _deferrals;

        /// <summary>Frames that waited for the medium longer than 2.4 ms. Counted like <see cref="Collisions"/>.</summary>
        public uint ExcessiveDeferrals => _excessiveDeferrals;

        /// <summary>Late collisions (status vector bit 29). Many of them: the switch's port is set to full duplex.</summary>
        public uint LateCollisions => _lateCollisions;

        /// <summary>Transmissions repeated after a late collision (DS80349C 13).</summary>
        public uint TransmitRetries => _transmitRetries;

        /// <summary>Frames given up because the chip did not finish in time.</summary>
        public uint TransmitTimeouts => _transmitTimeouts;

        /// <summary>Frames dropped because they were shorter than 14 or longer than 1514 bytes: a defect of the caller.</summary>
        public uint UnfitFrames => _unfitFrames;

        /// <summary>Link changes seen, up and down; a drop too short to be seen as such counts two.</summary>
        public uint LinkChanges => _linkChanges;

        /// <summary>
        /// Drops of the link that were over before it was looked at (PHSTAT1.LLSTAT); contained in <see cref="LinkChanges"/>.
        /// </summary>
        public uint ShortLinkDrops => _shortLinkDrops;

        /// <summary>PHY reads that did not finish.</summary>
        public uint PhyTimeouts => _phyTimeouts;

        /// <summary>Times the driver started the whole chip anew by itself; <see cref="Recoveries"/> tells why.</summary>
        public uint Restarts => Sum(Enc28j60Recovery.ReceiverStuck, Enc28j60Recovery.Requested);

        /// <summary>Times the chip said something odd and all its registers were looked at.</summary>
        public uint Suspicions => _suspicions;

        /// <summary>Times the receiver was tested because nothing had come in for 30 seconds.</summary>
        public uint SilenceChecks => _silenceChecks;

        /// <summary>Calls of Receive with a pool that was not attached: a defect of the caller.</summary>
        public uint ForeignPools => _foreignPools;

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
        }

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _framesReceived = 0;
            _bytesReceived = 0;
            _framesSent = 0;
            _bytesSent = 0;
            _droppedNoFrame = 0;
            _damagedPackets = 0;
            _crcErrors = 0;
            _runts = 0;
            _oversize = 0;
            _filteredPackets = 0;
            _mostPacketsWaiting = 0;
            _badHeaders = 0;
            _receiveOverruns = 0;
            _transmitAborts = 0;
            _collisions = 0;
            _excessiveCollisions = 0;
            _deferrals = 0;
            _excessiveDeferrals = 0;
            _lateCollisions = 0;
            _transmitRetries = 0;
            _transmitTimeouts = 0;
            _unfitFrames = 0;
            _linkChanges = 0;
            _shortLinkDrops = 0;
            _phyTimeouts = 0;
            _suspicions = 0;
            _silenceChecks = 0;
            _foreignPools = 0;
            Array.Clear(_recoveries, 0, _recoveries.Length);
        }

        private uint Sum(Enc28j60Recovery first, Enc28j60Recovery last)
        {
            uint sum = 0;
            for (int i = (int)first; i <= (int)last; i++)
            {
                sum += _recoveries[i];
            }

            return sum;
        }
    }
}
