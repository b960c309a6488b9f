// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;
using TcpIp.IPv4;
using TcpIp.Sockets;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp.Icmp
{
    /// <summary>
    /// Answers echo requests, asks for echoes, and tells senders what cannot be delivered (RFC 792, RFC 1122 section 3.2.2).
    /// </summary>
    /// <remarks>
    /// What tells a host how to behave towards its network is counted and ignored: redirects (type 5) would let any station of the
    /// link draw our traffic to itself, and there is one configured gateway to go by; source quench (4) is obsolete (RFC 6633), and so are
    /// timestamp, information and address mask messages (13 to 18, RFC 6918); router advertisements (9) are as good as redirects.
    /// </remarks>
    public sealed class IcmpLayer
    {
        /// <summary>Milliseconds after which one more error may be sent to a peer (a token bucket, RFC 1812 section 4.3.2.8).</summary>
        public const int ErrorInterval = 100;

        /// <summary>Errors that may be sent to a peer in a row.</summary>
        public const int ErrorBurst = 10;

        private readonly IcmpQuote _quote = new IcmpQuote();
        private readonly IPv4Layer _ipv4;
        private readonly FramePool _pool;
        private readonly IcmpCounters _counters = new IcmpCounters();
        private readonly IcmpEcho _echo;
        private UdpLayer _udp;
        private TcpLayer _tcp;
        private readonly ErrorBudget _budget;
        private int _now;

        /// <summary>
        /// Initializes a new instance of the <see cref="IcmpLayer"/> class.
        /// </summary>
        /// <param name="ipv4">The layer below.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="random">For identifiers of echo requests.</param>
        /// <param name="configuration">Sizes.</param>
        internal IcmpLayer(IPv4Layer ipv4, FramePool pool, RandomSource random, StackConfiguration configuration)
        {
            _ipv4 = ipv4;
            _pool = pool;
            _budget = new ErrorBudget(random);
            _echo = new IcmpEcho(ipv4, _counters, random, configuration.EchoSockets);
        }

        /// <summary>Gets the counters of this layer.</summary>
        public IcmpCounters Counters => _counters;

        /// <summary>Gets what asks for echoes.</summary>
        internal IcmpEcho Echo => _echo;

        /// <summary>
        /// Names the layers that hear of errors about what they sent.
        /// </summary>
        /// <param name="udp">Hears about its datagrams.</param>
        /// <param name="tcp">Hears about its segments.</param>
        internal void Connect(UdpLayer udp, TcpLayer tcp)
        {
            _udp = udp;
            _tcp = tcp;
        }

        /// <summary>
        /// Takes the time, so that what is received and sent from now on knows it.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void SetTime(int now)
        {
            _now = now;
            _echo.SetTime(now);
        }

        /// <summary>
        /// Deals with a received message.
        /// </summary>
        /// <param name="frame">The frame; an echo request becomes the reply.</param>
        /// <param name="offset">Offset of the message.</param>
        /// <param name="source">Who sent it.</param>
        /// <param name="broadcast">Whether it went to a broadcast address.</param>
        internal void Receive(Frame frame, int offset, uint source, bool broadcast)
        {
            int length = frame.Length - offset;
            if (length < IcmpHeader.Length)
            {
                _counters._badLength++;
                return;
            }

            if (InternetChecksum.Fold(InternetChecksum.Add(0, frame, offset, length)) != 0xFFFF)
            {
                _counters._badChecksum++;
                return;
            }

            int type = frame.GetByte(offset + IcmpHeader.TypeCode);
            if (type == IcmpHeader.TypeEchoRequest)
            {
                _counters._echoRequests++;
                if (broadcast)
                {
                    _counters._broadcastEcho++;
                }
                else
                {
                    Reply(frame, offset, length, source);
                }
            }
            else if (type == IcmpHeader.TypeUnreachable || type == IcmpHeader.TypeTimeExceeded || type == IcmpHeader.TypeParameterProblem)
            {
                _counters._errorsReceived++;
                Report(frame, offset, type, source);
            }
            else if (type == IcmpHeader.TypeEchoReply)
            {
                _echo.Reply(frame, offset, length, source);
            }
            else if (type == IcmpHeader.TypeRedirect)
            {
                _counters._redirectsIgnored++;
            }
            else if (type == IcmpHeader.TypeSourceQuench)
            {
                _counters._sourceQuenchesIgnored++;
            }
            else if (IcmpHeader.IsQuery(type))
            {
                _counters._queriesIgnored++;
            }
            else
            {
                _counters._ignored++;
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
        internal void SendError(Frame offending, int payload, uint source, int type, int code)
        {
            if (!_ipv4.MayAnswer() || !_budget.Take(source, _now))
            {
                _counters._errorsLimited++;
                return;
            }

            // the IP header and at least 8 bytes of its payload go back unchanged (RFC 1122 section 3.2.2)
            int header = IPv4Header.HeaderLength(offending);
            int quoted = offending.Length - payload;
            if (quoted > IcmpQuote.PayloadLength)
            {
                quoted = IcmpQuote.PayloadLength;
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

        /// <summary>
        /// Counts an echo reply.
        /// </summary>
        /// <param name="result">What became of it.</param>
        internal void ReplyEnded(SocketError result)
        {
            if (result == SocketError.Success)
            {
                _counters._echoReplies++;
            }
            else
            {
                _counters._notSent++;
            }
        }

        private void Report(Frame frame, int offset, int type, uint source)
        {
            int code = frame.GetByte(offset + IcmpHeader.TypeCode + 1);
            if (!_quote.Parse(frame, offset + IcmpHeader.Length) || _quote.Source != _ipv4.Address)
            {
                _counters._errorsMalformed++;
                return;
            }

            switch (_quote.Protocol)
            {
                case IPv4Header.ProtocolTcp:
                    _tcp.Errors.Report(_quote, type, code, frame.GetUInt16(offset + IcmpHeader.NextHopMtu));
                    break;

                case IPv4Header.ProtocolUdp:
                    _udp.Report(_quote, type, code);
                    break;

                case IPv4Header.ProtocolIcmp:
                    _echo.Report(_quote, source, type, code);
                    break;

                default:
                    break;
            }
        }

        private void Reply(Frame frame, int offset, int length, uint source)
        {
            if (!_ipv4.MayAnswer())
            {
                return;
            }

            if (offset != IPv4Header.Options)
            {
                // the request had IP options, the reply has none: its message moves up behind the shorter header
                Array.Copy(
                    frame.Words,
                    (offset >> 1) + Frame.PrefixWords,
                    frame.Words,
                    (IPv4Header.Options >> 1) + Frame.PrefixWords,
                    (length + 1) >> 1);
                offset = IPv4Header.Options;
            }

            // only the type changes, so the sum over all the data need not be made again (RFC 1624)
            int before = frame.GetRaw(offset + IcmpHeader.TypeCode);
            frame.SetByte(offset + IcmpHeader.TypeCode, IcmpHeader.TypeEchoReply);
            frame.SetRaw(
                offset + IcmpHeader.Checksum,
                InternetChecksum.Update(
                    frame.GetRaw(offset + IcmpHeader.Checksum),
                    before,
                    frame.GetRaw(offset + IcmpHeader.TypeCode)));

            SocketError result = _ipv4.Send(frame, source, IPv4Header.ProtocolIcmp, length, true, IPv4Layer.DefaultTimeToLive);
            if (result == SocketError.NoBufferSpace && source != _ipv4.Address)
            {
                _counters._noFrame++;
            }
            else if (result != SocketError.InProgress)
            {
                ReplyEnded(result);
            }
        }
    }
}
