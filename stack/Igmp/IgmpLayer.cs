// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.IPv4;
using TcpIp.Link;

namespace TcpIp.Igmp
{
    /// <summary>
    /// Keeps the table of multicast groups that sockets have joined, and tells routers of them (IGMPv2, RFC 2236; RFC 1112). It is
    /// there only if there is room for groups (<see cref="StackConfiguration.MulticastGroups"/>).
    /// </summary>
    public sealed class IgmpLayer : IPv4Protocol
    {
        /// <summary>224.0.0.1, all hosts of the link that hear groups: we are in it with the first group, and never report it.</summary>
        public const uint AllSystems = 0xE0000001;

        /// <summary>224.0.0.2, all routers of the link: they are told when a group is left.</summary>
        public const uint AllRouters = 0xE0000002;

        /// <summary>Milliseconds in which the report of a new group is repeated (RFC 2236 section 8.10).</summary>
        public const int UnsolicitedReportInterval = 10000;

        /// <summary>Milliseconds after which a router that spoke version 1 is forgotten (RFC 2236 section 8.11).</summary>
        public const int Version1RouterTimeout = 400000;

        /// <summary>What a query of version 1 leaves out, in milliseconds (RFC 2236 section 4).</summary>
        private const int Version1ResponseTime = 10000;

        private const int TimeUnit = 100;

        // an IPv4 header with one option: Router Alert (RFC 2113), which has routers look at what is not for them
        private const int HeaderLength = IPv4Header.MinimumLength + 4;
        private const int VersionIhlTos = 0x4600;
        private const uint RouterAlert = 0x94040000;
        private const int TimeToLive = 1;
        private const int Message = IPv4Header.Start + HeaderLength;

        /// <summary>When <see cref="Poll"/> has something to do next. A field, for it is asked for in each poll of the stack.</summary>
        internal int DueAt;

        private readonly Turn _turn;
        private readonly INetworkInterface _interface;
        private readonly IPv4Layer _ipv4;
        private readonly FramePool _pool;
        private readonly RandomSource _random;
        private readonly Membership _membership;
        private readonly MulticastGroup[] _groups;
        private readonly IgmpCounters _counters = new IgmpCounters();
        private bool _version1Router;
        private int _version1Until;

        /// <param name="turn">Tells the time, and is asked for polls.</param>
        /// <param name="networkInterface">Is told which groups to let in.</param>
        /// <param name="ethernet">Is told which groups' frames to let in.</param>
        /// <param name="ipv4">Is told which groups' packets to let in; knows our address, and sends.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="random">Spreads the reports of the hosts that hear a query.</param>
        /// <param name="groups">How many groups can be joined at once.</param>
        internal IgmpLayer(Turn turn, INetworkInterface networkInterface, EthernetLayer ethernet, IPv4Layer ipv4, FramePool pool, RandomSource random, int groups)
        {
            _turn = turn;
            _interface = networkInterface;
            _ipv4 = ipv4;
            _pool = pool;
            _random = random;
            _membership = new Membership(groups);
            _groups = _membership.Groups;
            ethernet.Register(_membership);
            ipv4.Register(_membership);
            ipv4.Register(IPv4Header.ProtocolIgmp, this);
        }

        /// <summary>Gets the counters of this layer.</summary>
        public IgmpCounters Counters => _counters;

        /// <summary>Gets the number of rows in the table of groups.</summary>
        public int RowCount => _groups.Length;

        /// <summary>
        /// The group in a row of the table.
        /// </summary>
        /// <param name="row">0 to <see cref="RowCount"/> - 1.</param>
        /// <returns>The group's address, or 0 where the row is free.</returns>
        public uint GetGroup(int row) => _groups[row].References > 0 ? _groups[row].Address : 0;

        /// <summary>
        /// How many sockets have joined the group in a row of the table.
        /// </summary>
        /// <param name="row">0 to <see cref="RowCount"/> - 1.</param>
        /// <returns>The number of sockets.</returns>
        public int GetMembers(int row) => _groups[row].References;

        /// <summary>
        /// Finds the row of a group.
        /// </summary>
        /// <returns>The row, or -1 if no socket has joined it.</returns>
        internal int Find(uint address) => _membership.Find(address);

