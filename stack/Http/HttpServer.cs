// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <summary>
    /// A tiny web server: an application of the sockets, polled like the stack. It answers one request per connection.
    /// </summary>
    public sealed class HttpServer : IBackgroundWork
    {
        /// <summary>Milliseconds of silence after which a client is given up.</summary>
        public const int IdleTimeout = 10000;

        /// <summary>Milliseconds that a request, or the sending of an answer, may take over all.</summary>
        public const int PhaseTimeout = 30000;

        /// <summary>
        /// Milliseconds for which a client may go on sending after its answer. Closing at once would reset the connection, and
        /// a reset may overtake the answer at the client (RFC 9112 section 9.6).
        /// </summary>
        public const int DrainTimeout = 2000;

        private const string AllowField = "Allow: GET, HEAD\r\n";

        private readonly SocketLayer _sockets;
        private readonly HttpPage[] _pages;
        private readonly HttpConnection[] _connections;
        private readonly HttpCounters _counters = new HttpCounters();
        private readonly ReceivedView _view = new ReceivedView();
        private readonly WordBuffer _badRequest;
        private readonly WordBuffer _notFound;
        private readonly WordBuffer _notFoundHead;
        private readonly WordBuffer _methodNotAllowed;
        private readonly WordBuffer _uriTooLong;
        private readonly WordBuffer _headerTooLarge;
        private readonly WordBuffer _notImplemented;
        private readonly WordBuffer _versionNotSupported;
        private readonly int _listener;
        private int _now;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpServer"/> class and begins to listen.
        /// </summary>
        /// <param name="sockets">The stack's sockets.</param>
        /// <param name="order">The word order of the stack's frames.</param>
        /// <param name="port">The port, usually 80.</param>
        /// <param name="connections">Clients served at once; as many again may wait.</param>
        /// <param name="pages">The pages.</param>
        /// <exception cref="ArgumentException">The port is taken or out of range, no socket is free, or there is no place for a client.</exception>
        public HttpServer(SocketLayer sockets, WordOrder order, int port, int connections, HttpPage[] pages)
        {
            if (connections < 1 || pages == null)
            {
                throw new ArgumentException();
            }

            _sockets = sockets;
            _pages = pages;
            _connections = new HttpConnection[connections];
            for (int i = 0; i < connections; i++)
            {
                _connections[i] = new HttpConnection();
            }

            string notFound = HttpResponse.Error("404 Not Found", string.Empty);
            _notFound = new WordBuffer(notFound, order);
            _notFoundHead = new WordBuffer(HttpResponse.HeaderOf(notFound), order);
            _badRequest = new WordBuffer(HttpResponse.Error("400 Bad Request", string.Empty), order);
            _methodNotAllowed = new WordBuffer(HttpResponse.Error("405 Method Not Allowed", AllowField), order);
            _uriTooLong = new WordBuffer(HttpResponse.Error("414 URI Too Long", string.Empty), order);
            _headerTooLarge = new WordBuffer(HttpResponse.Error("431 Request Header Fields Too Large", string.Empty), order);
            _notImplemented = new WordBuffer(HttpResponse.Error("501 Not Implemented", string.Empty), order);
            _versionNotSupported = new WordBuffer(HttpResponse.Error("505 HTTP Version Not Supported", string.Empty), order);

            // the steps of the textbook: socket, bind, listen; accept is in Poll
            _listener = sockets.Socket();
            if (_listener < 0 || sockets.Bind(_listener, port) < 0 || sockets.Listen(_listener, connections) < 0)
            {
                throw new ArgumentException();
            }
        }

        /// <summary>Gets the counters of the server.</summary>
        public HttpCounters Counters => _counters;

        /// <summary>Gets the number of clients that are being served.</summary>
        public int Clients { get; private set; }

        /// <summary>
        /// Takes new clients and goes on with each.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the stack's poll before.</param>
        /// <returns>Milliseconds after which it must be called again even if nothing arrives.</returns>
        public int Poll(int now)
        {
            _now = now;
            int wait = int.MaxValue;
            bool mayAccept = true;
            for (int i = 0; i < _connections.Length; i++)
            {
                HttpConnection connection = _connections[i];
                if (connection.Socket < 0)
                {
                    // once nobody waits, the other free places need not ask: it costs a walk through the socket table
                    mayAccept = mayAccept && TryAccept(connection);
                    if (!mayAccept)
                    {
                        continue;
                    }
                }

                int due = Serve(connection);
                if (due < wait)
                {
                    wait = due;
                }
            }

            return wait;
        }

        /// <summary>
        /// Sets all counters to zero. Nothing the server does depends on them.
        /// </summary>
        public void ClearCounters()
        {
            _counters.Clear();
        }

        private bool TryAccept(HttpConnection connection)
        {
            int socket = _sockets.Accept(_listener);
            if (socket < 0)
            {
                return false;
            }

            // the answer is one write, there is nothing that Nagle's algorithm could wait for
            _sockets.SetNoDelay(socket, true);
            connection.Open(socket, _now);
            Clients++;
            _counters._connections++;
            return true;
        }

        private int Serve(HttpConnection connection)
        {
            if (connection.Response == null)
            {
                ReadRequest(connection);
            }

            if (connection.Response != null && !connection.Draining)
            {
                SendResponse(connection);
            }

            if (connection.Draining)
            {
                Drain(connection);
            }

            return connection.Socket < 0 ? int.MaxValue : CheckTime(connection);
        }

        private void ReadRequest(HttpConnection connection)
        {
            HttpRequestParser parser = connection.Parser;
            while (true)
            {
                int length = _sockets.Peek(connection.Socket, _view);
                if (length == (int)SocketError.WouldBlock)
                {
                    return;
                }

                if (length <= 0)
                {
                    // the client has closed, or was reset, before its request was complete
                    _counters._aborted++;
                    Close(connection);
                    return;
                }

                connection.HeardAt = _now;
                _sockets.Consume(connection.Socket, parser.Parse(_view));
                if (parser.IsComplete)
                {
                    connection.Response = Answer(connection);
                    connection.PhaseSince = _now;
                    return;
                }
            }
        }

        private WordBuffer Answer(HttpConnection connection)
        {
            HttpRequestParser parser = connection.Parser;
            switch (parser.State)
            {
                case HttpRequestState.Get:
                case HttpRequestState.Head:
                    return FindPage(connection);

                case HttpRequestState.MethodNotAllowed:
                    _counters._methodRefused++;
                    return _methodNotAllowed;

                case HttpRequestState.NotImplemented:
                    _counters._methodRefused++;
                    return _notImplemented;

                case HttpRequestState.UriTooLong:
                    _counters._badRequests++;
                    return _uriTooLong;

                case HttpRequestState.HeaderTooLarge:
                    _counters._badRequests++;
                    return _headerTooLarge;

                case HttpRequestState.VersionNotSupported:
                    _counters._badRequests++;
                    return _versionNotSupported;

                default:
                    _counters._badRequests++;
                    return _badRequest;
            }
        }

        private WordBuffer FindPage(HttpConnection connection)
        {
            HttpRequestParser parser = connection.Parser;
            bool head = parser.State == HttpRequestState.Head;
            for (int i = 0; i < _pages.Length; i++)
            {
                HttpPage page = _pages[i];
                if (parser.IsFor(page.Path))
                {
                    _counters._pages++;
                    if (head)
                    {
                        return page.HeadResponse;
                    }

                    if (page.Readers == 0)
                    {
                        page.Update(_now);
                    }

                    page.Readers++;
                    connection.Page = page;
                    return page.Response;
                }
            }

            _counters._notFound++;
            return head ? _notFoundHead : _notFound;
        }

        private void SendResponse(HttpConnection connection)
        {
            WordBuffer response = connection.Response;
            while (connection.Sent < response.Length)
            {
                int taken = _sockets.Write(connection.Socket, response, connection.Sent);
                if (taken == (int)SocketError.WouldBlock || taken == (int)SocketError.NoBufferSpace)
                {
                    return;
                }

                if (taken < 0)
                {
                    _counters._aborted++;
                    Close(connection);
                    return;
                }

                connection.HeardAt = _now;
                connection.Sent += taken;
            }

            ReleasePage(connection);
            _sockets.Shutdown(connection.Socket);
            connection.Draining = true;
            connection.PhaseSince = _now;
        }

        private void Drain(HttpConnection connection)
        {
            int length = _sockets.Peek(connection.Socket, _view);
            while (length > 0)
            {
                _sockets.Consume(connection.Socket, length);
                length = _sockets.Peek(connection.Socket, _view);
            }

            if (length != (int)SocketError.WouldBlock)
            {
                Close(connection);
            }
        }

        private int CheckTime(HttpConnection connection)
        {
            int phase = _now - connection.PhaseSince;
            if (connection.Draining)
            {
                if (phase >= DrainTimeout)
                {
                    // the answer may still be on its way: it goes on without us
                    Close(connection);
                    return int.MaxValue;
                }

                return DrainTimeout - phase;
            }

            int silence = _now - connection.HeardAt;
            if (silence >= IdleTimeout || phase >= PhaseTimeout)
            {
                // no polite close: it might stay silent to that too, and keep the socket
                _counters._timedOut++;
                _sockets.Abort(connection.Socket);
                Close(connection);
                return int.MaxValue;
            }

            return IdleTimeout - silence < PhaseTimeout - phase ? IdleTimeout - silence : PhaseTimeout - phase;
        }

        private static void ReleasePage(HttpConnection connection)
        {
            if (connection.Page != null)
            {
                connection.Page.Readers--;
                connection.Page = null;
            }
        }

        private void Close(HttpConnection connection)
        {
            ReleasePage(connection);

            // a socket that was aborted is gone already, which Close then says
            _sockets.Close(connection.Socket);
            connection.Socket = -1;
            Clients--;
        }
    }
}
