// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// Comparison of sequence numbers, which count modulo 2^32 (RFC 9293 section 3.4): one is before another if the way
    /// forward from it is the shorter one.
    /// </summary>
    public static class SequenceNumber
    {
        /// <summary>Whether <paramref name="a"/> is before <paramref name="b"/>.</summary>
        /// <param name="a">A sequence number.</param>
        /// <param name="b">Another, less than 2^31 away.</param>
        /// <returns>a &lt; b.</returns>
        public static bool Before(uint a, uint b) => (int)(a - b) < 0;

        /// <summary>Whether <paramref name="a"/> is before or at <paramref name="b"/>.</summary>
        /// <param name="a">A sequence number.</param>
        /// <param name="b">Another, less than 2^31 away.</param>
        /// <returns>a =&lt; b.</returns>
        public static bool BeforeOrAt(uint a, uint b) => (int)(a - b) <= 0;

        /// <summary>Whether a number lies in a window.</summary>
        /// <param name="number">The sequence number.</param>
        /// <param name="start">First number of the window.</param>
        /// <param name="length">Length of the window, 0 to 2^31 - 1.</param>
        /// <returns>start =&lt; number &lt; start + length.</returns>
        public static bool InWindow(uint number, uint start, int length) => number - start < (uint)length;
    }
}
