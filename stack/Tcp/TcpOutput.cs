// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.IPv4;
using TcpIp.Sockets;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Decides what may be sent, and makes segments of it.
    /// </summary>
    internal sealed class TcpOutput
    {
        /// <summary>Offset of the TCP header in frames that we send: IPv4 options are never used.</summary>
        internal const int HeaderStart = IPv4Header.Options;

        /// <summary>Offset of the text in frames that we send.</summary>
        internal const int TextStart = HeaderStart + TcpHeader.MinimumLength;

        /// <summary>Bytes of an IPv4 and a TCP header.</summary>
        internal const int HeadersLength = IPv4Header.MinimumLength + TcpHeader.MinimumLength;

        /// <summary>Bytes of text in a full segment (RFC 9293 section 3.7.1: MTU - 40).</summary>
        internal const int OurMss = EthernetHeader.MaximumPayload - HeadersLength;

        private const int NoFrameRetry = 10;

        private readonly IPv4Layer _ipv4;
        private readonly EthernetLayer _ethernet;
        private readonly FramePool _pool;
        private readonly TcpCounters _counters;
        private readonly TcpReceiveWindow _window;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpOutput"/> class.
        /// </summary>
        /// <param name="ipv4">The layer below.</param>
        /// <param name="ethernet">Tells whether there is room to send.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="window">Tells the peer what there is room for.</param>
        internal TcpOutput(IPv4Layer ipv4, EthernetLayer ethernet, FramePool pool, TcpCounters counters, TcpReceiveWindow window)
        {
            _ipv4 = ipv4;
            _ethernet = ethernet;
            _pool = pool;
            _counters = counters;
            _window = window;
        }

        /// <summary>
        /// Sends what the connection may send: text, FIN, and the acknowledgment that is owed if none of these carried it.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Send(TcpControlBlock block, int now)
        {
            block.OutputPending = false;
            switch (block.State)
            {
                case TcpState.SynSent:
                case TcpState.SynReceived:
                    SendSyn(block, now);
                    break;

                case TcpState.Established:
                case TcpState.CloseWait:
                case TcpState.FinWait1:
                case TcpState.Closing:
                case TcpState.LastAck:
                    SendText(block, now);
                    break;

                default:
                    break;
            }

            if (block.AckPending)
            {
                if (_ethernet.HasRoom)
                {
                    SendAck(block, now);
                }
                else
                {
                    block.OutputPending = true;
                }
            }
        }

        /// <summary>
        /// Sends a mere acknowledgment.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void SendAck(TcpControlBlock block, int now)
        {
            SendControl(block, block.NextSequence(), TcpHeader.Ack, now);
        }

        /// <summary>
        /// Sends a segment without text: SYN, FIN, RST or a mere acknowledgment.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="sequence">SEG.SEQ.</param>
        /// <param name="flags">The flags.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Success, or why the segment went nowhere.</returns>
        internal SocketError SendControl(TcpControlBlock block, uint sequence, int flags, int now)
        {
            int options = (flags & TcpHeader.Syn) != 0 ? TcpOptions.MaximumSegmentSizeLength : 0;
            Frame frame = _pool.Rent(TextStart + options);
            if (frame == null)
            {
                // what has a sequence number is repeated by its timer; a mere acknowledgment has none, so it gets one
                _counters.NoFrame++;
                block.AckPending = false;
                if (!block.DelayedAckRunning && block.State != TcpState.Closed)
                {
                    block.DelayedAckRunning = true;
                    block.DelayedAckAt = now + NoFrameRetry;
                }

                return SocketError.NoBufferSpace;
            }

            if (options != 0)
            {
                TcpOptions.WriteMaximumSegmentSize(frame, TextStart, OurMss);
            }

            SocketError result = Transmit(block, frame, sequence, flags, options, 0, 0);
            _pool.Return(frame);
            return result;
        }

        /// <summary>
        /// Sends the first segment again that the peer has not acknowledged, without waiting for the timer.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void RetransmitFirst(TcpControlBlock block, int now)
        {
            _counters.Retransmissions++;
            _counters.FastRetransmissions++;

            // Karn's algorithm: what is timed may be what is repeated
            block.RttRunning = false;
            block.RetransmitRunning = true;
            block.RetransmitAt = now + block.Rto;
            Frame frame = block.SendQueue.Head;
            if (frame == null)
            {
                SendControl(block, block.SndUna, TcpHeader.Fin | TcpHeader.Ack, now);
                return;
            }

            int sent = (int)(block.SndMax - frame.Sequence);
            int length = frame.PayloadLength < sent ? frame.PayloadLength : sent;
            bool last = frame.Next == null && length == frame.PayloadLength;
            int flags = last ? TcpHeader.Ack | TcpHeader.Psh : TcpHeader.Ack;
            if (last && block.FinSent())
            {
                flags |= TcpHeader.Fin;
            }

            TransmitText(block, frame, length, flags);
        }

        /// <summary>
        /// The persist timer has expired. If the window is closed, one byte goes out so that the peer tells it again (RFC 9293
        /// section 3.8.6.1). If it is merely small, it has been waited for long enough, and what fits is sent (section 3.8.6.2.1).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it was a probe: the timer goes on.</returns>
        internal bool SendPersistent(TcpControlBlock block, int now)
        {
            Frame frame = block.SendQueue.Head;
            if (frame == null)
            {
                return false;
            }

            bool probe = block.SndWnd == 0;
            int length = (int)(block.SndUna - frame.Sequence) + (probe ? 1 : block.SndWnd);
            if (length > frame.PayloadLength)
            {
                length = frame.PayloadLength;
            }

            TransmitText(block, frame, length, TcpHeader.Ack | TcpHeader.Psh);
            uint end = frame.Sequence + (uint)length;
            if (!probe)
            {
                Advance(block, end, now);
                return false;
            }

            _counters.WindowProbes++;
            if (SequenceNumber.Before(block.SndMax, end))
            {
                block.SndMax = end;
            }

            return true;
        }

        /// <summary>
        /// Answers a segment that no connection wants (RFC 9293 section 3.10.7.1).
        /// </summary>
        /// <param name="segment">The segment; it has no RST.</param>
        internal void SendReset(TcpSegment segment)
        {
            Frame frame = _pool.Rent(TextStart);
            if (frame == null)
            {
                _counters.NoFrame++;
                return;
            }

            uint sequence;
            uint acknowledgment;
            int flags;
            if ((segment.Flags & TcpHeader.Ack) != 0)
            {
                sequence = segment.Acknowledgment;
                acknowledgment = 0;
                flags = TcpHeader.Rst;
            }
            else
            {
                sequence = 0;
                acknowledgment = segment.Sequence + (uint)segment.Length();
                flags = TcpHeader.Rst | TcpHeader.Ack;
            }

            WriteHeader(frame, segment.DestinationPort, segment.SourcePort, sequence, acknowledgment, TcpHeader.MinimumLength, flags, 0);
            uint sum = IPv4Header.PseudoHeaderSum(frame, _ipv4.Address, segment.Source, IPv4Header.ProtocolTcp);
            Finish(frame, segment.Source, sum, TcpHeader.MinimumLength, 0, false);
            _pool.Return(frame);
            _counters.ResetsSent++;
        }

        private void SendSyn(TcpControlBlock block, int now)
        {
            if (!block.SynPending)
            {
                return;
            }

            if (!_ethernet.HasRoom)
            {
                block.OutputPending = true;
                return;
            }

            block.SynPending = false;
            block.RetransmitRunning = true;
            block.RetransmitAt = now + block.Rto;
            if (block.Retransmits == 0)
            {
                block.UnacknowledgedSince = now;
                block.RttStartedAt = now;
            }

            block.SynResult = SendControl(
                block,
                block.Iss,
                block.State == TcpState.SynSent ? TcpHeader.Syn : TcpHeader.Syn | TcpHeader.Ack,
                now);
        }

        private void SendText(TcpControlBlock block, int now)
        {
            bool blocked = false;
            int full = block.SegmentSize();
            Frame frame = FirstUnsent(block);
            if (frame != null && block.SndUna == block.SndMax && now - block.LastSentAt > block.Rto)
            {
                TcpCongestion.WasIdle(block);
            }

            while (frame != null)
            {
                if (!_ethernet.HasRoom)
                {
                    block.OutputPending = true;
                    return;
                }

                int length = frame.PayloadLength;
                uint end = frame.Sequence + (uint)length;
                int window = block.SndWnd < block.CongestionWindow ? block.SndWnd : block.CongestionWindow;
                int room = (int)(block.SndUna + (uint)window - frame.Sequence);

                // a window probe is not under way in this sense: it does not move SND.NXT, and need not be acknowledged
                bool inFlight = block.SndUna != block.SndNxt;
                if (room < length)
                {
                    // sender's silly window avoidance (section 3.8.6.2.1): a part is worth it only if it is half of what the
                    // peer ever offered; else the timer overrides, or the window opens
                    int fresh = room - (int)(block.SndNxt - frame.Sequence);
                    if (fresh <= 0 || fresh < block.MaxSndWnd >> 1)
                    {
                        blocked = true;
                        break;
                    }

                    length = room;
                    end = frame.Sequence + (uint)length;
                }
                else if (length < full && (int)(block.SndEnd - block.SndNxt) < full
                    && inFlight && !block.NoDelay && !block.FinQueued && SequenceNumber.Before(block.SndMax, end))
                {
                    // Nagle: a short segment waits while another is under way; the acknowledgment sends it
                    break;
                }

                bool last = frame.Next == null && length == frame.PayloadLength;
                int flags = TcpHeader.Ack;
                if (last)
                {
                    flags |= TcpHeader.Psh;
                    if (block.FinQueued)
                    {
                        flags |= TcpHeader.Fin;
                    }
                }

                TransmitText(block, frame, length, flags);
                Advance(block, (flags & TcpHeader.Fin) != 0 ? end + 1 : end, now);
                if (length < frame.PayloadLength)
                {
                    break;
                }

                frame = frame.Next;
            }

            if (frame == null && block.FinQueued && block.SndNxt == block.SndEnd)
            {
                if (!_ethernet.HasRoom)
                {
                    block.OutputPending = true;
                    return;
                }

                SendControl(block, block.SndNxt, TcpHeader.Fin | TcpHeader.Ack, now);
                Advance(block, block.SndEnd + 1, now);
            }

            // with nothing under way but a probe, no acknowledgment will come to open the window: ask for it
            if (blocked && block.SndNxt == block.SndUna)
            {
                block.RetransmitRunning = false;
                if (!block.PersistRunning)
                {
                    block.PersistRunning = true;
                    block.Probes = 0;
                    block.PersistAt = now + block.Rto;
                    block.UnacknowledgedSince = now;
                }
            }
            else
            {
                block.PersistRunning = false;
            }
        }

        private void Advance(TcpControlBlock block, uint next, int now)
        {
            bool idle = block.SndUna == block.SndMax;
            block.LastSentAt = now;
            block.SndNxt = next;
            if (!SequenceNumber.Before(block.SndMax, next))
            {
                // sent before: Karn's algorithm does not time it
                _counters.Retransmissions++;
            }
            else
            {
                block.SndMax = next;
                if (!block.RttRunning)
                {
                    block.RttRunning = true;
                    block.RttSequence = next;
                    block.RttStartedAt = now;
                }
            }

            if (idle)
            {
                block.UnacknowledgedSince = now;
            }

            if (!block.RetransmitRunning)
            {
                block.RetransmitRunning = true;
                block.RetransmitAt = now + block.Rto;
            }
        }

        private static Frame FirstUnsent(TcpControlBlock block)
        {
            Frame frame = block.SendQueue.Head;
            uint next = block.SndNxt;
            while (frame != null && (int)(frame.Sequence + (uint)frame.PayloadLength - next) <= 0)
            {
                frame = frame.Next;
            }

            return frame;
        }

        private void TransmitText(TcpControlBlock block, Frame frame, int length, int flags)
        {
            // what was summed once need not be summed again when it is sent again
            if (frame.SummedLength != length)
            {
                frame.PayloadSum = InternetChecksum.Add(0, frame, frame.PayloadOffset, length);
                frame.SummedLength = length;
            }

            Transmit(block, frame, frame.Sequence, flags, 0, length, frame.PayloadSum);
        }

        private SocketError Transmit(TcpControlBlock block, Frame frame, uint sequence, int flags, int options, int textLength, uint textSum)
        {
            int window = 0;
            if ((flags & TcpHeader.Rst) == 0)
            {
                window = _window.Open(block);
            }

            WriteHeader(
                frame,
                block.LocalPort,
                block.RemotePort,
                sequence,
                (flags & TcpHeader.Ack) != 0 ? block.RcvNxt : 0,
                TcpHeader.MinimumLength + options,
                flags,
                window);

            if (block.PseudoHeaderSum == 0)
            {
                block.PseudoHeaderSum = IPv4Header.PseudoHeaderSum(frame, _ipv4.Address, block.RemoteAddress, IPv4Header.ProtocolTcp);
            }

            if ((flags & TcpHeader.Ack) != 0)
            {
                // every segment carries the acknowledgment: the ride is shared
                block.AckPending = false;
                block.DelayedAckRunning = false;
            }

            return Finish(frame, block.RemoteAddress, block.PseudoHeaderSum + textSum, TcpHeader.MinimumLength + options, textLength, block.MayFragment);
        }

        private static void WriteHeader(Frame frame, int source, int destination, uint sequence, uint acknowledgment, int headerLength, int flags, int window)
        {
            frame.SetUInt16(HeaderStart + TcpHeader.SourcePort, source);
            frame.SetUInt16(HeaderStart + TcpHeader.DestinationPort, destination);
            frame.SetUInt32(HeaderStart + TcpHeader.Sequence, sequence);
            frame.SetUInt32(HeaderStart + TcpHeader.Acknowledgment, acknowledgment);
            frame.SetUInt16(HeaderStart + TcpHeader.OffsetFlags, (headerLength << 10) | flags);
            frame.SetUInt16(HeaderStart + TcpHeader.Window, window);
            frame.SetRaw(HeaderStart + TcpHeader.Checksum, 0);
            frame.SetRaw(HeaderStart + TcpHeader.UrgentPointer, 0);
        }

        private SocketError Finish(Frame frame, uint destination, uint sum, int headerLength, int textLength, bool mayFragment)
        {
            int length = headerLength + textLength;
            sum += (uint)frame.ToRaw(length);
            sum = InternetChecksum.Add(sum, frame.Words, (HeaderStart >> 1) + Frame.PrefixWords, headerLength >> 1);
            frame.SetRaw(HeaderStart + TcpHeader.Checksum, InternetChecksum.Complement(sum));
            _counters.SegmentsSent++;

            // on an open connection a segment that cannot leave now is a lost segment: the retransmission timer sees to it
            return _ipv4.Send(frame, destination, IPv4Header.ProtocolTcp, length, mayFragment);
        }
    }
}
