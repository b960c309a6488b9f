// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Ethernet
{
    /// <summary>
    /// A protocol that stands on Ethernet: it registers for an EtherType, and gets the frames that carry it.
    /// </summary>
    public abstract class EthernetProtocol
    {
        /// <summary>
        /// Deals with a received frame. Its reference stays the caller's.
        /// </summary>
        /// <param name="frame">The frame; whoever gets it may turn it into the answer.</param>
        /// <param name="toMany">Whether it was sent to all stations, or to a group of them.</param>
        internal abstract void Receive(Frame frame, bool toMany);

        /// <summary>
        /// The short way in: takes a frame of which nothing is known yet, if it is of the common kind. Who declines has changed nothing, and the
        /// frame goes the long way, by <see cref="Receive"/>.
        /// </summary>
        /// <param name="frame">The frame, any 42 bytes or more with the protocol's EtherType.</param>
        /// <param name="station">Our station address as words in the frame's order.</param>
        /// <returns>Whether the frame is dealt with.</returns>
        internal virtual bool TryReceive(Frame frame, ushort[] station) => false;
    }
}
