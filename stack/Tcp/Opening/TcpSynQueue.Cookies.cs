// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <content>
    /// Peers of whom nothing is remembered but what their cookie says.
    /// </content>
    internal sealed partial class TcpSynQueue
    {
        /// <summary>
        /// Whether a segment completes a handshake of which nothing was remembered: it acknowledges a cookie.
        /// </summary>
        /// <param name="segment">The segment of a peer that has no entry.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it does.</returns>
        internal bool AcknowledgesCookie(TcpSegment segment, int now)
        {
            return (segment.Flags & (TcpHeader.Ack | TcpHeader.Syn | TcpHeader.Rst)) == TcpHeader.Ack
                && _cookies.MayBeOut(now) && _cookies.IsValid(segment, now);
        }

        /// <summary>
        /// Whether a segment that belongs to nothing known may be a later one of a peer that has a cookie, whose first one was lost or
        /// found no room: then a RST would end a connection that comes about when that is sent again.
        /// </summary>
        /// <param name="segment">A segment with ACK.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it may.</returns>
        internal bool MayBeLater(TcpSegment segment, int now)
        {
            return (segment.TextLength > 0 || (segment.Flags & TcpHeader.Fin) != 0) && _cookies.MayBeOut(now);
        }

        /// <summary>
        /// Opens a connection of which nothing was remembered. How long its handshake took is not known.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <param name="segment">A segment that <see cref="AcknowledgesCookie"/>.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>A control block, now ESTABLISHED, that goes on with the segment, or null where it ends here.</returns>
        internal TcpControlBlock Open(TcpControlBlock listener, TcpSegment segment, int now)
        {
            uint iss = segment.Acknowledgment - 1;
            uint irs = segment.Sequence - 1;
            int size = TcpSynCookies.SegmentSize(iss);
            TcpControlBlock block = Proven > 0 ? null : Create(listener, segment.Source, segment.SourcePort, irs, iss, 0, _tcp.Window.Least());
            if (block == null)
            {
                TcpHalfOpen entry = FindForgettable(segment.TextLength > 0);
                if (entry == null)
                {
                    _counters._acceptQueueFull++;
                    return null;
                }

                Begin(entry, listener, segment, now);
                entry.Irs = irs;
                entry.Iss = iss;
                entry.ReceiveWindow = _tcp.Window.Least();
                entry.MaximumSegmentSize = size;
                entry.Retransmits = 0;
                KeepWaiting(entry, segment);
                return null;
            }

            _transmitter.Confirm(block, segment.Frame);
            _handshake.TakePeer(block, irs, size, segment.Window, false);
            _handshake.Complete(block, segment.Sequence, segment.Acknowledgment, segment.Window, now);
            return block;
        }
    }
}
