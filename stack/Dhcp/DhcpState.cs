// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dhcp
{
    /// <summary>
    /// Where the client is: the states of RFC 2131 section 4.4, figure 5, and three of our own.
    /// </summary>
    public enum DhcpState
    {
        /// <summary>It does nothing: not started, or stopped.</summary>
        Stopped,

        /// <summary>INIT: there is no lease, and soon servers are looked for. While there is no link it waits here.</summary>
        Init,

        /// <summary>SELECTING: DHCPDISCOVER was sent, and an offer is waited for.</summary>
        Selecting,

        /// <summary>REQUESTING: the offer was asked for, and the server's word is waited for.</summary>
        Requesting,

        /// <summary>The address is leased, and the link is asked whether somebody else has it.</summary>
        Checking,

        /// <summary>BOUND: all is well.</summary>
        Bound,

        /// <summary>RENEWING: T1 has passed, and the server is asked for more time.</summary>
        Renewing,

        /// <summary>REBINDING: T2 has passed, and any server is asked for more time.</summary>
        Rebinding,

        /// <summary>REBOOTING: the link has come back, and any server is asked whether the lease is still good here. It is used meanwhile.</summary>
        Rebooting,

        /// <summary>The lease was given back. It takes a moment, for the server's MAC address may have to be asked for.</summary>
        Releasing,
    }
}
