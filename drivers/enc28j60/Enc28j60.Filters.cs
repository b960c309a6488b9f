// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace Iot.Device.Enc28j60
{
    /// <content>Which packets are let in.</content>
    public sealed partial class Enc28j60
    {
        private const int PatternWindow = 64;
        private const int PatternMask = 8;

        /// <summary>Gets which packets are wanted, joined groups not counted.</summary>
        public Enc28j60Filters Filters => _filters.Flags;

        /// <summary>
        /// Sets which packets are wanted. It takes effect in one of the next polls, when no packet is coming in.
        /// </summary>
        /// <param name="filters">Which ones.</param>
        /// <returns>False if nothing would be left, which the chip cannot do, or if there is no pattern for the pattern filter.</returns>
        public bool SetFilters(Enc28j60Filters filters) => _filters.Set(filters);

        /// <summary>
        /// Lets in packets to a multicast group. Groups are counted: each join needs a <see cref="LeaveMulticast(byte[])"/>. It takes
        /// effect in one of the next polls, when no packet is coming in.
        /// </summary>
        /// <param name="group">The group's address, six bytes; it is copied.</param>
        /// <returns>False if it is not a group's address, or if there is no room (<see cref="Enc28j60Options.MulticastGroups"/>).</returns>
        public bool JoinMulticast(byte[] group) => _filters.Join(group);

        /// <summary>
        /// Takes back a <see cref="JoinMulticast(byte[])"/>.
        /// </summary>
        /// <param name="group">The group's address, six bytes.</param>
        /// <returns>False if it was not joined, or if nothing else is let in.</returns>
        public bool LeaveMulticast(byte[] group) => _filters.Leave(group);

        /// <inheritdoc/>
        public bool JoinMulticast(int group) => _filters.Join(_filters.AddressOfIPv4Group(group));

        /// <inheritdoc/>
        public void LeaveMulticast(int group) => _filters.Leave(_filters.AddressOfIPv4Group(group));

        /// <summary>
        /// Sets what <see cref="Enc28j60Filters.Pattern"/> lets in: packets with certain bytes within a window of 64. Packets that end
        /// before the window, their FCS included, never fit. The chip lets in others too (DS80349C 18); these are dropped here.
        /// </summary>
        /// <param name="offset">Where the window begins in the packet, 0 to 1454.</param>
        /// <param name="window">The bytes, up to 64.</param>
        /// <param name="mask">Eight bytes: bit i of byte k tells whether byte 8k + i of the window counts.</param>
        /// <exception cref="ArgumentNullException">There are no bytes or no mask.</exception>
        /// <exception cref="ArgumentException">One of them is out of range.</exception>
        public void SetPattern(int offset, byte[] window, byte[] mask)
        {
            if (window == null)
            {
                throw new ArgumentNullException(nameof(window));
            }

            if (mask == null)
            {
                throw new ArgumentNullException(nameof(mask));
            }

            if (offset < 0 || offset > MemoryMap.LongestPacket - PatternWindow)
            {
                throw new ArgumentException("The window begins at 0 to 1454.", nameof(offset));
            }

            if (window.Length > PatternWindow)
            {
                throw new ArgumentException("The window has 64 bytes at most.", nameof(window));
            }

            if (mask.Length != PatternMask)
            {
                throw new ArgumentException("The mask has eight bytes.", nameof(mask));
            }

            _filters.SetPattern(offset, window, mask);
        }
    }
}
