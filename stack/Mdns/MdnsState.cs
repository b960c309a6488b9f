// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Mdns
{
    /// <summary>
    /// Where a responder is.
    /// </summary>
    public enum MdnsState
    {
        /// <summary>Nothing is answered.</summary>
        Stopped,

        /// <summary>A link or an address is waited for.</summary>
        Waiting,

        /// <summary>The link is asked whether somebody has our names (RFC 6762 section 8.1).</summary>
        Probing,

        /// <summary>The names are ours; the link is told (section 8.3).</summary>
        Announcing,

        /// <summary>Questions are answered.</summary>
        Established,
    }
}
