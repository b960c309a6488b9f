// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.IPv4
{
    /// <summary>
    /// The packet that an ICMP error is about, as far as the error quotes it: the IP header and 8 bytes behind it (RFC 792).
    /// There is one instance, filled anew for each error.
    /// </summary>
    internal sealed class QuotedPacket
    {
        /// <summary>Bytes behind the IP header that every error quotes.</summary>
        internal const int PayloadLength = 8;

        /// <summary>Source of the packet: us, if we sent it.</summary>
        internal uint Source;

        /// <summary>Destination of the packet.</summary>
        internal uint Destination;

        /// <summary>Protocol of the packet.</summary>
        internal int Protocol;

        /// <summary>Source port, where the protocol has ports; type and code, where it is ICMP.</summary>
        internal int SourcePort;

        /// <summary>Destination port, where the protocol has ports.</summary>
        internal int DestinationPort;

        /// <summary>Sequence number, where the protocol is TCP; identifier and sequence number, where it is an echo.</summary>
        internal uint Sequence;

        /// <summary>
        /// Takes a quote apart.
        /// </summary>
        /// <param name="frame">The frame that holds the error.</param>
        /// <param name="offset">Offset of the quoted IP header.</param>
        /// <returns>Whether enough is quoted, and it is a first fragment's header: later ones have no ports.</returns>
        internal bool Parse(Frame frame, int offset)
        {
            int available = frame.Length - offset;
            if (available < IPv4Header.MinimumLength + PayloadLength)
            {
                return false;
            }

            // the quote has its own header at its own place, so offsets count from there
            int shift = offset - IPv4Header.Start;
            int versionIhl = frame.GetByte(offset);
            int headerLength = (versionIhl & 0x0F) << 2;
            if (versionIhl >> 4 != 4 || headerLength < IPv4Header.MinimumLength || available < headerLength + PayloadLength
                || (frame.GetUInt16(shift + IPv4Header.FlagsOffset) & IPv4Header.OffsetMask) != 0)
            {
                return false;
            }

            Protocol = frame.GetByte(shift + IPv4Header.TtlProtocol + 1);
            Source = frame.GetUInt32(shift + IPv4Header.Source);
            Destination = frame.GetUInt32(shift + IPv4Header.Destination);
            int payload = offset + headerLength;
            SourcePort = frame.GetUInt16(payload);
            DestinationPort = frame.GetUInt16(payload + 2);
            Sequence = frame.GetUInt32(payload + 4);
            return true;
        }
    }
}
