// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;
using TcpIp.IPv4;

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
    public sealed class IcmpLayer : IPv4Protocol
    {
        /// <summary>Milliseconds after which one more error may be sent to a peer (a token bucket, RFC 1812 section 4.3.2.8).</summary>
        public const int ErrorInterval = 100;

        /// <summary>Errors that may be sent to a peer in a row.</summary>
        public const int ErrorBurst = 10;

        /// <summary>What asks for echoes.</summary>
        internal readonly IcmpEcho Echo;

        private readonly QuotedPacket _quote = new QuotedPacket();
        private readonly IPv4Layer _ipv4;
        private readonly IcmpCounters _counters = new IcmpCounters();
        private readonly IcmpErrors _errors;

        /// <param name="turn">Tells the time, and is asked for polls.</param>
        /// <param name="ipv4">The layer below.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="random">For identifiers of echo requests.</param>
        /// <param name="configuration">Sizes.</param>
        internal IcmpLayer(Turn turn, IPv4Layer ipv4, FramePool pool, RandomSource random, StackConfiguration configuration)
        {
            _ipv4 = ipv4;
            _errors = new IcmpErrors(turn, ipv4, pool, random, _counters);
            Echo = new IcmpEcho(turn, ipv4, _counters, random, configuration.TcpSockets + configuration.UdpSockets, configuration.EchoSockets);
            ipv4.Register(IPv4Header.ProtocolIcmp, this);
            ipv4.Register(_errors);
        }

        /// <summary>Gets the counters of this layer.</summary>
        public IcmpCounters Counters => _counters;

        /// <summary>What tells senders of errors.</summary>
        internal IcmpErrors Errors => _errors;

        /// <inheritdoc/>
        internal override void Receive(Frame frame, int payload, uint source, bool broadcast)
        {
            int length = frame.Length - payload;
            if (length < IcmpHeader.Length)
            {
                _counters._badLength++;
                return;
            }

            uint sum = length < BlockCopier.Worthwhile
                ? InternetChecksum.Add(0, frame, payload, length)
                : _ipv4.Pool.Copier.Add(0, frame, payload, length);
            sum = (sum & 0xFFFF) + (sum >> 16);
            if (sum != 0xFFFF && InternetChecksum.Fold(sum) != 0xFFFF)
            {
                _counters._badChecksum++;
                return;
            }

            int type = frame.Words[((payload + IcmpHeader.TypeCode) >> 1) + Frame.PrefixWords];
            type = frame.LowByteFirst ? type & 0xFF : type >> 8;
            if (type == IcmpHeader.TypeEchoRequest)
            {
                _counters._echoRequests++;
                if (broadcast)
                {
                    _counters._broadcastEcho++;
                }
                else
                {
                    SendEchoReply(frame, payload, length, source);
                }
            }
            else if (type == IcmpHeader.TypeUnreachable || type == IcmpHeader.TypeTimeExceeded || type == IcmpHeader.TypeParameterProblem)
            {
                _counters._errorsReceived++;
                ReportError(frame, payload, type, source);
            }
            else if (type == IcmpHeader.TypeEchoReply)
            {
                Echo.Reply(frame, payload, length, source);
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

        /// <inheritdoc/>
        internal override void ErrorReceived(QuotedPacket quote, uint source, int type, int code, int mtu)
        {
            Echo.Report(quote, source, type, code);
        }

        /// <inheritdoc/>
        internal override void NextHopUnreachable(uint neighbour)
        {
            Echo.NextHopUnreachable(neighbour);
        }

        /// <inheritdoc/>
        internal override void SendingEnded(SocketError result)
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

        private void ReportError(Frame frame, int offset, int type, uint source)
        {
            int code = frame.GetByte(offset + IcmpHeader.TypeCode + 1);
            if (!_quote.Parse(frame, offset + IcmpHeader.Length) || _quote.Source != _ipv4.Address)
            {
                _counters._errorsMalformed++;
                return;
            }

            IPv4Protocol protocol = _ipv4.FindProtocol(_quote.Protocol);
            if (protocol != null)
            {
                protocol.ErrorReceived(_quote, source, type, code, frame.GetUInt16(offset + IcmpHeader.NextHopMtu));
            }
        }

        private void SendEchoReply(Frame frame, int offset, int length, uint source)
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

            // Only the type changes, to 0, so the sum over all the data need not be made again: what is taken off the data is added to the
            // complement of its sum, with the carry around the end. That is the way of RFC 1141, whose fault (RFC 1624 section 3) cannot happen
            // where the data becomes less: and of data that is all zero then it is right where RFC 1624's way is not.
            const int TypeCode = ((IPv4Header.Options + IcmpHeader.TypeCode) >> 1) + Frame.PrefixWords;
            ushort[] words = frame.Words;
            int before = words[TypeCode];
            int after = frame.LowByteFirst ? before & 0xFF00 : before & 0x00FF;
            words[TypeCode] = (ushort)after;
            int sum = words[TypeCode + 1] + before - after;
            words[TypeCode + 1] = (ushort)(sum + (sum >> 16));

            SocketError result = _ipv4.Send(frame, source, IPv4Header.ProtocolIcmp, length, true, IPv4Layer.DefaultTimeToLive);
            if (result == SocketError.Success)
            {
                _counters._echoReplies++;
            }
            else if (result == SocketError.NoBufferSpace && source != _ipv4.Address)
            {
                _counters._noFrame++;
            }
            else if (result != SocketError.InProgress)
            {
                SendingEnded(result);
            }
        }
    }
}
