// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What <see cref="SynReceived"/> says of a segment.
    /// </summary>
    internal enum HandshakeVerdict
    {
        /// <summary>It ends here.</summary>
        Dropped,

        /// <summary>It acknowledges what was not sent: it is answered with a RST, as one of a connection that there is not.</summary>
        Unknown,

        /// <summary>The peer's SYN again: our answer was lost.</summary>
        RepeatedSyn,

        /// <summary>The peer is to be challenged.</summary>
        Challenge,

        /// <summary>The peer does not want the connection.</summary>
        Reset,

        /// <summary>It acknowledges our SYN: the connection is established.</summary>
        Complete,
    }
}
