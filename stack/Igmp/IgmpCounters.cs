// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Igmp
{
    /// <summary>
    /// What the IGMP layer has seen.
    /// </summary>
    public sealed class IgmpCounters
    {
        /// <summary>Dropped: shorter than a message.</summary>
        public uint BadLength;

        /// <summary>Dropped: checksum.</summary>
        public uint BadChecksum;

        /// <summary>Queries received that a host answers.</summary>
        public uint Queries;

        /// <summary>Other hosts' reports that made one of ours unnecessary.</summary>
        public uint Suppressed;

        /// <summary>Messages that mean nothing to us: of routers, of unknown types, or sent to the wrong address.</summary>
        public uint Ignored;

        /// <summary>Reports sent, of either version.</summary>
        public uint ReportsSent;

        /// <summary>Leave messages sent.</summary>
        public uint LeavesSent;

        /// <summary>Messages not sent: no frame was free.</summary>
        public uint NoFrame;
    }
}
