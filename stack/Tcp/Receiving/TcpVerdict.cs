// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What the first four steps of RFC 9293 section 3.10.7.4 say of a segment.
    /// </summary>
    internal enum TcpVerdict
    {
        /// <summary>It lies in the window, and its ACK field is to be looked at.</summary>
        Acceptable,

        /// <summary>Nothing of it lies in the window.</summary>
        NotAcceptable,

        /// <summary>It resets the connection.</summary>
        Reset,

        /// <summary>The peer is asked whether it is in earnest: its RST is not exact, or it sends a SYN (RFC 5961 sections 3.2 and 4.2).</summary>
        Challenge,
    }
}
