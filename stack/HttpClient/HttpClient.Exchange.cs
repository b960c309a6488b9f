// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace TcpIp.Http
{
    /// <content>
    /// The exchange, one step after the other: name, connection, request, header of the answer, and where it leads.
    /// </content>
    public sealed partial class HttpClient
    {
        /// <summary>
        /// Does all that is due: looks up, connects, sends, reads the header of the answer, gives up.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the stack just before; it wraps. Calls may be at most 24 days apart.</param>
        /// <returns>Milliseconds after which it wants to be called again, a day at most; 0 for at once.</returns>
        public int Poll(int now)
        {
            _now = now;
            int changes = _sockets.Changes;
            if (!_needsPoll && now - _wakeAt < 0 && changes == _changes)
            {
                // nothing has happened to a stream since the last poll and nothing is due: this is what most polls find
                return _wakeAt - now;
            }

            _needsPoll = false;
            _changes = changes;
            Step(now);
            int wait = FindWait(now);
            _wakeAt = now + wait;
            return wait;
        }

        private void Step(int now)
        {
            switch (_state)
            {
                case HttpClientState.Begun:
                    _startedAt = now;
                    Open(now);
                    break;
                case HttpClientState.Resolving:
                    Look(now);
                    break;
                case HttpClientState.Connecting:
                    AwaitConnection(now);
                    break;
                case HttpClientState.Sending:
                    Send(now);
                    break;
                case HttpClientState.Waiting:
                    Receive(now);
                    break;
                case HttpClientState.Answering:
                    if (_left == 0)
                    {
                        FindText();
                    }

                    break;
            }

            if (_state != HttpClientState.Idle && _state < HttpClientState.Done)
            {
                GiveUpIfLate(now);
            }
            else if (_socket >= 0 && (now - _progressAt >= _idleTimeout || !IsQuiet()))
            {
                CloseSocket();
            }
        }

        private void GiveUpIfLate(int now)
        {
            if (now - _progressAt >= _timeout && (_state == HttpClientState.Answering ? _sockets.GetAvailable(_socket) > 0 : AwaitsBody))
            {
                // it is we who are slow
                _progressAt = now;
            }

            if (now - _progressAt >= _timeout || now - _startedAt >= _totalTimeout)
            {
                Fail((int)SocketError.TimedOut);
            }
        }

        private int FindWait(int now)
        {
            if (_state == HttpClientState.Idle || _state >= HttpClientState.Done)
            {
                return _socket < 0 ? LongestWait : _progressAt + _idleTimeout - now;
            }

            int wait = _progressAt + _timeout - now;
            int left = _startedAt + _totalTimeout - now;
            wait = left < wait ? left : wait;

            // neither names nor frames that are given back tell that they are there
            bool looks = _state == HttpClientState.Resolving || (_state == HttpClientState.Sending && !AwaitsBody);
            return looks && wait > LookAgainAfter ? LookAgainAfter : wait;
        }

        /// <summary>
        /// Takes the connection that there is, if it leads to the same server and nothing has come over it, or makes one.
        /// </summary>
        private void Open(int now)
        {
            _progressAt = now;
            _parser.Reset();
            _sent = 0;
            if (_socket >= 0 && IsPeer(_target) && IsQuiet())
            {
                _isUsed = true;
                _state = HttpClientState.Sending;
                Send(now);
                return;
            }

            Reach(now);
        }

        private void Reach(int now)
        {
            if (_socket >= 0)
            {
                CloseSocket();
            }

            _isUsed = false;
            _sent = 0;
            _peerLength = _target.AuthorityLength;
            Array.Copy(_target.Bytes, 0, _peer, 0, _peerLength);
            if (_target.Address != IPv4Address.Any)
            {
                Connect(_target.Address);
            }
            else if (_resolver == null)
            {
                Fail((int)SocketError.HostNotFound);
            }
            else
            {
                _state = HttpClientState.Resolving;
                Look(now);
            }
        }

        private void Look(int now)
        {
            if (_lookup < 0)
            {
                _lookup = _resolver.Begin(_target.Bytes, 0, _target.HostLength);
                if (_lookup == (int)SocketError.NoBufferSpace)
                {
                    return;
                }
            }

            uint address = IPv4Address.Any;
            int result = _lookup < 0 ? _lookup : _resolver.GetResult(_lookup, out address);
            if (result == (int)SocketError.WouldBlock)
            {
                return;
            }

            _lookup = -1;
            if (result < 0)
            {
                Fail(result == (int)SocketError.InvalidArgument ? (int)HttpClientError.InvalidUrl : result);
                return;
            }

            _progressAt = now;
            Connect(address);
        }

        private void Connect(uint address)
        {
            _socket = _sockets.Socket();
            int result = _socket < 0 ? _socket : _sockets.Connect(_socket, address, _target.Port);
            if (result != (int)SocketError.InProgress)
            {
                Fail(result);
                return;
            }

            // a request is written at once, and its last segment need not wait
            _sockets.SetNoDelay(_socket, true);
            _counters._connections++;
            _state = HttpClientState.Connecting;
        }

        private void AwaitConnection(int now)
        {
            switch (_sockets.GetState(_socket))
            {
                case TcpState.SynSent:
                case TcpState.SynReceived:
                    break;
                case TcpState.Closed:
                    int error = (int)_sockets.GetError(_socket);
                    Fail(error == 0 ? (int)SocketError.ConnectionReset : error);
                    break;
                default:
                    _progressAt = now;
                    _state = HttpClientState.Sending;
                    Send(now);
                    break;
            }
        }

        private void Send(int now)
        {
            HttpRequest request = _request;
            int head = HeadLength;
            int total = head + (_hasBody ? request.BodyLength : 0);
            int written = 1;
            while (written > 0 && _sent < total)
            {
                written = _sent >= head ? _sockets.Write(_socket, request.Body, request.BodyStart + _sent - head, total - _sent)
                    : _isChanged ? _sockets.Write(_socket, _head, _sent, head - _sent)
                    : _sockets.Write(_socket, request.Head, _sent);
                if (written > 0)
                {
                    _sent += written;
                    _progressAt = now;
                }
            }

            if (_sent == total && !_isStreamed)
            {
                _state = HttpClientState.Waiting;
            }
            else if (_sent == total && _endsBody)
            {
                written = WriteEnd();
            }

            // an answer may come before all was asked
            Receive(now);
            if (written < 0 && _state == HttpClientState.Sending && written != (int)SocketError.WouldBlock && written != (int)SocketError.NoBufferSpace)
            {
                Lose(written, now);
            }
        }

        private void Receive(int now)
        {
            int count = _sockets.Peek(_socket, _view);
            while (count > 0)
            {
                _progressAt = now;
                _sockets.Consume(_socket, _parser.Parse(_view));
                if (_parser.State == HttpAnswerState.Refused)
                {
                    Refuse();
                    return;
                }

                if (_parser.State == HttpAnswerState.HeaderEnd)
                {
                    TakeHeader(now);
                    return;
                }

                count = _sockets.Peek(_socket, _view);
            }

            if (count != (int)SocketError.WouldBlock)
            {
                Lose(count == 0 ? (int)HttpClientError.Incomplete : count, now);
            }
        }

        /// <summary>
        /// The connection has ended without an answer. If it was open from before, the server may have closed it before it has seen the request,
        /// and asking again is right for what may be done twice (RFC 9112 section 9.3.1).
        /// </summary>
        private void Lose(int error, int now)
        {
            if (!_isUsed || _parser.HasBegun || _hasStreamed || (!_request.IsIdempotent && !_becameGet))
            {
                Fail(error);
                return;
            }

            // over a new connection, and so not a third time
            _counters._retries++;
            _progressAt = now;
            Reach(now);
        }

        /// <summary>
        /// Finds out how long the body is (RFC 9112 section 6.3).
        /// </summary>
        private void TakeHeader(int now)
        {
            int status = _parser.Status;
            bool hasNone = _isHead || status == 204 || status == 304;
            _hasChunks = !hasNone && _parser.IsChunked;
            _isUntilClosed = !hasNone && !_parser.IsChunked && _parser.ContentLength < 0;
            _left = hasNone || _hasChunks ? 0 : _isUntilClosed ? int.MaxValue : _parser.ContentLength;
            if (_hasChunks)
            {
                _parser.BeginChunks();
            }

            // what was not asked to its end cannot be followed by another request
            _keepsOpen = _state == HttpClientState.Waiting && _parser.KeepsOpen;
            _state = HttpClientState.Answering;

            // a body that was written piece by piece is not there any more
            bool isMoved = status == 303 || (status < 303 && status > 300 && _request.IsPost)
                || (!_isStreamed && (status == 301 || status == 302 || status == 307 || status == 308));
            if (isMoved && _redirects > 0 && _parser.GetLength(HttpAnswerParser.LocationField) >= 0)
            {
                Follow(status, now);
                return;
            }

            _counters._answers++;
            if (_left == 0)
            {
                FindText();
            }
        }

        /// <summary>
        /// Asks where the answer says (RFC 9110 section 15.4).
        /// </summary>
        private void Follow(int status, int now)
        {
            if (_followed == _redirects)
            {
                Fail((int)HttpClientError.TooManyRedirects);
                return;
            }

            _followed++;
            _counters._redirects++;
            int result = _target == _url ? 0 : _url.Copy(_target);
            if (result == 0)
            {
                result = _url.Resolve(_parser.Text, _parser.GetStart(HttpAnswerParser.LocationField), _parser.GetLength(HttpAnswerParser.LocationField));
            }

            if ((status == 303 && !_isHead) || (status < 303 && _request.IsPost))
            {
                _becameGet = true;
                _hasBody = false;
                _isStreamed = false;
            }

            _target = _url;
            _isChanged = true;
            if (result == 0)
            {
                // what the fields say may be a secret that only the first server shares
                result = LayOut(_url.HasAuthorityOf(_request.Url));
            }

            if (result != 0)
            {
                Fail(result);
                return;
            }

            PassOverBody();
            Open(now);
        }

        /// <summary>
        /// Whether nothing has come over the connection that nobody has asked for, not even its end.
        /// </summary>
        private bool IsQuiet() => _sockets.GetState(_socket) == TcpState.Established && _sockets.GetAvailable(_socket) == 0;

        private bool IsPeer(HttpUrl url)
        {
            int length = url.AuthorityLength;
            if (length != _peerLength)
            {
                return false;
            }

            byte[] bytes = url.Bytes;
            for (int i = 0; i < length; i++)
            {
                if (bytes[i] != _peer[i])
                {
                    return false;
                }
            }

            return true;
        }

        private void Refuse()
        {
            _counters._badAnswers++;
            Fail(_parser.Error);
        }

        private void Fail(int error)
        {
            Drop();
            _counters._failures++;
            _result = error;
            _state = HttpClientState.Failed;
        }

        private void Drop()
        {
            if (_lookup >= 0)
            {
                _resolver.Cancel(_lookup);
                _lookup = -1;
            }

            if (_socket >= 0)
            {
                _sockets.Abort(_socket);
                _socket = -1;
            }
        }

        private void CloseSocket()
        {
            _sockets.Close(_socket);
            _socket = -1;
        }
    }
}
