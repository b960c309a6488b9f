// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net
{
    /// <summary>
    /// Where a socket is. <see cref="IPEndPoint"/> is the kind that these sockets have.
    /// </summary>
    [Serializable]
    public abstract class EndPoint
    {
        /// <summary>
        /// Writes it down as bytes.
        /// </summary>
        /// <returns>The bytes.</returns>
        public abstract SocketAddress Serialize();

        /// <summary>
        /// Makes one of the same kind.
        /// </summary>
        /// <param name="socketAddress">Its bytes.</param>
        /// <returns>The end point.</returns>
        public abstract EndPoint Create(SocketAddress socketAddress);
    }
}
