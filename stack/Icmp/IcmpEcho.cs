// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.IPv4;

namespace TcpIp.Icmp
{
    /// <summary>
    /// Asks other hosts for echoes (RFC 792 "Echo", RFC 1122 section 3.2.2.6): owns the table of echo control blocks, sends
    /// requests, and finds the one that an answer belongs to.
    /// </summary>
    /// <remarks>
    /// An answer counts only if it fits what is under way: a reply must come from the host that was asked, with identifier and sequence
    /// number, and an error must quote the request. Both numbers are random, so that only who saw the request can answer it.
    /// </remarks>
    internal sealed class IcmpEcho
    {
        private const int Message = IPv4Header.Options;

        /// <summary>Milliseconds after which a request that could not leave is tried again, if nothing happens before.</summary>
        private const int RetryInterval = 10;

        /// <summary>Whether requests are under way, so that the next poll has to look at them.</summary>
        internal bool HasUnderWay;

        private readonly Turn _turn;
        private readonly IPv4Layer _ipv4;
        private readonly IcmpCounters _counters;
        private readonly RandomSource _random;
        private readonly EchoControlBlock[] _blocks;

        /// <summary>
        /// Initializes a new instance of the <see cref="IcmpEcho"/> class.
        /// </summary>
        /// <param name="turn">Tells the time, and is asked for polls.</param>
        /// <param name="ipv4">The layer below.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="random">For identifiers.</param>
        /// <param name="first">The place of the first block in the table of all sockets.</param>
        /// <param name="sockets">How many blocks.</param>
        internal IcmpEcho(Turn turn, IPv4Layer ipv4, IcmpCounters counters, RandomSource random, int first, int sockets)
        {
            _turn = turn;
            _ipv4 = ipv4;
            _counters = counters;
            _random = random;
            _blocks = new EchoControlBlock[sockets];
            for (int i = 0; i < sockets; i++)
            {
                _blocks[i] = new EchoControlBlock(first + i);
            }
        }

        /// <summary>Gets the table of control blocks, used or not.</summary>
        internal EchoControlBlock[] Blocks => _blocks;

        /// <summary>
        /// Takes a block from the table.
        /// </summary>
        /// <returns>The block, or null.</returns>
        internal EchoControlBlock Allocate()
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                EchoControlBlock block = _blocks[i];
                if (!block.Attached)
                {
                    block.Attached = true;
                    block.TimeToLive = IPv4Layer.DefaultTimeToLive;
                    return block;
                }
            }

