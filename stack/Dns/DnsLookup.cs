// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace TcpIp.Dns
{
    /// <summary>
    /// A name that is being looked up: it is asked for, of one server after the other, until there is an answer, or the time is over (RFC 1035
    /// section 7).
    /// </summary>
    /// <remarks>
    /// Each question goes out with a number and a port of its own, both at random, and only its answer is heard (RFC 5452): the socket takes
    /// datagrams of the server that was asked alone.
    /// </remarks>
    internal sealed class DnsLookup
    {
        /// <summary>Milliseconds for the first answer; each round of the servers gives twice as much (RFC 1035 section 7.2).</summary>
        private const int FirstInterval = 1000;

        private const int MostRounds = 4;

        /// <summary>Rounds in which the servers say that they cannot tell.</summary>
        private const int MostFailures = 2;

        /// <summary>Times that the hosts of the link are asked: after one second, after two and two more (RFC 6762 section 5.2).</summary>
        private const int MostLocal = 3;

        /// <summary>Milliseconds until what could not be sent is tried again.</summary>
        private const int TryAgainAfter = 100;

        /// <summary>Milliseconds for an answer over TCP.</summary>
        private const int StreamTime = 5000;

        /// <summary>Answers that are none after which a question is given up: somebody is guessing (RFC 5452 section 9.3).</summary>
        private const int MostForged = 16;

        // any port from 1024 on: the more there are, the harder they are to guess (RFC 5452 section 9.2)
        private const int FirstPort = 1024;
        private const int Ports = 65536 - FirstPort;
        private const int MostPortTries = 8;

        private const int MulticastTimeToLive = 255;
        private const int LengthPrefix = 2;

        private readonly TcpIpStack _stack;
        private readonly SocketLayer _sockets;
        private readonly RandomSource _random;
        private readonly DnsServers _servers;
        private readonly DnsCache _cache;
        private readonly DnsCounters _counters;
        private readonly DnsReply _reply;
        private readonly DatagramSource _source;
        private readonly byte[] _message;
        private readonly int _timeout;
        private readonly byte[] _name = new byte[DnsName.Longest];
        private DnsLookupState _state;
        private int _ticket;
        private int _length;
        private bool _isLocal;
        private bool _isRenamed;
        private bool _isNew;
        private int _aliases;
        private int _result;
        private uint _address;
        private int _now;
        private int _dueAt;
        private int _giveUpAt;

        // the question under way: how many there were before, to whom, over which socket, with which number, and what came that was no answer
        private int _attempts;
        private uint _server;
        private int _socket = -1;
        private int _id;
        private int _forged;

        // over TCP: whether the question is written, and the length of the answer once it is known
        private bool _isWritten;
        private int _expected;

        /// <summary>
        /// Initializes a new instance of the <see cref="DnsLookup"/> class.
        /// </summary>
        /// <param name="place">Its place in the table.</param>
        /// <param name="stack">The stack.</param>
        /// <param name="random">Random numbers.</param>
        /// <param name="servers">Who may be asked.</param>
        /// <param name="cache">What is known.</param>
        /// <param name="reply">Reads what is in <paramref name="message"/>.</param>
        /// <param name="source">Is filled with senders.</param>
        /// <param name="message">Where messages lie, which all lookups share.</param>
        /// <param name="timeout">Milliseconds after which it has come to nothing.</param>
        /// <param name="counters">The counters.</param>
        internal DnsLookup(
            int place,
            TcpIpStack stack,
            RandomSource random,
            DnsServers servers,
            DnsCache cache,
            DnsReply reply,
            DatagramSource source,
            byte[] message,
            int timeout,
            DnsCounters counters)
        {
            _ticket = place;
            _stack = stack;
            _sockets = stack.Sockets;
            _random = random;
            _servers = servers;
            _cache = cache;
            _reply = reply;
            _source = source;
            _message = message;
            _timeout = timeout;
            _counters = counters;
        }

        /// <summary>Gets the number that its owner knows it by.</summary>
        internal int Ticket => _ticket;

        /// <summary>Gets where it is.</summary>
        internal DnsLookupState State => _state;

        /// <summary>Gets the result, once it is done.</summary>
        internal int Result => _result;

        /// <summary>Gets the address, if the result is 0.</summary>
        internal uint Address => _address;

        /// <summary>Gets the time in milliseconds at which it was done.</summary>
        internal int DoneAt => _dueAt;

        /// <summary>Gets a value indicating whether somebody is being asked.</summary>
        internal bool IsUnderWay => _state == DnsLookupState.Asked || _state == DnsLookupState.Streaming
            || (_state == DnsLookupState.Waiting && _attempts > 0);

        /// <summary>
        /// Begins.
        /// </summary>
        /// <param name="name">The name.</param>
        /// <param name="length">Its length.</param>
        /// <param name="now">The time of the last poll; a new one is told before anything is asked.</param>
        internal void Begin(byte[] name, int length, int now)
        {
            SetName(name, length);
            _now = now;
            _isRenamed = false;
            _isNew = true;
            _aliases = 0;
            _attempts = 0;
            _isLocal = DnsName.IsLocal(name, length);
            _state = DnsLookupState.Waiting;
            uint address;
            int result = DnsName.Read(name, length, out address);
            if (result != (int)SocketError.WouldBlock)
            {
                Finish(result, address);
            }
        }

        /// <summary>
        /// Whether it is about the same name as another one.
        /// </summary>
        /// <param name="other">The other.</param>
        /// <returns>Whether it is.</returns>
        internal bool IsSame(DnsLookup other) => _length == other._length && DnsName.AreEqual(_name, other._name, _length);

        /// <summary>
        /// Goes on.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="other">Another lookup of the same name that is under way, or null: two questions at once would be twice as easy to
        /// guess (RFC 5452 section 5).</param>
        /// <returns>Milliseconds until it has something to do, if nothing comes.</returns>
        internal int Step(int now, DnsLookup other)
        {
            _now = now;
            if (_isNew)
            {
                _isNew = false;
                _dueAt = now;
                _giveUpAt = now + _timeout;
                _result = (int)SocketError.TryAgain;
            }

            if (_state == DnsLookupState.Asked)
            {
                Receive();
            }
            else if (_state == DnsLookupState.Streaming)
            {
                StepStream();
            }

            if (_state != DnsLookupState.Done && now - _giveUpAt >= 0)
            {
                Finish(_result, IPv4Address.Any);
            }

            if (_state == DnsLookupState.Asked && now - _dueAt >= 0)
            {
                _counters._timeouts++;
                _attempts++;
                End(SocketError.TimedOut, _isLocal ? MostLocal : MostRounds * _servers.Count);
            }
            else if (_state == DnsLookupState.Streaming && now - _dueAt >= 0)
            {
                Fail();
            }

            if (_state == DnsLookupState.Waiting)
            {
                Ask(other);
            }

            if (_state == DnsLookupState.Done)
            {
                return int.MaxValue;
            }

            int wait = _dueAt - now;
            return _giveUpAt - now < wait ? _giveUpAt - now : wait;
        }

        /// <summary>
        /// Gives the place back; the ticket fits nothing any more.
        /// </summary>
        internal void Release()
        {
            Close();
            _state = DnsLookupState.Free;
            _ticket = (_ticket + DnsConfiguration.MaximumLookups) & int.MaxValue;
        }

        private int Interval(int round)
        {
            int last = _isLocal ? 1 : MostRounds - 1;
            return FirstInterval << (round < last ? round : last);
        }

        private void SetName(byte[] name, int length)
        {
            Array.Copy(name, 0, _name, 0, length);
            _length = length;
        }

        private void Finish(int result, uint address)
        {
            Close();
            _state = DnsLookupState.Done;
            _result = result;
            _address = address;
            _dueAt = _now;
        }

        private void Close()
        {
            if (_socket >= 0)
            {
                _sockets.Close(_socket);
                _socket = -1;
            }
        }

        /// <summary>
        /// A server cannot tell, or cannot be reached, or is not the one that speaks. The next one is asked at once; when all were, there is a
        /// pause.
        /// </summary>
        private void Fail()
        {
            _counters._failures++;
            _attempts++;
            int servers = _isLocal || _servers.Count == 0 ? 1 : _servers.Count;
            End(SocketError.TryAgain, MostFailures * servers);
            if (_state == DnsLookupState.Waiting && _attempts % servers == 0)
            {
                _dueAt = _now + Interval((_attempts - 1) / servers);
            }
        }

        /// <summary>
        /// A question has come to nothing.
        /// </summary>
        private void End(SocketError result, int most)
        {
            Close();
            _result = (int)result;
            _state = DnsLookupState.Waiting;
            _dueAt = _now;
            if (_attempts >= most)
            {
                // of the hosts of the link only those answer that have the name
                Finish(_isLocal ? (int)SocketError.HostNotFound : (int)result, IPv4Address.Any);
            }
        }

        /// <summary>
        /// Asks, unless it is known by now, or somebody else asks the same.
        /// </summary>
        private void Ask(DnsLookup other)
        {
            DnsCacheEntry known = _cache.Find(_name, _length);
            if (known != null)
            {
                _counters._cached++;
                Finish(known.Result, known.Address);
                return;
            }

            if (_now - _dueAt < 0)
            {
                return;
            }

            _dueAt = _now + TryAgainAfter;
            if (other != null)
            {
                return;
            }

            if ((!_isLocal && _servers.Count == 0) || !Open())
            {
                _counters._notSent++;
                return;
            }

            int sent = Send();
            if (sent > 0)
            {
                _counters._queries++;
                _state = DnsLookupState.Asked;
                _forged = 0;
                _dueAt = _now + Interval(_isLocal ? _attempts : _attempts / _servers.Count);
            }
            else if (sent == (int)SocketError.NetworkUnreachable || sent == (int)SocketError.HostUnreachable || sent == (int)SocketError.InvalidArgument)
            {
                Fail();
            }
            else
            {
                // there may be a link, an address or a frame in a while
                _counters._notSent++;
                Close();
            }
        }

        /// <summary>
        /// Gets a socket with a port at random.
        /// </summary>
        private bool Open()
        {
            _socket = _sockets.Socket(SocketType.Datagram);
            if (_socket < 0)
            {
                return false;
            }

            for (int i = 0; i < MostPortTries; i++)
            {
                if (_sockets.Bind(_socket, FirstPort + (int)(_random.Next() % Ports)) == 0)
                {
                    return true;
                }
            }

            Close();
            return false;
        }

        private int Send()
        {
            int length = WriteQuestion(0);
            if (_isLocal)
            {
                _sockets.SetMulticastTimeToLive(_socket, MulticastTimeToLive);

                // the name may be our own
                _sockets.SetMulticastLoopback(_socket, true);
                return _sockets.SendTo(_socket, _message, 0, length, DnsHeader.LinkGroup, DnsHeader.MulticastPort);
            }

            _server = _servers.Pick(_attempts);
            int result = _sockets.Connect(_socket, _server, DnsHeader.Port);
            return result < 0 ? result : _sockets.Write(_socket, _message, 0, length);
        }

        private int WriteQuestion(int start)
        {
            _id = (int)(_random.Next() & 0xFFFF);
            byte[] message = _message;
            Array.Clear(message, start, DnsHeader.Length);
            message[start + DnsHeader.Id] = (byte)(_id >> 8);
            message[start + DnsHeader.Id + 1] = (byte)_id;
            message[start + DnsHeader.Flags] = _isLocal ? (byte)0 : (byte)(DnsHeader.FlagRecursionDesired >> 8);
            message[start + DnsHeader.QuestionCount + 1] = 1;
            int end = start + DnsHeader.Length;
            Array.Copy(_name, 0, message, end, _length);
            end += _length;
            message[end] = 0;
            message[end + 1] = (byte)DnsHeader.TypeA;
            message[end + 2] = 0;
            message[end + 3] = (byte)DnsHeader.ClassIn;
            return end + DnsHeader.QuestionTail - start;
        }

        /// <summary>
        /// Takes in what has come to the socket, until something answers.
        /// </summary>
        private void Receive()
        {
            while (_state == DnsLookupState.Asked)
            {
                int length = _sockets.ReceiveFrom(_socket, _message, 0, _message.Length, _source);
                if (length == (int)SocketError.WouldBlock)
                {
                    return;
                }

                if (length < 0)
                {
                    // the network says that nobody is there
                    Fail();
                }
                else if (_isLocal && (_source.Port != DnsHeader.MulticastPort || !IsOnLink(_source.Address)))
                {
                    _counters._badSource++;
                }
                else
                {
                    Consider(_reply.Read(length, false, _source.IsTruncated, _isLocal, _id, _name));
                }
            }
        }

        /// <summary>
        /// RFC 6762 section 11: whoever is elsewhere has no say about names of the link. To an address of 169.254/16, and from one, nothing
        /// comes from elsewhere.
        /// </summary>
        private bool IsOnLink(uint address)
        {
            uint own = _stack.IPv4.Address;
            return ((address ^ own) & _stack.IPv4.Netmask) == 0 || IPv4Address.IsLinkLocal(address) || IPv4Address.IsLinkLocal(own);
        }

        private void Consider(int said)
        {
            if (_isLocal && said != DnsReply.Found && said != DnsReply.Malformed)
            {
                // nobody but who has the name has anything to say of it
                said = DnsReply.NotOurs;
            }

            switch (said)
            {
                case DnsReply.Found:
                    _counters._found++;
                    Conclude(0, _reply.Address);
                    break;

                case DnsReply.NoName:
                    _counters._nothing++;
                    Conclude((int)SocketError.HostNotFound, IPv4Address.Any);
                    break;

                case DnsReply.NoData:
                    _counters._nothing++;
                    Conclude((int)SocketError.NoData, IPv4Address.Any);
                    break;

                case DnsReply.Alias:
                    FollowAlias();
                    break;

                case DnsReply.Truncated:
                    BeginStream();
                    break;

                case DnsReply.Failure:
                    Fail();
                    break;

                default:
                    Distrust(said);
                    break;
            }
        }

        private void Conclude(int result, uint address)
        {
            if (!_isRenamed)
            {
                _cache.Add(_name, _length, result, address, _reply.TimeToLive, _now);
            }

            if (!_isLocal)
            {
                _servers.Prefer(_server);
            }

            Finish(result, address);
        }

        private void FollowAlias()
        {
            _aliases += _reply.Aliases;
            if (_aliases > DnsReply.MostAliases)
            {
                Fail();
                return;
            }

            // what the answer to another name is worth for this one would have to be found out from all answers together
            _isRenamed = true;
            SetName(_reply.Target, _reply.TargetLength);
            Close();
            _attempts = 0;

            // a server that leads to us, to a number or to a name of the link knows nothing of these (RFC 6761 section 6.3, RFC 6762 section 22.1)
            uint address;
            if (DnsName.IsLocal(_name, _length) || DnsName.Read(_name, _length, out address) != (int)SocketError.WouldBlock)
            {
                Finish((int)SocketError.HostNotFound, IPv4Address.Any);
                return;
            }

            _state = DnsLookupState.Waiting;
            _dueAt = _now;
        }

        private void Distrust(int said)
        {
            if (said == DnsReply.Malformed)
            {
                _counters._malformed++;
            }
            else
            {
                _counters._notOurs++;
            }

            _forged++;
            if (_state == DnsLookupState.Streaming)
            {
                Fail();
            }
            else if (_forged >= MostForged)
            {
                // another number and another port
                _counters._forged++;
                Fail();
            }
        }

        private void BeginStream()
        {
            Close();
            _socket = _sockets.Socket();
            int result = _socket < 0 ? _socket : _sockets.Connect(_socket, _server, DnsHeader.Port);
            if (result < 0 && result != (int)SocketError.InProgress)
            {
                Fail();
                return;
            }

            _counters._streams++;
            _state = DnsLookupState.Streaming;
            _isWritten = false;
            _expected = -1;
            _dueAt = _now + StreamTime;
        }

        /// <summary>
        /// Asks over TCP, where a length stands before each message (RFC 1035 section 4.2.2, RFC 7766). The answer waits in the socket until so
        /// much of it has come as is looked at.
        /// </summary>
        private void StepStream()
        {
            if (!_isWritten)
            {
                int length = WriteQuestion(LengthPrefix);
                _message[0] = (byte)(length >> 8);
                _message[1] = (byte)length;
                int written = _sockets.Write(_socket, _message, 0, LengthPrefix + length);
                _isWritten = written == LengthPrefix + length;
                if (!_isWritten && written != (int)SocketError.InProgress && written != (int)SocketError.WouldBlock && written != (int)SocketError.NoBufferSpace)
                {
                    Fail();
                }

                return;
            }

            int available = _sockets.GetAvailable(_socket);
            if (_expected < 0 && available >= LengthPrefix)
            {
                _sockets.Read(_socket, _message, 0, LengthPrefix);
                _expected = (_message[0] << 8) | _message[1];
                available -= LengthPrefix;
            }

            int needed = _expected < 0 ? LengthPrefix : _expected < _message.Length ? _expected : _message.Length;
            if (available >= needed && _expected >= 0)
            {
                _sockets.Read(_socket, _message, 0, needed);
                Consider(_reply.Read(needed, true, _expected > needed, false, _id, _name));
            }
            else if (_sockets.GetState(_socket) != TcpState.Established)
            {
                // no more will come
                Fail();
            }
        }
    }
}
