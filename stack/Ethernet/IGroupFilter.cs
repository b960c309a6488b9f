// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Ethernet
{
    /// <summary>
    /// Who knows the multicast groups that we are in.
    /// </summary>
    internal interface IGroupFilter
    {
        /// <summary>
        /// Whether a frame that was sent to a group of stations is for us.
        /// </summary>
        /// <returns>Whether it may be; several groups share a station address.</returns>
        bool AcceptsFrame(Frame frame);

        /// <summary>
        /// Whether we are in a group.
        /// </summary>
        /// <returns>Whether we are.</returns>
        bool AcceptsPacket(uint group);
    }
}