            return null;
        }

        /// <summary>
        /// Gives a block back. Descriptors of it no longer fit.
        /// </summary>
        /// <param name="block">The block.</param>
        internal void Free(EchoControlBlock block)
        {
            block.State = EchoState.Idle;
            block.Retire();
        }

        /// <summary>
        /// The answer has been told: the socket may ask anew.
        /// </summary>
        /// <param name="block">The socket.</param>
        internal static void EndAnswered(EchoControlBlock block)
        {
            block.State = EchoState.Idle;
        }

        /// <summary>
        /// Has the next poll send a request.
        /// </summary>
        /// <param name="block">The socket.</param>
        /// <param name="address">Whom to ask.</param>
        /// <param name="length">Bytes of data.</param>
        /// <param name="timeout">Milliseconds to wait for an answer.</param>
        internal void Request(EchoControlBlock block, uint address, int length, int timeout)
        {
            uint number = _random.Next();
            block.LocalPort = (int)(number >> 16);
            block.RemotePort = (int)(number & 0xFFFF);
            block.RemoteAddress = address;
            block.Length = length;
            block.Timeout = timeout;
            block.SentAt = _turn.Now;
            block.State = EchoState.Queued;
            HasUnderWay = true;
            _turn.Ask();
        }

        /// <summary>
        /// Sends what is to be sent, and gives up what has waited too long.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds until it must be called again.</returns>
        internal int Poll(int now)
        {
            int wait = int.MaxValue;
            HasUnderWay = false;
            for (int i = 0; i < _blocks.Length; i++)
            {
                EchoControlBlock block = _blocks[i];
                if (block.State == EchoState.Idle)
                {
                    continue;
                }

                if (block.State == EchoState.Queued || block.State == EchoState.Blocked)
                {
                    TrySend(block, now);
                }

                if (block.IsUnderWay)
                {
                    int left = block.Timeout - (now - block.SentAt);
                    if (left <= 0)
                    {
                        Finish(block, SocketError.TimedOut, block.RemoteAddress);
                    }
                    else
                    {
                        HasUnderWay = true;
                        left = block.State == EchoState.Blocked && left > RetryInterval ? RetryInterval : left;
                        wait = left < wait ? left : wait;
                    }
                }
            }

            return wait;
        }

        /// <summary>
        /// Deals with a received reply.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="offset">Offset of the message.</param>
        /// <param name="length">Bytes of message.</param>
        /// <param name="source">Who sent it.</param>
        internal void Reply(Frame frame, int offset, int length, uint source)
        {
            EchoControlBlock block = Find(frame.GetUInt32(offset + IcmpHeader.Rest), source);
            if (block == null)
            {
                _counters._echoRepliesIgnored++;
                return;
            }

            _counters._echoRepliesReceived++;
            Finish(block, SocketError.Success, source);
            block.AnswerLength = length - IcmpHeader.Length;
            block.AnswerTimeToLive = frame.GetByte(IPv4Header.TtlProtocol);
        }

        /// <summary>
        /// A host or router says that a message of ours did not arrive.
        /// </summary>
        /// <param name="quote">The message.</param>
        /// <param name="source">Who says so.</param>
        /// <param name="type">The ICMP type of the error.</param>
        /// <param name="code">The ICMP code of the error.</param>
        internal void Report(QuotedPacket quote, uint source, int type, int code)
        {
            // where ports would be the quote has type and code, and behind the checksum the two numbers
            if (quote.SourcePort >> 8 != IcmpHeader.TypeEchoRequest)
            {
                return;
            }

            EchoControlBlock block = Find(quote.Sequence, quote.Destination);
            if (block == null)
            {
                return;
            }

            SocketError error = type == IcmpHeader.TypeTimeExceeded ? SocketError.TimeToLiveExceeded
                : type == IcmpHeader.TypeUnreachable && code == IcmpHeader.CodeNetworkUnreachable ? SocketError.NetworkUnreachable
                : SocketError.HostUnreachable;
            Finish(block, error, source);
            block.TypeCode = (type << 8) | code;
        }

        /// <summary>
        /// A neighbour does not answer: neither will hosts behind it.
        /// </summary>
        /// <param name="neighbour">The neighbour's address.</param>
        internal void NextHopUnreachable(uint neighbour)
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                EchoControlBlock block = _blocks[i];
                if (block.IsUnderWay && _ipv4.GoesThrough(block.RemoteAddress, neighbour))
                {
                    Finish(block, SocketError.HostUnreachable, _ipv4.Address);
                }
            }
        }

        private EchoControlBlock Find(uint identifierSequence, uint address)
        {
            int identifier = (int)(identifierSequence >> 16);
            int sequence = (int)(identifierSequence & 0xFFFF);
            for (int i = 0; i < _blocks.Length; i++)
            {
                EchoControlBlock block = _blocks[i];
                if (block.State == EchoState.Waiting && block.LocalPort == identifier && block.RemotePort == sequence
                    && block.RemoteAddress == address)
                {
                    return block;
                }
            }

            return null;
        }

        private void Finish(EchoControlBlock block, SocketError error, uint from)
        {
            block.State = EchoState.Done;
            block.Error = error;
            block.RemoteAddress = from;
            block.RoundTripTime = _turn.Now - block.SentAt;
            block.AnswerLength = 0;
            block.AnswerTimeToLive = 0;
            block.TypeCode = 0;
        }

        private void TrySend(EchoControlBlock block, int now)
        {
            SocketError result = Send(block);
            switch (result)
            {
                case SocketError.Success:
                    _counters._echoRequestsSent++;
                    block.State = EchoState.Waiting;
                    block.SentAt = now;
                    break;

                case SocketError.NoBufferSpace:
                case SocketError.WouldBlock:
                    // in one of the next polls, perhaps
                    block.State = EchoState.Blocked;
                    break;

                default:
                    Finish(block, result, _ipv4.Address);
                    break;
            }
        }

        private SocketError Send(EchoControlBlock block)
        {
            Fragmentation fragments = _ipv4.Fragmentation;
            int length = IcmpHeader.Length + block.Length;
            int left = length;
            Frame first = fragments.Append(left);
            if (first == null)
            {
                return SocketError.NoBufferSpace;
            }

            first.SetUInt16(Message + IcmpHeader.TypeCode, IcmpHeader.TypeEchoRequest << 8);
            first.SetRaw(Message + IcmpHeader.Checksum, 0);
            first.SetUInt32(Message + IcmpHeader.Rest, ((uint)block.LocalPort << 16) | (uint)block.RemotePort);
            Fill(first, IcmpHeader.Length, 0);
            uint sum = InternetChecksum.Add(0, first, Message, first.PayloadLength);
            left -= first.PayloadLength;
            while (left > 0)
            {
                Frame frame = fragments.Append(left);
                if (frame == null)
                {
                    return SocketError.NoBufferSpace;
                }

                Fill(frame, 0, length - left - IcmpHeader.Length);
                sum = InternetChecksum.Add(sum, frame, Message, frame.PayloadLength);
                left -= frame.PayloadLength;
            }

            first.SetRaw(Message + IcmpHeader.Checksum, InternetChecksum.Complement(sum));
            return _ipv4.SendFragments(_ipv4.Address, block.RemoteAddress, IPv4Header.ProtocolIcmp, block.TimeToLive);
        }

        /// <summary>
        /// Fills the rest of a frame with bytes that count up.
        /// </summary>
        private static void Fill(Frame frame, int offset, int value)
        {
            int end = frame.PayloadLength - 1;
            while (offset < end)
            {
                frame.SetUInt16(Message + offset, ((value & 0xFF) << 8) | ((value + 1) & 0xFF));
                offset += 2;
                value += 2;
            }

            if (offset == end)
            {
                frame.SetByte(Message + offset, value & 0xFF);
            }
        }
    }
}
