// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;

namespace TcpIp.Http
{
    /// <summary>
    /// Live updates: server-sent events (the EventSource of browsers, WHATWG HTML section 9.2). Whoever looks gets each event at once; who is
    /// too slow for all of them gets the newest.
    /// </summary>
    /// <remarks>
    /// An event is laid out at start-up as what goes over the wire, "data: ... LF LF", and its digits are written over before it is
    /// published. It has to fit a segment.
    /// </remarks>
    public sealed class HttpEvents
    {
        /// <summary>Milliseconds after which viewers get a line that says nothing if there is no event: who is gone is noticed by it.</summary>
        public const int Heartbeat = 15000;

        /// <summary>The server that shows them, or null.</summary>
        internal HttpServer Server;

        private const int Longest = 1400;

        private readonly string _path;
        private readonly WordBuffer _event;
        private int _number;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpEvents"/> class.
        /// </summary>
        /// <param name="path">Such as "/events".</param>
        /// <param name="message">The event as it goes over the wire.</param>
        /// <exception cref="ArgumentNullException">Something is missing.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The event is empty, or does not fit a segment.</exception>
        public HttpEvents(string path, WordBuffer message)
        {
            if (path == null)
            {
                throw new ArgumentNullException(nameof(path));
            }

            if (message == null)
            {
                throw new ArgumentNullException(nameof(message));
            }

            if (message.Length < 1 || message.Length > Longest)
            {
                throw new ArgumentOutOfRangeException(nameof(message));
            }

            _path = path;
            _event = message;
        }

        /// <summary>Gets the path.</summary>
        public string Path => _path;

        /// <summary>Gets the event, whose digits may be written over until it is published.</summary>
        public WordBuffer Message => _event;

        /// <summary>Gets the number of viewers.</summary>
        public int Viewers { get; internal set; }

        /// <summary>Gets the number of the newest event.</summary>
        internal int Number => _number;

        /// <summary>
        /// Sends the event as it is now to all who look, in the stack's next poll. It allocates nothing.
        /// </summary>
        public void Publish()
        {
            _number++;
            if (Server != null)
            {
                Server.Show(this);
            }
        }
    }
}
