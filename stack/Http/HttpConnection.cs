// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Http
{
    /// <summary>
    /// One client of the server: the socket, what has been read of the request, and what is left to send of the answer.
    /// </summary>
    internal sealed class HttpConnection
    {
        /// <summary>The socket, or -1 while the slot is free.</summary>
        internal int Socket = -1;

        /// <summary>What is being sent, or null while the request is being read.</summary>
        internal WordBuffer Response;

        /// <summary>The page that is being sent, or null where the answer is another.</summary>
        internal HttpPage Page;

        /// <summary>Bytes of the answer that the socket has taken.</summary>
        internal int Sent;

        /// <summary>Whether all is sent, our direction closed, and only the client's FIN is waited for.</summary>
        internal bool Draining;

        /// <summary>When the client was last heard of, in milliseconds.</summary>
        internal int HeardAt;

        /// <summary>When the phase (reading, sending, draining) began, in milliseconds.</summary>
        internal int PhaseSince;

        /// <summary>
        /// Up to when progress was made, in milliseconds: it lags behind the time of who sends or takes little.
        /// </summary>
        internal int ProgressAt;

        /// <summary>Where it stands in the server's table: that is the server's business.</summary>
        internal int Place;

        /// <summary>Reads the request.</summary>
        internal readonly HttpRequestParser Parser;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpConnection"/> class.
        /// </summary>
        /// <param name="known">Lines of requests that are known as they lie in a frame.</param>
        /// <param name="place">Where it stands in the server's table.</param>
        internal HttpConnection(HttpKnownLines known, int place)
        {
            Parser = new HttpRequestParser(known);
            Place = place;
        }

        /// <summary>
        /// Takes a client.
        /// </summary>
        /// <param name="socket">The accepted socket.</param>
        /// <param name="since">When the connection was established, in milliseconds: its time runs while it waits for a place, too.</param>
        internal void Open(int socket, int since)
        {
            Socket = socket;
            Response = null;
            Page = null;
            Sent = 0;
            Draining = false;
            HeardAt = since;
            PhaseSince = since;
            ProgressAt = since;
            Parser.Reset();
        }

        /// <summary>The request is read: the answer is sent from now on.</summary>
        internal void BeginSending(WordBuffer response, int now)
        {
            Response = response;
            PhaseSince = now;
            ProgressAt = now;
        }

        /// <summary>The answer is a page, which stays as it is until all of it is sent.</summary>
        internal void HoldPage(HttpPage page)
        {
            page.Readers++;
            Page = page;
        }

        /// <summary>The answer is sent: the client's FIN is waited for from now on.</summary>
        internal void BeginDraining(int now)
        {
            ReleasePage();
            Draining = true;
            PhaseSince = now;
            ProgressAt = now;
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
        /// Bytes of the request have come, or of the answer were taken: each is worth <see cref="HttpServer.TimeOfByte"/>, up to now and no
        /// further.
        /// </summary>
        internal void NoteProgress(int bytes, int now)
        {
            if (Response != null)
            {
                Sent += bytes;
            }

            HeardAt = now;
            ProgressAt += bytes * HttpServer.TimeOfByte;
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
        /// When the place may be given to somebody who waits: a while after the last progress, and no later than a phase may last then.
        /// </summary>
        /// <returns>The time in milliseconds.</returns>
        internal int MayEndAt()
        {
            int end = ProgressAt + HttpServer.Patience;
            int last = PhaseSince + (Response == null ? HttpServer.ReadingLimit : HttpServer.SendingLimit);
            return last - end < 0 ? last : end;
        }

        private void ReleasePage()
        {
            if (Page != null)
            {
                Page.Readers--;
                Page = null;
            }
        }
    }
}
