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

        /// <summary>Bytes of it that the socket has taken.</summary>
        internal int Sent;

        /// <summary>Whether all is sent, our direction closed, and only the client's FIN is waited for.</summary>
        internal bool Draining;

        /// <summary>When the client was last heard of, in milliseconds.</summary>
        internal int HeardAt;

        /// <summary>When the phase (reading, sending, draining) began, in milliseconds.</summary>
        internal int PhaseSince;

        /// <summary>Reads the request.</summary>
        internal readonly HttpRequestParser Parser = new HttpRequestParser();

        /// <summary>
        /// Takes a client.
        /// </summary>
        /// <param name="socket">The accepted socket.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Open(int socket, int now)
        {
            Socket = socket;
            Response = null;
            Page = null;
            Sent = 0;
            Draining = false;
            HeardAt = now;
            PhaseSince = now;
            Parser.Reset();
        }
    }
}
