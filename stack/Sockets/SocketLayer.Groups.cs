// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Udp;

namespace TcpIp.Sockets
{
    /// <content>
    /// The calls for multicast groups.
    /// </content>
    public sealed partial class SocketLayer
    {
        /// <summary>
        /// Joins a multicast group: datagrams to it are received, on the socket's port. Several sockets may be in one group; the
        /// group is left when all have left it or were closed.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="group">The group's address, 224.0.0.1 to 239.255.255.255.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument, InvalidState if the socket is in the group, NoBufferSpace if there is no
        /// room for one more group, here (<see cref="StackConfiguration.MulticastGroups"/>) or in the controller.</returns>
        public int JoinGroup(int descriptor, uint group)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            // 224.0.0.0 is no group (RFC 1112 section 4)
            return IPv4Address.IsMulticast(group) && (group & 0x0FFFFFFF) != 0
                ? (int)_udp.JoinGroup(block, group)
                : (int)SocketError.InvalidArgument;
        }

        /// <summary>
        /// Leaves a multicast group.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="group">The group's address.</param>
        /// <returns>0, or BadDescriptor, InvalidState if the socket is not in the group.</returns>
        public int LeaveGroup(int descriptor, uint group)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            return block == null ? (int)SocketError.BadDescriptor : (int)_udp.LeaveGroup(block, group);
        }

        /// <summary>
        /// Sets the time to live of datagrams to multicast groups. At first it is 1: no router passes them on (RFC 1112 section 6.1).
        /// <see cref="SetTimeToLive"/> is for all other datagrams.
        /// </summary>
        /// <param name="descriptor">A datagram socket.</param>
        /// <param name="timeToLive">1 for our link, up to 255.</param>
        /// <returns>0, or BadDescriptor, InvalidArgument.</returns>
        public int SetMulticastTimeToLive(int descriptor, int timeToLive)
        {
            UdpControlBlock block = FindDatagram(descriptor);
            if (block == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (timeToLive < 1 || timeToLive > 255)
            {
                return (int)SocketError.InvalidArgument;
            }

            block.MulticastTimeToLive = timeToLive;
            return 0;
        }
    }
}
