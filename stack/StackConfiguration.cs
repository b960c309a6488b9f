// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Ethernet;

namespace TcpIp
{
    /// <summary>
    /// All sizes of the stack. They are fixed when the stack is made; nothing grows later.
    /// </summary>
    public sealed class StackConfiguration
    {
        /// <summary>
        /// Gets or sets the capacities of frames in bytes of Ethernet frame without FCS, ascending. The last one must hold a
        /// full frame of <see cref="EthernetHeader.MaximumFrame"/> bytes.
        /// </summary>
        public int[] FrameCapacities { get; set; } = new int[] { 60, 112, 256, 590, EthernetHeader.MaximumFrame };

        /// <summary>Gets or sets the number of frames of each capacity.</summary>
        public int[] FrameCounts { get; set; } = new int[] { 12, 6, 4, 4, 8 };

        /// <summary>Gets or sets the number of frames that reception leaves for what is sent.</summary>
        public int ReceiveReserve { get; set; } = 6;

        /// <summary>Gets or sets the number of neighbours whose MAC addresses are remembered (1 or more).</summary>
        public int ArpEntries { get; set; } = 8;

        /// <summary>Gets or sets the number of frames that may wait while the controller sends (1 or more).</summary>
        public int TransmitQueue { get; set; } = 6;

        /// <summary>Gets or sets the number of TCP sockets, connections and listeners together (1 or more).</summary>
        public int TcpSockets { get; set; } = 10;

        /// <summary>Gets or sets the bytes that a connection may receive before the application reads (536 to 65535).</summary>
        public int TcpReceiveWindow { get; set; } = 2920;

        /// <summary>Gets or sets the frames that a connection may hold for the application to read (1 or more).</summary>
        public int TcpReceiveFrames { get; set; } = 4;

        /// <summary>Gets or sets the frames that a connection may hold until the peer acknowledges them (1 or more).</summary>
        public int TcpSendFrames { get; set; } = 3;

        /// <summary>
        /// Gets or sets the shortest retransmission timeout in milliseconds. RFC 6298 section 2.4 asks for one second.
        /// </summary>
        public int TcpMinimumRto { get; set; } = 1000;

        /// <summary>Gets or sets the milliseconds for which an acknowledgment may be delayed (0 to 500, RFC 9293 MUST-40).</summary>
        public int TcpDelayedAck { get; set; } = 100;

        /// <summary>Gets or sets the milliseconds after which a peer that does not acknowledge data is given up (RFC 9293 SHLD-11: at least 100 s).</summary>
        public int TcpUserTimeout { get; set; } = 120000;

        /// <summary>Gets or sets the milliseconds for which a SYN is repeated (RFC 9293 MUST-23: at least 180 s).</summary>
        public int TcpConnectTimeout { get; set; } = 180000;

        /// <summary>Gets or sets the milliseconds after which a half-open connection of a peer is forgotten.</summary>
        public int TcpHalfOpenTimeout { get; set; } = 30000;

        /// <summary>Gets or sets the milliseconds that a connection stays in TIME-WAIT (2 MSL).</summary>
        public int TcpTimeWait { get; set; } = 60000;

        /// <summary>Gets or sets the milliseconds that a closed socket waits for the peer's FIN in FIN-WAIT-2.</summary>
        public int TcpFinWait2 { get; set; } = 60000;

        /// <summary>Gets or sets a value indicating whether returned frames are watched for late writes. It costs time: for tests.</summary>
        public bool GuardFrames { get; set; }

        /// <summary>
        /// Checks all values.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
        /// <exception cref="ArgumentException">Frame capacities and counts do not fit each other.</exception>
        public void Validate()
        {
            if (FrameCapacities == null || FrameCounts == null || FrameCapacities.Length == 0 || FrameCapacities.Length != FrameCounts.Length)
            {
                throw new ArgumentException();
            }

            int frames = 0;
            for (int i = 0; i < FrameCounts.Length; i++)
            {
                frames += FrameCounts[i];
            }

            bool valid = FrameCapacities[FrameCapacities.Length - 1] == EthernetHeader.MaximumFrame
                && FrameCounts[FrameCounts.Length - 1] > 0
                && ReceiveReserve >= 0 && ReceiveReserve < frames
                && ArpEntries > 0
                && TransmitQueue > 0
                && TcpSockets > 0 && TcpSockets < 128
                && TcpReceiveWindow >= 536 && TcpReceiveWindow <= 65535
                && TcpReceiveFrames > 0
                && TcpSendFrames > 0
                && TcpMinimumRto > 0
                && TcpDelayedAck >= 0 && TcpDelayedAck <= 500
                && TcpUserTimeout > 0
                && TcpConnectTimeout > 0
                && TcpHalfOpenTimeout > 0
                && TcpTimeWait >= 0
                && TcpFinWait2 > 0;
            if (!valid)
            {
                throw new ArgumentOutOfRangeException();
            }
        }
    }
}
