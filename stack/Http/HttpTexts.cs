// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Http
{
    /// <summary>
    /// Pieces of answers that are put together while they are sent. Those in words are as long as makes each begin with a word.
    /// </summary>
    internal sealed class HttpTexts
    {
        /// <summary>Where in <see cref="Ok"/> it says whether the connection goes on.</summary>
        internal const int ConnectionInOk = 29;

        /// <summary>Where in <see cref="Length"/> its last digit stands.</summary>
        internal const int LastDigit = 31;

        /// <summary>Where in <see cref="Chunk"/> the size stands.</summary>
        internal const int SizeAt = 30;

        /// <summary>In place of <see cref="Length"/>: chunks, and the first of them begins behind.</summary>
        internal static readonly byte[] Chunk = HttpCharacters.BytesOf("Transfer-Encoding: chunked\r\n\r\n0000\r\n");

        /// <summary>In place of <see cref="Length"/>: chunks, and none of them here.</summary>
        internal static readonly byte[] Chunks = HttpCharacters.BytesOf("Transfer-Encoding:       chunked\r\n\r\n");

        /// <summary>In place of <see cref="Length"/>: no chunks, for the client does not know any.</summary>
        internal static readonly byte[] NoLength = HttpCharacters.BytesOf("Pragma:                 no-cache\r\n\r\n");

        /// <summary>The size of a chunk, and its end if there is nothing in it.</summary>
        internal static readonly byte[] Size = HttpCharacters.BytesOf("0000\r\n");

        /// <summary>The end of the last chunk, and of the body.</summary>
        internal static readonly byte[] LastChunk = HttpCharacters.BytesOf("\r\n0\r\n\r\n");

        /// <summary>Two ends of a line.</summary>
        internal static readonly byte[] End = HttpCharacters.BytesOf("\r\n\r\n");

        /// <summary>The begin of all other answers.</summary>
        internal static readonly byte[] Version = HttpCharacters.BytesOf("HTTP/1.1 ");

        /// <summary>What follows the status.</summary>
        internal static readonly byte[] Connection = HttpCharacters.BytesOf("\r\nConnection: ");

        /// <summary>What follows whether the connection goes on.</summary>
        internal static readonly byte[] NoStore = HttpCharacters.BytesOf("\r\nCache-Control: no-store\r\n");

        /// <summary>The same of content that may be kept, as long as it is asked for again each time.</summary>
        internal static readonly byte[] NoCache = HttpCharacters.BytesOf("\r\nCache-Control: no-cache\r\n");

        /// <summary>Content-Type.</summary>
        internal static readonly byte[] Type = HttpCharacters.BytesOf("Content-Type: ");

        /// <summary>The type of what is only words.</summary>
        internal static readonly byte[] Plain = HttpCharacters.BytesOf("text/plain; charset=utf-8");

        /// <summary>Content-Length.</summary>
        internal static readonly byte[] Counted = HttpCharacters.BytesOf("Content-Length: ");

        /// <summary>Allow, which OPTIONS and 405 have.</summary>
        internal static readonly byte[] Allow = HttpCharacters.BytesOf("Allow: ");

        /// <summary>ETag.</summary>
        internal static readonly byte[] Tag = HttpCharacters.BytesOf("ETag: ");

        /// <summary>Location.</summary>
        internal static readonly byte[] Location = HttpCharacters.BytesOf("Location: ");

        /// <summary>What 401 has.</summary>
        internal static readonly byte[] Challenge = HttpCharacters.BytesOf("WWW-Authenticate: Basic realm=\"board\", charset=\"UTF-8\"");

        /// <summary>What 503 has.</summary>
        internal static readonly byte[] Retry = HttpCharacters.BytesOf("Retry-After: 5");

        /// <summary>What scripts of other sites need to see.</summary>
        internal static readonly byte[] AnyOrigin = HttpCharacters.BytesOf("Access-Control-Allow-Origin: *");

        /// <summary>What they may do.</summary>
        internal static readonly byte[] AllowMethods = HttpCharacters.BytesOf("Access-Control-Allow-Methods: ");

        /// <summary>What they may say.</summary>
        internal static readonly byte[] AllowHeaders = HttpCharacters.BytesOf("Access-Control-Allow-Headers: Content-Type, Authorization");

        /// <summary>The begin of most answers.</summary>
        internal readonly WordBuffer Ok;

        /// <summary>The end of the header, with room for the length.</summary>
        internal readonly WordBuffer Length;

        /// <summary>What a client may wait for before it sends a body.</summary>
        internal readonly WordBuffer Continue;

        /// <summary>The header of events.</summary>
        internal readonly WordBuffer Events;

        /// <summary>An event that says nothing.</summary>
        internal readonly WordBuffer Heartbeat;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpTexts"/> class.
        /// </summary>
        /// <param name="order">The word order of the frames.</param>
        internal HttpTexts(WordOrder order)
        {
            Ok = new WordBuffer("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nCache-Control: no-store\r\nContent-Type: ", order);
            Length = new WordBuffer("Content-Length:                0\r\n\r\n", order);
            Continue = new WordBuffer("HTTP/1.1 100 Continue\r\n\r\n", order);
            Events = new WordBuffer(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n", order);
            Heartbeat = new WordBuffer(":\n\n\n", order);
        }
    }
}
