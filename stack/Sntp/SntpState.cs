// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Sntp
{
    /// <summary>
    /// Where an SNTP client is.
    /// </summary>
    public enum SntpState
    {
        /// <summary>Nothing is asked until it is time to.</summary>
        Waiting,

        /// <summary>The server's address is being looked up.</summary>
        Resolving,

        /// <summary>A server was asked.</summary>
        Asked,
    }
}
