// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Arp;

namespace TcpIp.Dhcp
{
    /// <summary>
    /// What a DHCP client is to do, and how much it keeps of what servers tell. It is read when the client is made.
    /// </summary>
    public sealed class DhcpConfiguration
    {
        /// <summary>The most addresses of each kind that can be kept.</summary>
        public const int MaximumServers = 16;

        private const int LongestName = 63;
        private const int LongestDatagram = 1472;
        private const int LongestClientId = 64;

        /// <summary>
        /// Gets or sets the name that the server is told (option 12): letters, digits and hyphens, 63 at most; null for none. Many routers
        /// show it, and answer DNS questions for it.
        /// </summary>
        public string HostName { get; set; }

        /// <summary>
        /// Gets or sets what the server knows us by (option 61): 2 to 64 bytes, of which the first is the type. If null, it is made from the
        /// MAC address as RFC 4361 has it. A server that knows boards by "01 and the MAC address" wants these seven bytes.
        /// </summary>
        public byte[] ClientId { get; set; }

        /// <summary>
        /// Gets or sets what is done about others who have the leased address. With <see cref="ConflictPolicy.Probe"/> the link is asked first
        /// (RFC 2131 section 4.4.1), which takes five to seven seconds; with <see cref="ConflictPolicy.Yield"/> it is given up to somebody who goes on
        /// using it. An address that is found taken is declined, and another one asked for.
        /// </summary>
        public ConflictPolicy Conflicts { get; set; } = ConflictPolicy.Probe;

        /// <summary>
        /// Gets or sets a value indicating whether an address of 169.254/16 is picked while no server answers (RFC 3927). Servers are looked for
        /// all the same.
        /// </summary>
        public bool LinkLocal { get; set; } = true;

        /// <summary>Gets or sets the seconds without an address after which a link-local one is picked (0 or more).</summary>
        public int LinkLocalAfter { get; set; } = 12;

        /// <summary>
        /// Gets or sets the milliseconds among which the time of the first message is picked at random (1 to 10000; 1 is at once). RFC 2131 section
        /// 4.4.1 advises a second to ten, so that boards that are switched on together do not all ask together.
        /// </summary>
        public int StartSpread { get; set; } = 1000;

        /// <summary>
        /// Gets or sets a value indicating whether servers are asked to answer to all. It is not needed, for what comes to our station is taken
        /// whatever its address; but some access points let nothing else through.
        /// </summary>
        public bool BroadcastFlag { get; set; }

        /// <summary>
        /// Gets or sets the bytes of the longest answer that is taken (548 to 1472, which is all that a packet can carry). Servers are told
        /// (option 57), but some send more than that where they were told to give many options.
        /// </summary>
        public int MessageBytes { get; set; } = LongestDatagram;

        /// <summary>Gets or sets how many DNS servers are kept (0 to <see cref="MaximumServers"/>).</summary>
        public int DnsServers { get; set; } = 2;

        /// <summary>Gets or sets how many NTP servers are kept (0 to <see cref="MaximumServers"/>).</summary>
        public int NtpServers { get; set; } = 1;

        /// <summary>Gets or sets the bytes of a domain name that are kept (0 to 255). A longer one is not kept at all.</summary>
        public int DomainBytes { get; set; } = 64;

        /// <summary>
        /// Checks all values.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the exception names the property.</exception>
        public void Validate()
        {
            Require(HostName == null || IsName(HostName), nameof(HostName));
            Require(ClientId == null || (ClientId.Length >= 2 && ClientId.Length <= LongestClientId), nameof(ClientId));
            Require(LinkLocalAfter >= 0, nameof(LinkLocalAfter));
            Require(StartSpread >= 1 && StartSpread <= 10000, nameof(StartSpread));
            Require(MessageBytes >= DhcpHeader.LeastMessage && MessageBytes <= LongestDatagram, nameof(MessageBytes));
            Require(DnsServers >= 0 && DnsServers <= MaximumServers, nameof(DnsServers));
            Require(NtpServers >= 0 && NtpServers <= MaximumServers, nameof(NtpServers));
            Require(DomainBytes >= 0 && DomainBytes <= 255, nameof(DomainBytes));
        }

        /// <summary>
        /// RFC 952, and RFC 1123 section 2.1, which lets a name begin with a digit.
        /// </summary>
        private static bool IsName(string name)
        {
            char[] characters = name.ToCharArray();
            int length = characters.Length;
            if (length == 0 || length > LongestName || characters[0] == '-' || characters[length - 1] == '-')
            {
                return false;
            }

            for (int i = 0; i < length; i++)
            {
                char c = characters[i];
                if (c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z'))
                {
                    return false;
                }
            }

            return true;
        }

        private static void Require(bool condition, string property)
        {
            if (!condition)
            {
                throw new ArgumentOutOfRangeException(property, "DhcpConfiguration." + property + " is out of its range.");
            }
        }
    }
}
