// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Ethernet
{
    /// <summary>
    /// What the Ethernet layer has seen. Every received frame is counted once under <see cref="FramesReceived"/>, and once more
    /// here or in the layer above if it was dropped.
    /// </summary>
    public sealed class EthernetCounters
    {
        /// <summary>Frames taken from the interface.</summary>
        public uint FramesReceived;

        /// <summary>Frames handed to the interface.</summary>
        public uint FramesSent;

        /// <summary>Received frames shorter than a header.</summary>
        public uint TooShort;

        /// <summary>Received frames longer than <see cref="EthernetHeader.MaximumFrame"/>.</summary>
        public uint TooLong;

        /// <summary>Received frames for another station.</summary>
        public uint NotForUs;

        /// <summary>Received frames whose source is a group address or our own.</summary>
        public uint BadSource;

        /// <summary>Received 802.3 frames with a length instead of a type (RFC 1122 section 2.3.3: dropped unharmed).</summary>
        public uint Ieee8023;

        /// <summary>Received frames of a type that nobody here speaks.</summary>
        public uint UnknownType;

        /// <summary>Frames that waited for the interface to finish the one before.</summary>
        public uint Queued;

        /// <summary>Frames not sent because the transmit queue was full.</summary>
        public uint QueueFull;

        /// <summary>Frames not sent because the link was down.</summary>
        public uint LinkDown;

        /// <summary>Link edges seen, up and down.</summary>
        public uint LinkChanges;
    }
}
