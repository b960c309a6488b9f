// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.Sockets
{
    /// <summary>A family of protocols, by the numbers of Winsock: those of <see cref="AddressFamily"/>.</summary>
    public enum ProtocolFamily
    {
        /// <summary>Not known.</summary>
        Unknown = -1,

        /// <summary>None in particular.</summary>
        Unspecified = 0,

        /// <summary>Local to a Unix host.</summary>
        Unix = 1,

        /// <summary>IPv4.</summary>
        InterNetwork = 2,

        /// <summary>ARPANET IMP.</summary>
        ImpLink = 3,

        /// <summary>PUP.</summary>
        Pup = 4,

        /// <summary>Chaos.</summary>
        Chaos = 5,

        /// <summary>Xerox NS.</summary>
        NS = 6,

        /// <summary>IPX.</summary>
        Ipx = 6,

        /// <summary>ISO.</summary>
        Iso = 7,

        /// <summary>OSI.</summary>
        Osi = 7,

        /// <summary>ECMA.</summary>
        Ecma = 8,

        /// <summary>DataKit.</summary>
        DataKit = 9,

        /// <summary>CCITT, such as X.25.</summary>
        Ccitt = 10,

        /// <summary>IBM SNA.</summary>
        Sna = 11,

        /// <summary>DECnet.</summary>
        DecNet = 12,

        /// <summary>The link itself.</summary>
        DataLink = 13,

        /// <summary>LAT.</summary>
        Lat = 14,

        /// <summary>NSC HYPERchannel.</summary>
        HyperChannel = 15,

        /// <summary>AppleTalk.</summary>
        AppleTalk = 16,

        /// <summary>NetBIOS.</summary>
        NetBios = 17,

        /// <summary>VoiceView.</summary>
        VoiceView = 18,

        /// <summary>FireFox.</summary>
        FireFox = 19,

        /// <summary>Banyan.</summary>
        Banyan = 21,

        /// <summary>ATM.</summary>
        Atm = 22,

        /// <summary>IPv6.</summary>
        InterNetworkV6 = 23,

        /// <summary>Microsoft cluster.</summary>
        Cluster = 24,

        /// <summary>IEEE 1284.4.</summary>
        Ieee12844 = 25,

        /// <summary>IrDA.</summary>
        Irda = 26,

        /// <summary>OSI gateways of Network Designers.</summary>
        NetworkDesigners = 28,

        /// <summary>The highest number.</summary>
        Max = 29,
    }
}
