// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <summary>
    /// A tiny web server: an application of the sockets, polled like the stack. It answers one request per connection.
    /// </summary>
    /// <remarks>
    /// Who gives way: while all places are taken and somebody waits, the client that has made no progress for longest, if that is
    /// <see cref="Patience"/> or more. A byte is worth <see cref="TimeOfByte"/>, so that one now and then is none; and reading the request
    /// and sending the answer have limits of their own then. With a free place, or nobody waiting, all clients have far longer.
    /// </remarks>
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

        /// <summary>Milliseconds without progress after which a client may be turned out for one that waits.</summary>
        internal const int Patience = 1000;

        /// <summary>Milliseconds that a byte of request or answer is worth: 500 bytes a second count as steady progress.</summary>
        internal const int TimeOfByte = 2;

        /// <summary>Milliseconds that a request may take while others wait.</summary>
        internal const int ReadingLimit = 3000;

        /// <summary>Milliseconds that the sending of an answer may take while others wait.</summary>
        internal const int SendingLimit = 10000;

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
        private readonly WordBuffer _requestTimeout;
        private readonly WordBuffer _uriTooLong;
        private readonly WordBuffer _headerTooLarge;
        private readonly WordBuffer _notImplemented;
        private readonly WordBuffer _versionNotSupported;
        private readonly int _listener;
        private int _clients;
        private int _seen;
        private int _dueAt;
        private bool _mustLook = true;
        private int _now;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpServer"/> class and begins to listen.
        /// </summary>
        /// <param name="sockets">The stack's sockets.</param>
        /// <param name="order">The word order of the stack's frames.</param>
        /// <param name="port">The port, usually 80.</param>
        /// <param name="connections">Clients served at once; as many again may wait.</param>
        /// <param name="pages">The pages.</param>
        /// <exception cref="ArgumentNullException">There are no sockets or no pages.</exception>
        /// <exception cref="ArgumentOutOfRangeException">There is no place for a client.</exception>
        /// <exception cref="ArgumentException">The port is taken or out of range, or no socket is free; the message says which.</exception>
        public HttpServer(SocketLayer sockets, WordOrder order, int port, int connections, HttpPage[] pages)
        {
            if (sockets == null)
            {
                throw new ArgumentNullException(nameof(sockets));
            }

            if (pages == null)
            {
                throw new ArgumentNullException(nameof(pages));
            }

            if (connections < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(connections));
            }

            _sockets = sockets;
            _pages = pages;
            _connections = new HttpConnection[connections];
            HttpKnownLines known = new HttpKnownLines(pages, order);
            for (int i = 0; i < connections; i++)
            {
                _connections[i] = new HttpConnection(known, i);
            }

            string notFound = HttpResponse.Error("404 Not Found", string.Empty);
            _notFound = new WordBuffer(notFound, order);
            _notFoundHead = new WordBuffer(HttpResponse.HeaderOf(notFound), order);
            _badRequest = new WordBuffer(HttpResponse.Error("400 Bad Request", string.Empty), order);
            _methodNotAllowed = new WordBuffer(HttpResponse.Error("405 Method Not Allowed", AllowField), order);
            _requestTimeout = new WordBuffer(HttpResponse.Error("408 Request Timeout", string.Empty), order);
            _uriTooLong = new WordBuffer(HttpResponse.Error("414 URI Too Long", string.Empty), order);
            _headerTooLarge = new WordBuffer(HttpResponse.Error("431 Request Header Fields Too Large", string.Empty), order);
            _notImplemented = new WordBuffer(HttpResponse.Error("501 Not Implemented", string.Empty), order);
            _versionNotSupported = new WordBuffer(HttpResponse.Error("505 HTTP Version Not Supported", string.Empty), order);

            // the steps of the textbook: socket, bind, listen; accept is in Poll
            _listener = sockets.Socket();
            int result = _listener < 0 ? _listener : sockets.Bind(_listener, port);
            if (result >= 0)
            {
                result = sockets.Listen(_listener, connections);
            }

            if (result < 0)
            {
                sockets.Close(_listener);
                throw new ArgumentException("The server cannot listen on port " + port + ": " + SocketErrorText.Of((SocketError)result));
            }
        }

        /// <summary>Gets the counters of the server.</summary>
        public HttpCounters Counters => _counters;

        /// <summary>Gets the number of clients that are being served.</summary>
        public int Clients => _clients;

        /// <summary>
        /// Takes new clients and goes on with each.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the stack's poll before.</param>
        /// <returns>Milliseconds after which it must be called again even if nothing arrives.</returns>
        public int Poll(int now)
        {
            // most turns of an application's loop bring nothing for us
            int changes = _sockets.Changes;
            int left = _dueAt - now;
            if (changes == _seen && left > 0 && !_mustLook)
            {
                return left;
            }

            _seen = changes;
            _now = now;
            _mustLook = false;
            int wait = int.MaxValue;

            // from the end, for who leaves is replaced by the last one
            for (int i = _clients - 1; i >= 0; i--)
            {
                int due = Serve(_connections[i]);
                if (due < wait)
                {
                    wait = due;
                }
            }

            bool full = _clients == _connections.Length;
            while (!full && TryAccept())
            {
                int due = Serve(_connections[_clients - 1]);
                if (due < wait)
                {
                    wait = due;
                }

                full = _clients == _connections.Length;
            }

            if (full)
            {
                int due = MakeRoom();
                if (due < wait)
                {
                    wait = due;
                }
            }

            _dueAt = now + wait;
            return wait;
        }

        /// <summary>
        /// Sets all counters to zero. Nothing the server does depends on them.
        /// </summary>
        public void ClearCounters()
        {
            _counters.Clear();
        }

        /// <summary>
        /// Gives the next client that waits the first free place.
        /// </summary>
        private bool TryAccept()
        {
            int socket = _sockets.Accept(_listener);
            if (socket < 0)
            {
                return false;
            }

            // the answer is one write, there is nothing that Nagle's algorithm could wait for
            _sockets.SetNoDelay(socket, true);
            _connections[_clients].Open(socket, _now - _sockets.GetAge(socket));
            _clients++;
            _counters._connections++;
            return true;
        }

        /// <summary>
        /// All places are taken: as long as somebody waits, the client that has made no progress for longest makes room.
        /// </summary>
        /// <returns>Milliseconds until one may be turned out, if somebody waits.</returns>
        private int MakeRoom()
        {
            int wait = int.MaxValue;
            while (_clients == _connections.Length && _sockets.GetAvailable(_listener) > 0)
            {
                HttpConnection slowest = FindSlowest();
                int left = slowest.MayEndAt() - _now;
                if (left > 0)
                {
                    return left < wait ? left : wait;
                }

                TurnOut(slowest);
                if (TryAccept())
                {
                    int due = Serve(_connections[_clients - 1]);
                    wait = due < wait ? due : wait;
                }
            }

            return wait;
        }

        private HttpConnection FindSlowest()
        {
            HttpConnection slowest = _connections[0];
            for (int i = 1; i < _connections.Length; i++)
            {
                if (_connections[i].MayEndAt() - slowest.MayEndAt() < 0)
                {
                    slowest = _connections[i];
                }
            }

            return slowest;
        }

        /// <summary>
        /// Closes a connection before its time. With a FIN, for the client may still be reading what was sent; but one that does not read,
        /// and of whose answer some is left, would keep frames that the next client needs.
        /// </summary>
        private void TurnOut(HttpConnection connection)
        {
            _counters._gaveWay++;
            if (connection.Response == null)
            {
                // who has sent nothing would take an answer for that to its next request (RFC 9110 section 15.5.9)
                if (connection.Parser.BytesRead > 0)
                {
                    _sockets.Write(connection.Socket, _requestTimeout, 0);
                }
            }
            else if (!connection.Draining && _sockets.GetSendWindow(connection.Socket) == 0)
            {
                _sockets.Abort(connection.Socket);
            }

            // text that nobody has read would make a RST of the FIN
            DiscardUnread(connection);
            Close(connection);
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

                connection.NoteProgress(length, _now);
                _sockets.Consume(connection.Socket, parser.Parse(_view));
                if (parser.IsComplete)
                {
                    connection.BeginSending(ChooseAnswer(connection), _now);
                    return;
                }
            }
        }

        private WordBuffer ChooseAnswer(HttpConnection connection)
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
            int i = parser.KnownLine;
            if (i < 0)
            {
                i = 0;
                while (i < _pages.Length && !parser.IsFor(_pages[i].Path))
                {
                    i++;
                }
            }

            if (i == _pages.Length)
            {
                _counters._notFound++;
                return head ? _notFoundHead : _notFound;
            }

            HttpPage page = _pages[i];
            _counters._pages++;
            if (head)
            {
                return page.HeadResponse;
            }

            if (page.Readers == 0)
            {
                page.Update(_now);
            }

            connection.HoldPage(page);
            return page.Response;
        }

        private void SendResponse(HttpConnection connection)
        {
            WordBuffer response = connection.Response;
            while (connection.Sent < response.Length)
            {
                int taken = _sockets.Write(connection.Socket, response, connection.Sent);
                if (taken == (int)SocketError.NoBufferSpace)
                {
                    // no fault of the client's: who holds the frames has to give way
                    connection.Excuse(_now);
                    _mustLook = true;
                    return;
                }

                if (taken == (int)SocketError.WouldBlock)
                {
                    return;
                }

                if (taken < 0)
                {
                    _counters._aborted++;
                    Close(connection);
                    return;
                }

                connection.NoteProgress(taken, _now);
            }

            _sockets.Shutdown(connection.Socket);
            connection.BeginDraining(_now);
        }

        private void Drain(HttpConnection connection)
        {
            if (DiscardUnread(connection) != (int)SocketError.WouldBlock)
            {
                Close(connection);
            }
        }

        /// <summary>
        /// Takes in what the client goes on sending, unread.
        /// </summary>
        /// <returns>WouldBlock while there may be more; 0 or an error at the end.</returns>
        private int DiscardUnread(HttpConnection connection)
        {
            int length = _sockets.Peek(connection.Socket, _view);
            while (length > 0)
            {
                _sockets.Consume(connection.Socket, length);
                length = _sockets.Peek(connection.Socket, _view);
            }

            return length;
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

        private void Close(HttpConnection connection)
        {
            // a socket that was aborted is gone already, which Close then says
            _sockets.Close(connection.Socket);
            connection.Close();

            // those that are open stand before those that are free
            _clients--;
            HttpConnection last = _connections[_clients];
            _connections[_clients] = connection;
            _connections[connection.Place] = last;
            last.Place = connection.Place;
            connection.Place = _clients;
        }
    }
}
