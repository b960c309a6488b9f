// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.IPv4
{
    /// <summary>
    /// A protocol that stands on IPv4: it registers for a protocol number, gets the datagrams that carry it, and hears of what concerns
    /// what it has sent.
    /// </summary>
    public abstract class IPv4Protocol
    {
        /// <summary>
        /// Deals with a received datagram, which is whole and for us. Its reference stays the caller's.
        /// </summary>
        /// <param name="frame">The frame; whoever gets it may turn it into the answer.</param>
        /// <param name="payload">Offset of what follows the IPv4 header.</param>
        /// <param name="source">Who sent it.</param>
        /// <param name="broadcast">Whether it went to a broadcast address or to a group.</param>
        internal abstract void Receive(Frame frame, int payload, uint source, bool broadcast);

        /// <summary>
        /// Whether a packet that came while we have no address is for somebody who asks for one.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="payload">Offset of what follows the IPv4 header.</param>
        /// <returns>Whether it is to be received.</returns>
        internal virtual bool AsksForAddress(Frame frame, int payload) => false;

        /// <summary>
        /// A host or router says that a packet of ours did not arrive.
        /// </summary>
        /// <param name="quote">The packet, as far as it is quoted.</param>
        /// <param name="source">Who says so.</param>
        /// <param name="type">The ICMP type.</param>
        /// <param name="code">The ICMP code.</param>
        /// <param name="mtu">The next hop's MTU, if it is an error about that.</param>
        internal virtual void ErrorReceived(QuotedPacket quote, uint source, int type, int code, int mtu)
        {
        }

        /// <summary>A neighbour does not answer.</summary>
        internal virtual void NextHopUnreachable(uint neighbour)
        {
        }

        /// <summary>
        /// We have an address from now on.
        /// </summary>
        internal virtual void AddressBegan()
        {
        }

        /// <summary>
        /// Our address was announced, on this link for the first time since it came up.
        /// </summary>
        internal virtual void AddressAnnounced()
        {
        }

        /// <summary>
        /// Our address is no longer ours: no answer to what we sent can reach us.
        /// </summary>
        internal virtual void AddressLost()
        {
        }

        /// <summary>
        /// Another datagram needs the buffer in which one was put together that nobody has read.
        /// </summary>
        internal virtual void DropReassembled()
        {
        }

        /// <summary>
        /// What became of a datagram that had to wait for its next hop (<see cref="IPv4Layer.Send"/> said InProgress).
        /// </summary>
        /// <param name="result">Success, or why it was not sent.</param>
        internal virtual void SendingEnded(SocketError result)
        {
        }
    }
}
