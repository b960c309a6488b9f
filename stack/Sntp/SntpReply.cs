// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Sntp
{
    /// <summary>
    /// What a received message says: whether it answers our question, whether its server is to be believed (RFC 4330 section 5, RFC 5905 section
    /// 8), and what time it was.
    /// </summary>
    internal sealed class SntpReply
    {
        /// <summary>It gives the time.</summary>
        internal const int Good = 0;

        /// <summary>It is no answer of a server, or does not answer our question.</summary>
        internal const int NotOurs = 1;

        /// <summary>The server's clock is not set, or too far from one that is.</summary>
        internal const int Unsynchronized = 2;

        /// <summary>Its times do not go together.</summary>
        internal const int Bogus = 3;

        /// <summary>The server asks for fewer questions (RFC 5905 section 7.4, "RATE").</summary>
        internal const int Rate = 4;

        /// <summary>The server wants none ("DENY", "RSTR").</summary>
        internal const int Deny = 5;

        /// <summary>The server does not tell, for another reason.</summary>
        internal const int Kiss = 6;

        private const uint CodeRate = 0x52415445;
        private const uint CodeDeny = 0x44454E59;
        private const uint CodeRestrict = 0x52535452;

        /// <summary>How far off a server may be: 16 s, in 1/65536 s (RFC 5905 section 7.2, MAXDISP).</summary>
        private const uint LargestDistance = 16U << 16;

        // 1900 to 1970, and what a time stamp's seconds wrap by, in 2036
        private const long SecondsTo1970 = 2208988800L;
        private const long SecondsOfEra = 4294967296L;

        /// <summary>Half of a millisecond's 2^-32: so it is rounded, not cut off.</summary>
        private const ulong HalfUnit = 1UL << 31;

        private readonly byte[] _packet;

        /// <summary>
        /// Initializes a new instance of the <see cref="SntpReply"/> class.
        /// </summary>
        /// <param name="packet">Where messages lie.</param>
        internal SntpReply(byte[] packet)
        {
            _packet = packet;
        }

        /// <summary>Gets the time when the server sent the message, in milliseconds since 1970.</summary>
        internal long Sent { get; private set; }

        /// <summary>Gets the milliseconds that the server took.</summary>
        internal long Held { get; private set; }

        /// <summary>Gets the stratum.</summary>
        internal int Stratum => _packet[SntpHeader.Stratum];

        /// <summary>
        /// Reads an answer.
        /// </summary>
        /// <param name="length">Bytes of it.</param>
        /// <param name="high">What the question had as the time of its sending: its upper half,</param>
        /// <param name="low">and its lower.</param>
        /// <returns>One of the constants.</returns>
        internal int Read(int length, uint high, uint low)
        {
            if (length < SntpHeader.Length
                || (_packet[SntpHeader.LeapVersionMode] & 0x3F) != SntpHeader.ServerVersion4
                || GetUInt32(SntpHeader.Originate) != high
                || GetUInt32(SntpHeader.Originate + 4) != low)
            {
                return NotOurs;
            }

            if (Stratum == 0)
            {
                uint code = GetUInt32(SntpHeader.ReferenceId);
                return code == CodeRate ? Rate : code == CodeDeny || code == CodeRestrict ? Deny : Kiss;
            }

            uint delay = GetUInt32(SntpHeader.RootDelay);
            uint dispersion = GetUInt32(SntpHeader.RootDispersion);

            // half of the way there is in doubt; a negative one is in order, and near zero
            uint half = delay >> 31 != 0 ? 0 : delay >> 1;
            if (_packet[SntpHeader.LeapVersionMode] >> 6 == SntpHeader.NotSynchronized
                || Stratum > SntpHeader.HighestStratum
                || dispersion >= LargestDistance
                || half + dispersion >= LargestDistance)
            {
                return Unsynchronized;
            }

            if (IsZero(SntpHeader.Transmit) || IsZero(SntpHeader.Receive))
            {
                return Bogus;
            }

            Sent = GetTime(SntpHeader.Transmit);
            Held = Sent - GetTime(SntpHeader.Receive);
            return Held < 0 ? Bogus : Good;
        }

        private uint GetUInt32(int offset)
        {
            return ((uint)_packet[offset] << 24) | ((uint)_packet[offset + 1] << 16) | ((uint)_packet[offset + 2] << 8) | _packet[offset + 3];
        }

        private bool IsZero(int offset) => (GetUInt32(offset) | GetUInt32(offset + 4)) == 0;

        /// <summary>
        /// A time stamp in milliseconds since 1970. What has its top bit clear is after the wrap of 2036 (RFC 4330 section 3): good from 1968 to
        /// 2104.
        /// </summary>
        private long GetTime(int offset)
        {
            uint seconds = GetUInt32(offset);
            long whole = seconds - SecondsTo1970 + (seconds >> 31 == 0 ? SecondsOfEra : 0);
            return (whole * 1000) + (long)((((ulong)GetUInt32(offset + 4) * 1000) + HalfUnit) >> 32);
        }
    }
}
