// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Http
{
    /// <summary>
    /// What an HTTP client may take, and how long it waits. It is read when the client is made.
    /// </summary>
    public sealed class HttpClientConfiguration
    {
        /// <summary>Gets or sets what looks hosts' names up; without it hosts are named by their addresses.</summary>
        public INameResolver Resolver { get; set; }

        /// <summary>Gets or sets how often the client goes where an answer sends it (0 to 20; 0: the application sees the 3xx itself).</summary>
        public int Redirects { get; set; }

        /// <summary>
        /// Gets or sets the longest URL in bytes that is asked for other than as it was made: after a redirect, or with a target that
        /// <see cref="HttpClient.Begin(HttpRequest, byte[], int, int)"/> is given (64 to 2048). The request's own fields have as much room again.
        /// </summary>
        public int UrlBytes { get; set; } = 256;

        /// <summary>Gets or sets the room in bytes for the values of the fields that are asked for (32 to 4096).</summary>
        public int FieldBytes { get; set; } = 256;

        /// <summary>Gets or sets the longest header of an answer in bytes, 1xx answers before it included, and the longest trailer (256 to 65536).</summary>
        public int HeaderBytes { get; set; } = 8192;

        /// <summary>Gets or sets the milliseconds without progress after which a request is given up (100 to 3600000).</summary>
        public int Timeout { get; set; } = 10000;

        /// <summary>Gets or sets the milliseconds that a request and its whole answer may take (100 to 86400000).</summary>
        public int TotalTimeout { get; set; } = 60000;

        /// <summary>
        /// Gets or sets the milliseconds that a connection stays open for another request (0 to 3600000; 0: it is closed at once). It holds one of
        /// the stack's sockets meanwhile. Servers close after 5 s and more.
        /// </summary>
        public int IdleTimeout { get; set; } = 4000;

        /// <summary>
        /// Checks all values.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the exception names the property.</exception>
        public void Validate()
        {
            Require(Redirects, 0, 20, nameof(Redirects));
            Require(UrlBytes, 64, 2048, nameof(UrlBytes));
            Require(FieldBytes, 32, 4096, nameof(FieldBytes));
            Require(HeaderBytes, 256, 65536, nameof(HeaderBytes));
            Require(Timeout, 100, 3600000, nameof(Timeout));
            Require(TotalTimeout, 100, 86400000, nameof(TotalTimeout));
            Require(IdleTimeout, 0, 3600000, nameof(IdleTimeout));
        }

        private static void Require(int value, int least, int most, string property)
        {
            if (value < least || value > most)
            {
                throw new ArgumentOutOfRangeException(property, "HttpClientConfiguration." + property + " is out of its range.");
            }
        }
    }
}
