// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Arp
{
    /// <summary>
    /// What is done about others who have our address (RFC 5227). Whatever is chosen, it is announced and defended.
    /// </summary>
    [Flags]
    public enum ConflictPolicy
    {
        /// <summary>It is used at once, and never given up (section 2.4 (c)).</summary>
        None = 0,

        /// <summary>The link is asked for some five to seven seconds before it is used, and whenever the link has come up (section 2.1).</summary>
        Probe = 1,

        /// <summary>It is given up to somebody who goes on using it within ten seconds of our first objection (section 2.4 (b)).</summary>
        Yield = 2,
    }
}
