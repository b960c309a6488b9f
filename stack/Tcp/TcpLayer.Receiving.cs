// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.IPv4;

namespace TcpIp.Tcp
{
    /// <content>
    /// The way in: whose a segment is, the connection's with both endpoints, a half-open one's, or a listener's.
    /// </content>
    public sealed partial class TcpLayer
    {
        /// <inheritdoc/>
        internal override void Receive(Frame frame, int payload, uint source, bool broadcast)
        {
            // in one piece: whose a segment is takes a few comparisons, and a call for each step would cost as much as they do
            _counters._segmentsReceived++;
            if (payload != TcpSegment.Start)
            {
                MoveToStart(frame, payload);
            }

            TcpSegment segment = _segment;
            uint sum = segment.Parse(frame, source);
            if (sum == 0)
            {
                _counters._badLength++;
                return;
            }

            int length = frame.Length - TcpSegment.Start - TcpHeader.MinimumLength;
            if (length > 0)
            {
                sum = length < BlockCopier.Worthwhile
                    ? InternetChecksum.Add(sum, frame, TcpSegment.Start + TcpHeader.MinimumLength, length)
                    : _pool.Copier.Add(sum, frame, TcpSegment.Start + TcpHeader.MinimumLength, length);
            }

            // MUST-57: no connection to all hosts at once
            if (broadcast)
            {
                _counters._malformed++;
                return;
            }

            sum = (sum & 0xFFFF) + (sum >> 16);
            if (sum != 0xFFFF && InternetChecksum.Fold(sum) != 0xFFFF)
            {
                _counters._badChecksum++;
                return;
            }

            // segments come in trains
            TcpControlBlock block = _lastFound;
            if (block.RemotePort != segment.SourcePort || block.RemoteAddress != segment.Source || block.LocalPort != segment.DestinationPort
                || block.State == TcpState.Closed || block.State == TcpState.TimeWait)
            {
                // port 0 is nobody's
                if (segment.SourcePort == 0 || segment.DestinationPort == 0)
                {
                    _counters._malformed++;
                    return;
                }

                block = Find(segment);
                if (block == null)
                {
                    _segmentArrives.InClosed(segment);
                    return;
                }
            }

            switch (block.State)
            {
                case TcpState.Listen:
                    block = ReceiveForListener(block, segment);
                    if (block == null)
                    {
                        return;
                    }

                    _segmentArrives.Process(block, segment, _turn.Now);
                    break;

                case TcpState.SynSent:
                    Changes++;
                    _segmentArrives.InSynSent(block, segment, _turn.Now);
                    break;

                default:
                    if (block.Descriptor >= 0)
                    {
                        // what nobody holds, any more or yet, changes for nobody; that there is one more to accept Allocate has said
                        Changes++;
                    }

                    _segmentArrives.Process(block, segment, _turn.Now);
                    break;
            }

            Touch(block);
        }

        /// <summary>
        /// Moves a segment to where all others begin: there are options before it, of which TCP takes no notice, or room for them.
        /// </summary>
        private static void MoveToStart(Frame frame, int payload)
        {
            int length = frame.Length - payload;
            frame.CopyWordsTo(payload, frame.Words, (TcpSegment.Start >> 1) + Frame.PrefixWords, (length + 1) >> 1);
            frame.Length = TcpSegment.Start + length;
        }

        /// <summary>
        /// Deals with a segment that was kept until there was a connection for it.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The frame.</param>
        internal void ReceiveKept(TcpControlBlock block, Frame frame)
        {
            TcpSegment segment = _segment;
            segment.ParseKept(frame, block.RemoteAddress, block.SndWnd);
            _segmentArrives.Process(block, segment, _turn.Now);
        }

        /// <summary>
        /// A segment for a port that somebody listens on, and for no connection.
        /// </summary>
        /// <returns>The connection that it opens and that goes on with it, or null where it ends here.</returns>
        private TcpControlBlock ReceiveForListener(TcpControlBlock listener, TcpSegment segment)
        {
            // those that are half open have timers of their own
            _turn.Ask();
            TcpHalfOpen entry = SynQueue.InUse > 0 ? SynQueue.Find(listener, segment) : null;
            if (entry != null)
            {
                return SynQueue.Receive(entry, segment, _turn.Now);
            }

            if (SynQueue.AcknowledgesCookie(segment, _turn.Now))
            {
                return SynQueue.Open(listener, segment, _turn.Now);
            }

            _segmentArrives.InListen(listener, segment, _turn.Now);
            return null;
        }

        /// <summary>
        /// Finds the block of a segment: the connection with both endpoints, else a listener on the port. One on a loopback address is there for
        /// ourselves alone: others are told that nobody listens.
        /// </summary>
        private TcpControlBlock Find(TcpSegment segment)
        {
            TcpControlBlock block = _table.Find(segment.DestinationPort, segment.Source, segment.SourcePort);
            if (block != null && block.State != TcpState.Closed)
            {
                if (block.State != TcpState.TimeWait || block.Descriptor >= 0 || !IsNewConnection(block, segment))
                {
                    _lastFound = block;
                    return block;
                }

                // the peer uses the port pair again; its numbers tell it from an old duplicate (RFC 9293 MAY-2)
                _ending.End(block, SocketError.Success);
            }

            return FindListener(segment.DestinationPort, segment.Source);
        }

        private TcpControlBlock FindListener(int port, uint source)
        {
            TcpControlBlock[] blocks = _blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.State == TcpState.Listen && block.LocalPort == port)
                {
                    return block.IsLocalOnly && source != _ipv4.Address ? null : block;
                }
            }

            return null;
        }

        private static bool IsNewConnection(TcpControlBlock block, TcpSegment segment)
        {
            return (segment.Flags & (TcpHeader.Syn | TcpHeader.Ack | TcpHeader.Rst)) == TcpHeader.Syn
                && SequenceNumber.Before(block.RcvNxt, segment.Sequence);
        }
    }
}
