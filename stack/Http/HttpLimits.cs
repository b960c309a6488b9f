// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// All that bounds what clients may take of a web server: places, bytes and milliseconds.
    /// </summary>
    public sealed class HttpLimits
    {
        /// <summary>Longest target of a request in bytes that is read; a longer one is answered with 414.</summary>
        public const int MaximumTarget = 2048;

        /// <summary>The least that <see cref="StoredBytes"/> may be.</summary>
        public const int LeastStored = 128;

        /// <summary>Gets or sets how many clients are served at once; as many again may wait.</summary>
        public int Connections { get; set; } = 4;

        /// <summary>Gets or sets how many of them may be viewers of events (<see cref="HttpEvents"/>); others get 503.</summary>
        public int Viewers { get; set; } = 2;

        /// <summary>
        /// Gets or sets the bytes that are kept of a request, for each connection: method and target, the values of fields that were asked
        /// for, and a body that a handler wants whole. What does not fit is answered with 414, 431 and 413.
        /// </summary>
        public int StoredBytes { get; set; } = 256;

        /// <summary>Gets or sets the longest header in bytes, request line included, that is read; a longer one is answered with 431.</summary>
        public int HeaderBytes { get; set; } = 8192;

        /// <summary>Gets or sets after how many requests a connection is closed.</summary>
        public int Requests { get; set; } = 100;

        /// <summary>Gets or sets the milliseconds of silence after which a client is given up.</summary>
        public int IdleTimeout { get; set; } = 10000;

        /// <summary>Gets or sets the milliseconds that a request, or the sending of an answer, may take over all.</summary>
        public int PhaseTimeout { get; set; } = 30000;

        /// <summary>Gets or sets the milliseconds without progress after which a client may be turned out for one that waits.</summary>
        public int Patience { get; set; } = 1000;

        /// <summary>Gets or sets the milliseconds that a request may take while others wait.</summary>
        public int ReadingLimit { get; set; } = 3000;

        /// <summary>Gets or sets the milliseconds that the sending of an answer may take while others wait.</summary>
        public int SendingLimit { get; set; } = 10000;
    }
}
