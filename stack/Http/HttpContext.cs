// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <summary>
    /// A request, and the way to answer it, while a handler is called. There is one for all requests; a handler must not keep it.
    /// </summary>
    public sealed partial class HttpContext
    {
        private const int MostValues = 6;
        private const int MostSegments = 3;

        private readonly SocketLayer _sockets;
        private readonly HttpRules _rules;
        private readonly HttpCounters _counters;
        private readonly ReceivedView _received = new ReceivedView();
        private readonly HttpValue[] _values = new HttpValue[MostValues];
        private readonly int[] _segments = new int[MostSegments];
        private readonly byte[] _decoded;
        private HttpConnection _connection;
        private HttpRequestParser _parser;
        private int _nextValue;
        private int _used;
        private int _pairAt;
        private int _valueAt;
        private int _now;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpContext"/> class.
        /// </summary>
        /// <param name="sockets">The sockets.</param>
        /// <param name="rules">What all requests have in common.</param>
        /// <param name="texts">Texts of answers.</param>
        /// <param name="counters">What is counted.</param>
        internal HttpContext(SocketLayer sockets, HttpRules rules, HttpTexts texts, HttpCounters counters)
        {
            _sockets = sockets;
            _rules = rules;
            _texts = texts;
            _counters = counters;
            _decoded = new byte[rules.Limits.StoredBytes];
            for (int i = 0; i < MostValues; i++)
            {
                _values[i] = new HttpValue();
            }
        }

        /// <summary>Gets the method, one alone.</summary>
        public HttpMethods Method => _parser.Method;

        /// <summary>Gets the time in milliseconds, as given to the server's poll.</summary>
        public int Now => _now;

        /// <summary>Gets the client's address.</summary>
        public uint RemoteAddress => _sockets.GetRemoteAddress(_connection.Socket);

        /// <summary>Gets what the last call of the handler has given to <see cref="Continue"/>; 0 in the first call.</summary>
        public int Step => _connection.Step;

        /// <summary>Gets the path, decoded.</summary>
        public HttpValue Path => Decode(_parser.PathStart, _parser.PathLength, false);

        /// <summary>Gets the bytes of the body as the request's header says; 0 for none, -1 if they come in chunks.</summary>
        public int BodyLength => _parser.BodyLength == -2 ? -1 : _parser.BodyLength < 0 ? 0 : _parser.BodyLength;

        /// <summary>Gets a value indicating whether all of the body has been read.</summary>
        public bool IsBodyOver => _parser.IsBodyOver;

        /// <summary>
        /// Gets a segment of the path that stands where the route has a name in braces.
        /// </summary>
        /// <param name="index">0 for the first such.</param>
        /// <returns>What it says, or null.</returns>
        public HttpValue Parameter(int index)
        {
            int place = index < 0 || index >= MostSegments ? 0 : _segments[index];
            return place == 0 ? null : Decode(place >> 16, place & 0xFFFF, false);
        }

        /// <summary>
        /// Gets the value of a field of the header.
        /// </summary>
        /// <param name="field">What <see cref="HttpServer.AskForField"/> has returned for it.</param>
        /// <returns>The value, or null if it is not there.</returns>
        public HttpValue Field(int field)
        {
            int place = field < HttpRules.ContentType ? 0 : _parser.ValueOf(field);
            return place == 0 ? null : Give(_parser.Text, place >> 16, place & 0xFFFF);
        }

        /// <summary>
        /// Gets the value of a name in the query.
        /// </summary>
        /// <param name="name">The name.</param>
        /// <returns>The value of the first such name, or null if there is none, or no room to decode it.</returns>
        public HttpValue Query(string name) => FindPair(_parser.QueryStart, _parser.QueryStart + _parser.QueryLength, name);

        /// <summary>
        /// Gets the value of a name in a form that was posted (application/x-www-form-urlencoded).
        /// </summary>
        /// <param name="name">The name.</param>
        /// <returns>The value of the first such name, or null.</returns>
        public HttpValue Form(string name) => FindPair(_parser.BodyStart, _parser.BodyStart + _connection.Sent, name);

        /// <summary>
        /// Gets the next name of the form that was posted; its value is what <see cref="NextValue"/> gets then.
        /// </summary>
        /// <returns>The name, or null behind the last.</returns>
        public HttpValue NextName()
        {
            int end = _parser.BodyStart + _connection.Sent;
            int start = _parser.BodyStart + _pairAt;
            while (start < end && _parser.Text[start] == '&')
            {
                // nothing between two of them is no pair
                start++;
            }

            if (start >= end)
            {
                return null;
            }

            // the next pair is behind this one, whether or not its value is asked for
            int pair = _parser.EndOfPair(start, end);
            int equals = _parser.EndOfName(start, pair);
            _valueAt = equals < pair ? equals + 1 : pair;
            _pairAt = pair + 1 - _parser.BodyStart;
            return Decode(start, equals - start, true);
        }

        /// <summary>
        /// Gets the value of the name that <see cref="NextName"/> has got.
        /// </summary>
        /// <returns>The value, maybe empty.</returns>
        public HttpValue NextValue()
        {
            int start = _valueAt;
            return Decode(start, _parser.EndOfPair(start, _parser.BodyStart + _connection.Sent) - start, true);
        }

        /// <summary>
        /// Takes bytes of the body: of one that was kept, or of one that streams.
        /// </summary>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit, 1 or more.</param>
        /// <returns>How many were read; 0 at the end; WouldBlock if there will be more: <see cref="Continue"/>. Or InvalidArgument, or why
        /// the connection ended; or InvalidState for a body that is no good, whose connection ends when the handler returns.</returns>
        public int ReadBody(byte[] buffer, int offset, int count)
        {
            if (buffer == null || offset < 0 || count < 1 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            if ((_connection.Route.Options & HttpOptions.StreamsBody) != 0)
            {
                return TakeBody(_connection, buffer, offset, count, _now);
            }

            int left = _connection.Sent - _pairAt;
            int part = left < count ? left : count;
            for (int i = 0; i < part; i++)
            {
                buffer[offset + i] = _parser.Text[_parser.BodyStart + _pairAt + i];
            }

            _pairAt += part;
            return part;
        }

        /// <summary>
        /// Takes bytes of a body from the socket.
        /// </summary>
        /// <param name="connection">Whose.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit, 1 or more.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>As of <see cref="ReadBody"/>.</returns>
        internal int TakeBody(HttpConnection connection, byte[] buffer, int offset, int count, int now)
        {
            HttpRequestParser parser = connection.Parser;
            int read = 0;

            // what stands behind the last byte that fits is taken too: it may be the end
            while (!parser.IsBodyOver && (read < count || parser.DataLeft == 0))
            {
                int length = _sockets.Peek(connection.Socket, _received);
                if (length == 0 && read == 0)
                {
                    // the client has closed before the end, and no handler needs to wait for more
                    parser.BreakOff();
                    return (int)SocketError.ConnectionReset;
                }

                if (length <= 0)
                {
                    return read > 0 ? read : length;
                }

                int taken = parser.TakeFraming(_received);
                if (parser.State == HttpRequestState.Refused)
                {
                    _sockets.Consume(connection.Socket, taken);
                    return (int)SocketError.InvalidState;
                }

                int part = length - taken;
                part = part < parser.DataLeft ? part : parser.DataLeft;
                part = part < count - read ? part : count - read;
                if (part > 0)
                {
                    _received.CopyTo(taken, buffer, offset + read, part);
                    parser.TakeData(part);
                    read += part;
                }

                connection.NoteProgress(taken + part, now);
                _sockets.Consume(connection.Socket, taken + part);
            }

            return read;
        }

        /// <summary>
        /// A request is dealt with.
        /// </summary>
        /// <param name="connection">The client.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Bind(HttpConnection connection, int now)
        {
            _connection = connection;
            _parser = connection.Parser;
            _now = now;
            _nextValue = 0;
            _used = 0;
            _pairAt = 0;
            _valueAt = _parser.BodyStart;
            for (int i = 0; i < MostSegments; i++)
            {
                _segments[i] = 0;
            }

            if (connection.Route != null && connection.Parser.KnownLine < 0)
            {
                connection.Parser.IsFor(connection.Route.Path, _segments);
            }
        }

        private HttpValue Give(byte[] bytes, int start, int length)
        {
            HttpValue value = _values[_nextValue];
            _nextValue = _nextValue + 1 == MostValues ? 0 : _nextValue + 1;
            value.Set(bytes, start, length);
            return value;
        }

        private HttpValue FindPair(int start, int end, string name)
        {
            while (start < end)
            {
                int pair = _parser.EndOfPair(start, end);
                int equals = _parser.EndOfName(start, pair);
                if (_parser.IsNamed(start, equals, name))
                {
                    start = equals < pair ? equals + 1 : pair;
                    return Decode(start, pair - start, true);
                }

                start = pair + 1;
            }

            return null;
        }

        /// <summary>
        /// Decodes a piece of the request; what is percent-encoded badly stays as it is.
        /// </summary>
        private HttpValue Decode(int start, int length, bool plusIsSpace)
        {
            byte[] text = _parser.Text;
            int end = start + length;
            int begin = _used;
            while (start < end)
            {
                if (_used == _decoded.Length)
                {
                    return null;
                }

                int c = text[start++];
                if (c == '%' && start + 1 < end && HttpCharacters.HexOf(text[start]) >= 0 && HttpCharacters.HexOf(text[start + 1]) >= 0)
                {
                    c = (HttpCharacters.HexOf(text[start]) << 4) | HttpCharacters.HexOf(text[start + 1]);
                    start += 2;
                }
                else if (c == '+' && plusIsSpace)
                {
                    c = HttpCharacters.Space;
                }

                _decoded[_used++] = (byte)c;
            }

            return Give(_decoded, begin, _used - begin);
        }
    }
}
