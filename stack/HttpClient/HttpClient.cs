// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <summary>
    /// Asks web servers (RFC 9110, RFC 9112): one request at a time, over a connection that stays open for the next one to the same server.
    /// Plain TCP only: there is no TLS, so no https.
    /// </summary>
    /// <remarks>
    /// It is polled after the stack, by the thread that owns both. It needs one of the stack's TCP sockets while a request is under way, and
    /// <see cref="HttpClientConfiguration.IdleTimeout"/> longer. From the first request on it allocates nothing, whatever a server sends.
    /// </remarks>
    public sealed partial class HttpClient : IBackgroundWork
    {
        private const int LookAgainAfter = 50;
        private const int LongestWait = 86400000;

        private static readonly byte[] s_version = HttpUrl.BytesOf(" HTTP/1.1\r\nHost: ");
        private static readonly byte[] s_length = HttpUrl.BytesOf("Content-Length: ");
        private static readonly byte[] s_chunked = HttpUrl.BytesOf(HttpRequest.Chunked);
        private static readonly byte[] s_end = HttpUrl.BytesOf("\r\n\r\n");

        private readonly SocketLayer _sockets;
        private readonly INameResolver _resolver;
        private readonly int _redirects;
        private readonly int _timeout;
        private readonly int _totalTimeout;
        private readonly int _idleTimeout;
        private readonly HttpAnswerParser _parser;
        private readonly ReceivedView _view = new ReceivedView();
        private readonly HttpClientCounters _counters = new HttpClientCounters();

        // a request that is made other than as it was laid out: where to, and its header
        private readonly HttpUrl _url;
        private readonly byte[] _head;
        private int _headLength;

        private HttpClientState _state;
        private int _result;
        private bool _needsPoll;
        private int _now;
        private int _wakeAt;
        private int _changes;

        // the request under way
        private HttpRequest _request;
        private HttpUrl _target;
        private bool _isChanged;
        private bool _isHead;
        private bool _becameGet;
        private bool _hasBody;
        private int _followed;
        private int _sent;
        private int _startedAt;
        private int _progressAt;

        // the connection: to whom, and whether it has been used before
        private readonly byte[] _peer = new byte[HttpUrl.LongestAuthority];
        private int _peerLength;
        private int _socket = -1;
        private int _lookup = -1;
        private bool _isUsed;

        // what of the body is left: of a chunk, if there are chunks
        private int _left;
        private bool _hasChunks;
        private bool _isUntilClosed;
        private bool _keepsOpen;
        private int _shown;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpClient"/> class. All memory is taken here.
        /// </summary>
        /// <param name="stack">The stack, with a TCP socket to spare.</param>
        /// <param name="configuration">Sizes and times.</param>
        /// <exception cref="ArgumentNullException">One of them is missing.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A value of the configuration is out of its range.</exception>
        public HttpClient(TcpIpStack stack, HttpClientConfiguration configuration)
        {
            if (stack == null)
            {
                throw new ArgumentNullException(nameof(stack));
            }

            if (configuration == null)
            {
                throw new ArgumentNullException(nameof(configuration));
            }

            configuration.Validate();
            _sockets = stack.Sockets;
            _resolver = configuration.Resolver;
            _redirects = configuration.Redirects;
            _timeout = configuration.Timeout;
            _totalTimeout = configuration.TotalTimeout;
            _idleTimeout = configuration.IdleTimeout;
            _parser = new HttpAnswerParser(configuration.FieldBytes, configuration.HeaderBytes, _redirects > 0);
            _url = new HttpUrl(configuration.UrlBytes);
            _head = new byte[2 * configuration.UrlBytes];

            // so that the first poll says when to call again
            _needsPoll = true;
        }

        /// <summary>Gets how far the request is.</summary>
        public HttpClientState State => _state;

        /// <summary>
        /// Gets the status code of the answer, 200 to 599, once <see cref="State"/> is Answering; before that WouldBlock; after a failure why, a
        /// negative <see cref="SocketError"/> or <see cref="HttpClientError"/>.
        /// </summary>
        public int Result => _state == HttpClientState.Failed ? _result
            : _state == HttpClientState.Idle ? (int)SocketError.InvalidState
            : _state < HttpClientState.Answering ? (int)SocketError.WouldBlock
            : _parser.Status;

        /// <summary>Gets the length of the body that the answer tells, or -1 if it tells none.</summary>
        public int ContentLength => _state >= HttpClientState.Answering ? _parser.ContentLength : -1;

        /// <summary>Gets a value indicating whether a request was begun that no poll has seen yet: poll once more before sleeping.</summary>
        public bool NeedsPoll => _needsPoll;

        /// <summary>Gets the counters.</summary>
        public HttpClientCounters Counters => _counters;

        private bool IsOver => _state == HttpClientState.Idle || _state >= HttpClientState.Answering;

        /// <summary>
        /// Says in words why a request has failed.
        /// </summary>
        /// <param name="result">A negative <see cref="HttpClientError"/> or <see cref="SocketError"/>.</param>
        /// <returns>A sentence.</returns>
        public static string Describe(int result)
        {
            switch ((HttpClientError)result)
            {
                case HttpClientError.BadAnswer:
                    return "What came is no unequivocal answer of HTTP/1.x.";
                case HttpClientError.Incomplete:
                    return "The server closed before the answer was complete.";
                case HttpClientError.TooLong:
                    return "A header, a field or a URL is longer than there is room for.";
                case HttpClientError.TooManyRedirects:
                    return "The server sends on from one URL to the next, too often.";
                case HttpClientError.SchemeNotSupported:
                    return "Only http:// can be fetched: there is no TLS here, so no https.";
                case HttpClientError.InvalidUrl:
                    return "It is no URL such as http://example.org:8000/path.";
                default:
                    return SocketErrorText.Of((SocketError)result);
            }
        }

        /// <summary>
        /// Has the value of a field of the answers kept. To be called before the first request; of several fields of a name the first is kept.
        /// </summary>
        /// <param name="name">Its name, such as "ETag".</param>
        /// <returns>A number for <see cref="CopyField"/>, <see cref="FieldLength"/> and <see cref="FieldIs"/>.</returns>
        /// <exception cref="ArgumentException">It is no name, or one of Content-Length, Transfer-Encoding and Connection, which frame the answer and
        /// are the client's business.</exception>
        public int AskForField(string name)
        {
            byte[] bytes = HttpUrl.BytesOf(name == null ? string.Empty : name.ToLower());
            if (!HttpTokens.AreMethod(bytes)
                || bytes.Length > HttpAnswerParser.LongestName
                || HttpTokens.AreSame(bytes, 0, bytes.Length, HttpTokens.ContentLength)
                || HttpTokens.AreSame(bytes, 0, bytes.Length, HttpTokens.TransferEncoding)
                || HttpTokens.AreSame(bytes, 0, bytes.Length, HttpTokens.Connection))
            {
                throw new ArgumentException("It is no name of a field that can be asked for.", nameof(name));
            }

            return _redirects > 0 && HttpTokens.AreSame(bytes, 0, bytes.Length, HttpTokens.Location) ? HttpAnswerParser.LocationField : _parser.AskFor(bytes);
        }

        /// <summary>
        /// How long the value of a field is.
        /// </summary>
        /// <param name="field">Its number.</param>
        /// <returns>Bytes; -1 if the answer has no such field, or there is no answer.</returns>
        public int FieldLength(int field) => _state >= HttpClientState.Answering ? _parser.GetLength(field) : -1;

        /// <summary>
        /// Copies the value of a field out.
        /// </summary>
        /// <param name="field">Its number.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <returns>How many bytes were copied: all, or as many as fit; -1 if the answer has no such field.</returns>
        public int CopyField(int field, byte[] buffer, int offset)
        {
            int length = FieldLength(field);
            if (length < 0 || buffer == null || offset < 0 || offset > buffer.Length)
            {
                return -1;
            }

            length = length < buffer.Length - offset ? length : buffer.Length - offset;
            Array.Copy(_parser.Text, _parser.GetStart(field), buffer, offset, length);
            return length;
        }

        /// <summary>
        /// Whether the value of a field is a text.
        /// </summary>
        /// <param name="field">Its number.</param>
        /// <param name="text">ASCII text.</param>
        /// <returns>Whether they are the same, letter by letter.</returns>
        public bool FieldIs(int field, string text)
        {
            int length = FieldLength(field);
            if (text == null || length != text.Length)
            {
                return false;
            }

            int start = _parser.GetStart(field);
            for (int i = 0; i < length; i++)
            {
                if (_parser.Text[start + i] != text[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// Begins a request. What is left unread of an answer before is given up.
        /// </summary>
        /// <param name="request">The request, which must stay as it is until there is an answer.</param>
        /// <returns>0, or InvalidArgument; InvalidState while a request is under way: <see cref="Cancel"/> ends that.</returns>
        public int Begin(HttpRequest request)
        {
            int result = request == null ? (int)SocketError.InvalidArgument : IsOver ? 0 : (int)SocketError.InvalidState;
            if (result == 0)
            {
                Start(request);
                _target = request.Url;
            }

            return result;
        }

        /// <summary>
        /// Begins a request with another target than its own, such as one with a number in its query.
        /// </summary>
        /// <param name="request">The request.</param>
        /// <param name="target">Path and query in ASCII, percent-encoded where need be: "/set?value=7".</param>
        /// <param name="offset">Index of the slash.</param>
        /// <param name="count">How many bytes.</param>
        /// <returns>As of the other overload, or InvalidUrl, TooLong.</returns>
        public int Begin(HttpRequest request, byte[] target, int offset, int count)
        {
            if (target == null || offset < 0 || count < 0 || count > target.Length - offset || request == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (!IsOver)
            {
                return (int)SocketError.InvalidState;
            }

            int result = _url.Copy(request.Url);
            result = result == 0 ? _url.SetTarget(target, offset, count) : result;
            if (result == 0)
            {
                Start(request);
                _target = _url;
                _isChanged = true;
                result = LayOut(true);
            }

            if (result != 0)
            {
                Drop();
                _state = HttpClientState.Idle;
            }

            return result;
        }

        /// <summary>
        /// Gives up what is under way, and the connection.
        /// </summary>
        public void Cancel()
        {
            if (_state == HttpClientState.Done && _socket >= 0)
            {
                // nothing is under way that a reset would have to end
                CloseSocket();
            }

            Drop();
            _state = HttpClientState.Idle;
        }

        /// <summary>
        /// Sets the counters to zero.
        /// </summary>
        public void ClearCounters()
        {
            _counters.Clear();
        }

        private void Start(HttpRequest request)
        {
            if (_state == HttpClientState.Answering)
            {
                // what is left of its body would be taken for the answer to this one
                Drop();
            }

            _request = request;
            _isChanged = false;
            _isHead = request.IsHead;
            _becameGet = false;
            _hasBody = request.HasBody;
            _isStreamed = request.IsStreamed;
            _hasStreamed = false;
            _endsBody = false;
            _lacksRoom = false;
            _followed = 0;
            _state = HttpClientState.Begun;
            _needsPoll = true;
            _counters._requests++;
        }

        /// <summary>
        /// Puts the header of a request together that is made other than as it was laid out.
        /// </summary>
        /// <param name="withFields">Whether the request's own fields are for this host.</param>
        /// <returns>0, or TooLong.</returns>
        private int LayOut(bool withFields)
        {
            HttpUrl url = _target;
            byte[] method = _becameGet ? HttpTokens.Get : _request.Method;
            int length = method.Length + 1 + (url.Length - url.AuthorityLength) + s_version.Length + url.AuthorityLength + 2
                + (withFields ? _request.Fields.Length : 0) + (_hasBody ? _request.Type.Length + s_chunked.Length + 2 : 0) + 2;
            if (length > _head.Length)
            {
                return (int)HttpClientError.TooLong;
            }

            _headLength = 0;
            Add(method, 0, method.Length);
            _head[_headLength++] = (byte)' ';
            Add(url.Bytes, url.AuthorityLength, url.Length - url.AuthorityLength);
            Add(s_version, 0, s_version.Length);
            Add(url.Bytes, 0, url.AuthorityLength);
            Add(s_end, 0, 2);
            if (withFields)
            {
                Add(_request.Fields, 0, _request.Fields.Length);
            }

            if (_hasBody)
            {
                Add(_request.Type, 0, _request.Type.Length);
            }

            if (_isStreamed)
            {
                Add(s_chunked, 0, s_chunked.Length);
            }
            else if (_hasBody)
            {
                Add(s_length, 0, s_length.Length);
                AddDecimal(_request.BodyLength);
                Add(s_end, 0, 2);
            }

            Add(s_end, 0, 2);
            return 0;
        }

        private void Add(byte[] bytes, int start, int count)
        {
            Array.Copy(bytes, start, _head, _headLength, count);
            _headLength += count;
        }

        private void AddDecimal(int value)
        {
            int digits = 1;
            for (int rest = value; rest > 9; rest /= 10)
            {
                digits++;
            }

            _headLength += digits;
            for (int i = 1; i <= digits; i++)
            {
                _head[_headLength - i] = (byte)('0' + (value % 10));
                value /= 10;
            }
        }
    }
}
