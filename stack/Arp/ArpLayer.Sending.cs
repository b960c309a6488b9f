// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.Arp
{
    /// <content>
    /// The way out: by way of a neighbour whose MAC address is known or asked for, to all, or to a group.
    /// </content>
    public sealed partial class ArpLayer
    {
        /// <summary>
        /// Sends an IPv4 packet to a neighbour, now or when its MAC address is known. The caller's reference stays the caller's.
        /// </summary>
        /// <param name="frame">The frame, complete but for the Ethernet header.</param>
        /// <param name="nextHop">The neighbour's IPv4 address.</param>
        /// <returns>False if the neighbour is known not to answer.</returns>
        internal bool Send(Frame frame, uint nextHop)
        {
            ArpEntry entry = _cache.Find(nextHop);
            if (entry != null && entry.State == ArpEntryState.Reachable)
            {
                // whether there is a link the layer below asks anyway
                NoteUse(entry);
                _ethernet.Send(frame, EthernetHeader.TypeIPv4, entry.Mac, 0);
                return true;
            }

            if (!_ethernet.IsLinkUp)
            {
                // nobody can be asked, and what waited for the link would be stale
                _ethernet.CountLinkDown();
                return true;
            }

            entry = FindOrBegin(nextHop);
            if (entry == null)
            {
                SendBackOrDrop(frame);
                return true;
            }

            if (entry.State == ArpEntryState.Failed)
            {
                return false;
            }

            // RFC 1122 section 2.3.2.2: keep at least the latest packet
            if (!_parked.Park(entry, frame))
            {
                SendBackOrDrop(frame);
            }

            if (entry.Requests == 0)
            {
                AskNeighbour(entry);
            }

            return true;
        }

        /// <summary>
        /// Sends an IPv4 packet to a neighbour that was heard a moment ago: if its MAC address is not known here, nobody is asked, and it goes to
        /// the station that is written in the frame already. Whoever speaks in the names of many does not fill the cache that way.
        /// </summary>
        /// <param name="frame">The frame, complete but for the Ethernet header's source and type.</param>
        /// <param name="nextHop">The neighbour's IPv4 address.</param>
        internal void SendAddressed(Frame frame, uint nextHop)
        {
            ArpEntry entry = _cache.Find(nextHop);
            if (entry != null && entry.State == ArpEntryState.Reachable)
            {
                NoteUse(entry);
                _ethernet.Send(frame, EthernetHeader.TypeIPv4, entry.Mac, 0);
            }
            else
            {
                _ethernet.SendAddressed(frame);
            }
        }

        /// <summary>
        /// A neighbour has shown that it is at the station that a frame came from. That is worth a free row, and nobody else's.
        /// </summary>
        internal void ConfirmNeighbour(uint address, Frame received)
        {
            ArpEntry entry = _cache.Find(address);
            if (entry == null && _cache.HasFree())
            {
                entry = AddEntry(address, false);
            }

            if (entry != null && entry.State != ArpEntryState.Reachable)
            {
                LearnAddress(entry, received, EthernetHeader.Source);
            }
        }

        /// <summary>
        /// Whether something may be sent that is only worth an answer to a stranger.
        /// </summary>
        /// <returns>Whether there is room for it.</returns>
        internal bool MayAnswer() => _ethernet.MayAnswer();

        /// <summary>
        /// Whether packets would leave one behind the other. If a neighbour's MAC address is not known, it is asked for.
        /// </summary>
        /// <param name="nextHop">The neighbour's IPv4 address, or 0.0.0.0 if they go to many.</param>
        /// <param name="packets">How many.</param>
        /// <returns>Success; WouldBlock while the answer is awaited or too much waits for the interface; HostUnreachable if the neighbour
        /// is known not to answer.</returns>
        internal SocketError Resolve(uint nextHop, int packets)
        {
            if (!_ethernet.IsLinkUp)
            {
                // they would leave at once, into nothing
                return SocketError.Success;
            }

            if (!_ethernet.HasRoomFor(packets))
            {
                return SocketError.WouldBlock;
            }

            if (nextHop == IPv4Address.Any)
            {
                return SocketError.Success;
            }

            ArpEntry entry = FindOrBegin(nextHop);
            if (entry == null)
            {
                return SocketError.WouldBlock;
            }

            switch (entry.State)
            {
                case ArpEntryState.Reachable:
                    return SocketError.Success;

                case ArpEntryState.Failed:
                    return SocketError.HostUnreachable;

                default:
                    if (entry.Requests == 0)
                    {
                        AskNeighbour(entry);
                    }

                    return SocketError.WouldBlock;
            }
        }

        /// <summary>
        /// Sends a packet to all hosts of the link.
        /// </summary>
        /// <param name="frame">The frame, complete but for the Ethernet header.</param>
        internal void SendBroadcast(Frame frame)
        {
            _ethernet.Send(frame, EthernetHeader.TypeIPv4, BroadcastWords, 0);
        }

        /// <summary>
        /// Sends a packet to a multicast group, which has no owner to ask for its MAC address (RFC 1112 section 6.4).
        /// </summary>
        /// <param name="frame">The frame, complete but for the Ethernet header.</param>
        /// <param name="group">The group's address.</param>
        internal void SendMulticast(Frame frame, uint group)
        {
            _ethernet.SendToGroup(frame, group);
        }

        /// <summary>
        /// Tells the link our address, so that caches that hold an old owner's MAC address are put right (RFC 5227 section 2.3).
        /// </summary>
        internal void AnnounceAddress()
        {
            uint ours = _internet.Address;
            if (ours != IPv4Address.Any && SendRequest(ours, ours, BroadcastWords))
            {
                _counters._announcementsSent++;
            }
        }

        /// <summary>
        /// Asks whether somebody has an address that we would like to use, without naming it as ours (RFC 5227 section 2.1.1).
        /// </summary>
        internal void SendProbe(uint address)
        {
            if (SendRequest(IPv4Address.Any, address, BroadcastWords))
            {
                _counters._probesSent++;
            }
        }

        /// <summary>
        /// Finds the row of a neighbour, or makes one. Where somebody is to be answered and too many were asked for of late, it makes no room
        /// for that: who speaks to us has asked for our address as a rule, and is known from that.
        /// </summary>
        private ArpEntry FindOrBegin(uint nextHop)
        {
            ArpEntry entry = _cache.Find(nextHop);
            if (entry == null)
            {
                bool waits = _ethernet.IsReceiving && nextHop != _internet.Gateway && !_cache.MayAsk(_turn.Now, true)
                    && _cache.SinceAsked(nextHop, _turn.Now) >= RequestInterval;
                entry = AddEntry(nextHop, waits);
                if (entry == null)
                {
                    return null;
                }

                entry.State = ArpEntryState.Incomplete;
                entry.ConfirmedAt = _turn.Now;
            }

            NoteUse(entry);
            return entry;
        }

        private void NoteUse(ArpEntry entry)
        {
            entry.UsedAt = _turn.Now;
            if (!entry.IsSettled && entry.State == ArpEntryState.Reachable && _turn.Now - entry.BeganAt >= SettlingTime)
            {
                entry.IsSettled = true;
            }
        }

        /// <summary>
        /// What can neither be sent to a neighbour's address nor wait for it: an answer goes back to the station that the question came from, so
        /// that a flood in the names of others keeps nobody from being answered.
        /// </summary>
        private void SendBackOrDrop(Frame frame)
        {
            if (!_ethernet.TrySendBack(frame))
            {
                _counters._parkedDropped++;
            }
        }

        private void AskNeighbour(ArpEntry entry)
        {
            int since = _cache.SinceAsked(entry.Address, _turn.Now);
            if (since < RequestInterval)
            {
                // that request counts for this entry too: the next one is due a second after it
                entry.Requests = 1;
                entry.RequestedAt = _turn.Now - since;
                return;
            }

            // if it may not be asked for now, AgeEntry does it
            if (_cache.MayAsk(_turn.Now, _ethernet.IsReceiving && entry.Address != _internet.Gateway))
            {
                SendRequest(entry, BroadcastWords);
            }
        }

        private void SendRequest(ArpEntry entry, ushort[] destination)
        {
            // also when no frame is free: the next try is due a second later all the same
            entry.Requests++;
            entry.RequestedAt = _turn.Now;
            if (entry.Requests == 1)
            {
                // to ask again does not count, for each row does so once a second at most: silent neighbours must not use up what is left to new ones
                _cache.NoteAsked(entry.Address, _turn.Now);
            }

            if (SendRequest(_internet.Address, entry.Address, destination))
            {
                _counters._requestsSent++;
            }
        }

        private bool SendRequest(uint sender, uint target, ushort[] destination)
        {
            Frame frame = _pool.Rent(ArpPacket.Start + ArpPacket.Length);
            if (frame == null)
            {
                _counters._noFrame++;
                return false;
            }

            ArpPacket.WriteFixed(frame, ArpPacket.Request);
            frame.CopyWordsFrom(ArpPacket.SenderHardware, _ethernet.AddressWords, 0, 3);
            frame.SetUInt32(ArpPacket.SenderProtocol, sender);
            frame.SetRaw(ArpPacket.TargetHardware, 0);
            frame.SetRaw(ArpPacket.TargetHardware + 2, 0);
            frame.SetRaw(ArpPacket.TargetHardware + 4, 0);
            frame.SetUInt32(ArpPacket.TargetProtocol, target);
            _ethernet.Send(frame, EthernetHeader.TypeArp, destination, 0);
            _pool.Return(frame);
            return true;
        }
    }
}
