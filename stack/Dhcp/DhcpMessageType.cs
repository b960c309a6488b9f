// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dhcp
{
    /// <summary>
    /// What a message says (RFC 2132 section 9.6).
    /// </summary>
    internal static class DhcpMessageType
    {
        internal const int Discover = 1;
        internal const int Offer = 2;
        internal const int Request = 3;
        internal const int Decline = 4;
        internal const int Ack = 5;
        internal const int Nak = 6;
        internal const int Release = 7;
    }
}
