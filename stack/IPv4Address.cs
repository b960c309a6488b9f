// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp
{
    /// <summary>
    /// IPv4 addresses are plain 32-bit numbers here, the first octet in the top byte: 192.168.1.50 is 0xC0A80132. A class or a
    /// struct of its own would cost an allocation each time it is passed on.
    /// </summary>
    public static class IPv4Address
    {
        /// <summary>The upper 16 bits of link-local addresses: 169.254.</summary>
        internal const uint LinkLocalPrefix = 0xA9FE;

        /// <summary>The first octet of addresses that mean ourselves.</summary>
        internal const uint LoopbackNetwork = 127;

        /// <summary>The lowest first octet of a group's address; the sixteen of groups have the same upper four bits.</summary>
        internal const uint FirstGroup = 224;

        private const int Octets = 4;

        /// <summary>0.0.0.0: "this host", or none.</summary>
        public const uint Any = 0;

        /// <summary>255.255.255.255: the limited broadcast address (RFC 1122 section 3.2.1.3).</summary>
        public const uint Broadcast = 0xFFFFFFFF;

        /// <summary>
        /// Puts an address together.
        /// </summary>
        /// <param name="a">First octet.</param>
        /// <param name="b">Second octet.</param>
        /// <param name="c">Third octet.</param>
        /// <param name="d">Last octet.</param>
        /// <returns>The address.</returns>
        public static uint Create(byte a, byte b, byte c, byte d) => ((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | d;

        /// <summary>
        /// Whether an address names one host, as far as the address alone tells: not 0/8, not 127/8, not multicast (224/4),
        /// not reserved (240/4), not broadcast (RFC 1122 section 3.2.1.3).
        /// </summary>
        /// <param name="address">The address.</param>
        /// <returns>Whether it may be a peer's.</returns>
        public static bool IsUnicast(uint address)
        {
            uint first = address >> 24;
            return first != 0 && first != LoopbackNetwork && first < FirstGroup;
        }

        /// <summary>
        /// Whether an address is a multicast group (224/4, RFC 1112 section 4).
        /// </summary>
        /// <param name="address">The address.</param>
        /// <returns>Whether it is a group.</returns>
        public static bool IsMulticast(uint address) => address >> 28 == FirstGroup >> 4;

        /// <summary>
        /// Whether an address means this host, whatever its address is: 127/8 (RFC 1122 section 3.2.1.3 (g)).
        /// </summary>
        /// <param name="address">The address.</param>
        /// <returns>Whether it is a loopback address.</returns>
        public static bool IsLoopback(uint address) => address >> 24 == LoopbackNetwork;

        /// <summary>
        /// Whether an address is one that hosts pick for themselves where nobody gives them one: 169.254/16. It is good on its link
        /// only (RFC 3927 section 2.1).
        /// </summary>
        /// <param name="address">The address.</param>
        /// <returns>Whether it is link-local.</returns>
        public static bool IsLinkLocal(uint address) => address >> 16 == LinkLocalPrefix;

        /// <summary>
        /// Reads an address in dotted decimal, at start-up.
        /// </summary>
        /// <param name="text">Such as "192.168.1.50".</param>
        /// <returns>The address.</returns>
        /// <exception cref="ArgumentException">The text is not four numbers of 0 to 255 with dots between, without zeros before
        /// them.</exception>
        public static uint Parse(string text)
        {
            uint address;
            if (!TryParse(text, out address))
            {
                throw new ArgumentException("An address is four numbers of 0 to 255 with dots between, such as 192.168.1.50.", nameof(text));
            }

            return address;
        }

        /// <summary>
        /// Writes an address in dotted decimal. It makes strings: for start-up and diagnosis only.
        /// </summary>
        /// <param name="address">The address.</param>
        /// <returns>Such as "192.168.1.50".</returns>
        public static string ToString(uint address)
        {
            return (address >> 24).ToString() + "." + ((address >> 16) & 0xFF).ToString() + "."
                + ((address >> 8) & 0xFF).ToString() + "." + (address & 0xFF).ToString();
        }

        /// <summary>
        /// Turns the octets of an address round: the first one is the lowest byte of the number then, as System.Net has it. Turned once more, it is
        /// as it was.
        /// </summary>
        /// <param name="address">The address.</param>
        /// <returns>The same octets, the last one first.</returns>
        public static uint Reverse(uint address)
        {
            return (address << 24) | ((address & 0xFF00) << 8) | ((address >> 8) & 0xFF00) | (address >> 24);
        }

        /// <summary>
        /// Whether a host can have an address in a network: it is no address of all its hosts, nor the network's own (RFC 1122 section
        /// 3.2.1.3). A network of two has neither (RFC 3021).
        /// </summary>
        internal static bool IsHost(uint address, uint netmask)
        {
            return IsUnicast(address) && (~netmask <= 1 || ((address & ~netmask) != 0 && (address | netmask) != Broadcast));
        }

        /// <summary>
        /// Reads an address as <see cref="Parse"/> does.
        /// </summary>
        /// <param name="text">The text, or null.</param>
        /// <param name="value">The address as the stack has it.</param>
        /// <returns>Whether it is one.</returns>
        public static bool TryParse(string text, out uint value)
        {
            value = 0;
            if (text == null)
            {
                return false;
            }

            int octets = 0;
            int digits = 0;
            uint octet = 0;
            int length = text.Length;
            for (int i = 0; i <= length; i++)
            {
                // character by character, for an array of them would be an object
                char c = i < length ? text[i] : '.';
                if (c == '.')
                {
                    if (digits == 0 || octets == Octets)
                    {
                        return false;
                    }

                    value = (value << 8) | octet;
                    octets++;
                    digits = 0;
                    octet = 0;
                    continue;
                }

                if (c < '0' || c > '9' || (digits > 0 && octet == 0))
                {
                    return false;
                }

                octet = (octet * 10) + c - '0';
                digits++;
                if (octet > 255)
                {
                    return false;
                }
            }

            return octets == Octets;
        }
    }
}
