// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Dns
{
    /// <summary>
    /// The sizes of a resolver. It is read when the resolver is made; nothing grows later.
    /// </summary>
    public sealed class DnsConfiguration
    {
        /// <summary>The most lookups at once.</summary>
        public const int MaximumLookups = 16;

        /// <summary>Gets or sets how many servers can be named (1 to 8).</summary>
        public int Servers { get; set; } = 3;

        /// <summary>
        /// Gets or sets how many names can be looked up at once (1 to <see cref="MaximumLookups"/>). Each needs a UDP socket while it is asked, or a
        /// TCP socket for an answer that is too long.
        /// </summary>
        public int Lookups { get; set; } = 2;

        /// <summary>Gets or sets how many answers are remembered (0 to 64).</summary>
        public int CacheEntries { get; set; } = 4;

        /// <summary>Gets or sets the bytes of the longest name whose answer is remembered, dots included (8 to 255).</summary>
        public int CacheNameBytes { get; set; } = 48;

        /// <summary>
        /// Gets or sets the bytes of an answer that are looked at (512 to 4096): of one that comes over TCP, and is longer, the first ones.
        /// </summary>
        public int MessageBytes { get; set; } = 512;

        /// <summary>
        /// Gets or sets the milliseconds after which a lookup has come to nothing (1000 to 60000), a link, an address and a server waited for
        /// included.
        /// </summary>
        public int Timeout { get; set; } = 15000;

        /// <summary>
        /// Checks all values.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the exception names the property.</exception>
        public void Validate()
        {
            Require(Servers >= 1 && Servers <= 8, nameof(Servers));
            Require(Lookups >= 1 && Lookups <= MaximumLookups, nameof(Lookups));
            Require(CacheEntries >= 0 && CacheEntries <= 64, nameof(CacheEntries));
            Require(CacheNameBytes >= 8 && CacheNameBytes <= DnsName.Longest, nameof(CacheNameBytes));
            Require(MessageBytes >= 512 && MessageBytes <= 4096, nameof(MessageBytes));
            Require(Timeout >= 1000 && Timeout <= 60000, nameof(Timeout));
        }

        private static void Require(bool condition, string property)
        {
            if (!condition)
            {
                throw new ArgumentOutOfRangeException(property, "DnsConfiguration." + property + " is out of its range.");
            }
        }
    }
}
