// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.IPv4;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Makes segments: puts the TCP header in front of the text, and hands them to IP. Owns where they go:
    /// <see cref="TcpControlBlock.Station"/>, <see cref="TcpControlBlock.StationEnd"/> and <see cref="TcpControlBlock.PseudoHeaderSum"/>.
    /// </summary>
    internal sealed class TcpTransmitter
    {
        /// <summary>Offset of the TCP header in frames that we send: IPv4 options are never used.</summary>
        internal const int HeaderStart = IPv4Header.Options;

        /// <summary>Offset of the text in frames that we send.</summary>
        internal const int TextStart = HeaderStart + TcpHeader.MinimumLength;

        /// <summary>The smallest frame that is worth being filled with text, in bytes.</summary>
        internal const int SmallestFrame = TextStart + 8;

        /// <summary>Bytes of an IPv4 and a TCP header.</summary>
        internal const int HeadersLength = IPv4Header.MinimumLength + TcpHeader.MinimumLength;

        /// <summary>Bytes of text in a full segment (RFC 9293 section 3.7.1: MTU - 40).</summary>
        internal const int OurMss = EthernetHeader.MaximumPayload - HeadersLength;

        /// <summary>Whether selective acknowledgments are offered: not by who keeps nothing that arrives after a gap.</summary>
        internal readonly bool OffersSack;

        private readonly IPv4Layer _ipv4;
        private readonly FramePool _pool;
        private readonly TcpCounters _counters;
        private readonly TcpReceiveWindow _window;

        // of our own, for what has no text and is addressed, so that it never waits for a neighbour: most often it has left when the
        // call returns, and need not be rented and returned
        private readonly Frame _control;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpTransmitter"/> class.
        /// </summary>
        /// <param name="ipv4">The layer below.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="window">Tells the peer what there is room for.</param>
        /// <param name="configuration">Sizes.</param>
        internal TcpTransmitter(IPv4Layer ipv4, FramePool pool, TcpCounters counters, TcpReceiveWindow window, StackConfiguration configuration)
        {
            OffersSack = configuration.TcpOutOfOrderFrames > 0;
            _ipv4 = ipv4;
            _pool = pool;
            _counters = counters;
            _window = window;
            _control = new Frame(TextStart + TcpOptions.MaximumSegmentSizeLength + TcpOptions.SackPermittedLength, pool.Order, FrameClass.NoPool);
            _control.Retain();
        }

        /// <summary>Gets the layer's counters.</summary>
        internal TcpCounters Counters => _counters;

        /// <summary>
        /// Sends a mere acknowledgment.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void SendAck(TcpControlBlock block, int now)
        {
            SendControl(block, SendSequence.Next(block), TcpHeader.Ack, now);
        }

        /// <summary>
        /// Acknowledges text that had arrived before, and says so (D-SACK, RFC 2883): a sender that repeated it in vain can take
        /// back what it concluded of the network.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="start">Sequence number of the text.</param>
        /// <param name="end">The number behind it, RCV.NXT or before.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void SendDuplicateAck(TcpControlBlock block, uint start, uint end, int now)
        {
            SendControl(block, SendSequence.Next(block), TcpHeader.Ack, start, end, now);
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
            return SendControl(block, sequence, flags, 0, 0, now);
        }

        private SocketError SendControl(TcpControlBlock block, uint sequence, int flags, uint duplicateStart, uint duplicateEnd, int now)
        {
            bool syn = (flags & TcpHeader.Syn) != 0;
            int options = flags == TcpHeader.Ack ? TcpSack.OptionLength(block, duplicateStart != duplicateEnd) : 0;
            Frame frame = options == 0 && block.Station != 0 && _control.References == 1
                ? _control
                : _pool.Rent(TextStart + (syn ? TcpOptions.MaximumSegmentSizeLength + TcpOptions.SackPermittedLength : options));
            if (frame == null)
            {
                // what has a sequence number is repeated by its timer
                _counters._noFrame++;
                if (!syn)
                {
                    AcknowledgmentPolicy.RetrySoon(block, now);
                }

                return SocketError.NoBufferSpace;
            }

            if (syn)
            {
                // the first SYN offers selective acknowledgments, the answer takes the offer up (RFC 2018 section 2)
                bool sack = (flags & TcpHeader.Ack) == 0 ? OffersSack : block.SackPermitted;
                options = TcpOptions.WriteSyn(frame, TextStart, OurMss, sack);
            }
            else if (options != 0)
            {
                TcpSack.Write(block, frame, TextStart, options, duplicateStart, duplicateEnd);
                _counters._sackSent++;
            }

            SocketError result = Transmit(block, frame, sequence, flags, options, 0, 0);
            if (frame != _control)
            {
                _pool.Return(frame);
            }

            return result;
        }

        /// <summary>
        /// Sends text, from the beginning of a frame of the send queue.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The frame.</param>
        /// <param name="length">Bytes of text.</param>
        /// <param name="flags">The flags.</param>
        internal void SendText(TcpControlBlock block, Frame frame, int length, int flags)
        {
            // what was summed once need not be summed again when it is sent again
            if (frame.SummedLength != length)
            {
                frame.PayloadSum = _pool.Copier.Add(0, frame, frame.PayloadOffset, length);
                frame.SummedLength = length;
            }

            Transmit(block, frame, frame.Sequence, flags, 0, length, frame.PayloadSum);
        }

        /// <summary>
        /// Answers a peer whose connection has no control block yet: SYN and acknowledgment, or a mere acknowledgment.
        /// </summary>
        /// <param name="entry">The half-open connection.</param>
        /// <param name="syn">Whether to send our SYN.</param>
        /// <param name="received">The frame that is answered at once, or null.</param>
        internal void SendHalfOpen(TcpHalfOpen entry, bool syn, Frame received)
        {
            Frame frame = received != null && _control.References == 1
                ? _control
                : _pool.Rent(TextStart + (syn ? TcpOptions.MaximumSegmentSizeLength + TcpOptions.SackPermittedLength : 0));
            if (frame == null)
            {
                _counters._noFrame++;
                return;
            }

            int headerLength = TcpHeader.MinimumLength;
            uint sequence = entry.Iss + 1;
            int flags = TcpHeader.Ack;
            if (syn)
            {
                headerLength += TcpOptions.WriteSyn(frame, TextStart, OurMss, (entry.Marks & TcpHalfOpen.SackPermitted) != 0);
                sequence = entry.Iss;
                flags |= TcpHeader.Syn;
            }

            TcpControlBlock listener = entry.Listener;
            uint sum = WriteHeader(
                frame, listener.LocalPort, entry.RemotePort, sequence, entry.Irs + 1, headerLength, flags, entry.ReceiveWindow);
            sum += IPv4Header.PseudoHeaderSum(frame, _ipv4.Address, entry.RemoteAddress, IPv4Header.ProtocolTcp);
            Finish(frame, Address(frame, received), entry.RemoteAddress, sum, headerLength, 0, false, listener.TimeToLive);
            if (frame != _control)
            {
                _pool.Return(frame);
            }
        }

        /// <summary>
        /// Answers a SYN of which nothing is remembered.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <param name="segment">The SYN.</param>
        /// <param name="iss">ISS, which is a cookie.</param>
        internal void SendCookie(TcpControlBlock listener, TcpSegment segment, uint iss)
        {
            Frame frame = _pool.Rent(TextStart + TcpOptions.MaximumSegmentSizeLength);
            if (frame == null)
            {
                _counters._noFrame++;
                return;
            }

            int headerLength = TcpHeader.MinimumLength + TcpOptions.WriteSyn(frame, TextStart, OurMss, false);
            uint sum = WriteHeader(
                frame,
                segment.DestinationPort,
                segment.SourcePort,
                iss,
                segment.Sequence + 1,
                headerLength,
                TcpHeader.Syn | TcpHeader.Ack,
                _window.Least());
            sum += IPv4Header.PseudoHeaderSum(frame, _ipv4.Address, segment.Source, IPv4Header.ProtocolTcp);
            Finish(frame, Address(frame, segment.Frame), segment.Source, sum, headerLength, 0, false, listener.TimeToLive);
            _pool.Return(frame);
        }

        /// <summary>
        /// A peer has completed its handshake: it is where our SYN went, and nobody need be asked for it.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="received">The frame that shows it.</param>
        internal void Confirm(TcpControlBlock block, Frame received)
        {
            // as the words lie, for that is how they go out again
            const int Source = (EthernetHeader.Source >> 1) + Frame.PrefixWords;
            ushort[] words = received.Words;
            block.Station = (uint)((words[Source] << 16) | words[Source + 1]);
            block.StationEnd = words[Source + 2];
            _ipv4.ConfirmNeighbour(block.RemoteAddress, received);
        }

        /// <summary>
        /// The peer may have moved to another station: from here on ARP must know.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void ForgetStation(TcpControlBlock block)
        {
            block.Station = 0;
        }

        /// <summary>
        /// Ends a connection that has no control block yet.
        /// </summary>
        /// <param name="entry">The half-open connection.</param>
        internal void ResetHalfOpen(TcpHalfOpen entry)
        {
            SendBare(entry.RemoteAddress, entry.Listener.LocalPort, entry.RemotePort, entry.Iss + 1, entry.Irs + 1, TcpHeader.Rst | TcpHeader.Ack);
        }

        /// <summary>
        /// Answers a segment that no connection wants (RFC 9293 section 3.10.7.1).
        /// </summary>
        /// <param name="segment">The segment; it has no RST.</param>
        internal void SendReset(TcpSegment segment)
        {
            bool acknowledges = (segment.Flags & TcpHeader.Ack) != 0;
            SendBare(
                segment.Source,
                segment.DestinationPort,
                segment.SourcePort,
                acknowledges ? segment.Acknowledgment : 0,
                acknowledges ? 0 : segment.Sequence + (uint)segment.Length(),
                acknowledges ? TcpHeader.Rst : TcpHeader.Rst | TcpHeader.Ack);
        }

        /// <summary>
        /// Addresses a frame to the station that another one came from, if there is one.
        /// </summary>
        private static bool Address(Frame frame, Frame received)
        {
            if (received == null)
            {
                return false;
            }

            frame.CopyWordsFrom(EthernetHeader.Destination, received.Words, (EthernetHeader.Source >> 1) + Frame.PrefixWords, 3);
            return true;
        }

        private void SendBare(uint destination, int sourcePort, int destinationPort, uint sequence, uint acknowledgment, int flags)
        {
            if (!_ipv4.MayAnswer())
            {
                return;
            }

            Frame frame = _pool.Rent(TextStart);
            if (frame == null)
            {
                _counters._noFrame++;
                return;
            }

            uint sum = WriteHeader(frame, sourcePort, destinationPort, sequence, acknowledgment, TcpHeader.MinimumLength, flags, 0);
            sum += IPv4Header.PseudoHeaderSum(frame, _ipv4.Address, destination, IPv4Header.ProtocolTcp);
            Finish(frame, false, destination, sum, TcpHeader.MinimumLength, 0, false, IPv4Layer.DefaultTimeToLive);
            _pool.Return(frame);
            _counters._resetsSent++;
        }

        private SocketError Transmit(TcpControlBlock block, Frame frame, uint sequence, int flags, int options, int textLength, uint textSum)
        {
            int window = 0;
            if ((flags & TcpHeader.Rst) == 0)
            {
                window = _window.Open(block);
            }

            int headerLength = TcpHeader.MinimumLength + options;
            uint sum = WriteHeader(
                frame,
                block.LocalPort,
                block.RemotePort,
                sequence,
                (flags & TcpHeader.Ack) != 0 ? block.RcvNxt : 0,
                headerLength,
                flags,
                window);

            if (block.PseudoHeaderSum == 0 && _ipv4.Address != IPv4Address.Any)
            {
                block.PseudoHeaderSum = IPv4Header.PseudoHeaderSum(frame, _ipv4.Address, block.RemoteAddress, IPv4Header.ProtocolTcp);
            }

            // every segment carries the acknowledgment: the ride is shared. But what has arrived after a gap is told without text
            if ((flags & TcpHeader.Ack) != 0 && (textLength == 0 || !block.SackPermitted || block.OutOfOrderQueue.Head == null))
            {
                AcknowledgmentPolicy.Acknowledged(block);
            }

            bool addressed = block.Station != 0;
            if (addressed)
            {
                ushort[] words = frame.Words;
                words[Frame.PrefixWords] = (ushort)(block.Station >> 16);
                words[Frame.PrefixWords + 1] = (ushort)block.Station;
                words[Frame.PrefixWords + 2] = (ushort)block.StationEnd;
            }

            sum += block.PseudoHeaderSum + textSum;
            return Finish(frame, addressed, block.RemoteAddress, sum, headerLength, textLength, block.MayFragment, block.TimeToLive);
        }

        /// <summary>
        /// Writes a header but for its options and checksum.
        /// </summary>
        /// <returns>The sum of its words as they lie.</returns>
        private static uint WriteHeader(Frame frame, int source, int destination, uint sequence, uint acknowledgment, int headerLength, int flags, int window)
        {
            // the words are put together here: a call for each field would cost more than all of it
            int offsetFlags = (headerLength << 10) | flags;
            if (frame.LowByteFirst)
            {
                // the two words of a number are swapped at once
                sequence = ((sequence & Frame.LowBytes) << 8) | ((sequence >> 8) & Frame.LowBytes);
                acknowledgment = ((acknowledgment & Frame.LowBytes) << 8) | ((acknowledgment >> 8) & Frame.LowBytes);
                source = ((source & 0xFF) << 8) | (source >> 8);
                destination = ((destination & 0xFF) << 8) | (destination >> 8);
                offsetFlags = ((offsetFlags & 0xFF) << 8) | (offsetFlags >> 8);
                window = ((window & 0xFF) << 8) | (window >> 8);
            }

            const int First = (HeaderStart >> 1) + Frame.PrefixWords;
            ushort[] words = frame.Words;
            uint sequenceHigh = sequence >> 16;
            uint acknowledgmentHigh = acknowledgment >> 16;
            words[First] = (ushort)source;
            words[First + 1] = (ushort)destination;
            words[First + 2] = (ushort)sequenceHigh;
            words[First + 3] = (ushort)sequence;
            words[First + 4] = (ushort)acknowledgmentHigh;
            words[First + 5] = (ushort)acknowledgment;
            words[First + 6] = (ushort)offsetFlags;
            words[First + 7] = (ushort)window;
            words[First + 9] = 0;
            return (uint)(source + destination + offsetFlags + window)
                + sequenceHigh + (sequence & 0xFFFF) + acknowledgmentHigh + (acknowledgment & 0xFFFF);
        }

        private SocketError Finish(
            Frame frame, bool addressed, uint destination, uint sum, int headerLength, int textLength, bool mayFragment, int timeToLive)
        {
            if (_ipv4.Address == IPv4Address.Any)
            {
                // the link is being asked whether our address is still ours: what matters is sent again
                return SocketError.AddressNotAvailable;
            }

            const int Options = (TextStart >> 1) + Frame.PrefixWords;
            int length = headerLength + textLength;
            ushort[] words = frame.Words;
            sum += (uint)(frame.LowByteFirst ? ((length & 0xFF) << 8) | (length >> 8) : length);
            for (int i = Options; i < Options + ((headerLength - TcpHeader.MinimumLength) >> 1); i++)
            {
                sum += words[i];
            }

            sum = (sum & 0xFFFF) + (sum >> 16);
            words[((HeaderStart + TcpHeader.Checksum) >> 1) + Frame.PrefixWords] = (ushort)~(sum + (sum >> 16));
            _counters._segmentsSent++;

            if (addressed)
            {
                return _ipv4.SendAddressed(frame, destination, IPv4Header.ProtocolTcp, length, mayFragment, timeToLive);
            }

            // on an open connection a segment that cannot leave now is a lost segment: the retransmission timer sees to it
            return _ipv4.Send(frame, destination, IPv4Header.ProtocolTcp, length, mayFragment, timeToLive);
        }
    }
}
