// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dns
{
    /// <summary>
    /// Where a lookup is.
    /// </summary>
    internal enum DnsLookupState
    {
        /// <summary>Nobody's.</summary>
        Free,

        /// <summary>It is to be asked, at once or when its time comes.</summary>
        Waiting,

        /// <summary>It was asked in a datagram.</summary>
        Asked,

        /// <summary>It is being asked over TCP.</summary>
        Streaming,

        /// <summary>There is a result, which its owner has not fetched yet.</summary>
        Done,
    }
}
