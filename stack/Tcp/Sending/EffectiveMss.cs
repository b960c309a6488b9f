// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// How much text a segment to the peer may have: Eff.snd.MSS (RFC 9293 section 3.7.1). Owns <see cref="TcpControlBlock.SndMss"/>
    /// and <see cref="TcpControlBlock.MayFragment"/>.
    /// </summary>
    internal static class EffectiveMss
    {
        /// <summary>The peer's maximum segment size where it names none (RFC 9293 MUST-15).</summary>
        internal const int Default = WireSizes.SegmentForAll;

        /// <summary>Smaller segments than this are not worth their headers, whatever the peer says.</summary>
        internal const int Smallest = 64;

        /// <summary>What fits the 576 bytes that every host takes (RFC 1122 section 3.3.3): no router shrinks us below that.</summary>
        private const int SmallestByRouters = WireSizes.SegmentForAll;

        private const int FewSegments = 3;
        private const int ManySegments = 22;

        /// <summary>
        /// Takes what the peer's SYN names.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="mss">The option in bytes, or 0 where there is none.</param>
        internal static void Begin(TcpControlBlock block, int mss)
        {
            if (mss == 0)
            {
                mss = Default;
            }

            block.SndMss = mss < Smallest ? Smallest : mss > TcpTransmitter.OurMss ? TcpTransmitter.OurMss : mss;
        }

        /// <summary>
        /// Path MTU (RFC 1191), in its simplest form: segments get smaller, but never silly, and routers may cut up what is queued in larger
        /// ones. Nothing is tried to find out whether the path gets wider again.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="mtu">What a router has said, in bytes.</param>
        /// <returns>Whether segments are smaller from now on.</returns>
        internal static bool Shrink(TcpControlBlock block, int mtu)
        {
            int mss = mtu - TcpTransmitter.HeadersLength;
            if (mss < SmallestByRouters)
            {
                mss = SmallestByRouters;
            }

            if (mss >= block.SndMss)
            {
                return false;
            }

            block.SndMss = mss;
            block.MayFragment = true;
            return true;
        }

        /// <summary>
        /// Bytes of text in a full segment: the MSS, or less where the peer's window is small. Say the MSS is 1460 and the window
        /// 2000. After a segment of 1460 bytes the 540 that are left would have to wait for an acknowledgment, because they are no
        /// full segment (RFC 9293 section 3.8.6.2.1). Two segments of 1000 use the whole window. A window of 3 to 21 full segments
        /// is not divided: there one more header would cost more than the remainder brings.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Bytes; an even number if it is less than the MSS.</returns>
        internal static int SegmentSize(TcpControlBlock block)
        {
            int mss = block.SndMss;
            int window = block.MaxSndWnd;
            if ((window >= mss * FewSegments && window < mss * ManySegments) || window < Smallest)
            {
                return mss;
            }

            int segments = (window + mss - 1) / mss;
            return (window / segments) & ~1;
        }
    }
}
