// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.Arp
{
    /// <summary>
    /// Finds the MAC address for an IPv4 address on the LAN, and answers when others look for ours (RFC 826).
    /// </summary>
    public sealed partial class ArpLayer : EthernetProtocol
    {
        /// <summary>Milliseconds between two requests for one address (RFC 1122 section 2.3.2.1: at most one a second).</summary>
        public const int RequestInterval = 1000;

        /// <summary>Requests after which an address counts as unreachable.</summary>
        public const int MaximumRequests = 3;

        /// <summary>Milliseconds for which an entry is used without being confirmed.</summary>
        public const int ReachableTime = 60000;

        /// <summary>
        /// Milliseconds after which an entry that is in use is confirmed by a request to its owner alone (RFC 1122 section
        /// 2.3.2.1 "unicast poll"), so that traffic does not stop when it expires.
        /// </summary>
        public const int ReconfirmTime = 50000;

        /// <summary>Milliseconds for which an address that did not answer is not asked for again.</summary>
        public const int FailedTime = 5000;

        /// <summary>Milliseconds after which a neighbour that is in use counts as settled: it makes no room for one that is new.</summary>
        public const int SettlingTime = 1000;

        /// <summary>Milliseconds after which a request is tried again for which there were too many others.</summary>
        private const int RetryInterval = 100;

        private static readonly ushort[] BroadcastWords = new ushort[] { 0xFFFF, 0xFFFF, 0xFFFF };

        private readonly EthernetLayer _ethernet;
        private readonly Turn _turn;
        private readonly FramePool _pool;
        private readonly ArpCache _cache;
        private readonly ArpCounters _counters = new ArpCounters();
        private readonly ParkedFrames _parked;
        private readonly AddressDefence _defence;
        private InternetLayer _internet;

        /// <summary>When the rows of the cache, or the care for our address, have something to do. A field, for it is asked for in each poll.</summary>
        internal int DueAt;

        /// <param name="turn">Tells the time, and is asked for polls.</param>
        /// <param name="ethernet">The layer below.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="random">For the times of probes.</param>
        /// <param name="configuration">Sizes, and whether to probe.</param>
        internal ArpLayer(Turn turn, EthernetLayer ethernet, FramePool pool, RandomSource random, StackConfiguration configuration)
        {
            _turn = turn;
            _ethernet = ethernet;
            _pool = pool;
            _cache = new ArpCache(configuration.ArpEntries);
            _parked = new ParkedFrames(_cache, pool, _counters);
            _defence = new AddressDefence(this, random, _counters, configuration);
            ethernet.Register(EthernetHeader.TypeArp, this);
        }

        /// <summary>Gets the counters of this layer.</summary>
        public ArpCounters Counters => _counters;

        /// <summary>Gets whether our address is ours alone.</summary>
        public AddressState AddressState => _defence.State;

        /// <summary>Whether there is a link to send to.</summary>
        internal bool IsLinkUp => _ethernet.IsLinkUp;

        /// <summary>The frames that wait for neighbours' answers.</summary>
        internal ParkedFrames Parked => _parked;

        /// <summary>What watches over our address.</summary>
        internal AddressDefence Defence => _defence;

        /// <summary>Gets the number of rows in the cache.</summary>
        public int EntryCount => _cache.Entries.Length;

        /// <summary>
        /// The address in a row of the cache.
        /// </summary>
        /// <param name="row">0 to <see cref="EntryCount"/> - 1.</param>
        /// <returns>The IPv4 address.</returns>
        public uint GetAddress(int row) => _cache.Entries[row].Address;

        /// <summary>
        /// A byte of the MAC address in a row of the cache, where the state is <see cref="ArpEntryState.Reachable"/>.
        /// </summary>
        /// <param name="row">0 to <see cref="EntryCount"/> - 1.</param>
        /// <param name="index">0 (first on the wire) to 5.</param>
        /// <returns>0 to 255.</returns>
        public int GetOctet(int row, int index)
        {
            int word = _cache.Entries[row].Mac[index >> 1];
            return ((index & 1) == 0) == (_pool.Order == WordOrder.LowByteFirst) ? word & 0xFF : word >> 8;
        }

        /// <summary>
        /// What is known about the address in a row of the cache.
        /// </summary>
        /// <param name="row">0 to <see cref="EntryCount"/> - 1.</param>
        /// <returns>The state.</returns>
        public ArpEntryState GetState(int row) => _cache.Entries[row].State;

        /// <summary>Names the layer whose addresses are looked for and defended.</summary>
        internal void Register(InternetLayer internet)
        {
            _internet = internet;
            _defence.Register(internet);
            _ethernet.Register(EthernetHeader.TypeIPv4, internet);
        }

        /// <summary>
        /// Deals with a received ARP packet in the order of RFC 826, "Packet Reception".
        /// </summary>
        /// <param name="frame">The frame; it may be turned into the reply.</param>
        /// <param name="toMany">Whether it was sent to all stations: a request is, as a rule, but need not be.</param>
        internal override void Receive(Frame frame, bool toMany)
        {
            if (!ArpPacket.Check(frame))
            {
                _counters._malformed++;
                return;
            }

            int operation = frame.GetUInt16(ArpPacket.Operation);
            if (operation == ArpPacket.Request)
            {
                _counters._requestsReceived++;
            }
            else if (operation == ArpPacket.Reply)
            {
                _counters._repliesReceived++;
            }
            else
            {
                _counters._malformed++;
                return;
            }

            if (ArpPacket.IsFrom(frame, _ethernet.AddressWords))
            {
                // what we said ourselves, brought back by a loop: no conflict (RFC 5227 section 2.4), and nothing to learn
                _counters._badSender++;
                return;
            }

            uint ours = _internet.Address;
            uint sender = frame.GetUInt32(ArpPacket.SenderProtocol);
            uint target = frame.GetUInt32(ArpPacket.TargetProtocol);

            if (_defence.CheckConflict(sender, target, _turn.Now))
            {
                return;
            }

            // a probe asks before it uses an address: it has none yet, which must not be cached (RFC 5227 section 2.1.1)
            bool probe = sender == IPv4Address.Any;
            if ((frame.GetByte(ArpPacket.SenderHardware) & 1) != 0
                || (!probe && (!IPv4Address.IsUnicast(sender) || _internet.IsBroadcast(sender))))
            {
                _counters._badSender++;
                return;
            }

            bool forUs = target == ours && ours != IPv4Address.Any;
            if (!probe)
            {
                // RFC 826: first merge what the packet says of its sender, then look at the opcode
                ArpEntry entry = _cache.Find(sender);
                if (entry != null)
                {
                    UpdateEntry(entry, frame, operation);
                }
                else if (forUs && operation == ArpPacket.Request && _internet.IsNeighbour(sender))
                {
                    // whoever asks for us will speak to us, and we to him
                    LearnAddress(AddEntry(sender, false), frame, ArpPacket.SenderHardware);
                }
                else if (operation == ArpPacket.Reply)
                {
                    _counters._unsolicited++;
                }
            }

            if (forUs && operation == ArpPacket.Request)
            {
                SendReply(frame, ours);
            }
        }

        /// <summary>
        /// Asks for a poll: a timer was set that the last one did not know of.
        /// </summary>
        internal void RequestPoll()
        {
            _turn.Ask();
        }

        /// <summary>
        /// Asks again, gives up, and lets entries age.
        /// </summary>
        /// <returns>Milliseconds until it must be called again.</returns>
        internal int Poll(int now)
        {
            DueAt = now + Turn.Never;
            _defence.Poll(now);
            int left = AgeEntries(now);
            if (left < Turn.Never)
            {
                NoteDue(now + left);
            }

            return DueAt - now;
        }

        /// <summary>
        /// There is something to do at a time: until then <see cref="Poll"/> need not be called.
        /// </summary>
        internal void NoteDue(int at)
        {
            if (DueAt - at > 0)
            {
                DueAt = at;
            }
        }

        /// <summary>
        /// Empties the cache: on another LAN the same address is another host, and nothing waits for a link that is down.
        /// </summary>
        internal void Clear()
        {
            ArpEntry[] entries = _cache.Entries;
            for (int i = 0; i < entries.Length; i++)
            {
                _parked.Drop(entries[i]);
                entries[i].State = ArpEntryState.Free;
            }

            _cache.ForgetAll();
        }

        private int AgeEntries(int now)
        {
            int wait = int.MaxValue;
            ArpEntry[] entries = _cache.Entries;
            for (int i = 0; i < entries.Length; i++)
            {
                ArpEntry entry = entries[i];
                if (entry.State != ArpEntryState.Free)
                {
                    int due = AgeEntry(entry, now);
                    if (due < wait)
                    {
                        wait = due;
                    }
                }
            }

            return wait;
        }

        private int AgeEntry(ArpEntry entry, int now)
        {
            // in one piece: one state machine, a case for each state
            int age = now - entry.ConfirmedAt;
            switch (entry.State)
            {
                case ArpEntryState.Incomplete:
                    int sinceRequest = now - entry.RequestedAt;
                    if (sinceRequest < RequestInterval && entry.Requests > 0)
                    {
                        return RequestInterval - sinceRequest;
                    }

                    if (entry.Requests >= MaximumRequests)
                    {
                        entry.State = ArpEntryState.Failed;
                        entry.ConfirmedAt = now;
                        _counters._unresolved++;
                        _parked.Drop(entry);
                        _internet.NextHopUnreachable(entry.Address);
                        return FailedTime;
                    }

                    if (entry.Requests == 0 && !_cache.MayAsk(now, true))
                    {
                        return RetryInterval;
                    }

                    SendRequest(entry, BroadcastWords);
                    return RequestInterval;

                case ArpEntryState.Reachable:
                    if (age >= ReachableTime)
                    {
                        entry.State = ArpEntryState.Free;
                        return int.MaxValue;
                    }

                    if (entry.Requests == ArpEntry.InDoubt)
                    {
                        int untilRequest = RequestInterval - (now - entry.RequestedAt);
                        if (untilRequest > 0)
                        {
                            return untilRequest;
                        }

                        entry.Requests = 0;
                        SendRequest(entry, BroadcastWords);
                    }

                    if (age < ReconfirmTime)
                    {
                        return ReconfirmTime - age;
                    }

                    // only what is in use is worth a request
                    if ((uint)(now - entry.UsedAt) < (uint)age
                        && (entry.Requests == 0 || now - entry.RequestedAt >= RequestInterval))
                    {
                        SendRequest(entry, IPv4Address.IsLinkLocal(_internet.Address) ? BroadcastWords : entry.Mac);
                    }

                    int left = ReachableTime - age;
                    return left < RequestInterval ? left : RequestInterval;

                default:
                    if (age >= FailedTime)
                    {
                        entry.State = ArpEntryState.Free;
                        return int.MaxValue;
                    }

                    return FailedTime - age;
            }
        }

        private void UpdateEntry(ArpEntry entry, Frame frame, int operation)
        {
            bool asked = entry.Requests > 0 && _turn.Now - entry.RequestedAt < MaximumRequests * RequestInterval;
            if (operation == ArpPacket.Reply && !asked && entry.State == ArpEntryState.Reachable && !ArpPacket.IsFrom(frame, entry.Mac))
            {
                // nobody asked, and it says that a neighbour has moved: believe it only if it still says so when asked, and do
                // not ask more often than once a second, however often it says so (RFC 1122 section 2.3.2.1)
                _counters._unsolicited++;
                if ((uint)(_turn.Now - entry.RequestedAt) >= RequestInterval)
                {
                    // the first of a new question, whatever was asked before: one in doubt is not believed otherwise
                    entry.Requests = 0;
                    SendRequest(entry, BroadcastWords);
                }
                else
                {
                    // a router that takes over may say so only once, and just now its predecessor has answered us
                    entry.Requests = ArpEntry.InDoubt;
                    DueAt = _turn.Now;
                    _turn.Ask();
                }

                return;
            }

            LearnAddress(entry, frame, ArpPacket.SenderHardware);
        }

        private void LearnAddress(ArpEntry entry, Frame frame, int hardware)
        {
            if (entry.State != ArpEntryState.Reachable || entry.Requests != 0)
            {
                // of a neighbour that is known and has not been asked since, there is nothing to forget
                _cache.ForgetAsked(entry.Address);
            }

            frame.CopyWordsTo(hardware, entry.Mac, 0, 3);
            entry.State = ArpEntryState.Reachable;
            entry.ConfirmedAt = _turn.Now;
            entry.Requests = 0;

            if (entry.Parked != null)
            {
                Frame parked = _parked.Unpark(entry);
                _ethernet.Send(parked, EthernetHeader.TypeIPv4, entry.Mac, 0);
                _pool.Return(parked);
            }
        }

        private ArpEntry AddEntry(uint address, bool waits)
        {
            ArpEntry entry = _cache.PickVictim(_turn.Now, _internet.Gateway, waits);
            if (entry == null)
            {
                return null;
            }

            if (entry.State != ArpEntryState.Free)
            {
                _counters._evictions++;
                if (entry.Requests > 1 && _turn.Now - entry.RequestedAt < RequestInterval)
                {
                    // what only the row knows of must outlive it
                    _cache.NoteAsked(entry.Address, entry.RequestedAt);
                }
            }

            _parked.Drop(entry);
            DueAt = _turn.Now;
            _turn.Ask();
            entry.State = ArpEntryState.Free;
            entry.Address = address;
            entry.BeganAt = _turn.Now;
            entry.UsedAt = _turn.Now;
            entry.Requests = 0;
            entry.IsSettled = false;
            return entry;
        }

        private void SendReply(Frame frame, uint ours)
        {
            if (!_ethernet.MayAnswer())
            {
                return;
            }

            // RFC 826: swap the sender and target fields, put our own address in, send it where the request came from. What else stands
            // in the packet is what stands in a reply
            Array.Copy(
                frame.Words,
                (ArpPacket.SenderHardware >> 1) + Frame.PrefixWords,
                frame.Words,
                (ArpPacket.TargetHardware >> 1) + Frame.PrefixWords,
                5);
            frame.SetUInt16(ArpPacket.Operation, ArpPacket.Reply);
            frame.Length = ArpPacket.Start + ArpPacket.Length;
            frame.CopyWordsFrom(ArpPacket.SenderHardware, _ethernet.AddressWords, 0, 3);
            frame.SetUInt32(ArpPacket.SenderProtocol, ours);
            _counters._repliesSent++;
            if (ours >> 16 == IPv4Address.LinkLocalPrefix)
            {
                // RFC 3927 section 2.5: whoever has picked the same address hears of it
                _ethernet.Send(frame, EthernetHeader.TypeArp, BroadcastWords, 0);
                return;
            }

            _ethernet.Send(frame, EthernetHeader.TypeArp, frame.Words, (ArpPacket.TargetHardware >> 1) + Frame.PrefixWords);
        }
    }
}
