// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.IPv4;

namespace TcpIp.Icmp
{
    /// <summary>
    /// Tells senders what became of their packets, within a rate limit (RFC 1122 section 3.2.2).
    /// </summary>
    internal sealed class IcmpErrors : IErrorSender
    {
        private readonly Turn _turn;
        private readonly IPv4Layer _ipv4;
        private readonly FramePool _pool;
        private readonly IcmpCounters _counters;
        private readonly ErrorBudget _budget;

        internal IcmpErrors(Turn turn, IPv4Layer ipv4, FramePool pool, RandomSource random, IcmpCounters counters)
        {
            _turn = turn;
            _ipv4 = ipv4;
            _pool = pool;
            _counters = counters;
            _budget = new ErrorBudget(random);
        }

        /// <summary>
        /// Nobody listens on the port of a datagram.
        /// </summary>
        /// <param name="offending">The datagram, sent to us alone.</param>
        /// <param name="payload">Offset of its UDP header.</param>
        /// <param name="source">Who sent it.</param>
        internal void PortUnreachable(Frame offending, int payload, uint source)
        {
            SendError(offending, payload, source, IcmpHeader.TypeUnreachable, IcmpHeader.CodePortUnreachable);
        }

        /// <inheritdoc/>
        public void ProtocolUnreachable(Frame offending, int payload, uint source)
        {
            SendError(offending, payload, source, IcmpHeader.TypeUnreachable, IcmpHeader.CodeProtocolUnreachable);
        }

        /// <inheritdoc/>
        public void ReassemblyTimeExceeded(Frame first, int payload, uint source)
        {
            // no error about an error
            if (first.GetByte(IPv4Header.TtlProtocol + 1) != IPv4Header.ProtocolIcmp
                || !IcmpHeader.IsError(first.GetByte(payload + IcmpHeader.TypeCode)))
            {
                SendError(first, payload, source, IcmpHeader.TypeTimeExceeded, IcmpHeader.CodeReassemblyTimeExceeded);
            }
        }

        /// <summary>
        /// Tells a sender that its packet found no taker. The packet has passed the checks that forbid an answer: it was not
        /// for several hosts, no later fragment, no ICMP error, and its source is one host (RFC 1122 section 3.2.2).
        /// </summary>
        /// <param name="offending">The packet; it is quoted. Of one that came in fragments the first one's header is there.</param>
        /// <param name="payload">Offset of its payload, where it is not right behind the header.</param>
        /// <param name="source">Who sent it.</param>
        /// <param name="type">The kind of error.</param>
        /// <param name="code">What kind of that kind.</param>
        private void SendError(Frame offending, int payload, uint source, int type, int code)
        {
            if (!_ipv4.MayAnswer() || !_budget.TakeError(source, _turn.Now))
            {
                _counters._errorsLimited++;
                return;
            }

            // the IP header and at least 8 bytes of its payload go back unchanged (RFC 1122 section 3.2.2)
            int header = IPv4Header.HeaderLength(offending);
            int quoted = offending.Length - payload;
            if (quoted > QuotedPacket.PayloadLength)
            {
                quoted = QuotedPacket.PayloadLength;
            }

            const int Message = IPv4Header.Options;
            const int Quote = Message + IcmpHeader.Length;
            Frame frame = _pool.Rent(Quote + header + quoted);
            if (frame == null)
            {
                _counters._noFrame++;
                return;
            }

            frame.SetUInt16(Message + IcmpHeader.TypeCode, (type << 8) | code);
            frame.SetRaw(Message + IcmpHeader.Checksum, 0);
            frame.SetUInt32(Message + IcmpHeader.Rest, 0);
            offending.CopyWordsTo(IPv4Header.Start, frame.Words, (Quote >> 1) + Frame.PrefixWords, header >> 1);
            offending.CopyWordsTo(payload, frame.Words, ((Quote + header) >> 1) + Frame.PrefixWords, (quoted + 1) >> 1);

            int length = IcmpHeader.Length + header + quoted;
            frame.SetRaw(
                Message + IcmpHeader.Checksum,
                InternetChecksum.Complement(InternetChecksum.Add(0, frame, Message, length)));
            SocketError result = _ipv4.Send(frame, source, IPv4Header.ProtocolIcmp, length, true, IPv4Layer.DefaultTimeToLive);
            _pool.Return(frame);
            if (result == SocketError.Success)
            {
                _counters._errorsSent++;
            }
            else
            {
                _counters._notSent++;
            }
        }
    }
}
