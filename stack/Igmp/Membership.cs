// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.Igmp
{
    /// <summary>
    /// The groups that sockets have joined, and what is to be let in for them (RFC 1112 section 7.2).
    /// </summary>
    internal sealed class Membership : IGroupFilter
    {
        /// <summary>A group's address that stands in the frame's: its low 23 bits (RFC 1112 section 6.4).</summary>
        internal const int LowBits = 0x7FFFFF;

        private readonly MulticastGroup[] _groups;

        internal Membership(int groups)
        {
            _groups = new MulticastGroup[groups];
            for (int i = 0; i < groups; i++)
            {
                _groups[i] = new MulticastGroup();
            }
        }

        /// <summary>The table, used rows or not.</summary>
        internal MulticastGroup[] Groups => _groups;

        /// <summary>The number of groups that we are in.</summary>
        internal int Joined { get; private set; }

        /// <summary>
        /// The first socket joins a group.
        /// </summary>
        /// <param name="row">A free row.</param>
        /// <param name="address">The group's address.</param>
        /// <returns>The row's content.</returns>
        internal MulticastGroup BeginGroup(int row, uint address)
        {
            MulticastGroup group = _groups[row];
            group.Address = address;
            group.References = 1;
            Joined++;
            return group;
        }

        /// <summary>One more socket joins a group.</summary>
        internal void AddMember(int row)
        {
            _groups[row].References++;
        }

        /// <summary>
        /// A socket leaves a group.
        /// </summary>
        /// <returns>Whether it was the last one.</returns>
        internal bool RemoveMember(MulticastGroup group)
        {
            group.References--;
            if (group.References > 0)
            {
                return false;
            }

            Joined--;
            return true;
        }

        /// <summary>
        /// Finds the row of a group.
        /// </summary>
        /// <returns>The row, or -1 where nobody has joined.</returns>
        internal int Find(uint address)
        {
            MulticastGroup[] groups = _groups;
            for (int i = 0; i < groups.Length; i++)
            {
                if (groups[i].Address == address && groups[i].References > 0)
                {
                    return i;
                }
            }

            return -1;
        }

        /// <inheritdoc/>
        public bool AcceptsFrame(Frame frame)
        {
            if (Joined == 0 || !EthernetHeader.IsIPv4Group(frame))
            {
                return false;
            }

            int low = EthernetHeader.IPv4GroupBits(frame);
            if (low == (int)(IgmpLayer.AllSystems & LowBits))
            {
                return true;
            }

            MulticastGroup[] groups = _groups;
            for (int i = 0; i < groups.Length; i++)
            {
                if ((int)(groups[i].Address & LowBits) == low && groups[i].References > 0)
                {
                    return true;
                }
            }

            return false;
        }

        /// <inheritdoc/>
        public bool AcceptsPacket(uint group) => group == IgmpLayer.AllSystems ? Joined > 0 : Find(group) >= 0;
    }
}
