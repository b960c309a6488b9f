// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// One client of the server: the socket, what has been read of the request, and what is left to send of the answer.
    /// </summary>
    internal sealed class HttpConnection
    {
        /// <summary>Milliseconds that a byte of request or answer is worth: 500 bytes a second count as steady progress.</summary>
        internal const int TimeOfByte = 2;

        /// <summary>Milliseconds without a request after which a client that had an answer may be turned out for one that waits.</summary>
        internal const int SparePatience = 100;

        /// <summary>The socket, or -1 while the slot is free.</summary>
        internal int Socket = -1;

        /// <summary>What is being done for it.</summary>
        internal HttpPhase Phase;

        /// <summary>What answers the request, or null.</summary>
        internal HttpRoute Route;

        /// <summary>The status that the request is answered with in place of what the route has, or 0.</summary>
        internal int Status;

        /// <summary>The page that is being sent, or null where the answer is another.</summary>
        internal HttpPage Page;

        /// <summary>Bytes of the page that the socket has taken; of the body where it is collected.</summary>
        internal int Sent;

        /// <summary>Requests that were answered.</summary>
        internal int Requests;

        /// <summary>Whether the connection ends with the answer.</summary>
        internal bool Closes;

        /// <summary>When the client was last heard of, in milliseconds.</summary>
        internal int HeardAt;

        /// <summary>When reading, sending or draining began, in milliseconds.</summary>
        internal int PhaseSince;

        /// <summary>
        /// Up to when progress was made, in milliseconds: it lags behind the time of who sends or takes little.
        /// </summary>
        internal int ProgressAt;

        /// <summary>Where it stands in the server's table: that is the server's business.</summary>
        internal int Place;

        /// <summary>Reads the request.</summary>
        internal readonly HttpRequestParser Parser;

        /// <summary>How the answer is framed, once its header is out.</summary>
        internal HttpFraming Framing;

        /// <summary>Bytes of the body of a counted answer that are still to come; of an answer without a body, those that it would have.</summary>
        internal int Left;

        /// <summary>What a handler wants to be told when it is called again; of a viewer, which event it has seen.</summary>
        internal int Step;

        private readonly HttpLimits _limits;

        // whether it was found that it could be turned out, and when that was first
        private bool _isDue;
        private int _dueSince;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpConnection"/> class.
        /// </summary>
        /// <param name="rules">What all parsers know.</param>
        /// <param name="place">Where it stands in the server's table.</param>
        internal HttpConnection(HttpRules rules, int place)
        {
            Parser = new HttpRequestParser(rules);
            _limits = rules.Limits;
            Place = place;
        }

        /// <summary>Gets a value indicating whether its next request has not begun.</summary>
        internal bool IsSpare => Phase == HttpPhase.Reading && Parser.IsBlank;

        /// <summary>
        /// Takes a client.
        /// </summary>
        /// <param name="socket">The accepted socket.</param>
        /// <param name="since">When the connection was established, in milliseconds: its time runs while it waits for a place, too.</param>
        internal void Open(int socket, int since)
        {
            Socket = socket;
            Requests = 0;
            HeardAt = since;
            BeginReading(since);
        }

        /// <summary>A request is expected.</summary>
        internal void BeginReading(int now)
        {
            Route = null;
            Status = 0;
            Sent = 0;
            Closes = false;
            Framing = HttpFraming.None;
            Step = 0;
            Begin(HttpPhase.Reading, now);
            Parser.Reset();
        }

        /// <summary>Something else is done for it from now on.</summary>
        internal void Begin(HttpPhase phase, int now)
        {
            Phase = phase;
            PhaseSince = now;
            _isDue = false;
            ProgressAt = now;
        }

        /// <summary>The answer is a page, which stays as it is until all of it is sent.</summary>
        internal void HoldPage(HttpPage page)
        {
            page.Readers++;
            Page = page;
        }

        /// <summary>The page may change again.</summary>
        internal void ReleasePage()
        {
            if (Page != null)
            {
                Page.Readers--;
                Page = null;
            }
        }

        /// <summary>
        /// Gives the client up. Its socket is closed by the server.
        /// </summary>
        internal void Close()
        {
            ReleasePage();
            Socket = -1;
        }

        /// <summary>
        /// Bytes of the request have come, or of the answer were taken: each is worth <see cref="TimeOfByte"/>, up to now and no further.
        /// </summary>
        internal void NoteProgress(int bytes, int now)
        {
            HeardAt = now;
            ProgressAt += bytes * TimeOfByte;
            if (ProgressAt - now > 0)
            {
                ProgressAt = now;
            }
        }

        /// <summary>It is not the client's fault that nothing more was taken: that counts as progress.</summary>
        internal void Excuse(int now)
        {
            ProgressAt = now;
        }

        /// <summary>
        /// How long somebody who could be turned out, for he has had his answers and asks nothing, may keep his place all the same: his
        /// next request may be among frames that nobody has looked at yet, where the board had something else to do for a while.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="isQuiet">Whether there are no such frames.</param>
        /// <returns>Milliseconds; 0 for no longer.</returns>
        internal int Respite(int now, bool isQuiet)
        {
            if (!_isDue)
            {
                _isDue = true;
                _dueSince = now;
            }

            return isQuiet || !IsSpare || Requests == 0 || now - _dueSince >= SparePatience ? 0 : 1;
        }

        /// <summary>
        /// When the place may be given to somebody who waits: a while after the last progress, and no later than a phase may last then.
        /// </summary>
        /// <returns>The time in milliseconds.</returns>
        internal int MayEndAt()
        {
            if (Requests > 0 && IsSpare)
            {
                return PhaseSince + SparePatience;
            }

            int end = ProgressAt + _limits.Patience;
            int last = PhaseSince + (Phase <= HttpPhase.Collecting ? _limits.ReadingLimit : _limits.SendingLimit);
            return last - end < 0 ? last : end;
        }
    }
}