        /// <summary>
        /// One more socket joins a group. The first one has it reported, in the next poll and once more within
        /// <see cref="UnsolicitedReportInterval"/>.
        /// </summary>
        /// <returns>The row, or -1 if there is none free here, or no room in the controller.</returns>
        internal int JoinGroup(uint address)
        {
            int row = Find(address);
            if (row >= 0)
            {
                _membership.AddMember(row);
                return row;
            }

            MulticastGroup[] groups = _groups;
            for (int i = 0; i < groups.Length; i++)
            {
                if (groups[i].References == 0)
                {
                    return ProgramFilter(address) ? BeginGroup(i, address) : -1;
                }
            }

            return -1;
        }

        /// <summary>A socket leaves its group. The last one has the routers told, if we may be the last member on the link.</summary>
        internal void LeaveGroup(int row)
        {
            MulticastGroup group = _groups[row];
            if (!_membership.RemoveMember(group))
            {
                return;
            }

            group.TimerRunning = false;
            _interface.LeaveMulticast((int)(group.Address & Membership.LowBits));
            if (_membership.Joined == 0)
            {
                _interface.LeaveMulticast((int)(AllSystems & Membership.LowBits));
            }

            // a router of version 1 would not understand (RFC 2236 section 4)
            if (group.LastReporter && !_version1Router && SendMessage(IgmpHeader.TypeLeave, group.Address, AllRouters))
            {
                _turn.Ask();
                _counters._leavesSent++;
            }
        }

        /// <inheritdoc/>
        internal override void AddressAnnounced()
        {
            _version1Router = false;
            MulticastGroup[] groups = _groups;
            for (int i = 0; i < groups.Length; i++)
            {
                if (groups[i].References > 0)
                {
                    BeginReporting(groups[i]);
                }
            }
        }

        /// <inheritdoc/>
        internal override void Receive(Frame frame, int payload, uint source, bool broadcast)
        {
            int length = frame.Length - payload;
            if (length < IgmpHeader.Length)
            {
                _counters._badLength++;
                return;
            }

            if (InternetChecksum.Fold(InternetChecksum.Add(0, frame, payload, length)) != 0xFFFF)
            {
                _counters._badChecksum++;
                return;
            }

            int type = frame.GetByte(payload + IgmpHeader.TypeTime);
            uint destination = frame.GetUInt32(IPv4Header.Destination);
            uint group = frame.GetUInt32(payload + IgmpHeader.Group);
            if (type == IgmpHeader.TypeQuery && IPv4Address.IsMulticast(destination)
                && (group == IPv4Address.Any ? destination == AllSystems : IPv4Address.IsMulticast(group)))
            {
                _counters._queries++;
                ScheduleReports(group, frame.GetByte(payload + IgmpHeader.TypeTime + 1), length);
            }
            else if ((type == IgmpHeader.TypeReport || type == IgmpHeader.TypeReportVersion1) && group == destination
                && ((source ^ _ipv4.Address) & _ipv4.Netmask) == 0)
            {
                SuppressReport(group);
            }
            else
            {
                _counters._ignored++;
            }
        }

        /// <summary>
        /// Sends the reports that are due.
        /// </summary>
        /// <returns>Milliseconds until it must be called again.</returns>
        internal int Poll(int now)
        {
            int wait = Turn.Never;
            if (_version1Router)
            {
                wait = _version1Until - now;
                if (wait <= 0)
                {
                    _version1Router = false;
                    wait = Turn.Never;
                }
            }

            MulticastGroup[] groups = _groups;
            for (int i = 0; i < groups.Length; i++)
            {
                MulticastGroup group = groups[i];
                if (group.TimerRunning && now - group.DueAt >= 0)
                {
                    SendReport(group);
                }

                if (group.TimerRunning && group.DueAt - now < wait)
                {
                    wait = group.DueAt - now;
                }
            }

            DueAt = now + wait;
            return wait;
        }

        private bool ProgramFilter(uint address)
        {
            if (_membership.Joined == 0 && !_interface.JoinMulticast((int)(AllSystems & Membership.LowBits)))
            {
                return false;
            }

            if (_interface.JoinMulticast((int)(address & Membership.LowBits)))
            {
                return true;
            }

            if (_membership.Joined == 0)
            {
                _interface.LeaveMulticast((int)(AllSystems & Membership.LowBits));
            }

            return false;
        }

        private int BeginGroup(int row, uint address)
        {
            BeginReporting(_membership.BeginGroup(row, address));
            return row;
        }

