// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.Arp
{
    /// <content>
    /// The short way in, for what most packets are: a neighbour that is known asks for us, once more. What it says of itself is what we know,
    /// so there is nothing to learn but that it is still there; the answer is its own frame, with both sides changed.
    /// </content>
    public sealed partial class ArpLayer
    {
        private const int PacketWord = (ArpPacket.Start >> 1) + Frame.PrefixWords;
        private const int SenderWord = (ArpPacket.SenderHardware >> 1) + Frame.PrefixWords;
        private const int TargetWord = (ArpPacket.TargetHardware >> 1) + Frame.PrefixWords;
        private const int SourceWord = (EthernetHeader.Source >> 1) + Frame.PrefixWords;

        /// <inheritdoc/>
        internal override bool TryReceive(Frame frame, ushort[] station)
        {
            // in one piece: a call for each step would cost more than the step
            ushort[] words = frame.Words;
            int destination = words[Frame.PrefixWords];
            if (frame.Length > EthernetHeader.MaximumFrame || _ethernet.Queued > 0 || _defence.State != AddressState.InUse
                || (destination != station[0] && destination != 0xFFFF)
                || words[Frame.PrefixWords + 1] != (destination == 0xFFFF ? 0xFFFF : station[1])
                || words[Frame.PrefixWords + 2] != (destination == 0xFFFF ? 0xFFFF : station[2]))
            {
                return false;
            }

            int senderHigh = words[SenderWord + 3];
            int senderLow = words[SenderWord + 4];
            int targetHigh = words[TargetWord + 3];
            int targetLow = words[TargetWord + 4];
            uint sender;
            uint target;
            int reply;
            if (frame.LowByteFirst)
            {
                if (words[PacketWord] != 0x0100 || words[PacketWord + 1] != 0x0008 || words[PacketWord + 2] != 0x0406
                    || words[PacketWord + 3] != ArpPacket.Request << 8)
                {
                    return false;
                }

                sender = (uint)(((senderHigh & 0xFF) << 24) | ((senderHigh & 0xFF00) << 8) | ((senderLow & 0xFF) << 8) | (senderLow >> 8));
                target = (uint)(((targetHigh & 0xFF) << 24) | ((targetHigh & 0xFF00) << 8) | ((targetLow & 0xFF) << 8) | (targetLow >> 8));
                reply = ArpPacket.Reply << 8;
            }
            else
            {
                if (words[PacketWord] != 0x0001 || words[PacketWord + 1] != 0x0800 || words[PacketWord + 2] != 0x0604
                    || words[PacketWord + 3] != ArpPacket.Request)
                {
                    return false;
                }

                sender = (uint)((senderHigh << 16) | senderLow);
                target = (uint)((targetHigh << 16) | targetLow);
                reply = ArpPacket.Reply;
            }

            // under a link-local address the answer goes to all (RFC 3927 section 2.5): that is for the long way
            ArpEntry entry = _cache.Find(sender);
            if (entry == null || entry.State != ArpEntryState.Reachable || entry.Requests != 0 || entry.Parked != null
                || target != _internet.Address || sender == target || target >> 16 == IPv4Address.LinkLocalPrefix)
            {
                return false;
            }

            // what was learned was no group's address, nor ours
            ushort[] mac = entry.Mac;
            int first = mac[0];
            int second = mac[1];
            int third = mac[2];
            if (words[SourceWord] != first || words[SourceWord + 1] != second || words[SourceWord + 2] != third
                || words[SenderWord] != first || words[SenderWord + 1] != second || words[SenderWord + 2] != third)
            {
                return false;
            }

            _counters._requestsReceived++;
            _counters._repliesSent++;
            entry.ConfirmedAt = _turn.Now;
            words[PacketWord + 3] = (ushort)reply;
            words[SenderWord] = station[0];
            words[SenderWord + 1] = station[1];
            words[SenderWord + 2] = station[2];
            words[SenderWord + 3] = (ushort)targetHigh;
            words[SenderWord + 4] = (ushort)targetLow;
            words[TargetWord] = (ushort)first;
            words[TargetWord + 1] = (ushort)second;
            words[TargetWord + 2] = (ushort)third;
            words[TargetWord + 3] = (ushort)senderHigh;
            words[TargetWord + 4] = (ushort)senderLow;
            frame.Length = ArpPacket.Start + ArpPacket.Length;
            _ethernet.Send(frame, EthernetHeader.TypeArp, mac, 0);
            return true;
        }
    }
}
