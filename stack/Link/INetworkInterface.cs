// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.Link
{
    /// <summary>
    /// What the stack asks of a network controller's driver. The stack knows nothing else of it, neither SPI nor chip.
    /// </summary>
    /// <remarks>
    /// All members are called from the one thread that owns the stack. After start-up none of them may allocate, block or throw.
    /// </remarks>
    public interface INetworkInterface
    {
        /// <summary>Gets the word order that the controller's bus demands of frames.</summary>
        WordOrder WordOrder { get; }

        /// <summary>Gets the station's address.</summary>
        MacAddress MacAddress { get; }

        /// <summary>Gets a value indicating whether the link is up, as of the last <see cref="Poll"/>.</summary>
        bool IsLinkUp { get; }

        /// <summary>Gets a value indicating whether <see cref="Send"/> would take a frame now.</summary>
        bool CanSend { get; }

        /// <summary>
        /// Does the controller's housekeeping: finished transmissions, link, recovery.
        /// </summary>
        /// <param name="now">The time in milliseconds; it wraps.</param>
        /// <returns>Milliseconds after which it wants to be called again, whatever happens; 0 for at once.</returns>
        int Poll(int now);

        /// <summary>
        /// Hands a frame to the controller, which copies it: the caller keeps it. The controller pads it to 60 bytes with
        /// bytes of its own and appends the FCS.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <returns>Whether the controller took it.</returns>
        bool Send(Frame frame);

        /// <summary>
        /// Takes the next received frame. Frames that are damaged, or that find no place in the pool, are counted and dropped.
        /// </summary>
        /// <param name="pool">Where to rent the frame.</param>
        /// <returns>A frame that the caller returns to the pool, or null when none waits.</returns>
        Frame Receive(FramePool pool);

        /// <summary>
        /// Lets in frames to an IPv4 multicast group: to 01-00-5E and the group's low 23 bits (RFC 1112 section 6.4). Calls are
        /// counted, each needs a <see cref="LeaveMulticast"/>. It may let in more: the stack looks again.
        /// </summary>
        /// <param name="group">The low 23 bits of the group's IPv4 address.</param>
        /// <returns>False if the controller has no room for it.</returns>
        bool JoinMulticast(int group);

        /// <summary>
        /// Takes back a <see cref="JoinMulticast"/>.
        /// </summary>
        /// <param name="group">The low 23 bits of the group's IPv4 address.</param>
        void LeaveMulticast(int group);
    }
}
