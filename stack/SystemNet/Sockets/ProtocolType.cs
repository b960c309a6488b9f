// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.Sockets
{
    /// <summary>A protocol over IP, by its number in the IP header.</summary>
    public enum ProtocolType
    {
        /// <summary>Whatever fits the kind of socket.</summary>
        IP = 0,

        /// <summary>IPv6 hop-by-hop options.</summary>
        IPv6HopByHopOptions = 0,

        /// <summary>ICMP.</summary>
        Icmp = 1,

        /// <summary>IGMP.</summary>
        Igmp = 2,

        /// <summary>Gateway to gateway.</summary>
        Ggp = 3,

        /// <summary>IPv4 within IP.</summary>
        IPv4 = 4,

        /// <summary>TCP.</summary>
        Tcp = 6,

        /// <summary>PUP.</summary>
        Pup = 12,

        /// <summary>UDP.</summary>
        Udp = 17,

        /// <summary>Xerox IDP.</summary>
        Idp = 22,

        /// <summary>IPv6 within IP.</summary>
        IPv6 = 41,

        /// <summary>IPv6 routing header.</summary>
        IPv6RoutingHeader = 43,

        /// <summary>IPv6 fragment header.</summary>
        IPv6FragmentHeader = 44,

        /// <summary>IPsec ESP.</summary>
        IPSecEncapsulatingSecurityPayload = 50,

        /// <summary>IPsec AH.</summary>
        IPSecAuthenticationHeader = 51,

        /// <summary>ICMPv6.</summary>
        IcmpV6 = 58,

        /// <summary>IPv6, nothing follows.</summary>
        IPv6NoNextHeader = 59,

        /// <summary>IPv6 destination options.</summary>
        IPv6DestinationOptions = 60,

        /// <summary>Net disk.</summary>
        ND = 77,

        /// <summary>Bare IP.</summary>
        Raw = 255,

        /// <summary>Whatever fits the kind of socket.</summary>
        Unspecified = 0,

        /// <summary>IPX.</summary>
        Ipx = 1000,

        /// <summary>SPX.</summary>
        Spx = 1256,

        /// <summary>SPX version 2.</summary>
        SpxII = 1257,

        /// <summary>Not known.</summary>
        Unknown = -1,
    }
}
