// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Sntp
{
    /// <summary>
    /// The message of the network time protocol, version 4 (RFC 5905 section 7.3, RFC 4330 section 4). Offsets are from its start. A time stamp is the
    /// seconds since 1900, 32 bits, and a fraction of a second, 32 bits.
    /// </summary>
    internal static class SntpHeader
    {
        /// <summary>Offset of a warning of leap seconds, 2 bits, the version, 3 bits, and the mode, 3 bits.</summary>
        internal const int LeapVersionMode = 0;

        /// <summary>Offset of the stratum: how many servers there are between this one and a clock.</summary>
        internal const int Stratum = 1;

        /// <summary>Offset of the round trip to that clock, in 1/65536 s, signed.</summary>
        internal const int RootDelay = 4;

        /// <summary>Offset of how far off the server may be, in 1/65536 s.</summary>
        internal const int RootDispersion = 8;

        /// <summary>Offset of what the server's clock is; with stratum 0, four letters that say why it does not tell.</summary>
        internal const int ReferenceId = 12;

        /// <summary>Offset of the time stamp that the question had as the time of its sending.</summary>
        internal const int Originate = 24;

        /// <summary>Offset of the time when the question came.</summary>
        internal const int Receive = 32;

        /// <summary>Offset of the time when the message was sent.</summary>
        internal const int Transmit = 40;

        /// <summary>Length in bytes, without what authenticates.</summary>
        internal const int Length = 48;

        /// <summary>No warning, version 4, a client.</summary>
        internal const int ClientVersion4 = 0x23;

        /// <summary>Version 4, a server; the warning is anything.</summary>
        internal const int ServerVersion4 = 0x24;

        /// <summary>The warning that the server's clock is not set.</summary>
        internal const int NotSynchronized = 3;

        /// <summary>The highest stratum of a server whose clock is set.</summary>
        internal const int HighestStratum = 15;

        /// <summary>The servers' port.</summary>
        internal const int Port = 123;
    }
}
