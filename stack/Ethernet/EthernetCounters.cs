// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Ethernet
{
    /// <summary>
    /// What the Ethernet layer has seen. Every received frame is counted once under <see cref="FramesReceived"/>, and once more
    /// here or in the layer above if it was dropped.
    /// </summary>
    public sealed class EthernetCounters
    {
        // fields, for a call costs more than the counting; the layer writes them, everybody else reads the properties below
        internal uint _framesReceived;
        internal uint _framesSent;
        internal uint _tooShort;
        internal uint _tooLong;
        internal uint _notForUs;
        internal uint _badSource;
        internal uint _ieee8023;
        internal uint _unknownType;
        internal uint _queued;
        internal uint _queueFull;
        internal uint _linkDown;
        internal uint _linkChanges;

        /// <summary>Frames taken from the interface.</summary>
        public uint FramesReceived => _framesReceived;

        /// <summary>Frames handed to the interface.</summary>
        public uint FramesSent => _framesSent;

        /// <summary>Received frames shorter than a header.</summary>
        public uint TooShort => _tooShort;

        /// <summary>Received frames longer than <see cref="EthernetHeader.MaximumFrame"/>.</summary>
        public uint TooLong => _tooLong;

        /// <summary>Received frames for another station.</summary>
        public uint NotForUs => _notForUs;

        /// <summary>Received frames whose source is a group address or our own.</summary>
        public uint BadSource => _badSource;

        /// <summary>Received 802.3 frames with a length instead of a type (RFC 1122 section 2.3.3: dropped unharmed).</summary>
        public uint Ieee8023 => _ieee8023;

        /// <summary>Received frames of a type that nobody here speaks.</summary>
        public uint UnknownType => _unknownType;

        /// <summary>Frames that waited for the interface to finish the one before.</summary>
        public uint Queued => _queued;

        /// <summary>Frames not sent because the transmit queue was full.</summary>
        public uint QueueFull => _queueFull;

        /// <summary>Frames not sent because the link was down.</summary>
        public uint LinkDown => _linkDown;

        /// <summary>Link edges seen, up and down.</summary>
        public uint LinkChanges => _linkChanges;

        /// <summary>
        /// Sets all of them to zero.
        /// </summary>
        internal void Clear()
        {
            _framesReceived = 0;
            _framesSent = 0;
            _tooShort = 0;
            _tooLong = 0;
            _notForUs = 0;
            _badSource = 0;
            _ieee8023 = 0;
            _unknownType = 0;
            _queued = 0;
            _queueFull = 0;
            _linkDown = 0;
            _linkChanges = 0;
        }
    }
}
