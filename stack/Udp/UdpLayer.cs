// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Icmp;
using TcpIp.IPv4;

namespace TcpIp.Udp
{
    /// <summary>
    /// The transport layer for short exchanges (RFC 768). There are no UDP sockets yet: each datagram finds a closed port, and
    /// its sender is told.
    /// </summary>
    public sealed class UdpLayer
    {
        private readonly IcmpLayer _icmp;
        private readonly UdpCounters _counters = new UdpCounters();

        /// <summary>
        /// Initializes a new instance of the <see cref="UdpLayer"/> class.
        /// </summary>
        /// <param name="icmp">Tells senders what cannot be delivered.</param>
        internal UdpLayer(IcmpLayer icmp)
        {
            _icmp = icmp;
        }

        /// <summary>Gets the counters of this layer.</summary>
        public UdpCounters Counters => _counters;

        /// <summary>
        /// Deals with a received datagram.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="start">Offset of the UDP header.</param>
        /// <param name="source">Who sent it.</param>
        /// <param name="broadcast">Whether it went to a broadcast address.</param>
        internal void Receive(Frame frame, int start, uint source, bool broadcast)
        {
            _counters.DatagramsReceived++;
            if (!UdpHeader.Check(frame, start))
            {
                _counters.BadLength++;
                return;
            }

            if (frame.GetUInt16(start + UdpHeader.DestinationPort) == 0)
            {
                _counters.BadPort++;
                return;
            }

            if (frame.GetRaw(start + UdpHeader.Checksum) != 0 && !IsChecksumRight(frame, start, source))
            {
                _counters.BadChecksum++;
                return;
            }

            _counters.NoSocket++;
            if (!broadcast)
            {
                // RFC 1122 section 4.1.3.1
                _icmp.SendUnreachable(frame, source, IcmpHeader.CodePortUnreachable);
            }
        }

        private bool IsChecksumRight(Frame frame, int start, uint source)
        {
            int length = frame.GetUInt16(start + UdpHeader.DatagramLength);
            uint sum = IPv4Header.PseudoHeaderSum(
                frame,
                frame.GetUInt32(IPv4Header.Destination),
                source,
                IPv4Header.ProtocolUdp);
            sum += (uint)frame.ToRaw(length);
            return InternetChecksum.Fold(InternetChecksum.Add(sum, frame, start, length)) == 0xFFFF;
        }
    }
}
