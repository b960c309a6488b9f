// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Igmp
{
    /// <summary>
    /// What the IGMP layer has seen.
    /// </summary>
    public sealed class IgmpCounters
    {
        // fields, for a call costs more than the counting; the layer writes them, everybody else reads the properties below
        internal uint _badLength;
        internal uint _badChecksum;
        internal uint _queries;
        internal uint _suppressed;
        internal uint _ignored;
        internal uint _reportsSent;
        internal uint _leavesSent;
        internal uint _noFrame;

        /// <summary>Dropped: shorter than a message.</summary>
        public uint BadLength => _badLength;

        /// <summary>Dropped: checksum.</summary>
        public uint BadChecksum => _badChecksum;

        /// <summary>Queries received that a host answers.</summary>
        public uint Queries => _queries;

        /// <summary>Other hosts' reports that made one of ours unnecessary.</summary>
        public uint Suppressed => _suppressed;

        /// <summary>Messages that mean nothing to us: of routers, of unknown types, or sent to the wrong address.</summary>
        public uint Ignored => _ignored;

        /// <summary>Reports sent, of either version.</summary>
        public uint ReportsSent => _reportsSent;

        /// <summary>Leave messages sent.</summary>
        public uint LeavesSent => _leavesSent;

        /// <summary>Messages not sent: no frame was free.</summary>
        public uint NoFrame => _noFrame;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _badLength = 0;
            _badChecksum = 0;
            _queries = 0;
            _suppressed = 0;
            _ignored = 0;
            _reportsSent = 0;
            _leavesSent = 0;
            _noFrame = 0;
        }
    }
}
