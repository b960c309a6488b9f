// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Sntp
{
    /// <summary>
    /// Whom an SNTP client asks, and how often. It is read when the client is made.
    /// </summary>
    public sealed class SntpConfiguration
    {
        /// <summary>Gets or sets how many servers can be named by their addresses (0 to 8).</summary>
        public int Servers { get; set; } = 2;

        /// <summary>
        /// Gets or sets a server's name, which is asked when no server that is named by its address tells the time; null for none. It is looked up
        /// anew each time, since behind one name there may be many servers (RFC 4330 section 10).
        /// </summary>
        public string ServerName { get; set; }

        /// <summary>Gets or sets what looks the name up; needed if there is one.</summary>
        public INameResolver Resolver { get; set; }

        /// <summary>Gets or sets the seconds between two questions once the time is known (64 to 131072; RFC 4330 section 10 has 15 as the least).</summary>
        public int PollInterval { get; set; } = 1024;

        /// <summary>Gets or sets the milliseconds that an answer may take (100 to 10000); half of them is how far off the time can be.</summary>
        public int Timeout { get; set; } = 2000;

        /// <summary>
        /// Gets or sets the milliseconds among which the time of the first question is picked at random (1 to 300000; 1 is at once), so that boards
        /// that are switched on together do not all ask together.
        /// </summary>
        public int StartSpread { get; set; } = 1000;

        /// <summary>
        /// Checks all values.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the exception names the property.</exception>
        /// <exception cref="ArgumentException">There is a name, but nothing that looks it up.</exception>
        public void Validate()
        {
            Require(Servers >= 0 && Servers <= 8, nameof(Servers));
            Require(PollInterval >= 64 && PollInterval <= SntpClient.LongestInterval, nameof(PollInterval));
            Require(Timeout >= 100 && Timeout <= 10000, nameof(Timeout));
            Require(StartSpread >= 1 && StartSpread <= 300000, nameof(StartSpread));
            if (ServerName != null && Resolver == null)
            {
                throw new ArgumentException("SntpConfiguration.ServerName needs a Resolver.");
            }
        }

        private static void Require(bool condition, string property)
        {
            if (!condition)
            {
                throw new ArgumentOutOfRangeException(property, "SntpConfiguration." + property + " is out of its range.");
            }
        }
    }
}
