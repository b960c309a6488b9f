// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// Which numbers of a segment belong to a connection (RFC 9293 sections 3.4 and 3.10.7.4). Distances are counted forward and
    /// without a sign from the number that begins a range: two comparisons by sign would meet again on the other side of the circle.
    /// </summary>
    internal static class TcpAcceptability
    {
        /// <summary>No window was ever larger: windows are not scaled.</summary>
        internal const int LargestWindow = 65535;

        /// <summary>
        /// Judges a segment by its sequence number, RST and SYN.
        /// </summary>
        /// <param name="next">RCV.NXT.</param>
        /// <param name="edge">RCV.NXT + RCV.WND.</param>
        /// <param name="segment">The segment.</param>
        /// <returns>What to do with it.</returns>
        internal static TcpVerdict Judge(uint next, uint edge, TcpSegment segment)
        {
            // first, check the sequence number
            if (!IsAcceptable(next, edge, segment))
            {
                return TcpVerdict.NotAcceptable;
            }

            // second, check the RST bit: only the very next sequence number resets, the rest of the window is asked again (RFC 5961
            // section 3.2)
            int flags = segment.Flags;
            if ((flags & TcpHeader.Rst) != 0)
            {
                return segment.Sequence == next ? TcpVerdict.Reset : TcpVerdict.Challenge;
            }

            // fourth, check the SYN bit (the third step, security, is not there): RFC 5961 section 4.2 answers any SYN with a
            // challenge, since an honest peer that has restarted will then send the right RST
            return (flags & TcpHeader.Syn) != 0 ? TcpVerdict.Challenge : TcpVerdict.Acceptable;
        }

        /// <summary>
        /// Whether something is acknowledged that was not before: SND.UNA &lt; SEG.ACK =&lt; SND.NXT.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="acknowledgment">SEG.ACK.</param>
        /// <returns>Whether it is.</returns>
        internal static bool AcknowledgesNew(TcpControlBlock block, uint acknowledgment)
        {
            return acknowledgment - block.SndUna - 1 < block.SndMax - block.SndUna;
        }

        /// <summary>
        /// Whether an acknowledgment can be from this connection: not of what was never sent, nor older than any window that we were
        /// ever told (RFC 5961 section 5.2).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="acknowledgment">SEG.ACK.</param>
        /// <returns>SND.UNA - MAX.SND.WND =&lt; SEG.ACK =&lt; SND.NXT.</returns>
        internal static bool CanAcknowledge(TcpControlBlock block, uint acknowledgment)
        {
            uint oldest = block.SndUna - (uint)block.MaxSndWnd;
            return acknowledgment - oldest <= block.SndMax - oldest;
        }

        /// <summary>
        /// The first check (section 3.10.7.4): whether any number of the segment is one that is asked for.
        /// </summary>
        private static bool IsAcceptable(uint next, uint edge, TcpSegment segment)
        {
            // the text of a RST is an explanation at best: it takes no place in the window
            int length = (segment.Flags & TcpHeader.Rst) != 0 ? 0 : segment.Length();
            int window = (int)(edge - next);
            uint sequence = segment.Sequence;
            if (window <= 0)
            {
                return length == 0 && sequence == next;
            }

            // RFC 9293's first case: it begins in the window
            uint from = sequence - next;
            if (from < (uint)window)
            {
                return true;
            }

            // its second case, and a third that it forgets: a segment that begins before the window and ends in it, or behind it, has
            // what is asked for. Refused, it would be repeated in vain until the connection dies. How far before is counted without
            // a sign: half of all numbers away is before and behind at once.
            if (length > 0)
            {
                return next - sequence < (uint)length;
            }

            // an acknowledgment without text has the number behind all that was sent: where that has filled the window and was lost,
            // it stands at the window's edge, and must be heard
            return from == (uint)window && (segment.Flags & TcpHeader.Rst) == 0;
        }
    }
}
