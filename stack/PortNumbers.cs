// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// Which numbers are ports, and which of them are for sockets that ask for no port in particular: 49152 to 65535, from a random one on
    /// (RFC 6056 section 3.3.1).
    /// </summary>
    internal static class PortNumbers
    {
        private const int FirstEphemeral = 49152;
        private const int Last = 65535;

        /// <summary>
        /// Whether a peer can be named by a number. 0 is no port.
        /// </summary>
        /// <param name="port">The number.</param>
        /// <returns>Whether it is 1 to 65535.</returns>
        internal static bool IsPort(int port) => port > 0 && port <= Last;

        /// <summary>
        /// The port to try first.
        /// </summary>
        /// <param name="random">Where it comes from.</param>
        /// <returns>Any of them.</returns>
        internal static int PickEphemeral(RandomSource random) => FirstEphemeral + (int)(random.Next() % (Last - FirstEphemeral + 1));

        /// <summary>
        /// The port to try after one that is taken.
        /// </summary>
        /// <param name="port">That one.</param>
        /// <returns>The next, around the end.</returns>
        internal static int NextEphemeral(int port) => port == Last ? FirstEphemeral : port + 1;
    }
}
