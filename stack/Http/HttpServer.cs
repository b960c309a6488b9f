// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <summary>
    /// A web server: an application of the sockets, polled like the stack. It serves pages that are laid out, calls handlers, and keeps
    /// viewers up to date with events. Connections stay open for further requests.
    /// </summary>
    /// <remarks>
    /// <para>All is registered at start-up; from the first poll on nothing is allocated.</para>
    /// <para>Who gives way: while all places are taken and somebody waits, the client that has made no progress for longest, if that is
    /// <see cref="HttpLimits.Patience"/> or more; who has had an answer and asks for nothing, at once. A byte is worth two milliseconds, so
    /// that one now and then is none; and reading a request and sending an answer have limits of their own then. With a free place, or
    /// nobody waiting, all clients have far longer.</para>
    /// </remarks>
    public sealed partial class HttpServer : IBackgroundWork
    {
        /// <summary>
        /// Milliseconds for which a client may go on sending after its answer. Closing at once would reset the connection, and
        /// a reset may overtake the answer at the client (RFC 9112 section 9.6).
        /// </summary>
        public const int DrainTimeout = 2000;

        private const int MostRoutes = 24;
        private const int MostEvents = 4;

        private readonly SocketLayer _sockets;
        private readonly HttpLimits _limits;
        private readonly HttpRules _rules;
        private readonly HttpTexts _texts;
        private readonly HttpContext _context;
        private readonly HttpConnection[] _connections;
        private readonly HttpCounters _counters = new HttpCounters();
        private readonly ReceivedView _view = new ReceivedView();
        private readonly HttpRoute[] _routes = new HttpRoute[MostRoutes];
        private readonly HttpRoute[] _knownRoutes = new HttpRoute[MostRoutes];
        private readonly int _listener;
        private int _routeCount;
        private int _clients;
        private int _viewers;
        private int _seen;
        private int _dueAt;
        private bool _mustLook = true;
        private int _now;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpServer"/> class with pages, and begins to listen.
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
            : this(sockets, order, port, new HttpLimits() { Connections = connections, Viewers = connections > 2 ? 2 : 0 })
        {
            if (pages == null)
            {
                sockets.Close(_listener);
                throw new ArgumentNullException(nameof(pages));
            }

            for (int i = 0; i < pages.Length; i++)
            {
                Add(pages[i]);
            }
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpServer"/> class and begins to listen. What it answers is added then.
        /// </summary>
        /// <param name="sockets">The stack's sockets.</param>
        /// <param name="order">The word order of the stack's frames.</param>
        /// <param name="port">The port, usually 80.</param>
        /// <param name="limits">Sizes and times, which must not change any more.</param>
        /// <exception cref="ArgumentNullException">There are no sockets or no limits.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A size is out of its range; the exception names it.</exception>
        /// <exception cref="ArgumentException">The port is taken or out of range, or no socket is free; the message says which.</exception>
        public HttpServer(SocketLayer sockets, WordOrder order, int port, HttpLimits limits)
        {
            if (sockets == null)
            {
                throw new ArgumentNullException(nameof(sockets));
            }

            if (limits == null)
            {
                throw new ArgumentNullException(nameof(limits));
            }

            if (limits.Connections < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(limits.Connections));
            }

            if (limits.Viewers < 0 || limits.Viewers > limits.Connections)
            {
                throw new ArgumentOutOfRangeException(nameof(limits.Viewers));
            }

            if (limits.StoredBytes < HttpLimits.LeastStored || limits.StoredBytes > ushort.MaxValue / 2)
            {
                throw new ArgumentOutOfRangeException(nameof(limits.StoredBytes));
            }

            _sockets = sockets;
            _limits = limits;
            _rules = new HttpRules(limits, order);
            _texts = new HttpTexts(order);
            _context = new HttpContext(sockets, _rules, _texts, _counters);
            _connections = new HttpConnection[limits.Connections];
            for (int i = 0; i < _connections.Length; i++)
            {
                _connections[i] = new HttpConnection(_rules, i);
            }

            // the steps of the textbook: socket, bind, listen; accept is in Poll
            _listener = sockets.Socket();
            int result = _listener < 0 ? _listener : sockets.Bind(_listener, port);
            // an answer is written as a whole, there is nothing that Nagle's algorithm could wait for: so it is with all that the listener brings
            sockets.SetNoDelay(_listener, true);
            if (result >= 0)
            {
                result = sockets.Listen(_listener, limits.Connections);
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
        /// Adds a page. It is there for GET and HEAD.
        /// </summary>
        /// <param name="page">The page.</param>
        /// <exception cref="ArgumentNullException">There is no page.</exception>
        /// <exception cref="InvalidOperationException">There are as many routes as there can be.</exception>
        public void Add(HttpPage page) => Add(page, HttpOptions.None);

        /// <summary>
        /// Adds a page.
        /// </summary>
        /// <param name="page">The page.</param>
        /// <param name="options">How requests for it are dealt with.</param>
        /// <exception cref="ArgumentNullException">There is no page.</exception>
        /// <exception cref="InvalidOperationException">There are as many routes as there can be.</exception>
        public void Add(HttpPage page, HttpOptions options)
        {
            if (page == null)
            {
                throw new ArgumentNullException(nameof(page));
            }

            page.Measure();
            HttpRoute route = AddRoute(page.Path, HttpMethods.Get, options, page, null, null);
            int line = (options & HttpOptions.Protected) == 0 ? _rules.Known.Add(page.Path) : -1;
            if (line >= 0)
            {
                _knownRoutes[line] = route;
            }
        }

        /// <summary>
        /// Adds a handler.
        /// </summary>
        /// <param name="methods">The methods that it answers. With GET goes HEAD; OPTIONS the server answers itself.</param>
        /// <param name="path">The path, such as "/api/led/{id}": a name in braces stands for any segment
        /// (<see cref="HttpContext.Parameter"/>).</param>
        /// <param name="handler">The method that answers.</param>
        /// <param name="options">How requests for it are dealt with.</param>
        /// <exception cref="ArgumentNullException">Something is missing.</exception>
        /// <exception cref="InvalidOperationException">There are as many routes as there can be.</exception>
        public void Add(HttpMethods methods, string path, HttpHandler handler, HttpOptions options)
        {
            if (handler == null)
            {
                throw new ArgumentNullException(nameof(handler));
            }

            AddRoute(path, methods, options, null, handler, null);
        }

        /// <summary>
        /// Adds events that viewers see as they are published.
        /// </summary>
        /// <param name="events">The events.</param>
        /// <exception cref="ArgumentNullException">There are none.</exception>
        /// <exception cref="InvalidOperationException">There are as many routes as there can be.</exception>
        public void Add(HttpEvents events)
        {
            if (events == null)
            {
                throw new ArgumentNullException(nameof(events));
            }

            events.Server = this;
            AddRoute(events.Path, HttpMethods.Get, HttpOptions.None, null, null, events);
        }

        /// <summary>
        /// Asks for a field of the header.
        /// </summary>
        /// <param name="name">Its name.</param>
        /// <returns>What <see cref="HttpContext.Field"/> wants to know.</returns>
        /// <exception cref="ArgumentException">The name is too long, or there are as many fields as can be asked for.</exception>
        public int AskForField(string name)
        {
            int field = _rules.AddField(name.ToLower());
            return field >= HttpRules.ContentType ? field : throw new ArgumentException("The field cannot be asked for: " + name);
        }

        /// <summary>
        /// Adds a name that the server answers to. Without any it answers to all; with some, requests under other names get 421: a page of
        /// somebody else, whose name was made to lead here (DNS rebinding), cannot use our forms.
        /// </summary>
        /// <param name="host">Such as "board.local" or "192.168.1.50", without a port; ".local" for all names that end so.</param>
        /// <exception cref="InvalidOperationException">There are as many names as there can be.</exception>
        public void AnswerTo(string host)
        {
            if (!_rules.AddHost(host))
            {
                throw new InvalidOperationException("There are as many names as there can be.");
            }
        }

        /// <summary>
        /// Has a server that answers to some names only answer to any IPv4 address too. An address is no name that could be made to lead here, and
        /// whoever has a board by its address need not care which one it is.
        /// </summary>
        public void AnswerToAddresses() => _rules.TakeAddresses();

        /// <summary>
        /// Sets the domain that we are in: names that we answer to are ours with it behind them too.
        /// </summary>
        /// <param name="domain">Where its name stands, such as that of a lease. It is not copied.</param>
        /// <param name="length">Its length in bytes; 0 for none.</param>
        public void SetDomain(byte[] domain, int length) => _rules.SetDomain(domain, length);

        /// <summary>
        /// Sets what a client must know for routes that are protected (RFC 7617). It goes over the wire readable for all.
        /// </summary>
        /// <param name="user">The name, without a colon.</param>
        /// <param name="password">The password.</param>
        public void SetCredentials(string user, string password)
        {
            _credentials = HttpCharacters.BytesOf("basic " + HttpCharacters.Base64Of(HttpCharacters.Utf8Of(user + ":" + password)));
        }

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

            if (_mustLook && wait > 1)
            {
                wait = 1;
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

        private HttpRoute AddRoute(string path, HttpMethods methods, HttpOptions options, HttpPage page, HttpHandler handler, HttpEvents events)
        {
            if (path == null)
            {
                throw new ArgumentNullException(nameof(path));
            }

            if (_routeCount == MostRoutes)
            {
                throw new InvalidOperationException("There are as many routes as there can be.");
            }

            HttpRoute route = new HttpRoute(HttpCharacters.Utf8Of(path), methods, options, page, handler, events);
            _routes[_routeCount++] = route;
            return route;
        }
    }
}