        private void BeginReporting(MulticastGroup group)
        {
            group.LastReporter = false;
            group.TimerRunning = group.Address != AllSystems;
            group.Repeat = true;
            group.DueAt = _turn.Now;
            DueAt = _turn.Now;
            _turn.Ask();
        }

        /// <summary>
        /// A router asks: the groups it means are reported after a random time, unless somebody else in them is faster.
        /// </summary>
        private void ScheduleReports(uint address, int time, int length)
        {
            int limit = time * TimeUnit;
            if (time == 0)
            {
                limit = Version1ResponseTime;

                // a longer message is of version 3, whatever it says (RFC 3376 section 7.1)
                if (length == IgmpHeader.Length)
                {
                    _version1Router = true;
                    _version1Until = _turn.Now + Version1RouterTimeout;
                }
            }

            DueAt = _turn.Now;
            MulticastGroup[] groups = _groups;
            for (int i = 0; i < groups.Length; i++)
            {
                MulticastGroup group = groups[i];
                if (group.References == 0 || group.Address == AllSystems || (address != IPv4Address.Any && address != group.Address))
                {
                    continue;
                }

                // what is due sooner anyway stays so
                if (!group.TimerRunning || group.DueAt - _turn.Now > limit)
                {
                    group.Repeat = group.Repeat && group.TimerRunning;
                    group.TimerRunning = true;
                    group.DueAt = _turn.Now + RandomDelay(limit);
                }
            }
        }

        private void SuppressReport(uint address)
        {
            int row = Find(address);
            if (row >= 0 && _groups[row].TimerRunning)
            {
                _groups[row].TimerRunning = false;
                _groups[row].LastReporter = false;
                _counters._suppressed++;
            }
        }

        private void SendReport(MulticastGroup group)
        {
            group.TimerRunning = false;
            if (_ipv4.Address == IPv4Address.Any || !_interface.IsLinkUp)
            {
                // all groups are reported when that changes
                return;
            }

            // no frame free: the repetition, or the next query, makes up for it
            if (SendMessage(_version1Router ? IgmpHeader.TypeReportVersion1 : IgmpHeader.TypeReport, group.Address, group.Address))
            {
                _counters._reportsSent++;
                group.LastReporter = true;
            }

            if (group.Repeat)
            {
                group.Repeat = false;
                group.TimerRunning = true;
                group.DueAt = _turn.Now + RandomDelay(UnsolicitedReportInterval);
            }
        }

        private int RandomDelay(int limit) => 1 + (int)(_random.Next() % (uint)limit);

        private bool SendMessage(int type, uint group, uint destination)
        {
            if (_ipv4.Address == IPv4Address.Any || !_interface.IsLinkUp)
            {
                return false;
            }

            Frame frame = _pool.Rent(Message + IgmpHeader.Length);
            if (frame == null)
            {
                _counters._noFrame++;
                return false;
            }

            frame.Length = Message + IgmpHeader.Length;
            frame.SetUInt16(IPv4Header.VersionIhlTos, VersionIhlTos);
            frame.SetUInt16(IPv4Header.TotalLength, HeaderLength + IgmpHeader.Length);

            // never cut up, so the identification means nothing (RFC 6864 section 4.1)
            frame.SetUInt16(IPv4Header.Identification, 0);
            frame.SetUInt16(IPv4Header.FlagsOffset, IPv4Header.DontFragment);
            frame.SetUInt16(IPv4Header.TtlProtocol, (TimeToLive << 8) | IPv4Header.ProtocolIgmp);
            frame.SetUInt32(IPv4Header.Source, _ipv4.Address);
            frame.SetUInt32(IPv4Header.Destination, destination);
            frame.SetUInt32(IPv4Header.Options, RouterAlert);
            WriteChecksum(frame, IPv4Header.HeaderChecksum, IPv4Header.Start, HeaderLength);
            frame.SetUInt16(Message + IgmpHeader.TypeTime, type << 8);
            frame.SetUInt32(Message + IgmpHeader.Group, group);
            WriteChecksum(frame, Message + IgmpHeader.Checksum, Message, IgmpHeader.Length);
            _ipv4.SendToGroup(frame, destination);
            _pool.Return(frame);
            return true;
        }

        private static void WriteChecksum(Frame frame, int field, int start, int length)
        {
            frame.SetRaw(field, 0);
            frame.SetRaw(field, InternetChecksum.Complement(InternetChecksum.Add(0, frame, start, length)));
        }
    }
}
