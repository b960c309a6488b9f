// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// The ports for sockets that ask for no port in particular: 49152 to 65535, from a random one on (RFC 6056 section 3.3.1).
    /// </summary>
    internal static class EphemeralPorts
    {
        private const int First = 49152;
        private const int Last = 65535;

        /// <summary>
        /// The port to try first.
        /// </summary>
        /// <param name="random">Where it comes from.</param>
        /// <returns>Any of them.</returns>
        internal static int Pick(RandomSource random) => First + (int)(random.Next() % (Last - First + 1));

        /// <summary>
        /// The port to try after one that is taken.
        /// </summary>
        /// <param name="port">That one.</param>
        /// <returns>The next, around the end.</returns>
        internal static int Next(int port) => port == Last ? First : port + 1;
    }
}
