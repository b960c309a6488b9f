// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dhcp
{
    /// <summary>
    /// The fixed part of a DHCP message (RFC 2131 section 2, figure 1). Offsets are from the start of the message.
    /// </summary>
    internal static class DhcpHeader
    {
        /// <summary>Offset of the operation, 'op': <see cref="BootRequest"/> or <see cref="BootReply"/>.</summary>
        internal const int Operation = 0;

        /// <summary>Offset of the kind of link, 'htype'.</summary>
        internal const int HardwareType = 1;

        /// <summary>Offset of the length of the link's addresses, 'hlen'.</summary>
        internal const int HardwareLength = 2;

        /// <summary>Offset of the number that answers carry again, 'xid'.</summary>
        internal const int TransactionId = 4;

        /// <summary>Offset of the seconds since the client began, 'secs'.</summary>
        internal const int Seconds = 8;

        /// <summary>Offset of the flags, of which there is one: <see cref="BroadcastFlag"/> in the first byte.</summary>
        internal const int Flags = 10;

        /// <summary>Offset of the client's address if it has one, 'ciaddr'.</summary>
        internal const int ClientAddress = 12;

        /// <summary>Offset of the address for the client, 'yiaddr'.</summary>
        internal const int YourAddress = 16;

        /// <summary>Offset of the client's link address, 'chaddr'.</summary>
        internal const int ClientHardware = 28;

        /// <summary>Offset of the server's name, 'sname', which may hold options instead.</summary>
        internal const int ServerName = 44;

        /// <summary>Offset of the boot file's name, 'file', which may hold options instead.</summary>
        internal const int File = 108;

        /// <summary>Offset of the magic cookie: four bytes that say that options follow (RFC 2132 section 2).</summary>
        internal const int MagicCookie = 236;

        /// <summary>Length of all that, where the options begin.</summary>
        internal const int Length = 240;

        /// <summary>'op' of what a client says.</summary>
        internal const int BootRequest = 1;

        /// <summary>'op' of what a server says.</summary>
        internal const int BootReply = 2;

        /// <summary>'htype' of Ethernet.</summary>
        internal const int Ethernet = 1;

        /// <summary>The client can take an answer only as a broadcast (RFC 2131 section 4.1).</summary>
        internal const int BroadcastFlag = 0x80;

        /// <summary>The magic cookie: 99, 130, 83, 99.</summary>
        internal const uint Cookie = 0x63825363;

        /// <summary>The server's port.</summary>
        internal const int ServerPort = 67;

        /// <summary>The client's port.</summary>
        internal const int ClientPort = 68;

        /// <summary>Bytes of a message without padding below which old relays would drop it (RFC 1542 section 2.1).</summary>
        internal const int ShortestMessage = 300;

        /// <summary>Bytes of a message that every client takes, IP and UDP headers left out (RFC 2131 section 2: 576 with them). None of ours is longer.</summary>
        internal const int LeastMessage = 548;
    }
}
