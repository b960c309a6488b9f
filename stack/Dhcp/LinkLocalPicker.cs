// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Link;

namespace TcpIp.Dhcp
{
    /// <summary>
    /// Picks addresses of 169.254/16 for a host that nobody gives one (RFC 3927 section 2.1): at random, but the same ones in the same order
    /// each time that the board is switched on, so that it is found again where it was.
    /// </summary>
    internal sealed class LinkLocalPicker
    {
        /// <summary>The netmask of all of them.</summary>
        internal const uint Netmask = 0xFFFF0000;

        // 169.254.1.0 to 169.254.254.255; the first and the last 256 are kept for other uses
        private const uint First = 0xA9FE0100;
        private const uint Count = 254 * 256;

        // FNV-1a, for the seed
        private const uint HashBasis = 2166136261;
        private const uint HashPrime = 16777619;

        private uint _state;

        /// <summary>
        /// Initializes a new instance of the <see cref="LinkLocalPicker"/> class.
        /// </summary>
        /// <param name="hardware">Our MAC address, which makes boards differ.</param>
        internal LinkLocalPicker(MacAddress hardware)
        {
            _state = HashBasis;
            for (int i = 0; i < MacAddress.Length; i++)
            {
                _state = (_state ^ (uint)hardware.GetOctet(i)) * HashPrime;
            }
        }

        /// <summary>Gets the address that was picked, or 0.0.0.0 for none.</summary>
        internal uint Current { get; private set; }

        /// <summary>
        /// Picks the next address.
        /// </summary>
        /// <returns>The address.</returns>
        internal uint PickNext()
        {
            // a step of a congruential generator is never 0 for ever; its upper bits are the random ones
            _state = (_state * 1664525) + 1013904223;
            Current = First + ((_state >> 8) % Count);
            return Current;
        }

        /// <summary>
        /// Gives the address up.
        /// </summary>
        internal void Clear()
        {
            Current = IPv4Address.Any;
        }
    }
}
