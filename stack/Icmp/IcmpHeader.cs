// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Icmp
{
    /// <summary>
    /// The ICMP header (RFC 792): errors and control of IP. Offsets are from the start of the ICMP message.
    /// </summary>
    public static class IcmpHeader
    {
        /// <summary>Offset of type and code, 8 bits each.</summary>
        public const int TypeCode = 0;

        /// <summary>Offset of the checksum over the whole message.</summary>
        public const int Checksum = 2;

        /// <summary>Offset of the 4 bytes whose meaning depends on the type (identifier and sequence number of an echo).</summary>
        public const int Rest = 4;

        /// <summary>Offset of the next hop's MTU in an error that says that fragmentation is needed (RFC 1191); 0 from old routers.</summary>
        public const int NextHopMtu = 6;

        /// <summary>Length in bytes.</summary>
        public const int Length = 8;

        /// <summary>Type: echo reply.</summary>
        public const int TypeEchoReply = 0;

        /// <summary>Type: destination unreachable.</summary>
        public const int TypeUnreachable = 3;

        /// <summary>Type: source quench. It is ignored (RFC 6633).</summary>
        public const int TypeSourceQuench = 4;

        /// <summary>Type: router advertisement, the first of the types that are ignored as a kind: see <see cref="IsQuery"/>.</summary>
        public const int TypeRouterAdvertisement = 9;

        /// <summary>Type: router solicitation.</summary>
        public const int TypeRouterSolicitation = 10;

        /// <summary>Type: timestamp, the first of six about time, information and address mask.</summary>
        public const int TypeTimestamp = 13;

        /// <summary>Type: address mask reply, the last of these six.</summary>
        public const int TypeAddressMaskReply = 18;

        /// <summary>Type: redirect. It is ignored: the gateway is configured, not learnt.</summary>
        public const int TypeRedirect = 5;

        /// <summary>Type: time exceeded.</summary>
        public const int TypeTimeExceeded = 11;

        /// <summary>Type: parameter problem.</summary>
        public const int TypeParameterProblem = 12;

        /// <summary>Type: echo request.</summary>
        public const int TypeEchoRequest = 8;

        /// <summary>Code of time exceeded: fragments waited too long for the rest.</summary>
        public const int CodeReassemblyTimeExceeded = 1;

        /// <summary>Code of destination unreachable: network unreachable.</summary>
        public const int CodeNetworkUnreachable = 0;

        /// <summary>Code of destination unreachable: protocol unreachable.</summary>
        public const int CodeProtocolUnreachable = 2;

        /// <summary>Code of destination unreachable: port unreachable.</summary>
        public const int CodePortUnreachable = 3;

        /// <summary>Code of destination unreachable: fragmentation needed and DF set (RFC 1191).</summary>
        public const int CodeFragmentationNeeded = 4;

        /// <summary>
        /// Whether a type is an error, which is never answered with another one (RFC 1122 section 3.2.2).
        /// </summary>
        /// <param name="type">The type.</param>
        /// <returns>Whether it is 3, 4, 5, 11 or 12.</returns>
        public static bool IsError(int type)
        {
            return (type >= TypeUnreachable && type <= TypeRedirect) || type == TypeTimeExceeded || type == TypeParameterProblem;
        }

        /// <summary>
        /// Whether a type is one of those that were meant for hosts to learn about their network, and that nobody needs any more or
        /// should believe (RFC 6918; RFC 1256 section 4).
        /// </summary>
        /// <param name="type">The type.</param>
        /// <returns>Whether it is 9, 10 or 13 to 18.</returns>
        public static bool IsQuery(int type)
        {
            return type == TypeRouterAdvertisement || type == TypeRouterSolicitation
                || (type >= TypeTimestamp && type <= TypeAddressMaskReply);
        }
    }
}
