// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;

namespace TcpIp.Arp
{
    /// <summary>
    /// The protocol whose addresses are resolved and defended: what ARP asks it, and what it hears of ARP.
    /// </summary>
    public abstract class InternetLayer : EthernetProtocol
    {
        /// <summary>Gets our address, or 0.0.0.0 while we have none.</summary>
        public abstract uint Address { get; }

        /// <summary>Gets the gateway's address, or 0.0.0.0 where there is none.</summary>
        public abstract uint Gateway { get; }

        /// <summary>
        /// Whether an address means all hosts of our link: the limited or our subnet's broadcast address.
        /// </summary>
        /// <param name="address">The address.</param>
        /// <returns>Whether it is a broadcast address.</returns>
        public abstract bool IsBroadcast(uint address);

        /// <summary>Whether packets may be handed to an address directly: it is on our link, or it is the gateway.</summary>
        internal abstract bool IsNeighbour(uint address);

        /// <summary>
        /// It is sure now that we may use an address, or that there is none to use.
        /// </summary>
        /// <param name="address">The address, or 0.0.0.0 for none.</param>
        internal abstract void SetAddress(uint address);

        /// <summary>
        /// Our address is no longer ours: what was open with it is told.
        /// </summary>
        internal abstract void LoseAddress();

        /// <summary>
        /// Our address was announced, on this link for the first time since it came up.
        /// </summary>
        internal abstract void AddressAnnounced();

        /// <summary>A neighbour does not answer: those who send by way of it are told.</summary>
        internal abstract void NextHopUnreachable(uint neighbour);
    }
}
