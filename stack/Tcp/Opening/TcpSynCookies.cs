// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// SYN cookies (RFC 4987 section 3.6): an initial sequence number from which a connection can be opened that nothing else was
    /// remembered of. So no flood of SYNs keeps an honest peer out.
    /// </summary>
    /// <remarks>
    /// <code>
    /// bits 31 to 4   a keyed hash of the peer's endpoint, our port, the peer's initial sequence number, time and segment size
    /// bit 3          the time, in steps of half a minute: a cookie is taken for 33 to 66 seconds
    /// bits 2 to 0    the peer's maximum segment size, rounded down to one of eight
    /// </code>
    /// What else the SYN offered is lost: the connection does without selective acknowledgments, and its first round trip is not
    /// timed. Our SYN is not repeated: the peer repeats its own. A last acknowledgment that is lost comes again with the peer's
    /// text; but where we are to speak first, both wait for each other until the peer gives up. Somebody who cannot see what we send
    /// must guess 28 bits, within a minute after the last cookie: one acknowledgment in 2^28 opens a connection, as by RFC 6528 one in
    /// 2^32 does on a half-open one.
    /// </remarks>
    internal sealed class TcpSynCookies
    {
        /// <summary>Bits of the millisecond count that a cookie leaves out.</summary>
        private const int StepBits = 15;

        private const uint StepMask = 0xFFFFFFFF >> StepBits;
        private const int StepShift = 3;
        private const uint SizeMask = 7;
        private const uint HashMask = 0xFFFFFFF0;

        /// <summary>Milliseconds after which no cookie is valid any more.</summary>
        private const uint Lifetime = 2u << StepBits;

        /// <summary>What links and tunnels have, and what is said where nothing is known.</summary>
        private static readonly int[] Sizes = new int[] { 64, 256, 536, 900, 1220, 1360, 1440, 1460 };

        private readonly InitialSequenceNumber _secret;
        private bool _sent;
        private int _sentAt;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpSynCookies"/> class.
        /// </summary>
        /// <param name="secret">Has the key.</param>
        internal TcpSynCookies(InitialSequenceNumber secret)
        {
            _secret = secret;
        }

        /// <summary>
        /// Whether there may be a peer that has a valid cookie.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether one was sent in the last minute.</returns>
        internal bool MayBeOut(int now)
        {
            if (_sent && (uint)(now - _sentAt) >= Lifetime)
            {
                _sent = false;
            }

            return _sent;
        }

        /// <summary>
        /// Makes a cookie of a SYN.
        /// </summary>
        /// <param name="segment">The SYN.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>ISS.</returns>
        internal uint Make(TcpSegment segment, int now)
        {
            _sent = true;
            _sentAt = now;
            int size = Sizes.Length - 1;
            while (size > 0 && Sizes[size] > Opened(segment.MaximumSegmentSize))
            {
                size--;
            }

            return Seal(segment, segment.Sequence, ((uint)now >> StepBits << StepShift) | (uint)size);
        }

        /// <summary>
        /// Looks whether a segment acknowledges a cookie that was made for its sender, for the number before its own, and lately.
        /// </summary>
        /// <param name="segment">A segment with ACK.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it does.</returns>
        internal bool IsValid(TcpSegment segment, int now)
        {
            uint cookie = segment.Acknowledgment - 1;
            uint step = (uint)now >> StepBits;
            if (((cookie >> StepShift) & 1) != (step & 1))
            {
                step = (step - 1) & StepMask;
            }

            return Seal(segment, segment.Sequence - 1, (step << StepShift) | (cookie & SizeMask)) == cookie;
        }

        /// <summary>
        /// The maximum segment size of the peer that a cookie was made for.
        /// </summary>
        /// <param name="cookie">A valid cookie.</param>
        /// <returns>Bytes.</returns>
        internal static int SegmentSize(uint cookie) => Sizes[(int)(cookie & SizeMask)];

        private static int Opened(int mss) => mss == 0 ? EffectiveMss.Default : mss;

        private uint Seal(TcpSegment segment, uint irs, uint stepAndSize)
        {
            uint ports = ((uint)segment.DestinationPort << 16) | (uint)segment.SourcePort;
            return (_secret.Hash(segment.Source, ports, irs, stepAndSize) & HashMask) | (stepAndSize & ~HashMask);
        }
    }
}
