// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.IPv4
{
    /// <content>
    /// The short way in, for what nearly all frames are: a whole datagram without options, from one host to us. It asks what
    /// <see cref="EthernetLayer"/> and <see cref="Receive"/> ask, but of the words as they lie, each read once and summed in passing, where
    /// the long way reads a field with a call and reads it again for the sum. What is not of that kind, or wrong in any way, is left to the
    /// long way, which knows what to say of it: in doubt this one declines.
    /// </content>
    public sealed partial class IPv4Layer
    {
        private const int HeaderWord = (IPv4Header.Start >> 1) + Frame.PrefixWords;
        private const int EthernetSource = (EthernetHeader.Source >> 1) + Frame.PrefixWords;

        // what ICMP knows as such stands above this layer
        private const int EchoRequest = 8;
        private const int VersionIhl = IPv4Header.OurVersionIhlTos >> 8;

        // with the low byte first
        private const int SwappedOffset = (((IPv4Header.MoreFragments | IPv4Header.OffsetMask) & 0xFF) << 8)
            | ((IPv4Header.MoreFragments | IPv4Header.OffsetMask) >> 8);

        // the last sender that was found to be a host, also as its words lie; a word below 0 is nobody's
        private uint _knownHost;
        private int _knownHigh = -1;
        private int _knownLow;

        /// <inheritdoc/>
        internal override bool TryReceive(Frame frame, ushort[] station)
        {
            // in one piece: a call for each step would cost more than the step
            int available = frame.Length - IPv4Header.Start;
            if (available > EthernetHeader.MaximumPayload)
            {
                return false;
            }

            // to us, and not in the name of ourselves or of a group
            ushort[] words = frame.Words;
            int ownThird = station[2];
            if (words[Frame.PrefixWords + 2] != ownThird || words[Frame.PrefixWords + 1] != station[1] || words[Frame.PrefixWords] != station[0]
                || (words[EthernetSource + 2] == ownThird && words[EthernetSource + 1] == station[1] && words[EthernetSource] == station[0]))
            {
                return false;
            }

            // the words with fields of less than 16 bits, and those that are numbers
            int versionWord = words[HeaderWord];
            int lengthWord = words[HeaderWord + 1];
            int offsetWord = words[HeaderWord + 3];
            int protocolWord = words[HeaderWord + 4];
            int sourceHigh = words[HeaderWord + 6];
            int sourceLow = words[HeaderWord + 7];
            int destinationHigh = words[HeaderWord + 8];
            int destinationLow = words[HeaderWord + 9];
            int length;
            int protocol;
            if (_lowByteFirst)
            {
                if ((words[EthernetSource] & 1) != 0 || (versionWord & 0xFF) != VersionIhl || (offsetWord & SwappedOffset) != 0)
                {
                    return false;
                }

                length = ((lengthWord & 0xFF) << 8) | (lengthWord >> 8);
                protocol = protocolWord >> 8;
            }
            else
            {
                if ((words[EthernetSource] & 0x0100) != 0 || versionWord >> 8 != VersionIhl
                    || (offsetWord & (IPv4Header.MoreFragments | IPv4Header.OffsetMask)) != 0)
                {
                    return false;
                }

                length = lengthWord;
                protocol = protocolWord & 0xFF;
            }

            // frames come in trains: who was found to be a host still is
            if (destinationHigh != _sourceHigh || destinationLow != _sourceLow || length < IPv4Header.MinimumLength || length > available
                || ((sourceLow != _knownLow || sourceHigh != _knownHigh) && !IsHost(sourceHigh, sourceLow)))
            {
                return false;
            }

            int sum = versionWord + lengthWord + words[HeaderWord + 2] + offsetWord + protocolWord + words[HeaderWord + 5]
                + sourceHigh + sourceLow + destinationHigh + destinationLow;
            sum = (sum & 0xFFFF) + (sum >> 16);

            // ten words carry 9 at most: where adding that carries once more, the sum is a small number, and wrong
            if (sum != 0xFFFF)
            {
                return false;
            }

            IPv4Protocol above = protocol == IPv4Header.ProtocolTcp ? _tcp
                : protocol == IPv4Header.ProtocolUdp ? _udp
                : protocol == IPv4Header.ProtocolIcmp
                    && (_lowByteFirst ? words[HeaderWord + 10] & 0xFF : words[HeaderWord + 10] >> 8) == EchoRequest ? _icmp
                : null;
            if (above == null)
            {
                return false;
            }

            _counters._onShortWay++;
            frame.Length = IPv4Header.Start + length;
            above.Receive(frame, IPv4Header.Options, _knownHost, false);
            return true;
        }

        /// <summary>
        /// Whether a sender's address is a host's, and not ours; with a /31 or /32 the long way knows better. Who has no address yet knows nobody.
        /// </summary>
        private bool IsHost(int high, int low)
        {
            uint source = (uint)((ToRaw(high) << 16) | ToRaw(low));
            uint first = source >> 24;
            if (_address == IPv4Address.Any || first - 1 >= IPv4Address.FirstGroup - 1 || first == IPv4Address.LoopbackNetwork
                || source == _address || (source | _netmask) == IPv4Address.Broadcast)
            {
                return false;
            }

            _knownHost = source;
            _knownHigh = high;
            _knownLow = low;
            return true;
        }
    }
}
