// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Arp
{
    /// <summary>
    /// Whether our address is ours alone (RFC 5227).
    /// </summary>
    public enum AddressState
    {
        /// <summary>There is no address.</summary>
        None,

        /// <summary>The link is asked whether somebody has the address; it is not used yet.</summary>
        Probing,

        /// <summary>The address is in use.</summary>
        InUse,

        /// <summary>
        /// Somebody else had the address when we asked, or did not stop using it: it is not used. It is asked for again every minute.
        /// </summary>
        Taken,
    }
}
